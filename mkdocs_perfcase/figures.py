"""Figures as people write them: thousands and decimals in either convention."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Literal

Mark = Literal[".", ","]
"""What separates decimals."""


def last_digit(written: str, number: float) -> float:
    """The weight of the last digit written."""
    mantissa, _, exponent = written.replace("E", "e").partition("e")
    decimals = 0
    if match := re.search(r"[.,](\d+)$", mantissa):
        whole = float(re.sub(r"\D", "", mantissa) or 0) * 10.0 ** int(exponent or 0)
        if not math.isclose(number, whole) or not number:
            decimals = len(match[1])
    return float(10.0 ** (int(exponent or 0) - decimals))


_GROUPED = {
    ".": re.compile(r"[1-9]\d{0,2}(?:[ ,'’_\u00a0\u2009\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"),
    ",": re.compile(r"[1-9]\d{0,2}(?:[ .'’_\u00a0\u2009\u202f]\d{3})+(?:,\d+)?|\d+(?:,\d+)?"),
}
_LARGEST_EXPONENT = 90  # what no measurement has; a float ends at 308
_EITHER = re.compile(r"[1-9]\d{0,2}\.\d{3}")  # 5.550: five and a half, or five thousand


def read_number(written: str, mark: Mark | None = None) -> float | None:
    """A number with its separators; None where it has none of the usual forms, or two that differ."""
    mantissa, _, exponent = written.replace("E", "e").partition("e")
    beyond = bool(exponent) and abs(int(exponent)) > _LARGEST_EXPONENT
    if beyond or (mark is None and _EITHER.fullmatch(mantissa)):
        return None
    for decimal in (mark,) if mark else (".", ","):
        if _GROUPED[decimal].fullmatch(mantissa):
            other = "," if decimal == "." else "."
            digits = re.sub(rf"[ '’_\u00a0\u2009\u202f{other}]", "", mantissa).replace(decimal, ".")
            return float(f"{digits}e{exponent}" if exponent else digits)
    return None


def decimal_mark(texts: Iterable[str]) -> Mark | None:
    """What separates decimals in a column, as told by those of its numbers that can be read only one way."""
    marks: set[Mark] = set()
    for number in re.findall(r"\d[\d.,]*\d", " ".join(texts)[:10_000]):
        if _EITHER.fullmatch(number) or re.fullmatch(r"\d{1,3}(?:,\d{3})", number):
            if number.startswith("0") or "," in number:
                marks.add("." if not number.startswith("0") or "." in number else ",")
            continue
        for mark in (".", ","):
            other = "," if mark == "." else "."
            if mark in number and _GROUPED[mark].fullmatch(number) and not _GROUPED[other].fullmatch(number):
                marks.add("." if mark == "." else ",")
    return marks.pop() if len(marks) == 1 else None

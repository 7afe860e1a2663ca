"""Figures as people write them: thousands and decimals in either convention."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Literal

from mkdocs_perfcase.expression import expression

Mark = Literal[".", ","]
"""What separates decimals."""


def _parts(written: str) -> tuple[str, int]:
    """A number's figures, and its power of ten: 0 where none is written."""
    mantissa, exponent, *_ = f"{written}e0".casefold().split("e")
    return mantissa, int(exponent)


def last_digit(written: str, number: float) -> float:
    """The weight of the last digit written."""
    mantissa, place = _parts(written)
    if match := re.search(r"[.,](\d+)$", mantissa):
        whole = float(re.sub(r"\D", "", mantissa)) * 10.0**place
        if not math.isclose(number, whole) or not number:
            place -= len(match[1])
    return float(10.0**place)


_GROUPED: dict[Mark, re.Pattern[str]] = {
    ".": expression(r"[1-9]\d{0,2}(?:[ ,'’_\u00a0\u2009\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"),
    ",": expression(r"[1-9]\d{0,2}(?:[ .'’_\u00a0\u2009\u202f]\d{3})+(?:,\d+)?|\d+(?:,\d+)?"),
}
_LARGEST_EXPONENT = 90  # what no measurement has; a float ends at 308
_EITHER = expression(r"[1-9]\d{0,2}\.\d{3}")  # 5.550: five and a half, or five thousand


def read_number(written: str, mark: Mark | None = None) -> float | None:
    """A number with its separators; None where it has none of the usual forms, or two that differ."""
    mantissa, exponent = _parts(written)
    if abs(exponent) > _LARGEST_EXPONENT or (mark is None and _EITHER.fullmatch(mantissa)):
        return None
    for decimal in (mark,) if mark else (".", ","):
        if _GROUPED[decimal].fullmatch(mantissa):
            other = "," if decimal == "." else "."
            digits = re.sub(rf"[ '’_\u00a0\u2009\u202f{other}]", "", mantissa).replace(decimal, ".")
            return float(f"{digits}e{exponent}")
    return None


def decimal_mark(texts: Iterable[str]) -> Mark | None:
    """What separates decimals in a column, as told by those of its numbers that can be read only one way."""
    marks: set[Mark] = set()
    for number in re.findall(r"\d[\d.,]*\d", " ".join(texts)):
        fitting = [mark for mark, form in _GROUPED.items() if form.fullmatch(number)]
        if len(fitting) == 1:
            marks.update(fitting)
        elif fitting and "," in number:  # 1,200: thousands, where nothing says otherwise
            marks.add(".")
    return marks.pop() if len(marks) == 1 else None

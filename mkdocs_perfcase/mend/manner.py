"""A computed change in the author's manner: `73%`, `-73%`, `↓ 73%`, `3.8x faster`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mkdocs_perfcase.change import DOWN, FASTER, UP, Stated, certain, judge, percent_text, read_stated
from mkdocs_perfcase.comparison import Measurement

_NUMBER = re.compile(r"(?<!\w)(?:\d[\d.,]*\d|\d)")  # the one in `p95` is none
_FALL = re.compile(r"[\-−–](?=\s?\d)|[↓⇓⬇↘▼🔽📉]")
_RISE = re.compile(r"\+(?=\s?\d)|[↑⇑⬆↗▲🔼📈]")
_PLAIN = re.compile(r"(?P<mark>\*{0,3}|`)[^\w\s*`]{0,2}\s*(?:[~≈]\s*)?(?:[+\-−–]\s*)?\d[\d.,]*\s*(?:%|x|×)(?P=mark)")
_BETTER = re.compile(r"\b(?:better|improve)")
_MOST_DIGITS = 2  # behind the decimal mark


def filled(measurement: Measurement, others: Iterable[Measurement]) -> str | None:
    """What to write in an empty cell: as the column's other cells have it, else as pages show it."""
    for other in others:
        plain = _PLAIN.fullmatch(other.stated.strip())
        fit = plain and not plain["mark"] and _restated(other.stated.strip(), other)
        if fit and other.agreement == "agrees" and (text := _restated(other.stated.strip(), measurement)):
            return text
    return _if_it_follows(_shown(measurement), measurement)


def corrected(measurement: Measurement) -> str | None:
    """What to write in place of a stated change that doesn't follow; None where the author's words leave it open."""
    stated = measurement.stated.strip()
    plain = _PLAIN.fullmatch(stated)
    mark = plain["mark"] if plain else ""
    default = f"{mark}{_shown(measurement)}{mark}" if plain else None
    return _restated(stated, measurement) or _if_it_follows(default, measurement)


def _shown(measurement: Measurement) -> str | None:
    percent = measurement.change_percent
    return percent_text(percent) if percent is not None else None


def _if_it_follows(text: str | None, measurement: Measurement) -> str | None:
    """A statement, if it is sure to be one and to follow: ranges, bounds and zeros have none to be written down."""
    if text is None or measurement.pair is None or not all(map(certain, measurement.pair)):
        return None
    return text if judge(read_stated(text), *measurement.pair) == "agrees" else None


def _restated(text: str, measurement: Measurement) -> str | None:
    """A statement with another measurement's figure in it; None where its words or signs wouldn't fit."""
    figures = read_stated(text)
    numbers = list(_NUMBER.finditer(text))
    if len(figures) != 1 or len(figures[0]) != 1 or len(numbers) != 1:
        return None
    number, stated = numbers[0], figures[0][0]
    amount = _amount(stated, measurement)
    if amount is None or not _fits(text, stated, measurement):
        return None
    return _if_it_follows(text[: number.start()] + _written(amount, number[0]) + text[number.end() :], measurement)


def _amount(stated: Stated, measurement: Measurement) -> float | None:
    """The change, in what the statement is of."""
    if measurement.pair is None or measurement.change_percent is None or stated.low != stated.high:
        return None
    before, after = (quantity.base for quantity in measurement.pair)
    if stated.what == "percent":
        return abs(measurement.change_percent) if stated.low <= 100 or after > before else None
    if stated.what == "factor":
        return max(before, after) / min(before, after) if stated.low >= 1 and min(before, after) > 0 else None
    scale = stated.quantity.unit.scale if stated.quantity and stated.quantity.unit else 1.0
    return abs(after - before) / scale


def _written(amount: float, like: str) -> str:
    """A figure with at least as many digits behind the decimal mark as the one that it stands for."""
    fraction = re.search(r"[.,](\d{1,2})$", like)
    digits = max(0 if amount >= 10 else 1, len(fraction[1]) if fraction else 0)
    text = f"{amount:.{min(digits, _MOST_DIGITS)}f}"
    text = text if fraction else text.removesuffix(".0")
    return text.replace(".", ",") if fraction and fraction[0].startswith(",") else text


def _fits(text: str, stated: Stated, measurement: Measurement) -> bool:
    """Whether signs, arrows and words say of the measurement what is so; without any, that it got better."""
    before, after = (quantity.base if quantity else 0.0 for quantity in (measurement.before, measurement.after))
    falls = (*_FALL.findall(text), *DOWN.findall(stated.words))
    rises = (*_RISE.findall(text), *UP.findall(stated.words))
    better = FASTER.search(stated.words) or _BETTER.search(stated.words)
    if (falls and after >= before) or (rises and after <= before) or "±" in text:
        return False
    if stated.words and not (falls or rises or better):
        return False
    return measurement.verdict == "improved" or bool((falls or rises) and not better)

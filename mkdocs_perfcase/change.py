"""From two values to a change, and from a stated change to whether it follows. Intervals all the way through."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, get_args

from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.figures import last_digit, read_number
from mkdocs_perfcase.quantity import Quantity, read_quantity
from mkdocs_perfcase.text import plain

Agreement = Literal["agrees", "unclear", "differs"]
_RANKED: tuple[Agreement, ...] = get_args(Agreement)  # from the best

_ABOUT = 0.02  # what "~" adds to a value's rounding, as a part of it
_EPSILON = 1e-9
_COUNTED_EXACTLY = 1000

# What a stated percentage may be off by and still be "unclear" rather than different. Most authors compute it from the
# figures that they show, so the rounding of those is allowed for up to a limit: beyond it, a slip of three points would
# hide behind any value of one or two digits.
_MOST_ALLOWED = 0.0175  # 1.75 points
_MOST_ALLOWED_OF_LARGE = 0.003  # as a part of the value after, where that is many times the one before
_LEAST_ALLOWED = 0.05  # points


class Interval(NamedTuple):
    """All values from low to high."""

    low: float
    high: float

    def meets(self, other: Interval) -> bool:
        """Whether the two have a value in common."""
        return at_most(self.low, other.high) and at_most(other.low, self.high)


def at_most(one: float, other: float) -> bool:
    """Whether a figure is no larger than another one, but for the dust that computing leaves."""
    return one <= other + abs(other) * _EPSILON


class Ratios(NamedTuple):
    """after / before, over all that the two claim."""

    written: Interval
    rounded: Interval
    """Over what the two may have been before they were rounded, too."""


def comparable(before: Quantity, after: Quantity) -> bool:
    """Whether both are of one family."""
    return before.family == after.family


def certain(quantity: Quantity) -> bool:
    """Whether it is a single figure, as against a range or a bound."""
    return quantity.kind in ("exact", "about")


def ratio(before: Quantity, after: Quantity, *, rounding: bool = False) -> Interval | None:
    """after / before, over all that the two claim; None where the sign or a zero makes it meaningless.

    Args:
        before: the value before, of the same family as the one after.
        after: the value after.
        rounding: also take in what the two may have been before they were rounded.
    """
    found = ratios(before, after)
    return found and (found.rounded if rounding else found.written)


def ratios(before: Quantity, after: Quantity) -> Ratios | None:
    """Both of them, or None where the sign or a zero makes them meaningless."""
    if before.low < 0 or after.low < 0 or before.high <= 0:
        return None
    return Ratios(_ratio(before, after, 0.0, 0.0), _ratio(before, after, _spread(before), _spread(after)))


def _ratio(before: Quantity, after: Quantity, spread_before: float, spread_after: float) -> Interval:
    low, high = before.low - spread_before, before.high + spread_before
    least = max(0.0, after.low - spread_after) / high
    return Interval(least, (after.high + spread_after) / low if low > 0 else math.inf)


def _spread(quantity: Quantity) -> float:
    """Half the last digit written; what is counted one by one isn't rounded."""
    if quantity.unit and quantity.unit.countable and quantity.kind == "exact" and quantity.value < _COUNTED_EXACTLY:
        return 0.0
    return max(quantity.slack, abs(quantity.base) * _ABOUT) if quantity.kind == "about" else quantity.slack


def percent(before: Quantity, after: Quantity) -> float | None:
    """(after − before) / before × 100 of the figures as written; None where before is zero."""
    return (after.base - before.base) / abs(before.base) * 100 if before.base else None


class Stated(NamedTuple):
    """One reading of a stated change: the figure's interval, what it is of, and the direction that its words claim."""

    low: float
    high: float
    step: float
    """The weight of the last digit written."""
    what: Literal["percent", "factor", "points", "difference"]
    words: str
    quantity: Quantity | None = None


_STATED = expression(
    r"(?P<lead>[^\d+\-−–~≈<>≥≤]*?)\s*(?P<about>[~≈]|about|ca\.?|>=?|≥|<=?|≤|up to|over)?\s*(?P<sign>[+\-−–±])?\s*"
    r"(?P<first>\d[\d.,]*)\s*(?P<upto>(?:-|–|—|~|to)\s*(?P<second>\d[\d.,]*)\s*)?(?P<more>\+)?\s*"
    r"(?P<unit>(?:%p|pp|points?|percentage points)\b|%|％|x\b|×|倍|fold|-fold|times\b|percent\b)\s*"
    r"(?P<more2>\+)?(?P<rest>[^\d]*)",
    re.IGNORECASE,
)
_NO_CHANGE = expression(r"^(?:no change|unchanged|same|none|±\s*0\s*%?)\.?$", re.IGNORECASE)
_POINTS = ("%p", "pp", "point", "points", "percentage points")
_ARROWS = expression("[\u2190-\u21ff\u2b00-\u2bff\u2600-\u27bf\U0001f000-\U0001faff\ufe0e\ufe0f*†‡⚡✅]")
_BRACKETED = expression(r"^(.*?)\s*[(（]([^()（）]*)[)）]\s*$")
_LONGEST = 120  # characters of a statement; what is longer is prose


def read_stated(text: str) -> tuple[tuple[Stated, ...], ...]:
    """The figures of a stated change: `73%`, `↓ 73%`, `3.8x faster`, `16–19x`, `90%+`, `+175ms (+8%)`, `0.95 %p`.

    Returns:
        Each figure with what it may mean; none where no figure is understood whole. A bare figure in brackets behind
        another is one of its own, other remarks in brackets are none.
    """
    shown = " ".join(_ARROWS.sub(" ", plain(text)).split())
    if len(shown) > _LONGEST:
        return ()
    shown = _NO_CHANGE.sub("0%", shown)
    match = _BRACKETED.match(shown)
    outer, inner = (match[1], match[2]) if match else (shown, "")
    figures = [tuple(_read_one(outer)), tuple(s for s in _read_one(inner) if not s.words)]
    return tuple(figure for figure in figures if figure)


def _read_one(text: str) -> Iterator[Stated]:
    text = text.strip()
    if match := _STATED.fullmatch(text):
        yield from _figure(match)
        return
    if text.startswith(("+", "-", "−")) and (quantity := read_quantity(text)) and quantity.unit:
        yield Stated(quantity.base, quantity.base, 2 * quantity.slack, "difference", "", quantity)


def _figure(match: re.Match[str]) -> Iterator[Stated]:
    low = read_number(match["first"])
    high = read_number(match["second"]) if match["second"] else low
    if low is None or high is None or high < low:
        return
    step = max(last_digit(match["first"], low), last_digit(match["second"] or match["first"], high))
    bound = (match["about"] or "").strip().casefold()
    if match["more"] or match["more2"] or bound in (">", ">=", "≥", "over"):
        high = math.inf
    if bound in ("<", "<=", "≤", "up to"):
        low = 0.0
    unit = match["unit"].casefold()
    what: Literal["percent", "factor", "points"] = "percent"
    if unit in _POINTS:
        what = "points"
    elif unit not in ("%", "％", "percent"):
        what = "factor"
    words = f"{match['lead']} {match['rest']}".casefold().strip()
    yield Stated(low, high, step, what, words)


DOWN = expression(r"\b(?:reduc|decreas|less\b|fewer|lower|smaller|drop|shr[iu]nk)")
UP = expression(r"\b(?:increas|more\b|higher|larger|bigger|gr(?:ew|owth))")
FASTER = expression(r"\b(?:faster|quicker|speed-?up)")


def judge(stated: tuple[tuple[Stated, ...], ...], before: Quantity, after: Quantity) -> Agreement:
    """Whether a stated change follows from two values of one family.

    Each of its figures must; a figure does if any of its meanings does, within the precision that values and
    statement are written in. What can't be told apart from a coarser rounding, a range or a bound is unclear rather
    than different.
    """
    best = (min((_judge(meaning, before, after) for meaning in figure), key=_RANKED.index) for figure in stated)
    return max(best, key=_RANKED.index, default="unclear")


def _judge(reading: Stated, before: Quantity, after: Quantity) -> Agreement:
    if reading.what in ("difference", "points"):
        return _judge_difference(reading, before, after)
    found = ratios(before, after)
    if found is None or math.isinf(found.rounded.high):
        return "unclear"
    exact, wide = found
    if _contradicts(reading, wide):
        return "differs"
    half = reading.step / 2
    if any(meant.meets(exact) for meant in _meanings(reading, half)):
        return "agrees"
    if not (certain(before) and certain(after)) or _as_points(reading, before, after):
        return "unclear"
    for meant in _meanings(reading, max(half, _LEAST_ALLOWED)):
        most = max(_MOST_ALLOWED, exact.low * _MOST_ALLOWED_OF_LARGE)
        near = Interval(max(wide.low, exact.low - most), min(wide.high, exact.high + most))
        if meant.meets(wide if reading.what == "factor" else near):
            return "unclear"
    return "differs"


def _meanings(reading: Stated, room: float) -> Iterator[Interval]:
    """What after / before may be by a statement. Signs aren't heeded: a fall is written `47%` and `-47%` alike."""
    low, high = max(0.0, reading.low - room), reading.high + room
    if reading.what == "percent":
        yield Interval(1 - high / 100, 1 - low / 100)
        yield Interval(1 + low / 100, 1 + high / 100)
        if FASTER.search(reading.words):
            yield Interval(1 / (1 + high / 100), 1 / (1 + low / 100))
    else:
        for more in (0.0, 1.0):  # "66x faster" is said of b/a and of b/a − 1
            if low + more > 0:
                yield Interval(1 / (high + more), 1 / (low + more))
                yield Interval(low + more, high + more)


def _contradicts(reading: Stated, wide: Interval) -> bool:
    """Words that say down of what went up, beyond any rounding; or the reverse."""
    contrary = ((DOWN, wide.low > 1), (UP, wide.high < 1))
    return bool(reading.high) and any(against and words.search(reading.words) for words, against in contrary)


def _as_points(reading: Stated, before: Quantity, after: Quantity) -> bool:
    """Of two percentages, `81%` may mean points."""
    points = before.family == "percent" and reading.what == "percent"
    return points and _judge_difference(reading, before, after) == "agrees"


def _judge_difference(reading: Stated, before: Quantity, after: Quantity) -> Agreement:
    if reading.quantity is not None and reading.quantity.family != before.family:
        return "unclear"
    if (
        reading.what == "points"
        and before.family not in ("percent", "points")
        and not before.family.startswith("score")
    ):
        return "unclear"
    slack = before.slack + after.slack + reading.step
    low, high = after.low - before.high - slack, after.high - before.low + slack
    stated = Interval(reading.low, reading.high)
    mirrored = Interval(-reading.high, -reading.low)
    if any(one.meets(Interval(low, high)) for one in (stated, mirrored)):
        return "agrees"
    return "differs" if certain(before) and certain(after) else "unclear"


WORTH_A_FACTOR = 1.05
"""How many times it must be; below that, a factor says less than the percentage."""


def times_text(factor: float) -> str:
    """How many times, such as `3.8×` or `32×`."""
    return f"{factor:.2g}×" if factor < 10 else f"{factor:,.0f}×"


def percent_text(percent: float, more: int = 0) -> str:
    """A change such as `−73%`, `+5.4%` or `0%`, with a real minus sign; `−100%` only where nothing is left.

    Args:
        percent: the change.
        more: digits beyond the usual ones.
    """
    digits = (0 if abs(percent) >= 10 else 1) + more
    shown = f"{abs(percent):,.{digits}f}"
    if round(percent, digits) == -100 < percent:
        shown = f"{min(-percent, 99.99):.2f}"
    shown = shown if more else shown.removesuffix(".0")
    sign = "" if not shown.strip("0.") else "+" if percent > 0 else "−"
    return f"{sign}{shown}%"

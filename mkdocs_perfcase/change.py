"""From two values to a change, and from a stated change to whether it follows. Intervals all the way through."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from mkdocs_perfcase.figures import read_number
from mkdocs_perfcase.quantity import Quantity, read_quantity
from mkdocs_perfcase.text import plain

Agreement = Literal["agrees", "differs", "unclear"]

_ABOUT = 0.02  # what "~" adds to a value's rounding, as a part of it
_EPSILON = 1e-9
_COUNTED_EXACTLY = 1000

# What a stated percentage may be off by and still be "unclear" rather than different. Most authors compute it from the
# figures that they show, so the rounding of those is allowed for up to a limit: beyond it, a slip of three points would
# hide behind any value of one or two digits.
_MOST_ALLOWED = 1.75  # points
_MOST_ALLOWED_OF_LARGE = 0.003  # as a part of a change of several hundred percent
_LEAST_ALLOWED = 0.05  # points


class Interval(NamedTuple):
    """All values from low to high."""

    low: float
    high: float

    def meets(self, other: Interval) -> bool:
        """Whether the two have a value in common."""
        room = _EPSILON * max(1.0, *(abs(end) for end in (*self, *other) if math.isfinite(end)))
        return self.low <= other.high + room and other.low <= self.high + room


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
    spread_before, spread_after = (_spread(q) if rounding else 0.0 for q in (before, after))
    low, high = before.low - spread_before, before.high + spread_before
    if before.low < 0 or after.low < 0 or before.high <= 0:
        return None
    least = 0.0 if math.isinf(high) else max(0.0, after.low - spread_after) / high
    most = (after.high + spread_after) / low if low > 0 else math.inf
    return Interval(least, most)


def _spread(quantity: Quantity) -> float:
    """Half the last digit written; what is counted one by one isn't rounded."""
    if quantity.unit and quantity.unit.countable and certain(quantity) and quantity.value < _COUNTED_EXACTLY:
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
    what: Literal["percent", "factor", "points", "difference", "none"]
    words: str
    about: bool
    quantity: Quantity | None = None


_STATED = re.compile(
    r"(?P<lead>[^\d+\-−–~≈<>≥≤]*?)\s*(?P<about>[~≈]|about|ca\.?|>=?|≥|<=?|≤|up to|over)?\s*(?P<sign>[+\-−–±])?\s*"
    r"(?P<first>\d[\d.,]*)\s*(?P<upto>(?:-|–|—|~|to)\s*(?P<second>\d[\d.,]*)\s*)?(?P<more>\+)?\s*"
    r"(?P<unit>(?:%p|pp|points?|percentage points)\b|%|％|x\b|×|倍|fold|-fold|times\b|percent\b)\s*"
    r"(?P<more2>\+)?(?P<rest>[^\d]*)",
    re.IGNORECASE,
)
_NO_CHANGE = re.compile(r"(?:no change|unchanged|same|none|±\s*0\s*%?)\.?", re.IGNORECASE)
_POINTS = re.compile(r"%p|pp|points?|percentage points", re.IGNORECASE)
_ARROWS = re.compile("[\u2190-\u21ff\u2b00-\u2bff\u2600-\u27bf\U0001f000-\U0001faff\ufe0e\ufe0f*†‡⚡✅]")
_BRACKETED = re.compile(r"^(.*?)\s*[(（]([^()（）]*)[)）]\s*$")
_LONGEST = 120  # characters of a statement; what is longer is prose


def read_stated(text: str) -> tuple[tuple[Stated, ...], ...]:
    """The figures of a stated change: `73%`, `↓ 73%`, `3.8x faster`, `16–19x`, `90%+`, `+175ms (+8%)`, `0.95 %p`.

    Returns:
        Each figure with what it may mean; none where no figure is understood whole. A bare figure in brackets behind
        another is one of its own, other remarks in brackets are none.
    """
    shown = " ".join(_ARROWS.sub(" ", plain(text)).split())
    if not shown or len(shown) > _LONGEST:
        return ()
    if _NO_CHANGE.fullmatch(shown):
        return ((Stated(0.0, 0.0, 1.0, "none", "", False),),)
    match = _BRACKETED.match(shown)
    outer, inner = (match[1], match[2]) if match else (shown, "")
    figures = [tuple(_read_one(outer)), tuple(s for s in _read_one(inner) if not s.words)]
    return tuple(figure for figure in figures if figure)


def _read_one(text: str) -> Iterator[Stated]:
    text = text.strip()
    if match := _STATED.fullmatch(text):
        yield from _figure(match)
        return
    if re.match(r"[+\-−]", text) and (quantity := read_quantity(text)) and quantity.unit:
        yield Stated(quantity.base, quantity.base, 2 * quantity.slack, "difference", "", False, quantity)


def _figure(match: re.Match[str]) -> Iterator[Stated]:
    low, high = read_number(match["first"]), read_number(match["second"]) if match["second"] else None
    if low is None or (match["second"] and high is None):
        return
    top = high if high is not None else low
    if top < low:
        return
    bound = (match["about"] or "").strip().casefold()
    if match["more"] or match["more2"] or bound in (">", ">=", "≥", "over"):
        top = math.inf
    if bound in ("<", "<=", "≤", "up to"):
        low = 0.0
    unit = match["unit"]
    what: Literal["percent", "factor", "points"] = "percent"
    if _POINTS.fullmatch(unit):
        what = "points"
    elif unit.casefold() not in ("%", "％", "percent"):
        what = "factor"
    step = max(_step(match["first"]), _step(match["second"] or match["first"]))
    words = f"{match['lead']} {match['rest']}".casefold().strip()
    yield Stated(low, top, step, what, words, bool(bound) and bound[0] in "~≈ac")


def _step(written: str) -> float:
    decimals = re.search(r"[.](\d+)$", written.rstrip(",."))
    return float(10.0 ** -len(decimals[1])) if decimals else 1.0


DOWN = re.compile(r"\b(?:reduc|decreas|less\b|fewer|lower|smaller|drop|shr[iu]nk)")
UP = re.compile(r"\b(?:increas|more\b|higher|larger|bigger|gr(?:ew|owth))")
FASTER = re.compile(r"\b(?:faster|quicker|speed-?up)")


def judge(stated: tuple[tuple[Stated, ...], ...], before: Quantity, after: Quantity) -> Agreement:
    """Whether a stated change follows from two values of one family.

    Each of its figures must; a figure does if any of its meanings does, within the precision that values and
    statement are written in. What can't be told apart from a coarser rounding, a range or a bound is unclear rather
    than different.
    """
    verdicts = [_best([_judge(meaning, before, after) for meaning in figure]) for figure in stated]
    if "differs" in verdicts:
        return "differs"
    return "agrees" if verdicts and "unclear" not in verdicts else "unclear"


def _best(verdicts: list[Agreement]) -> Agreement:
    order: tuple[Agreement, ...] = ("agrees", "unclear", "differs")
    return min(verdicts, key=order.index)


def _judge(reading: Stated, before: Quantity, after: Quantity) -> Agreement:
    if reading.what in ("difference", "points"):
        return _judge_difference(reading, before, after)
    exact, wide = ratio(before, after), ratio(before, after, rounding=True)
    if exact is None or wide is None or math.isinf(wide.high):
        return "unclear"
    if _contradicts(reading, wide):
        return "differs"
    half = reading.step / 2
    if any(meant.meets(exact) for meant in _meanings(reading, half)):
        return "agrees"
    if not (certain(before) and certain(after)) or _as_points(reading, before, after):
        return "unclear"
    for meant in _meanings(reading, max(half, _LEAST_ALLOWED)):
        most = max(_MOST_ALLOWED, abs(exact.low - 1) * 100 * _MOST_ALLOWED_OF_LARGE) / 100
        near = Interval(max(wide.low, exact.low - most), min(wide.high, exact.high + most))
        if meant.meets(wide if reading.what == "factor" else near):
            return "unclear"
    return "differs"


def _meanings(reading: Stated, room: float) -> Iterator[Interval]:
    """What after / before may be by a statement. Signs aren't heeded: a fall is written `47%` and `-47%` alike."""
    low, high = max(0.0, reading.low - room), reading.high + room
    if reading.what == "none":
        yield Interval(1 - room / 100, 1 + room / 100)
    elif reading.what == "percent":
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
    if reading.what == "none" or not reading.high:
        return False
    return bool((DOWN.search(reading.words) and wide.low > 1) or (UP.search(reading.words) and wide.high < 1))


def _as_points(reading: Stated, before: Quantity, after: Quantity) -> bool:
    """Of two percentages, `81%` may mean points."""
    if before.family != "percent" or reading.what != "percent":
        return False
    difference = abs(after.base - before.base)
    slack = before.slack + after.slack + reading.step / 2
    return reading.low - slack <= difference <= reading.high + slack


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
    if -100 < percent < 0 and float(shown) == 100:
        shown = f"{min(-percent, 99.99):.2f}"
    shown = shown if more else shown.removesuffix(".0")
    sign = "" if not shown.strip("0.") else "+" if percent > 0 else "−"
    return f"{sign}{shown}%"

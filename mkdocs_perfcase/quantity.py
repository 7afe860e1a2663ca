"""Values as people write them, read into intervals with a unit. What isn't understood whole is not read at all."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.figures import Mark, last_digit, read_number
from mkdocs_perfcase.text import plain
from mkdocs_perfcase.units import CURRENCIES, MAGNITUDES, MEMORY_LETTERS, Unit, find_unit, money, score

Kind = Literal["exact", "about", "below", "above", "range"]


class Quantity(NamedTuple):
    """A value with its unit.

    `value` is the figure as written (a range's middle, a bound's bound), in `unit`. `low` and `high` are what it
    claims, and `slack` is half its last digit; both are in the unit's base, as `base` is.
    """

    text: str
    value: float
    unit: Unit | None
    low: float
    high: float
    slack: float
    kind: Kind = "exact"
    label: str = ""
    """The statistic that it is, such as `p95`; empty where it isn't said."""

    @property
    def base(self) -> float:
        """The value in its family's base unit."""
        return self.value * _scale(self.unit)

    @property
    def family(self) -> str:
        """What it can be compared with; empty for a bare number."""
        return self.unit.family if self.unit else ""

    def in_unit(self, unit: Unit) -> Quantity:
        """A bare number, read in a unit that its surroundings name."""
        size = unit.scale
        return self._replace(unit=unit, low=self.low * size, high=self.high * size, slack=self.slack * size)


def _scale(unit: Unit | None) -> float:
    return unit.scale if unit else 1.0


LONGEST = 200  # characters; a longer cell is prose
_DECORATION = expression(
    "[\u2190-\u21ff\u2b00-\u2bff\u2600-\u27bf\U0001f000-\U0001faff\ufe0e\ufe0f\u200b-\u200f\u2060]|[*†‡]+$|\\[\\^\\w+\\]"
)
_STRUCK = expression(r"~~.+?~~|<(?:del|s)>.*?</(?:del|s)>", re.DOTALL | re.IGNORECASE)
_REMARK = expression(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
_LABEL = r"(?:p\d{1,2}(?:\.\d+)?|p999|avg\.?|average|mean|median|max\.?|min\.?|peak|total|\d{2}th percentile|∅|ø)"
_LABELLED = expression(rf"({_LABEL})\s*[:=]?\s*(?=[\d<>~≈≤≥+\-−$€£.])", re.IGNORECASE)
_LABEL_BEHIND = expression(rf"(?:^|[\s,]\s*)(?!min\.?$)({_LABEL})$", re.IGNORECASE)
_QUALIFIERS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (
        expression(
            r"(?:~|≈|≃|∼|～|approx(?:imately|\.)?\s|about\s|around\s|roughly\s|ca\.?\s|circa\s|约|約)\s*", re.IGNORECASE
        ),
        "about",
    ),
    (expression(r"(?:<=?|≤|under\s|below\s|less than\s|up to\s|at most\s|max(?:imum)?\s)\s*", re.IGNORECASE), "below"),
    (expression(r"(?:>=?|≥|over\s|above\s|more than\s|at least\s|min(?:imum)?\s)\s*", re.IGNORECASE), "above"),
)
_SPACE = "[ \u00a0\u2009\u202f]"
_DIGITS = rf"(?:\d{{1,3}}(?:{_SPACE}\d{{3}})+(?!\d)(?:[.,]\d+)?|\d[\d.,'’_]*\d|\d)(?:[eE][+-]?\d{{1,3}})?"
_AMOUNT = expression(
    rf"(?P<sign>[+\-−–]\s?)?(?P<currency>US\$|[$€£¥])?\s?(?P<number>{_DIGITS})\s?(?P<magnitude>[kKMB](?![A-Za-z/])|bn\b|mn\b|[kKM](?=\s[A-Za-z])|万|亿)?"
)
_RANGE = expression(r"\s*(?:-|–|—|−|~|～|\.\.\.?|…|\bto\b|\bbis\b)\s*(?=[\d.])")
_ERROR = expression(rf"\s*(?:±|\+/-|\+-)\s*({_DIGITS})\s*(%)?")
_SCORE = expression(r"\s*/\s*(5|10|20|100)(?![\d.])")
_COMPOUND = expression(
    r"(?:(?P<d>\d+)\s?(?:d|days?)\s?)?(?:(?P<h>\d+)\s?(?:h|hr|hrs|hours?|std)\s?)?"
    r"(?:(?P<min>\d+)\s?(?:m|mins?|minutes?|分)\s?)?(?:(?P<s>\d+(?:\.\d+)?)\s?(?:s|secs?|seconds?|秒))?"
)
_SECONDS = {"d": 86400.0, "h": 3600.0, "min": 60.0, "s": 1.0}


def read_quantity(text: str, *, mark: Mark | None = None, about: str = "") -> Quantity | None:
    """Read a whole value such as `450 ms`, `~1,200 req/s`, `65%`, `12-14 MB`, `2m 30s`, `$1,200/mo` or `101 queries`.

    Args:
        text: the value as typed, with or without markup.
        mark: what separates decimals around it, where that is known.
        about: the metric's name; `512M` is bytes of memory, `2m` minutes of time.

    Returns:
        None where the text isn't one value, where it isn't understood to its end, or where it is ambiguous.
    """
    found = read_quantities(text, mark=mark, about=about)
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=4096)
def read_quantities(text: str, *, mark: Mark | None = None, about: str = "") -> tuple[Quantity, ...]:
    """Read a cell of one or several values, such as `83 / 67 / 18 ms` or `p50 12 ms, p99 40 ms`.

    Empty where any of them isn't understood.
    """
    if len(text) > LONGEST:
        return ()
    shown = plain(_STRUCK.sub("", text))
    bare = _undecorated(shown)
    single = _read_one(bare, mark, about)
    if single:
        return (single._replace(text=shown),)
    return _several(bare, mark, about)


def _undecorated(text: str) -> str:
    """A value without emoji, arrows and footnote marks; full-width signs as usual ones."""
    text = "".join(unicodedata.normalize("NFKC", c) if "\uff00" <= c <= "\uffef" else c for c in text)
    return " ".join(_DECORATION.sub(" ", text).split())


def _several(text: str, mark: Mark | None, about: str) -> tuple[Quantity, ...]:
    """Values in a row share the unit of the last; or each has its own label."""
    for separator in (" / ", "; ", ", ", " | ", "/"):
        parts = [part.strip() for part in text.split(separator)]
        read = [one for part in parts if (one := _read_one(part, mark, about))]
        if len(read) < len(parts):
            continue
        unit = read[-1].unit
        labelled = all(one.label for one in read)
        bare = all(one.unit is None for one in read[:-1])
        same = len({one.family for one in read}) == 1
        if not (labelled or bare or same) or (separator in (", ", "/") and not (labelled or unit)):
            continue
        return tuple(one.in_unit(unit) if unit and one.unit is None else one for one in read)
    return ()


def _read_one(text: str, mark: Mark | None, about: str) -> Quantity | None:
    whole = text
    label = ""
    if remark := _REMARK.search(text):
        text = text[: remark.start()]
        label = remark[1] if _LABEL_BEHIND.fullmatch(remark[1]) else ""
    if match := _LABELLED.match(text):
        label, text = match[1], text[match.end() :]
    elif match := _LABEL_BEHIND.search(text):
        label, text = match[1], text[: match.start()]
    text = text.strip().rstrip(":")
    quantity = _compound(text) or _amount(text, mark, about)
    return quantity._replace(text=whole, label=label.casefold().rstrip(".")) if quantity else None


def _compound(text: str) -> Quantity | None:
    """A time in parts, such as `2m 30s`."""
    match = _COMPOUND.fullmatch(text)
    parts = [(part, _SECONDS[name]) for name, part in match.groupdict().items() if part] if match else []
    if len(parts) < 2:
        return None
    seconds = sum(float(part) * size for part, size in parts)
    last, size = parts[-1]
    return Quantity(text, seconds, find_unit("s"), seconds, seconds, last_digit(last, float(last)) * size / 2)


class _Amount(NamedTuple):
    """A number, or a range of them, read so far; `rest` is what stands behind it."""

    low: float
    high: float
    step: float
    kind: Kind
    currency: str | None
    magnitude: str | None
    rest: str


def _amount(text: str, mark: Mark | None, about: str) -> Quantity | None:
    read = _number(*_qualified(text), mark)
    for step in (_ranged, _with_error):
        read = step(read, mark) if read else None
    if read is None:
        return None
    rest = read.rest.strip()
    bare = rest[1:] if rest.startswith("+") else rest.removesuffix("+")
    found = _unit(bare.strip(), read.currency, read.magnitude, about)
    if found is None or read.low > read.high:
        return None
    unit, factor = found
    kind: Kind = "above" if bare != rest else read.kind
    return _made(text, read.low * factor, read.high * factor, read.step * factor / 2, unit, kind)


def _qualified(text: str) -> tuple[str, Kind]:
    """A text without the words that say "about", "below" or "above", and which of them it was."""
    kind: Kind = "exact"
    for pattern, meant in _QUALIFIERS:
        if match := pattern.match(text):
            kind, text = meant, text[match.end() :]
    return text, kind


def _number(text: str, kind: Kind, mark: Mark | None, at: int = 0) -> _Amount | None:
    match = _AMOUNT.match(text, at)
    number = read_number(match["number"], mark) if match else None
    if match is None or number is None:
        return None
    signed = -number if (match["sign"] or "").strip() in ("-", "−", "–") else number
    step = last_digit(match["number"], number)
    return _Amount(signed, signed, step, kind, match["currency"], match["magnitude"], text[match.end() :])


def _ranged(read: _Amount, mark: Mark | None) -> _Amount | None:
    """`12-14 MB`: the unit and the magnitude stand behind the second number."""
    to = _RANGE.match(read.rest)
    if to is None:
        return read
    second = _number(read.rest, "range", mark, to.end())
    if second is None or read.magnitude not in (None, second.magnitude):
        return None  # `1k-1500` isn't up to 1,500 thousand
    return second._replace(low=read.low, step=max(read.step, second.step), currency=read.currency)


def _with_error(read: _Amount, mark: Mark | None) -> _Amount | None:
    """`16.5 ± 1.2 %`, or `450 ± 5% ms` with an error that is a part of the value."""
    error = _ERROR.match(read.rest)
    if error is None:
        return read
    spread = read_number(error[1], mark)
    if spread is None or read.kind == "range":
        return None
    rest = read.rest[error.end() :]
    if error[2] and rest.strip():
        spread = abs(read.low) * spread / 100
    elif error[2]:
        rest = "%"
    return read._replace(low=read.low - spread, high=read.high + spread, kind="range", rest=rest)


def _made(text: str, low: float, high: float, slack: float, unit: Unit | None, kind: Kind) -> Quantity:
    size = _scale(unit)
    least, most = {"below": (min(0.0, low), high), "above": (low, math.inf)}.get(kind, (low, high))
    return Quantity(text, (low + high) / 2, unit, least * size, most * size, slack * size, kind)


_MEMORY_WORDS = frozenset(["memory", "mem", "heap", "ram", "rss", "size", "disk"])
_TIME_WORDS = frozenset(["time", "duration", "latency"])


def _unit(rest: str, currency: str | None, magnitude: str | None, about: str) -> tuple[Unit | None, float] | None:
    """The unit behind a number, and the factor of its magnitude letter; None where what follows isn't understood."""
    letter = _letter(rest, magnitude, set(about.casefold().split()))
    if letter:
        return letter, 1.0
    unit = _named_unit(rest, currency)
    return None if rest and unit is None else (unit, MAGNITUDES[magnitude] if magnitude else 1.0)


def _named_unit(rest: str, currency: str | None) -> Unit | None:
    name, _, per = rest.replace(" per ", "/").partition("/")
    if currency:
        return money(currency, rest)
    if name.strip() in CURRENCIES:
        return money(name.strip(), per)
    if points := _SCORE.fullmatch(rest):
        return score(points[1])
    return find_unit(rest)


def _letter(rest: str, magnitude: str | None, about: set[str]) -> Unit | None:
    """A single letter, as the metric's name explains it: `512M` of memory, `2m` of time, `0B`."""
    letter = rest or magnitude or ""
    if rest and magnitude:
        return None
    if letter in MEMORY_LETTERS and about & _MEMORY_WORDS:
        return find_unit(MEMORY_LETTERS[letter])
    if letter == "m" and about & _TIME_WORDS:
        return find_unit("min")
    return find_unit("B") if letter == "B" else None


_IN_HEADING = expression(
    r"[(\[]\s*(?:in\s+)?([^()\[\]]{1,20})\s*[)\]]|\bin\s+(\S{1,12})\s*$|,\s*(\S{1,12})\s*$|\s([^\s()\[\]]{1,5})$"
)


def unit_in_heading(heading: str) -> Unit | None:
    """The unit that a heading names for bare numbers below or beside it: `Before (ms)`, `Total ms`, `Size in KB`."""
    for match in _IN_HEADING.finditer(plain(heading)) if len(heading) <= LONGEST else ():
        named = next(group for group in match.groups() if group is not None)
        unit = find_unit(named)
        if unit and not unit.countable and unit.family != "ratio":
            return unit
    return None


def read_transition(text: str) -> tuple[Quantity, Quantity] | None:
    """A before and an after in one text: `450 ms → 120 ms`."""
    before, _, after = re.sub(r"->|=>|⇒|➔|➜|⟶", "→", plain(text)).partition("→")
    left, right = read_quantity(before), read_quantity(after)
    if left and right and left.unit is None and right.unit:
        left = left.in_unit(right.unit)
    return (left, right) if left and right else None

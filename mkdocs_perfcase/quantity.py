"""Values as people write them, read into intervals with a unit. What isn't understood whole is not read at all."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from mkdocs_perfcase.figures import Mark, last_digit, read_number
from mkdocs_perfcase.text import plain
from mkdocs_perfcase.units import CURRENCIES, MAGNITUDES, MEMORY_LETTERS, Unit, find_unit, money, score

Kind = Literal["exact", "about", "below", "above", "range"]


@dataclass(frozen=True)
class Quantity:
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
        return self.value * (self.unit.scale if self.unit else 1.0)

    @property
    def family(self) -> str:
        """What it can be compared with; empty for a bare number."""
        return self.unit.family if self.unit else ""

    def in_unit(self, unit: Unit) -> Quantity:
        """A bare number, read in a unit that its surroundings name."""
        size = unit.scale
        return replace(self, unit=unit, low=self.low * size, high=self.high * size, slack=self.slack * size)


LONGEST = 200  # characters; a longer cell is prose
_DECORATION = re.compile(
    "[\u2190-\u21ff\u2b00-\u2bff\u2600-\u27bf\U0001f000-\U0001faff\ufe0e\ufe0f\u200b-\u200f\u2060]|[*†‡]+$|\\[\\^\\w+\\]"
)
_STRUCK = re.compile(r"~~.+?~~|<(?:del|s)>.*?</(?:del|s)>", re.DOTALL | re.IGNORECASE)
_REMARK = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
_LABEL = r"(?:p\d{1,2}(?:\.\d+)?|p999|avg\.?|average|mean|median|max\.?|min\.?|peak|total|\d{2}th percentile|∅|ø)"
_LABELLED = re.compile(rf"({_LABEL})\s*[:=]?\s*(?=[\d<>~≈≤≥+\-−$€£.])", re.IGNORECASE)
_LABEL_BEHIND = re.compile(rf"(?:^|[\s,]\s*)(?!min\.?$)({_LABEL})$", re.IGNORECASE)
_QUALIFIERS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (
        re.compile(
            r"(?:~|≈|≃|∼|～|approx(?:imately|\.)?\s|about\s|around\s|roughly\s|ca\.?\s|circa\s|约|約)\s*", re.IGNORECASE
        ),
        "about",
    ),
    (re.compile(r"(?:<=?|≤|under\s|below\s|less than\s|up to\s|at most\s|max(?:imum)?\s)\s*", re.IGNORECASE), "below"),
    (re.compile(r"(?:>=?|≥|over\s|above\s|more than\s|at least\s|min(?:imum)?\s)\s*", re.IGNORECASE), "above"),
)
_SPACE = "[ \u00a0\u2009\u202f]"
_DIGITS = rf"(?:\d{{1,3}}(?:{_SPACE}\d{{3}})+(?!\d)(?:[.,]\d+)?|\d[\d.,'’_]*\d|\d)(?:[eE][+-]?\d{{1,3}})?"
_AMOUNT = re.compile(
    rf"(?P<sign>[+\-−–]\s?)?(?P<currency>US\$|[$€£¥])?\s?(?P<number>{_DIGITS})\s?(?P<magnitude>[kKMB](?![A-Za-z/])|bn\b|mn\b|[kKM](?=\s[A-Za-z])|万|亿)?"
)
_RANGE = re.compile(r"\s*(?:-|–|—|−|~|～|\.\.\.?|…|\bto\b|\bbis\b)\s*(?=[\d.])")
_ERROR = re.compile(rf"\s*(?:±|\+/-|\+-)\s*({_DIGITS})\s*(%)?")
_SCORE = re.compile(r"\s*/\s*(5|10|20|100)(?![\d.])")
_COMPOUND = re.compile(
    r"(?:(\d+)\s?(?:d|days?)\s?)?(?:(\d+)\s?(?:h|hr|hrs|hours?|std)\s?)?(?:(\d+)\s?(?:m|mins?|minutes?|分)\s?)?"
    r"(?:(\d+(?:\.\d+)?)\s?(?:s|secs?|seconds?|秒))?"
)
_COMPOUND_SECONDS = (86400.0, 3600.0, 60.0, 1.0)


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
    shown = plain(_STRUCK.sub("", text)) if "~~" in text or "<" in text else plain(text)
    bare = _undecorated(shown)
    if not bare:
        return ()
    single = _read_one(bare, mark, about)
    if single:
        return (replace(single, text=shown),)
    return _several(bare, mark, about)


def _undecorated(text: str) -> str:
    """A value without emoji, arrows and footnote marks; full-width signs as usual ones."""
    text = "".join(unicodedata.normalize("NFKC", c) if "\uff00" <= c <= "\uffef" else c for c in text)
    return " ".join(_DECORATION.sub(" ", text).split())


def _several(text: str, mark: Mark | None, about: str) -> tuple[Quantity, ...]:
    """Values in a row share the unit of the last; or each has its own label."""
    for separator in (" / ", "; ", ", ", " | ", "/"):
        parts = [part.strip() for part in text.split(separator)]
        if len(parts) < 2 or len(parts) > 8:
            continue
        read = [_read_one(part, mark, about) for part in parts]
        last = read[-1]
        if last is None or any(one is None for one in read):
            continue
        labelled = all(one and one.label for one in read)
        bare = all(one and one.unit is None for one in read[:-1])
        same = all(one and one.family == last.family for one in read)
        if not (labelled or bare or same) or (separator in (", ", "/") and not (labelled or last.unit)):
            continue
        unit = last.unit
        return tuple(one.in_unit(unit) if unit and one.unit is None else one for one in read if one)
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
    return replace(quantity, text=whole, label=label.casefold().rstrip(".")) if quantity else None


def _compound(text: str) -> Quantity | None:
    """A time in parts, such as `2m 30s`."""
    match = _COMPOUND.fullmatch(text)
    if not match or sum(part is not None for part in match.groups()) < 2:
        return None
    pairs = zip(match.groups(), _COMPOUND_SECONDS, strict=True)
    seconds = sum(float(part) * size for part, size in pairs if part is not None)
    smallest = min(size for part, size in zip(match.groups(), _COMPOUND_SECONDS, strict=True) if part is not None)
    return Quantity(text, seconds, find_unit("s"), seconds, seconds, smallest / 2)


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
    found = _unit(read.rest.lstrip().removeprefix("+"), read.currency, read.magnitude, about)
    if found is None or read.low > read.high:
        return None
    unit, factor, more = found
    kind: Kind = "above" if more or read.rest.lstrip().startswith("+") else read.kind
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
    second = _number(read.rest, "range", mark, to.end()) if to else None
    if to is None:
        return read
    if second is None:
        return None
    return second._replace(
        low=read.low,
        step=max(read.step, second.step),
        currency=read.currency or second.currency,
        magnitude=second.magnitude or read.magnitude,
    )


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
    size = unit.scale if unit else 1.0
    value = low if low == high else (low + high) / 2
    bounds = {"below": (min(0.0, low), high), "above": (low, math.inf)}.get(kind, (low, high))
    return Quantity(text, value, unit, bounds[0] * size, bounds[1] * size, slack * size, kind)


_Found = tuple[Unit | None, float, bool]
_MEMORY_WORDS = frozenset(["memory", "mem", "heap", "ram", "rss", "size", "disk"])
_TIME_WORDS = frozenset(["time", "duration", "latency"])


def _unit(rest: str, currency: str | None, magnitude: str | None, about: str) -> _Found | None:
    """The unit behind a number, the factor of its magnitude letter, and whether a plus follows.

    None where what follows isn't understood.
    """
    rest = rest.strip()
    more = len(rest) > 1 and rest.endswith("+")
    rest = rest[:-1].strip() if more else rest
    factor = MAGNITUDES[magnitude] if magnitude else 1.0
    letter = _letter(rest, magnitude, set(about.casefold().split()))
    if letter is not None:
        return letter, 1.0, more
    unit = _named_unit(rest, currency)
    return None if unit is None and (rest or currency) else (unit, factor, more)


def _named_unit(rest: str, currency: str | None) -> Unit | None:
    name, _, per = rest.partition("/")
    if currency:
        return money(currency, rest)
    if name.strip() in CURRENCIES:
        return money(name.strip(), per)
    if points := _SCORE.fullmatch(rest):
        return score(points[1])
    return find_unit(rest) if rest else None


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


_IN_HEADING = re.compile(
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
    before, arrow, after = re.sub(r"->|=>|⇒|➔|➜|⟶", "→", plain(text)).partition("→")
    if not arrow:
        return None
    left, right = read_quantity(before), read_quantity(after)
    if left and right and left.unit is None and right.unit:
        left = left.in_unit(right.unit)
    return (left, right) if left and right else None

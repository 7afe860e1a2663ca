"""Values as people write them, read into numbers with a unit; what isn't understood whole is not read at all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mkdocs_perfcase.text import plain


@dataclass(frozen=True)
class Unit:
    """A unit: how it is written, the family that it converts within, and its size in the family's base."""

    symbol: str
    family: str
    scale: float


_UNITS: dict[str, Unit] = {}


def _declare(family: str, *units: tuple[str, float, tuple[str, ...]]) -> None:
    for symbol, scale, spellings in units:
        unit = Unit(symbol, family, scale)
        _UNITS.update({spelling.casefold(): unit for spelling in (symbol, *spellings)})


_declare(
    "time",  # in seconds
    ("ns", 1e-9, ("nanoseconds",)),
    ("µs", 1e-6, ("μs", "us", "microseconds")),
    ("ms", 1e-3, ("msec", "millis", "milliseconds")),
    ("s", 1.0, ("sec", "secs", "second", "seconds")),
    ("min", 60.0, ("mins", "minute", "minutes")),
    ("h", 3600.0, ("hr", "hrs", "hour", "hours")),
)
_declare(
    "size",  # in bytes; KB is 1000
    ("B", 1.0, ("byte", "bytes")),
    ("KB", 1e3, ("kb",)),
    ("MB", 1e6, ()),
    ("GB", 1e9, ()),
    ("TB", 1e12, ()),
    ("KiB", 2.0**10, ()),
    ("MiB", 2.0**20, ()),
    ("GiB", 2.0**30, ()),
)
_declare(
    "rate",  # in events a second
    (
        "req/s",
        1.0,
        (
            "rps",
            "reqs/s",
            "req/sec",
            "requests/s",
            "requests/sec",
            "requests per second",
            "ops/s",
            "ops/sec",
            "qps",
            "tps",
            "/s",
        ),
    ),
    ("req/min", 1 / 60, ("requests/min", "rpm")),
)
_declare("percent", ("%", 1.0, ("percent",)))

_NUMBER = re.compile(r"([~≈<>≤≥]?\s*)([+\-−]?\s?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*(.*)", re.DOTALL)
_NOUN = re.compile(r"[A-Za-z][A-Za-z ]{0,30}(?:/[A-Za-z ]{1,20})?")


@dataclass(frozen=True)
class Quantity:
    """A number with its unit. `text` is as written, without markup; `value` is in the unit given."""

    text: str
    value: float
    unit: Unit | None

    @property
    def base(self) -> float:
        """The value in its family's base unit."""
        return self.value * (self.unit.scale if self.unit else 1.0)

    @property
    def family(self) -> str:
        """What it can be compared with; a bare number with bare numbers."""
        return self.unit.family if self.unit else ""


def read_quantity(text: str) -> Quantity | None:
    """Read a value such as `450 ms`, `1,200 req/s`, `65%` or `101 queries`.

    Returns None where the whole text isn't a number with a unit.
    """
    shown = plain(text)
    match = _NUMBER.fullmatch(shown)
    if not match:
        return None
    unit_text = match[3].strip()
    unit = _UNITS.get(unit_text.casefold())
    if unit is None and unit_text:
        if not _NOUN.fullmatch(unit_text):
            return None
        unit = Unit(unit_text, f"count of {unit_text.casefold().rstrip('s')}", 1.0)
    return Quantity(shown, float(match[2].replace(",", "").replace("−", "-").replace(" ", "")), unit)

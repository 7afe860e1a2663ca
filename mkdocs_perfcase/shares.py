"""Where the time went: the bottlenecks that say which part of a whole they take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mkdocs_perfcase.figures import read_number
from mkdocs_perfcase.record import Record
from mkdocs_perfcase.text import name_key, plain

BOTTLENECKS = "Bottlenecks Identified"

_IMPACT = re.compile(
    r"\W*(?:about |ca\.? |~|≈)?(?P<figure>\d+(?:[.,]\d+)?)\s*[%％]"
    r"(?:\s+(?:of|der|des|von|del?|du|de la)\s+(?:the\s+|its\s+|all\s+)?(?P<whole>[^(),;:.–—]+))?(?![\d%])",
    re.IGNORECASE,
)
_WHOLE = 100.5  # what rounded parts may add up to


class Share(NamedTuple):
    """A bottleneck's part of a whole, in percent, and where it begins."""

    name: str
    percent: float
    start: float

    @property
    def text(self) -> str:
        """The part as it is shown."""
        return f"{self.percent:g}%"


class Shares(NamedTuple):
    """Parts of one whole, such as `response time`; its name is empty where nobody gave one."""

    whole: str
    parts: tuple[Share, ...]

    @property
    def rest(self) -> float:
        """What no bottleneck accounts for, in percent."""
        return max(0.0, 100 - sum(part.percent for part in self.parts))


def shares(record: Record) -> tuple[Shares, ...]:
    """The bottlenecks with an impact in percent, by what the percentage is of.

    Parts that overlap, so that they come to more than their whole, make no picture and are left out.
    """
    section = record.section(BOTTLENECKS)
    impacts = list(_impacts(record)) if section else []
    wholes = {name_key(whole): whole for _, _, whole in reversed(impacts) if whole}
    only = next(iter(wholes.values())) if len(wholes) == 1 else ""
    named = [(name, percent, whole or only) for name, percent, whole in impacts]
    found = []
    for key in dict.fromkeys(name_key(whole) for _, _, whole in named):
        parts = [(name, percent) for name, percent, whole in named if name_key(whole) == key]
        if 0 < sum(percent for _, percent in parts) <= _WHOLE:
            found.append(Shares(wholes.get(key, ""), tuple(_placed(parts))))
    return tuple(found)


def _impacts(record: Record) -> Iterator[tuple[str, float, str]]:
    section = record.section(BOTTLENECKS)
    for item in section.items if section else ():
        for field in item.fields:
            match = _IMPACT.match(plain(field.value)) if name_key(field.key) == "impact" else None
            percent = read_number(match["figure"]) if match else None
            if match and percent:
                yield item.name or field.key, percent, " ".join((match["whole"] or "").split())


def _placed(parts: list[tuple[str, float]]) -> Iterator[Share]:
    start = 0.0
    for name, percent in parts:
        yield Share(name, percent, start)
        start += percent

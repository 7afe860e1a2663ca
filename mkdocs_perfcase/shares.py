"""Where the time went: the bottlenecks that say which part of a whole they take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.figures import read_number
from mkdocs_perfcase.record import Record
from mkdocs_perfcase.text import name_key, plain

BOTTLENECKS = "Bottlenecks Identified"

_FIGURE = expression(
    r"[^\w<>≤≥+−–~≈[.-]*(?P<about>[~≈]\s*|(?:about|around|roughly|approx(?:imately|\.)?|ca\.?|circa|rund|etwa)\s+)?"
    r"(?P<figure>\d+(?:[.,]\d+)?)\s*[%％](?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_REMARK = (
    r"(?:\s*(?:$|[,;:]|[–—](?!\s*\d)|\.(?:\s|$))|\s+(?:\(|-\s(?!\d))"
    r"|\s(?:and|or|but|is|are|was|were|spent|und)\s)"
)
_BARE = expression(_REMARK)
_WORD = r"[^\W\d_][\w./'’-]*(?<!\.)"
_OF_WHOLE = expression(
    r"\s+(?:of|der|des|von|del?|du|de la)\s+(?:the\s+|its\s+|all\s+)?"
    rf"((?:\d[\d.,]*\s?)?{_WORD}(?:\s{_WORD}){{0,4}}?){_REMARK}",
    re.IGNORECASE,
)
_SENTENCE = expression(r"\b(?!temps)[a-z]*[a-hj-rtv-z]s\s(?!(?:in|on|at|during|for|under|per|from|of|to|with)\s)")
"""A plural that isn't the last word: `requests miss`, `users affected`. What that is a part of can't be told."""
_WHOLE = 100.5  # what rounded parts may add up to


class Share(NamedTuple):
    """A bottleneck's part of a whole, in percent, as it is written, and where it begins."""

    name: str
    percent: float
    text: str
    start: float


class Shares(NamedTuple):
    """Parts of one whole, such as `response time`; its name is empty where nobody gave one."""

    whole: str
    parts: tuple[Share, ...]

    @property
    def rest(self) -> float:
        """What no bottleneck accounts for, in percent."""
        return max(0.0, 100 - sum(part.percent for part in self.parts))


class Impact(NamedTuple):
    """An impact in percent: the figure, the same as text, and what it is a part of (empty where it isn't said)."""

    percent: float
    text: str
    whole: str


def read_impact(text: str) -> Impact | None:
    """The part of a whole that a bottleneck takes: `60% of total time`, `~40 %`. None where that isn't certain.

    Ranges and bounds are no single part, and `60% slower` is none at all.
    """
    match = _FIGURE.fullmatch(plain(text))
    percent = read_number(match["figure"]) if match else None
    if match is None or not percent:
        return None
    of = _OF_WHOLE.match(match["rest"])
    if (of is None and not _BARE.match(match["rest"])) or (of and _SENTENCE.search(of[1])):
        return None
    return Impact(percent, f"{'~' if match['about'] else ''}{percent:g}%", of[1] if of else "")


def shares(record: Record) -> tuple[Shares, ...]:
    """The bottlenecks with an impact in percent, by what the percentage is of.

    Parts that overlap, so that they come to more than their whole, make no picture and are left out; so is a whole
    of which another bottleneck takes a part that can't be read.
    """
    impacts = [(name, text, read_impact(text)) for name, text in _impacts(record)]
    read = [(name, impact) for name, _, impact in impacts if impact]
    wholes = {name_key(impact.whole): impact.whole for _, impact in reversed(read) if impact.whole}
    if len(wholes) < 2:  # what isn't said to be of something else is of the same
        whole = next(iter(wholes.values()), "")
        read = [(name, impact._replace(whole=whole)) for name, impact in read]
    unread = [text for _, text, impact in impacts if not impact]
    found = []
    for key in dict.fromkeys(name_key(impact.whole) for _, impact in read):
        parts = [(name, impact) for name, impact in read if name_key(impact.whole) == key]
        fits = sum(impact.percent for _, impact in parts) <= _WHOLE
        if fits and (key or not wholes) and not any(_may_be_of(key, text) for text in unread):
            found.append(Shares(wholes.get(key, ""), tuple(_placed(parts))))
    return tuple(found)


def _impacts(record: Record) -> Iterator[tuple[str, str]]:
    section = record.section(BOTTLENECKS)
    for item in section.items if section else ():
        for field in item.fields:
            if name_key(field.key) == "impact":
                yield item.name or field.key, field.value


def _may_be_of(key: str, text: str) -> bool:
    return f" {key} " in f" {name_key(text)} " if key else "%" in text


def _placed(parts: list[tuple[str, Impact]]) -> Iterator[Share]:
    start = 0.0
    for name, impact in parts:
        yield Share(name, impact.percent, impact.text, start)
        start += impact.percent

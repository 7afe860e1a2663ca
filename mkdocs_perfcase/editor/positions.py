"""Places in a text as editors count them: lines and columns from 0, columns in the units of some encoding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from mkdocs_perfcase.findings import Finding

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_WIDTHS: Mapping[str, Callable[[str], int]] = {
    "utf-8": lambda character: len(character.encode("utf-8", "surrogatepass")),
    "utf-16": lambda character: 2 if character > "\uffff" else 1,
    "utf-32": lambda character: 1,
}


class Place(NamedTuple):
    """A place before a character: its line and column, in characters from 0."""

    line: int
    column: int


class Span(NamedTuple):
    """All from one place up to another."""

    start: Place
    end: Place

    def holds(self, place: Place) -> bool:
        """Whether a place is in it or at its end."""
        return self.start <= place <= self.end


class Change(NamedTuple):
    """A text that takes the place of what is in a span."""

    span: Span
    text: str


def units(line: str, column: int, encoding: str) -> int:
    """A column in characters, as a number of an encoding's units."""
    return sum(map(_WIDTHS[encoding], line[:column]))


def column(line: str, number: int, encoding: str) -> int:
    """A column in an encoding's units, in characters: at most the line's length, and never within a character."""
    width = _WIDTHS[encoding]
    for place, character in enumerate(line):
        number -= width(character)
        if number < 0:
            return place
    return len(line)


def span_of(finding: Finding, lines: list[str]) -> Span:
    """A finding's line, from the finding's column on and without white space at its end."""
    number = min(finding.line, max(len(lines), 1)) - 1
    line = lines[number] if lines else ""
    mark = len(line) - len(line.lstrip("\ufeff"))  # which findings don't count
    start = min(mark + finding.column - 1, len(line))
    return Span(Place(number, start), Place(number, max(start, len(line.rstrip()))))


def changes(old: str, new: str) -> Iterator[Change]:
    """What makes one text of another, by whole lines, each with its end."""
    before, after = _LINE.findall(old), _LINE.findall(new)
    matcher = SequenceMatcher(None, before, after)
    for what, start, end, new_start, new_end in matcher.get_opcodes():
        if what != "equal":
            yield Change(Span(_start(before, start), _start(before, end)), "".join(after[new_start:new_end]))


def _start(lines: list[str], number: int) -> Place:
    """Where a line starts; behind the last one, the text's end."""
    if number < len(lines) or not lines or lines[-1].endswith(("\r", "\n")):
        return Place(number, 0)
    return Place(number - 1, len(lines[-1]))

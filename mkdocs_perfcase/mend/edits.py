"""Changes to a page's text by whole lines; what they don't name stays as it is, byte for byte."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

Kind = Literal["blank line", "box", "improvement", "section", "criterion", "ignore", "evidence"]

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n)|([^\r\n]+)\Z")


class Edit(NamedTuple):
    """Lines that are put in above a line of the page, or one that takes its place; with no lines, it goes."""

    kind: Kind
    what: str
    """What it mends, whatever its line: proposed once more, it wasn't mended."""
    line: int
    """1-based; for the end of the page one more than there are."""
    lines: tuple[str, ...]
    replaces: bool = False
    size: int = 1
    """How many things it mends."""


class Edited(NamedTuple):
    """A page's new text, and what is new in it. Lines are numbered as in that text."""

    text: str
    added: frozenset[int]
    replaced: Mapping[int, str]
    """Each line that was replaced, with what stood there."""


def split_lines(text: str) -> list[str]:
    """The lines of a page without their ends. Other separators of lines are none, as in findings."""
    return [body for body, _ in _ended_lines(text)]


def _ended_lines(text: str) -> Iterator[tuple[str, str]]:
    for match in _LINE.finditer(text):
        yield (match[1], match[2]) if match[2] else (match[3], "")


def edited(text: str, edits: Iterable[Edit]) -> Edited:
    """Carry out edits, those above one line in their order. Added lines end as the page's first line does."""
    body = text.lstrip("\ufeff")
    lines = list(_ended_lines(body))
    end = next((end for _, end in lines if end), "\n")
    above: dict[int, list[str]] = defaultdict(list)
    instead: dict[int, tuple[str, ...]] = {}
    for edit in edits:
        if edit.replaces:
            instead[edit.line] = edit.lines
        else:
            above[edit.line] += edit.lines
    made: list[tuple[str, str]] = []
    added: list[int] = []
    replaced: dict[int, str] = {}
    for number, (line, ending) in enumerate([*lines, ("", "")], 1):
        added += range(len(made) + 1, len(made) + 1 + len(above[number]))
        made += [(new, end) for new in above[number]]
        made += [(kept, ending) for kept in instead.get(number, (line,))]
        if instead.get(number):
            replaced[len(made)] = line
    made.pop()
    open_end = bool(lines) and not lines[-1][1]
    return Edited(text[: len(text) - len(body)] + _joined(made, end, open_end), frozenset(added), replaced)


def _joined(lines: list[tuple[str, str]], end: str, open_end: bool) -> str:
    """Lines as a text; nothing ends the last one where nothing did before."""
    text = "".join(body + (ending or end) for body, ending in lines)
    return text[: -len(end)] if open_end else text

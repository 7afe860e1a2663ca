"""A record's outline: its sections, the named items in them, and the criteria with their states."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from mkdocs_perfcase.criteria import Criterion
from mkdocs_perfcase.editor.document import Document
from mkdocs_perfcase.outline import Section
from mkdocs_perfcase.text import plain


class Symbol(NamedTuple):
    """A part of a record, with its first and its last line, from 0."""

    name: str
    detail: str
    kind: Literal["section", "item", "criterion"]
    first: int
    last: int
    below: tuple[Symbol, ...] = ()


def symbols(document: Document) -> tuple[Symbol, ...]:
    """A record's outline; nothing for any other page."""
    if document.form is None:
        return ()
    record = document.form.record
    sections = [section for section in record.body if section.element is not None]
    criteria = sorted((*record.criteria, *record.verification), key=lambda criterion: criterion.line)
    return tuple(_nested(sections, len(document.lines), criteria))


def _nested(sections: list[Section], end: int, criteria: list[Criterion]) -> Iterator[Symbol]:
    """Sections in each other, as their levels say."""
    place = 0
    while place < len(sections):
        section = sections[place]
        behind = next((p for p in range(place + 1, len(sections)) if sections[p].level <= section.level), len(sections))
        last = sections[behind].line - 1 if behind < len(sections) else end
        own_end = sections[place + 1].line - 1 if place + 1 < behind else last
        below = (*_items(section, own_end, criteria), *_nested(sections[place + 1 : behind], last, criteria))
        yield _symbol(section.title, "", "section", section.line, last, below)
        place = behind


def _items(section: Section, end: int, criteria: list[Criterion]) -> Iterator[Symbol]:
    """What stands in a section itself: criteria, and named items with theirs."""
    starts = [group.line for group in section.named]
    yield from _criteria(section.line, starts[0] - 1 if starts else end, criteria)
    for group, (_, after) in zip(section.named, pairwise([*starts, end + 1]), strict=True):
        below = tuple(_criteria(group.line, after - 1, criteria))
        yield _symbol(group.name or "", "", "item", group.line, after - 1, below)


def _criteria(first: int, last: int, criteria: list[Criterion]) -> Iterator[Symbol]:
    for criterion in criteria:
        if first <= criterion.line <= last:
            yield _symbol(criterion.text, criterion.state, "criterion", criterion.line, criterion.line)


def _symbol(
    name: str,
    detail: str,
    kind: Literal["section", "item", "criterion"],
    first: int,
    last: int,
    below: tuple[Symbol, ...] = (),
) -> Symbol:
    return Symbol(plain(name) or "…", detail, kind, first - 1, max(first, last) - 1, below)

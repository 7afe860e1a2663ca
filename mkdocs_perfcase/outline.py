"""A page's blocks as sections, groups, entries and fields: the structure that template and record have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple
from xml.etree.ElementTree import Element

from mkdocs_perfcase.directives import COMMENT, COMMENTS, INSIDE_COMMENT, Directive, given_reason, read_directives
from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.text import name_key, plain
from mkdocs_perfcase.tree import Block

Box = Literal["open", "checked", "unknown", "unrendered"]
"""What a checkbox says: `unknown` is a mark that is neither, `unrendered` one that the page shows as prose."""


class Entry(NamedTuple):
    """A list item, or a paragraph, or a line of a paragraph that was meant as a list item.

    `text` is raw, without checkbox and directives; `key` and `value` are set where it reads `**Key:** value`.
    `level` is its depth of list nesting, 0 for a paragraph. A named tuple for the same reason as `Block`.
    """

    text: str
    line: int
    level: int
    element: Element
    box: Box | None = None
    mark: str = ""
    """The checkbox as typed, such as `[N/A]`."""
    key: str | None = None
    value: str = ""
    waiver: str | None = None
    """The reason given for waiving it; empty where none was given."""
    glued: bool = False
    """Written as a list item, shown as prose."""
    top: int = 0
    """Which top-level element of the page it stands in."""


Part = Entry | Block
"""What stands in a group: an entry, or a block of code, a table, or raw HTML."""


class Field(NamedTuple):
    """`**Key:** value` with the code and the nested entries below it."""

    key: str
    value: str
    line: int
    codes: tuple[Block, ...] = ()
    others: tuple[Block, ...] = ()
    """Tables and raw HTML below it."""
    details: tuple[Entry, ...] = ()

    @property
    def filled(self) -> bool:
        """Whether anything is given for it."""
        return bool(self.value.strip() or self.codes or self.others or self.details)


@dataclass(frozen=True)
class Group:
    """The parts below a name in bold, a deeper heading, or (unnamed) a section's heading."""

    name: str | None
    line: int
    parts: tuple[Part, ...]

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Its list items and paragraphs."""
        return tuple(part for part in self.parts if isinstance(part, Entry))

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Its fields, each with the code and details that belong to it."""
        return tuple(_fields(self.parts))

    @cached_property
    def codes(self) -> tuple[Block, ...]:
        """Its blocks of code, those of fields among them."""
        return tuple(part for part in self.parts if isinstance(part, Block) and part.kind == "code")

    @cached_property
    def tables(self) -> tuple[Block, ...]:
        """Its tables."""
        return tuple(part for part in self.parts if isinstance(part, Block) and part.kind == "table")


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it up to the next section. The first group is the unnamed one."""

    title: str
    line: int
    level: int
    element: Element | None
    groups: tuple[Group, ...]

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Everything in it."""
        return tuple(part for group in self.groups for part in group.parts)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Its list items and paragraphs, over all groups."""
        return tuple(entry for group in self.groups for entry in group.entries)

    @cached_property
    def tables(self) -> tuple[Block, ...]:
        """Its tables, over all groups."""
        return tuple(table for group in self.groups for table in group.tables)

    @property
    def named(self) -> tuple[Group, ...]:
        """Its named items."""
        return self.groups[1:]

    @property
    def empty(self) -> bool:
        """Whether nothing stands below its heading, or only tables that hold nothing."""
        return len(self.groups) == 1 and all(isinstance(part, Block) and part.blank for part in self.parts)


class Outline(NamedTuple):
    """A page: its sections in order (the first, without a heading, holds what precedes them) and its directives."""

    sections: tuple[Section, ...]
    directives: tuple[Directive, ...]


StartsSection = Callable[[str, int], bool]


def outline(blocks: list[Block], starts_section: StartsSection, keys: Collection[str] = ()) -> Outline:
    """Arrange a page's blocks.

    Args:
        blocks: the page's blocks in order.
        starts_section: told a heading's raw text and level, whether it begins a section (else it names a group).
        keys: field names (as by `name_key`) that are fields even where they aren't bold.
    """
    arranger = _Arranger(starts_section, keys)
    for place, block in enumerate(blocks):
        arranger.take(block, blocks[place + 1] if place + 1 < len(blocks) else None)
    directives = tuple(directive for directive in read_directives(blocks) if directive.line not in arranger.bound)
    return Outline(tuple(arranger.finish()), directives)


_LIST_MARKER = expression(r"\s*(?:[-*+•]|\d{1,9}[.)])\s+")
_CHECKBOX = expression(r" *\[([xX ])\] +(?=\S)")  # what pymdownx.tasklist turns into a checkbox
_BOX_LIKE = expression(
    r"\s*(\[[^\w\[\]]{0,3}\]|\[\s*(?:[xX]|n/?a|done|todo|wip|ok|yes|no|skip(?:ped)?|pass(?:ed)?|fail(?:ed)?)\s*\]"
    r"|[\u2705\u274c\u274e\u2714\u2716\u2713\u2717\u2718\u2610\u2611\u2612\u2b1c\u2b1b\U0001f532\U0001f533\U0001f7e9"
    r"\U0001f7e8\U0001f7e5\U0001f7e2\U0001f7e1\U0001f534\u23f3\U0001f6a7\u26a0]\ufe0f?)(?![(\[])\s*",
    re.IGNORECASE,
)
_PLAIN_BOX = expression(r"\[\s*(?:[xX]\s*)?\]")
_KEY = expression(
    r"(?P<mark>\*{1,3}|_{1,3})(?=\S)(?P<key>(?:\\.|[^*\\\n])+?)"
    r"(?:[:：]\s*(?P=mark)|(?P=mark)\s*[:：]|(?P=mark)\s+[-–—](?=\s|$))\s*(?P<value>.*)",
    re.DOTALL,
)
_PLAIN_KEY = expression(r"([^:：\n]{2,60}?)\s*[:：](?:\s+|$)(.*)", re.DOTALL)
_BOLD_ONLY = expression(r"(\*\*|__)(?=\S)((?:(?!\1).)+?)\1\s*(?:[:：]\s*)?")


def _on_one_line(comment: re.Match[str]) -> str:
    """What a comment hides is neither a list nor a field; the lines behind it keep their numbers."""
    return comment["code"] or " ".join(comment[0].split("\n")) + "\n" * comment[0].count("\n")


class _Arranger:
    """Builds sections from blocks, one at a time."""

    def __init__(self, starts_section: StartsSection, keys: Collection[str]) -> None:
        self._starts_section = starts_section
        self._keys = keys
        self._sections: list[Section] = []
        self._heading: tuple[str, int, int, Element | None] = ("", 1, 0, None)
        self._groups: list[tuple[str | None, int, list[Part]]] = []
        self._open_group(None, 1)
        self.bound: set[int] = set()
        """The lines of waivers that belong to an entry."""

    def _open_group(self, name: str | None, line: int) -> None:
        self._parts: list[Part] = []
        self._groups.append((name, line, self._parts))

    def take(self, block: Block, following: Block | None) -> None:
        if block.kind == "heading":
            self._take_heading(block)
        elif block.kind in ("paragraph", "item"):
            for entry in self._entries(block):
                if not entry.text and entry.waiver is not None:
                    self._waive(entry.waiver)
                    continue
                bold = entry.text.startswith(("**", "__")) and not (entry.key and entry.value)
                name = _BOLD_ONLY.fullmatch(entry.text) if bold else None
                if name and entry.box is None and self._names_group(entry, name[2], following):
                    self._open_group(plain(name[2]).rstrip(":"), entry.line)
                else:
                    self._parts.append(entry)
        elif block.kind == "comment":
            self._take_comment(block)
        else:
            self._parts.append(block)

    def _take_heading(self, block: Block) -> None:
        if self._starts_section(block.text, block.level):
            self._close()
            self._heading = (block.text, block.line, block.level, block.element)
            self._groups = []
            self._open_group(None, block.line)
        else:
            self._open_group(plain(block.text), block.line)

    def _take_comment(self, block: Block) -> None:
        """A waiver on the line below an entry belongs to it; an index or a table is content."""
        match = INSIDE_COMMENT.match(block.text)
        verb = match[1].lower() if match else ""
        if match and verb == "waive":
            last = self._parts[-1] if self._parts else None
            if isinstance(last, Entry) and block.line <= last.line + last.text.count("\n") + 1:
                self._waive(given_reason(match[2]))
                self.bound.add(block.line)
        elif verb in ("index", "table"):
            self._parts.append(block)

    def _waive(self, reason: str) -> None:
        if self._parts and isinstance(last := self._parts[-1], Entry):
            self._parts[-1] = last._replace(waiver=reason)

    def _names_group(self, entry: Entry, name: str, following: Block | None) -> bool:
        """A bold paragraph names an item; so does a bold list item with others below it."""
        if name_key(name) in self._keys or _BOX_LIKE.match(name):
            return False
        if entry.level == 0 or entry.glued:
            return entry.key is None or (entry.level == 0 and "\n" not in entry.text and not entry.value)
        return entry.level == 1 and following is not None and following.kind == "item" and following.level == 2

    def _entries(self, block: Block) -> Iterator[Entry]:
        if "\n" not in block.text:
            yield self._entry(block, block.text, block.line, glued=False)
            return
        start, chunk, glued = 0, "", False
        text = COMMENTS.sub(_on_one_line, block.text) if "<!--" in block.text else block.text
        for offset, line in enumerate(text.split("\n")):
            marked = bool(_LIST_MARKER.match(line))
            if offset and (marked or _KEY.match(line.strip()) or _BOLD_ONLY.fullmatch(chunk.strip())):
                yield self._entry(block, chunk, block.line + start, glued)
                start, chunk, glued = offset, line, marked
            else:
                chunk = f"{chunk}\n{line}" if offset else line
        yield self._entry(block, chunk, block.line + start, glued)

    def _entry(self, block: Block, text: str, line: int, glued: bool) -> Entry:
        level = block.level if block.kind == "item" else 0
        waiver = None
        if "<!--" in text:
            hidden = "".join(comment[0] for comment in COMMENTS.finditer(text) if not comment["code"])
            if (match := COMMENT.search(hidden)) and match[1].lower() == "waive":
                waiver = given_reason(match[2])
            text = COMMENTS.sub(lambda comment: comment["code"] or "", text)
        if glued or level == 0:
            marker = _LIST_MARKER.match(text)
            text = text[marker.end() :] if marker else text
        text = text.strip()
        box, mark, text = _box(text, shown_as_item=level > 0 and not glued)
        key, value = self._key(text)
        return Entry(text, line, level, block.element, box, mark, key, value, waiver, glued, block.top)

    def _key(self, text: str) -> tuple[str | None, str]:
        if text.startswith("**") and (end := text.find(":**")) > 2:
            name = text[2:end]
            if name[0] != " " and name.replace(" ", "").isalpha():  # as nearly all of them are written
                return plain(name), text[end + 3 :].strip()
        if text.startswith(("*", "_")) and (match := _KEY.match(text)):
            return plain(match["key"]), match["value"].strip()
        if self._keys:
            if (":" in text or "：" in text) and (match := _PLAIN_KEY.match(text)) and name_key(match[1]) in self._keys:
                return plain(match[1]), match[2].strip()
            if len(text) < 80 and name_key(text) in self._keys and text.startswith(("**", "__")):
                return plain(text), ""
        return None, ""

    def _close(self) -> None:
        groups = tuple(Group(name, line, tuple(parts)) for name, line, parts in self._groups)
        self._sections.append(Section(*self._heading, groups))

    def finish(self) -> list[Section]:
        self._close()
        return self._sections


def _box(text: str, shown_as_item: bool) -> tuple[Box | None, str, str]:
    """The checkbox at the start of a text, as what it is shown; and the text behind it."""
    first = text[:1]
    if first.isalnum() or first in ("", "*", "_", "`", '"', "'"):
        return None, "", text
    if shown_as_item and (match := _CHECKBOX.match(text)):
        return ("open" if match[1] == " " else "checked"), match[0].strip(), text[match.end() :]
    if match := _BOX_LIKE.match(text):
        plain_box = bool(_PLAIN_BOX.fullmatch(match[1]))
        if plain_box and not text[match.end() :].strip():
            return None, "", text
        state: Box = "unrendered" if plain_box and match[1] != "[]" else "unknown"
        return state, match[1], text[match.end() :]
    return None, "", text


class _Growing:
    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.codes: list[Block] = []
        self.others: list[Block] = []
        self.details: list[Entry] = []

    def takes(self, entry: Entry) -> bool:
        """A deeper entry belongs to a field; so does one beside it while the field is empty (flattened nesting)."""
        return entry.level > self.entry.level or (entry.key is None and not self.entry.value and not self.codes)

    def grown(self) -> Field:
        entry = self.entry
        return Field(
            entry.key or "", entry.value, entry.line, tuple(self.codes), tuple(self.others), tuple(self.details)
        )


def _fields(parts: Iterable[Part]) -> Iterator[Field]:
    found: list[_Growing] = []
    outer: _Growing | None = None
    for part in parts:
        if isinstance(part, Block):
            if found:
                (found[-1].codes if part.kind == "code" else found[-1].others).append(part)
            continue
        if outer is not None and outer.takes(part):
            outer.details.append(part)
        if part.key is not None:
            found.append(_Growing(part))
            if outer is None or part.level <= outer.entry.level:
                outer = found[-1]
    return (growing.grown() for growing in found)

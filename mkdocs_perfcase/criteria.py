"""Acceptance criteria and verification steps: what stands as one, and in which state. In doubt, one is open."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice, takewhile, zip_longest
from typing import Literal, NamedTuple
from xml.etree.ElementTree import Element

from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.outline import Entry, Part
from mkdocs_perfcase.text import plain
from mkdocs_perfcase.tree import Block

State = Literal["checked", "waived", "open", "unknown", "unrendered"]


class Criterion(NamedTuple):
    """An acceptance criterion or a verification step."""

    text: str
    line: int
    state: State
    mark: str
    """The checkbox as typed; empty where there is none."""
    waiver: str | None
    """The reason for waiving it; empty where a waiver gives none, None without a waiver."""
    element: Element

    @property
    def is_open(self) -> bool:
        """In doubt, a criterion is open: only a tick that shows, or a waiver with its reason, closes it."""
        return self.state not in ("checked", "waived")


_REMARK = expression(r"\s*(?:[^\w\s]|$)|\s+(?:since|at|by|with|per|as|see|because|thanks|after|\d)", re.IGNORECASE)
_TAG = expression(r"(?P<code>(?<!`)(`+)(?!`).+?(?<!`)\2(?!`))|</?[A-Za-z][^<>]*>", re.DOTALL)
_STRUCK = expression(r"<(?:del|s)\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def criterion_key(text: str) -> str:
    """A criterion's wording for comparison: case, white space and a full stop at the end don't matter."""
    return " ".join(text.casefold().split()).rstrip(".!")


@lru_cache(maxsize=256)
def _wording(wanted: str) -> tuple[str, ...]:
    """What of a wording stands around its placeholders; the last one is empty where it ends with one."""
    return tuple(re.split(r"(?:\[[^\[\]]*\])+", criterion_key(wanted)))


def carries(text: str, wanted: str) -> bool:
    """Whether a criterion has the wording wanted; a remark may follow it."""
    have = criterion_key(text)
    first, *others = _wording(wanted)
    if not have.startswith(first):
        return False
    end = len(first)
    for part in others:  # each at the first place where it fits: a later one would leave less for the next
        at = have.find(part, end + 1) if part else len(have)
        if at <= end:
            return False
        end = at + len(part)
    return bool(_REMARK.match(have[end:]))


_BOX_LEFT = expression(
    r"(?:^|[\s>])(?:[-*+–—•·]\s*|\w[.)]\s+)?(\[\s?\](?!\()|[\u2610\u2b1c]|:white_large_square:|<input\b(?=[^>]*checkbox)(?![^>]*\bchecked)[^>]*>)"
)


def read_criteria(parts: tuple[Part, ...], strict: bool) -> Iterator[Criterion]:
    """The criteria among the parts of a section.

    Args:
        parts: all that stands in it.
        strict: also take for criteria what has no checkbox that shows but stands or reads like one.
    """
    boxed_above: list[int] = []
    boxed_lists = {part.top for part in parts if isinstance(part, Entry) and part.box is not None}
    for place, part in enumerate(parts):
        if isinstance(part, Block):
            if strict:
                yield from _block_criteria(part, bool(boxed_lists))
            continue
        boxed_above = [level for level in boxed_above if level < part.level]
        if part.box is not None:
            yield _criterion(part)
            boxed_above.append(part.level)
        elif strict and not boxed_above and _stands_like_one(parts, place, part, boxed_lists):
            yield _criterion(part)
            continue
        if strict:
            yield from _left_over(part)


_MOST_IN_LINE = 10  # boxes; one open one is enough to gate, and a line of thousands is nobody's list
_SIGNS_OF_BOXES = ("[", "<", "&", ":white")


def _left_over(entry: Entry) -> Iterator[Criterion]:
    """Open boxes further on in an entry, or in a form that isn't a list item's."""
    if entry.text.isascii() and not any(sign in entry.text for sign in _SIGNS_OF_BOXES):
        return
    text = (
        unicodedata.normalize("NFKC", html.unescape(entry.text.replace("\\", ""))).replace("\u200b", "").lstrip("*_`")
    )
    for number, line in enumerate(text.replace("`", "").split("\n")):
        line = re.sub(r"<br\s*/?>", " ", line)
        for match in islice(_BOX_LEFT.finditer(line), _MOST_IN_LINE):
            rest = plain(line[match.end() :]) or plain(line)
            yield Criterion(rest, entry.line + number, "unrendered", match[1], None, entry.element)


def _stands_like_one(parts: tuple[Part, ...], place: int, entry: Entry, boxed_lists: set[int]) -> bool:
    """A list item without a checkbox: one among those that have one, or any where none has."""
    if not (entry.level or entry.glued) or (boxed_lists and entry.top not in boxed_lists):
        return False
    following = (part for part in islice(parts, place + 1, None) if isinstance(part, Entry))
    first = next(following, None)
    if first is None:
        return True
    below = takewhile(lambda part: part.level > entry.level, chain([first], following))
    if any(part.box is not None for part in below):
        return False  # it is a label above them
    return not (first.box is not None and plain(entry.text).endswith(":"))


def _is_struck(text: str) -> bool:
    """Whether some of it may be struck through; a line of tildes alone is a fence that opened nothing."""
    return bool(_STRUCK.search(text)) or any("~~" in line and line.strip(" ~") for line in text.split("\n"))


def _criterion(entry: Entry) -> Criterion:
    state: State = entry.box or "unknown"
    if state == "checked" and _is_struck(entry.text):
        state = "unknown"
    if state != "checked" and entry.waiver:
        state = "waived"
    # a footnote's number is no part of the last word
    text = plain(_TAG.sub(lambda match: match["code"] or " ", entry.text))
    return Criterion(text, entry.line, state, entry.mark, entry.waiver, entry.element)


_STATE_CELL = expression(
    r"\s*(?:\[[ xX\w/-]{0,4}\]|[✅❌✔✖✓✗✘☐☑⬜⏳🚧⚠🟢🟡🔴]"
    r"|(?:pass|fail|met|missed|done|open|yes|no|ok|pending|todo|tbd|not )\w*\s*$)",
    re.IGNORECASE,
)
_GOOD_CELL = expression(r"\s*(?:\[[xX]\]|[✅✔✓☑🟢]|(?:pass|met|done|yes|ok)\w*\s*$)", re.IGNORECASE)
_STATE_COLUMN = expression(r"status|state\b|met\b|passed|done|check", re.IGNORECASE)
_HTML_BOX = expression(
    r"^[ \t]*(?:[-*+]\s+|<li>\s*|<td>\s*)(\[[ xX]\]|[\u2610\u2b1c]|&#9744;)\s*(.*)$"
    r"|<input\b[^>]*checkbox[^>]*>\s*([^<\n]*)",
    re.MULTILINE | re.IGNORECASE,
)
_HTML_ITEM = expression(r"<(?:li|td)>\s*(\[[ xX]\]|[\u2610\u2b1c]|&#9744;)\s*([^<\n]*)", re.IGNORECASE)


def _block_criteria(block: Block, has_boxes: bool) -> Iterator[Criterion]:
    """Criteria where no checkbox can be: the rows of a status table, boxes in raw HTML and in code."""
    if block.kind == "table":
        yield from _row_criteria(block, has_boxes)
        return
    for match in _boxes(block):
        line = block.line + block.fenced + block.text[: match.end()].count("\n")
        behind = [group for group in match.groups()[1:] if group] or [block.text[match.end() :].partition("\n")[0]]
        yield Criterion(plain(behind[0]), line, "unrendered", match[1] or "", None, block.element)


def _boxes(block: Block) -> list[re.Match[str]]:
    """The boxes in raw HTML or code."""
    if block.kind == "code":
        return list(_BOX_LEFT.finditer(block.text))
    return list(_HTML_BOX.finditer(block.text)) or list(_HTML_ITEM.finditer(block.text))


def _row_criteria(table: Block, has_boxes: bool) -> Iterator[Criterion]:
    """The rows of a table that says of each whether it is met. Beside criteria with boxes, only what isn't counts."""
    header, *rows = table.rows
    states = [_STATE_COLUMN.search(cell) is not None for cell in header.cells]
    for row in rows:
        marks = [cell for cell in row.cells if _STATE_CELL.match(cell)]
        if not any(row.cells) or not (any(states) or marks):
            continue
        unsaid = any(state and not cell for state, cell in zip_longest(states, row.cells, fillvalue=""))
        if has_boxes and not unsaid and all(_GOOD_CELL.match(cell) for cell in marks):
            continue
        text = next((cell for cell in row.cells if cell not in marks and cell), row.cells[0])
        yield Criterion(plain(text), row.line, "unknown", plain(marks[0]) if marks else "", None, row.elements[0])

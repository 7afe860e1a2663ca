"""Code before and after a change, side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import count, pairwise
from typing import NamedTuple, TypeGuard
from xml.etree.ElementTree import Element, SubElement

from markdown.util import HTML_PLACEHOLDER_RE, AtomicString

from mkdocs_perfcase.outline import Entry, Group, Part
from mkdocs_perfcase.record import Record
from mkdocs_perfcase.text import name_key, plain
from mkdocs_perfcase.tree import Block, own_text

CHANGES = "Proposed Changes"

Parents = Mapping[Element, Element]


class _Side(NamedTuple):
    """A field that holds nothing but code: its name, the element of the name, and that of the code."""

    name: str
    label: Element
    code: Element
    inside: bool
    """Whether the element of the name holds the code, too."""


def pair_code(record: Record, parents: Parents, tabs: bool) -> None:
    """Put each proposed change's current and optimized code side by side, under the names of their fields.

    Only where both stand one after the other with nothing but their names around them: whatever else an author wrote
    stays where it is.

    Args:
        record: the record, read from the tree that is changed.
        parents: the parent of each element of that tree.
        tabs: whether the site has content tabs; else the two share a row where the page is wide enough.
    """
    section = record.section(CHANGES)
    numbers = count(1)
    for item in section.items if section else ():
        for before, after in _pairs(item):
            take_out = _taken_out_of_names if before.inside else _taken_out_of_blocks
            holder = take_out(before, after, parents) if before.inside is after.inside else None
            if holder is not None:
                _fill(holder, (before, after), tabs, next(numbers))


def _pairs(item: Group) -> Iterator[tuple[_Side, _Side]]:
    """Current code that is followed by optimized code, each a single block."""
    for place, (name, code) in enumerate(pairwise(item.parts)):
        before = _side(name, code, "current")
        following = item.parts[place + 2 : place + 5]
        after = _side(following[0], following[1], "optimi") if before and len(following) > 1 else None
        if before and after and not any(_is_code(part) for part in following[2:]):
            yield before, after


def _side(name: Part, code: Part, start: str) -> _Side | None:
    if not isinstance(name, Entry) or not _is_code(code):
        return None
    named = name.key is not None and not name.value and not name.glued and name_key(name.key).startswith(start)
    return _holding_all(plain(name.key or ""), name.element, code.element) if named else None


def _is_code(part: Part) -> TypeGuard[Block]:
    return isinstance(part, Block) and part.kind == "code"


_MARKUP = re.compile(r"[\[\]<>`{}\\~^|!&\x02]")
_BEHIND_NAME = " :：–—-"


def _holding_all(name: str, label: Element, code: Element) -> _Side | None:
    """A side whose element holds the bare name, and nothing else but the code.

    What carries a link, an anchor or other words can't become the title of a tab without losing them.
    """
    holder = own_text(label)
    first, _, rest = (holder.text or "").strip().partition("\n")
    others = [child for child in label if child is not holder]
    if _MARKUP.search(first) or plain(first).rstrip(_BEHIND_NAME) != name.rstrip(_BEHIND_NAME):
        return None
    if not rest:
        return _Side(name, label, code, inside=bool(others)) if others in ([], [code]) else None
    if others or len(holder) or not HTML_PLACEHOLDER_RE.fullmatch(rest.strip()):
        return None
    below = Element("p")
    below.text = rest.strip()
    return _Side(name, label, below, inside=True)


def _taken_out_of_names(before: _Side, after: _Side, parents: Parents) -> Element | None:
    """Code within the elements of the names: the first becomes the holder, the second goes."""
    first, second = before.label, after.label
    siblings = list(parents[first])
    if siblings[siblings.index(first) + 1 :][:1] != [second]:
        return None
    parents[first].remove(second)
    first.tag = "li" if first.tag == "li" else "div"
    first.text = None
    first[:] = []
    return first


def _taken_out_of_blocks(before: _Side, after: _Side, parents: Parents) -> Element | None:
    """Code between lists or paragraphs: the first block of code becomes the holder, all else of the pair goes."""
    parent = parents[before.code]
    first, second = (_block_of(side.label, parent, parents) for side in (before, after))
    if first is None or second is None:
        return None
    blocks = [first, before.code, second, after.code]
    children = list(parent)
    start = children.index(first)
    ends_with_name = first is before.label or first[-1] is before.label
    is_name = second is after.label or len(second) == 1
    if children[start : start + 4] != blocks or not ends_with_name or not is_name:
        return None
    for block in (second, after.code):
        parent.remove(block)
    if first is before.label or len(first) == 1:
        parent.remove(first)
    else:
        first.remove(before.label)
    holder = Element("div")
    parent[list(parent).index(before.code)] = holder
    return holder


def _block_of(label: Element, parent: Element, parents: Parents) -> Element | None:
    """The child of a parent that is a name's element, or the list that it stands in."""
    inside = parents.get(label)
    if inside is parent:
        return label
    return inside if inside is not None and inside.tag in ("ul", "ol") and parents.get(inside) is parent else None


def _fill(holder: Element, sides: tuple[_Side, _Side], tabs: bool, number: int) -> None:
    if not tabs:
        columns = SubElement(holder, "div", {"class": "perfcase-columns"})
        for side in sides:
            column = SubElement(columns, "div")
            SubElement(column, "p", {"class": "perfcase-columns__title"}).text = AtomicString(side.name)
            column.append(side.code)
        return
    group = f"__tabbed_perfcase_{number}"
    tabbed = SubElement(holder, "div", {"class": "tabbed-set tabbed-alternate", "data-tabs": f"perfcase-{number}:2"})
    for place in (1, 2):
        checked = {"checked": "checked"} if place == 1 else {}
        SubElement(tabbed, "input", {**checked, "id": f"{group}_{place}", "name": group, "type": "radio"})
    labels = SubElement(tabbed, "div", {"class": "tabbed-labels"})
    content = SubElement(tabbed, "div", {"class": "tabbed-content"})
    for place, side in enumerate(sides, 1):
        SubElement(labels, "label", {"for": f"{group}_{place}"}).text = AtomicString(side.name)
        SubElement(content, "div", {"class": "tabbed-block"}).append(side.code)

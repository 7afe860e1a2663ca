"""A record's evidence in its front matter: entries brought up to date or added; all else there stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

import yaml

from mkdocs_perfcase.evidence import KEY
from mkdocs_perfcase.mend.edits import Edit, edited
from mkdocs_perfcase.source import front_matter, split_front_matter
from mkdocs_perfcase.text import name_key, quoted

EntryData = Mapping[str, Any]
"""An entry as it is written: `metric`, `before`, `after`, and what else is asked."""
_INDENT = "  "


class RefusedError(Exception):
    """A record that can't be changed; the message says why, in one line."""


class _Splice(NamedTuple):
    """What takes the place of a part of the front matter."""

    start: int
    end: int
    text: str


def evidence_entries(meta: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries that front matter has, whatever may be wrong with them."""
    given = meta.get(KEY)
    return [entry for entry in given if isinstance(entry, dict)] if isinstance(given, list) else []


def entry_edits(text: str, entries: Sequence[EntryData]) -> list[Edit]:
    """The changes to a page's lines that put entries into its front matter; none where it says all that already.

    An entry of the same metric is brought up to date: what is asked takes the place of what it says, the rest stays.

    Raises:
        RefusedError: the front matter can't be read, or is written in a way that can't be extended.
    """
    front = front_matter(text)
    body, meta = split_front_matter(text)
    if not front:
        if meta:
            raise RefusedError("its front matter has no dashes around it; write --- above and below it, then run again")
        lines = ("---", f"{KEY}:", *_items(entries, _INDENT), "---", *([""] if body.strip() else []))
        return _borne_out(text, [Edit("evidence", KEY, 1, lines)], entries)
    if not meta:
        raise RefusedError("its front matter can't be read")
    new = front
    for splice in sorted(_splices(front, meta, entries), key=lambda one: one.start, reverse=True):
        new = new[: splice.start] + splice.text + new[splice.end :]
    return _borne_out(text, list(_line_edits(front.split("\n")[:-1], new.split("\n")[:-1])), entries)


def _splices(front: str, meta: Mapping[str, Any], entries: Sequence[EntryData]) -> Iterator[_Splice]:
    try:
        root = yaml.compose(front)
    except (yaml.YAMLError, RecursionError):
        raise RefusedError("its front matter can't be read") from None
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise RefusedError("its front matter is written in braces; write each key in a line of its own, then run again")
    key, value = next(((key, value) for key, value in root.value if key.value == KEY), (None, None))
    if key is None or value is None:
        column = " " * root.start_mark.column
        yield _added(front, len(front), [f"{column}{KEY}:", *_items(entries, column + _INDENT)])
    elif meta[KEY] is None:
        yield _added(front, value.end_mark.index, _items(entries, " " * key.start_mark.column + _INDENT))
    elif not isinstance(meta[KEY], list):
        raise RefusedError(f"its {KEY} is no list of entries; write `- metric:`, `before:` and `after:` for each")
    elif value.flow_style:
        raise RefusedError(f"its {KEY} is written in brackets; write each entry in lines of its own, then run again")
    else:
        yield from _of_list(front, value, meta[KEY], entries)


def _of_list(front: str, value: yaml.SequenceNode, given: list[Any], entries: Sequence[EntryData]) -> Iterator[_Splice]:
    new = []
    for entry in entries:
        places = _places(given, entry)
        if not places:
            new.append(entry)
        elif isinstance(item := value.value[places[0]], yaml.MappingNode):
            yield from _updated(front, item, given[places[0]], entry)
    if new:
        yield _added(front, _end(value), _items(new, " " * value.start_mark.column))


def _places(given: list[Any], entry: EntryData) -> list[int]:
    """Where the entry of the same metric stands, if there is one."""
    key = name_key(entry["metric"])
    places = [n for n, one in enumerate(given) if isinstance(one, dict) and name_key(str(one.get("metric"))) == key]
    if len(places) > 1:
        raise RefusedError(f"its {KEY} has {len(places)} entries of {quoted(entry['metric'])}; leave one of them")
    return places


def _updated(front: str, item: yaml.MappingNode, given: EntryData, entry: EntryData) -> Iterator[_Splice]:
    """The changes to one entry."""
    nodes = {key.value: value for key, value in item.value}
    new = {}
    for key, asked in entry.items():
        if key == "metric" or given.get(key) in (asked, [asked]):
            continue
        if key in nodes:
            yield _Splice(nodes[key].start_mark.index, _end(nodes[key]), _inline(asked))
        else:
            new[key] = asked
    if new and item.flow_style:
        raise RefusedError("its entry of evidence is written in braces; write each key in a line of its own")
    if new:
        lines = [f"{' ' * item.start_mark.column}{key}: {_inline(asked)}" for key, asked in new.items()]
        yield _added(front, _end(item), lines)


def _end(node: yaml.Node) -> int:
    """Where a node's text ends, less the blank lines and the comments that YAML counts among it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _added(front: str, place: int, lines: Sequence[str]) -> _Splice:
    """Lines below the one that a place is in."""
    start = place if front[place - 1 : place] == "\n" else front.index("\n", place) + 1
    return _Splice(start, start, "".join(f"{line}\n" for line in lines))


def _items(entries: Sequence[EntryData], indent: str) -> list[str]:
    text = yaml.safe_dump([dict(one) for one in entries], sort_keys=False, allow_unicode=True, width=float("inf"))
    return [indent + line for line in text.splitlines()]


def _inline(value: Any) -> str:
    """A value in one line."""
    text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=float("inf"), default_flow_style=True)
    return str(text).removesuffix("\n").removesuffix("\n...")


def _line_edits(old: list[str], new: list[str]) -> Iterator[Edit]:
    """The edits between the lines of two front matters, which begin on a page's second line."""
    for what, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "insert":
            yield Edit("evidence", KEY, start + 2, tuple(new[first:last]))
        elif what != "equal":
            yield Edit("evidence", KEY, start + 2, tuple(new[first:last]), replaces=True)
            yield from (Edit("evidence", KEY, line + 2, (), replaces=True) for line in range(start + 1, end))


def _borne_out(text: str, edits: list[Edit], entries: Sequence[EntryData]) -> list[Edit]:
    """The edits, if front matter with them says what it is to say and nothing else."""
    body, meta = split_front_matter(text)
    after, found = split_front_matter(edited(text, edits).text)
    wanted = list(meta.get(KEY) or [])
    for entry in entries:
        places = _places(wanted, entry)
        if places:
            old = wanted[places[0]]
            wanted[places[0]] = {**old, **{k: v for k, v in entry.items() if k != "metric" and old.get(k) != [v]}}
        else:
            wanted.append(dict(entry))
    if after.lstrip("\n") != body.lstrip("\n") or found != {**meta, KEY: wanted}:
        raise RefusedError("its front matter is written in a way that can't be extended safely; add the entry by hand")
    return edits

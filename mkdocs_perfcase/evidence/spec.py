"""What a record's front matter says of its evidence: `perfcase_evidence`, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import yaml

from mkdocs_perfcase.evidence import KEY
from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.source import front_matter
from mkdocs_perfcase.text import look_alike, quoted

KEYS = ("metric", "before", "after", "select", "statistic", "measures", "trend")
"""What an entry may say. `before` and `after` are required."""
STATISTICS = expression(r"median|mean|min|max|stddev|p\d{1,2}(?:\.\d+)?|p100")
STATISTICS_TOLD = "median, mean, min, max, stddev or a percentile such as p95"
_SIDES = ("before", "after")
_PATHS = (*_SIDES, "measures", "trend")
_TEXTS = (str, int, float)
_NO_FILES = ("metric", "select", "statistic", "measures")
_MOST = 200  # entries of a record


class Trouble(NamedTuple):
    """What keeps evidence from being used: the line that names it, whether a file is missing, what is wrong."""

    line: int
    missing: bool
    message: str
    hint: str = ""


class Entry(NamedTuple):
    """One entry. Paths are globs, relative to the page's folder, or with a leading slash to the repository's root."""

    line: int
    metric: str
    """The row or scenario that it is of; empty for all that the files hold."""
    before: tuple[str, ...]
    after: tuple[str, ...]
    select: tuple[str, str] = ("", "")
    """Which benchmark of the files before and after; empty where they hold one."""
    statistic: str = ""
    """Which statistic to compare; empty for the default."""
    measures: tuple[str, ...] = ()
    """The files whose speed it is about, which must not be newer than the evidence."""
    trend: tuple[str, ...] = ()
    """Further dated results of the same benchmark."""


def result_files(meta: Mapping[str, Any]) -> tuple[str, ...]:
    """The globs of result files that a page's front matter names, whatever else may be wrong with it."""
    found: list[str] = []
    todo, seen = [meta.get(KEY)], set()
    while todo:  # an alias of YAML may hold itself
        value = todo.pop()
        if isinstance(value, str) and value.strip():
            found.append(value.strip())
        elif isinstance(value, list | dict) and id(value) not in seen:
            seen.add(id(value))
            todo += value if isinstance(value, list) else [value[key] for key in value if key not in _NO_FILES]
    return tuple(found)


def read_entries(meta: Mapping[str, Any], source: str) -> tuple[list[Entry], list[Trouble]]:
    """The entries of a page's front matter, and what is wrong with those that can't be used.

    Args:
        meta: the front matter.
        source: the page's file, in which the lines are looked up.
    """
    given = meta.get(KEY)
    if given is None:
        return [], []
    lines = _lines(source)
    if not isinstance(given, list):
        hint = "write `- metric:`, `before:` and `after:` for each"
        return [], [Trouble(lines[0], False, f"{KEY} is no list of entries", hint)]
    entries: list[Entry] = []
    troubles: list[Trouble] = []
    for place, entry in enumerate(given[:_MOST]):
        line = lines[min(place + 1, len(lines) - 1)]
        wrong = _wrong(entry)
        if wrong:
            troubles.append(Trouble(line, False, *wrong))
        else:
            entries.append(_entry(entry, line))
    if len(given) > _MOST:
        troubles.append(Trouble(lines[0], False, f"{KEY} has more than {_MOST} entries; the others are not read"))
    return entries, troubles


def _wrong(entry: Any) -> tuple[str, str] | None:
    """What is wrong with an entry, and what to do."""
    if not isinstance(entry, dict):
        return f"an entry of {KEY} is no mapping", f"it takes {', '.join(KEYS)}, each with a colon"
    return next(filter(None, (_wrong_key(key, entry[key]) for key in entry)), None) or next(
        (
            (f"evidence without `{key}`", "name a result file, or several with a glob such as bench/*.json")
            for key in _SIDES
            if key not in entry
        ),
        None,
    )


def _wrong_key(key: Any, value: Any) -> tuple[str, str] | None:
    if key not in KEYS:
        alike = look_alike(str(key), KEYS)
        hint = f'did you mean "{alike}"?' if alike else f"an entry takes {', '.join(KEYS)}"
        return f"unknown key {quoted(str(key))} of evidence", hint
    if key in _PATHS:
        return None if _paths(value) else (f"`{key}` of evidence is no path", "name a file, or several with a glob")
    if key == "select" and isinstance(value, dict):
        apart = set(value) == set(_SIDES) and all(isinstance(one, _TEXTS) for one in value.values())
        return None if apart else ("`select` of evidence is no text", "of two names, give `before:` and `after:`")
    if not isinstance(value, _TEXTS) or isinstance(value, bool):
        return f"`{key}` of evidence is no text", "put it in quotes"
    if key == "statistic" and not STATISTICS.fullmatch(_text(value)):
        return f"unknown statistic {quoted(str(value))}", f"use {STATISTICS_TOLD}"
    return None


def _entry(entry: Mapping[str, Any], line: int) -> Entry:
    given = entry.get("select")
    select = tuple(_text(given.get(side) if isinstance(given, dict) else given) for side in _SIDES)
    before, after, measures, trend = (_paths(entry[key]) if key in entry else () for key in _PATHS)
    return Entry(
        line,
        _text(entry.get("metric")),
        before,
        after,
        (select[0], select[1]),
        _text(entry.get("statistic")),
        measures,
        trend,
    )


def _text(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())


def _paths(value: Any) -> tuple[str, ...]:
    """One path or a list of them; none where it is anything else."""
    given = value if isinstance(value, list) else [value]
    paths = tuple(path.strip() for path in given if isinstance(path, str) and path.strip())
    return paths if len(paths) == len(given) else ()


def _lines(source: str) -> list[int]:
    """The line of the key, then that of each entry."""
    try:
        root = yaml.compose(front_matter(source))
    except (yaml.YAMLError, ValueError, RecursionError):
        root = None
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    for key, value in pairs:
        if key.value == KEY:
            return [key.start_mark.line + 2, *_item_lines(value)]
    return [1]


def _item_lines(value: yaml.Node) -> Iterator[int]:
    if isinstance(value, yaml.SequenceNode):
        yield from (item.start_mark.line + 2 for item in value.value)  # 1-based, and behind the dashes

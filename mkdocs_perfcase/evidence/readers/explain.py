"""PostgreSQL's EXPLAIN ANALYZE."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from mkdocs_perfcase.evidence.content import Content, mapping, objects
from mkdocs_perfcase.evidence.readers.parts import single
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import Results, Series, UnreadableError

_TOOL = "PostgreSQL EXPLAIN"
_ALIGNED = re.compile(r"\s*QUERY PLAN\s*\n-+\n(?= [\[{] *\+\n)")
_TIME = re.compile(r"^ *(Planning|Execution) Time: ([\d.]+) ms", re.MULTILINE)
_NODE = re.compile(r"\((?:cost=\d+\.\d\d\.\.\d+\.\d\d rows=|actual (?:time|rows)=)\d")
_BLOCKS = re.compile(r"Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?")


@reader(
    _TOOL,
    files='psql -XqAt -c "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) …" > FILE.json',
    source="https://www.postgresql.org/docs/current/sql-explain.html",
)
def read(content: Content) -> Results | None:
    """A query's execution and planning time, and the blocks that it touched; from JSON or from the text format."""
    if content.looks_like_json:
        return _of_plans(content.json)
    if header := _ALIGNED.match(content.text):  # psql framed the JSON: each line begins with a space and ends in ` +`
        lines = content.text[header.end() :].split("\n")
        framed = "\n".join(line.rstrip(" +") for line in lines if not line.startswith("("))
        return _of_plans(Content(content.name, framed.encode()).json)
    return _of_text(content.text)


def _of_plans(value: Any) -> Results | None:
    plans = [
        one for one in objects(value if isinstance(value, list) else [value]) if "Node Type" in mapping(one.get("Plan"))
    ]
    if not plans:
        return None
    names = [f"query {n}" for n in range(1, len(plans) + 1)] if len(plans) > 1 else [""]
    return _results(chain.from_iterable(map(_of_plan, names, plans)))


def _of_plan(name: str, held: dict[str, Any]) -> Iterator[Series]:
    top = mapping(held["Plan"])
    return _series(
        name,
        *map(held.get, ("Execution Time", "Planning Time")),
        *map(top.get, ("Shared Hit Blocks", "Shared Read Blocks")),
    )


def _of_text(text: str) -> Results | None:
    if not _NODE.search(text):
        return None
    times = dict(reversed(_TIME.findall(text)))
    blocks = _BLOCKS.search(text)  # those of the whole query stand first
    hit, read = (blocks[1] or 0, blocks[2] or 0) if blocks else (None, None)
    return _results(_series("", times.get("Execution"), times.get("Planning"), hit, read))


def _series(name: str, execution: Any, planning: Any, hit: Any, read: Any) -> Iterator[Series]:
    yield Series(name, "execution time", "ms", samples=single(execution))
    yield Series(name, "planning time", "ms", samples=single(planning))
    yield Series(name, "shared hit blocks", "blocks", "", single(hit))  # instead of reads they are good, else not
    yield Series(name, "shared read blocks", "blocks", samples=single(read))


def _results(series: Iterator[Series]) -> Results:
    found = tuple(series)
    if not any(one.samples for one in found if one.metric == "execution time"):
        raise UnreadableError("it has no execution time; use EXPLAIN (ANALYZE, FORMAT JSON)")
    return Results(_TOOL, found)

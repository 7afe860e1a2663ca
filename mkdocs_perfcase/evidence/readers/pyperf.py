"""pyperf: runs over several processes."""

from __future__ import annotations

from itertools import chain
from typing import Any

from mkdocs_perfcase.evidence.content import Content, mapping, moment, numbers, objects, words
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import Results, Series

_TOOL = "pyperf"
_METRICS = {"second": "time", "byte": "memory", "integer": "value"}


@reader(_TOOL, files="python -m pyperf … -o FILE.json", source="https://pyperf.readthedocs.io/en/latest/api.html")
def read(content: Content) -> Results | None:
    """Each benchmark's values from all of its processes; warm-ups and calibration stand elsewhere in the file."""
    suite = content.object
    benchmarks = [one for one in objects(suite.get("benchmarks")) if isinstance(one.get("runs"), list)]
    if not benchmarks:
        return None
    shared = mapping(suite.get("metadata"))
    runs = [mapping(run.get("metadata")) for one in benchmarks for run in objects(one["runs"])]
    taken = next((found for held in (shared, *runs) if (found := moment(held.get("date")))), None)
    return Results(_TOOL, tuple(_series(one, shared) for one in benchmarks), taken, words(shared.get("commit_id")))


def _series(benchmark: dict[str, Any], shared: dict[str, Any]) -> Series:
    held = shared | mapping(benchmark.get("metadata"))  # what all benchmarks have in common stands above them
    unit = words(held.get("unit")) or "second"
    return Series(
        benchmark=words(held.get("name")),
        metric=_METRICS.get(unit, "value"),
        unit="" if unit == "integer" else unit,
        samples=tuple(chain.from_iterable(numbers(run.get("values")) for run in objects(benchmark["runs"]))),
    )

"""pytest-benchmark's JSON: seconds a round, with every round unless it was saved without."""

from __future__ import annotations

from typing import Any

from mkdocs_perfcase.evidence.content import Content, figures, mapping, moment, numbers, objects, whole, words
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import DEVIATION, LEAST, MEAN, MEDIAN, MOST, Results, Series

_STATISTICS = {name: name for name in (MEDIAN, MEAN, DEVIATION, LEAST, MOST)}


@reader(
    "pytest-benchmark",
    files="pytest --benchmark-json=FILE",
    source="https://pytest-benchmark.readthedocs.io/en/latest/usage.html",
)
def read(content: Content) -> Results | None:
    """A series for each test."""
    data = content.object
    if "commit_info" not in data or "benchmarks" not in data:
        return None
    series = tuple(_series(one) for one in objects(data["benchmarks"]))
    commit = words(mapping(data["commit_info"]).get("id"))
    return Results("pytest-benchmark", series, moment(data.get("datetime")), commit)


def _series(benchmark: dict[str, Any]) -> Series:
    stats = mapping(benchmark.get("stats"))
    return Series(
        words(benchmark.get("fullname")) or words(benchmark.get("name")),
        "time",
        "s",
        samples=numbers(stats.get("data")),
        given=figures(stats, _STATISTICS),
        count=whole(stats.get("rounds")),
    )

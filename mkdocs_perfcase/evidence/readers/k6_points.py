"""k6's point by point outputs: every figure that was measured, in lines of JSON or CSV."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from mkdocs_perfcase.evidence.content import Content, mapping, moment, number, words
from mkdocs_perfcase.evidence.readers.k6 import direction, is_time, standing
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import MEAN, MEDIAN, Results, Series

Point = tuple[str, float, Any]
"""A metric's name, a figure of it, and when it was measured."""
_SHARES = {"http_req_failed", "checks"}
_UNITS = {"time": "ms", "data": "B"}


@reader(
    "k6",
    files="k6 run --out json=FILE, or --out csv=FILE",
    source="https://grafana.com/docs/k6/latest/results-output/real-time/json/",
)
def read(content: Content) -> Results | None:
    """A series for each metric that is a time or a share of all; what only counts, such as requests, is left out."""
    if content.columns[:3] == ("metric_name", "timestamp", "metric_value"):
        return _results(_rows(content), {})
    first = next(content.json_lines(), {})
    if first.get("type") not in ("Metric", "Point") or "metric" not in first:
        return None
    return _results(_points(content), _declared(content))


def _rows(content: Content) -> Iterator[Point]:
    for row in content.rows():
        if (value := number(row.get("metric_value"))) is not None:
            yield row["metric_name"], value, row["timestamp"]


def _points(content: Content) -> Iterator[Point]:
    for line in content.json_lines():
        data = mapping(line.get("data"))
        value = number(data.get("value"))
        if line.get("type") == "Point" and value is not None:
            yield words(line.get("metric")), value, data.get("time")


def _declared(content: Content) -> dict[str, tuple[str, str]]:
    """The type and the contents of each metric, as lines of their own tell."""
    found = ((line.get("metric"), mapping(line.get("data"))) for line in content.json_lines())
    return {
        words(name): (words(data.get("type")), words(data.get("contains")))
        for name, data in found
        if "contains" in data
    }


def _results(points: Iterator[Point], declared: dict[str, tuple[str, str]]) -> Results:
    figures: dict[str, list[float]] = defaultdict(list)
    start = None
    for name, value, time in points:
        start = start or time
        figures[name].append(value)
    series = (_series(name, figures[name], *_sort(name, declared)) for name in sorted(figures, key=standing))
    return Results("k6", tuple(one for one in series if one), moment(start))


def _sort(name: str, declared: dict[str, tuple[str, str]]) -> tuple[str, str]:
    if name in declared:
        return declared[name]
    return ("rate", "default") if name in _SHARES else ("trend" if is_time(name) else "", "time")


def _series(name: str, values: list[float], kind: str, contains: str) -> Series | None:
    if kind == "trend":
        better = "lower" if contains == "time" else direction(name)
        return Series("", name, _UNITS.get(contains, ""), better, samples=tuple(values))
    if kind == "rate":
        share = 100 * sum(values) / len(values)
        return Series("", name, "%", direction(name), given={MEAN: share, MEDIAN: share}, count=len(values))
    return None

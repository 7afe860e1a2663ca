"""Google Benchmark's JSON: every repetition, their aggregates, or both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from mkdocs_perfcase.evidence.content import Content, mapping, moment, number, objects, whole, words
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import DEVIATION, LEAST, MEAN, MEDIAN, MOST, Better, Results, Series

_TIMES = ("real_time", "cpu_time")
_MEMORY = {"allocs_per_iter": "", "max_bytes_used": "B", "total_allocated_bytes": "B", "net_heap_growth": "B"}
_ABOUT = {
    *("family_index", "per_family_instance_index", "repetitions", "repetition_index", "threads", "iterations"),
    *("cpu_coefficient", "real_coefficient", "rms"),  # of a fitted complexity
}
_AGGREGATES = {MEAN, MEDIAN, DEVIATION, LEAST, MOST}  # never cv: a share is no figure in the metric's unit

Row = dict[str, Any]


@reader(
    "Google Benchmark",
    files="./benchmark --benchmark_out=FILE --benchmark_out_format=json",
    source="https://github.com/google/benchmark/blob/main/docs/user_guide.md#output-formats",
)
def read(content: Content) -> Results | None:
    """Series for each benchmark: its times, and its counters."""
    context, rows = mapping(content.object.get("context")), objects(content.object.get("benchmarks"))
    if not any("real_time" in row or "run_type" in row for row in rows):
        return None
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if not (row.get("error_occurred") or row.get("skipped")):
            grouped[words(row.get("run_name")) or words(row.get("name"))].append(row)
    series = tuple(one for name, group in grouped.items() for one in _of_benchmark(name, group))
    return Results("Google Benchmark", series, moment(context.get("date")))


def _of_benchmark(name: str, rows: list[Row]) -> Iterator[Series]:
    samples: dict[str, list[float]] = defaultdict(list)
    given: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rows:
        kind = words(row.get("aggregate_name")) if row.get("run_type") == "aggregate" else ""
        for metric, value in _figures(row):
            if not kind:
                samples[metric].append(value)
            elif kind in _AGGREGATES:
                given[metric][kind] = value
    time_unit, count = words(rows[0].get("time_unit")), whole(rows[0].get("repetitions"))
    for metric in dict.fromkeys((*_TIMES, *samples, *given)):
        unit, better = _nature(metric, time_unit)
        yield Series(name, metric, unit, better, tuple(samples[metric]), given[metric], count)


def _figures(row: Row) -> Iterator[tuple[str, float]]:
    """The times and counters of a row."""
    for key, value in row.items():
        if key not in _ABOUT and not isinstance(value, str) and (found := number(value)) is not None:
            yield key, found


def _nature(metric: str, time_unit: str) -> tuple[str, Better]:
    """A metric's unit and direction; a counter of the benchmark's own has neither."""
    if metric in _TIMES:
        return time_unit or "ns", "lower"
    if metric in _MEMORY:
        return _MEMORY[metric], "lower"
    if metric.endswith("_per_second"):
        counted = metric.removesuffix("_per_second")
        return ("B/s" if counted == "bytes" else f"{counted}/s"), "higher"
    return "", ""

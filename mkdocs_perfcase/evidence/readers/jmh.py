"""JMH, the Java harness."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain
from typing import Any

from mkdocs_perfcase.evidence.content import Content, figures, mapping, number, numbers, objects, words
from mkdocs_perfcase.evidence.readers.parts import better_by_unit, items, of_one, percentiles
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import DEVIATION, MEAN, Better, Results, Series

_TOOL = "JMH"
_METRICS = {"avgt": "average time", "thrpt": "throughput", "sample": "sample time", "ss": "single shot time"}
_PER_SECOND = {"ops/s": 1.0, "ops/ms": 1e3, "ops/us": 1e6, "ops/ns": 1e9}


@reader(
    _TOOL,
    files="java -jar benchmarks.jar -rf json -rff FILE.json",
    source="https://github.com/openjdk/jmh/blob/master/jmh-core/src/main/java/org/openjdk/jmh/results/format/JSONResultFormat.java",
)
def read(content: Content) -> Results | None:
    """Each benchmark's score, with the single iterations of all forks, and what profilers added."""
    runs = [one for one in objects(content.json) if "benchmark" in one and "primaryMetric" in one]
    return Results(_TOOL, tuple(chain.from_iterable(map(_of_run, runs)))) if runs else None


def _of_run(run: dict[str, Any]) -> Iterator[Series]:
    params = ", ".join(f"{name}={value}" for name, value in mapping(run.get("params")).items())
    benchmark = words(run.get("benchmark")) + (f"({params})" if params else "")
    mode = words(run.get("mode"))
    better: Better = "higher" if mode == "thrpt" else "lower"
    yield _series(benchmark, _METRICS.get(mode, "score"), run.get("primaryMetric"), better)
    for name, metric in mapping(run.get("secondaryMetrics")).items():
        unit = of_one(words(mapping(metric).get("scoreUnit")))
        by_unit = better_by_unit(unit)  # a rate of allocation is none that should rise
        yield _series(benchmark, name.lstrip("·"), metric, by_unit if by_unit == "lower" else "")


def _series(benchmark: str, metric: str, source: Any, better: Better) -> Series:
    held = mapping(source)
    unit = words(held.get("scoreUnit"))
    scale = _PER_SECOND.get(unit, 1.0)
    deviation, many = _of_histogram(held.get("rawDataHistogram"))
    given = percentiles(held.get("scorePercentiles")) | figures(held, {"score": MEAN}) | deviation
    samples = chain.from_iterable(map(numbers, items(held.get("rawData"))))
    return Series(
        benchmark=benchmark,
        metric=metric,
        unit="ops/s" if unit in _PER_SECOND else of_one(unit),
        better=better,
        samples=tuple(value * scale for value in samples),
        given={name: value * scale for name, value in given.items()},
        count=many,
    )


def _of_histogram(forks: Any) -> tuple[dict[str, float], int | None]:
    """The deviation and number of sampled times, which are kept by value and how often each was met.

    They aren't written out: a small file may tell of billions.
    """
    pairs = [
        (value, times)
        for iteration in chain.from_iterable(map(items, items(forks)))
        for pair in map(items, items(iteration))
        if len(pair) == 2 and (value := number(pair[0])) is not None and (times := number(pair[1])) and times > 0
    ]
    many = math.fsum(times for _, times in pairs)
    if many < 2:
        return {}, int(many) or None
    mean = math.fsum(value * times for value, times in pairs) / many
    spread = math.fsum((value - mean) ** 2 * times for value, times in pairs)
    return {DEVIATION: math.sqrt(spread / (many - 1))}, int(many)

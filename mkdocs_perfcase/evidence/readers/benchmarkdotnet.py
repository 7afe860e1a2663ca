"""BenchmarkDotNet, the .NET harness."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from mkdocs_perfcase.evidence.content import Content, figures, mapping, moment, number, numbers, objects, whole, words
from mkdocs_perfcase.evidence.readers.parts import percentiles, single
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import DEVIATION, LEAST, MEAN, MEDIAN, MOST, Results, Series

_TOOL = "BenchmarkDotNet"
_STATISTICS = {"Mean": MEAN, "Median": MEDIAN, "Min": LEAST, "Max": MOST, "StandardDeviation": DEVIATION}
_STAMP = re.compile(r"-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$")


@reader(
    _TOOL,
    files="dotnet run -c Release -- --exporters json",
    source="https://benchmarkdotnet.org/articles/configs/exporters.html",
)
def read(content: Content) -> Results | None:
    """Each benchmark's time for one operation, and what it allocated where the memory diagnoser ran."""
    report = content.object
    if not ("HostEnvironmentInfo" in report and isinstance(report.get("Benchmarks"), list)):
        return None
    benchmarks = objects(report["Benchmarks"])
    names = Counter(words(one.get("FullName")) for one in benchmarks)
    named = ((one, words(one.get("FullName"))) for one in benchmarks)
    series = chain.from_iterable(
        _of_benchmark(one, name if name and names[name] == 1 else words(one.get("DisplayInfo")) or name)
        for one, name in named  # the full name is the same for every job, the long one says which
    )
    return Results(_TOOL, tuple(series), _taken(words(report.get("Title"))))


def _of_benchmark(held: dict[str, Any], name: str) -> Iterator[Series]:
    statistics = mapping(held.get("Statistics"))
    yield Series(
        benchmark=name,
        metric="time",
        unit="ns",
        samples=_samples(held) or numbers(statistics.get("OriginalValues")),
        given=percentiles(statistics.get("Percentiles")) | figures(statistics, _STATISTICS),
        count=whole(statistics.get("N")),
    )
    allocated = mapping(held.get("Memory")).get("BytesAllocatedPerOperation")
    yield Series(name, "allocated", "B", samples=single(allocated))


def _samples(held: dict[str, Any]) -> tuple[float, ...]:
    """Times for one operation in the iterations that count, without pilots, warm-ups and the harness's own."""
    return numbers(
        [
            taken / operations
            for row in objects(held.get("Measurements"))
            if row.get("IterationStage") == "Result" and row.get("IterationMode") == "Workload"
            if (taken := number(row.get("Nanoseconds"))) is not None and (operations := whole(row.get("Operations")))
        ]
    )


def _taken(title: str) -> datetime | None:
    stamp = _STAMP.search(title)
    return moment("{}-{}-{}T{}:{}:{}".format(*stamp.groups())) if stamp else None

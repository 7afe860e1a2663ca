"""asv, airspeed velocity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain, product, zip_longest
from typing import Any

from mkdocs_perfcase.evidence.content import Content, mapping, moment, numbers, words
from mkdocs_perfcase.evidence.readers.parts import items, single
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import MEDIAN, Better, Results, Series, UnreadableError

_TOOL = "asv"
_KIND = re.compile(r"(timeraw|time|peakmem|mem|track)(?=[_A-Z])", re.IGNORECASE)
_MOST_PARAMS, _LONGEST = 20, 200  # of a benchmark, and characters of one; every series repeats them in its name
# what a name's beginning says: the metric, its unit, and which way is better (a tracked value may be anything)
_BY_NAME: dict[str, tuple[str, str, Better]] = {
    "time": ("time", "s", "lower"),
    "timeraw": ("time", "s", "lower"),
    "mem": ("memory", "B", "lower"),
    "peakmem": ("peak memory", "B", "lower"),
    "track": ("value", "", ""),
}


@reader(
    _TOOL,
    files="asv run, with .asv/results/benchmarks.json kept beside the results",
    source="https://asv.readthedocs.io/en/latest/dev.html#results",
)
def read(content: Content) -> Results | None:
    """Each benchmark under each set of its parameters."""
    held = content.object
    columns = [words(name) for name in items(held.get("result_columns"))]
    if "result" not in columns or not isinstance(held.get("results"), dict):
        return None
    about = _benchmarks(content)
    series = chain.from_iterable(
        _of_benchmark(name, dict(zip(columns, items(row), strict=False)), mapping(about.get(name)))
        for name, row in held["results"].items()
    )
    return Results(_TOOL, tuple(series), moment(held.get("date")), words(held.get("commit_hash")))


def _benchmarks(content: Content) -> dict[str, Any]:
    """What the file beside says of the benchmarks. Without it, or broken, their names still say enough."""
    data = content.beside("benchmarks.json")
    try:
        return Content("benchmarks.json", data).object if data else {}
    except UnreadableError:
        return {}


def _of_benchmark(name: str, row: Mapping[str, Any], about: Mapping[str, Any]) -> Iterator[Series]:
    kind = _KIND.match(name.rpartition(".")[2])
    metric, unit, better = _BY_NAME[kind[1].lower() if kind else "track"]
    named = words(about.get("unit"))
    unit = named if named not in ("", "unit") else unit  # `unit` is what asv writes for none
    params = product(*map(_written, items(row.get("params"))[:_MOST_PARAMS]))
    per_set = zip_longest(items(row.get("result")), items(row.get("samples")))
    for (value, samples), chosen in zip(per_set, params, strict=False):
        benchmark = f"{name}({', '.join(chosen)})" if chosen else name
        found, result = numbers(samples), single(value)
        median = {MEDIAN: result[0]} if found and result else {}
        yield Series(benchmark, metric, unit, better, found or result, median)


def _written(values: Any) -> list[str]:
    return [str(value)[:_LONGEST] for value in items(values)]

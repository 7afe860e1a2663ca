"""k6's summaries, of all three shapes: what `handleSummary` gets, the older export and the newer one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mkdocs_perfcase.evidence.content import Content, figures, mapping, moment, number, objects, whole, words
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import LEAST, MEAN, MEDIAN, MOST, Better, Results, Series

_STATISTICS = {"avg": MEAN, "med": MEDIAN, "min": LEAST, "max": MOST}
_PERCENTILE = re.compile(r"p\(?(\d{1,2}(?:\.\d+)?)\)?")
_DIRECTIONS: Mapping[str, Better] = {
    **dict.fromkeys(("http_reqs", "iterations", "checks", "checks_succeeded"), "higher"),
    **dict.fromkeys(("http_req_failed", "checks_failed", "dropped_iterations"), "lower"),
}
_RATES = {"http_reqs": "req/s"}
_TIMES = re.compile(r"(?:http_req|grpc_req|ws|iteration|group|browser)_\w+")
_FIRST = ("http_req_duration", "http_req_failed", "http_reqs", "iteration_duration")

Metric = dict[str, Any]


@reader(
    "k6",
    files="k6 run --summary-export=FILE, or handleSummary()",
    source="https://grafana.com/docs/k6/latest/results-output/end-of-test/custom-summary/",
)
def read(content: Content) -> Results | None:
    """A series for each metric."""
    data = content.object
    results = mapping(data.get("results"))
    is_newer = "k6_version" in mapping(data.get("metadata")) or "checks" in results
    if not is_newer and not {"root_group", "metrics"} <= data.keys():
        return None
    found = _listed(results) if is_newer else dict(_metrics(data["metrics"]))
    series = (_series(name, found[name], _seconds(data)) for name in sorted(found, key=standing))
    taken = moment(mapping(data.get("metadata")).get("generated_at"))
    return Results("k6", tuple(one for one in series if one), taken)


def standing(name: str) -> tuple[int, str]:
    """Where a metric comes among all of them: what people mean by default first, the rest by name."""
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)


def direction(name: str) -> Better:
    """Which way is better for a metric of k6's own, with or without tags; what a script counts itself is open."""
    name = name.partition("{")[0]
    return "lower" if is_time(name) else _DIRECTIONS.get(name, "")


def is_time(name: str) -> bool:
    """Whether a metric of k6's own is a time, which its older files don't say."""
    name = name.partition("{")[0]
    return bool(_TIMES.fullmatch(name)) and name != "http_req_failed"


def _listed(results: Metric) -> dict[str, Metric]:
    """The metrics of the newer shape, those of the checks last."""
    lists = (mapping(results.get("checks")).get("metrics"), results.get("metrics"))
    return {words(metric.get("name")): metric for one in lists for metric in objects(one)}


def _metrics(found: Any) -> Iterator[tuple[str, Metric]]:
    """The metrics of an older shape; the export has a metric's values beside each other, without its type."""
    for name, metric in mapping(found).items():
        if isinstance(metric, dict):
            yield name, metric if "values" in metric else {"values": metric}


def _seconds(data: Metric) -> float | None:
    """How long it ran, where the file says."""
    config = mapping(data.get("config"))
    for key in ("duration", "duration_seconds"):
        if seconds := number(config.get(key)):
            return seconds
    return None


def _series(name: str, metric: Metric, seconds: float | None) -> Series | None:
    values = mapping(metric.get("values"))
    contains = words(metric.get("contains")) or ("time" if is_time(name) else "")
    unit = {"time": "ms", "data": "B"}.get(contains, "")
    kind = metric.get("type") or _kind(values)
    if kind == "trend":
        better = "lower" if contains == "time" else direction(name)
        return Series("", name, unit, better, given=_statistics(values), count=whole(values.get("count")))
    if kind == "rate":
        return _share(name, values)
    if kind == "counter":
        return _per_second(name, values, unit or ("B" if name.startswith("data_") else ""), seconds)
    value = number(values.get("value"))
    return Series("", name, unit, "", samples=() if value is None else (value,)) if kind == "gauge" else None


def _kind(values: Metric) -> str:
    """A metric's type by the values that it has."""
    if "passes" in values:
        return "rate"
    if "value" in values:
        return "gauge"
    return "counter" if "rate" in values else "trend"


def _statistics(values: Metric) -> dict[str, float]:
    percentiles = {key: f"p{match[1]}" for key in values if (match := _PERCENTILE.fullmatch(key))}
    return figures(values, _STATISTICS | percentiles)


def _share(name: str, values: Metric) -> Series | None:
    """How many in a hundred; the older export calls it a value."""
    share = number(values.get("rate", values.get("value")))
    if share is None:
        return None
    parts = (number(values.get(key)) or 0 for key in ("passes", "fails"))
    count = whole(values.get("total")) or whole(sum(parts))
    return Series("", name, "%", direction(name), given={MEAN: share * 100, MEDIAN: share * 100}, count=count)


def _per_second(name: str, values: Metric, unit: str, seconds: float | None) -> Series | None:
    """A counter's rate, which the newer shape leaves to be computed."""
    rate, count = number(values.get("rate")), number(values.get("count"))
    if rate is None and count is not None and seconds:
        rate = count / seconds
    if rate is None:
        return None
    return Series("", name, _RATES.get(name, f"{unit}/s"), direction(name), samples=(rate,))

"""Vegeta, the HTTP load generator."""

from __future__ import annotations

from mkdocs_perfcase.evidence.content import Content, figures, mapping, moment, whole
from mkdocs_perfcase.evidence.readers.parts import percentiles, single
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import LEAST, MEAN, MOST, Results, Series

_TOOL = "Vegeta"
_STATISTICS = {"mean": MEAN, "min": LEAST, "max": MOST}


@reader(_TOOL, files="vegeta report -type=json > FILE.json", source="https://github.com/tsenart/vegeta#json")
def read(content: Content) -> Results | None:
    """Latencies, the rate of requests that succeeded, and their share. The rate that was asked for is no result."""
    report = content.object
    if not {"latencies", "bytes_in", "success"} <= report.keys():
        return None
    latencies = percentiles(report["latencies"]) | figures(mapping(report["latencies"]), _STATISTICS)
    series = (
        Series("", "latency", "ns", given=latencies, count=whole(report.get("requests"))),
        Series("", "throughput", "req/s", "higher", single(report.get("throughput"))),
        Series("", "success", "%", "higher", single(report["success"], 100.0)),
    )
    return Results(_TOOL, series, moment(report.get("earliest")))

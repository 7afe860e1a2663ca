"""oha, the HTTP load generator."""

from __future__ import annotations

from mkdocs_perfcase.evidence.content import Content, figures, mapping, numbers, whole
from mkdocs_perfcase.evidence.readers.parts import percentiles, single
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import LEAST, MEAN, MOST, Results, Series

_TOOL = "oha"
_STATISTICS = {"average": MEAN, "fastest": LEAST, "slowest": MOST}


@reader(
    _TOOL, files="oha --output-format json … > FILE.json", source="https://github.com/hatoo/oha/blob/master/schema.json"
)
def read(content: Content) -> Results | None:
    """Response times, the rate of requests and bytes, and the share of requests that succeeded."""
    report = content.object
    summary = mapping(report.get("summary"))
    if not ("requestsPerSec" in summary and "latencyPercentiles" in report):
        return None
    times = percentiles(report["latencyPercentiles"]) | figures(summary, _STATISTICS)
    answers = whole(sum(numbers([*mapping(report.get("statusCodeDistribution")).values()])))
    series = (
        Series("", "response time", "s", given=times, count=answers),
        Series("", "requests", "req/s", "higher", single(summary["requestsPerSec"])),
        Series("", "throughput", "B/s", "", single(summary.get("sizePerSec"))),
        Series("", "success rate", "%", "higher", single(summary.get("successRate"), 100.0)),
    )
    return Results(_TOOL, series)

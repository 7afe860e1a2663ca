"""autocannon, the Node.js load generator."""

from __future__ import annotations

from mkdocs_perfcase.evidence.content import Content, figures, mapping, moment, whole, words
from mkdocs_perfcase.evidence.readers.parts import path_of, percentiles, single
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import DEVIATION, LEAST, MEAN, MOST, Results, Series

_TOOL = "autocannon"
_STATISTICS = {"average": MEAN, "stddev": DEVIATION, "min": LEAST, "max": MOST}


@reader(
    _TOOL, files="autocannon --json … > FILE.json", source="https://github.com/mcollina/autocannon#autocannonopts-cb"
)
def read(content: Content) -> Results | None:
    """Latency over all requests; requests and bytes by the seconds of the run; what went wrong."""
    report = content.object
    if not {"latency", "requests", "throughput", "connections", "pipelining"} <= report.keys():
        return None
    name = words(report.get("title")) or path_of(words(report.get("url")))
    seconds = whole(report.get("samples"))

    def statistics(part: str) -> dict[str, float]:
        return percentiles(report[part]) | figures(mapping(report[part]), _STATISTICS)

    series = (
        Series(
            name,
            "latency",
            "ms",
            given=statistics("latency"),
            count=whole(mapping(report["latency"]).get("totalCount")),
        ),
        Series(name, "requests", "req/s", "higher", given=statistics("requests"), count=seconds),
        Series(name, "throughput", "B/s", "", given=statistics("throughput"), count=seconds),
        *(Series(name, part, "", samples=single(report.get(part))) for part in ("errors", "timeouts", "non2xx")),
    )
    return Results(_TOOL, series, moment(report.get("start")))

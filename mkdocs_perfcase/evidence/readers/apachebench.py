"""ab, Apache's load generator."""

from __future__ import annotations

import re

from mkdocs_perfcase.evidence.content import Content, figures, moment, number, numbers, whole
from mkdocs_perfcase.evidence.readers.parts import percentile_name, single
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import DEVIATION, LEAST, MEAN, MEDIAN, MOST, Results, Series

_TOOL = "ab"
_PERCENTILES = "Percentage served,Time in ms"
_GNUPLOT = "starttime\tseconds\tctime\tdtime\tttime\twait"
_TIMES = {"ttime": "response time", "ctime": "connect time", "wait": "waiting time"}
_TOTAL = re.compile(r"^Total: +(\d+) +(\d+) +([\d.]+) +(\d+) +(\d+)$", re.MULTILINE)
_ROW = (LEAST, MEAN, DEVIATION, MEDIAN, MOST)
_PLACE = re.compile(r"^ +(\d{1,3})% +(\d+)(?: \(longest request\))?$", re.MULTILINE)
_LINE = re.compile(r"^([A-Z][\w -]+): +(\S+)(?: \[(.+?)\] \(mean\)| \[(.+?)\] received)?$", re.MULTILINE)


@reader(
    _TOOL,
    files="ab -g FILE.tsv, ab -e FILE.csv, or ab … > FILE.txt",
    source="https://httpd.apache.org/docs/current/programs/ab.html",
)
def read(content: Content) -> Results | None:
    """Response times: each one from `-g`, percentiles from `-e`, else the summary with the rates beside them."""
    text = content.text.lstrip()
    if text.startswith(_GNUPLOT):
        return _of_requests(content.table)
    if text.startswith(_PERCENTILES):
        return _of_percentiles(content.table)
    return _of_summary(text) if text.startswith("This is ApacheBench") or "\nConcurrency Level:" in text else None


def _of_requests(rows: list[dict[str, str]]) -> Results:
    series = tuple(
        Series("", metric, "ms", samples=numbers([row.get(column) for row in rows]))
        for column, metric in _TIMES.items()
    )
    return Results(_TOOL, series, moment(min(numbers([row.get("seconds") for row in rows]), default=None)))


def _of_percentiles(rows: list[dict[str, str]]) -> Results:
    places = ((number(row.get("Percentage served")), number(row.get("Time in ms"))) for row in rows)
    found = {percentile_name(place): time for place, time in places if place is not None and time is not None}
    return Results(_TOOL, (Series("", "response time", "ms", given=found),))


def _of_summary(text: str) -> Results:
    said = {match[1]: match[2] for match in reversed(list(_LINE.finditer(text)))}  # of equal names the first counts
    name = said.get("Document Path", "")
    series = (
        Series(name, "response time", "ms", given=_times(text), count=whole(said.get("Complete requests"))),
        Series(name, "requests", "req/s", "higher", single(said.get("Requests per second"))),
        Series(name, "time per request", "ms", given=figures(said, {"Time per request": MEAN})),
        Series(name, "transfer rate", "B/s", "", single(said.get("Transfer rate"), 1024.0)),
        Series(name, "failed requests", "", samples=single(said.get("Failed requests"))),
    )
    return Results(_TOOL, series)


def _times(text: str) -> dict[str, float]:
    total = _TOTAL.search(text)
    found = {percentile_name(float(place)): time for place, time in _PLACE.findall(text)}
    found |= zip(_ROW, total.groups(), strict=True) if total else {}
    return figures(found, {name: name for name in found})

"""Locust's JSON: each request's response times in a histogram."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from mkdocs_perfcase.evidence.content import Content, mapping, moment, number, objects, whole, words
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import LEAST, MEAN, MEDIAN, MOST, Results, Series

AGGREGATED = "Aggregated"
_PERCENTILES = (75, 90, 95, 98, 99, 99.9)


@reader(
    "Locust", files="locust --headless --json-file FILE", source="https://docs.locust.io/en/stable/configuration.html"
)
def read(content: Content) -> Results | None:
    """Series for each request, and for all of them together as Locust's own tables have them."""
    if not isinstance(content.json, list):
        return None
    entries = [_entry(one) for one in objects(content.json) if {"method", "response_times"} <= one.keys()]
    if not entries:
        return None
    whole_run = [_together(entries)] if len(entries) > 1 else []
    series = tuple(series for entry in [*entries, *whole_run] for series in entry.series())
    return Results("Locust", series, moment(min((entry.start for entry in entries if entry.start), default=None)))


def named(method: str, name: str) -> str:
    """A request as people call it: `GET /prices`."""
    return f"{method} {name}".strip()


@dataclass(frozen=True)
class _Entry:
    name: str
    requests: float
    failures: float
    total: float
    """The sum of all response times."""
    start: float | None
    end: float | None
    least: float | None
    most: float | None
    times: Counter[float]
    """How often each response time was seen, in milliseconds, rounded as Locust does."""

    def series(self) -> Iterator[Series]:
        count = whole(self.requests)
        yield Series(self.name, "response time", "ms", given=self._statistics(), count=count)
        if count:
            share = 100 * self.failures / self.requests
            yield Series(self.name, "failures", "%", given={MEAN: share, MEDIAN: share}, count=count)
        if self.start and self.end and self.end > self.start:
            yield Series(self.name, "requests", "req/s", "higher", samples=(self.requests / (self.end - self.start),))

    def _statistics(self) -> dict[str, float]:
        ordered = sorted(self.times)
        if not ordered:
            return {}
        upto = list(accumulate(self.times[time] for time in ordered))
        last = upto[-1] - 1

        def at(place: float) -> float:
            return ordered[bisect_right(upto, min(int(place), last))]

        given = {MEDIAN: at(last / 2), **{f"p{one:g}": at(upto[-1] * one / 100) for one in _PERCENTILES}}
        ends = {LEAST: self.least, MOST: self.most, MEAN: self.total / self.requests if self.requests else None}
        return given | {name: value for name, value in ends.items() if value is not None}


def _entry(found: dict[str, Any]) -> _Entry:
    counts = ((number(time), whole(count)) for time, count in mapping(found["response_times"]).items())
    figure = {key: number(found.get(key)) for key in found}
    return _Entry(
        named(words(found["method"]), words(found.get("name"))),
        figure.get("num_requests") or 0,
        figure.get("num_failures") or 0,
        figure.get("total_response_time") or 0,
        figure.get("start_time"),
        figure.get("last_request_timestamp"),
        figure.get("min_response_time"),
        figure.get("max_response_time"),
        Counter({time: count for time, count in counts if time is not None and count}),
    )


def _together(entries: list[_Entry]) -> _Entry:
    times: Counter[float] = Counter()
    for entry in entries:
        times.update(entry.times)
    return _Entry(
        AGGREGATED,
        sum(entry.requests for entry in entries),
        sum(entry.failures for entry in entries),
        sum(entry.total for entry in entries),
        min((entry.start for entry in entries if entry.start), default=None),
        max((entry.end for entry in entries if entry.end), default=None),
        min((entry.least for entry in entries if entry.least is not None), default=None),
        max((entry.most for entry in entries if entry.most is not None), default=None),
        times,
    )

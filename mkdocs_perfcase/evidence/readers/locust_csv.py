"""Locust's table of statistics."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_perfcase.evidence.content import Content, figures, number, whole
from mkdocs_perfcase.evidence.readers.locust import named
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import LEAST, MEAN, MEDIAN, MOST, Results, Series, UnreadableError

_STATISTICS = {
    "Median Response Time": MEDIAN,
    "Average Response Time": MEAN,
    "Min Response Time": LEAST,
    "Max Response Time": MOST,
    **{f"{place}%": f"p{place}" for place in ("75", "90", "95", "98", "99", "99.9")},
}
_OTHERS = {
    ("Timestamp", "User Count"): "history",
    ("Method", "Name", "Error", "Occurrences"): "list of failures",
    ("Count", "Message", "Traceback", "Nodes"): "list of exceptions",
}


@reader(
    "Locust",
    files="locust --headless --csv PREFIX: PREFIX_stats.csv",
    source="https://docs.locust.io/en/stable/retrieving-stats.html",
)
def read(content: Content) -> Results | None:
    """Series for each request, and for all of them together."""
    for columns, what in _OTHERS.items():
        if content.columns[: len(columns)] == columns:
            raise UnreadableError(f"it is Locust's {what}; the figures are in the file that ends in _stats.csv")
    if not {"Type", "Name", "Request Count", "Average Response Time"} <= set(content.columns):
        return None
    return Results("Locust", tuple(series for row in content.rows() for series in _of_row(row)))


def _of_row(row: dict[str, str]) -> Iterator[Series]:
    name = named(row.get("Type", ""), row.get("Name", ""))
    count = whole(row.get("Request Count"))
    failures, rate = number(row.get("Failure Count")), number(row.get("Requests/s"))
    yield Series(name, "response time", "ms", given=figures(row, _STATISTICS), count=count)
    if count and failures is not None:
        share = 100 * failures / count
        yield Series(name, "failures", "%", given={MEAN: share, MEDIAN: share}, count=count)
    yield Series(name, "requests", "req/s", "higher", samples=() if rate is None else (rate,))

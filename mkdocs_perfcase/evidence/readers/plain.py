"""Figures that no tool wrote: a table or JSON of one's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from mkdocs_perfcase.evidence.content import Content, number, words
from mkdocs_perfcase.evidence.readers.parts import better_by_unit, items, percentile_name
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import (
    DEVIATION,
    LEAST,
    MEAN,
    MEDIAN,
    MOST,
    Better,
    Results,
    Series,
    UnreadableError,
)

_TOOL = "plain figures"
_HEADER = re.compile(r"(?:^|[,;\t]) *\"?metric\"? *(?:$|[,;\t])", re.IGNORECASE)
_BETTER: dict[str, Better] = {"lower": "lower", "higher": "higher"}
_STATISTICS = {
    **{name: name for name in (MEAN, MEDIAN, LEAST, MOST, DEVIATION)},
    "average": MEAN,
    "avg": MEAN,
    "minimum": LEAST,
    "maximum": MOST,
    "stdev": DEVIATION,
    "std": DEVIATION,
}
_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d{1,9})?|100)")


class _Row(NamedTuple):
    place: str
    series: Series
    """With its figures as samples."""
    statistic: str


@reader(
    _TOOL,
    files="CSV or JSON of your own: metric, unit, better, and value or samples",
    source="https://www.rfc-editor.org/rfc/rfc4180",
)
def read(content: Content) -> Results | None:
    """Rows of one metric each. Rows of equal names are samples of one another, or statistics where they say which."""
    listed = _listed(content)
    if not listed:
        return None
    return Results(_TOOL, _merged([_row(n, held) for n, held in enumerate(listed, 1)]))


def _listed(content: Content) -> list[Mapping[str, Any]]:
    if content.looks_like_json:
        listed = items(content.object.get("results") if content.object else content.json)
    else:
        listed = content.table if _HEADER.search(content.text.lstrip().partition("\n")[0]) else []
    found = [{key.casefold(): _trimmed(value) for key, value in one.items()} for one in listed if isinstance(one, dict)]
    ours = found and len(found) == len(listed) and all("metric" in one for one in found)
    return [*found] if ours and any(one.keys() & {"value", "samples"} for one in found) else []


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _row(n: int, held: Mapping[str, Any]) -> _Row:
    metric, unit = words(held.get("metric")), words(held.get("unit"))
    place = f"row {n} ({metric})" if metric else f"row {n}"
    if not metric:
        raise UnreadableError(f"{place} names no metric")
    better, statistic = words(held.get("better")).casefold(), words(held.get("statistic")).casefold()
    if better and better not in _BETTER:
        raise UnreadableError(f"{place}: better is {better!r}; write lower or higher")
    named = _statistic(statistic)
    if statistic and not named:
        raise UnreadableError(
            f"{place}: no statistic is called {statistic!r}; write median, mean, min, max, stddev or p95"
        )
    figures = _figures(place, held)
    if named and len(figures) > 1:
        raise UnreadableError(f"{place}: a statistic is one value, and here are {len(figures)}")
    way = _BETTER.get(better) or better_by_unit(unit)
    return _Row(place, Series(words(held.get("benchmark")), metric, unit, way, figures), named)


def _statistic(name: str) -> str:
    place = _PERCENTILE.fullmatch(name)
    return percentile_name(float(place[1])) if place else _STATISTICS.get(name, "")


def _figures(place: str, held: Mapping[str, Any]) -> tuple[float, ...]:
    written = held.get("samples") or held.get("value")
    values = re.split(r"[\s;]+", written.strip("; ")) if isinstance(written, str) else written
    figures = []
    for value in values if isinstance(values, list) else [values]:
        figure = number(value)
        if figure is None:
            raise UnreadableError(f"{place}: " + (f"{str(value)[:40]!r} is no number" if value else "it has no value"))
        figures.append(figure)
    return tuple(figures)


def _merged(rows: list[_Row]) -> tuple[Series, ...]:
    """Rows of equal names as one series each, in the order in which they come first."""
    samples: dict[tuple[str, str], list[float]] = {}
    given: dict[tuple[str, str], dict[str, float]] = {}
    first: dict[tuple[str, str], Series] = {}
    for place, series, statistic in rows:
        key = series.benchmark, series.metric
        before = first.setdefault(key, series)
        if (before.unit, before.better) != (series.unit, series.better):
            raise UnreadableError(f"{place}: its unit or better isn't that of the rows of this name above")
        if statistic:
            given.setdefault(key, {})[statistic] = series.samples[0]
        else:
            samples.setdefault(key, []).extend(series.samples)
    return tuple(
        replace(series, samples=tuple(samples.get(key, ())), given=given.get(key, {})) for key, series in first.items()
    )

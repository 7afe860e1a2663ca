"""github-action-benchmark's format for tools of one's own."""

from __future__ import annotations

from mkdocs_perfcase.evidence.content import Content, words
from mkdocs_perfcase.evidence.readers.parts import better_by_unit, items, of_one, single
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import Results, Series

_TOOL = "github-action-benchmark"


@reader(
    _TOOL,
    files="JSON for customSmallerIsBetter or customBiggerIsBetter",
    source="https://github.com/benchmark-action/github-action-benchmark#examples",
)
def read(content: Content) -> Results | None:
    """Each entry's value. Which way is better stands in the workflow, so only a unit can say it here."""
    entries = items(content.json)
    if not entries or not all(
        isinstance(one, dict) and {"name", "unit", "value"} <= one.keys() and isinstance(one["name"], str)
        for one in entries
    ):
        return None
    units = [of_one(words(one["unit"])) for one in entries]
    series = tuple(
        Series("", one["name"], unit, better_by_unit(unit), single(one["value"]))
        for one, unit in zip(entries, units, strict=True)
    )
    return Results(_TOOL, series)

"""hyperfine's JSON: seconds a run, of one command or several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from mkdocs_perfcase.evidence.content import Content, figures, mapping, numbers, objects, words
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import DEVIATION, LEAST, MEAN, MEDIAN, MOST, Results, Series

_STATISTICS = {name: name for name in (MEDIAN, MEAN, DEVIATION, LEAST, MOST)}
_EXCERPTED = ("user", "system")  # of these there is the mean alone


@reader(
    "hyperfine",
    files="hyperfine --export-json FILE COMMAND…",
    source="https://github.com/sharkdp/hyperfine#json",
)
def read(content: Content) -> Results | None:
    """Series for each command: the time, what the processor took of it, and memory where it was measured."""
    runs = objects(content.object.get("results"))
    if not any("command" in run and ("times" in run or MEAN in run) for run in runs):
        return None
    named = Counter(words(run.get("command")) for run in runs)
    return Results("hyperfine", tuple(series for run in runs for series in _of_run(run, _name(run, named))))


def _name(run: dict[str, Any], named: Counter[str]) -> str:
    """The command, with the scan's parameters where they alone tell it from others."""
    command = words(run.get("command"))
    parameters = mapping(run.get("parameters"))
    if named[command] < 2 or not parameters:
        return command
    return f"{command} ({', '.join(f'{name}={value}' for name, value in parameters.items())})"


def _of_run(run: dict[str, Any], name: str) -> Iterator[Series]:
    yield Series(name, "time", "s", samples=numbers(run.get("times")), given=figures(run, _STATISTICS))
    for part in _EXCERPTED:
        yield Series(name, part, "s", given=figures(run, {part: MEAN}))
    yield Series(name, "memory", "B", samples=numbers(run.get("memory_usage_byte")))

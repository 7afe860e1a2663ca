"""`perfcase evidence`: what result files hold."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from mkdocs_perfcase.cli.output import write
from mkdocs_perfcase.evidence.files import file_content
from mkdocs_perfcase.evidence.readers import READERS, read_results
from mkdocs_perfcase.evidence.series import DEVIATION, LEAST, MEAN, MEDIAN, MOST, Results, Series, UnreadableError
from mkdocs_perfcase.json_text import as_json
from mkdocs_perfcase.telling import printable, shown, tell
from mkdocs_perfcase.units import find_unit, shared_unit

_SHOWN = (MEDIAN, MEAN, "p95")
_EXPORTED = (MEDIAN, MEAN, DEVIATION, LEAST, MOST, "p90", "p95", "p99")
_HEADER = ("metric", *_SHOWN, "unit", "n", "better")
_TO_THE_LEFT = {"metric", "unit", "better"}
_NONE = "–"


@click.command("evidence")
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to write it: for people, or for programs.",
)
@click.option("--output", type=click.Path(path_type=Path), help="Write there instead of to standard output.")
def command(files: tuple[Path, ...], form: str, output: Path | None) -> None:
    """List what result files of benchmarks hold, metric by metric. Without a file, list the tools whose files are read.

    A record's evidence names such files, and with `select` one of the series that are listed here.
    """
    if not files:
        write(as_json(_tools_data()) if form == "json" else _tools_text(), output)
        return
    found = list(_read(files))
    write(as_json(_data(found)) if form == "json" else _text(found), output)
    sys.exit(2 if len(found) < len(files) else 0)


def _read(files: tuple[Path, ...]) -> Iterator[tuple[Path, Results]]:
    """What can be read of the files; of the others it is told why not."""
    for path in files:
        try:
            yield path, read_results(file_content(path))
        except UnreadableError as error:
            tell(f"cannot read {shown(path)}: {error}")


def _tools_data() -> dict[str, Any]:
    return {"version": 1, "tools": [{"tool": one.tool, "files": one.files, "source": one.source} for one in READERS]}


def _tools_text() -> str:
    width = max(len(one.tool) for one in READERS)
    lines = [f"  {one.tool:{width}}  {one.files}" for one in sorted(READERS, key=lambda one: one.tool.casefold())]
    return "\n".join(["Files of these tools are read, whatever they are called:", "", *lines, ""])


def _data(found: list[tuple[Path, Results]]) -> dict[str, Any]:
    return {"version": 1, "files": [_file_data(path, results) for path, results in found]}


def _file_data(path: Path, results: Results) -> dict[str, Any]:
    return {
        "path": shown(path),
        "tool": results.tool,
        "taken": results.taken.isoformat() if results.taken else None,
        "commit": results.commit or None,
        "series": [_series_data(series) for series in results.series],
    }


def _series_data(series: Series) -> dict[str, Any]:
    return {
        "select": series.label,
        "benchmark": series.benchmark or None,
        "metric": series.metric,
        "unit": series.unit or None,
        "better": series.better or None,
        "n": series.n,
        "statistics": {name: _statistic(series, name) for name in dict.fromkeys((*_EXPORTED, *series.given))},
    }


def _statistic(series: Series, name: str) -> float | None:
    """A statistic; of a single figure there is no spread to tell of."""
    is_spread = name not in (MEDIAN, MEAN)
    return None if is_spread and len(series.samples) == 1 and name not in series.given else series.statistic(name)


def _text(found: list[tuple[Path, Results]]) -> str:
    parts = ["\n".join(_file_lines(path, results)) for path, results in found]
    if found:
        parts.append(_how_to_select([results for _, results in found]))
    return "\n\n".join(parts) + "\n" if parts else ""


def _file_lines(path: Path, results: Results) -> Iterator[str]:
    """The file, then a table: a line for each metric, under the name of its benchmark."""
    yield f"{printable(shown(path))}: {', '.join(_origin(results))}"
    rows = [_HEADER, *map(_row, results.series)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [_aligned(row, widths) for row in rows]
    yield f"    {lines[0]}"
    for benchmark, group in groupby(zip(results.series, lines[1:], strict=True), key=lambda one: one[0].benchmark):
        if benchmark:
            yield f"  {benchmark}"
        yield from (f"    {line}" for _, line in group)


def _origin(results: Results) -> Iterator[str]:
    yield results.tool
    if results.taken:
        yield f"measured on {results.taken:%Y-%m-%d %H:%M} {results.taken.tzname() or ''}".rstrip()
    if results.commit:
        yield f"commit {results.commit[:10]}"


def _row(series: Series) -> tuple[str, ...]:
    unit, factor = _readable(series)
    found = (_statistic(series, name) for name in _SHOWN)
    statistics = (_figure(None if value is None else value * factor) for value in found)
    count = f"{series.n:,}" if series.n else _NONE
    return (series.metric, *statistics, unit or _NONE, count, series.better or _NONE)


def _readable(series: Series) -> tuple[str, float]:
    """The unit to show it in, and what its figures are multiplied with: 38 µs reads better than 0.000038 s."""
    own, value = find_unit(series.unit), series.statistic(MEDIAN) or series.statistic(MEAN)
    if own is None or own.family != "time" or not value:
        return series.unit, 1.0
    amount = abs(value) * own.scale
    unit = shared_unit(own.family, amount, amount) or own
    return unit.symbol, own.scale / unit.scale


def _figure(value: float | None) -> str:
    if value is None:
        return _NONE
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e12 else f"{value:.4g}"


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    cells = zip(_HEADER, row, widths, strict=True)
    return "  ".join(f"{cell:{'<' if name in _TO_THE_LEFT else '>'}{width}}" for name, cell, width in cells).rstrip()


def _how_to_select(results: list[Results]) -> str:
    """How a record names one series; with one that shows both names, where there is any."""
    series = next((one for each in results for one in each.series if one.benchmark), results[0].series[0])
    line = f"In a record's evidence, select: {json.dumps(series.label, ensure_ascii=False)} takes one of these"
    if not series.benchmark:
        return f"{line}."
    return f"{line}; the name before the colon alone takes the first metric under it."

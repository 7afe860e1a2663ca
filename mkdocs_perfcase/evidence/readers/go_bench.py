"""The lines that `go test -bench` prints; with `-count`, several of each benchmark."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from mkdocs_perfcase.evidence.content import Content, moment, number
from mkdocs_perfcase.evidence.readers.parts import better_by_unit
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import Better, Results, Series, UnreadableError

_RESULT = re.compile(r"(Benchmark\S*)[ \t]+\d+[ \t]+(\S.*)")
_SETTING = re.compile(r"([a-z][a-z-]*):[ \t]+(\S.*)")
_COMPARED = "vs base"  # heads a column of benchstat's
_TIME_FIRST = "ns/op"
_EITHER: tuple[Better, ...] = ("lower", "higher")

Found = dict[tuple[str, str], dict[str, list[float]]]
"""Figures by package and benchmark, and by unit."""


@reader(
    "go test -bench", files="go test -bench=. -count=10 > FILE", source="https://go.dev/design/14313-benchmark-format"
)
def read(content: Content) -> Results | None:
    """Series for each benchmark and unit; a unit names the metric."""
    if content.looks_like_json:
        return None
    lines = content.text.split("\n")
    settings, found = _found(lines)
    if not found:
        if "goos" in settings and _COMPARED in content.text:
            raise UnreadableError("it is benchstat's comparison; give the outputs of `go test -bench` that it compared")
        return None
    series = tuple(_series(found, dict(_stated(lines))))
    return Results("go test -bench", series, moment(settings.get("date")), settings.get("commit", ""))


def _found(lines: list[str]) -> tuple[dict[str, str], Found]:
    """The settings, such as `goos: linux`, and every figure."""
    settings: dict[str, str] = {}
    found: Found = defaultdict(lambda: defaultdict(list))
    for line in lines:
        if match := _SETTING.fullmatch(line):
            settings[match[1]] = match[2].strip()
        elif match := _RESULT.fullmatch(line):
            for unit, value in _figures(match[2]):
                found[settings.get("pkg", ""), match[1]][unit].append(value)
    return settings, found


def _figures(text: str) -> Iterator[tuple[str, float]]:
    """Pairs of a figure and its unit."""
    parts = text.split()
    for written, unit in zip(parts[::2], parts[1::2], strict=False):
        if (value := number(written)) is not None:
            yield unit, value


def _stated(lines: list[str]) -> Iterator[tuple[str, Better]]:
    """Units whose direction is told, as in `Unit widgets/op better=higher`."""
    for parts in (line.split() for line in lines if line.startswith("Unit ")):
        for better in _EITHER:
            if f"better={better}" in parts:
                yield parts[1], better


def _series(found: Found, stated: dict[str, Better]) -> Iterator[Series]:
    several = len({package for package, _ in found}) > 1
    for (package, benchmark), metrics in found.items():
        name = f"{package} {benchmark}" if several else benchmark
        for unit in sorted(metrics, key=lambda unit: unit != _TIME_FIRST):
            yield Series(name, unit, unit, _better(unit, stated), samples=tuple(metrics[unit]))


def _better(unit: str, stated: dict[str, Better]) -> Better:
    """Times, sizes and allocations are better lower, and rates higher; of other units only the file can say."""
    if unit in stated:
        return stated[unit]
    return "lower" if unit == "allocs/op" else better_by_unit(unit)

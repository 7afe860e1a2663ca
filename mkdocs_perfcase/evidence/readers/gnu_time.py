"""GNU time's verbose report."""

from __future__ import annotations

import re

from mkdocs_perfcase.evidence.content import Content, number, numbers
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import Results, Series

_TOOL = "GNU time"
_COMMAND = re.compile(r"^[ \t]*Command being timed: \"(.*)\"$", re.MULTILINE)
_ELAPSED = "Elapsed (wall clock) time (h:mm:ss or m:ss)"
_METRICS = {  # what it says: our name of it, and the unit, whose kbytes are of 1024
    _ELAPSED: ("wall clock time", "s"),
    "Maximum resident set size (kbytes)": ("maximum resident set size", "KiB"),
    "User time (seconds)": ("user time", "s"),
    "System time (seconds)": ("system time", "s"),
    "Major (requiring I/O) page faults": ("major page faults", ""),
    "Minor (reclaiming a frame) page faults": ("minor page faults", ""),
}
_LINE = re.compile(rf"^[ \t]*({'|'.join(map(re.escape, _METRICS))}): (\S+)$", re.MULTILINE)


@reader(
    _TOOL,
    files="/usr/bin/time -v -a -o FILE.txt COMMAND, once or more",
    source="https://www.gnu.org/software/time/",
)
def read(content: Content) -> Results | None:
    """What a command took. Runs that were appended to one file are samples, of each command by itself."""
    if content.looks_like_json or not _COMMAND.search(content.text):
        return None
    _, *pieces = _COMMAND.split(content.text)
    commands: dict[str, list[dict[str, str]]] = {}
    for command, report in zip(pieces[::2], pieces[1::2], strict=True):
        commands.setdefault(command, []).append(dict(_LINE.findall(report)))
    series = tuple(
        Series(command if len(commands) > 1 else "", metric, unit, samples=numbers([_value(run, key) for run in runs]))
        for command, runs in commands.items()
        for key, (metric, unit) in _METRICS.items()
    )
    return Results(_TOOL, series)


def _value(run: dict[str, str], key: str) -> float | str | None:
    return _seconds(run.get(key, "")) if key == _ELAPSED else run.get(key)


def _seconds(clock: str) -> float | None:
    parts = [number(part) for part in clock.split(":")]
    total = 0.0
    for part in parts:
        if part is None:
            return None
        total = total * 60 + part
    return total if len(parts) in (2, 3) else None

"""Readers of result files, each declared once with `@reader`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from mkdocs_perfcase.evidence.content import Content
from mkdocs_perfcase.evidence.series import Results, Series, UnreadableError
from mkdocs_perfcase.units import find_unit

Read = Callable[[Content], Results | None]

_LONGEST = 200  # characters of a name
_READ = 10_000  # characters that a name is made from
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~])?")


class Reader(NamedTuple):
    """A tool whose files are read."""

    tool: str
    """The tool's name, as people write it."""
    files: str
    """How its files are made, as a command or an option."""
    source: str
    """Where the format is documented."""
    read: Read


READERS: list[Reader] = []
"""Every reader, in the order of asking."""


def reader(tool: str, *, files: str, source: str) -> Callable[[Read], Read]:
    """Declare a function as the reader of a tool's files.

    It returns None for what is another tool's. Names and units it gives as the file has them, series without a figure
    too: `read_results` puts all of that in order. It raises `UnreadableError` where it can say more of what is wrong.
    """

    def declare(read: Read) -> Read:
        READERS.append(Reader(tool, files, source, read))
        return read

    return declare


def read_results(content: Content) -> Results:
    """What a file holds, by the first reader that knows it.

    Raises:
        UnreadableError: no reader knows it, or it is broken.
    """
    if not content.text.strip():
        raise UnreadableError("it is empty")
    for one in READERS:
        if (found := one.read(content)) is not None:
            return _in_order(found)
    raise UnreadableError("no tool's format was recognised in it; `perfcase evidence` lists those that are")


def _in_order(found: Results) -> Results:
    """Results whose names can be shown and whose series all hold figures."""
    tidied = map(_tidied, found.series)
    held = tuple(one for one in tidied if one.samples or one.given)
    if not held:
        raise UnreadableError(f"it is {found.tool}'s, and holds no figures")
    commit = found.commit if _COMMIT.fullmatch(found.commit) else ""
    return replace(found, tool=_line(found.tool), series=held, commit=commit)


def _tidied(series: Series) -> Series:
    unit = _line(series.unit)
    known = find_unit(unit)
    return replace(
        series,
        benchmark=_line(series.benchmark),
        metric=_line(series.metric) or "value",
        unit=known.symbol if known else unit,
        samples=tuple(filter(math.isfinite, series.samples)),
        given={name: value for name, value in series.given.items() if math.isfinite(value)},
    )


def _line(name: str) -> str:
    """A name in one line of bounded length, without what does something to a terminal or can't be shown."""
    shown = " ".join(_ESCAPES.sub("", name[:_READ]).split())
    shown = "".join(character for character in shown if character.isprintable())
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"

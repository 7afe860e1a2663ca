"""Readers of result files, each declared once with `@reader`."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from mkdocs_perfcase.evidence.content import Content
from mkdocs_perfcase.evidence.series import Results, UnreadableError

Read = Callable[[Content], Results | None]


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

    It returns None for what is another tool's, and raises `UnreadableError` for its own tool's where they hold nothing.
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
        if found := one.read(content):
            return found
    raise UnreadableError("no tool's format was recognised in it")

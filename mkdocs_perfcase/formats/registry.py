"""What a format is. One is declared with `@format_of`, and is offered by that alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from mkdocs_perfcase.report import Report


class Look(NamedTuple):
    """How a report looks to a person. Formats for programs don't mind."""

    source: bool = True
    """Whether the line is shown that a finding is about."""
    summary: bool = True
    color: bool = False


Format = Callable[[Report, Look], str]

FORMATS: dict[str, Format] = {}
"""The formats that were asked for, by name."""


def format_of(name: str) -> Callable[[Format], Format]:
    """Declare a function as the format of a name."""

    def declare(render: Format) -> Format:
        FORMATS[name] = render
        return render

    return declare

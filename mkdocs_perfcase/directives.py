"""What a page can ask for in a comment, `<!-- perfcase: verb argument -->`."""

from __future__ import annotations

import re

VERBS = ("index", "table", "ignore", "waive")
FILTERS = ("type", "stage", "tag", "owner", "component")
"""What a table chooses records by."""
TABLE_ARGUMENTS = ("metric", *FILTERS)

_ARGUMENT = re.compile(r"\s*([\w-]+)=(?:\"([^\"]*)\"|'([^']*)'|([^\s\"']+))")


def table_arguments(text: str) -> tuple[dict[str, str], str]:
    """The arguments of a table directive, and the first thing in it that is none (empty if all is well)."""
    arguments: dict[str, str] = {}
    place = 0
    while match := _ARGUMENT.match(text, place):
        if match[1] not in TABLE_ARGUMENTS:
            return arguments, match[1]
        arguments[match[1]] = match[2] or match[3] or match[4] or ""
        place = match.end()
    return arguments, text[place:].strip()

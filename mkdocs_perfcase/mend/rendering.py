"""Mends of what doesn't show as written: lists and tables right below a paragraph, and boxes ticked with a capital."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mkdocs_perfcase.mend.edits import Edit
from mkdocs_perfcase.mend.page import Page
from mkdocs_perfcase.outline import Entry

_QUOTE = re.compile(r"\s*(?:>\s?)+")
_CAPITAL = re.compile(r"([\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)+\[)X(?=\])")


def blank_lines(page: Page) -> Iterator[Edit]:
    """A blank line above each list or table that is shown as prose."""
    starts = _starts_of_lists(page)
    glued = {starts[line] for line in page.lines_with("unrendered-checkbox") if line in starts}
    for line in sorted(glued | set(page.lines_with("unrendered-table"))):
        quote = _QUOTE.match(page.line(line))
        yield Edit("blank line", page.line(line).strip(), line, (quote[0].rstrip() if quote else "",))


def _starts_of_lists(page: Page) -> dict[int, int]:
    """The line of each checkbox in a list right below a paragraph, and where that list begins."""
    found: dict[int, int] = {}
    start: Entry | None = None
    for entry in page.entries:
        if not entry.glued:
            start = None
        elif start is None or start.element is not entry.element:
            start = entry
        if start is not None and entry.box == "unrendered":
            found[entry.line] = start.line
    return found


def boxes(page: Page) -> Iterator[Edit]:
    """`[x]` for each `[X]` that shows as a tick. Anything else that looks like one is none, and isn't made one."""
    for entry in page.entries:
        if entry.box == "checked" and entry.mark == "[X]" and (match := _CAPITAL.match(page.line(entry.line))):
            line = page.line(entry.line)
            yield Edit("box", entry.text, entry.line, (f"{match[1]}x{line[match.end() :]}",), replaces=True)

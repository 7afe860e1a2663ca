"""PC2xx: does the page show what was written?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.findings import Problem, Severity, Subject, rule
from mkdocs_perfcase.outline import Entry
from mkdocs_perfcase.text import without_comments
from mkdocs_perfcase.tree import Block


@rule(
    "PC201",
    "unrendered-checkbox",
    Severity.WARNING,
    bad="""
    ### User Impact

    Asked of the support team:
    - [x] fewer tickets
    - [x] no complaints about prices
    """,
    good="""
    ### User Impact

    Asked of the support team:

    - [x] fewer tickets
    - [x] no complaints about prices
    """,
)
def unrendered_checkbox(subject: Subject) -> Iterator[Problem]:
    """Something is written as a checkbox and shown as prose.

    Markdown in MkDocs needs a blank line above a list, and a space behind the box. Without them the page shows
    `- [x]` in the middle of a paragraph. As an acceptance criterion it counts as open, since no reader sees a tick.
    """
    for section in subject.record.body:
        last: tuple[int, int] | None = None
        for entry in section.entries:
            if entry.box != "unrendered":
                continue
            paragraph = id(entry.element)
            if last is None or last[0] != paragraph:
                yield Problem(entry.line, f"checkbox shown as prose: {_as_typed(entry)}", _how(entry))
            last = (paragraph, entry.line)


def _as_typed(entry: Entry) -> str:
    text = " ".join(f"{entry.mark} {entry.text}".split())
    return f'"{text[:80]}"'


def _how(entry: Entry) -> str:
    if entry.glued:
        return "put a blank line above the list"
    return "put a space behind the box" if entry.level else 'write it as a list item: "- [ ] …"'


_SEPARATOR = expression(
    r"^[ >]*(?:\|[ ]*)?:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)+(?:\|[ ]*)?$|^[ >]*\|[ ]*:?-+:?[ ]*\|[ ]*$", re.MULTILINE
)


@rule(
    "PC202",
    "unrendered-table",
    Severity.WARNING,
    bad="""
    ### User Impact

    Tickets about slow prices:
    | Month | Tickets |
    | --- | --- |
    | May | 41 |
    """,
    good="""
    ### User Impact

    Tickets about slow prices:

    | Month | Tickets |
    | --- | --- |
    | May | 41 |
    """,
)
def unrendered_table(subject: Subject) -> Iterator[Problem]:
    """Something is written as a table and shown as prose.

    A table needs a blank line above it, and as many cells in its line of dashes as in its header.
    """
    for block in subject.blocks:
        if block.kind not in ("paragraph", "item") or "-" not in block.text or "|" not in block.text:
            continue
        text = without_comments(block.text)
        for match in _SEPARATOR.finditer(text):
            before = text.count("\n", 0, match.start())
            if before:
                yield Problem(block.line + before - 1, "table shown as prose", _table_hint(text, before))


def _table_hint(text: str, separator: int) -> str:
    lines = text.split("\n")
    if separator > 1:
        return "put a blank line above the table"
    cells = [line.strip().strip("|").count("|") + 1 for line in lines[:2]]
    return (
        f"its header has {cells[0]} cells, the line of dashes {cells[1]}"
        if cells[0] != cells[1]
        else "check its first two lines"
    )


_FENCE = expression(r"^[ >]*(`{3,}|~{3,})([^`\n]*)$", re.MULTILINE)


@rule(
    "PC203",
    "unclosed-fence",
    Severity.WARNING,
    bad="""
    ### Performance Notes

    The cache is warmed by a job:

    ```console
    $ larder warm-prices
    """,
    good="""
    ### Performance Notes

    The cache is warmed by a job:

    ```console
    $ larder warm-prices
    ```
    """,
)
def unclosed_fence(subject: Subject) -> Iterator[Problem]:
    """A block of code is opened and not closed.

    It is shown as prose, or it swallows what follows up to the end of the next block: headings, criteria and all.
    """
    opened: tuple[str, int] | None = None
    for block in subject.blocks:
        if block.kind == "code":
            yield from _swallowed(block)
        elif "```" in block.text or "~~~" in block.text:
            for match in _FENCE.finditer(block.text):
                line = block.line + block.text.count("\n", 0, match.start())
                if opened and match[1] == opened[0] and not match[2].strip():
                    opened = None
                elif opened is None:
                    opened = (match[1], line)
    if opened:
        yield _unclosed(opened[1], opened[0])


def _swallowed(block: Block) -> Iterator[Problem]:
    """Code that holds another opening fence and a heading has run over the end of its own block."""
    for match in _FENCE.finditer(block.text):
        between = block.text[: match.start()]
        if re.fullmatch(r"\s*[\w+#-]+\s*", match[2]) and re.search(r"^#{1,6} \S|^[*-] +\*\*", between, re.MULTILINE):
            yield _unclosed(block.line, match[1])
            return


def _unclosed(line: int, fence: str) -> Problem:
    return Problem(line, "block of code is not closed", f"close it with {fence} on a line of its own")

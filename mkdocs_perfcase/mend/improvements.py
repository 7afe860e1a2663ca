"""Mends of the comparison's column for the change: empty cells are filled, wrong ones corrected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from mkdocs_perfcase.comparison import Measurement, comparison_tables
from mkdocs_perfcase.mend.edits import Edit
from mkdocs_perfcase.mend.manner import corrected, filled
from mkdocs_perfcase.mend.page import Page
from mkdocs_perfcase.template import Role
from mkdocs_perfcase.text import placeholder_key
from mkdocs_perfcase.tree import Row

_BAR = re.compile(r"\\.|(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)|(?P<bar>\|)")
_BEFORE_CELLS = re.compile(r"[\s>]*")


def improvements(page: Page) -> Iterator[Edit]:
    """The computed change in each empty cell, and in each that states another."""
    by_cell = {id(m.change_cell): m for m in page.form.measurements if m.change_cell is not None}
    wrong = set(page.lines_with("improvement-mismatch"))
    for table, columns in comparison_tables(page.record):
        place = columns[0].change
        if place is None or len(columns) > 1:
            continue
        measured = [(row, m) for row in table.rows[1:] if (m := by_cell.get(id(row.elements[place])))]
        for row, measurement in measured:
            text = None
            if _is_empty(measurement, page):
                text = filled(measurement, (other for _, other in measured))
            elif row.line in wrong and measurement.agreement == "differs":
                text = corrected(measurement)
            line = with_cell(page.line(row.line), row, place, text) if text else None
            if line is not None:
                yield Edit("improvement", measurement.name, row.line, (line,), replaces=True)


def _is_empty(measurement: Measurement, page: Page) -> bool:
    """Whether a cell was never filled in: a dash or a remark in it is the author's."""
    form = page.record.template.role(Role.COMPARISON)
    stated = measurement.stated.strip()
    return not stated or ("[" in stated and form is not None and placeholder_key(stated) in form.placeholders)


def with_cell(line: str, row: Row, place: int, text: str) -> str | None:
    """A row's line with a text in one of its cells; None where the line doesn't hold the row as it was read."""
    spans = cell_spans(line)
    cells = [line[start:end] for start, end in spans]
    if [cell.strip() for cell in cells[: place + 1]] != [cell.strip() for cell in row.cells[: len(cells)][: place + 1]]:
        return None
    if len(cells) > place:
        start, end = spans[place]
        bare = cells[place].strip()
        new = cells[place].replace(bare, text, 1) if bare else f" {text} ".ljust(end - start)
        return line[:start] + new + line[end:]
    if len(cells) < place:
        return None
    written = line.rstrip()
    return f"{written} {text} |{line[len(written) :]}" if written.endswith("|") else f"{written} | {text}"


def cell_spans(line: str) -> list[tuple[int, int]]:
    """Where the cells of a table's row stand in its line."""
    match = _BEFORE_CELLS.match(line)
    start = match.end() if match else 0
    bars = [found.start() for found in _BAR.finditer(line, start) if found["bar"]]
    edges = bars if line[start : start + 1] == "|" else [start - 1, *bars]
    if not bars or line[bars[-1] + 1 :].strip():
        edges = [*edges, len(line)]
    return [(left + 1, right) for left, right in pairwise(edges)]

"""The comparison as result files fill it: cells that say nothing, rows that are missing, a table where none is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple
from xml.etree.ElementTree import Element

from mkdocs_perfcase.comparison import (
    Columns,
    Measurement,
    comparison_tables,
    declined_tables,
    read_columns,
    says_nothing,
)
from mkdocs_perfcase.evidence.measured import Measured
from mkdocs_perfcase.figures import Mark, decimal_mark
from mkdocs_perfcase.mend.edits import Edit
from mkdocs_perfcase.mend.entries import RefusedError
from mkdocs_perfcase.mend.improvements import cell_spans, with_cell
from mkdocs_perfcase.mend.manner import corrected, filled
from mkdocs_perfcase.mend.page import Page
from mkdocs_perfcase.mend.scaffold import MOST_LEVELS, heading_after, line_above, place_of
from mkdocs_perfcase.metrics import polarity
from mkdocs_perfcase.quantity import read_quantities
from mkdocs_perfcase.scenarios import scenarios
from mkdocs_perfcase.support import directive_line, rows_called, scenario_called
from mkdocs_perfcase.template import Role
from mkdocs_perfcase.text import name_key, plain, quoted
from mkdocs_perfcase.tree import Block, Row

HEADINGS = ("Metric", "Before", "After", "Improvement")
"""A comparison's columns where no template has any."""
_MARKUP = re.compile(r"[\\`*|\[\]{}]")
_AMBIGUOUS = re.compile(r"(?<![\d.,])[1-9]\.\d{3}(?![\d.,])")  # 1.234: a decimal, or more than a thousand
_LEAD = re.compile(r"[\s>]*")
_SIDES = ("before", "after")


def row_of(metric: str, page: Page) -> Measurement | None:
    """The row of a metric.

    Raises:
        RefusedError: it fits several.
    """
    rows = rows_called(metric, page.form)
    if len(rows) > 1:
        lines = " and ".join(f"line {row.line}" for row in rows)
        raise RefusedError(f"{quoted(metric)} fits several rows: {lines}")
    return rows[0] if rows else None


class Filling(NamedTuple):
    """One metric that a table is to have."""

    metric: str
    """The row's name."""
    measured: Measured
    typed: bool
    """Whether its values are typed into the table; else the build fills them in."""
    over: frozenset[int] = frozenset()
    """The sides whose typed values give way: 0 before, 1 after."""


class Rows(NamedTuple):
    """A table's columns, what its rows say, and the line in which each is made."""

    columns: Columns
    width: int
    mark: Mark | None
    others: tuple[Measurement, ...] = ()
    lead: str = "| "
    close: str = " |"

    def row(self, filling: Filling) -> str:
        """The line of a row that is new."""
        cells = [""] * self.width
        cells[self.columns.metric] = cell_name(filling.metric)
        if filling.typed:
            for place, text in self.cells(filling, None).items():
                cells[place] = text
        return f"{self.lead}{' | '.join(cells)}{self.close}".rstrip()

    def cells(self, filling: Filling, row: Row | None, known: Measurement | None = None) -> dict[int, str]:
        """The texts of the cells that are to change, by their places."""
        places = self.columns.before, self.columns.after
        texts = value_texts(filling.measured, self.mark)
        new = {
            place: texts[side]
            for side, place in enumerate(places)
            if row is None or side in filling.over or says_nothing(row.cells[place])
        }
        measurement = self._measurement(filling, [new.get(place) for place in places], known)
        change = self._change(measurement, row, bool(filling.over)) if new else None
        if change is not None and self.columns.change is not None:
            new[self.columns.change] = change
        return new

    def _measurement(self, filling: Filling, texts: Sequence[str | None], known: Measurement | None) -> Measurement:
        """The row as it will be read."""
        name, measured = filling.metric, filling.measured
        known = known or Measurement(name, "", "", "", 0, None, None, "unknown")
        found = [
            next(iter(read_quantities(text, mark=self.mark, about=name.casefold())), None) if text else None
            for text in texts
        ]
        before, after = found[0] or known.before, found[1] or known.after
        better = polarity(name, after, {}) if known.polarity == "unknown" else known.polarity
        better = measured.better or better if better == "unknown" else better
        return replace(known, before=before, after=after, polarity=better, evidence=None, filled=False)

    def _change(self, measurement: Measurement, row: Row | None, over: bool) -> str | None:
        """What the cell for the change is to say; None to leave it as it is."""
        stated = row.cells[self.columns.change].strip() if row and self.columns.change is not None else ""
        if not stated or (says_nothing(stated) and "[" in stated):
            return filled(measurement, self.others)
        return corrected(measurement) if over and measurement.agreement == "differs" else None


def value_texts(measured: Measured, mark: Mark | None = None) -> tuple[str, str]:
    """Both values as they are typed, with a column's decimal mark: read again, each is that value and no other."""
    swapped = str.maketrans(".,", ",.") if mark == "," else {}
    first, second = (
        _AMBIGUOUS.sub(lambda found: f"{float(found[0]):.3g}", text).translate(swapped) for text in measured.texts
    )
    return first, second


def cell_name(name: str) -> str:
    """A metric's name as it is typed in a cell, so that it shows as it is."""
    escaped = _MARKUP.sub(r"\\\g<0>", name) if _MARKUP.search(name) else name
    escaped = escaped.replace("&", "&amp;").replace("<", "&lt;") if re.search(r"&\w*;|<", name) else escaped
    return escaped if plain(escaped) == name else re.sub(r"[_~]", r"\\\g<0>", escaped)


def new_table(fillings: Sequence[Filling], headings: Sequence[str] = HEADINGS) -> list[str]:
    """The lines of a table of its own."""
    columns = _columns(headings)
    if columns is None:
        return new_table(fillings)
    rows = Rows(columns, len(headings), None)
    divider = f"| {' | '.join('---' for _ in headings)} |"
    return [f"| {' | '.join(headings)} |", divider, *map(rows.row, fillings)]


def _columns(headings: Sequence[str]) -> Columns | None:
    """The columns of a table with these headings; None where they are no comparison's."""
    element = Element("table")
    found = read_columns(Block("table", "", 1, 0, 0, element, (Row(tuple(headings), (), 1),)))
    return found[0] if isinstance(found, tuple) and len(found) == 1 else None


@dataclass(frozen=True)
class Comparison:
    """A record's comparison, and the metrics that it is to have. The page says already what its evidence is."""

    page: Page
    fillings: Sequence[Filling]

    def edits(self) -> Iterator[Edit]:
        """The changes to its rows.

        Raises:
            RefusedError: there is no place for a row, or no telling which is meant.
        """
        missing = []
        for filling in self.fillings:
            row = row_of(filling.metric, self.page)
            if row is not None and filling.typed:
                yield from self._filled(filling, row)
            elif row is None and not self._is_shown(filling.metric):
                missing.append(filling)
        if missing:
            yield from self._added(missing)

    def _is_shown(self, metric: str) -> bool:
        """Whether a metric without a row is shown elsewhere: as a scenario, or where a directive asks for it."""
        record = self.page.record
        return directive_line(record) is not None or scenario_called(metric, scenarios(record)) is not None

    def _filled(self, filling: Filling, known: Measurement) -> Iterator[Edit]:
        """The row's line with its cells filled; nothing where the line isn't in this file as it is read."""
        for table, columns, row in self._spots:
            if row.line == known.line and _name(row, columns) == name_key(known.name):
                line: str | None = self.page.line(row.line)
                cells = self._rows(table, columns, row).cells(filling, row, known)
                for place in sorted(cells, reverse=True):
                    line = with_cell(line, row, place, cells[place]) if line is not None else None
                if cells and line is None:
                    raise RefusedError(f"the row of {quoted(filling.metric)} isn't in this file as it is read")
                if line is not None and line != self.page.line(row.line):
                    yield Edit("evidence", filling.metric, row.line, (line,), replaces=True)

    @cached_property
    def _spots(self) -> list[tuple[Block, Columns, Row]]:
        return [
            (table, columns, row)
            for table, found in comparison_tables(self.page.record)
            for columns in found
            for row in table.rows[1:]
        ]

    def _rows(self, table: Block, columns: Columns, like: Row) -> Rows:
        """What a table's rows are made by."""
        lines = {row.line for row in table.rows[1:]}
        others = tuple(m for m in self.page.form.measurements if m.line in lines and not m.filled)
        mark = decimal_mark(
            cell for row in table.rows[1:] for cell in (row.cells[columns.before], row.cells[columns.after])
        )
        line = self.page.line(like.line)
        lead = _LEAD.match(line)
        bare = line.strip(" \t>")
        start = "| " if bare.startswith("|") else ""
        close = " |" if bare.endswith("|") else ""
        return Rows(columns, len(table.rows[0].cells), mark, others, (lead[0] if lead else "") + start, close)

    def _added(self, missing: Sequence[Filling]) -> Iterator[Edit]:
        """New rows: at the end of the first table, or in one of their own."""
        table, columns = next(comparison_tables(self.page.record), (None, ()))
        if table is None:
            yield from self._made(missing)
            return
        if len(columns) > 1:
            raise RefusedError("its comparison has columns for several conditions; add a row by hand")
        rows = [row for row in table.rows[1:] if any(row.cells)]
        self._require(rows[-1:] or table.rows[:1])
        last = rows[-1].line if rows else table.rows[0].line + 1
        made = self._rows(table, columns[0], rows[-1] if rows else table.rows[0])
        lines = tuple(map(made.row, missing))
        yield Edit("evidence", missing[0].metric, last + 1, lines, size=len(lines))
        for row in rows:
            if self._is_spare(row, columns[0]):
                yield Edit("evidence", plain(row.cells[columns[0].metric]), row.line, (), replaces=True)

    def _require(self, rows: Sequence[Row]) -> None:
        """That rows stand in this file as they were read; cells may be missing at the end, or too many."""
        for row in rows:
            written = _cells(self.page.line(row.line))
            if written[: len(row.cells)] != tuple(cell.strip() for cell in row.cells)[: len(written)]:
                raise RefusedError("its comparison isn't in this file as it is read")

    def _is_spare(self, row: Row, columns: Columns) -> bool:
        """Whether a row is the template's own, untouched, and of no metric that has evidence."""
        known = {support.row.line for support in self.page.form.supports if support.row is not None}
        known |= {m.line for one in self.fillings if (m := row_of(one.metric, self.page))}
        form = self.page.record.template.role(Role.COMPARISON)
        own = (
            {tuple(line[a:b].strip() for a, b in cell_spans(line)) for line in form.body.split("\n")} if form else set()
        )
        left = all(says_nothing(row.cells[place]) for place in (columns.before, columns.after))
        return left and row.line not in known and tuple(cell.strip() for cell in row.cells) in own

    def _made(self, missing: Sequence[Filling]) -> Iterator[Edit]:
        """A table of their own, in the comparison's section, which is made where there is none."""
        record = self.page.record
        form = record.template.role(Role.COMPARISON)
        if form is None:
            raise RefusedError(f'its template has no section "{Role.COMPARISON.value}"; name one under `headings`')
        for declined in declined_tables(record):
            raise RefusedError(f"its comparison can't be read: {declined.reason}")
        if any(section.body.tables for section in record.having(Role.COMPARISON)):
            raise RefusedError("its comparison has a column for each metric; add one by hand")
        section = record.by_key.get(form.key)
        if section is not None:
            line, heading = line_above(self.page, heading_after(self.page, section, MOST_LEVELS)), []
        else:
            line, shift = place_of(self.page, form)
            heading = [f"{'#' * min(max(form.level + shift, 1), MOST_LEVELS)} {form.title}", ""]
        if not line:
            raise RefusedError(f'there is no telling where its section "{form.title}" belongs; add it by hand')
        lines = self.page.spaced(line, [*heading, *new_table(missing, form.columns or HEADINGS)])
        yield Edit("evidence", form.title, line, lines)


def _name(row: Row, columns: Columns) -> str:
    """A row's name, for comparison."""
    name = row.cells[columns.metric] if columns.metric not in (columns.before, columns.after) else ""
    return name_key(plain(f"{name} ({columns.condition})" if columns.condition else name))


def _cells(line: str) -> tuple[str, ...]:
    """The cells that are written in a line."""
    return tuple(line[start:end].strip() for start, end in cell_spans(line))

"""The comparison table as rows of measured values: what changed, by how much, and whether for the better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from mkdocs_perfcase.metrics import Polarity, Verdict, polarity
from mkdocs_perfcase.quantity import Quantity, read_quantity
from mkdocs_perfcase.record import Record
from mkdocs_perfcase.template import Role
from mkdocs_perfcase.text import generic_placeholder, name_key, placeholder_key, plain
from mkdocs_perfcase.tree import Block, Row

_BEFORE = {"before", "baseline", "vorher", "avant", "antes", "до", "优化前", "前"}
_AFTER = {"after", "nachher", "après", "después", "depois", "после", "优化后", "后"}
_CHANGE = {
    "improvement",
    "change",
    "delta",
    "diff",
    "difference",
    "gain",
    "verbesserung",
    "mejora",
    "изменение",
    "改善",
}
_NOTHING = {"", "-", "–", "—", "n/a", "na", "none", "pending", "?"}


@dataclass(frozen=True)
class Columns:
    """Which column of a table is which; `change` is None where the table has none."""

    metric: int
    before: int
    after: int
    change: int | None


@dataclass(frozen=True)
class Measurement:
    """One row of the comparison."""

    name: str
    before_text: str
    after_text: str
    stated: str
    line: int
    before: Quantity | None
    after: Quantity | None
    polarity: Polarity
    row: Row
    columns: Columns

    @property
    def comparable(self) -> bool:
        """Whether both values are read and share a unit family."""
        return self.before is not None and self.after is not None and self.before.family == self.after.family

    @cached_property
    def change_percent(self) -> float | None:
        """(after − before) / before × 100; None where it can't be told."""
        if not self.comparable or self.before is None or self.after is None or not self.before.base:
            return None
        return (self.after.base - self.before.base) / abs(self.before.base) * 100

    @property
    def verdict(self) -> Verdict:
        """By polarity, never by the sign that the author wrote."""
        change = self.change_percent
        if change is None or (self.polarity == "unknown" and change):
            return "unknown"
        if not change:
            return "unchanged"
        return "improved" if (change > 0) == (self.polarity == "higher") else "regressed"

    @property
    def measured(self) -> bool:
        """Whether an after-value is given at all."""
        return not says_nothing(self.after_text, self.row.cells[self.columns.after])


def says_nothing(shown: str, raw: str) -> bool:
    """Whether a cell holds no value: empty, a dash, or something yet to be filled in."""
    return shown.casefold() in _NOTHING or shown.startswith("[") or generic_placeholder(raw) is not None


def read_columns(table: Block) -> Columns | None:
    """Which columns hold the metric, before, after and change; None where the table isn't a comparison."""
    names = [name_key(cell) for cell in table.rows[0].cells]
    before = _column(names, _BEFORE)
    after = _column(names, _AFTER)
    if before is None or after is None:
        return None
    metric = next((place for place in range(len(names)) if place not in (before, after)), 0)
    return Columns(metric, before, after, _column(names, _CHANGE))


def _column(names: list[str], known: Iterable[str]) -> int | None:
    known = set(known)
    found = [place for place, name in enumerate(names) if known & {name, *name.split()}]
    return found[0] if len(found) == 1 else None


def comparison_tables(record: Record) -> Iterator[tuple[Block, Columns]]:
    """The record's comparison tables that can be read, with their columns."""
    for section in record.having(Role.COMPARISON):
        for table in section.comparison_tables:
            if columns := read_columns(table):
                yield table, columns


def measurements(record: Record, metrics: Mapping[str, str]) -> tuple[Measurement, ...]:
    """The rows of the record's comparison.

    Args:
        record: the record.
        metrics: the site's own metrics and their polarity.
    """
    return tuple(
        _measurement(row, columns, metrics)
        for table, columns in comparison_tables(record)
        for row in table.rows[1:]
        if any(row.cells)
    )


def _measurement(row: Row, columns: Columns, metrics: Mapping[str, str]) -> Measurement:
    name, before, after = (plain(row.cells[place]) for place in (columns.metric, columns.before, columns.after))
    stated = plain(row.cells[columns.change]) if columns.change is not None else ""
    read_before, read_after = read_quantity(before), read_quantity(after)
    better = polarity(name, read_before or read_after, metrics)
    return Measurement(name, before, after, stated, row.line, read_before, read_after, better, row, columns)


def has_stated_change(measurement: Measurement, placeholders: Iterable[str]) -> bool:
    """Whether the author states the change, as against leaving it to be computed."""
    raw = measurement.row.cells[measurement.columns.change] if measurement.columns.change is not None else ""
    return not says_nothing(measurement.stated, raw) and placeholder_key(raw) not in placeholders

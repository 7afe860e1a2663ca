"""The comparison as measured rows: what changed, by how much, and whether for the better."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple
from xml.etree.ElementTree import Element

from mkdocs_perfcase.change import Agreement, Interval, certain, comparable, judge, percent, ratio, read_stated
from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.figures import Mark, decimal_mark
from mkdocs_perfcase.metrics import Name, Polarity, Verdict, polarity, read_name, verdict
from mkdocs_perfcase.quantity import Quantity, read_quantities, unit_in_heading
from mkdocs_perfcase.record import Record
from mkdocs_perfcase.template import Role
from mkdocs_perfcase.text import generic_placeholder, name_key, placeholder_key, plain
from mkdocs_perfcase.tree import Block, Row

if TYPE_CHECKING:  # few records have evidence, and statistics take long to import
    from mkdocs_perfcase.evidence.effect import Standing
    from mkdocs_perfcase.evidence.measured import Measured

# What a column is called, or in a transposed table a row: whole words of its heading.
_BEFORE = frozenset(
    [
        "before",
        "baseline",
        "vorher",
        "avant",
        "antes",
        "prima",
        "до",
        "было",
        "优化前",
        "之前",
        "前",
        "최적화전",
        "기존",
    ]
)
_AFTER = frozenset(
    [
        "after",
        "optimized",
        "optimised",
        "nachher",
        "après",
        "apres",
        "después",
        "despues",
        "depois",
        "dopo",
        "после",
        "стало",
        "优化后",
        "之后",
        "后",
        "최적화후",
        "개선",
    ]
)
_CHANGE = frozenset(
    [
        "improvement",
        "improvements",
        "change",
        "delta",
        "diff",
        "difference",
        "gain",
        "speedup",
        "reduction",
        "verbesserung",
        "änderung",
        "mejora",
        "cambio",
        "amélioration",
        "изменение",
        "улучшение",
        "改善",
        "提升",
        "变化",
        "개선율",
    ]
)
_NOTHING = frozenset(
    {"", "-", "–", "—", "n/a", "na", "none", "pending", "?", "tbm", "not measured", "not yet measured"}
)


_PROVEN: Mapping[Standing, Verdict] = {
    "improved": "improved",
    "regressed": "regressed",
    "unchanged": "unchanged",
    "unproven": "unknown",
}


class Columns(NamedTuple):
    """Which columns of a table are which; `change` is None where the table has none."""

    metric: int
    before: int
    after: int
    change: int | None
    condition: str = ""
    """What sets a pair of columns apart, such as `500 VU`; empty where there is one pair."""


@dataclass(frozen=True)
class Declined:
    """A table that can't be read, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Measurement:
    """One metric, before and after."""

    name: str
    before_text: str
    after_text: str
    stated: str
    line: int
    before: Quantity | None
    after: Quantity | None
    polarity: Polarity
    change_cell: Element | None = None
    """The cell for the change, if the table has one."""
    evidence: Measured | None = None
    """What result files say of it, where the record names any."""
    filled: bool = False
    """Whether a value is that of the files, since the author typed none."""
    made: bool = False
    """Whether the whole row is, since the author gave none."""

    @property
    def comparable(self) -> bool:
        """Whether both values are read and share a unit family."""
        return self.before is not None and self.after is not None and comparable(self.before, self.after)

    @cached_property
    def pair(self) -> tuple[Quantity, Quantity] | None:
        """Both values, where they can be compared."""
        if self.before is None or self.after is None or not comparable(self.before, self.after):
            return None
        return self.before, self.after

    @cached_property
    def change_percent(self) -> float | None:
        """(after − before) / before × 100 of the figures as written; None where it can't be told."""
        return percent(*self.pair) if self.pair else None

    @cached_property
    def ratio(self) -> Interval | None:
        """after / before over all that the two values claim; None where it can't be told."""
        return ratio(*self.pair) if self.pair else None

    @cached_property
    def rounded_ratio(self) -> Interval | None:
        """The same, over what the two may have been before they were rounded."""
        return ratio(*self.pair, rounding=True) if self.pair else None

    @cached_property
    def verdict(self) -> Verdict:
        """By polarity, never by the sign that the author wrote; unknown where ranges or bounds leave it open."""
        if not self.pair:
            return "unknown"
        if self.evidence and self.filled:
            return _PROVEN[self.evidence.standing]
        before, after = self.pair
        if certain(before) and certain(after):
            return verdict(round(after.base - before.base, 15), self.polarity)
        if after.low > before.high or after.high < before.low:
            return verdict(
                after.low - before.high if after.low > before.high else after.high - before.low, self.polarity
            )
        return "unknown"

    @cached_property
    def agreement(self) -> Agreement | None:
        """Whether the stated change follows; None where none is stated that can be read."""
        stated = read_stated(self.stated)
        return judge(stated, *self.pair) if self.pair and stated else None

    @property
    def mixes_sizes(self) -> bool:
        """Whether one side is in powers of 1000 and the other in powers of 1024."""
        units = [quantity.unit for quantity in self.pair or () if quantity.unit]
        return len({unit.binary for unit in units}) > 1

    @property
    def measured(self) -> bool:
        """Whether an after-value is given at all."""
        return not says_nothing(self.after_text)

    @cached_property
    def metric(self) -> Name:
        """The metric's name for comparison."""
        found = read_name(self.name)
        label = self.after.label if self.after else ""
        return found if found.statistic or not label else read_name(f"{label} {self.name}")


_BRACKETED = expression(r"\[[^\[\]]*\]")


@lru_cache(maxsize=1024)  # asked of each cell by many
def says_nothing(text: str) -> bool:
    """Whether a cell holds no value: empty, a dash, or something yet to be filled in."""
    shown = plain(text)
    return shown.casefold() in _NOTHING or bool(_BRACKETED.fullmatch(shown)) or generic_placeholder(text) is not None


def read_columns(table: Block) -> tuple[Columns, ...] | Declined | None:
    """Which columns hold the metric, before, after and change: one set, or one for each condition measured.

    None where the table isn't a comparison; a reason where it is one that can't be read.
    """
    headings = [plain(cell) for cell in table.rows[0].cells]
    before, after, change = (_places(headings, known) for known in (_BEFORE, _AFTER, _CHANGE))
    change = [place for place in change if place not in before and place not in after]
    if not before or not after:
        return None
    metric = next((p for p in range(len(headings)) if p not in (*before, *after, *change)), 0)
    if len(before) == len(after) == 1:
        return (Columns(metric, before[0], after[0], change[0] if len(change) == 1 else None),)
    conditions = {_condition(headings[p]): p for p in before}
    pairs = [
        (condition, conditions[condition], p) for p in after if (condition := _condition(headings[p])) in conditions
    ]
    if len(conditions) == len(before) == len(pairs) == len(after):
        return tuple(Columns(metric, b, a, None, condition) for condition, b, a in pairs)
    return Declined(
        table.rows[0].line, f"it has {len(before)} columns for before and {len(after)} for after that don't pair up"
    )


def _places(headings: list[str], known: frozenset[str]) -> list[int]:
    return [place for place, heading in enumerate(headings) if _is_called(heading, known)]


@lru_cache(maxsize=1024)
def _is_called(heading: str, known: frozenset[str]) -> bool:
    key = name_key(heading)
    words = key.split()
    if known & {*words, "".join(words)}:
        return True
    # languages without spaces between words
    return not key.isascii() and any(not word.isascii() and len(word) > 1 and word in key for word in known)


def _condition(heading: str) -> str:
    words = [word for word in re.split(r"[\s()\[\]:,]+", heading) if name_key(word) not in _BEFORE | _AFTER]
    return " ".join(word for word in words if word)


def comparison_tables(record: Record) -> Iterator[tuple[Block, tuple[Columns, ...]]]:
    """The comparison tables with columns that can be read."""
    for section in record.having(Role.COMPARISON):
        for table in section.body.tables:
            columns = read_columns(table)
            if isinstance(columns, tuple):
                yield table, columns


def declined_tables(record: Record) -> Iterator[Declined]:
    """The comparison tables that can't be read, with the reason."""
    for section in record.having(Role.COMPARISON):
        for table in section.body.tables:
            columns = read_columns(table)
            if isinstance(columns, Declined):
                yield columns
            elif columns is None and _transposed(table) is None:
                yield Declined(table.rows[0].line, "no column is named Before and none After")


def measurements(record: Record, metrics: Mapping[str, str]) -> tuple[Measurement, ...]:
    """The rows of the record's comparison.

    Args:
        record: the record.
        metrics: the site's own metrics and their polarity.
    """
    found: list[Measurement] = []
    for section in record.having(Role.COMPARISON):
        for table in section.body.tables:
            columns = read_columns(table)
            if columns is None and (turned := _transposed(table)):
                found += _rows(table, turned, metrics)
            elif isinstance(columns, tuple):
                for one in columns:
                    found += _rows(table, [_cells(row, one) for row in table.rows[1:] if any(row.cells)], metrics, one)
    return tuple(found)


class _Cells(NamedTuple):
    name: str
    before: str
    after: str
    stated: str
    line: int
    change_cell: Element | None


def _cells(row: Row, columns: Columns) -> _Cells:
    place = columns.change
    stated, cell = (row.cells[place], row.elements[place]) if place is not None else ("", None)
    name = row.cells[columns.metric] if columns.metric not in (columns.before, columns.after) else ""
    if columns.condition:
        name = f"{name} ({columns.condition})"
    return _Cells(name, row.cells[columns.before], row.cells[columns.after], stated, row.line, cell)


def _transposed(table: Block) -> list[_Cells] | None:
    """The metrics of a table with a row for before and one for after."""
    header, *rows = table.rows
    firsts = [plain(row.cells[0]) for row in rows]
    before, after, change = (_places(firsts, known) for known in (_BEFORE, _AFTER, _CHANGE))
    if len(before) != 1 or len(after) != 1:
        return None
    stated = rows[change[0]].cells if len(change) == 1 else None
    return [
        _Cells(
            name,
            rows[before[0]].cells[place],
            rows[after[0]].cells[place],
            stated[place] if stated else "",
            rows[after[0]].line,
            None,
        )
        for place, name in enumerate(header.cells)
        if place
    ]


def _rows(
    table: Block, rows: list[_Cells], metrics: Mapping[str, str], columns: Columns | None = None
) -> Iterator[Measurement]:
    mark = decimal_mark(cell for row in rows for cell in (row.before, row.after))
    headings = [table.rows[0].cells[place] for place in (columns.before, columns.after)] if columns else ["", ""]
    for row in rows:
        yield from _measured(row, headings, mark, metrics)


def _measured(row: _Cells, headings: list[str], mark: Mark | None, metrics: Mapping[str, str]) -> Iterator[Measurement]:
    name, before_text, after_text = plain(row.name), plain(row.before), plain(row.after)
    before = read_quantities(row.before, mark=mark, about=name.casefold())
    after = read_quantities(row.after, mark=mark, about=name.casefold())
    if len(before) != len(after) or len(before) < 2:
        pairs = [(before[0] if len(before) == 1 else None, after[0] if len(after) == 1 else None)]
    elif [q.label for q in before] == [q.label for q in after]:
        pairs = list(zip(before, after, strict=True))
    else:
        pairs = [(None, None)]
    for left, right in pairs:
        left, right = _with_units(left, right, name, headings)
        many = len(pairs) > 1 and left is not None and right is not None
        yield Measurement(
            name=f"{name} {left.label}".strip() if many and left else name,
            before_text=left.text if many and left else before_text,
            after_text=right.text if many and right else after_text,
            stated="" if many else row.stated,
            line=row.line,
            before=left,
            after=right,
            polarity=polarity(name, left or right, metrics),
            change_cell=None if many else row.change_cell,
        )


def _with_units(
    before: Quantity | None, after: Quantity | None, name: str, headings: list[str]
) -> tuple[Quantity | None, Quantity | None]:
    """Bare numbers take their unit from the column's heading, the row's, or the value beside them."""
    given = next((q.unit for q in (before, after) if q and q.unit), None)
    read = []
    for quantity, heading in ((before, headings[0]), (after, headings[1])):
        unit = unit_in_heading(heading) or unit_in_heading(name) or given
        read.append(quantity.in_unit(unit) if quantity and quantity.unit is None and unit else quantity)
    return read[0], read[1]


def has_stated_change(measurement: Measurement, placeholders: Iterable[str]) -> bool:
    """Whether the author states the change, as against leaving it to be computed."""
    return not says_nothing(measurement.stated) and placeholder_key(measurement.stated) not in placeholders

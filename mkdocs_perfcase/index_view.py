"""What is shown of all records together: totals, what is open, metrics over records, and the rows of tables."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from mkdocs_perfcase.change import percent_text
from mkdocs_perfcase.change_view import Change
from mkdocs_perfcase.directives import FILTERS
from mkdocs_perfcase.form import STAGES
from mkdocs_perfcase.record import TERMINAL
from mkdocs_perfcase.text import name_key
from mkdocs_perfcase.timeline import Period, is_date, timeline
from mkdocs_perfcase.views import Progress, RecordView


@dataclass(frozen=True)
class MetricView:
    """A metric, and what became of it in each record."""

    name: str
    rows: tuple[tuple[RecordView, Change], ...]

    def count(self, verdict: str) -> int:
        """In how many records it improved, regressed, or stayed as it was."""
        return sum(change.verdict == verdict for _, change in self.rows)

    @cached_property
    def _ratios(self) -> tuple[float, ...]:
        """Of rows whose values are single figures with a verdict; being ratios, their units need not be alike."""
        return tuple(change.ratio for _, change in self.rows if change.ratio and change.verdict != "unknown")

    @property
    def averaged(self) -> int:
        """How many records the mean is of."""
        return len(self._ratios)

    @property
    def mean_ratio(self) -> float | None:
        """The geometric mean of after / before; None where fewer than two can be averaged."""
        return math.exp(sum(map(math.log, self._ratios)) / self.averaged) if self.averaged > 1 else None

    @property
    def mean(self) -> str:
        """The same as a change, such as `−52%`; empty where there is none."""
        return percent_text((self.mean_ratio - 1) * 100) if self.mean_ratio else ""

    @property
    def best(self) -> tuple[RecordView, Change] | None:
        """The record that improved it most."""
        improved = [(record, change) for record, change in self.rows if (change.gain or 0) > 0]
        return max(improved, key=lambda row: row[1].gain or 0, default=None)


@dataclass(frozen=True)
class IndexView:
    """All records, for the index page."""

    records: tuple[RecordView, ...]
    metrics: tuple[MetricView, ...]
    """What was measured in more than one record."""

    @cached_property
    def open(self) -> tuple[RecordView, ...]:
        """The records with open criteria."""
        return tuple(record for record in self.records if record.open)

    @property
    def open_count(self) -> int:
        """How many criteria are open."""
        return sum(len(record.open) for record in self.open)

    @property
    def accepted(self) -> int:
        """How many records have every criterion met or waived."""
        return sum(record.accepted for record in self.records)

    @property
    def targets(self) -> Progress:
        """How many targets are met, of those that something measures; what was rolled back or given up is left out."""
        each = [record.target_progress for record in self.records if record.status not in TERMINAL]
        return Progress(sum(one.checked for one in each), 0, sum(one.total for one in each))

    @cached_property
    def timeline(self) -> tuple[Period, ...]:
        """When the records were made, if they have dates."""
        return timeline((record.date, record.accepted) for record in self.records if record.date)

    @cached_property
    def values(self) -> Mapping[str, tuple[str, ...]]:
        """What the records can be filtered by: each filter's values in order, most useful first."""
        found: dict[str, tuple[str, ...]] = {}
        for name, values_of in _FILTERS.items():
            values = {value for record in self.records for value in values_of(record) if value}
            found[name] = tuple(sorted(values, key=_ranked if name == "stage" else str.casefold))
        return found

    def places(self, record: RecordView, name: str) -> str:
        """Which of a filter's values a record has, as their numbers, such as `0 3`."""
        return " ".join(str(self._numbers[name][value]) for value in _FILTERS[name](record) if value)

    @cached_property
    def _numbers(self) -> Mapping[str, Mapping[str, int]]:
        return {name: {value: n for n, value in enumerate(values)} for name, values in self.values.items()}


def index_view(records: Iterable[RecordView]) -> IndexView:
    """The index of records: newest first where they have dates, then by title."""
    ordered = sorted(records, key=lambda record: record.title.casefold())
    ordered.sort(key=lambda record: record.date if record.date and is_date(record.date) else "", reverse=True)
    by_metric: dict[str, list[tuple[RecordView, Change]]] = defaultdict(list)
    for record in ordered:
        if record.status not in TERMINAL:
            for shown in record.measured:
                by_metric[name_key(shown.metric)].append((record, shown))
    shared = [rows for rows in by_metric.values() if len(rows) > 1]
    metrics = [MetricView(rows[0][1].metric, tuple(rows)) for rows in shared]
    metrics.sort(key=lambda metric: -len(metric.rows))  # the most common first, else as the records have them
    return IndexView(tuple(ordered), tuple(metrics))


def stage_rank(stage: str) -> int:
    """A stage's place on the way from draft to verified; a terminal status comes behind them."""
    return [*STAGES, *TERMINAL].index(stage)


def _ranked(stage: str) -> tuple[int, str]:
    return stage_rank(stage), stage


_FILTERS: Mapping[str, Callable[[RecordView], Iterable[str]]] = {
    "type": lambda record: record.types,
    "stage": lambda record: (record.shown_stage,),
    "tag": lambda record: record.tags,
    "owner": lambda record: (record.owner or "",),
    "component": lambda record: (record.component,),
}


def chosen(index: IndexView, arguments: Mapping[str, str]) -> tuple[tuple[RecordView, Change], ...]:
    """The measured changes that a table directive asks for: of one metric, or each record's headline."""
    wanted = {name: name_key(value) for name, value in arguments.items() if name in FILTERS}
    rows: list[tuple[RecordView, Change]] = []
    for record in index.records:
        if not all(value in map(name_key, _FILTERS[name](record)) for name, value in wanted.items()):
            continue
        if metric := arguments.get("metric"):
            rows += [(record, c) for c in record.measured if name_key(c.metric) == name_key(metric)]
        elif record.headline:
            rows.append((record, record.headline))
    return tuple(rows)

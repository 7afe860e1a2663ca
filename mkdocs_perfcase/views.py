"""What pages, index and exports show of the records: plain values, ready for a template or for JSON."""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mkdocs_perfcase.change import certain, percent_text
from mkdocs_perfcase.check import Study
from mkdocs_perfcase.comparison import Measurement
from mkdocs_perfcase.criteria import Criterion
from mkdocs_perfcase.directives import FILTERS
from mkdocs_perfcase.findings import is_exempt
from mkdocs_perfcase.form import TERMINAL, Stage
from mkdocs_perfcase.metrics import Verdict
from mkdocs_perfcase.options import Options
from mkdocs_perfcase.quantity import Quantity
from mkdocs_perfcase.record import Record
from mkdocs_perfcase.targets import Outcome
from mkdocs_perfcase.template import Role
from mkdocs_perfcase.text import name_key, plain
from mkdocs_perfcase.units import shared_unit


@dataclass(frozen=True)
class Change:
    """A metric's way from before to after, as text, with the verdict as a word."""

    metric: str
    before: str
    after: str
    percent: str
    """Signed and rounded, such as `−73%`; empty where it can't be told."""
    verdict: Verdict
    factor: str
    """How many times as much, or as fast, such as `3.8×`; empty where it can't be told."""
    ratio: float | None
    """after / before, where both are single figures and neither is zero."""
    measured: bool
    """Whether there is a value after the change."""
    exported: Mapping[str, Any]
    """The same as JSON-ready values."""


@dataclass(frozen=True)
class TargetView:
    """A target, and what came of it."""

    text: str
    metric: str
    met: bool | None
    reached: str

    @property
    def verdict(self) -> str:
        """The outcome as a word."""
        return {True: "met", False: "missed", None: "not known"}[self.met]


@dataclass(frozen=True)
class OpenCriterion:
    """An open criterion, its line in the file, and its anchor on the page (empty where it has none)."""

    text: str
    line: int
    anchor: str


@dataclass(frozen=True)
class Progress:
    """How many of a list's boxes are ticked, waived, and there at all."""

    checked: int
    waived: int
    total: int

    @property
    def done(self) -> int:
        """Ticked or waived."""
        return self.checked + self.waived

    @property
    def percent(self) -> int:
        """The part done, 0 to 100."""
        return round(self.done / self.total * 100) if self.total else 0


@dataclass(frozen=True)
class RecordView:
    """One record as it is shown."""

    id: str
    path: str
    title: str
    status: str | None
    stage: Stage
    exempt: bool
    types: tuple[str, ...]
    component: str
    date: str | None
    owner: str | None
    tags: tuple[str, ...]
    headline: Change | None
    changes: tuple[Change, ...]
    targets: tuple[TargetView, ...]
    expected: tuple[str, ...]
    """What the proposed changes were expected to bring."""
    acceptance: Progress
    verification: Progress
    open: tuple[OpenCriterion, ...]
    findings: int

    @property
    def shown_stage(self) -> str:
        """The stage, or a terminal status in its place."""
        return self.status if self.status in TERMINAL else self.stage

    @property
    def measured(self) -> tuple[Change, ...]:
        """What was measured after the change."""
        return tuple(change for change in self.changes if change.measured)

    @property
    def note(self) -> str:
        """Why open criteria don't fail the build; empty where they do, or where none are open."""
        if not self.exempt or not self.open:
            return ""
        return f"Open criteria don't fail the build while the status is {self.status}."


@dataclass(frozen=True)
class MetricView:
    """A metric, and what became of it in each record."""

    name: str
    rows: tuple[tuple[RecordView, Change], ...]

    @property
    def mean(self) -> str:
        """The geometric mean of the changes, over how many records; empty where fewer than two can be averaged.

        Rows count whose values are single figures with a verdict; they are ratios, so their units need not be alike.
        """
        ratios = [change.ratio for _, change in self.rows if change.ratio and change.verdict != "unknown"]
        if len(ratios) < 2:
            return ""
        mean = math.exp(sum(math.log(ratio) for ratio in ratios) / len(ratios))
        return f"{percent_text((mean - 1) * 100)} on average (geometric mean of {len(ratios)} records)"


@dataclass(frozen=True)
class IndexView:
    """All records, for the index page."""

    records: tuple[RecordView, ...]
    metrics: tuple[MetricView, ...]

    @property
    def open(self) -> tuple[RecordView, ...]:
        """The records with open criteria."""
        return tuple(record for record in self.records if record.open)

    @property
    def open_count(self) -> int:
        """How many criteria are open."""
        return sum(len(record.open) for record in self.records)


def record_view(study: Study, options: Options) -> RecordView:
    """A studied page as it is shown. It must hold a record."""
    form = study.form
    if form is None:
        raise ValueError(f"{study.path} is no record")
    record, meta = form.record, form.record.meta
    changes = tuple(change(measurement) for measurement in form.measurements)
    return RecordView(
        id=_identity(record.path),
        path=record.path,
        title=record.title,
        status=record.status,
        stage=form.stage,
        exempt=is_exempt(record, options),
        types=record.types,
        component=record.component,
        date=_date(meta.get("date")),
        owner=_line(meta.get("owner")),
        tags=_tags(meta.get("tags")),
        headline=_headline(form.measurements, study.claims.outcomes if study.claims else ()),
        changes=changes,
        targets=tuple(_target(one) for one in (study.claims.outcomes if study.claims else ())),
        expected=tuple(_expected(record)),
        acceptance=_progress(record.criteria, missing=len(record.dropped_criteria)),
        verification=_progress(record.verification, missing=0),
        open=_open(record),
        findings=len(study.findings),
    )


def _identity(path: str) -> str:
    name = path.removesuffix(".md")
    return name.removesuffix("/index").rsplit("/", 1)[-1] or name


_LONGEST = 200  # characters of a front matter value that are shown
_MOST_TAGS = 50


def _line(value: object) -> str | None:
    """A front matter value as one line: a text, a number, or a list of those."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_line, value[:_MOST_TAGS]))) or None
    return " ".join(str(value).split())[:_LONGEST] or None if isinstance(value, str | int | float) else None


def _date(value: object) -> str | None:
    """A date as it is written; of several (as Material's blog has them) the day of creation."""
    if isinstance(value, dict):
        value = value.get("created")
    return value.isoformat()[:10] if isinstance(value, datetime.date) else _line(value)


def _tags(tags: object) -> tuple[str, ...]:
    given = tags.split(",") if isinstance(tags, str) else tags if isinstance(tags, list) else []
    return tuple(filter(None, map(_line, given[:_MOST_TAGS])))


def _headline(measured: Iterable[Measurement], outcomes: Iterable[Outcome]) -> Change | None:
    """The metric that the success metrics are about, else the largest improvement, else the first verdict."""
    rows = [m for m in measured if m.verdict != "unknown"]
    aimed = [one.measurement for one in outcomes if one.measurement in rows]
    improved = [m for m in rows if m.verdict == "improved" and m.change_percent is not None]
    improved.sort(key=_strength, reverse=True)
    return next((change(m) for m in [*aimed, *improved, *rows] if m is not None), None)


def _strength(measurement: Measurement) -> float:
    """How many times better, on a scale on which twice as fast and twice as much are the same."""
    before, after = (abs(q.base) if q else 0.0 for q in (measurement.before, measurement.after))
    return abs(math.log(after / before)) if before > 0 and after > 0 else math.inf


def _target(one: Outcome) -> TargetView:
    reached = change(one.measurement) if one.measurement else None
    shown = f"{reached.before} → {reached.after}" if reached else "not measured"
    return TargetView(
        one.target.text, one.target.shown_metric, one.met, f"{shown} {reached.percent}".strip() if reached else shown
    )


def _expected(record: Record) -> Iterator[str]:
    section = record.section("Proposed Changes")
    for item in section.items if section else ():
        for field in item.fields:
            if name_key(field.key) == "expected improvement" and field.value:
                yield plain(field.value)


def change(measurement: Measurement) -> Change:
    """A row as it is shown: both sides in one readable unit, ranges and bounds as such."""
    percent = measurement.change_percent
    before, after = shared_values(measurement)
    single = measurement.pair is not None and all(certain(quantity) for quantity in measurement.pair)
    factor = _factor(measurement) if single else None
    return Change(
        metric=measurement.name,
        before=before,
        after=after,
        percent=_percent(measurement, single) if percent is not None else "",
        verdict=measurement.verdict,
        factor=f"{factor:.2g}×" if factor and factor < 10 else f"{factor:,.0f}×" if factor else "",
        ratio=measurement.pair[1].base / measurement.pair[0].base if factor and measurement.pair else None,
        measured=measurement.measured,
        exported=_exported_measurement(measurement),
    )


def _percent(measurement: Measurement, single: bool) -> str:
    """The change; over all that the values claim where they are ranges or bounds."""
    if single or measurement.ratio is None:
        return percent_text(measurement.change_percent or 0.0)
    low, high = ((end - 1) * 100 for end in measurement.ratio)
    if math.isinf(high):
        return f"{percent_text(low)} or more"
    return f"{percent_text(low)} to {percent_text(high)}"


def _factor(measurement: Measurement) -> float | None:
    before, after = (quantity.base if quantity else 0.0 for quantity in (measurement.before, measurement.after))
    if before <= 0 or after <= 0 or before == after:
        return None
    return max(before, after) / min(before, after)


def shared_values(measurement: Measurement) -> tuple[str, str]:
    """Both values as written, or in one unit where they were written in two."""
    texts = measurement.before_text, measurement.after_text
    if not measurement.pair:
        return texts
    before, after = measurement.pair
    if before.unit == after.unit or not (certain(before) and certain(after)) or not before.unit or not after.unit:
        return texts
    unit = shared_unit(before.family, min(before.base, after.base), max(before.base, after.base))
    if unit is None:
        return texts
    left, right = (
        f"{'~' if q.kind == 'about' else ''}{q.base / unit.scale:,.4g} {unit.symbol}" for q in (before, after)
    )
    return left, right


def _progress(criteria: Iterable[Criterion], missing: int) -> Progress:
    states = [criterion.state for criterion in criteria]
    return Progress(states.count("checked"), states.count("waived"), len(states) + missing)


def anchors(record: Record) -> Mapping[int, str]:
    """The anchor of each criterion's element, by the element's identity.

    Several criteria in one paragraph share its anchor. A placeholder for raw HTML can't carry one.
    """
    found: dict[int, str] = {}
    for criterion in record.criteria:
        if "\x02" not in (criterion.element.text or ""):
            found.setdefault(id(criterion.element), f"perfcase-criterion-{len(found) + 1}")
    return found


def _open(record: Record) -> tuple[OpenCriterion, ...]:
    places = anchors(record)
    found = [OpenCriterion(c.text, c.line, places.get(id(c.element), "")) for c in record.open_criteria]
    sections = record.having(Role.ACCEPTANCE)
    line = sections[0].line if sections else 1
    return (*found, *(OpenCriterion(f"{text} (missing)", line, "") for text in record.dropped_criteria))


def index_view(records: Iterable[RecordView]) -> IndexView:
    """The index of records: newest first where they have dates, then by title."""
    ordered = sorted(records, key=lambda record: record.title.casefold())
    ordered.sort(key=lambda record: record.date or "", reverse=True)
    by_metric: dict[str, list[tuple[RecordView, Change]]] = defaultdict(list)
    for record in ordered:
        if record.status not in TERMINAL:
            for shown in record.measured:
                by_metric[name_key(shown.metric)].append((record, shown))
    metrics = [MetricView(rows[0][1].metric, tuple(rows)) for rows in by_metric.values()]
    metrics.sort(key=lambda metric: -len(metric.rows))  # the most common first, else as the records have them
    return IndexView(tuple(ordered), tuple(metrics))


_FILTERS: Mapping[str, Callable[[RecordView], Iterable[str]]] = {
    "type": lambda record: record.types,
    "stage": lambda record: (record.shown_stage,),
    "tag": lambda record: record.tags,
    "owner": lambda record: (record.owner or "",),
    "component": lambda record: (record.component,),
}


def chosen(records: Iterable[RecordView], arguments: Mapping[str, str]) -> tuple[tuple[RecordView, Change], ...]:
    """The measured changes that a table directive asks for: of one metric, or each record's headline."""
    rows: list[tuple[RecordView, Change]] = []
    for record in index_view(records).records:
        wanted = {name: value for name, value in arguments.items() if name in FILTERS}
        if not all(name_key(value) in map(name_key, _FILTERS[name](record)) for name, value in wanted.items()):
            continue
        if metric := arguments.get("metric"):
            rows += [(record, c) for c in record.measured if name_key(c.metric) == name_key(metric)]
        elif record.headline:
            rows.append((record, record.headline))
    return tuple(rows)


def _exported_measurement(measurement: Measurement) -> dict[str, Any]:
    percent = measurement.change_percent
    return {
        "name": measurement.name,
        "polarity": measurement.polarity,
        "before": _exported_value(measurement.before_text, measurement.before),
        "after": _exported_value(measurement.after_text, measurement.after),
        "change_percent": round(percent, 2) if percent is not None else None,
        "verdict": measurement.verdict,
        "stated": measurement.stated or None,
    }


def _exported_value(text: str, quantity: Quantity | None) -> dict[str, Any]:
    value = quantity.value if quantity else None
    whole = int(value) if value is not None and value == int(value) else value
    unit = quantity.unit.symbol if quantity and quantity.unit else None
    return {"text": text, "value": whole, "unit": unit}

"""What pages, index and exports show of the records: plain values, ready for a template or for JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mkdocs_perfcase.check import Study
from mkdocs_perfcase.comparison import Measurement
from mkdocs_perfcase.directives import FILTERS
from mkdocs_perfcase.findings import is_exempt
from mkdocs_perfcase.form import TERMINAL, Form
from mkdocs_perfcase.metrics import Verdict
from mkdocs_perfcase.options import Options
from mkdocs_perfcase.quantity import Quantity
from mkdocs_perfcase.record import Criterion, Record
from mkdocs_perfcase.template import Role
from mkdocs_perfcase.text import name_key


@dataclass(frozen=True)
class Change:
    """A metric's way from before to after, as text, with the verdict as a word."""

    metric: str
    before: str
    after: str
    percent: str
    """Signed and rounded, such as `−73%`; empty where it can't be told."""
    verdict: Verdict
    ratio: float | None


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
    stage: str
    """A stage, or a terminal status in its place."""
    exempt: bool
    types: tuple[str, ...]
    component: str
    date: str | None
    owner: str | None
    tags: tuple[str, ...]
    headline: Change | None
    changes: tuple[Change, ...]
    acceptance: Progress
    verification: Progress
    open: tuple[OpenCriterion, ...]
    findings: int

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
    changes = tuple(change(measurement) for measurement in form.measurements if measurement.measured)
    return RecordView(
        id=_identity(record.path),
        path=record.path,
        title=record.title,
        status=record.status,
        stage=form.shown_stage,
        exempt=is_exempt(record, options),
        types=record.types,
        component=record.component,
        date=str(meta["date"]) if meta.get("date") else None,
        owner=str(meta["owner"]) if meta.get("owner") else None,
        tags=_tags(meta.get("tags")),
        headline=next((c for c in changes if c.verdict != "unknown"), None),
        changes=changes,
        acceptance=_progress(record.criteria, missing=len(record.dropped_criteria)),
        verification=_progress(record.verification, missing=0),
        open=_open(record),
        findings=len(study.findings),
    )


def _identity(path: str) -> str:
    name = path.removesuffix(".md")
    return name.removesuffix("/index").rsplit("/", 1)[-1] or name


def _tags(tags: object) -> tuple[str, ...]:
    if isinstance(tags, str):
        return tuple(tag.strip() for tag in tags.split(",") if tag.strip())
    return tuple(str(tag) for tag in tags) if isinstance(tags, list) else ()


def change(measurement: Measurement) -> Change:
    """A measured row as it is shown."""
    percent = measurement.change_percent
    ratio = None
    if measurement.comparable and measurement.before and measurement.after and measurement.before.base:
        ratio = measurement.after.base / measurement.before.base
    return Change(
        measurement.name,
        measurement.before_text,
        measurement.after_text,
        percent_text(percent) if percent is not None else "",
        measurement.verdict,
        ratio,
    )


def percent_text(percent: float) -> str:
    """A change such as `−73%`, `+5.4%` or `0%`, with a real minus sign."""
    digits = 0 if abs(percent) >= 10 else 1
    shown = f"{abs(percent):,.{digits}f}".removesuffix(".0")
    sign = "" if shown == "0" else "+" if percent > 0 else "−"
    return f"{sign}{shown}%"


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
        if record.stage not in TERMINAL:
            for shown in record.changes:
                by_metric[name_key(shown.metric)].append((record, shown))
    metrics = [MetricView(rows[0][1].metric, tuple(rows)) for rows in by_metric.values()]
    metrics.sort(key=lambda metric: -len(metric.rows))  # the most common first, else as the records have them
    return IndexView(tuple(ordered), tuple(metrics))


_FILTERS: Mapping[str, Callable[[RecordView], Iterable[str]]] = {
    "type": lambda record: record.types,
    "stage": lambda record: (record.stage,),
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
            rows += [(record, c) for c in record.changes if name_key(c.metric) == name_key(metric)]
        elif record.headline:
            rows.append((record, record.headline))
    return tuple(rows)


def export(studies: Iterable[Study], options: Options, url: Callable[[str], str]) -> dict[str, Any]:
    """All records as JSON-ready values, in the published shape.

    Args:
        studies: the pages' studies; those without a record are left out.
        options: the site's options.
        url: a page's URL, relative to the site's root, by its path.
    """
    forms = [(study, study.form) for study in studies if study.form is not None]
    records = [_exported(study, form, options, url) for study, form in forms]
    return {"version": 1, "records": sorted(records, key=lambda record: str(record["path"]))}


def _exported(study: Study, form: Form, options: Options, url: Callable[[str], str]) -> dict[str, Any]:
    view = record_view(study, options)
    return {
        "id": view.id,
        "title": view.title,
        "path": view.path,
        "url": url(view.path),
        "status": view.status,
        "stage": form.stage,
        "types": list(view.types),
        "component": view.component,
        "date": view.date,
        "owner": view.owner,
        "tags": list(view.tags),
        "metrics": [_exported_measurement(measurement) for measurement in form.measurements],
        "targets": [],
        "acceptance": {
            "checked": view.acceptance.checked,
            "waived": view.acceptance.waived,
            "total": view.acceptance.total,
            "open": [{"text": criterion.text, "line": criterion.line} for criterion in view.open],
        },
        "verification": {"checked": view.verification.checked, "total": view.verification.total},
        "findings": view.findings,
    }


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

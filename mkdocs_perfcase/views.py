"""What is shown of a record, on its page and elsewhere: plain values, ready for a template or for JSON."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mkdocs_perfcase.change_view import Change, change, goals_of
from mkdocs_perfcase.check import Study
from mkdocs_perfcase.criteria import Criterion
from mkdocs_perfcase.evidence_view import EvidenceView, evidence_view
from mkdocs_perfcase.findings import is_exempt
from mkdocs_perfcase.form import Form, Stage
from mkdocs_perfcase.options import Options
from mkdocs_perfcase.record import TERMINAL, Record
from mkdocs_perfcase.targets import Outcome, confirmed
from mkdocs_perfcase.template import Role
from mkdocs_perfcase.text import name_key, plain, written


@dataclass(frozen=True)
class TargetView:
    """A target, and what came of it."""

    text: str
    metric: str
    met: bool | None
    reached: str
    confirmed: bool | None = None
    """Whether the evidence's whole interval meets it; None where it isn't met, or has no evidence."""

    @property
    def verdict(self) -> str:
        """The outcome as a word."""
        return {True: "met", False: "missed", None: "unknown"}[self.met]


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
    evidence: tuple[EvidenceView, ...] = ()
    """What result files say, of the comparison's rows and of scenarios."""

    @property
    def source(self) -> str:
        """Where the result is from: `measured by k6, 4 runs a side`, or `stated`."""
        if self.headline and self.headline.evidence:
            return self.headline.evidence.source
        others = list(dict.fromkeys(one.tool for one in self.evidence))
        return (
            f"stated; {', '.join(one.metric for one in self.evidence)} measured by {', '.join(others)}"
            if others
            else "stated"
        )

    @property
    def runs(self) -> int:
        """How many runs a side the result rests on; 0 where it is stated."""
        evidence = self.headline.evidence if self.headline else None
        return min(evidence.exported["files"]) if evidence else 0

    @property
    def shown_stage(self) -> str:
        """The stage, or a terminal status in its place."""
        return self.status if self.status in TERMINAL else self.stage

    @property
    def accepted(self) -> bool:
        """Whether it is in force with every criterion met or waived."""
        return self.shown_stage in ("accepted", "verified")

    @property
    def needs_work(self) -> bool:
        """Whether it has open criteria that somebody means to close."""
        return bool(self.open) and self.status not in TERMINAL

    @property
    def target_progress(self) -> Progress:
        """How many targets are met, of those that something measures."""
        known = [target.met for target in self.targets if target.met is not None]
        return Progress(sum(known), 0, len(known))

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


def record_view(study: Study, options: Options) -> RecordView:
    """A studied page as it is shown. It must hold a record."""
    form = study.form
    if form is None:
        raise ValueError(f"{study.path} is no record")
    record, meta = form.record, form.record.meta
    targets, others = (study.claims.outcomes, study.claims.overview_outcomes) if study.claims else ((), ())
    shown = {id(m): change(m, goals_of(m, (*targets, *others))) for m in form.measurements}
    came = [(one, shown.get(id(one.measurement))) for one in targets]
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
        headline=_headline(shown.values(), (change for _, change in came if change)),
        changes=tuple(shown.values()),
        targets=tuple(_target(one, change) for one, change in came),
        expected=tuple(_expected(record)),
        acceptance=_progress(record.criteria, missing=len(record.dropped_criteria)),
        verification=_progress(record.verification, missing=0),
        open=_open(record),
        findings=len(study.findings),
        evidence=tuple(_evidence(form, shown)),
    )


def _evidence(form: Form, shown: Mapping[int, Change]) -> Iterator[EvidenceView]:
    """What result files say, of each row as it is shown and of each scenario."""
    yield from (change.evidence for change in shown.values() if change.evidence)
    yield from (evidence_view(support.measured) for support in form.supports if support.scenario)


def record_views(studies: Iterable[Study], options: Options) -> tuple[RecordView, ...]:
    """The records among studied pages, in the order of their paths."""
    found = [record_view(study, options) for study in studies if study.form]
    return tuple(sorted(found, key=lambda record: record.path))


def _identity(path: str) -> str:
    name = path.removesuffix(".md")
    return name.removesuffix("/index").rsplit("/", 1)[-1] or name


_LONGEST = 200  # characters of a front matter value that are shown
_MOST_TAGS = 50


def _line(value: object) -> str | None:
    """A front matter value as one line: a text, a number, or a list of those."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_scalar, value[:_MOST_TAGS]))) or None
    return _scalar(value)


def _scalar(value: object) -> str | None:
    """A text or a number in one line; None for a list in a list, which an alias may make endless."""
    return " ".join(written(value).split())[:_LONGEST] or None


def _date(value: object) -> str | None:
    """A date as it is written; of several (as Material's blog has them) the day of creation."""
    if isinstance(value, dict):
        value = value.get("created")
    return value.isoformat()[:10] if isinstance(value, datetime.date) else _line(value)


def _tags(tags: object) -> tuple[str, ...]:
    given = tags.split(",") if isinstance(tags, str) else tags if isinstance(tags, list) else []
    return tuple(filter(None, map(_line, given[:_MOST_TAGS])))


def _headline(changes: Iterable[Change], aimed_at: Iterable[Change]) -> Change | None:
    """The metric that the success metrics are about, else the largest improvement, else the first verdict.

    Without any verdict, what result files say without proving it.
    """
    changes, aimed_at = tuple(changes), tuple(aimed_at)
    known = [change for change in changes if change.verdict != "unknown"]
    aimed = [change for change in aimed_at if change.verdict != "unknown"]
    improved = [change for change in known if change.verdict == "improved" and change.percent]
    improved.sort(key=lambda change: math.inf if change.gain is None else change.gain, reverse=True)
    unproven = [change for change in (*aimed_at, *changes) if change.evidence and change.percent]
    return next(iter([*aimed, *improved, *known, *unproven]), None)


def _target(one: Outcome, reached: Change | None) -> TargetView:
    shown = f"{reached.before} → {reached.after} {reached.percent}".strip() if reached else "not measured"
    return TargetView(
        one.target.text,
        one.target.shown_metric,
        one.met,
        shown,
        confirmed(one.target, one.measurement) if one.measurement else None,
    )


def _expected(record: Record) -> Iterator[str]:
    section = record.section("Proposed Changes")
    for item in section.items if section else ():
        for field in item.fields:
            if name_key(field.key) == "expected improvement" and field.value:
                yield plain(field.value)


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

"""Targets as sentences, held against what was measured: `Response time reduced by 70%`, `p95 below 200 ms`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from mkdocs_perfcase.change import Interval, at_most, certain, ratios
from mkdocs_perfcase.comparison import Measurement
from mkdocs_perfcase.criteria import Criterion
from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.figures import read_number
from mkdocs_perfcase.metrics import Name, is_known, read_name
from mkdocs_perfcase.outline import Entry
from mkdocs_perfcase.quantity import Quantity, read_quantities, read_quantity
from mkdocs_perfcase.record import Record
from mkdocs_perfcase.template import Role
from mkdocs_perfcase.text import plain

if TYPE_CHECKING:
    from mkdocs_perfcase.evidence.measured import Measured, Span

Bound = Literal["at most", "at least"]

CURRENT_PERFORMANCE = "Current Performance"
TARGET_PERFORMANCE = "Target Performance"


class Target(NamedTuple):
    """A sentence that asks something of a metric."""

    text: str
    line: int
    metric: Name
    shown_metric: str
    bound: Bound
    asked: float | Quantity
    """The ratio after / before, or the value after, that it is to have at most or at least."""

    @property
    def figure(self) -> float:
        """The ratio, or the value in its family's base unit."""
        return self.asked.base if isinstance(self.asked, Quantity) else self.asked


class Outcome(NamedTuple):
    """A target and what came of it; `met` is None where nothing measures it, or where it can't be told."""

    target: Target
    measurement: Measurement | None
    met: bool | None


_DOWN = r"(?:reduc\w*|decreas\w*|lower\w*|cut|drop\w*|shr[iu]nk\w*|less|fewer|down)"
_UP = r"(?:increas\w*|rais\w*|grow\w*|grew|higher|more|up|doubled)"
_BETTER = r"(?:improv\w*|faster|better|quicker)"
_AT_MOST = (
    r"(?:<=?|≤|below|under|less than|lower than|at most|no more than|not above|up to|max(?:imum)?(?: of)?|within)"
)
_AT_LEAST = r"(?:>=?|≥|above|over|more than|higher than|at least|no less than|min(?:imum)?(?: of)?)"
_MODAL = r"(?:\s+(?:is|are|was|were|be|to be|stays?|remains?|must|should|will|has|have|been|kept|at|of))*"
_FIGURE = r"(?P<figure>[~≈]?\s*\d[\d.,]*)\s*(?P<unit>%|x|×|times)"
_LEAST = r"(?:at least\s+|≥\s*|>=?\s*|over\s+|more than\s+)?"
_OR_MORE = r"(?:\s+or more)?"
_CHANGE_SENTENCE = expression(
    rf"(?P<metric>[^\d<>≤≥]*?(?:p\d\d\S*\s)?[^\d<>≤≥]*?){_MODAL}\s+(?:(?P<down>{_DOWN})|{_UP}|(?P<better>{_BETTER}))\s+by\s+"
    rf"{_LEAST}{_FIGURE}{_OR_MORE}",
    re.IGNORECASE,
)
_ORDER = expression(
    rf"(?:(?P<down>reduce|decrease|lower|cut)|increase|raise|(?P<better>improve))\s+(?:the\s+)?(?P<metric>.+?)\s+by\s+"
    rf"{_LEAST}{_FIGURE}{_OR_MORE}",
    re.IGNORECASE,
)
_VALUE_SENTENCE = expression(
    rf"(?P<metric>.*?){_MODAL}\s*:?\s*(?:(?P<most>{_AT_MOST})|(?P<least>{_AT_LEAST}))\s*(?P<value>[$€£]?\d.*)",
    re.IGNORECASE,
)
_TO_SENTENCE = expression(
    rf"(?P<metric>.+?){_MODAL}\s+(?:(?P<most>{_DOWN})|(?P<least>{_UP}))\s+(?:from\s+\S+(?:\s\S+)?\s+)?to\s+(?P<value>[$€£]?\d.*)",
    re.IGNORECASE,
)
_REMARK = expression(r"\s*(?:\([^()]*\)|\s[–—]\s.*|,\s.*)?\.?$", re.DOTALL)
_LONGEST = 200  # characters; a longer sentence isn't one target


def read_target(text: str, line: int) -> Target | None:
    """A target's sentence, or None where it isn't understood as one."""
    shown = plain(text)
    if len(shown) > _LONGEST or not any(c.isdigit() for c in shown):
        return None
    for sentence in dict.fromkeys((_REMARK.sub("", shown), shown)):
        if found := _read_sentence(sentence, shown, line):
            return found
    return None


def _read_sentence(sentence: str, shown: str, line: int) -> Target | None:
    if " by " in sentence and (match := _CHANGE_SENTENCE.fullmatch(sentence) or _ORDER.fullmatch(sentence)):
        return _change(match, shown, line)
    to = _TO_SENTENCE.fullmatch(sentence) if " to " in sentence else None
    match = to or _VALUE_SENTENCE.fullmatch(sentence)
    return _value(match, shown, line) if match else None


def _change(match: re.Match[str], text: str, line: int) -> Target | None:
    amount = read_number(match["figure"].lstrip("~≈").strip())
    if amount is None or match["better"]:
        return None  # "improved by 40%" doesn't say which way
    down = bool(match["down"])
    change = _ratio_asked(amount, match["unit"], down)
    if change is None:
        return None
    metric = match["metric"].strip()
    return Target(text, line, read_name(metric), metric, "at most" if down else "at least", change)


def _ratio_asked(amount: float, unit: str, down: bool) -> float | None:
    """The ratio after / before; None where no metric can fall so far, or where a factor asks for nothing."""
    if unit == "%":
        percent = -amount if down else amount
        return 1 + percent / 100 if percent >= -100 else None
    if amount <= 1:
        return None
    return 1 / amount if down else amount


def _value(match: re.Match[str], text: str, line: int) -> Target | None:
    metric = match["metric"].strip(" :-–—")
    value = read_quantity(match["value"])
    if not metric or value is None or value.kind != "exact":
        return None
    return Target(text, line, read_name(metric), metric, "at most" if match["most"] else "at least", value)


def success_targets(record: Record) -> Iterator[tuple[Entry, Target | None]]:
    """The record's success metrics, each with the target that it reads as, if it does."""
    for section in record.having(Role.SUCCESS_METRICS):
        for entry in section.body.entries:
            if entry.level or entry.glued:
                text = f"{entry.key}: {entry.value}" if entry.key else entry.text
                yield entry, read_target(text, entry.line)


def overview_targets(record: Record) -> Iterator[Target]:
    """What the overview's target performance asks, where it names metric and value."""
    field = record.field(Role.OVERVIEW, TARGET_PERFORMANCE)
    for clause in _clauses(field.value) if field else ():
        target = read_target(clause, field.line) if field else None
        if target and is_known(target.shown_metric):
            yield target


def criterion_target(criterion: Criterion) -> Target | None:
    """The target that a criterion states itself, such as `p95 under 200 ms`."""
    return read_target(criterion.text, criterion.line)


def outcome(target: Target, measured: Iterable[Measurement]) -> Outcome:
    """What came of a target: by the rows that certainly measure it, and only where they agree."""
    rows = [m for m in measured if m.measured and m.metric.is_also(target.metric)]
    verdicts = {_met(target, row) for row in rows}
    return Outcome(target, rows[0] if rows else None, verdicts.pop() if len(verdicts) == 1 else None)


def threshold(target: Target, measurement: Measurement) -> float | None:
    """The value after, in its family's base unit, at which a row just meets a target; None where it can't be told."""
    before, after = measurement.before, measurement.after
    if not isinstance(target.asked, Quantity):
        return before.base * target.asked if before and certain(before) else None
    return target.figure if after and _alike(target.asked, after) else None


def _alike(asked: Quantity, after: Quantity) -> bool:
    """Whether a value can be held against another one: `4` against `at most 5 queries`, but not against `200 ms`."""
    bare, other = (asked, after) if asked.unit is None else (after, asked)
    return asked.family == after.family or (bare.unit is None and other.unit is not None and other.unit.countable)


def _met(target: Target, measurement: Measurement) -> bool | None:
    """Met by the result files' estimate, or else by the figures as written; missed only if nothing could meet it."""
    span = _evident(target, measurement.evidence) if measurement.evidence else None
    if span is None:
        return _met_as_written(target, measurement)
    met = _within(target.figure, target.bound, span.estimate, span.estimate, span.low, span.high)
    return _met_as_written(target, measurement) if met is None and span.low == -math.inf else met


def confirmed(target: Target, measurement: Measurement) -> bool | None:
    """Whether the whole interval over four or more runs a side meets a target; None where no evidence speaks of it."""
    if measurement.evidence is None:
        return None
    span = _evident(target, measurement.evidence)
    if span is None:
        return None
    whole = _within(target.figure, target.bound, span.low, span.high, span.low, span.high)
    return measurement.evidence.effect.basis == "files" and whole is True


def _evident(target: Target, measured: Measured) -> Span | None:
    """What result files say of what a target asks for; None where they don't."""
    if not isinstance(target.asked, Quantity):
        return measured.ratio
    return measured.reached if measured.unit and target.asked.family == measured.unit.family else None


def _met_as_written(target: Target, measurement: Measurement) -> bool | None:
    if isinstance(target.asked, Quantity):
        return _value_met(target.asked, target.bound, measurement.after)
    found = ratios(*measurement.pair) if measurement.pair else None
    if found is None:
        return None
    return _within(target.asked, target.bound, *found.written, *found.rounded)


def _value_met(asked: Quantity, bound: Bound, after: Quantity | None) -> bool | None:
    if after is None or not _alike(asked, after):
        return None
    return _within(asked.base, bound, after.low, after.high, after.low - after.slack, after.high + after.slack)


def _within(asked: float, bound: Bound, low: float, high: float, least: float, most: float) -> bool | None:
    if bound == "at most":
        return True if at_most(high, asked) else None if at_most(least, asked) else False
    return True if at_most(asked, low) else None if at_most(asked, most) else False


_RUN_TO_RUN = 0.05  # what a value of result files may differ by from the one that the author once saw


class Baseline(NamedTuple):
    """A starting value that a record states outside its comparison."""

    where: str
    text: str
    line: int
    metric: Name
    value: Quantity


def stated_baselines(record: Record) -> Iterator[Baseline]:
    """The starting values in the overview and under *Metrics*, where metric and value are certain."""
    for section in record.having(Role.METRICS):
        for field in section.fields.values():
            value = read_quantity(field.value)
            if value:
                name = read_name(f"{value.label} {field.key}".strip())
                yield Baseline(section.form.title, plain(field.value), field.line, name, value)
    overview = record.field(Role.OVERVIEW, CURRENT_PERFORMANCE)
    for clause in _clauses(overview.value) if overview else ():
        if overview and (found := _named_value(clause)):
            yield Baseline(Role.OVERVIEW.value, clause, overview.line, *found)


def _clauses(text: str) -> list[str]:
    return [
        clause.strip() for clause in re.split(r"[,;]\s|\s(?:and|at|with|und)\s|\.\s", plain(text)) if clause.strip()
    ]


_NAME_BEHIND = expression(
    r"(?P<value>[~≈<>]?\s*[$€£]?\d\S*(?:\s?(?:%|[^\s\d]\S*))?)\s+(?P<name>[A-Za-z][A-Za-z0-9 /]*)"
)
_NAME_BEFORE = expression(
    r"(?P<name>(?:p\d\d\S*\s)?[A-Za-z][A-Za-z /]*?|p\d\d\S*)\s*(?:of|is|:|=)?\s*(?P<value>[~≈<>]?\s*[$€£]?\d.*)"
)


def _named_value(clause: str) -> tuple[Name, Quantity] | None:
    """`450 ms response time` or `p95 latency 900 ms`: a known metric and a value, and nothing else."""
    for pattern in (_NAME_BEHIND, _NAME_BEFORE) if len(clause) <= _LONGEST else ():
        match = pattern.fullmatch(clause)
        if not match or not is_known(match["name"]):
            continue
        values = read_quantities(match["value"])
        if len(values) == 1 and values[0].unit and not values[0].label:
            return read_name(match["name"]), values[0]
    return None


def baseline_conflict(baseline: Baseline, measured: Iterable[Measurement]) -> Measurement | None:
    """The one row that starts from a different value, beyond rounding; None where none certainly does."""
    starts = [(m, m.before) for m in measured if m.metric.is_also(baseline.metric) and m.before is not None]
    if len(starts) != 1 or starts[0][1].family != baseline.value.family:
        return None
    (row, before), stated = starts[0], baseline.value
    slack = before.slack + stated.slack
    if "about" in (before.kind, stated.kind):
        slack += max(abs(before.base), abs(stated.base)) / 10
    if row.filled:
        slack += abs(before.base) * _RUN_TO_RUN
    same = Interval(before.low - slack, before.high + slack).meets(Interval(stated.low, stated.high))
    return None if same else row

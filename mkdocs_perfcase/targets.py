"""Targets as sentences, held against what was measured: `Response time reduced by 70%`, `p95 below 200 ms`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from mkdocs_perfcase.change import certain, ratio
from mkdocs_perfcase.comparison import Measurement
from mkdocs_perfcase.criteria import Criterion
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
    """A sentence that asks something of a metric.

    Either of its ratio after / before (`change`), or of its value after (`value`), at most or at least.
    """

    text: str
    line: int
    metric: Name
    shown_metric: str
    bound: Bound
    change: float | None
    value: Quantity | None

    @property
    def asked(self) -> float:
        """The ratio, or the value in its family's base unit."""
        return self.change if self.change is not None else self.value.base if self.value else 0.0


@dataclass(frozen=True)
class Outcome:
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
_CHANGE_SENTENCE = re.compile(
    rf"(?P<metric>[^\d<>≤≥]*?(?:p\d\d\S*\s)?[^\d<>≤≥]*?){_MODAL}\s+(?P<verb>{_DOWN}|{_UP}|{_BETTER})\s+by\s+"
    rf"{_LEAST}{_FIGURE}{_OR_MORE}",
    re.IGNORECASE,
)
_ORDER = re.compile(
    rf"(?P<verb>reduce|decrease|lower|cut|increase|raise|improve)\s+(?:the\s+)?(?P<metric>.+?)\s+by\s+"
    rf"{_LEAST}{_FIGURE}{_OR_MORE}",
    re.IGNORECASE,
)
_VALUE_SENTENCE = re.compile(
    rf"(?P<metric>.*?){_MODAL}\s*:?\s*(?:(?P<most>{_AT_MOST})|(?P<least>{_AT_LEAST}))\s*(?P<value>[$€£]?\d.*)",
    re.IGNORECASE,
)
_TO_SENTENCE = re.compile(
    rf"(?P<metric>.+?){_MODAL}\s+(?:(?P<most>{_DOWN})|(?P<least>{_UP}))\s+(?:from\s+\S+(?:\s\S+)?\s+)?to\s+(?P<value>[$€£]?\d.*)",
    re.IGNORECASE,
)
_REMARK = re.compile(r"\s*(?:\([^()]*\)|\s[–—]\s.*|,\s.*)?\.?$", re.DOTALL)
_LONGEST = 200  # characters; a longer sentence isn't one target


def read_target(text: str, line: int) -> Target | None:
    """A target's sentence, or None where it isn't understood as one."""
    shown = plain(text)
    if len(shown) > _LONGEST or not any(c.isdigit() for c in shown):
        return None
    bare = _REMARK.sub("", shown) or shown
    for sentence in dict.fromkeys((bare, shown)):
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
    amount = float(match["figure"].strip("~≈ ").replace(",", ""))
    verb = match["verb"].casefold()
    percent = match["unit"] == "%"
    metric = match["metric"].strip()
    if re.fullmatch(_BETTER, verb):
        return None  # "improved by 40%" doesn't say which way
    down = bool(re.fullmatch(_DOWN, verb)) or verb in ("reduce", "decrease", "lower", "cut")
    if percent and down and amount > 100:
        return None
    if percent:
        change = 1 - amount / 100 if down else 1 + amount / 100
    else:
        if amount <= 1:
            return None
        change = 1 / amount if down else amount
    return Target(text, line, read_name(metric), metric, "at most" if down else "at least", change, None)


def _value(match: re.Match[str], text: str, line: int) -> Target | None:
    metric = match["metric"].strip(" :-–—")
    value = read_quantity(match["value"])
    if not metric or value is None or value.kind != "exact":
        return None
    return Target(text, line, read_name(metric), metric, "at most" if match["most"] else "at least", None, value)


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
    judged = [(row, met) for row in rows if (met := _met(target, row)) is not None]
    verdicts = {met for _, met in judged}
    if len(verdicts) != 1 or len(judged) != len(rows):
        return Outcome(target, rows[0] if rows else None, None)
    return Outcome(target, judged[0][0], verdicts.pop())


def threshold(target: Target, measurement: Measurement) -> float | None:
    """The value after, in its family's base unit, at which a row just meets a target; None where it can't be told."""
    before, after = measurement.before, measurement.after
    if target.change is not None:
        return before.base * target.change if before and certain(before) else None
    if target.value is None or after is None:
        return None
    alike = target.value.family == after.family or (target.value.unit is None and after.unit and after.unit.countable)
    return target.value.base if alike else None


def _met(target: Target, measurement: Measurement) -> bool | None:
    """Met by the result files' estimate, or else by the figures as written; missed only if nothing could meet it."""
    span = _evident(target, measurement.evidence) if measurement.evidence else None
    if span is None:
        return _met_as_written(target, measurement)
    met = _within(target.asked, target.bound, span.estimate, span.estimate, span.low, span.high)
    return _met_as_written(target, measurement) if met is None and span.low == -math.inf else met


def confirmed(target: Target, measurement: Measurement) -> bool | None:
    """Whether the whole interval over four or more runs a side meets a target; None where no evidence speaks of it."""
    span = _evident(target, measurement.evidence) if measurement.evidence else None
    if span is None or measurement.evidence is None:
        return None
    whole = _within(target.asked, target.bound, span.low, span.high, span.low, span.high)
    return measurement.evidence.effect.basis == "files" and whole is True


def _evident(target: Target, measured: Measured) -> Span | None:
    """What result files say of what a target asks for; None where they don't."""
    if target.change is not None:
        return measured.ratio
    value, unit = target.value, measured.unit
    alike = value is not None and unit is not None and value.family == unit.family
    return measured.reached if alike else None


def _met_as_written(target: Target, measurement: Measurement) -> bool | None:
    if target.value is not None:
        return _value_met(target.value, target.bound, measurement.after)
    if measurement.pair is None or target.change is None:
        return None
    exact, wide = ratio(*measurement.pair), ratio(*measurement.pair, rounding=True)
    if exact is None or wide is None:
        return None
    return _within(target.change, target.bound, exact.low, exact.high, wide.low, wide.high)


def _value_met(asked: Quantity, bound: Bound, after: Quantity | None) -> bool | None:
    if after is None:
        return None
    if asked.unit is None and after.unit is not None and not after.unit.countable:
        return None
    if asked.family != after.family and not (asked.unit is None or after.unit is None):
        return None
    return _within(asked.base, bound, after.low, after.high, after.low - after.slack, after.high + after.slack)


def _within(asked: float, bound: Bound, low: float, high: float, least: float, most: float) -> bool | None:
    room = 1e-9 * max(1.0, abs(asked))
    if bound == "at most":
        return True if high <= asked + room else False if least > asked + room else None
    return True if low >= asked - room else False if most < asked - room else None


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


_NAME_BEHIND = re.compile(
    r"(?P<value>[~≈<>]?\s*[$€£]?\d\S*(?:\s?(?:%|[^\s\d]\S*))?)\s+(?P<name>[A-Za-z][A-Za-z0-9 /]*)"
)
_NAME_BEFORE = re.compile(
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
    rows = [m for m in measured if m.metric.is_also(baseline.metric) and m.before is not None]
    if len(rows) != 1 or rows[0].before is None or rows[0].before.family != baseline.value.family:
        return None
    before, stated = rows[0].before, baseline.value
    slack = before.slack + stated.slack
    if "about" in (before.kind, stated.kind):
        slack += max(abs(before.base), abs(stated.base)) / 10
    if rows[0].filled:
        slack += abs(before.base) * _RUN_TO_RUN
    apart = stated.low > before.high + slack or stated.high < before.low - slack
    return rows[0] if apart else None

"""A metric's way from before to after as it is shown: in words, and as bars on one scale."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from mkdocs_perfcase.change import WORTH_A_FACTOR, certain, percent_text, times_text
from mkdocs_perfcase.comparison import Measurement, says_nothing
from mkdocs_perfcase.evidence_view import EvidenceView, Goal, evidence_view
from mkdocs_perfcase.metrics import Verdict
from mkdocs_perfcase.quantity import Quantity
from mkdocs_perfcase.scenarios import Scenario
from mkdocs_perfcase.targets import Outcome, threshold
from mkdocs_perfcase.units import Unit, figure, shared_unit

_BEYOND = 1.15  # how far a scale reaches beyond a value that has no upper end


class Span(NamedTuple):
    """A value's place on its row's scale, as parts of it from 0 to 1: sure up to `low`, possible up to `high`."""

    low: float
    high: float


class Bars(NamedTuple):
    """Before and after on one scale, and the place of the target on it, if there is one."""

    before: Span
    after: Span
    goal: float | None
    goal_text: str


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
    """How many times, such as `3.8× as fast`; empty where it can't be told, or where the percentage says it better."""
    ratio: float | None
    """after / before, where both are single figures and neither is zero."""
    bars: Bars | None
    """None where the values can't be drawn on one scale."""
    measured: bool
    """Whether there is a value after the change."""
    evidence: EvidenceView | None
    """What result files say of it."""
    exported: Mapping[str, Any]
    """The same as JSON-ready values."""

    @property
    def gain(self) -> float | None:
        """How many times better, as a logarithm: above 0 improved, below 0 regressed. None where it can't be told."""
        if self.ratio is None or self.verdict == "unknown":
            return None
        return math.copysign(abs(math.log(self.ratio)), -1 if self.verdict == "regressed" else 1)


def change(measurement: Measurement, goals: Iterable[Goal] = ()) -> Change:
    """A row as it is shown: both sides in one readable unit, ranges and bounds as such."""
    percent = measurement.change_percent
    before, after = _shared_values(measurement)
    goals = list(goals)
    evidence = evidence_view(measurement.evidence, goals) if measurement.evidence else None
    single = measurement.pair is not None and all(certain(quantity) for quantity in measurement.pair)
    factor = _factor(measurement) if single else None
    return Change(
        metric=measurement.name,
        before=before,
        after=after,
        percent=_percent(measurement, single) if percent is not None else "",
        verdict=_verdict(measurement),
        factor=_factor_text(measurement, factor) if factor else "",
        ratio=measurement.pair[1].base / measurement.pair[0].base if factor and measurement.pair else None,
        bars=_bars(*measurement.pair, goals) if measurement.pair else None,
        measured=measurement.measured,
        evidence=evidence,
        exported={**_exported_measurement(measurement), "evidence": evidence.exported if evidence else None},
    )


def _verdict(measurement: Measurement) -> Verdict:
    """What the values say, unless it is an improvement that the result files' own scatter covers."""
    noise = measurement.evidence is not None and measurement.evidence.within_noise
    return "unknown" if noise and measurement.verdict == "improved" else measurement.verdict


def goals_of(measurement: Measurement, outcomes: Iterable[Outcome]) -> tuple[Goal, ...]:
    """The targets that a row is measured by, as values."""
    found = []
    for one in outcomes:
        base = threshold(one.target, measurement) if one.measurement is measurement else None
        if base is not None and measurement.after:
            sign = "≤" if one.target.bound == "at most" else "≥"
            found.append(Goal(base, f"target {sign} {_amount(base, measurement.after.unit)}", one.met))
    return tuple(found)


def scenario_changes(scenario: Scenario) -> tuple[Change, ...]:
    """A benchmark scenario's changes, one for each statistic that it gives before and after."""
    target = scenario.target
    return tuple(
        change(m, [Goal(target.base, f"target {target.text}", None)] if target and _is_alike(target, m) else [])
        for m in scenario.measurements
    )


def _is_alike(target: Quantity, measurement: Measurement) -> bool:
    """Whether a target is of the kind that a row measures."""
    return measurement.after is not None and measurement.after.family == target.family


def _percent(measurement: Measurement, single: bool) -> str:
    """The change; over all that the values claim where they are ranges or bounds."""
    if single or measurement.ratio is None:
        return percent_text(measurement.change_percent or 0.0)
    low, high = ((end - 1) * 100 for end in measurement.ratio)
    if math.isinf(high) and not measurement.ratio.low:
        return ""  # anything at all
    if math.isinf(high):
        return f"{percent_text(low)} or more"
    return f"{percent_text(low)} to {percent_text(high)}"


def _factor(measurement: Measurement) -> float | None:
    before, after = (quantity.base if quantity else 0.0 for quantity in (measurement.before, measurement.after))
    if before <= 0 or after <= 0:
        return None
    return max(before, after) / min(before, after)


def _factor_text(measurement: Measurement, factor: float) -> str:
    """Times are "3.8× as fast"; what grew is "2.6× as much"; a fall of anything else is best told in percent."""
    if factor < WORTH_A_FACTOR or measurement.pair is None:
        return ""
    before, after = measurement.pair
    shown = times_text(factor)
    if before.family == "time":
        return f"{shown} as long" if after.base > before.base else f"{shown} as fast"
    return f"{shown} as much" if after.base > before.base else ""


def _shared_values(measurement: Measurement) -> tuple[str, str]:
    """Both values as written, or in one unit where they were written in two."""
    if not measurement.pair:
        return measurement.before_text, measurement.after_text
    before, after = measurement.pair
    texts = _with_unit(measurement.before_text, before), _with_unit(measurement.after_text, after)
    if before.unit == after.unit or not (certain(before) and certain(after)) or not before.unit or not after.unit:
        return texts
    unit = shared_unit(before.family, min(before.base, after.base), max(before.base, after.base))
    if unit is None:
        return texts
    left, right = (f"{'~' if q.kind == 'about' else ''}{_amount(q.base, unit)}" for q in (before, after))
    return left, right


_NAMES_A_UNIT = re.compile(r"[^\W\d_]|[%‰/$€£¥]")


def _with_unit(text: str, quantity: Quantity) -> str:
    """A value as written; a bare number takes along the unit that its column's heading or its metric names."""
    return text if quantity.unit is None or _NAMES_A_UNIT.search(text) else text + quantity.unit.suffix


def _amount(base: float, unit: Unit | None) -> str:
    return unit.amount(base) if unit else figure(base)


def _bars(before: Quantity, after: Quantity, goals: list[Goal]) -> Bars | None:
    """Both values on a scale from zero to the largest of them and of the target."""
    goal = next((goal for goal in goals if goal.met is False), goals[0] if goals else None)
    ends = [before.high, after.high, goal.base if goal else 0.0]
    if min(before.low, after.low, *ends) < 0:
        return None
    open_ended = [quantity.low * _BEYOND for quantity in (before, after) if math.isinf(quantity.high)]
    top = max([*open_ended, *(end for end in ends if math.isfinite(end))])
    if top <= 0:
        return None
    spans = [Span(q.low / top, min(q.high / top, 1.0)) for q in (before, after)]
    return Bars(spans[0], spans[1], goal.base / top if goal else None, goal.text if goal else "")


def _exported_measurement(measurement: Measurement) -> dict[str, Any]:
    percent = measurement.change_percent
    return {
        "name": measurement.name,
        "polarity": measurement.polarity,
        "before": _exported_value(measurement.before_text, measurement.before),
        "after": _exported_value(measurement.after_text, measurement.after),
        "change_percent": round(percent, 2) if percent is not None else None,
        "verdict": measurement.verdict,
        "stated": None if says_nothing(measurement.stated) else measurement.stated,
    }


def _exported_value(text: str, quantity: Quantity | None) -> dict[str, Any]:
    value = quantity.value if quantity else None
    whole = int(value) if value is not None and value == int(value) else value
    unit = quantity.unit.symbol if quantity and quantity.unit else None
    return {"text": text, "value": whole, "unit": unit}

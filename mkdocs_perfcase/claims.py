"""What a record claims, held against its own numbers: targets, ticks, baselines."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from mkdocs_perfcase.change import percent_text
from mkdocs_perfcase.comparison import Measurement
from mkdocs_perfcase.criteria import Criterion, carries
from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.quantity import Quantity
from mkdocs_perfcase.record import Record
from mkdocs_perfcase.scenarios import Scenario, scenarios
from mkdocs_perfcase.targets import (
    Baseline,
    Outcome,
    baseline_conflict,
    criterion_target,
    outcome,
    overview_targets,
    stated_baselines,
    success_targets,
)

# Criteria whose meaning is known, in the wording of the shipped template.
ALL_TARGETS_MET = "All benchmarks meet or exceed targets"
NO_REGRESSION = "No regression in other areas"

_NOISE = 1.0  # percent; a row that got worse by less is shown as such, and nobody is accused
_EXCEPTION = expression(r"\b(?:except|but|apart from|other than|besides|however|ausser|außer)\b", re.IGNORECASE)


class Contradiction(NamedTuple):
    """A ticked criterion, and what in the record says otherwise."""

    criterion: Criterion
    because: str


class Claims:
    """A record's claims and what its measurements say of them."""

    def __init__(self, record: Record, measurements: tuple[Measurement, ...]) -> None:
        self.record, self.measurements = record, measurements

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The success metrics that read as targets, with what came of each."""
        targets = (target for _, target in success_targets(self.record) if target is not None)
        return tuple(outcome(target, self.measurements) for target in targets)

    @cached_property
    def overview_outcomes(self) -> tuple[Outcome, ...]:
        """The same for the overview's target performance, where it is no success metric already."""
        asked = {(o.target.metric, o.target.bound) for o in self.outcomes if isinstance(o.target.asked, Quantity)}
        targets = (target for target in overview_targets(self.record) if (target.metric, target.bound) not in asked)
        return tuple(outcome(target, self.measurements) for target in targets)

    @property
    def missed(self) -> tuple[Outcome, ...]:
        """The targets that the comparison certainly misses."""
        return tuple(one for one in (*self.outcomes, *self.overview_outcomes) if one.met is False)

    @cached_property
    def unmeasured(self) -> tuple[Outcome, ...]:
        """The success metrics that no row measures, once there are measurements at all."""
        if not any(measurement.measured for measurement in self.measurements):
            return ()
        return tuple(one for one in self.outcomes if one.measurement is None)

    @cached_property
    def regressions(self) -> tuple[Measurement, ...]:
        """The rows that got worse, beyond rounding and noise."""
        return tuple(m for m in self.measurements if m.verdict == "regressed" and _beyond_noise(m))

    @cached_property
    def missed_scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios whose result misses the target stated beside it; only times, where lower is better for sure."""
        return tuple(scenario for scenario in scenarios(self.record) if _scenario_missed(scenario))

    @cached_property
    def conflicts(self) -> tuple[tuple[Baseline, Measurement], ...]:
        """Starting values that differ from the comparison's."""
        found = (
            (baseline, baseline_conflict(baseline, self.measurements)) for baseline in stated_baselines(self.record)
        )
        return tuple((baseline, row) for baseline, row in found if row is not None)

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Ticked criteria that the record's own numbers certainly deny."""
        ticked = (criterion for criterion in self.record.criteria if criterion.state == "checked")
        return tuple(Contradiction(c, because) for c in ticked if (because := self._denied(c)))

    def _denied(self, criterion: Criterion) -> str:
        """What denies a criterion; empty where nothing does."""
        if _EXCEPTION.search(criterion.text):
            return ""
        if carries(criterion.text, ALL_TARGETS_MET):
            reasons = [f'"{one.target.text}" is missed: {reached(one)}' for one in self.missed]
            reasons += [
                f'scenario "{s.name}" misses its target of {s.target.text}' for s in self.missed_scenarios if s.target
            ]
            return reasons[0] if reasons else ""
        if carries(criterion.text, NO_REGRESSION):
            return next((f"{m.name} went {went(m)}" for m in self.regressions), "")
        target = criterion_target(criterion)
        came = outcome(target, self.measurements) if target else None
        return reached(came) if came and came.met is False else ""


def reached(came: Outcome) -> str:
    """What a target's metric came to, in a few words."""
    row = came.measurement
    if row is None:
        return "nothing measures it"
    files = f"; its result files say {row.evidence.told}" if row.evidence and not row.filled else ""
    return f"{row.name} went {went(row)}{files}"


def went(measurement: Measurement) -> str:
    """From what to what a metric went."""
    percent = measurement.change_percent
    change = f" ({percent_text(percent)})" if percent is not None else ""
    return f"from {measurement.before_text} to {measurement.after_text}{change}"


def _beyond_noise(measurement: Measurement) -> bool:
    percent, ratio = measurement.change_percent, measurement.rounded_ratio
    if percent is None or ratio is None:
        return measurement.change_percent is None
    return abs(percent) >= _NOISE and (ratio.low > 1 or ratio.high < 1)


def _scenario_missed(scenario: Scenario) -> bool:
    target = scenario.target
    if target is None or target.family != "time" or len(scenario.after) != 1 or target.kind not in ("exact", "below"):
        return False
    after = scenario.after[0]
    return after.family == "time" and after.low - after.slack > target.high + target.slack

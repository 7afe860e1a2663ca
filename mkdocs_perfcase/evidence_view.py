"""Evidence as it is shown: the change and its interval in words, and as a dot on a line with no change and target."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from mkdocs_perfcase.change import WORTH_A_FACTOR, times_text

if TYPE_CHECKING:
    from mkdocs_perfcase.evidence.measured import Measured

_MARGIN = 0.08  # of a plot's width, on either side
_LEAST_REACH = 0.05  # of a plot to either side of no change, as a logarithm: a hair's breadth must not look like a leap


class Goal(NamedTuple):
    """A target's value in its family's base unit, in words such as `target ≤ 135 ms`, and whether it was met."""

    base: float
    text: str
    met: bool | None


class Plot(NamedTuple):
    """Places on a line from 0 to 1; `low` and `high` are None without an interval, `goal` without a target."""

    none: float
    dot: float
    low: float | None
    high: float | None
    goal: float | None
    goal_text: str


class Trend(NamedTuple):
    """Figures over time: places from 0 to 1 rightwards and upwards, and the first and the last in words."""

    points: tuple[tuple[float, float], ...]
    first: str
    last: str


@dataclass(frozen=True)
class EvidenceView:
    """What result files say of one metric, as text."""

    metric: str
    before: str
    after: str
    told: str
    """The change and its 95 % interval, such as `−62% [−65, −58]`."""
    factor: str
    """How many times, such as `2.6× as fast`; empty where the change says it better."""
    standing: str
    """improved, regressed, unchanged or unproven."""
    tool: str
    statistic: str
    runs: str
    """What it rests on, such as `4 runs a side`."""
    basis: str
    """The same with what to make of it, where that is less than an interval over runs."""
    plot: Plot
    trend: Trend | None
    exported: Mapping[str, Any]
    """The same as JSON-ready values."""

    @property
    def source(self) -> str:
        """Where it is from, such as `measured by k6, 4 runs a side`, and whether it proves nothing."""
        return f"measured by {self.tool}, {self.runs}{': unproven' if self.standing == 'unproven' else ''}"

    @property
    def manner(self) -> str:
        """How it was measured, such as `k6, p95, 4 runs a side`."""
        return f"{self.tool}, {self.statistic}, {self.basis}"


def evidence_view(measured: Measured, goals: Iterable[Goal] = ()) -> EvidenceView:
    """Evidence as it is shown, with the targets that its metric has."""
    before, after = measured.texts
    return EvidenceView(
        metric=measured.name,
        before=before,
        after=after,
        told=measured.told,
        factor=_factor(measured),
        standing=measured.standing,
        tool=measured.tool,
        statistic=measured.statistic,
        runs=measured.runs,
        basis=_basis(measured),
        plot=_plot(measured, next(iter(goals), None)),
        trend=_trend(measured),
        exported=_exported(measured),
    )


def _factor(measured: Measured) -> str:
    """Times are so many times as fast; of all else the change in percent says more."""
    ratio = measured.effect.estimate
    if measured.effect.absolute or measured.unit is None or measured.unit.family != "time" or ratio <= 0:
        return ""
    times = max(ratio, 1 / ratio)
    if times < WORTH_A_FACTOR:
        return ""
    return f"{times_text(times)} as {'fast' if ratio < 1 else 'long'}"


def _basis(measured: Measured) -> str:
    effect = measured.effect
    if effect.basis == "files":
        return measured.runs
    if effect.basis == "few files":
        return f"{measured.runs}: too few for an interval, four a side have one"
    if effect.basis == "figure" or effect.interval is None:
        return f"{measured.runs}, no interval"
    first, second = (f"{n:,}" for n in effect.n)
    figures = f"{first} figures a side" if first == second else f"{first} and {second} figures"
    return f"{measured.runs}: the interval is of the {figures} within it; runs may differ by more"


def _plot(measured: Measured, goal: Goal | None) -> Plot:
    """All on one line: logarithms of the ratio, or plain differences where a zero makes that meaningless."""
    effect = measured.effect
    scale = measured.unit.scale if measured.unit else 1.0
    before = effect.before * scale
    least = _LEAST_REACH
    if effect.absolute:
        at = {"dot": effect.estimate * scale, "goal": goal.base - before if goal else None}
        ends = [end * scale for end in effect.interval or ()]
        least *= max(abs(before), abs(effect.after * scale)) or 1.0
    else:
        ratio = goal.base / before if goal and goal.base > 0 else None
        at = {"dot": math.log(effect.estimate), "goal": math.log(ratio) if ratio else None}
        ends = [math.log(end) for end in effect.interval or ()]
    known = [0.0, *ends, *(value for value in at.values() if value is not None)]
    low, high = min(*known, -least), max(*known, least)

    def place(value: float) -> float:
        return _MARGIN + (value - low) / (high - low) * (1 - 2 * _MARGIN)

    first, last = (place(ends[0]), place(ends[1])) if ends else (None, None)
    target = at["goal"]
    return Plot(
        place(0.0),
        place(at["dot"] or 0.0),
        first,
        last,
        place(target) if target is not None else None,
        goal.text if goal else "",
    )


def _trend(measured: Measured) -> Trend | None:
    points = measured.points
    if not points:
        return None
    start, end = points[0][0], points[-1][0]
    values = [value for _, value in points]
    low, high = min(values), max(values)
    span, height = (end - start).total_seconds() or 1.0, (high - low) or 1.0
    placed = tuple(
        (round((at - start).total_seconds() / span, 4), round((value - low) / height, 4)) for at, value in points
    )
    first, last = (f"{measured.amount(value)} on {at:%Y-%m-%d}" for at, value in (points[0], points[-1]))
    return Trend(placed, first, last)


def _exported(measured: Measured) -> dict[str, Any]:
    effect = measured.effect
    interval = effect.percent_interval
    return {
        "tool": measured.tool,
        "statistic": measured.statistic,
        "files": [len(measured.before), len(measured.after)],
        "change_percent": None if effect.percent is None else round(effect.percent, 2),
        "interval_percent": [round(end, 2) for end in interval] if interval else None,
        "basis": effect.basis,
        "standing": measured.standing,
    }

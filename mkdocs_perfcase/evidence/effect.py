"""What two sides' result files say of the difference between them, and how sure one can be of it.

The file is the unit. The rounds of one process share its memory layout, its neighbours on the machine and its luck, so
they are far more alike than two processes of the very same code: judged by rounds, most such pairs differ
"significantly". Only four or more files a side prove that something improved or regressed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from mkdocs_perfcase.evidence.intervals import Moments, Shift, held, hodges_lehmann, welch
from mkdocs_perfcase.evidence.series import DEVIATION, MEAN, MEDIAN, Better, Series

Basis = Literal["files", "few files", "one run", "summary", "figure"]
"""What an effect rests on. `files`: four or more a side. `few files`: fewer, but not one a side. With one file a side,
`one run`: its samples; `summary`: its mean, deviation and count; `figure`: numbers that have no interval."""
Standing = Literal["improved", "regressed", "unchanged", "unproven"]

ENOUGH = 4
"""Files a side from which on there is an interval: three against three can't be 95 % sure, however far apart."""
_FARTHEST = 700.0  # the logarithm that a ratio is held to: its exponential is still a number, and so is its inverse
_ROUNDING = 1 + 1e-9  # so that a change by exactly 5 % doesn't exceed 5 % by a last digit


@dataclass(frozen=True)
class Effect:
    """The difference between two sides as their files show it."""

    before: float
    """The median of the files' statistics, in the series' unit."""
    after: float
    estimate: float
    """After divided by before, or after minus before where `absolute`. Where the figures are compared pair by pair
    (files, and a run's median), it is the middle of all pairs, which may differ a little from the sides' own ratio."""
    low: float | None
    """The lower bound of the estimate's 95 % interval; None where there is no interval."""
    high: float | None
    absolute: bool
    """A figure of zero or below makes a ratio meaningless: all is told as a difference, in the series' unit."""
    basis: Basis
    n: tuple[int, int]
    """How many files a side; with one file a side how many figures it is of, 0 where that is unknown."""

    @property
    def interval(self) -> tuple[float, float] | None:
        """Both bounds, or None."""
        return None if self.low is None or self.high is None else (self.low, self.high)

    @property
    def percent(self) -> float | None:
        """The change in percent, such as -20.0; None where `absolute`."""
        return None if self.absolute else _percent(self.estimate)

    @property
    def percent_interval(self) -> tuple[float, float] | None:
        """The bounds of the change in percent; None where `absolute` or without an interval."""
        if self.absolute or not self.interval:
            return None
        low, high = self.interval
        return _percent(low), _percent(high)

    @property
    def excludes_no_change(self) -> bool:
        """Whether the whole interval lies on one side of no change."""
        none = 0.0 if self.absolute else 1.0
        return self.interval is not None and not self.interval[0] <= none <= self.interval[1]


def effect(before: Sequence[Series], after: Sequence[Series], statistic: str) -> Effect | None:
    """The effect that two sides of files show, one series a file, all of one metric in one unit.

    None where a side is empty, or a file of it hasn't got the statistic.
    """
    first, second = _figures(before, statistic), _figures(after, statistic)
    if not first or not second:
        return None
    if len(first) == len(second) == 1:
        return _of_one_file(before[0], after[0], statistic, first[0], second[0])
    absolute, shift = _by_ranks(first, second)
    n = len(first), len(second)
    basis: Basis = "files" if min(n) >= ENOUGH else "few files"
    kept = shift if basis == "files" else Shift(shift.estimate)
    return _told(held(median(first)), held(median(second)), kept, absolute, basis, n)


def _figures(side: Sequence[Series], statistic: str) -> list[float]:
    """Each file's statistic; none at all where a file hasn't got it, as the rest would be a choice among the files."""
    found = [series.statistic(statistic) for series in side]
    figures = [figure for figure in found if figure is not None]
    return figures if len(figures) == len(found) else []


def _of_one_file(before: Series, after: Series, statistic: str, first: float, second: float) -> Effect:
    n = before.n or 0, after.n or 0
    sampled = bool(before.samples and after.samples)
    basis: Basis = "one run" if sampled else "summary"
    absolute, shift = first <= 0 or second <= 0, None
    if statistic in (MEDIAN, "p50") and sampled:
        absolute, shift = _by_ranks(before.samples, after.samples)
    elif statistic == MEAN:
        shift = _by_means(_moments(before, first, absolute), _moments(after, second, absolute))
    if shift is None or not shift.interval:
        basis = "figure"
        absolute, shift = _by_ranks([first], [second])
    return _told(first, second, shift, absolute, basis, n)


def _by_ranks(before: Sequence[float], after: Sequence[float]) -> tuple[bool, Shift]:
    """Whether the difference is absolute, and the shift: else of the logarithms."""
    if min(before) <= 0 or min(after) <= 0:
        return True, hodges_lehmann(before, after)
    return False, hodges_lehmann([math.log(figure) for figure in before], [math.log(figure) for figure in after])


def _moments(series: Series, mean: float, absolute: bool) -> Moments | None:
    """A side's mean and spread, of the logarithm unless `absolute` (by the delta method); None where one is missing."""
    deviation = series.statistic(DEVIATION)
    if deviation is None or deviation < 0 or not series.n:
        return None
    return Moments(mean, deviation, series.n) if absolute else Moments(math.log(mean), deviation / mean, series.n)


def _by_means(before: Moments | None, after: Moments | None) -> Shift | None:
    return welch(before, after) if before and after else None


def _told(before: float, after: float, shift: Shift, absolute: bool, basis: Basis, n: tuple[int, int]) -> Effect:
    """The effect of a shift, which is of the logarithms unless `absolute`."""
    value: Callable[[float], float] = float if absolute else _ratio
    low, high = map(value, shift.interval) if shift.interval else (None, None)
    return Effect(before, after, value(shift.estimate), low, high, absolute, basis, n)


def _ratio(logarithm: float) -> float:
    """The ratio to twelve digits: the last ones are the logarithm's, and half of 10 must come out as 0.5."""
    return float(f"{math.exp(max(-_FARTHEST, min(_FARTHEST, logarithm))):.12g}")


def _percent(ratio: float) -> float:
    return round(100 * ratio - 100, 9)


def standing(effect: Effect, better: Better, min_effect: float) -> Standing:
    """What an effect proves.

    Improved or regressed: four or more files a side, an interval that excludes no change, and an effect of more than
    `min_effect`, a fraction. It reaches equally far both ways: with 0.05, above a ratio of 1.05 or under 1 / 1.05.
    Where the difference is `absolute`, the fraction is of the larger side. Unchanged: the whole interval is within
    that reach. All else is unproven, as is every effect of one file a side, whatever the samples within it say.
    """
    if effect.basis != "files" or not effect.interval:
        return "unproven"
    size, low, high, reach = _measured(effect, effect.interval, min_effect)
    if max(-low, high) <= reach:
        return "unchanged"
    if not better or not effect.excludes_no_change or abs(size) <= reach:
        return "unproven"
    return "improved" if (size < 0) == (better == "lower") else "regressed"


def _measured(effect: Effect, interval: tuple[float, float], min_effect: float) -> tuple[float, float, float, float]:
    """The estimate and its bounds as distances from no change, and how far `min_effect` reaches."""
    if effect.absolute:
        larger = max(abs(effect.before), abs(effect.after))
        return effect.estimate, *interval, min_effect * larger * _ROUNDING
    low, high = interval
    return math.log(effect.estimate), math.log(low), math.log(high), math.log1p(min_effect) * _ROUNDING

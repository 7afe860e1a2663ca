"""What a result file holds: series of figures, each of one benchmark and one metric, with unit and direction."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Literal

Better = Literal["lower", "higher", ""]
"""Which way is better; empty where the file doesn't say and the tool doesn't settle it."""

MEDIAN, MEAN, DEVIATION, LEAST, MOST = "median", "mean", "stddev", "min", "max"
"""Names of statistics; a percentile is `p95` or `p99.9`."""
_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?|100)")
_NONE: Mapping[str, float] = MappingProxyType({})


class UnreadableError(Exception):
    """A result file that can't be used; the message says why in a few words, without the file's name."""


@dataclass(frozen=True)
class Series:
    """One metric of one benchmark in one file."""

    benchmark: str
    """What was run, as the file names it, such as `GET /prices`; empty where a file has one that it doesn't name."""
    metric: str
    """What was measured, in the tool's words, such as `response time` or `http_req_duration`."""
    unit: str
    """The symbol of a unit that `units` knows, wherever there is one; empty for a bare number."""
    better: Better = "lower"
    samples: tuple[float, ...] = ()
    """Single figures in `unit`, in the file's order; empty where the file holds statistics only."""
    given: Mapping[str, float] = field(default_factory=lambda: _NONE)
    """Statistics that the file itself gives, by name, in `unit`."""
    count: int | None = None
    """How many figures the statistics are of, where there are no samples."""

    @property
    def label(self) -> str:
        """Both names in one, as `select` may give them."""
        return f"{self.benchmark}: {self.metric}" if self.benchmark else self.metric

    @property
    def n(self) -> int | None:
        """How many figures it is of, as far as the file says."""
        return len(self.samples) or self.count

    def statistic(self, name: str) -> float | None:
        """A statistic, as the file gives it or else computed from the samples; None where neither can be done."""
        if name in self.given:
            return self.given[name]
        if not self.samples:
            return self.given.get("p50" if name == MEDIAN else MEDIAN if name == "p50" else "")
        if name == DEVIATION:
            return statistics.stdev(self.samples) if len(self.samples) > 1 else None
        if name == MEAN:
            return statistics.fmean(self.samples)
        place = {MEDIAN: 50.0, LEAST: 0.0, MOST: 100.0}.get(name)
        if place is None and (match := _PERCENTILE.fullmatch(name)):
            place = float(match[1])
        return _percentile(self._sorted, place) if place is not None else None

    @cached_property
    def _sorted(self) -> list[float]:
        return sorted(self.samples)


def _percentile(ordered: list[float], place: float) -> float:
    """The percentile of sorted figures, by linear interpolation between neighbours (as numpy's default)."""
    at = (len(ordered) - 1) * place / 100
    below, part = math.floor(at), at % 1
    return ordered[below] if not part else ordered[below] * (1 - part) + ordered[below + 1] * part


@dataclass(frozen=True)
class Results:
    """What one file holds."""

    tool: str
    series: tuple[Series, ...]
    """Never empty; of a benchmark's metrics the one that people mean by default comes first."""
    taken: datetime | None = None
    """When it was measured; without a time zone where the file names none."""
    commit: str = ""
    """The commit that was measured, where the file says."""

"""What result files say of one metric: which series of theirs it is, its values, and how sure the difference is."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from mkdocs_perfcase.change import percent_text
from mkdocs_perfcase.evidence.effect import Effect, Standing, effect, standing
from mkdocs_perfcase.evidence.library import Found, moment
from mkdocs_perfcase.evidence.series import MEAN, MEDIAN, Better, Series
from mkdocs_perfcase.evidence.spec import Entry
from mkdocs_perfcase.metrics import polarity, read_name
from mkdocs_perfcase.text import look_alike, name_key
from mkdocs_perfcase.units import Unit, figure, find_unit, shared_unit

_NAMED = 8  # series that a message names
_MOST = 100  # rows made of whole files
_OF_TIME = re.compile(r"time|latency|duration|paint|lcp|fcp|tti|ttfb|speed|zeit|dauer|p\d\d", re.IGNORECASE)


_ENDLESS = (-math.inf, math.inf)


class UnfitError(Exception):
    """Result files that don't hold what an entry asks for: what is wrong, and what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True)
class Wanted:
    """What a record asks of its files: the metric's name, and the kind of unit that its typed values have, if any."""

    name: str
    family: str = ""


class Span(NamedTuple):
    """An estimate and its 95 % interval, which is endless where there is none."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Measured:
    """One metric as its files have it."""

    entry: Entry
    name: str
    """The metric's name as the record has it, or else as the files do."""
    before: tuple[Series, ...]
    after: tuple[Series, ...]
    """One series a file, all in one unit."""
    files: tuple[Found, ...]
    """The files of both sides, those before first."""
    statistic: str
    better: Better
    """Which way is better, as the files say, or else the metric's name."""
    effect: Effect
    standing: Standing
    points: tuple[tuple[datetime.datetime, float], ...] = ()
    """The metric over time, in `unit`, where a trend is asked for: more than two dated figures."""

    @property
    def tool(self) -> str:
        """The tools that measured it."""
        return ", ".join(dict.fromkeys(found.results.tool for found in self.files))

    @cached_property
    def unit(self) -> Unit | None:
        """The unit of all values, without what they are per operation of."""
        return _unit(self.after[0])

    def sides(self, statistic: str) -> tuple[list[float], list[float]]:
        """Each file's figure on both sides, in the unit's base; a file without one is left out."""
        scale = self.unit.scale if self.unit else 1.0
        before, after = (
            [value * scale for one in side if (value := one.statistic(statistic)) is not None]
            for side in (self.before, self.after)
        )
        return before, after

    @property
    def shown_unit(self) -> Unit | None:
        """The unit that both values read well in."""
        unit, values = self.unit, (self.effect.before, self.effect.after)
        sizes = sorted(abs(value) * unit.scale for value in values) if unit else []
        return (shared_unit(unit.family, *sizes) or unit) if unit else None

    @property
    def texts(self) -> tuple[str, str]:
        """Both values in one readable unit."""
        return self.amount(self.effect.before), self.amount(self.effect.after)

    def amount(self, value: float) -> str:
        """A figure of the files in the unit that both sides are shown in."""
        shown = self.shown_unit
        return shown.amount(value * self.unit.scale) if self.unit and shown else figure(value)

    @property
    def told(self) -> str:
        """The change with its interval, where there is one: `−62% [−65, −58]`; a difference where a zero is in it."""
        effect = self.effect
        if effect.percent is None:
            return self._difference
        texts = _distinct([effect.percent, *(effect.percent_interval or ())])
        return texts[0] + (f" [{', '.join(text.removesuffix('%') for text in texts[1:])}]" if len(texts) > 1 else "")

    @property
    def _difference(self) -> str:
        """The change of figures of which some are zero."""
        unit, scale = self.unit, self.unit.scale if self.unit else 1.0
        ends = [self.effect.estimate, *(self.effect.interval or ())]
        top = max(abs(end) * scale for end in ends)
        shown = (shared_unit(unit.family, top, top) or unit) if unit else None
        texts = [_signed(end * scale / (shown.scale if shown else 1.0)) for end in ends]
        suffix = shown.suffix if shown else ""
        return texts[0] + suffix + (f" [{', '.join(texts[1:])}]" if len(texts) > 1 else "")

    @property
    def ratio(self) -> Span | None:
        """After divided by before; None where a zero makes that meaningless."""
        effect = self.effect
        return None if effect.absolute else Span(effect.estimate, *(effect.interval or _ENDLESS))

    @property
    def reached(self) -> Span:
        """The value after, in the unit's base, with the interval that follows from the value before."""
        effect, scale = self.effect, self.unit.scale if self.unit else 1.0
        ends = effect.interval or _ENDLESS
        low, high = ((effect.before + end if effect.absolute else effect.before * end) * scale for end in ends)
        return Span(effect.after * scale, low, high)

    @property
    def within_noise(self) -> bool:
        """Whether the figures' own scatter covers no change at all."""
        return self.effect.interval is not None and not self.effect.excludes_no_change

    @property
    def runs(self) -> str:
        """How much it rests on, such as `4 runs a side`."""
        before, after = len(self.before), len(self.after)
        if before == after:
            return "one run a side" if before == 1 else f"{before} runs a side"
        return f"{before} and {after} runs"


def _distinct(percents: Sequence[float]) -> list[str]:
    """An estimate and its bounds in percent, with as many digits as tell them apart, up to two more than usual."""
    told = [[percent_text(percent, more) for percent in percents] for more in range(3)]
    apart = len(set(percents))
    return next((texts for texts in told if len(set(texts)) == apart), told[0])


def _signed(value: float) -> str:
    return ("+" if value > 0 else "−" if value < 0 else "") + figure(abs(value))


def measure(
    entry: Entry, before: Sequence[Found], after: Sequence[Found], trend: Sequence[Found], wanted: Wanted, least: float
) -> Measured:
    """What files say of the metric that an entry names.

    Args:
        entry: the entry.
        before: the files before the change.
        after: the files after it.
        trend: further files of the same benchmark.
        wanted: the metric.
        least: the effect that counts at least, as a fraction.

    Raises:
        UnfitError: the files don't hold it, or hold several that it may be.
    """
    sides = [
        [_pick(found, select, wanted) for found in files]
        for select, files in zip(entry.select, (before, after), strict=True)
    ]
    further = [_pick(found, entry.select[1], wanted) for found in trend]
    return _measured(
        entry, wanted.name, sides[0], sides[1], (*before, *after), least, [*zip(trend, further, strict=True)]
    )


def measure_all(entry: Entry, before: Sequence[Found], after: Sequence[Found], least: float) -> Iterator[Measured]:
    """What files say of every metric that all of them hold, in the files' order.

    Raises:
        UnfitError: they have none in common, or more than a page can show.
    """
    sides = [
        [_by_name(found, select) for found in files]
        for select, files in zip(entry.select, (before, after), strict=True)
    ]
    names = [name for name in sides[1][0] if all(name in file for side in sides for file in side)]
    if not names:
        raise UnfitError("the files before and after hold no benchmark of the same name", "name them with `select`")
    if len(names) > _MOST:
        raise UnfitError(f"the files hold {len(names)} metrics", f"choose with `select`; {_MOST} can be shown")
    for name in names:
        yield _measured(
            entry, name, [one[name] for one in sides[0]], [one[name] for one in sides[1]], (*before, *after), least, []
        )


def _by_name(found: Found, select: str) -> dict[str, Series]:
    """A file's series by name; the metric's alone where there is one benchmark, which may be called otherwise later."""
    chosen = _selected(found, select)
    alone = len({series.benchmark for series in chosen}) == 1
    named: dict[str, Series] = {}
    for series in chosen:
        named.setdefault(series.metric if alone else series.label, series)
    return named


def _pick(found: Found, select: str, wanted: Wanted) -> Series:
    """The series of a file that is meant."""
    chosen = _selected(found, select)
    named = [s for s in chosen if name_key(wanted.name) in (name_key(s.benchmark), name_key(s.label))]
    chosen = named or chosen
    benchmarks = list(dict.fromkeys(series.benchmark for series in chosen))
    if len(benchmarks) > 1:
        raise UnfitError(f"{found.name} holds several benchmarks: {_listed(benchmarks)}", "choose one with `select`")
    if select and len(chosen) == 1:
        return chosen[0]
    fitting = [series for series in chosen if read_name(wanted.name).is_also(read_name(series.metric))]
    fitting = fitting or [s for s in chosen if wanted.family and (unit := _unit(s)) and unit.family == wanted.family]
    if not fitting and len(chosen) > 1 and not (select or _is_time(chosen[0], wanted)):
        listed = _listed(series.label for series in chosen)
        raise UnfitError(f"{found.name} holds several metrics: {listed}", "choose one with `select`")
    return (fitting or chosen)[0]


def usual_series(found: Found, select: str) -> Series:
    """The series that people mean by default: the first of those that are selected.

    Raises:
        UnfitError: none is selected.
    """
    return _selected(found, select)[0]


def fits(series: Series, name: str) -> bool:
    """Whether a metric's name is that of a series, or both are times."""
    named = name_key(name) in (name_key(series.benchmark), name_key(series.label))
    return named or read_name(name).is_also(read_name(series.metric)) or _is_time(series, Wanted(name))


def _is_time(first: Series, wanted: Wanted) -> bool:
    """Whether both are times: the metric by its name, and what the file has first."""
    unit = _unit(first)
    return unit is not None and unit.family == "time" and bool(_OF_TIME.search(wanted.name))


def _selected(found: Found, select: str) -> list[Series]:
    """The series that are selected: by both names, by the benchmark's or by the metric's."""
    series = list(found.results.series)
    if not select:
        return series
    key = " ".join(select.split()).casefold()
    for name in ("label", "benchmark", "metric"):
        if matching := [one for one in series if getattr(one, name).casefold() == key]:
            return matching
    labels = list(dict.fromkeys(one.benchmark or one.metric for one in series))
    alike = look_alike(select, [*labels, *(one.label for one in series)])
    hint = f'did you mean "{alike}"?' if alike else f"it holds {_listed(labels)}"
    raise UnfitError(f'{found.name} holds no "{select}"', hint)


def _listed(names: Iterable[str]) -> str:
    """Some names in quotes, and how many more there are."""
    names = list(names)
    shown = ", ".join(f'"{name}"' for name in names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED} more" if len(names) > _NAMED else shown


def _measured(
    entry: Entry,
    name: str,
    before: list[Series],
    after: list[Series],
    files: tuple[Found, ...],
    least: float,
    trend: list[tuple[Found, Series]],
) -> Measured:
    first, second = ([_in_unit_of(one, after[0]) for one in side] for side in (before, after))
    statistic = entry.statistic or _usual([*first, *second])
    found = effect(first, second, statistic)
    if found is None:
        raise UnfitError(
            _without(statistic, [*zip(files, [*first, *second], strict=True)]), "choose another `statistic`"
        )
    better = after[0].better or _better(name, after[0])
    verdict = standing(found, better, least)
    dated = [*zip(files, [*first, *second], strict=True), *((f, _in_unit_of(s, after[0])) for f, s in trend)]
    points = _points(dated, statistic) if entry.trend else ()
    return Measured(entry, name, tuple(first), tuple(second), files, statistic, better, found, verdict, points)


def _better(name: str, series: Series) -> Better:
    """What the metric's name says where the file is silent."""
    for text in (name, series.metric):
        known = polarity(text, None, {})
        if known != "unknown":
            return known
    return ""


def _usual(series: list[Series]) -> str:
    """The median; the mean where a file gives no more."""
    return MEDIAN if all(one.statistic(MEDIAN) is not None for one in series) else MEAN


def _without(statistic: str, series: list[tuple[Found, Series]]) -> str:
    found, lacking = next((f, s) for f, s in series if s.statistic(statistic) is None)
    given = ", ".join(lacking.given)
    return f"{found.name} has no {statistic} of {lacking.label}" + (f"; it has {given}" if given else "")


def _unit(series: Series) -> Unit | None:
    """The unit of a series; what is measured for each operation is told by the operation alone."""
    return find_unit(series.unit.removesuffix("/op")) or find_unit(series.unit)


def _in_unit_of(series: Series, other: Series) -> Series:
    """A series in the unit of another one."""
    if series.unit == other.unit:
        return series
    own, wanted = _unit(series), _unit(other)
    if own is None or wanted is None or own.family != wanted.family:
        names = (one.unit or "no unit" for one in (series, other))
        raise UnfitError(f"the files of {other.label} disagree on the unit: {' and '.join(names)}")
    factor = own.scale / wanted.scale
    return replace(
        series,
        unit=other.unit,
        samples=tuple(sample * factor for sample in series.samples),
        given={name: value * factor for name, value in series.given.items()},
    )


def _points(dated: Iterable[tuple[Found, Series]], statistic: str) -> tuple[tuple[datetime.datetime, float], ...]:
    """The dated figures in order; none where there are two or fewer, which make no trend."""
    found = {
        (at, value)
        for file, series in dated
        if (at := moment(file)) and (value := series.statistic(statistic)) is not None
    }
    return tuple(sorted(found)) if len({at for at, _ in found}) > 2 else ()

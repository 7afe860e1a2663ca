"""A record with its evidence: the rows and scenarios that result files speak of, and the values that they fill in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from mkdocs_perfcase.comparison import Measurement, says_nothing
from mkdocs_perfcase.directives import EVIDENCE
from mkdocs_perfcase.evidence.library import Found, Library
from mkdocs_perfcase.evidence.measured import Measured, UnfitError, Wanted, measure, measure_all
from mkdocs_perfcase.evidence.series import UnreadableError
from mkdocs_perfcase.evidence.spec import Entry, Trouble, read_entries
from mkdocs_perfcase.form import Form, Support
from mkdocs_perfcase.metrics import polarity, read_name
from mkdocs_perfcase.options import Options
from mkdocs_perfcase.quantity import Quantity
from mkdocs_perfcase.record import Record
from mkdocs_perfcase.scenarios import Scenario, scenarios
from mkdocs_perfcase.template import Role
from mkdocs_perfcase.text import name_key, quoted


def with_evidence(form: Form, source: str, library: Library, options: Options) -> Form:
    """A record's form with what its result files say, and what keeps some of them from being used.

    Args:
        form: the record, held against its template.
        source: the page's file.
        library: where result files are looked for.
        options: the site's options.
    """
    entries, troubles = read_entries(form.record.meta, source)
    reading = _Reading(
        form, library, options.min_effect / 100, tuple(scenarios(form.record)), _directive_line(form.record)
    )
    supports: list[Support] = []
    for entry in entries:
        found, wrong = reading.entry(entry)
        supports += found
        troubles += wrong
    return _completed(form, supports, troubles, options.metrics, reading.line)


def _directive_line(record: Record) -> int | None:
    return next((one.line for one in record.directives if one.verb == EVIDENCE), None)


@dataclass(frozen=True)
class _Reading:
    """The reading of one record's entries."""

    form: Form
    library: Library
    least: float
    scenarios: tuple[Scenario, ...]
    line: int | None
    """The line where a table of the evidence is to be shown, if there is one."""

    def entry(self, entry: Entry) -> tuple[list[Support], list[Trouble]]:
        """What one entry's files say."""
        rows, scenario = self._meant(entry.metric)
        if wrong := self._unplaced(entry, rows, scenario):
            return [], [wrong]
        looked_up = partial(self.library.results, page=self.form.record.path, line=entry.line)
        (before, amiss), (after, also), (trend, too) = map(looked_up, (entry.before, entry.after, entry.trend))
        troubles = [*amiss, *also, *too]
        if troubles or not before or not after:
            return [], troubles
        try:
            return list(self._supports(entry, (before, after, trend), rows, scenario)), []
        except UnfitError as error:
            return [], [Trouble(entry.line, False, str(error), error.hint)]
        except UnreadableError as error:
            return [], [Trouble(entry.line, True, f"`measures` of evidence is not read: {error}")]

    def _supports(
        self,
        entry: Entry,
        files: tuple[list[Found], list[Found], list[Found]],
        rows: list[Measurement],
        scenario: Scenario | None,
    ) -> Iterator[Support]:
        stale = self.library.stale(files[0], files[1], entry.measures, self.form.record.path)
        if not entry.metric:
            for one in measure_all(entry, files[0], files[1], self.least):
                found, at = self._meant(one.name)
                yield Support(one, found[0] if len(found) == 1 else None, at, stale)
            return
        typed = [*((rows[0].before, rows[0].after) if rows else ())]
        typed += [*scenario.before, *scenario.after] if scenario else []
        family = next((quantity.family for quantity in typed if quantity and quantity.family), "")
        measured = measure(entry, *files, Wanted(entry.metric, family), self.least)
        yield Support(measured, rows[0] if rows else None, scenario, stale)

    def _meant(self, name: str) -> tuple[list[Measurement], Scenario | None]:
        """The rows, or else the scenario, of a name."""
        key, read = name_key(name), read_name(name)
        rows = [m for m in self.form.measurements if name_key(m.name) == key]
        rows = rows or [m for m in self.form.measurements if m.metric.is_also(read)]
        scenario = next((s for s in self.scenarios if _is_called(s, key)), None) if not rows and key else None
        return rows, scenario

    def _unplaced(self, entry: Entry, rows: list[Measurement], scenario: Scenario | None) -> Trouble | None:
        """What is wrong with an entry that belongs nowhere, or in two places."""
        if len(rows) > 1:
            lines = " and ".join(f"line {row.line}" for row in rows)
            return Trouble(entry.line, False, f"evidence of {quoted(entry.metric)} fits several rows: {lines}")
        if rows or scenario or self.line:
            return None
        table = f"or write <!-- perfcase: {EVIDENCE} --> where a table of it is to be shown"
        if not entry.metric:
            return Trouble(entry.line, False, "evidence without `metric` is shown nowhere", f"name a row, {table}")
        names = ", ".join(quoted(name) for name in self._names())
        hint = f"the record has {names}; name one of them, {table}" if names else f"name a row, {table}"
        return Trouble(entry.line, False, f"no row or scenario is called {quoted(entry.metric)}", hint)

    def _names(self) -> Iterable[str]:
        return dict.fromkeys([*(m.name for m in self.form.measurements), *(s.name for s in self.scenarios)])


def _is_called(scenario: Scenario, key: str) -> bool:
    """Whether a scenario has a name, with or without the `Scenario 1:` before it."""
    own = name_key(scenario.name)
    return key in (own, name_key(scenario.name.partition(":")[2]))


def _completed(
    form: Form, supports: list[Support], troubles: list[Trouble], metrics: Mapping[str, str], line: int | None
) -> Form:
    """The form with evidence beside its rows, values where none were typed, and rows for what has none."""
    of_rows = {id(support.row): support for support in supports if support.row}
    rows = [_row(m, of_rows[id(m)].measured) if id(m) in of_rows else m for m in form.measurements]
    made = [_made(s.measured, line, metrics) for s in supports if s.row is None and s.scenario is None and line]
    supplied = {row.line for row in rows if row.filled}
    if made and line:
        supplied |= _headings(form.record, line)
    return replace(
        form,
        measurements=(*rows, *made),
        supplied=frozenset(supplied),
        supports=tuple(supports),
        troubles=tuple(troubles),
    )


def _row(row: Measurement, measured: Measured) -> Measurement:
    """A row with its evidence; with its values, where the author typed none or left the placeholder."""
    first, second = measured.texts
    no_before, no_after = says_nothing(row.before_text), says_nothing(row.after_text)
    before = _quantity(first, measured.effect.before, measured) if no_before else row.before
    after = _quantity(second, measured.effect.after, measured) if no_after else row.after
    return replace(
        row,
        before_text=first if no_before else row.before_text,
        after_text=second if no_after else row.after_text,
        before=before,
        after=after,
        polarity=measured.better or row.polarity if row.polarity == "unknown" else row.polarity,
        evidence=measured,
        filled=no_before or no_after,
    )


def _made(measured: Measured, line: int | None, metrics: Mapping[str, str]) -> Measurement:
    """A row of what the author gave no row for."""
    first, second = measured.texts
    before = _quantity(first, measured.effect.before, measured)
    after = _quantity(second, measured.effect.after, measured)
    return Measurement(
        name=measured.name,
        before_text=first,
        after_text=second,
        stated="",
        line=line or measured.entry.line,
        before=before,
        after=after,
        polarity=measured.better or polarity(measured.name, after, metrics),
        evidence=measured,
        filled=True,
        made=True,
    )


def _quantity(text: str, value: float, measured: Measured) -> Quantity:
    """A value of the files, exact as it is, in the unit that it is shown in."""
    unit, shown = measured.unit, measured.shown_unit
    if unit is None or shown is None:
        return Quantity(text, value, None, value, value, 0.0)
    base = value * unit.scale
    return Quantity(text, float(f"{base / shown.scale:.12g}"), shown, base, base, 0.0)


def _headings(record: Record, line: int) -> set[int]:
    """The heading that a table of the evidence stands under; with it the comparison is given."""
    heads = [section.line for section in record.having(Role.COMPARISON) if section.line < line]
    return {heads[-1]} if heads else set()

"""Result files written into a record: what they measure, the entries that name them, and the comparison's rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isclose
from typing import Any, NamedTuple

from mkdocs_perfcase.comparison import Measurement, says_nothing
from mkdocs_perfcase.evidence.library import Found
from mkdocs_perfcase.evidence.measured import Measured, Wanted, fits, measure, measure_all, usual_series
from mkdocs_perfcase.evidence.spec import Entry
from mkdocs_perfcase.form import Support
from mkdocs_perfcase.mend.edits import Edit, edited
from mkdocs_perfcase.mend.entries import EntryData, RefusedError, entry_edits, evidence_entries
from mkdocs_perfcase.mend.page import Page, Read
from mkdocs_perfcase.mend.rows import Comparison, Filling, row_of
from mkdocs_perfcase.rules.evidence import mismatch, mismatches
from mkdocs_perfcase.support import rows_called
from mkdocs_perfcase.text import name_key, quoted


class Side(NamedTuple):
    """The files of one side."""

    path: str
    """As a record names them: a glob, or a file."""
    found: Sequence[Found]
    """What they hold."""
    select: str = ""
    """Which benchmark of theirs is meant; empty where they hold one, or all are meant."""


@dataclass(frozen=True)
class Asked:
    """What is to be recorded."""

    before: Side
    after: Side
    least: float
    """The effect that counts at least, as a fraction."""
    metric: str = ""
    """The row's name; empty to find one."""
    statistic: str = ""
    typed: bool = True
    """Whether values are typed into the table."""
    over: bool = False
    """Whether values that the files don't bear out give way."""

    @property
    def select(self) -> tuple[str, str]:
        """Which benchmark is meant on either side."""
        return self.before.select, self.after.select

    def entry(self, metric: str, select: tuple[str, str]) -> dict[str, Any]:
        """An entry as it is written."""
        data: dict[str, Any] = {"metric": metric, "before": self.before.path, "after": self.after.path}
        if any(select):
            data["select"] = (
                select[0] if select[0] == select[1] else dict(zip(("before", "after"), select, strict=True))
            )
        if self.statistic:
            data["statistic"] = self.statistic
        return data


class Metric(NamedTuple):
    """One metric to record: its entry, and what the files say of it."""

    entry: EntryData
    measured: Measured


def metrics_asked(asked: Asked, page: Page | None = None) -> list[Metric]:
    """The metrics that are to be recorded: one, or where the files hold several benchmarks all that they share.

    Raises:
        UnfitError: the files don't hold what is asked for, or nothing that both sides share.
        RefusedError: two of them can't be told apart by name, or their row can't.
    """
    whole = Entry(0, asked.metric, (asked.before.path,), (asked.after.path,), asked.select, asked.statistic)
    if not asked.metric and not any(asked.select) and _are_several(asked):
        found = list(measure_all(whole, asked.before.found, asked.after.found, asked.least))
        twice = [key for key, number in Counter(name_key(one.name) for one in found).items() if number > 1 or not key]
        if twice:
            names = " and ".join(quoted(one.name) for one in found if name_key(one.name) == twice[0])
            raise RefusedError(f"{names} can't be told apart by name; name a row with --metric, and --select one")
        if page:
            for one in found:
                row_of(one.name, page)  # that each has one row at most
        return [Metric(asked.entry(one.name, (one.name, one.name)), one) for one in found]
    name, select, statistic = _one_asked(asked, page)
    known = row_of(name, page) if page else None
    values = (known.before, known.after) if known else ()
    family = next((quantity.family for quantity in values if quantity and quantity.family), "")
    entry = whole._replace(metric=name, select=select, statistic=statistic)
    one = measure(entry, asked.before.found, asked.after.found, (), Wanted(name, family), asked.least)
    return [Metric(asked.entry(name, asked.select), one)]


def _are_several(asked: Asked) -> bool:
    files = [*asked.before.found, *asked.after.found]
    return any(len({series.benchmark for series in found.results.series}) > 1 for found in files)


def _one_asked(asked: Asked, page: Page | None) -> tuple[str, tuple[str, str], str]:
    """The name of the only metric, its benchmark and its statistic, which an entry of the same metric may say."""
    entries = evidence_entries(page.record.meta) if page else []
    name = asked.metric or _named_before(asked, entries) or _own_name(asked, page)
    row = row_of(name, page) if page else None
    old: EntryData = next((one for one in entries if page and _is_of(one, name, row, page)), {})
    name = str(old.get("metric") or (row.name if row else name))
    given = old.get("select") or ""
    sides = tuple(str(given.get(side) if isinstance(given, dict) else given) for side in ("before", "after"))
    select = asked.select if any(asked.select) else (sides[0], sides[1])
    return name, select, asked.statistic or str(old.get("statistic") or "")


def _is_of(entry: EntryData, name: str, row: Measurement | None, page: Page) -> bool:
    """Whether an entry is of a metric: by its name, or since it has the same row."""
    own = str(entry.get("metric") or "")
    return name_key(own) == name_key(name) or (row is not None and rows_called(own, page.form) == [row])


def _named_before(asked: Asked, entries: Sequence[EntryData]) -> str:
    """The metric of an entry that names the same files and the same benchmark; empty where there is none."""
    wanted = asked.entry("", asked.select)
    keys = ("before", "after", "select", "statistic")
    same = (one for one in entries if all(one.get(key) in (wanted.get(key), [wanted.get(key)]) for key in keys))
    return next((str(one.get("metric") or "") for one in same), "")


def _own_name(asked: Asked, page: Page | None) -> str:
    """The name of the only empty row that fits the files; else what they call it."""
    before, after = (usual_series(side.found[0], side.select) for side in (asked.before, asked.after))
    empty = [
        m.name
        for m in (page.form.measurements if page else ())
        if m.evidence is None and says_nothing(m.before_text) and says_nothing(m.after_text) and fits(after, m.name)
    ]
    if len(empty) == 1:
        return empty[0]
    return after.label if after.benchmark == before.benchmark else after.metric


def filling(metric: Metric, asked: Asked) -> Filling:
    """How a metric's row is filled. A difference within the noise is for the build to show, with its interval."""
    typed = asked.typed and not metric.measured.within_noise
    return Filling(str(metric.entry["metric"]), metric.measured, typed)


class Recorded(NamedTuple):
    """A record's new text, and what was recorded in it."""

    text: str
    metrics: tuple[Metric, ...]
    left: tuple[str, ...]
    """The metrics whose values are left to the build, although they are to be typed."""
    differing: tuple[str, ...]
    """What the author typed and the files don't bear out; with any, nothing is to be written."""


@dataclass(frozen=True)
class Recording:
    """The recording of metrics in a page. Reading it again, twice, is what makes it safe."""

    page: Page
    asked: Asked
    read: Read

    def outcome(self) -> Recorded:
        """The page with its entries, and with its rows.

        Raises:
            RefusedError: it can't be changed safely.
            UnfitError: the files don't hold what is asked for.
        """
        differing = self._differing
        over = {name: frozenset(side for side, _ in found) for name, found in differing.items()}
        text, left = self._with_rows(over if self.asked.over else {})
        told = () if self.asked.over else tuple(line for found in differing.values() for _, line in found)
        return Recorded(text, tuple(self.metrics), tuple(sorted(left)), told)

    @cached_property
    def metrics(self) -> list[Metric]:
        """What is recorded."""
        return metrics_asked(self.asked, self.page)

    @cached_property
    def _named(self) -> Page:
        """The page with the entries in its front matter, and so with the evidence of each row that there is."""
        edits = entry_edits(self.page.text, [metric.entry for metric in self.metrics])
        named = self._changed(self.page, edits) if edits else self.page
        if named.told() != self.page.told():
            raise RefusedError("with evidence in its front matter it doesn't read as it did; add the entry by hand")
        return named

    @cached_property
    def _differing(self) -> dict[str, list[tuple[int, str]]]:
        """What is typed in rows and not borne out, by metric: the side, and what to say of it."""
        found: dict[str, list[tuple[int, str]]] = {}
        added = len(self._named.lines) - len(self.page.lines)  # to the front matter
        for support in self._own(self._named):
            for typed, line, side in mismatches(support) if support.row is not None else ():
                message = f"line {line - added}: {mismatch(support.measured, typed, line, side).message}"
                found.setdefault(name_key(support.measured.name), []).append((side, message))
        return found

    def _with_rows(
        self, over: dict[str, frozenset[int]], left: frozenset[str] = frozenset()
    ) -> tuple[str, frozenset[str]]:
        """The text with its rows, and the metrics whose values would be read as others and are left to the build."""
        fillings = [
            one._replace(typed=one.typed and one.metric not in left, over=over.get(name_key(one.metric), one.over))
            for one in (filling(metric, self.asked) for metric in self.metrics)
        ]
        edits = list(Comparison(self._named, fillings).edits())
        after = self._changed(self._named, edits) if edits else self._named
        own = {name_key(support.measured.name): support for support in self._own(after)}
        unread = {one.metric for one in fillings if one.typed and self._is_unread(own.get(name_key(one.metric)), over)}
        if edits and unread:
            return self._with_rows(over, left | unread)
        self._require_all(own)
        return after.text, left

    def _is_unread(self, support: Support | None, over: dict[str, frozenset[int]]) -> bool:
        """Whether a row's values aren't read as what was typed; the author's own differing ones are another matter."""
        if support is None or support.row is None:
            return False
        row, known = support.row, self._differing.get(name_key(support.measured.name), [])
        sides = {side for side, _ in known} - over.get(name_key(support.measured.name), frozenset())
        wrong = any(side not in sides for _, _, side in mismatches(support))
        return wrong or (not known and (row.before is None or row.after is None))

    def _own(self, page: Page) -> list[Support]:
        """What the page's evidence says of the recorded metrics."""
        names = {name_key(str(metric.entry["metric"])) for metric in self.metrics}
        return [one for one in page.form.supports if name_key(one.measured.entry.metric) in names]

    def _require_all(self, own: dict[str, Support]) -> None:
        """That each metric is read back as it was measured."""
        for metric in self.metrics:
            name = str(metric.entry["metric"])
            support = own.get(name_key(name))
            if support is None or not _same(support.measured, metric.measured):
                raise RefusedError(f"its evidence of {quoted(name)} would not be read as it is; add it by hand")

    def _changed(self, page: Page, edits: Sequence[Edit]) -> Page:
        """The page with edits, if it says the same but for them."""
        made = edited(page.text, edits)
        after = Page.read(made.text, self.read)
        gone = {edit.line for edit in edits if edit.replaces}
        if after is None or page.told(gone) != after.told({*made.added, *made.replaced}):
            raise RefusedError("changed, it would not read as it does; add the row by hand")
        return after


def _same(one: Measured, other: Measured) -> bool:
    effects = ((m.effect.before, m.effect.after) for m in (one, other))
    return all(isclose(left, right, rel_tol=1e-9) for left, right in zip(*effects, strict=True))

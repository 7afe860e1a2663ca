"""How far a record keeps the template's form: the facts that findings, and a record's stage, rest on."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from mkdocs_perfcase.comparison import Measurement, measurements, read_columns
from mkdocs_perfcase.criteria import Criterion
from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.outline import Entry, Field, Group, Section
from mkdocs_perfcase.record import Record, RecordSection, find_field
from mkdocs_perfcase.scenarios import Scenario
from mkdocs_perfcase.template import FieldForm, Role, SectionForm
from mkdocs_perfcase.text import (
    generic_placeholder,
    is_stand_in,
    look_alike,
    may_hold_placeholder,
    name_key,
    placeholder_key,
    plain,
)
from mkdocs_perfcase.tree import Block

if TYPE_CHECKING:
    from mkdocs_perfcase.evidence.measured import Measured
    from mkdocs_perfcase.evidence.spec import Trouble

Stage = Literal["draft", "planned", "measured", "accepted", "verified"]
STAGES: tuple[Stage, ...] = get_args(Stage)


class MissingSection(NamedTuple):
    """A required section that the record lacks, with the missing ones below it, and where it might have stood."""

    form: SectionForm
    below: tuple[SectionForm, ...]
    line: int
    alike: Section | None


class MissingCriterion(NamedTuple):
    """An acceptance criterion of the template that the record doesn't carry, and one of its own that reads like it."""

    text: str
    alike: Criterion | None


class MissingField(NamedTuple):
    """A field that a section, or a named item of it, lacks or leaves empty."""

    form: FieldForm
    where: str
    line: int
    empty: bool
    alike: str | None


class Unfilled(NamedTuple):
    """A placeholder that was left: its text, what it stands for, and whether only measuring can fill it."""

    text: str
    where: str
    line: int
    choices: tuple[str, ...] = ()
    measured: bool = False
    spare: bool = False
    """A further item of the template, left as it was."""


class Support(NamedTuple):
    """What result files say, and the row or scenario (as typed) that they say it of; neither where it has none."""

    measured: Measured
    row: Measurement | None
    scenario: Scenario | None
    stale: str
    """Why the files don't belong to what is there now; empty where they do, as far as can be told."""


@dataclass(frozen=True)
class Form:
    """A record held against its template."""

    record: Record
    measurements: tuple[Measurement, ...]
    supplied: frozenset[int] = frozenset()
    """The lines of rows, fields and headings where evidence stands for what the author leaves out."""
    supports: tuple[Support, ...] = ()
    """What result files say of the record's metrics."""
    troubles: tuple[Trouble, ...] = ()
    """What keeps result files from being used."""

    @cached_property
    def missing_sections(self) -> tuple[MissingSection, ...]:
        """Required sections that are absent; those below an absent one are told with it."""
        template, record = self.record.template, self.record
        renamed = {section.form.key: section for section in record.sections if section.renamed}
        absent = [
            form
            for key, form in template.sections.items()
            if not form.optional and (key not in record.by_key or key in renamed)
        ]
        keys = {form.key for form in absent if form.key not in renamed}
        found = []
        for form in absent:
            if form.key in keys and form.parent in keys:
                continue
            below = tuple(child for child in absent if child.parent == form.key and child.key in keys)
            alike = renamed[form.key].body if form.key in renamed else None
            found.append(MissingSection(form, below, alike.line if alike else self._line_before(form), alike))
        return tuple(found)

    def _line_before(self, form: SectionForm) -> int:
        """The heading that a missing section should come after."""
        order = list(self.record.template.sections)
        for key in reversed(order[: order.index(form.key)]):
            if key in self.record.by_key:
                return self.record.by_key[key].line
        return 1

    @cached_property
    def missing_criteria(self) -> tuple[MissingCriterion, ...]:
        """Dropped criteria; each of the record's own stands for one of them at most."""
        form = self.record.template.role(Role.ACCEPTANCE)
        others = {c.text: c for c in self.record.criteria if form is None or c.text not in form.criteria}
        found = []
        for text in self.record.dropped_criteria:
            alike = look_alike(text, others, at_least=0.6)
            found.append(MissingCriterion(text, others.pop(alike) if alike is not None else None))
        return tuple(found)

    @cached_property
    def empty_sections(self) -> tuple[RecordSection, ...]:
        """Sections with nothing below their heading, neither text, nor a filled table, nor a section."""
        body = self.record.body
        following = {id(section): after for section, after in itertools.pairwise(body)}
        return tuple(
            section
            for section in self.record.sections
            if section.body.empty
            and section.line not in self.supplied
            and not self._has_below(section, following.get(id(section.body)))
        )

    def _has_below(self, section: RecordSection, after: Section | None) -> bool:
        if after is None:
            return False
        key = self.record.template.match(after.title)
        return after.level > section.body.level or (
            key is not None and self.record.template.sections[key].parent == section.form.key
        )

    @cached_property
    def out_of_order(self) -> tuple[tuple[RecordSection, RecordSection], ...]:
        """The fewest sections that would have to move, each with the one that it should stand before."""
        order = self.record.template.order
        sections = list(self.record.by_key.values())
        keep = _longest_rising([order[section.form.key] for section in sections])
        kept = [sections[place] for place in sorted(keep)]
        moved = []
        for place, section in enumerate(sections):
            if place not in keep:
                after = [other for other in kept if order[other.form.key] > order[section.form.key]]
                before = [other for other in kept if order[other.form.key] < order[section.form.key]]
                moved.append((section, after[0] if after else before[-1]))
        return tuple(moved)

    @cached_property
    def duplicates(self) -> tuple[tuple[RecordSection, RecordSection], ...]:
        """Sections that appear again, each with its first appearance."""
        first = self.record.by_key
        return tuple((s, first[s.form.key]) for s in self.record.sections if first[s.form.key] is not s)

    @cached_property
    def missing_fields(self) -> tuple[MissingField, ...]:
        """Fields that are absent or empty, section by section."""
        found = (missing for section in self.record.by_key.values() for missing in _missing_fields(section))
        return tuple(missing for missing in found if missing.line not in self.supplied)

    @cached_property
    def unnamed_items(self) -> tuple[RecordSection, ...]:
        """Sections that should name at least one item and name none."""
        return tuple(
            section
            for section in self.record.by_key.values()
            if section.form.has_items
            and not section.items
            and not section.body.empty
            and not section.body.tables
            and not _says_not_applicable(section)
        )

    @cached_property
    def unfilled(self) -> tuple[Unfilled, ...]:
        """Every placeholder that was left."""
        computed = {m.line for m in self.measurements if m.change_percent is not None or not m.measured}
        page = self.record.text.casefold()
        search = _Search(computed, may_hold_placeholder(page), _SAME_STRUCTURE in page)
        found = (unfilled for section in self.record.sections for unfilled in search.section(section))
        return tuple(unfilled for unfilled in found if unfilled.line not in self.supplied)

    @cached_property
    def template_code(self) -> tuple[Block, ...]:
        """The template's example code, unchanged."""
        left = []
        for section in self.record.sections:
            if section.form.codes:
                examples = {_code_key(code) for code in section.form.codes}
                codes = (code for group in section.body.groups for code in group.codes)
                left += [code for code in codes if _code_key(code.text) in examples]
        return tuple(left)

    @cached_property
    def complete(self) -> bool:
        """Whether all is there that can be there before anything is measured."""
        return not (
            self.missing_sections
            or self.empty_sections
            or self.missing_fields
            or self.unnamed_items
            or self.template_code
            or any(not unfilled.measured for unfilled in self.unfilled)
        )

    @cached_property
    def stage(self) -> Stage:
        """How far the work is, by what the record holds."""
        record = self.record
        if not self.complete:
            return "draft"
        if not any(m.measured for m in self.measurements):
            return "planned"
        if record.open_criteria or record.dropped_criteria or not record.criteria:
            return "measured"
        verified = record.verification and not any(step.is_open for step in record.verification)
        return "verified" if verified else "accepted"


def held_against_template(record: Record, metrics: Mapping[str, str] | None = None) -> Form:
    """A record's form, given the site's own metrics."""
    return Form(record, measurements(record, metrics or {}))


def _longest_rising(values: list[int]) -> set[int]:
    """The places of a longest strictly rising run of values."""
    tails: list[int] = []
    places: list[int] = []
    before: list[int | None] = []
    for place, value in enumerate(values):
        spot = bisect_left(tails, value)
        before.append(places[spot - 1] if spot else None)
        tails[spot:] = [value] if spot == len(tails) else [value, *tails[spot + 1 :]]
        places[spot:] = [place] if spot == len(places) else [place, *places[spot + 1 :]]
    kept: set[int] = set()
    place_or_none = places[-1] if places else None
    while place_or_none is not None:
        kept.add(place_or_none)
        place_or_none = before[place_or_none]
    return kept


_NOT_APPLICABLE = expression(r"\W*(?:n/?a\b|none\b|not\s|no\s|nothing\b|keine?\b|entfällt\b|无|無|なし)", re.IGNORECASE)
_SAME_STRUCTURE = "same structure"


def _says_not_applicable(section: RecordSection) -> bool:
    """A section of one sentence that says why there is nothing."""
    parts = section.body.parts
    return len(parts) == 1 and isinstance(parts[0], Entry) and bool(_NOT_APPLICABLE.match(plain(parts[0].text)))


def _missing_fields(section: RecordSection) -> Iterator[MissingField]:
    asked = section.form.fields or section.form.item_fields
    if not asked or section.body.empty or _says_not_applicable(section):
        return
    where = section.form.title
    if section.form.fields:
        yield from _lacking(section.form.fields, list(section.fields.values()), where, section.line)
    forms = section.form.item_fields
    if not forms:
        return
    items = [item for item in section.items if not any(_SAME_STRUCTURE in e.text.casefold() for e in item.entries)]
    remarks = {id(item) for item in items if not any(find_field(item.fields, form) for form in forms)}
    for item in items:
        if id(item) in remarks and len(remarks) < len(items):
            continue
        wanted = tuple(form for form in forms if form.code is None or not _shows_both(item, forms))
        yield from _lacking(wanted, list(item.fields), item.name or where, item.line)


def _shows_both(item: Group, forms: tuple[FieldForm, ...]) -> bool:
    """Whether an item's code shows before and after without the fields' names: in tabs, or as a diff."""
    codes = [code.text for code in item.codes]
    return len(codes) >= sum(form.code is not None for form in forms) or any(_is_diff(code) for code in codes)


def _is_diff(code: str) -> bool:
    return {line[:1] for line in code.split("\n")} >= {"+", "-"}


def _lacking(forms: tuple[FieldForm, ...], fields: list[Field], where: str, line: int) -> Iterator[MissingField]:
    by_key: dict[str, Field] = {}
    for field in fields:
        by_key.setdefault(name_key(field.key), field)
    found = {form.key: by_key.get(form.key) or find_field(fields, form) for form in forms}
    others = [] if all(found.values()) else [field for field in fields if field not in found.values()]
    for form in forms:
        given = found[form.key]
        if given is None:
            alike = look_alike(form.name, [other.key for other in others])
            at = next((other.line for other in others if other.key == alike), line)
            yield MissingField(form, where, at, empty=False, alike=alike)
        elif not given.filled:
            yield MissingField(form, where, given.line, empty=True, alike=None)


_BRACKETED = expression(r"\\?\[((?:\\.|[^\[\]\\]){0,120})\\?\](?!\()")


class _Search(NamedTuple):
    """The search of a page for placeholders that were left."""

    computed: set[int]
    """The lines of rows whose change is computed, so that nobody need fill it in."""
    usual: bool
    """Whether any of the usual placeholders may be there, besides the template's own."""
    spare: bool
    """Whether an item may be left as the template has it."""

    def section(self, section: RecordSection) -> Iterator[Unfilled]:
        form = section.form
        for group in section.body.groups:
            if self.spare and (spare := _spare_item(section, group)):
                yield spare
                continue
            if group.name and (left := self._left(group.name, form)):
                yield Unfilled(left, form.title, group.line)
            for part in group.parts:
                if isinstance(part, Entry):
                    yield from self._entry(part, form)
                elif part.kind == "table":
                    yield from self._cells(part, form)

    def _entry(self, entry: Entry, form: SectionForm) -> Iterator[Unfilled]:
        if entry.key is not None and (left := self._left(entry.key, form)):
            yield Unfilled(left, form.title, entry.line)
        elif left := self._left(entry.value if entry.key is not None else entry.text, form):
            key = name_key(entry.key or "")
            choices = next((f.choices for f in (*form.fields, *form.item_fields) if f.key == key), ())
            # a scenario's outcome can be known only after the change
            line = entry.line + entry.text[: max(entry.text.find(left.strip("[]")), 0)].count("\n")
            yield Unfilled(left, plain(entry.key or form.title), line, choices, measured=key.startswith("after "))

    def _cells(self, table: Block, form: SectionForm) -> Iterator[Unfilled]:
        header, *rows = table.rows
        found = read_columns(table)
        columns = found if isinstance(found, tuple) else ()
        afters = {one.after for one in columns}
        changes = {one.change for one in columns}
        for row in rows:
            for place, cell in enumerate(row.cells):
                left = self._left(cell, form)
                if not left or (place in changes and row.line in self.computed):
                    continue
                measured = place in afters | changes
                where = f"{plain(row.cells[0])}, {plain(header.cells[place])}" if place else form.title
                yield Unfilled(left, where, row.line, measured=measured)

    def _left(self, text: str, form: SectionForm) -> str | None:
        """The placeholder in a text, if any: the template's own for this section, or one of the usual ones."""
        if "[" in text:
            key = placeholder_key(text)
            if key in form.placeholders:
                return f"[{plain(form.placeholders[key])}]"
            for match in _BRACKETED.finditer(text):
                if placeholder_key(match[1].rstrip("\\")) in form.placeholders:
                    return f"[{plain(match[1])}]"
        if is_stand_in(text):
            return plain(text)
        return generic_placeholder(text) if self.usual else None


def _spare_item(section: RecordSection, group: Group) -> Unfilled | None:
    """A further item of the template, untouched: one thing to delete or fill in."""
    for entry in group.entries:
        if "[" in entry.text and _SAME_STRUCTURE in entry.text.casefold():
            return Unfilled(group.name or plain(entry.text), section.form.title, group.line, spare=True)
    return None


def _code_key(code: str) -> str:
    return " ".join(code.split())

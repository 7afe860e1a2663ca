"""A record: a page's outline matched with the template, every part of it typed and with its line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mkdocs_perfcase.criteria import Criterion, carries, read_criteria
from mkdocs_perfcase.directives import Directive
from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.outline import Field, Group, Outline, Section, outline
from mkdocs_perfcase.template import FieldForm, Role, SectionForm, Template
from mkdocs_perfcase.text import look_alike, loose_keys, name_key, placeholder_key, plain, similarity, written
from mkdocs_perfcase.tree import Block

TYPES = "Optimization Type"
COMPONENT = "Component"
TERMINAL = ("rolled-back", "superseded", "abandoned")
"""Values of `status` of a record whose work has ended without being accepted."""

_ALMOST_THE_SAME = 0.9  # a letter or two that only look right


@dataclass(frozen=True)
class RecordSection:
    """A section of the template, as the record fills it."""

    form: SectionForm
    body: Section
    renamed: bool
    """Found under another name that looks like the section's."""

    @property
    def line(self) -> int:
        """The heading's line."""
        return self.body.line

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Its fields by key, over all groups; the first of a name counts. Rows of a table may be fields, too."""
        found: dict[str, Field] = {}
        for group in self.body.groups:
            for field in (*group.fields, *_table_fields(group, self.form.fields)):
                found.setdefault(name_key(field.key), field)
        for form in self.form.fields:
            if form.key not in found and (field_or_none := find_field(found.values(), form)):
                found[form.key] = field_or_none
        return found

    @cached_property
    def items(self) -> tuple[Group, ...]:
        """Its named items; where none is named, the fields below the heading make one."""
        if not self.form.has_items:
            return ()
        named = tuple(group for group in self.body.named if group.parts)
        lead = self.body.groups[0]
        return named or ((lead,) if lead.fields else ())


@dataclass(frozen=True)
class Record:
    """One optimization record. `path` is as the host names the page; lines are 1-based in its file."""

    path: str
    meta: Mapping[str, Any]
    title: str
    template: Template
    sections: tuple[RecordSection, ...]
    others: tuple[Section, ...]
    """Sections that the template doesn't know."""
    directives: tuple[Directive, ...]
    body: tuple[Section, ...]
    """Every section of the page in order."""
    text: str
    """All of its text as typed, without code."""

    @cached_property
    def by_key(self) -> Mapping[str, RecordSection]:
        """The first section of each key."""
        found: dict[str, RecordSection] = {}
        for section in self.sections:
            found.setdefault(section.form.key, section)
        return found

    def section(self, title: str) -> RecordSection | None:
        """The section with this heading of the template."""
        key = self.template.match(title)
        return self.by_key.get(key) if key else None

    def having(self, role: Role) -> tuple[RecordSection, ...]:
        """All sections that have a role, or stand below it: a second *Acceptance Criteria* counts too."""
        return self._having.get(role, ())

    @cached_property
    def _having(self) -> Mapping[Role, tuple[RecordSection, ...]]:
        """Asked many times."""
        found: dict[Role, list[RecordSection]] = defaultdict(list)
        for section in self.sections:
            for role in self.template.roles.get(section.form.key, ()):
                found[role].append(section)
        return {role: tuple(sections) for role, sections in found.items()}

    def field(self, role: Role, name: str) -> Field | None:
        """A field of the section with a role."""
        key = name_key(name)
        return next((s.fields[key] for s in self.having(role) if key in s.fields), None)

    @property
    def status(self) -> str | None:
        """The front matter's `status`, in lower case."""
        status = self.meta.get("status")
        return status.strip().lower() or None if isinstance(status, str) else None

    @property
    def ended(self) -> bool:
        """Whether its status is a terminal one."""
        return self.status in TERMINAL

    @cached_property
    def types(self) -> tuple[str, ...]:
        """The optimization types that it names, in the template's spelling."""
        field = self.field(Role.OVERVIEW, TYPES)
        field_form = self.template.field(Role.OVERVIEW, TYPES)
        if (
            field is None
            or field_form is None
            or placeholder_key(field.value) == placeholder_key(field_form.placeholder)
        ):
            return ()
        return tuple(dict.fromkeys(known for _, _, known in choices_named(field, field_form) if known))

    @property
    def component(self) -> str:
        """What was optimized; empty where it isn't said."""
        field = self.field(Role.OVERVIEW, COMPONENT)
        return plain(field.value) if field else ""

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """Its acceptance criteria, in order: those of a section that goes by a like name among them."""
        bodies = [section.body for section in self.having(Role.ACCEPTANCE)]
        bodies += [other for other in self.others if self._is_like_acceptance(other.title)]
        found = [criterion for body in bodies for criterion in read_criteria(body.parts, strict=True)]
        read = {id(body) for body in bodies}
        for section in self.body:
            for group in section.named if id(section) not in read else ():
                if group.name and self._is_like_acceptance(group.name):
                    found += read_criteria(group.parts, strict=True)
        return tuple(sorted(found, key=lambda criterion: criterion.line))

    def _is_like_acceptance(self, title: str) -> bool:
        """Whether a heading of the author's own speaks of acceptance criteria, or is spelt almost so."""
        form = self.template.role(Role.ACCEPTANCE)
        if form is None:
            return False
        return (
            f" {form.key} " in f" {name_key(title)} "
            or similarity(title, form.title, _ALMOST_THE_SAME) >= _ALMOST_THE_SAME
        )

    @cached_property
    def dropped_criteria(self) -> tuple[str, ...]:
        """The template's criteria that it doesn't carry in their wording."""
        present = {section.form.key for section in self.sections}
        forms = [form for form in self.template.having(Role.ACCEPTANCE) if not form.optional or form.key in present]
        texts = [criterion.text for criterion in self.criteria]
        return tuple(text for form in forms for text in form.criteria if not any(carries(t, text) for t in texts))

    @property
    def open_criteria(self) -> tuple[Criterion, ...]:
        """The criteria that are neither ticked nor waived."""
        return tuple(criterion for criterion in self.criteria if criterion.is_open)

    @cached_property
    def verification(self) -> tuple[Criterion, ...]:
        """Its verification steps, in order."""
        return tuple(
            c for section in self.having(Role.VERIFICATION) for c in read_criteria(section.body.parts, strict=False)
        )


def read_record(blocks: list[Block], template: Template, path: str, meta: Mapping[str, Any]) -> Record:
    """Match a page's blocks with the template. Whether the page is a record at all is for the caller to know."""
    page = outline(blocks, _section_starts(template, blocks), template.field_keys)
    titles = [template.match(section.title) if section.element is not None else None for section in page.sections]
    first = next((place for place, section in enumerate(page.sections) if section.element is not None), None)
    if first is not None and page.sections[first].level == 1 and titles[first] in titles[first + 1 :]:
        titles[first] = None  # a title that is named like a section
    matched = list(zip(page.sections, titles, strict=True))
    renamed = _renamed(page, matched, template)
    sections: list[RecordSection] = []
    others: list[Section] = []
    for section, key in matched:
        if key or section.line in renamed:
            form = template.sections[key or renamed[section.line]]
            sections.append(RecordSection(form, section, renamed=key is None))
        elif section.element is not None:
            others.append(section)
    return Record(
        path=path,
        meta=meta,
        title=_title(page, meta, template, path),
        template=template,
        sections=tuple(sections),
        others=tuple(others),
        directives=page.directives,
        body=page.sections,
        text="\n".join(_texts(blocks)),
    )


def _texts(blocks: list[Block]) -> Iterator[str]:
    for block in blocks:
        if block.rows:
            yield from (cell for row in block.rows for cell in row.cells)
        elif block.kind != "code":
            yield block.text


class _section_starts:  # noqa: N801  (called like the function that it stands for)
    """Whether a heading begins a section: one that the template knows, or that can't belong to the section before."""

    def __init__(self, template: Template, blocks: list[Block]) -> None:
        self._template = template
        self._inside: tuple[str, int] | None = None
        """The key and level of the section that deeper headings belong to."""
        headings = [block for block in blocks if block.kind == "heading"]
        keys = [template.match(block.text) for block in headings[1:]]
        first = headings[0] if headings else None
        self._at_title = bool(first and first.level == 1 and template.match(first.text) in keys)
        """Whether the next heading is the title, named like a section that comes later."""

    def __call__(self, heading: str, level: int) -> bool:
        key = None if self._at_title else self._template.match(heading)
        self._at_title = False
        if self._inside and level > self._inside[1] and (key is None or self._is_past(key)):
            return False
        self._inside = (key, level) if key and key not in self._template.parents else None
        return True

    def _is_past(self, key: str) -> bool:
        """A deeper heading that the template has further up is a subheading by chance."""
        order = self._template.order
        return self._inside is not None and order[key] < order[self._inside[0]]


def _renamed(page: Outline, matched: Iterable[tuple[Section, str | None]], template: Template) -> dict[int, str]:
    """Headings that look like a missing section: their line to that section's key, each used once."""
    matched = list(matched)
    present = {key for _, key in matched if key}
    candidates = {
        section.title: section
        for section, key in matched
        if key is None and section.element is not None and section.level > 1
    }
    renamed: dict[int, str] = {}
    for key, form in template.sections.items():
        if key in present or form.optional or not candidates:
            continue
        alike = look_alike(form.title, candidates)
        if alike is not None:
            renamed[candidates.pop(alike).line] = key
    return renamed


def _title(page: Outline, meta: Mapping[str, Any], template: Template, path: str) -> str:
    if title := written(meta.get("title") or ""):
        return title
    headings = [section for section in page.sections if section.element is not None]
    for place, section in enumerate(headings):
        if section.level == 1 and section.title and (not place or template.match(section.title) is None):
            return plain(section.title)
    name = path.rpartition("/")[2].removesuffix(".md")
    return name.replace("-", " ").replace("_", " ").capitalize()


def find_field(fields: Iterable[Field], form: FieldForm) -> Field | None:
    """The field that a form asks for, with a remark behind its name, in the plural, or hyphenated otherwise."""
    wanted = loose_keys(form.name)
    return next((field for field in fields if wanted & loose_keys(field.key)), None)


def _table_fields(group: Group, forms: tuple[FieldForm, ...]) -> Iterator[Field]:
    """Fields written as the rows of a table of two columns."""
    wanted = {form.key for form in forms} if group.tables else ()
    for table in group.tables if wanted else ():
        for row in table.rows:
            if len(row.cells) == 2 and name_key(row.cells[0]) in wanted:
                yield Field(plain(row.cells[0]), row.cells[1], row.line)


_SEPARATOR = expression(r"\s*(?:[,;|+/&、]|<br\s*/?>|\band\b)\s*")


def choices_named(field: Field, form: FieldForm) -> Iterator[tuple[str, int, str | None]]:
    """What a choice field names: each part's text and line, and the template's choice that it is, if any."""
    known = {name_key(choice): choice for choice in form.choices}
    entries = [(field.value, field.line)] if field.value else []
    entries = entries or [(entry.text, entry.line) for entry in field.details if entry.box != "open"]
    for value, line in entries:
        text = plain(value).strip("[]")
        whole = known.get(name_key(text))
        parts = [text] if whole else [part for part in _SEPARATOR.split(text) if part]
        for part in parts:
            yield part, line, known.get(name_key(part)) or _within(part, text, known)


def _within(part: str, text: str, known: Mapping[str, str]) -> str | None:
    """The choice that a part of a text names among other words, or of whose own name it is a part (`CI/CD`)."""
    words, whole = f" {name_key(part)} ", f" {name_key(text)} "
    for key, choice in known.items():
        if f" {key} " in words or (words in f" {key} " and f" {key} " in whole):
            return choice
    return None

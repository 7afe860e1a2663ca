"""A record: a page's outline matched with the template, every part of it typed and with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal
from xml.etree.ElementTree import Element

from mkdocs_perfcase.outline import Directive, Entry, Field, Group, Outline, Part, Section, outline
from mkdocs_perfcase.template import FieldForm, Role, SectionForm, Template
from mkdocs_perfcase.text import look_alike, name_key, placeholder_key, plain
from mkdocs_perfcase.tree import Block, Row

State = Literal["checked", "waived", "open", "unknown", "unrendered"]

TYPES = "Optimization Type"
COMPONENT = "Component"


@dataclass(frozen=True)
class Criterion:
    """An acceptance criterion or a verification step."""

    text: str
    line: int
    state: State
    mark: str
    """The checkbox as typed; empty where there is none."""
    waiver: str | None
    """The reason for waiving it; empty where a waiver gives none, None without a waiver."""
    element: Element
    boxed: bool
    """Whether the page shows it with a checkbox."""

    @property
    def is_open(self) -> bool:
        """In doubt, a criterion is open: only a tick that shows, or a waiver with its reason, closes it."""
        return self.state not in ("checked", "waived")


@dataclass(frozen=True)
class RecordSection:
    """A section of the template, as the record fills it."""

    form: SectionForm
    body: Section
    renamed: bool = False
    """Found under another name that looks like the section's."""

    @property
    def line(self) -> int:
        """The heading's line."""
        return self.body.line

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Its fields by key, over all groups; the first of a name counts."""
        found: dict[str, Field] = {}
        for group in self.body.groups:
            for field in group.fields:
                found.setdefault(name_key(field.key), field)
        return found

    @cached_property
    def items(self) -> tuple[Group, ...]:
        """Its named items; where none is named, the fields below the heading make one."""
        if not self.form.has_items:
            return ()
        named = tuple(group for group in self.body.named if group.parts)
        lead = self.body.groups[0]
        return named or ((lead,) if lead.fields else ())

    @cached_property
    def comparison_tables(self) -> tuple[Block, ...]:
        """Its tables that have rows."""
        return tuple(table for table in self.body.tables if len(table.rows) > 1)


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
        """All sections that have a role: a second *Acceptance Criteria* counts too."""
        form = self.template.role(role)
        return tuple(section for section in self.sections if form and section.form.key == form.key)

    def field(self, role: Role, name: str) -> Field | None:
        """A field of the section with a role."""
        key = name_key(name)
        return next((s.fields[key] for s in self.having(role) if key in s.fields), None)

    @property
    def status(self) -> str | None:
        """The front matter's `status`, in lower case."""
        status = self.meta.get("status")
        return str(status).strip().lower() if status else None

    @cached_property
    def types(self) -> tuple[str, ...]:
        """The optimization types that it names, in the template's spelling."""
        form = self.template.role(Role.OVERVIEW)
        field = self.field(Role.OVERVIEW, TYPES)
        field_form = next((f for f in form.fields if f.key == name_key(TYPES)), None) if form else None
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
        """Its acceptance criteria, in order."""
        return tuple(c for section in self.having(Role.ACCEPTANCE) for c in _criteria(section.body, strict=True))

    @cached_property
    def dropped_criteria(self) -> tuple[str, ...]:
        """The template's criteria that it doesn't carry in their wording."""
        form = self.template.role(Role.ACCEPTANCE)
        texts = [criterion.text for criterion in self.criteria]
        return tuple(wanted for wanted in (form.criteria if form else ()) if not any(carries(t, wanted) for t in texts))

    @property
    def open_criteria(self) -> tuple[Criterion, ...]:
        """The criteria that are neither ticked nor waived."""
        return tuple(criterion for criterion in self.criteria if criterion.is_open)

    @cached_property
    def verification(self) -> tuple[Criterion, ...]:
        """Its verification steps, in order."""
        return tuple(c for section in self.having(Role.VERIFICATION) for c in _criteria(section.body, strict=False))


def read_record(blocks: list[Block], template: Template, path: str, meta: Mapping[str, Any]) -> Record:
    """Match a page's blocks with the template. Whether the page is a record at all is for the caller to know."""
    page = outline(blocks, _section_starts(template), template.field_keys)
    matched = [
        (section, template.match(section.title) if section.element is not None else None) for section in page.sections
    ]
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

    def __init__(self, template: Template) -> None:
        self._template = template
        self._inside = 0
        """The level of the section that deeper headings belong to; 0 for none."""

    def __call__(self, heading: str, level: int) -> bool:
        key = self._template.match(heading)
        if key is None and self._inside and level > self._inside:
            return False
        self._inside = level if key and key not in self._template.parents else 0
        return True


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
    if meta.get("title"):
        return str(meta["title"])
    for section in page.sections:
        if section.level == 1 and template.match(section.title) is None and section.title:
            return plain(section.title)
    name = path.rsplit("/", 1)[-1].removesuffix(".md")
    return name.replace("-", " ").replace("_", " ").capitalize()


_SEPARATOR = re.compile(r"\s*(?:[,;|+/&、]|<br\s*/?>|\band\b)\s*")


def choices_named(field: Field, form: FieldForm) -> Iterator[tuple[str, int, str | None]]:
    """What a choice field names: each part's text and line, and the template's choice that it is, if any."""
    known = {name_key(choice): choice for choice in form.choices}
    entries = [(field.value, field.line)] if field.value else [(entry.text, entry.line) for entry in field.details]
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


_REMARK = re.compile(r"\s*(?:[(\[:;,.–—]|\s-\s|->|=>|→|✅|✔|$)")


def criterion_key(text: str) -> str:
    """A criterion's wording for comparison: case, white space and a full stop at the end don't matter."""
    return " ".join(text.casefold().split()).rstrip(".!")


def carries(text: str, wanted: str) -> bool:
    """Whether a criterion has the wording wanted; a remark may follow it."""
    have, want = criterion_key(text), criterion_key(wanted)
    return have.startswith(want) and bool(_REMARK.match(have[len(want) :]))


def _criteria(section: Section, strict: bool) -> Iterator[Criterion]:
    """The criteria of a section.

    Args:
        section: where they stand.
        strict: also take for criteria what has no checkbox but stands like one.
    """
    parts = section.parts
    boxed_above: list[int] = []
    for place, part in enumerate(parts):
        if isinstance(part, Block):
            yield from _block_criteria(part, strict)
            continue
        boxed_above = [level for level in boxed_above if level < part.level]
        if part.box is not None:
            yield _criterion(part)
            boxed_above.append(part.level)
        elif strict and (part.level or part.glued) and not boxed_above and not _is_label(parts, place, part):
            yield _criterion(part)


def _is_label(parts: tuple[Part, ...], place: int, entry: Entry) -> bool:
    """A plain list item with checkboxes below it, or one that announces what follows."""
    if plain(entry.text).endswith(":"):
        return True
    for part in parts[place + 1 :]:
        if isinstance(part, Block):
            continue
        if part.level <= entry.level:
            return False
        if part.box is not None:
            return True
    return False


def _criterion(entry: Entry) -> Criterion:
    state: State = entry.box or "unknown"
    if state != "checked" and entry.waiver:
        state = "waived"
    boxed = entry.box in ("open", "checked")
    return Criterion(plain(entry.text), entry.line, state, entry.mark, entry.waiver, entry.element, boxed)


_STATE_CELL = re.compile(
    r"\s*(?:\[[ xX\w/-]{0,4}\]|[✅❌✔✖✓✗✘☐☑⬜⏳🚧⚠🟢🟡🔴]|(?:pass|fail|met|missed|done|open|yes|no|ok)\w*\s*$)",
    re.IGNORECASE,
)
_STATE_COLUMN = re.compile(r"status|state|met\b|result|passed|actual", re.IGNORECASE)
_HTML_BOX = re.compile(
    r"^[ \t]*[-*+]\s+(\[[ xX]\])\s*(.*)$|<input\b[^>]*checkbox[^>]*>\s*([^<\n]*)", re.MULTILINE | re.IGNORECASE
)


def _block_criteria(block: Block, strict: bool) -> Iterator[Criterion]:
    """Criteria where no checkbox can be: the rows of a status table, boxes in raw HTML."""
    if block.kind == "html":
        for match in _HTML_BOX.finditer(block.text):
            line = block.line + block.text.count("\n", 0, match.start())
            yield Criterion(
                plain(match[2] or match[3] or ""), line, "unrendered", match[1] or "", None, block.element, False
            )
    elif block.kind == "table" and strict:
        header, *rows = block.rows
        states = any(_STATE_COLUMN.search(cell) for cell in header.cells)
        for row in rows:
            if any(row.cells) and (states or any(_STATE_CELL.match(cell) for cell in row.cells[1:])):
                yield Criterion(plain(row.cells[0]), row.line, "unknown", _row_mark(row), None, row.elements[0], False)


def _row_mark(row: Row) -> str:
    return next((plain(cell) for cell in row.cells[1:] if _STATE_CELL.match(cell)), "")

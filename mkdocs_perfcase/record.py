"""A record: a page's outline matched with the template, every part of it typed and with its line."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal
from xml.etree.ElementTree import Element

from mkdocs_perfcase.outline import Directive, Entry, Field, Group, Outline, Part, Section, outline
from mkdocs_perfcase.template import FieldForm, Role, SectionForm, Template
from mkdocs_perfcase.text import look_alike, loose_keys, name_key, placeholder_key, plain, similarity
from mkdocs_perfcase.tree import Block

State = Literal["checked", "waived", "open", "unknown", "unrendered"]

TYPES = "Optimization Type"
COMPONENT = "Component"

_ALMOST_THE_SAME = 0.9  # a letter or two that only look right


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
        """All sections that have a role, or stand below it: a second *Acceptance Criteria* counts too."""
        keys = {form.key for form in self.template.having(role)}
        return tuple(section for section in self.sections if section.form.key in keys)

    def field(self, role: Role, name: str) -> Field | None:
        """A field of the section with a role."""
        key = name_key(name)
        return next((s.fields[key] for s in self.having(role) if key in s.fields), None)

    @property
    def status(self) -> str | None:
        """The front matter's `status`, in lower case."""
        status = self.meta.get("status")
        return status.strip().lower() or None if isinstance(status, str) else None

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
        """Its acceptance criteria, in order: those of a section that goes by a like name among them."""
        bodies = [section.body for section in self.having(Role.ACCEPTANCE)]
        bodies += [other for other in self.others if self._is_like_acceptance(other.title)]
        found = [criterion for body in bodies for criterion in _criteria(body.parts, strict=True)]
        for section in self.body:
            for group in section.named if section not in bodies else ():
                if group.name and self._is_like_acceptance(group.name):
                    found += _criteria(group.parts, strict=True)
        return tuple(sorted(found, key=lambda criterion: criterion.line))

    def _is_like_acceptance(self, title: str) -> bool:
        """Whether a heading of the author's own speaks of acceptance criteria, or is spelt almost so."""
        form = self.template.role(Role.ACCEPTANCE)
        if form is None:
            return False
        return f" {form.key} " in f" {name_key(title)} " or similarity(title, form.title) >= _ALMOST_THE_SAME

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
            c for section in self.having(Role.VERIFICATION) for c in _criteria(section.body.parts, strict=False)
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
        # a title may be named like a section that comes later
        self._title = first.text if first and first.level == 1 and template.match(first.text) in keys else None

    def __call__(self, heading: str, level: int) -> bool:
        key = None if heading == self._title and level == 1 else self._template.match(heading)
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
    if meta.get("title"):
        return str(meta["title"])
    headings = [section for section in page.sections if section.element is not None]
    for place, section in enumerate(headings):
        if section.level == 1 and section.title and (not place or template.match(section.title) is None):
            return plain(section.title)
    name = path.rsplit("/", 1)[-1].removesuffix(".md")
    return name.replace("-", " ").replace("_", " ").capitalize()


def find_field(fields: Iterable[Field], form: FieldForm) -> Field | None:
    """The field that a form asks for, with a remark behind its name, in the plural, or hyphenated otherwise."""
    wanted = loose_keys(form.name)
    return next((field for field in fields if wanted & loose_keys(field.key)), None)


def _table_fields(group: Group, forms: tuple[FieldForm, ...]) -> Iterator[Field]:
    """Fields written as the rows of a table of two columns."""
    wanted = {form.key for form in forms}
    for table in group.tables if wanted else ():
        for row in table.rows:
            if len(row.cells) == 2 and name_key(row.cells[0]) in wanted:
                yield Field(plain(row.cells[0]), row.cells[1], row.line, 0)


_SEPARATOR = re.compile(r"\s*(?:[,;|+/&、]|<br\s*/?>|\band\b)\s*")


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


_REMARK = re.compile(r"\s*(?:[^\w\s]|$)|\s+(?:since|at|by|with|per|as|see|because|thanks|after|\d)", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_STRUCK = re.compile(r"~~|<(?:del|s)\b", re.IGNORECASE)


def criterion_key(text: str) -> str:
    """A criterion's wording for comparison: case, white space and a full stop at the end don't matter."""
    return " ".join(text.casefold().split()).rstrip(".!")


@lru_cache(maxsize=256)
def _wording(wanted: str) -> re.Pattern[str]:
    """A wording with its placeholders open."""
    parts = re.split(r"\[[^\[\]]*\]", criterion_key(wanted))
    return re.compile(".+?".join(map(re.escape, parts)))


def carries(text: str, wanted: str) -> bool:
    """Whether a criterion has the wording wanted; a remark may follow it."""
    have = criterion_key(text)
    match = _wording(wanted).match(have)
    return match is not None and (bool(_REMARK.match(have[match.end() :])) or match.end() == len(have))


_BOX_LEFT = re.compile(
    r"(?:^|[\s>])(?:[-*+–—•·]\s*|\w[.)]\s+)?(\[\s?\](?!\()|[\u2610\u2b1c]|:white_large_square:|<input\b(?=[^>]*checkbox)(?![^>]*\bchecked)[^>]*>)"
)


def _criteria(parts: tuple[Part, ...], strict: bool) -> Iterator[Criterion]:
    """The criteria among the parts of a section.

    Args:
        parts: all that stands in it.
        strict: also take for criteria what has no checkbox that shows but stands or reads like one.
    """
    boxed_above: list[int] = []
    boxed_lists = {part.top for part in parts if isinstance(part, Entry) and part.box is not None}
    for place, part in enumerate(parts):
        if isinstance(part, Block):
            if strict:
                yield from _block_criteria(part, bool(boxed_lists))
            continue
        boxed_above = [level for level in boxed_above if level < part.level]
        if part.box is not None:
            yield _criterion(part)
            boxed_above.append(part.level)
        elif strict and not boxed_above and _stands_like_one(parts, place, part, boxed_lists):
            yield _criterion(part)
            continue
        if strict:
            yield from _left_over(part)


def _left_over(entry: Entry) -> Iterator[Criterion]:
    """Open boxes further on in an entry, or in a form that isn't a list item's."""
    text = (
        unicodedata.normalize("NFKC", html.unescape(entry.text.replace("\\", ""))).replace("\u200b", "").lstrip("*_`")
    )
    for number, line in enumerate(text.replace("`", "").split("\n")):
        for match in _BOX_LEFT.finditer(re.sub(r"<br\s*/?>", " ", line)):
            rest = plain(line[match.end() :]) or plain(line)
            yield Criterion(rest, entry.line + number, "unrendered", match[1], None, entry.element, boxed=False)


def _stands_like_one(parts: tuple[Part, ...], place: int, entry: Entry, boxed_lists: set[int]) -> bool:
    """A list item without a checkbox: one among those that have one, or any where none has."""
    if not (entry.level or entry.glued) or (boxed_lists and entry.top not in boxed_lists):
        return False
    below = [part for part in parts[place + 1 :] if isinstance(part, Entry)]
    for part in below:
        if part.level <= entry.level:
            break
        if part.box is not None:
            return False  # it is a label above them
    follows = bool(below) and below[0].box is not None
    return not (follows and plain(entry.text).endswith(":"))


def _criterion(entry: Entry) -> Criterion:
    state: State = entry.box or "unknown"
    if state == "checked" and _STRUCK.search(entry.text):
        state = "unknown"
    if state != "checked" and entry.waiver:
        state = "waived"
    boxed = entry.box in ("open", "checked")
    text = plain(_TAG.sub(" ", entry.text))  # a footnote's number is no part of the last word
    return Criterion(text, entry.line, state, entry.mark, entry.waiver, entry.element, boxed)


_STATE_CELL = re.compile(
    r"\s*(?:\[[ xX\w/-]{0,4}\]|[✅❌✔✖✓✗✘☐☑⬜⏳🚧⚠🟢🟡🔴]|(?:pass|fail|met|missed|done|open|yes|no|ok|pending|todo|tbd|not )\w*\s*$)",
    re.IGNORECASE,
)
_GOOD_CELL = re.compile(r"\s*(?:\[[xX]\]|[✅✔✓☑🟢]|(?:pass|met|done|yes|ok)\w*\s*$)", re.IGNORECASE)
_STATE_COLUMN = re.compile(r"status|state\b|met\b|passed|done|check", re.IGNORECASE)
_HTML_BOX = re.compile(
    r"^[ \t]*(?:[-*+]\s+|<li>\s*|<td>\s*)(\[[ xX]\]|[\u2610\u2b1c]|&#9744;)\s*(.*)$|<input\b[^>]*checkbox[^>]*>\s*([^<\n]*)",
    re.MULTILINE | re.IGNORECASE,
)
_HTML_ITEM = re.compile(r"<(?:li|td)>\s*(\[[ xX]\]|[\u2610\u2b1c]|&#9744;)\s*([^<\n]*)", re.IGNORECASE)


def _block_criteria(block: Block, has_boxes: bool) -> Iterator[Criterion]:
    """Criteria where no checkbox can be: the rows of a status table, boxes in raw HTML and in code."""
    if block.kind == "table":
        yield from _row_criteria(block, has_boxes)
        return
    pattern = _BOX_LEFT if block.kind == "code" else _HTML_BOX
    matches = list(pattern.finditer(block.text)) or (
        list(_HTML_ITEM.finditer(block.text)) if block.kind == "html" else []
    )
    for match in matches:
        line = (
            block.line
            + (block.kind == "code")
            + block.text.count("\n", 0, match.start(1) if match[1] else match.start())
        )
        rest = (
            block.text[match.end() :].partition("\n")[0]
            if block.kind == "code"
            else " ".join(filter(None, match.groups()[1:]))
        )
        yield Criterion(plain(rest), line, "unrendered", match[1] or "", None, block.element, boxed=False)


def _row_criteria(table: Block, has_boxes: bool) -> Iterator[Criterion]:
    """The rows of a table that says of each whether it is met. Beside criteria with boxes, only what isn't counts."""
    header, *rows = table.rows
    states = any(_STATE_COLUMN.search(cell) for cell in header.cells)
    for row in rows:
        marks = [cell for cell in row.cells if _STATE_CELL.match(cell)]
        if not any(row.cells) or not (states or marks):
            continue
        if has_boxes and (not marks or all(_GOOD_CELL.match(cell) for cell in marks)):
            if marks or not any(_BOX_LEFT.search(cell) for cell in row.cells):
                continue
        text = next((cell for cell in row.cells if cell not in marks and cell), row.cells[0])
        yield Criterion(
            plain(text), row.line, "unknown", plain(marks[0]) if marks else "", None, row.elements[0], boxed=False
        )

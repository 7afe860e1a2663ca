"""What may be written at the cursor: the template's sections, fields and choices, directives, rules and arguments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from mkdocs_perfcase.directives import TABLE_ARGUMENTS, VERBS
from mkdocs_perfcase.editor.document import Document
from mkdocs_perfcase.editor.positions import Place
from mkdocs_perfcase.form import STAGES
from mkdocs_perfcase.record import TYPES, RecordSection, find_field
from mkdocs_perfcase.rules import RULES
from mkdocs_perfcase.template import FieldForm, Role, Template
from mkdocs_perfcase.text import name_key, placeholder_key


class Suggestion(NamedTuple):
    """A text for the place of what stands in the cursor's line between two columns."""

    label: str
    text: str
    start: int
    end: int
    filter: str = ""
    """What editors compare with the text typed between the columns; empty for the label."""
    detail: str = ""
    documentation: str = ""


class _Cursor(NamedTuple):
    document: Document
    line: int
    before: str
    after: str

    @property
    def column(self) -> int:
        return len(self.before)


_LONGEST = 500  # characters; a longer line is prose
_Complete = Callable[[_Cursor, re.Match[str]], Iterable[Suggestion]]


def completions(document: Document, place: Place) -> list[Suggestion]:
    """What may be written at a place; nothing within code."""
    line = document.line(place.line)
    cursor = _Cursor(document, place.line, line[: place.column], line[place.column :])
    for pattern, complete in _COMPLETIONS if len(cursor.before) <= _LONGEST else ():
        if match := pattern.match(cursor.before):
            return [] if document.is_code(place.line) else list(complete(cursor, match))
    return []


_MEANINGS = {
    "index": "The index of all records, here.",
    "table": "A table of improvements of chosen records.",
    "evidence": "A table of what this record's result files say.",
    "ignore": "Ignores a rule in the block that follows; the reason is required.",
    "end": "Where an index ends that `perfcase index --write` has written.",
    "waive": "Waives the criterion in whose line it stands; the reason is required.",
}


def _directives(cursor: _Cursor, match: re.Match[str]) -> Iterator[Suggestion]:
    start, typed = match.start("typed"), match["typed"]
    for verb in VERBS:
        text = f"perfcase: {verb}"
        if text.startswith(" ".join(typed.split())):
            yield Suggestion(text, text, start, cursor.column, "", "directive", _MEANINGS[verb])


def _rules(cursor: _Cursor, match: re.Match[str]) -> Iterator[Suggestion]:
    """The rules that can be ignored, those first that have found something on the page."""
    found = {finding.rule for finding in cursor.document.findings}
    for rule in sorted(RULES.values(), key=lambda rule: (rule.name not in found, rule.code)):
        if not (rule.firm or rule.last):
            detail = f"{rule.code}{', found on this page' if rule.name in found else ''}"
            yield Suggestion(rule.name, rule.name, match.start("typed"), cursor.column, "", detail, rule.summary)


def _arguments(cursor: _Cursor, match: re.Match[str]) -> Iterator[Suggestion]:
    for name in TABLE_ARGUMENTS:
        if f"{name}=" not in match["given"]:
            yield Suggestion(name, f'{name}=""', match.start("typed"), cursor.column, detail="argument of a table")


def _values(cursor: _Cursor, match: re.Match[str]) -> Iterator[Suggestion]:
    for value in _known_values(cursor.document).get(match["name"], ()):
        yield Suggestion(value, value, match.start("typed"), cursor.column, detail=match["name"])


def _known_values(document: Document) -> Mapping[str, tuple[str, ...]]:
    """The values of a table's arguments that template and options tell; those of records would ask for all pages."""
    template = document.project.template
    overview = template.role(Role.OVERVIEW)
    fields = overview.fields if overview else ()
    types = next((field.choices for field in fields if field.key == name_key(TYPES)), ())
    metrics = dict.fromkeys((*_usual_metrics(template), *document.project.options.metrics))
    return {"type": types, "stage": STAGES, "metric": tuple(metrics)}


_FIRST_CELL = re.compile(r"^\|\s*([^|\\\[\]]*[^\W_][^|\\\[\]]*?)\s*\|", re.MULTILINE)


def _usual_metrics(template: Template) -> list[str]:
    """The rows of the template's comparison."""
    form = template.role(Role.COMPARISON)
    return _FIRST_CELL.findall(form.body)[1:] if form else []


def _headings(cursor: _Cursor, match: re.Match[str]) -> Iterator[Suggestion]:
    """The sections that the record lacks, those first that come next in the template."""
    if cursor.document.form is None:
        return
    record = cursor.document.form.record
    present = {key: section for key, section in record.by_key.items() if section.line != cursor.line + 1}
    above = [section for section in present.values() if section.line <= cursor.line]
    near = max(above, key=lambda section: section.line, default=None)
    shift = near.body.level - near.form.level if near else 0
    forms = list(record.template.sections.values())
    here = record.template.order[near.form.key] + 1 if near else 0
    for form in (*forms[here:], *forms[:here]):
        if form.key not in present:
            text = f"{'#' * min(max(form.level + shift, 1), 6)} {form.title}"
            end = cursor.column + len(cursor.after.rstrip())
            detail = "optional section" if form.optional else "section"
            yield Suggestion(
                form.title, text, match.start("typed"), end, match["marks"] + form.title, detail, form.body
            )


_PARTS = re.compile("[,;|/]")


def _choices(cursor: _Cursor, match: re.Match[str]) -> Iterator[Suggestion]:
    """The choices of the field whose value is being written, in place of its placeholder or of the last one typed."""
    section = cursor.document.section_at(cursor.line)
    forms = (*section.form.fields, *section.form.item_fields) if section else ()
    form = next((form for form in forms if form.key == name_key(match["key"])), None)
    if form is None:
        return
    value = match["value"] + cursor.after
    left = placeholder_key(value) == placeholder_key(form.placeholder)
    start = match.start("value" if left else "typed")
    end = match.start("value") + len(value.rstrip()) if left else cursor.column
    named = () if left else [name_key(part) for part in _PARTS.split(match["value"])]
    known_by = cursor.before[start:] if left else ""
    for choice in form.choices:
        if name_key(choice) not in named:
            yield Suggestion(choice, choice, start, end, known_by + choice, f"choice of {form.name}")


def _fields(cursor: _Cursor, match: re.Match[str]) -> Iterator[Suggestion]:
    """The fields that the section or the named item at the cursor lacks."""
    section = cursor.document.section_at(cursor.line)
    if section is None:
        return
    marker = "" if match["marker"] else "*   "
    for form in _lacking(cursor, section):
        if form.name.casefold().startswith(match["name"].casefold()):
            text, known_by = f"{marker}**{form.name}:** ", match["mark"] + form.name
            detail = f"field of {section.form.title}"
            yield Suggestion(form.name, text, match.start("mark"), cursor.column, known_by, detail, form.placeholder)


def _lacking(cursor: _Cursor, section: RecordSection) -> Iterator[FieldForm]:
    group = cursor.document.group_at(cursor.line, section)
    forms = section.form.item_fields if section.form.has_items and group.name else section.form.fields
    others = [field for field in group.fields if field.line != cursor.line + 1]
    return (form for form in forms if find_field(others, form) is None)


_DIRECTIVE = r".*<!--\s*perfcase:\s*"
_COMPLETIONS: tuple[tuple[re.Pattern[str], _Complete], ...] = (
    (re.compile(r".*<!--\s*(?P<typed>[a-z]*|perfcase:\s*[a-z]*)$"), _directives),
    (re.compile(_DIRECTIVE + r"ignore\s+(?:[\w-]+\s*,\s*)*(?P<typed>[\w-]*)$", re.IGNORECASE), _rules),
    (re.compile(_DIRECTIVE + r"table\s(?:.*\s)?(?P<name>[a-z]+)=\"(?P<typed>[^\"]*)$"), _values),
    (re.compile(_DIRECTIVE + r"table\s(?P<given>(?:.*\s)?)(?P<typed>[a-z]*)$"), _arguments),
    (re.compile(r" {0,3}(?P<typed>(?P<marks>#{1,6}\s*)[^#]*)$"), _headings),
    (
        re.compile(
            r"\s*(?:[-*+]\s+)?\*\*(?P<key>[^*]+?)\s*(?::\*\*|\*\*\s*:)\s*"
            r"(?P<value>(?:.*[,;|/]\s*)?(?P<typed>[^,;|/]*))$"
        ),
        _choices,
    ),
    (re.compile(r"\s*(?P<marker>[-*+]\s+)?(?P<mark>\*{0,2})(?P<name>[^*:|<>#\[\]`]*)$"), _fields),
)
"""What is completed behind what, the first that matches."""

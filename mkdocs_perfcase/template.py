"""The template as the schema: a Markdown file, read like any page, from which every requirement is derived."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from markdown import Markdown
from markdown.extensions.tables import TableExtension

from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.fences import NAME, PRIORITY, PlainFences
from mkdocs_perfcase.outline import Field, Group, Section, outline
from mkdocs_perfcase.source import split_front_matter, unified
from mkdocs_perfcase.text import name_key, name_keys, placeholder_key, plain, quoted
from mkdocs_perfcase.tree import parse, read_blocks

SHIPPED = Path(__file__).with_name("template.md")


class Role(Enum):
    """Meaning tied to a section of the template. The value is the heading in the shipped template."""

    OVERVIEW = "Overview"
    METRICS = "Metrics"
    SCENARIOS = "Benchmark Scenarios"
    SUCCESS_METRICS = "Success Metrics"
    ACCEPTANCE = "Acceptance Criteria"
    VERIFICATION = "Verification Steps"
    COMPARISON = "Before/After Comparison"


class TemplateError(Exception):
    """A template that can't be used; the message says why, in one line."""


PLACEHOLDER = expression(r"\\\[(.*?)\\\]", re.DOTALL)
_STAND_IN = expression(r"\b[XYZ]\b")
_SAME = expression(r"same structure", re.IGNORECASE)
_OPTIONAL = expression(r"\(\s*if applicable\s*\)\s*$", re.IGNORECASE)
_UNDERLINE = expression(r"(?:=+|-+)[ ]*")
_NUMBERED = expression(r"(.*?)\s*\d+$")


class FieldForm(NamedTuple):
    """A field that a section or a named item must have."""

    name: str
    placeholder: str
    choices: tuple[str, ...] = ()
    code: str | None = None
    """The example code below it."""

    @property
    def key(self) -> str:
        """Its name for comparison."""
        return name_key(self.name)


class SectionForm(NamedTuple):
    """What the template asks of one section."""

    title: str
    key: str
    level: int
    parent: str | None
    """The key of the section that this one stands in."""
    optional: bool
    fields: tuple[FieldForm, ...]
    item_fields: tuple[FieldForm, ...]
    """The fields of each named item."""
    has_items: bool
    criteria: tuple[str, ...]
    placeholders: Mapping[str, str]
    """Placeholders that may be left in it, by `placeholder_key`."""
    columns: tuple[str, ...]
    codes: tuple[str, ...]
    body: str
    """What the template has between its heading and the next, as typed."""


@dataclass(frozen=True)
class Template:
    """All that is asked of a record, in the template's order."""

    sections: Mapping[str, SectionForm]
    headings: frozenset[str]
    """The keys of every heading, the page's title among them."""
    aliases: Mapping[str, str]
    """Other names of sections, and of roles: key of the alias to key of the section."""
    source: str
    front_matter: str = ""
    """What stands above that in its file, as typed."""

    @cached_property
    def parents(self) -> frozenset[str]:
        """The keys of sections that have sections below them."""
        return frozenset(form.parent for form in self.sections.values() if form.parent)

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The place of each section, by key."""
        return {key: place for place, key in enumerate(self.sections)}

    @cached_property
    def field_keys(self) -> frozenset[str]:
        """The names of all fields, for comparison."""
        return frozenset(
            form.key for section in self.sections.values() for form in (*section.fields, *section.item_fields)
        )

    @cached_property
    def match(self) -> Callable[[str], str | None]:
        """The key of the section that a record's heading names, whatever its decoration; None for another heading."""
        return lru_cache(maxsize=1024)(self._match)  # records share most of their headings

    def _match(self, heading: str) -> str | None:
        for key in name_keys(heading):
            if key in self.sections:
                return key
            if key in self.aliases:
                return self.aliases[key]
        return None

    def below(self, form: SectionForm) -> tuple[SectionForm, ...]:
        """A section and all sections that stand in it."""
        keys = {form.key}
        found = [form]
        for other in self.sections.values():
            if other.parent in keys:
                keys.add(other.key)
                found.append(other)
        return tuple(found)

    def having(self, role: Role) -> tuple[SectionForm, ...]:
        """The section with a role, and those below it."""
        return self._having[role]

    @cached_property
    def _having(self) -> Mapping[Role, tuple[SectionForm, ...]]:
        """Asked many times of each record."""
        keys = {role: name_key(role.value) for role in Role}
        forms = {
            role: self.sections.get(key) or self.sections.get(self.aliases.get(key, "")) for role, key in keys.items()
        }
        return {role: self.below(form) if form else () for role, form in forms.items()}

    @cached_property
    def roles(self) -> Mapping[str, tuple[Role, ...]]:
        """The roles of each section, by its key: those of the sections that it stands in among them."""
        found: dict[str, tuple[Role, ...]] = {}
        for role, forms in self._having.items():
            for form in forms:
                found[form.key] = (*found.get(form.key, ()), role)
        return found

    def field(self, role: Role, name: str) -> FieldForm | None:
        """A field of the section with a role, or of one below it."""
        key = name_key(name)
        return next((field for form in self.having(role) for field in form.fields if field.key == key), None)

    def role(self, role: Role) -> SectionForm | None:
        """The section that has a role, if the template has one."""
        return next(iter(self._having[role]), None)


def plain_markdown() -> Markdown:
    """A Markdown instance for what is in the template's own format. Extensions are found slowly by their names."""
    md = Markdown(extensions=[TableExtension()])

    def load() -> None:
        from markdown.extensions.fenced_code import FencedCodeExtension  # takes long, and is hardly ever needed

        md.registerExtensions([FencedCodeExtension()], {})

    md.preprocessors.register(PlainFences(md, load), NAME, PRIORITY)
    return md


def read_template(text: str, headings: Mapping[str, Iterable[str]] | None = None) -> Template:
    """Read a template's Markdown by its grammar.

    Args:
        text: the Markdown.
        headings: other names of its sections or of the roles' default headings, by either.

    Raises:
        TemplateError: it has no `##` heading, or the same heading twice.
    """
    names = {name: tuple(others) for name, others in (headings or {}).items()}
    return _read(text, tuple(names.items()))


@lru_cache(maxsize=8)  # a host may make the Markdown extension anew for every page
def _read(text: str, headings: tuple[tuple[str, tuple[str, ...]], ...]) -> Template:
    md = plain_markdown()
    whole = unified(text)
    text, _ = split_front_matter(whole)
    blocks = read_blocks(parse(md, text), md.htmlStash, text)
    sections = outline(blocks, lambda _text, _level: True).sections
    forms: dict[str, SectionForm] = {}
    above: list[tuple[int, str]] = []
    for section, body in zip(sections, _bodies(sections, text), strict=True):
        if section.level < 2:
            continue
        above = [(level, key) for level, key in above if level < section.level]
        form = _section_form(section, above[-1][1] if above else None, body)
        if not form.key:
            raise TemplateError(
                f"line {section.line}: the heading {quoted(plain(section.title))} has no words to know it by"
            )
        if form.key in forms:
            raise TemplateError(f'line {section.line}: the heading "{plain(section.title)}" appears twice')
        forms[form.key] = form
        above.append((section.level, form.key))
    if not forms:
        raise TemplateError("it has no ## heading, so there is nothing to hold a record to")
    titles = {name_key(section.title) for section in sections if section.level == 1}
    known = frozenset(titles | forms.keys())
    return Template(forms, known, _aliases(forms, dict(headings)), text, whole.removesuffix(text))


def _aliases(forms: Mapping[str, SectionForm], headings: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Where a name or one of its other names is a section, all of them lead to that section."""
    aliases: dict[str, str] = {}
    for name, others in headings.items():
        keys = [name_key(name), *map(name_key, others)]
        if taken := [key for key in keys[1:] if key in forms and keys[0] in forms]:
            raise TemplateError(f'headings: "{forms[taken[0]].title}" is a section of its own')
        section = next((key for key in keys if key in forms), None)
        if section is None:
            raise TemplateError(f'headings: the template has no section "{name}"')
        aliases |= {key: section for key in keys if key != section}
    return aliases


def _bodies(sections: Iterable[Section], text: str) -> Iterator[str]:
    """What stands below each section's heading, which may be a line with another of dashes below it."""
    lines = text.split("\n")
    starts = [section.line for section in sections]
    for start, end in itertools.pairwise([*starts, len(lines) + 1]):
        below = lines[start : end - 1]
        yield "\n".join(below[1:] if below and _UNDERLINE.fullmatch(below[0]) else below).strip("\n")


def _section_form(section: Section, parent: str | None, body: str) -> SectionForm:
    lead, items = section.groups[0], section.named
    title = _OPTIONAL.sub("", plain(section.title)).strip()
    return SectionForm(
        title=title,
        key=name_key(title),
        level=section.level,
        parent=parent,
        optional=bool(_OPTIONAL.search(section.title)),
        fields=_field_forms(lead),
        item_fields=_field_forms(items[0]) if items else (),
        has_items=bool(items),
        criteria=tuple(plain(entry.text) for entry in section.entries if entry.box is not None),
        placeholders={placeholder_key(text): text for text in _placeholders(section)},
        columns=tuple(plain(cell) for table in section.tables[:1] for cell in table.rows[0].cells),
        codes=tuple(code.text for group in section.groups for code in group.codes),
        body=body,
    )


def _field_forms(group: Group) -> tuple[FieldForm, ...]:
    """The fields of a group, without those whose name is a stand-in (`[Tool 1]`, or `Risk 1` beside `Risk 2`)."""
    stems = [match[1] for field in group.fields if (match := _NUMBERED.fullmatch(field.key))]
    forms = []
    for field in group.fields:
        numbered = _NUMBERED.fullmatch(field.key)
        if not field.key.startswith("[") and not (numbered and stems.count(numbered[1]) > 1):
            forms.append(_field_form(field))
    return tuple(forms)


def _field_form(field: Field) -> FieldForm:
    match = PLACEHOLDER.search(field.value)
    placeholder = plain(match[1]) if match else ""
    code = field.codes[0].text if field.codes else None
    return FieldForm(plain(field.key), placeholder, _choices(placeholder), code)


def _choices(placeholder: str) -> tuple[str, ...]:
    """The choices that a placeholder offers; none where its alternatives hold stand-ins or figures."""
    choices = [choice.strip() for choice in placeholder.split("|")]
    if len(choices) < 2 or any(_STAND_IN.search(choice) or "%" in choice for choice in choices):
        return ()
    return tuple(choices)


def _placeholders(section: Section) -> Iterable[str]:
    texts = [entry.text for entry in section.entries]
    texts += [cell for table in section.tables for row in table.rows for cell in row.cells]
    texts += [f"\\[{group.name.strip('[]')}\\]" for group in section.named if group.name and group.name.startswith("[")]
    for text in texts:
        yield from (found for found in PLACEHOLDER.findall(text) if not _SAME.fullmatch(found.strip()))

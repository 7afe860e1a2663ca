"""Is a page a record? By its form, by its front matter, or because the site lists it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.options import Options, matches
from mkdocs_perfcase.template import Template
from mkdocs_perfcase.text import name_key, written
from mkdocs_perfcase.tree import Block, heading_texts

# Tried on 157 real reports and guides: only the template itself passes, and three headings would admit a sibling of it.
_HEADINGS_ENOUGH = 6
_HEADINGS_WITH_FIELDS = 4
_FIELDS_ENOUGH = 3
_HEADINGS_ALMOST = 3
_LONGEST_FIELD_NAME = 80  # characters


class Signs(NamedTuple):
    """What speaks for a page's being a record."""

    headings: int
    """How many of the template's headings it has."""
    of_headings: int
    """How many the template has."""
    of_sections: int
    """How many of them are sections, so that a record must have them."""
    fields: int
    """How many of the template's field names it has; counted where the headings leave it open."""
    declared: bool
    """Whether its front matter says so."""
    listed: bool
    """Whether the option `records` names it."""
    elsewhere: bool
    """Whether the option `records` names other pages instead."""
    excluded: bool
    """Whether its front matter or the site's options say that it is none."""

    @property
    def by_form(self) -> bool:
        """Whether it has the form of a record. A short template can't ask for six headings."""
        enough = min(_HEADINGS_ENOUGH, self.of_sections)
        with_fields = min(_HEADINGS_WITH_FIELDS, self.of_sections)
        return self.headings >= enough or (self.headings >= with_fields and self.fields >= _FIELDS_ENOUGH)

    @property
    def is_record(self) -> bool:
        """Whether it is one. Where records are expected, losing a few headings is no way out."""
        if self.declared or self.excluded:
            return self.declared
        return (self.by_form and not self.elsewhere) or (self.listed and self.headings >= self._few)

    @property
    def almost(self) -> bool:
        """Whether it misses being one narrowly, or only by where it lies."""
        if self.elsewhere or self.excluded:
            return self.by_form and not self.excluded
        return self.headings >= _HEADINGS_WITH_FIELDS or (
            self.headings >= _HEADINGS_ALMOST and self.fields >= _FIELDS_ENOUGH
        )

    @property
    def possible(self) -> bool:
        """Whether a closer look is worth its cost."""
        return not self.excluded and (self.declared or self.listed or self.headings >= self._few)

    @property
    def _few(self) -> int:
        return _few(self.of_sections)


def _few(sections: int) -> int:
    """How many of the template's headings make a page worth a closer look."""
    return min(_HEADINGS_ALMOST, sections)


def declared(meta: Mapping[str, Any]) -> bool | None:
    """What a page's front matter says of itself; None where it doesn't say."""
    return {"true": True, "yes": True, "false": False, "no": False}.get(written(meta.get("perfcase")).strip().lower())


def signs(path: str, meta: Mapping[str, Any], root: Element, template: Template, options: Options) -> Signs:
    """What speaks for a page's being a record, its fields not counted yet."""
    says = declared(meta)
    listed = matches(path, options.records)
    excluded = says is False or (not says and matches(path, options.exclude))
    headings = set() if excluded else {_heading_key(text, template) for _, text in heading_texts(root)} - {None}
    return Signs(
        headings=len(headings),
        of_headings=len(template.headings),
        of_sections=len(template.sections),
        fields=0,
        declared=bool(says),
        listed=listed and not excluded,
        elsewhere=bool(options.records) and not listed,
        excluded=excluded,
    )


_MAYBE_HEADING = expression(r"^[^\n#]*#[^\n]*$|^[^\n]+(?=\n[ \t>]*[=-]+[ \t]*$)", re.MULTILINE)
_MADE_BY_TAGS = expression(r"<h[1-6]|///", re.IGNORECASE)


def may_be_possible(path: str, meta: Mapping[str, Any], text: str, template: Template, options: Options) -> bool:
    """Whether a page may be of any concern, told from its text without a parse.

    A yes may be wrong. A no isn't, provided that the page's headings come from lines of this text: whatever Markdown
    makes a heading of has the words of the heading's name in a line that looks like one.
    """
    if "perfcase:" in text or declared(meta) or matches(path, options.records) or _MADE_BY_TAGS.search(text):
        return True
    names = [f" {key} " for key in (*template.headings, *template.aliases)]
    few = _few(len(template.sections))
    for match in _MAYBE_HEADING.finditer(text):
        words = f" {name_key(match[0])} "
        few -= any(name in words for name in names)
        if few <= 0:
            return True
    return False


def _heading_key(text: str, template: Template) -> str | None:
    key = name_key(text)
    return key if key in template.headings else template.match(text)


def count_fields(blocks: Iterable[Block], template: Template) -> int:
    """How many of the template's field names stand at the start of a block."""
    names = (block.text.partition(":")[0] for block in blocks if block.kind in ("item", "paragraph"))
    return len({name_key(name) for name in names if len(name) < _LONGEST_FIELD_NAME} & template.field_keys)


def holds_index(blocks: Iterable[Block]) -> bool:
    """Whether a page shows the index of records, and so is none itself."""
    return any(block.kind == "comment" and block.text.startswith("perfcase: index") for block in blocks)

"""A new record: the template, with what is known from the start filled in by the template's own grammar.

Whatever is put in is read again: what doesn't come back as it was given is left out, and named.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import yaml

from mkdocs_perfcase.record import Record, read_record
from mkdocs_perfcase.source import split_front_matter
from mkdocs_perfcase.template import PLACEHOLDER, Role, Template, plain_markdown
from mkdocs_perfcase.text import generic_placeholder, plain
from mkdocs_perfcase.tree import parse, read_blocks

Meta = Mapping[str, str | datetime.date]

_CLOSING_MARKS = re.compile(r"(?<!#)#+$")
_FENCE = re.compile(r"(?:-{3}|\.{3})[ \t]*")
_COMMENT = re.compile(r"(?<!\s)\s+#.*$")


class NewRecord(NamedTuple):
    """A record's text, and the names of what it has no place for."""

    text: str
    left_out: tuple[str, ...]


def new_record(template: Template, title: str, fields: Mapping[str, str], asked: Meta, known: Meta) -> NewRecord:
    """Fill in a template.

    Args:
        template: the template; what stands in its front matter is kept.
        title: the record's title.
        fields: values of fields of the overview, by the names that the shipped template gives these.
        asked: what the front matter is to say.
        known: what it says where the template leaves that open.
    """
    body = _with_title(template, title)
    head = template.front_matter
    left_out: list[str] = []
    for name, value in fields.items():
        filled = _with_field(body, template, name, value)
        left_out += [name] if filled is None else []
        body = filled or body
    if "title" in split_front_matter(head)[1]:  # it would outdo the heading
        asked = {**asked, "title": title}
    for key, meta in sorted({**known, **asked}.items()):
        changed = _with_meta(head, key, meta, replace=key in asked)
        left_out += [key] if changed is None else []
        head = changed or head
    return NewRecord(head + body, tuple(left_out))


def _read(body: str, template: Template) -> Record:
    md = plain_markdown()
    return read_record(read_blocks(parse(md, body), md.htmlStash, body), template, "", {})


def _with_title(template: Template, title: str) -> str:
    """The template under a title of its own: in the heading's placeholder, if there is one, else as the heading."""
    title = _CLOSING_MARKS.sub(lambda marks: "\\#" * len(marks[0]), title)
    first = next((section for section in _read(template.source, template).body if section.element is not None), None)
    if first is None or first.level > 1:
        return f"# {title}\n\n{template.source}"
    lines = template.source.split("\n")
    line = lines[first.line - 1]
    mark = "# " if line.lstrip().startswith("#") else ""
    lines[first.line - 1] = PLACEHOLDER.sub(lambda _: title, line) if PLACEHOLDER.search(line) else f"{mark}{title}"
    return "\n".join(lines)


def _with_field(body: str, template: Template, name: str, value: str) -> str | None:
    """The text with a field filled in; None where there is no such field, or it can't be filled in with that."""
    field = _read(body, template).field(Role.OVERVIEW, name)
    if field is None:
        return None
    wanted = PLACEHOLDER.sub(lambda _: value, field.value, count=1) if PLACEHOLDER.search(field.value) else value
    lines = body.split("\n")
    line = lines[field.line - 1]
    before, _, after = line.rpartition(field.value) if field.value else (f"{line.rstrip()} ", "", "")
    lines[field.line - 1] = f"{before}{wanted}{after}"
    filled = "\n".join(lines)
    read = _read(filled, template).field(Role.OVERVIEW, name)
    return filled if read and plain(read.value) == plain(wanted) else None


def _with_meta(head: str, key: str, value: str | datetime.date, *, replace: bool) -> str | None:
    """Front matter with a key; None where it can't be told there in one line."""
    meta = split_front_matter(head)[1]
    present = meta.get(key)
    if present and not replace and not generic_placeholder(str(present)):
        return head
    entry = yaml.safe_dump({key: value}, allow_unicode=True, width=float("inf")).rstrip("\n")
    changed = _with_entry(head, key, entry)
    found, wanted = split_front_matter(changed)[1], {**meta, key: value}
    return changed if _texts(found) == _texts(wanted) else None


def _texts(meta: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in meta.items()}


def _with_entry(head: str, key: str, entry: str) -> str:
    """Front matter with a line in place of the key's own, or behind all others."""
    if not head:
        return f"---\n{entry}\n---\n\n"
    lines = head.split("\n")
    own = next((n for n, line in enumerate(lines) if re.match(rf"{key}\s*:", line, re.IGNORECASE)), None)
    if own is not None:
        comment = _COMMENT.search(lines[own])
        lines[own] = entry + (comment[0] if comment else "")
    else:
        last = max(n for n, line in enumerate(lines) if line.strip())
        lines.insert(last if _FENCE.fullmatch(lines[last]) else last + 1, entry)
    return "\n".join(lines)

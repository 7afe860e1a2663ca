"""The rules' examples as pages: what each says of its own bad example."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from mkdocs_perfcase.check import Page, Project
from mkdocs_perfcase.findings import Finding, Rule
from mkdocs_perfcase.options import Options
from mkdocs_perfcase.source import split_front_matter
from mkdocs_perfcase.template import plain_markdown
from mkdocs_perfcase.tree import parse

COMPLETE = Path(__file__).with_name("example.md")
"""A record without findings, in which the examples stand."""

PATH = "performance/prices.md"


def replaced(heading: str, section: str, record: str) -> str:
    """A record in which a section, told by its heading's line, gives way to a text.

    Raises:
        ValueError: the record hasn't just one such heading.
    """
    level = len(heading) - len(heading.lstrip("#"))
    pattern = re.compile(rf"^{re.escape(heading)}\n.*?(?=^#{{1,{level}}} |\Z)", re.MULTILINE | re.DOTALL)
    result, count = pattern.subn(lambda _: section.rstrip("\n") + "\n\n", record)
    if count != 1:
        raise ValueError(f"{count} sections {heading!r}")
    return result


def page(rule: Rule, example: str) -> str:
    """An example as a page: whole, or in place of the sections that the rule's good example names."""
    if rule.scope == "others":
        return example
    record = COMPLETE.read_text(encoding="utf-8")
    wanted, given = _sections(rule.good), _sections(example)
    if list(wanted) != list(given) or "".join(given.values()) != example:
        return replaced(rule.good.splitlines()[0], example, record)
    for heading, text in given.items():
        record = replaced(heading, text, record)
    return record


def _sections(example: str) -> dict[str, str]:
    """An example's sections of its first heading's level, by heading."""
    mark = example.split()[0]
    parts = re.split(rf"^(?={mark} )", example, flags=re.MULTILINE)
    return {part.splitlines()[0]: part for part in parts if part}


@lru_cache(maxsize=2)
def _project(listed: bool) -> Project:
    return Project(Options(records=(PATH,)) if listed else Options())


def findings(rule: Rule, example: str) -> tuple[Finding, ...]:
    """All findings of an example, on a site that lists the page where the rule is about listed pages."""
    source = page(rule, example)
    text, meta = split_front_matter(source)
    md = plain_markdown()
    project = _project(listed="`records`" in rule.summary)
    study = project.study(Page(PATH, meta, lambda: source), parse(md, text), md.htmlStash)
    return study.findings if study else ()

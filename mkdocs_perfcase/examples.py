"""The rules' examples as pages: what each says of its own bad example."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from mkdocs_perfcase.check import Page, Project, Study
from mkdocs_perfcase.evidence.history import History
from mkdocs_perfcase.evidence.library import Library
from mkdocs_perfcase.findings import Finding, Rule
from mkdocs_perfcase.options import Options
from mkdocs_perfcase.source import split_front_matter
from mkdocs_perfcase.template import plain_markdown
from mkdocs_perfcase.tree import parse

COMPLETE = Path(__file__).with_name("example.md")
"""A record without findings, in which the examples stand."""

RESULTS = Path(__file__).with_name("example_results")
"""The folder of the result files that the examples name."""

PATH = "performance/prices.md"
_FRONT = "---\n"


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
    if example.startswith(_FRONT):
        front, _, section = example.removeprefix(_FRONT).partition(_FRONT)
        section = section.lstrip()
        record = replaced(section.splitlines()[0], section, record) if section else record
        return f"{_FRONT}{front}{_FRONT}\n{record}"
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


class _ExampleHistory(History):
    """A history without a commit."""

    def lacks(self, commit: str) -> bool:
        return True


@lru_cache(maxsize=2)
def _project(listed: bool) -> Project:
    project = Project(Options(records=(PATH,)) if listed else Options())
    project.__dict__["library"] = Library(RESULTS, RESULTS, history=_ExampleHistory(RESULTS))
    return project


def findings(rule: Rule, example: str) -> tuple[Finding, ...]:
    """All findings of an example, on a site that lists the page where the rule is about listed pages."""
    study = studied(page(rule, example), _project(listed="`records`" in rule.summary))
    return study.findings if study else ()


def studied(source: str, project: Project, path: str = PATH) -> Study | None:
    """What a page yields by itself, read as the template is."""
    text, meta = split_front_matter(source)
    md = plain_markdown()
    return project.study(Page(path, meta, lambda: source), parse(md, text), md.htmlStash)


OPEN_PATH = "performance/price-list.md"


def open_record() -> str:
    """The complete record with one acceptance criterion open, as the documentation's first steps have it."""
    return COMPLETE.read_text(encoding="utf-8").replace("- [x] No regression", "- [ ] No regression")

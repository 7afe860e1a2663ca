"""A page as it stands in an editor, and what is read in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from mkdocs_perfcase.check import Project, Study
from mkdocs_perfcase.editor.positions import Place, span_of
from mkdocs_perfcase.findings import Finding
from mkdocs_perfcase.form import Form
from mkdocs_perfcase.mend.edits import split_lines
from mkdocs_perfcase.mend.page import Page, Read
from mkdocs_perfcase.outline import Group
from mkdocs_perfcase.record import RecordSection

_FENCE = re.compile(r"[\s>]*(`{3,}|~{3,})")


@dataclass(frozen=True)
class Document:
    """A page's text in an editor. Everything is read from it when it is first asked for."""

    text: str
    project: Project
    read: Read
    """Studies a text as this page."""

    def is_of(self, text: str, project: Project) -> bool:
        """Whether it is what a text yields under a project."""
        return self.project is project and self.text == text

    @cached_property
    def study(self) -> Study | None:
        """What the page yields; None where it is of no concern."""
        return self.read(self.text)

    @property
    def form(self) -> Form | None:
        """The record, held against the template; None for a page that is none."""
        return self.study.form if self.study else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The page's findings."""
        return self.study.findings if self.study else ()

    @property
    def page(self) -> Page | None:
        """The record as it is mended; None for a page that is none."""
        return Page(self.text, self.form, self.findings) if self.form else None

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, without their ends."""
        return split_lines(self.text)

    def line(self, number: int) -> str:
        """One of its lines, by its number from 0; empty where there is none."""
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def findings_at(self, place: Place) -> list[Finding]:
        """The findings that are shown at a place."""
        return [finding for finding in self.findings if span_of(finding, self.lines).holds(place)]

    def is_code(self, number: int) -> bool:
        """Whether a line, by its number from 0, is within a fence."""
        fence = ""
        for line in self.lines[:number]:
            if match := _FENCE.match(line):
                if not fence:
                    fence = match[1]
                elif match[1].startswith(fence) and not line[match.end() :].strip():
                    fence = ""
        return bool(fence)

    def section_at(self, number: int) -> RecordSection | None:
        """The template's section that a line stands in, by its number from 0."""
        if self.form is None:
            return None
        body = next((one for one in reversed(self.form.record.body) if one.line <= number + 1), None)
        return next((section for section in self.form.record.sections if section.body is body), None)

    def group_at(self, number: int, section: RecordSection) -> Group:
        """The named item of a section, or its unnamed part, that a line stands in."""
        return next(
            (group for group in reversed(section.body.groups) if group.line <= number + 1), section.body.groups[0]
        )

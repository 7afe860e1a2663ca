"""Adapter to Python-Markdown: reads a record from the very tree that is rendered, and enriches it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from pymdownx.tasklist import TasklistTreeprocessor

from mkdocs_perfcase.check import Page, Project
from mkdocs_perfcase.enrich import enrich
from mkdocs_perfcase.findings import Finding
from mkdocs_perfcase.options import read_options
from mkdocs_perfcase.render import Renderer
from mkdocs_perfcase.views import RecordView, record_view

_BEFORE_TASKLIST = 26  # pymdownx.tasklist has 25, inline processing 20: text is still as typed
_FIRST = 1000

Report = Callable[[tuple[Finding, ...], RecordView | None], None]
"""Where a page's findings go, and its record, if it is one."""
PageOf = Callable[[], Page | None]
"""The page that is being rendered; None where the host renders something else just now."""


class PerfcaseExtension(Extension):
    """Checks and enriches records wherever Python-Markdown renders them.

    Under a host's plugin it is given the project, the page and where studies go. Alone, as the extension `perfcase`, it
    takes the plugin's options and knows no more of the page than its text.
    """

    def __init__(
        self,
        *,
        project: Project | None = None,
        renderer: Renderer | None = None,
        page: PageOf | None = None,
        report: Report | None = None,
        **options: Any,
    ) -> None:
        super().__init__()
        self.project = project or Project.load(read_options(options), Path())
        self.renderer = renderer or Renderer()
        self.page = page
        self.report = report

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  (Python-Markdown's name)
        """Register with a Markdown instance."""
        page = self.page
        if page is None:
            source = _Source(md)
            md.preprocessors.register(source, "perfcase-source", _FIRST)
            page = source.page
        md.treeprocessors.register(_RecordProcessor(md, self, page), "perfcase", _BEFORE_TASKLIST)


class _Source(Preprocessor):
    """Keeps a page's text as it came, for the lines of findings."""

    _text = ""

    def run(self, lines: list[str]) -> list[str]:
        self._text = "\n".join(lines)
        return lines

    def page(self) -> Page:
        meta: Mapping[str, Any] = {}
        return Page("", meta, lambda: self._text)


class _RecordProcessor(Treeprocessor):
    def __init__(self, md: Markdown, extension: PerfcaseExtension, page: PageOf) -> None:
        super().__init__(md)
        self._extension = extension
        self._page = page

    def run(self, root: Element) -> None:
        page = self._page()
        project = self._extension.project
        study = project.study(page, root, self.md.htmlStash) if page else None
        if study is None:
            return
        view = record_view(study, project.options) if study.form else None
        if self._extension.report:
            self._extension.report(study.findings, view)
        if study.form and view:
            enrich(root, study.form, self._extension.renderer.summary(view), self.md)
            self._show_checkboxes(root)

    def _show_checkboxes(self, root: Element) -> None:
        """A record's boxes show even where the site has no task lists."""
        if "task-list" not in self.md.treeprocessors:
            tasklist = TasklistTreeprocessor(self.md)
            tasklist.config = {"custom_checkbox": False, "clickable_checkbox": False}
            tasklist.run(root)

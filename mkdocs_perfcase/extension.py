"""Adapter to Python-Markdown: reads a record from the very tree that is rendered, and enriches it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE
from pymdownx.tasklist import TasklistTreeprocessor

from mkdocs_perfcase.check import Page, Project
from mkdocs_perfcase.directives import index_marks
from mkdocs_perfcase.enrich import enrich
from mkdocs_perfcase.findings import Finding
from mkdocs_perfcase.options import read_options
from mkdocs_perfcase.render import Renderer
from mkdocs_perfcase.text import plain
from mkdocs_perfcase.tree import own_text, read_blocks
from mkdocs_perfcase.views import RecordView, record_view

_BEFORE_TASKLIST = 26  # pymdownx.tasklist has 25, inline processing 20: text is still as typed
_FIRST = 1000
_STASHED = re.compile("\x02[^\x03]*\x03")  # rendered code and raw HTML

Report = Callable[[str, tuple[Finding, ...], RecordView | None], None]
"""Where a page's findings go, by its path, and its record, if it is one."""
PageOf = Callable[[], Page | None]
"""The page that comes next, given once; None where the host renders something else just now."""


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
        claim = _Claim(md, self.page)
        md.preprocessors.register(claim, "perfcase-claim", _FIRST)
        md.treeprocessors.register(_RecordProcessor(md, self, claim), "perfcase", _BEFORE_TASKLIST)


class _Claim(Preprocessor):
    """Takes the page that is to be rendered before anything else runs.

    Extensions and plugins render fragments with instances of the same configuration, in the midst of a page; those find
    the page taken, and are left alone.
    """

    page: Page | None = None

    def __init__(self, md: Markdown, page_of: PageOf | None) -> None:
        super().__init__(md)
        self._page_of = page_of

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        self.page = self._page_of() if self._page_of else Page("", {}, lambda: text)
        return lines


class _RecordProcessor(Treeprocessor):
    def __init__(self, md: Markdown, extension: PerfcaseExtension, claim: _Claim) -> None:
        super().__init__(md)
        self._extension = extension
        self._claim = claim

    def run(self, root: Element) -> None:
        page, self._claim.page = self._claim.page, None
        project = self._extension.project
        study = project.study(page, root, self.md.htmlStash) if page else None
        if study is None:
            return
        view = record_view(study, project.options) if study.form else None
        if page and self._extension.report:
            self._extension.report(study.path, study.findings, view)
            self._drop_generated_index(root, page)
        if study.form and view:
            enrich(root, study.form, view, self._extension.renderer, self.md)
            self._show_checkboxes(root)

    def _drop_generated_index(self, root: Element, page: Page) -> None:
        """Where a plugin fills in the index, what `perfcase index` wrote for hosts without one would be there twice."""
        if any(isinstance(raw, str) and "perfcase: end" in raw for raw in self.md.htmlStash.rawHtmlBlocks):
            start, end = index_marks(read_blocks(root, self.md.htmlStash, page.source()))
            for child in list(root)[start.top + 1 : end.top] if start and end else ():
                root.remove(child)

    def _show_checkboxes(self, root: Element) -> None:
        """A record's boxes show even where the site has no task lists, and each is told apart by its item's text."""
        if "task-list" in self.md.treeprocessors:
            tasklist = self.md.treeprocessors["task-list"]
        else:
            tasklist = TasklistTreeprocessor(self.md)
            tasklist.config = {"custom_checkbox": False, "clickable_checkbox": False}
        tasklist.run(root)
        for item in root.iter("li"):
            if "task-list-item" in item.get("class", ""):
                self._name_checkbox(own_text(item).text or "")

    def _name_checkbox(self, text: str) -> None:
        box = HTML_PLACEHOLDER_RE.match(text)
        stash = self.md.htmlStash.rawHtmlBlocks
        raw = stash[int(box[1])] if box else None
        if box and isinstance(raw, str):
            name = escape(plain(_STASHED.sub("", text[box.end() :])), quote=True)
            stash[int(box[1])] = raw.replace('<input type="checkbox"', f'<input type="checkbox" aria-label="{name}"')

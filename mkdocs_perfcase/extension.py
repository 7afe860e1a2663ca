"""Adapter to Python-Markdown: reads a record from the very tree that is rendered, and enriches it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any, NamedTuple
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
from mkdocs_perfcase.options import OptionError, read_options
from mkdocs_perfcase.render import Renderer
from mkdocs_perfcase.report import counted, gates
from mkdocs_perfcase.site import SiteError, find_config, load_site
from mkdocs_perfcase.text import plain
from mkdocs_perfcase.tree import own_text, read_blocks
from mkdocs_perfcase.views import RecordView, record_view
from mkdocs_perfcase.zensical import CONFIG, Rendering, claim, end_with_message, rendering

_BEFORE_TASKLIST = 26  # pymdownx.tasklist has 25, inline processing 20: text is still as typed
_FIRST = 1000
_STASHED = re.compile("\x02[^\x02\x03]*\x03")  # rendered code and raw HTML

Report = Callable[[str, tuple[Finding, ...], RecordView | None], None]
"""Where a page's findings go, by its path, and its record, if it is one."""
PageOf = Callable[[], Page | None]
"""The page that comes next, given once; None where the host renders something else just now."""


class OpenCriteria(Exception):  # noqa: N818  (hosts show its name before its message)
    """A page's open acceptance criteria, which stop a build."""


class Host(NamedTuple):
    """What a host gives: what pages are held to, how they are shown, which comes next, and where studies go."""

    project: Project
    renderer: Renderer
    page: PageOf | None = None
    report: Report | None = None


class PerfcaseExtension(Extension):
    """Checks and enriches records wherever Python-Markdown renders them.

    Under a host's plugin it is given all that the host knows. Alone, as the extension `perfcase`, it takes the plugin's
    options. From Zensical it learns the page and the site; elsewhere it knows no more than the page's text.

    Args:
        host: what the host gives, where a plugin speaks for it.
        gate: whether a page with open acceptance criteria stops the build.
        options: the plugin's options.
    """

    def __init__(self, *, host: Host | None = None, gate: bool = False, **options: Any) -> None:
        super().__init__()
        if not isinstance(gate, bool):
            raise OptionError([("gate", f"expected true or false, got {gate!r}")])
        read_options(options)  # what can't be used is told at once
        self._host = host
        self._gate = gate
        self._options = options

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  (Python-Markdown's name)
        """Register with a Markdown instance."""
        host = self._host or _found_host(md, self._options)
        claimed = _Claim(md, host.page)
        md.preprocessors.register(claimed, "perfcase-claim", _FIRST)
        md.treeprocessors.register(_RecordProcessor(md, host, claimed, self._gate), "perfcase", _BEFORE_TASKLIST)


def _found_host(md: Markdown, options: Mapping[str, Any]) -> Host:
    """The host that a Markdown instance was made by, as far as it can be told."""
    shown = rendering(md)
    if shown is None:
        return Host(Project.load(read_options(options), Path()), Renderer())
    options = {**_of_site(shown.folder), **options}
    folders = [str(shown.overrides)] if shown.overrides else []
    return Host(
        Project.load(read_options(options), shown.folder, shown.docs),
        Renderer(folders),
        lambda: _page(shown) if claim(shown) else None,
    )


def _of_site(folder: Path) -> Mapping[str, Any]:
    """The options that the site's configuration gives, be it to the plugin."""
    config = folder / CONFIG
    try:
        return load_site(config if config.is_file() else find_config(folder), folder).options
    except SiteError:
        return {}  # the host has read another one


def _page(shown: Rendering) -> Page:
    return Page(shown.path, shown.meta, lambda: (shown.docs / shown.path).read_text(encoding="utf-8", errors="replace"))


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
    def __init__(self, md: Markdown, host: Host, claim: _Claim, gate: bool) -> None:
        super().__init__(md)
        self._host = host
        self._claim = claim
        self._gate = gate

    def run(self, root: Element) -> None:
        page, self._claim.page = self._claim.page, None
        project = self._host.project
        study = project.study(page, root, self.md.htmlStash) if page else None
        if study is None:
            return
        if self._gate:
            _hold(study.findings)
        view = record_view(study, project.options) if study.form else None
        if page and self._host.report:
            self._host.report(study.path, study.findings, view)
            self._drop_generated_index(root, page)
        if study.form and view:
            enrich(root, study.form, view, self._host.renderer, self.md)
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


def _hold(findings: Iterable[Finding]) -> None:
    """Stop where criteria are open. Hosts without a plugin go on after anything but an exception."""
    found = [str(replace(finding, path=finding.path or "this page")) for finding in findings if gates(finding)]
    if found:
        number = counted(len(found), "open acceptance criterion", "open acceptance criteria")
        end_with_message()
        raise OpenCriteria("\n  ".join([f"{number}; `perfcase check` lists all of the site's", *found]))

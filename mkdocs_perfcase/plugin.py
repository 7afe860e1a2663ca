"""Adapter to MkDocs: hands pages to the core, shows what it finds, and stops a strict build."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markdown import Markdown
from mkdocs.config.base import ConfigErrors, ConfigWarnings, ValidationError
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink
from mkdocs.utils import get_relative_url

from mkdocs_perfcase.check import Page, Project, Study
from mkdocs_perfcase.directives import table_arguments
from mkdocs_perfcase.evidence import KEY as EVIDENCE
from mkdocs_perfcase.evidence.spec import result_files
from mkdocs_perfcase.export import export, export_csv, export_json
from mkdocs_perfcase.extension import Host, PerfcaseExtension
from mkdocs_perfcase.findings import Finding, Severity
from mkdocs_perfcase.formats.github import annotation
from mkdocs_perfcase.index_view import IndexView, chosen, index_view
from mkdocs_perfcase.languages import Place, place_of
from mkdocs_perfcase.options import OptionError, read_options
from mkdocs_perfcase.publishing import found_files, identity
from mkdocs_perfcase.render import Renderer, links
from mkdocs_perfcase.report import fails, summary_line
from mkdocs_perfcase.resources import SCRIPT, STYLESHEET, asset
from mkdocs_perfcase.site import NAME, own_options
from mkdocs_perfcase.source import split_front_matter
from mkdocs_perfcase.telling import printable
from mkdocs_perfcase.tree import parse
from mkdocs_perfcase.views import RecordView, record_view, record_views

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

log = logging.getLogger("mkdocs.plugins.perfcase")

_DIRECTIVE = re.compile(r"<!--\s*perfcase:\s*(index|table)\b((?:(?!<!--|-->).)*)-->", re.DOTALL)
_INDEX_PAGE = """# Performance optimizations

<!-- perfcase: index -->
"""
_DRAWN = r'<figure class="perfcase-chart\b.*?</figure>|<svg class="perfcase-(?:bars|meter)\b.*?</svg>'
_NO_WORDS = re.compile(f"{_DRAWN}|<[^<>]*>", re.DOTALL)
_SHOWN = re.compile(rf'{_DRAWN}|<(section|table|ul) class="perfcase-.*?</\1>(?!</li>)', re.DOTALL)
_TOLD = re.compile("<!--\x02perfcase (\\d+)-->.*?<!--\x03-->", re.DOTALL)
_HEADING = re.compile(r'<h2 id="(perfcase-[^"]*)">([^<]*)</h2>')
RECORDS = "perfcase_records"
"""What gives the records to templates of themes, and to macros."""
_LEVELS = {"error": logging.ERROR, "warning": logging.WARNING, "info": logging.INFO}


class PerfcasePlugin(BasePlugin):  # type: ignore[type-arg, no-untyped-call]
    """The plugin `perfcase`. It holds what one build has found; a new build begins with `on_config`."""

    def load_config(
        self, options: dict[str, Any], config_file_path: str | None = None
    ) -> tuple[ConfigErrors, ConfigWarnings]:
        """Read the options, by the core's own declaration of them."""
        self._folder = Path(config_file_path).parent if config_file_path else Path()
        self._given = options
        self._told: set[Finding] = set()
        try:
            self._project = Project.load(read_options(options), self._folder)
        except OptionError as error:
            return [(name, ValidationError(problem)) for name, problem in error.problems], []
        return [], []

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Start a build: watch the template, add the extension."""
        self._take_over(config)
        self._project = replace(self._project, docs=Path(config.docs_dir))
        self._findings: dict[str, tuple[Finding, ...]] = {}
        self._records: dict[str, RecordView] = {}
        self._ahead: tuple[RecordView, ...] | None = None
        self._settings: tuple[Finding, ...] = ()
        self._config = "mkdocs.yml", ""
        self._current: Page | None = None
        self._folders: set[Path] = set()
        self._renderer = Renderer(config.theme.dirs)
        self._extension = PerfcaseExtension(host=Host(self._project, self._renderer, self._take_page, self._keep))
        for path in filter(None, (self._project.template_path, self._project.baseline_path)):
            config.watch.append(str(path))
        if config.config_file_path:
            path = Path(config.config_file_path)
            self._config = path.name, path.read_text(encoding="utf-8", errors="replace")
            self._settings = self._project.check_settings(*self._config)
        config.markdown_extensions = [*_others(config), self._extension]  # type: ignore[list-item]
        self._tell_macros(config)
        if _page_statuses(config) and STYLESHEET not in config.extra_css:
            config.extra_css.append(STYLESHEET)  # the navigation shows their icons on every page
        return config

    def _take_over(self, config: MkDocsConfig) -> None:
        """A site that Zensical builds, too, lists the Markdown extension; here its options count like the plugin's."""
        own = own_options(config.mdx_configs.get(NAME) or {})
        if own:
            try:
                self._project = Project.load(read_options({**self._given, **own}), self._folder)
            except OptionError as error:
                raise PluginError(f"{NAME}: {error}") from None

    def _tell_macros(self, config: MkDocsConfig) -> None:
        """Give mkdocs-macros the records."""
        macros = config.plugins.get("macros")
        if macros is not None and hasattr(macros, "register_macros"):
            macros.register_macros({RECORDS: self._read_ahead})

    def _read_ahead(self) -> tuple[RecordView, ...]:
        """All records as they stand in their files: a macro runs before the other pages are rendered."""
        if self._ahead is None:
            studies = self._studied(self._files.documentation_pages(), self._site)
            self._ahead = record_views(studies, self._project.options)
        return self._ahead

    @event_priority(-200)  # mkdocs-static-i18n, at -100, can't take generated files
    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Add stylesheet and script, and the index page unless the site has a page there."""
        self._files, self._site = files, config
        self._hold_back(files)  # so that a link to a result file is told of
        place = place_of(config.plugins.get("i18n"))
        self._exports = _exports(self._project.options.export, place)
        for name in self._exports:
            if _file_shown_at(name, files):
                raise PluginError(f"{NAME}: option 'export': {name} is a file of the site's own; name another path")
        for path in (STYLESHEET, SCRIPT):
            if files.get_file_from_path(path) is None:
                files.append(File.generated(config, path, content=asset(path)))
        index = self._project.options.index
        if index is None:
            return files
        inclusion = InclusionLevel.NOT_IN_NAV if config.nav else InclusionLevel.UNDEFINED
        generated = File.generated(config, place.source + index, content=_INDEX_PAGE, inclusion=inclusion)
        generated.dest_uri = place.built + generated.dest_uri.removeprefix(place.source)
        present = _file_shown_at(generated.dest_uri, files)
        if present is None:
            files.append(generated)
        elif not present.is_documentation_page() or "perfcase: index" not in present.content_string:
            log.info(
                f"{present.src_uri}: no index is shown, since this page has no <!-- perfcase: index -->; add it there, "
                "or give the option 'index' another path"
            )
        return files

    @event_priority(-100)
    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> None:
        """Tell the extension which page comes next."""
        self._current = None if self._is_template(page.file) else _core_page(page.file, page.meta)

    def _take_page(self) -> Page | None:
        page, self._current = self._current, None
        return page

    def _is_template(self, file: File) -> bool:
        """A team may keep its template among its pages."""
        template = self._project.template_path
        return template is not None and bool(file.abs_src_path) and Path(str(file.abs_src_path)).resolve() == template

    def _keep(self, path: str, findings: tuple[Finding, ...], record: RecordView | None) -> None:
        self._findings[path] = findings
        if record is not None:
            self._records[path] = record

    @event_priority(-100)
    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """All pages are rendered: fill in index and tables, print all findings, and stop a strict build."""
        self._study_unmodified(files, config)
        self._hold_back(files)  # where other plugins have given pages their front matter
        self._urls = {file.src_uri: file.url for file in files.documentation_pages()}
        env.globals[RECORDS] = lambda: tuple(sorted(self._records.values(), key=lambda record: record.path))
        env.filters["perfcase_url"] = lambda record: self._urls[record.path]
        views = _Views(self._renderer, index_view(self._records.values()), files, self._exports)
        for file in files.documentation_pages():
            views.fill(file, is_record=file.src_uri in self._records)
        statuses = _page_statuses(config)
        for path, record in self._records.items() if statuses else ():
            _show_status(files.get_file_from_path(path), record, statuses)
        of_pages = self._project.check_pages(self._urls, *self._config)
        found = [*self._settings, *of_pages, *(finding for findings in self._findings.values() for finding in findings)]
        # another language may show the same page; those of one place keep their order, as in `perfcase check`
        new = dict.fromkeys(finding for finding in found if finding not in self._told)
        self._told.update(new)
        self._report(sorted(new, key=lambda finding: finding.place), config)

    def _hold_back(self, files: Files) -> None:
        """Leave result files out of the site, unless it wants them there, and note where they are."""
        library = self._project.library
        pages = files.documentation_pages(inclusion=InclusionLevel.all)
        named = [(file.src_uri, globs) for file in pages if (globs := result_files(_front_matter(file)))]
        if library is None or not named:
            return
        self._folders |= {folder for page, globs in named for folder in library.folders(globs, page)}
        held = {} if self._project.options.publish_evidence else found_files(library, named)
        for file in files if held else ():
            if not file.is_documentation_page() and identity(file.abs_src_path) in held:
                file.inclusion = InclusionLevel.EXCLUDED
                Path(file.abs_dest_path).unlink(missing_ok=True)  # of an earlier build, under `--dirty`

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """Let a changed result file have the site built anew, too."""
        docs = Path(config.docs_dir)  # watched as it is
        for folder in sorted(self._folders):
            if not folder.is_relative_to(docs):
                server.watch(str(folder), recursive=False)
        return server

    def _study_unmodified(self, files: Files, config: MkDocsConfig) -> None:
        """Under `--dirty`, pages that didn't change aren't rendered; their records count all the same."""
        skipped = [
            f
            for f in files.documentation_pages()
            if f.page is not None and f.page.markdown is None and f.abs_src_path and not self._is_template(f)
        ]
        for study in self._studied(skipped, config):
            self._keep(study.path, study.findings, record_view(study, self._project.options) if study.form else None)

    def _studied(self, files: Iterable[File], config: MkDocsConfig) -> Iterator[Study]:
        """What pages yield that aren't being rendered."""
        md: Markdown | None = None
        for file in files:
            md = md or Markdown(extensions=_others(config), extension_configs=config.mdx_configs)
            text, meta = split_front_matter(file.content_string)
            if study := self._project.study(_core_page(file, meta), parse(md, text), md.htmlStash):
                yield study

    def _report(self, findings: list[Finding], config: MkDocsConfig) -> None:
        own = self._project.options.strict
        strict = config.strict if own is None else own
        for finding in findings:
            level = _LEVELS[finding.severity.name.lower()]
            # mkdocs' own strict mode counts warnings: where ours is switched off, findings must not be any
            log.log(logging.INFO if own is False and config.strict else level, "%s", printable(str(finding)))
        if os.environ.get("GITHUB_ACTIONS") == "true":
            self._annotate(findings, config)
        if strict and fails(findings, Severity.WARNING):
            raise Abort(summary_line(findings, len(self._records)))

    def _annotate(self, findings: list[Finding], config: MkDocsConfig) -> None:
        """Show findings on their lines where a GitHub workflow builds the site."""
        folders = {self._config[0]: Path(config.config_file_path or "").parent}
        for finding in findings:
            path = os.path.relpath(Path(folders.get(finding.path, config.docs_dir), finding.path))
            print(annotation(replace(finding, path=path)), flush=True)

    @event_priority(100)
    def _before_search(self, _: Any, /, *, page: MkDocsPage, **__: Any) -> None:
        """Leave the words of what we show, and no charts: a search index is slow to read our markup, and drops it."""
        self._shown: list[str] = []

        def told(match: re.Match[str]) -> str:
            self._shown.append(match[0])
            words = f"<p>{' '.join(_NO_WORDS.sub(' ', match[0]).split())}</p>" if match[1] else ""
            return f"<!--\x02perfcase {len(self._shown) - 1}-->{words}<!--\x03-->"

        if page.content and "perfcase-" in page.content:
            page.content = _SHOWN.sub(told, page.content)

    @event_priority(-100)
    def _after_search(self, _: Any, /, *, page: MkDocsPage, **__: Any) -> None:
        """Put back what we show, before the theme's template takes the page."""
        if self._shown:
            page.content = _TOLD.sub(lambda match: self._shown[int(match[1])], page.content or "")

    on_page_context = CombinedEvent(_before_search, _after_search)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the exports: JSON, and CSV beside it."""
        data = export(self._records.values(), self._urls.__getitem__)
        for path, written in zip(self._exports, (export_json, export_csv), strict=False):
            target = Path(config.site_dir, path)
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(written(data), encoding="utf-8", newline="")
            except OSError as error:
                raise PluginError(f"perfcase: cannot write the export {path}: {error.strerror}") from None


def _others(config: MkDocsConfig) -> list[str]:
    """The site's Markdown extensions without ours, be it listed or added by an earlier cycle."""
    return [name for name in config.markdown_extensions if name != NAME and not isinstance(name, PerfcaseExtension)]


def _file_shown_at(uri: str, files: Files) -> File | None:
    """The site's own file that is built to a place: a README makes an index, and some disks know no case."""
    return next((file for file in files if file.dest_uri.casefold() == uri.casefold()), None)


def _front_matter(file: File) -> Mapping[str, Any]:
    """A page's front matter, as far as it names result files; empty where it can't be read."""
    if file.page is not None and file.page.markdown is not None:
        return file.page.meta
    try:
        return split_front_matter(file.content_string)[1] if EVIDENCE in file.content_string else {}
    except (OSError, ValueError):
        return {}


def _core_page(file: File, meta: Mapping[str, Any]) -> Page:
    return Page(file.src_uri, meta, lambda: file.content_string)


def _exports(name: str | None, place: Place) -> list[str]:
    """The files of the export: JSON, and CSV beside it."""
    return [f"{place.built}{one}" for one in (name, f"{name.removesuffix('.json')}.csv")] if name else []


def _page_statuses(config: MkDocsConfig) -> Mapping[str, Any]:
    """Material's page statuses, if the site has declared any of ours."""
    declared = config.extra.get("status")
    return declared if isinstance(declared, dict) and not {"open", "draft"}.isdisjoint(declared) else {}


def _show_status(file: File | None, record: RecordView, declared: Mapping[str, Any]) -> None:
    """Let the navigation mark a record that is a draft, or has open criteria; a status of the author's own stays."""
    wanted = "draft" if record.stage == "draft" else "open" if record.needs_work else ""
    if file is not None and file.page is not None and wanted in declared:
        file.page.meta.setdefault("status", wanted)


class _Views:
    """Fills a site's pages with the views that they ask for, and links what these need."""

    def __init__(self, renderer: Renderer, index: IndexView, files: Files, exports: list[str]) -> None:
        self._renderer = renderer
        self._index = index
        self._files = files
        self._exports = exports

    def fill(self, file: File, *, is_record: bool) -> None:
        """Put index and tables where a page has their directives."""
        page = file.page
        if page is None or not page.content:
            return
        content, tables = self._filled(page) if "perfcase:" in page.content else (page.content, 0)
        if is_record or tables:
            page.content = links(lambda path: get_relative_url(path, page.url), script=bool(tables)) + content

    def _filled(self, page: MkDocsPage) -> tuple[str, int]:
        """A page's content with its index and tables, and how many there are."""

        def record_url(path: str) -> str:
            target = self._files.get_file_from_path(path)
            return get_relative_url(target.url if target else path, page.url)

        def shown(match: re.Match[str]) -> str:
            if match[1] == "index":
                downloads = [(name.rpartition("/")[2], get_relative_url(name, page.url)) for name in self._exports]
                html = self._renderer.index(self._index, record_url, downloads)
                _extend_toc(page, html)
                return html
            arguments, _ = table_arguments(match[2])
            rows = chosen(self._index, arguments)
            return self._renderer.changes(rows, record_url, with_metric="metric" not in arguments)

        return _DIRECTIVE.subn(shown, page.content or "")


def _extend_toc(page: MkDocsPage, html: str) -> None:
    """Let the table of contents show the index's headings, below the page's own title."""
    items = page.toc.items
    target = items[0].children if items and items[0].level == 1 else items
    target.extend(AnchorLink(title, anchor, 2) for anchor, title in _HEADING.findall(html))

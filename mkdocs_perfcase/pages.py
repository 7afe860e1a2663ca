"""A site's pages without its host: read and studied, each once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from markdown import Markdown

from mkdocs_perfcase.check import Page, Project, Study
from mkdocs_perfcase.files import Files
from mkdocs_perfcase.findings import Finding
from mkdocs_perfcase.options import OptionError, read_options
from mkdocs_perfcase.site import Site, SiteError, find_config, load_site
from mkdocs_perfcase.source import split_front_matter
from mkdocs_perfcase.telling import shown
from mkdocs_perfcase.tree import parse


def open_project(config: Path | None, start: Path, *, accepting: bool = True) -> tuple[Site, Project]:
    """The site of a configuration file, or of the one found upwards, and what its pages are held to.

    Args:
        config: the configuration file, where one is named.
        start: the folder to look from.
        accepting: whether to leave out the findings that the site's baseline accepts.

    Raises:
        SiteError: the configuration, or a file that it names, can't be used.
    """
    site = load_site(config or find_config(start), start)
    return site, project_of(site, accepting=accepting)


def project_of(site: Site, *, accepting: bool = True) -> Project:
    """What a site's pages are held to, with the same reserve."""
    try:
        return Project.load(read_options(site.options), site.folder, site.docs, accepting=accepting)
    except OptionError as error:
        raise SiteError(f"{site.config}: {error}") from None


@dataclass
class Pages(Files):
    """A site's pages, read and studied. What can't be parsed is told in a line, and the others go on."""

    project: Project
    missing: tuple[str, ...] = field(default=(), kw_only=True)
    """The site's Markdown extensions that turned out not to be installed here."""

    def of_settings(self) -> Iterator[Finding]:
        """Findings on the configuration itself, held against all pages of the site."""
        site, project = self.site, self.project
        if site.config is None:
            return
        yield from project.check_settings(shown(site.config), site.source)
        if project.options.records or project.options.baseline:
            yield from project.check_pages(self.of_site(), shown(site.config), site.source)

    def studies(self) -> Iterator[Study]:
        """What every page of the site yields that is of any concern."""
        for file in self.files(()):
            source = self.read(file)
            if source is not None and (study := self.study(file, source)):
                yield study

    def study(self, file: Path, source: str) -> Study | None:
        """What a page yields; None where it is of no concern, or can't be parsed."""
        text, meta = split_front_matter(source)
        page = Page(self.name(file), meta, lambda: source)
        if self.site.stands_alone(text) and not self.project.may_concern(page, text):
            return None
        try:
            return self.project.study(page, parse(self._markdown, text), self._markdown.htmlStash)
        except RecursionError:
            reason = "its lists or quotes are nested too deeply"
        except Exception as error:  # an extension of the site's may refuse a page; the others are still to be read
            reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
        del self._markdown  # it stopped in the midst of a list, and would read the next page as a part of that
        self.refuse(file, reason)
        return None

    @cached_property
    def _markdown(self) -> Markdown:
        markdown, missing = self.site.markdown()
        for name in missing if missing != self.missing else ():
            self.tell(f"the Markdown extension {name} can't be loaded here; pages are read without it")
        self.missing = missing
        return markdown

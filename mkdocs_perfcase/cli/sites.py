"""The sites of pages that are open in an editor, each read once, and anew when a file that it comes from changes."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from mkdocs_perfcase.cli.opening import open_site
from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.editor.document import Document
from mkdocs_perfcase.files import is_page
from mkdocs_perfcase.pages import Pages
from mkdocs_perfcase.site import find_config
from mkdocs_perfcase.telling import shown

_LONGEST = 500_000  # characters of a page; reading as many takes about half a second

Stamp = tuple[int, int] | None


class _Opened(NamedTuple):
    pages: Pages
    stamps: dict[Path, Stamp]
    """The files that it comes from, as they were."""


class Sites:
    """Finds the site of each page.

    Args:
        config_file: the configuration of them all; None to look for the one above each page.
        tell: shows the user a line.
    """

    def __init__(self, config_file: Path | None, tell: Callable[[str], None]) -> None:
        self._config_file = config_file
        self._tell = tell
        self._told: set[str] = set()
        self._opened: dict[Path, _Opened] = {}
        self._last: tuple[Path, Document] | None = None

    def __call__(self, file: Path, text: str) -> Document | None:
        """A file's text as a page of its site; None for what isn't one, or is too long to be read at each keystroke."""
        pages = self._pages(file) if is_page(file.name) else None
        if pages is None or not _is_built(pages, file):
            return None
        if len(text) > _LONGEST:
            self._tell_once(f"{shown(file)} is too long to be read while it is written; `perfcase check` reads it")
            return None
        if self._last and self._last[0] == file and self._last[1].is_of(text, pages.project):
            return self._last[1]
        document = Document(text, pages.project, partial(pages.study, file))
        if pages.site.stands_alone(text):  # otherwise the files that it includes may change
            self._last = file, document
        return document

    def _pages(self, file: Path) -> Pages | None:
        """The site of a file; None, and a line once, where its configuration can't be used."""
        folder = Path(os.path.abspath(file)).parent
        config = self._config_file or find_config(folder)
        known = self._opened.pop(config or folder, None)
        if known is None or known.stamps != _stamps(known.pages):
            try:
                pages = Pages(*open_site(config, start=folder), tell=self._tell_once)
            except Usage as error:
                self._tell_once(error.format_message())
                return None
            self._told.clear()
            known = _Opened(pages, _stamps(pages))
        self._opened[config or folder] = known
        return known.pages

    def _tell_once(self, line: str) -> None:
        """Say something, but not at every keystroke."""
        if line not in self._told:
            self._told.add(line)
            self._tell(line)


def _is_built(pages: Pages, file: Path) -> bool:
    """Whether a file is a page that its site builds, or one of no site; a template is none."""
    within = pages.within_docs(file)
    built = within is None or pages.site.publishes(within)
    return built and Path(os.path.realpath(file)) != pages.project.template_path


def _stamps(pages: Pages) -> dict[Path, Stamp]:
    named = (pages.project.template_path, pages.project.baseline_path)
    return {path: _stamp(path) for path in (*pages.site.files, *named) if path}


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size

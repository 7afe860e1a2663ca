"""A site's pages as files: found, named and read, each once. Takes nothing that reading Markdown takes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from mkdocs_perfcase.site import NAME, Site
from mkdocs_perfcase.telling import shown, tell

_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")


def is_page(name: str) -> bool:
    """Whether a file is a page by its name."""
    return name.lower().endswith(_SUFFIXES)


def ungated(site: Site) -> str | None:
    """What to say where Zensical builds a site and holds it to nothing: it loads no plugins, and doesn't say so."""
    if site.config is None or not site.plugin or site.gate or not site.of_zensical:
        return None
    return (
        f"{shown(site.config)} lists the plugin {NAME}, but Zensical loads no plugins and its builds pass with open "
        f"criteria; gate with `perfcase check`, or with `gate: true` for the Markdown extension {NAME}"
    )


class Source(NamedTuple):
    """A page's file and text; or the site's configuration, whose findings are cached like a page's."""

    file: Path
    text: str
    is_page: bool = True


@dataclass
class Files:
    """A site's pages as they are taken up. What can't be read is told in a line, and the others go on."""

    site: Site
    unreadable: bool = field(default=False, kw_only=True)
    """Whether something could not be read, which makes the exit code 2."""
    tell: Callable[[str], None] = field(default=tell, kw_only=True)
    _seen: set[Path] = field(default_factory=set, kw_only=True)

    def files(self, paths: Iterable[Path]) -> Iterator[Path]:
        """Every page among paths and below folders, once; without any path, those of the docs folder."""
        for path in list(paths) or [self.site.docs]:
            if path.is_dir():
                yield from filter(self.is_new, self._built_below(path))
            elif path.is_file():
                yield from filter(self.is_new, [path])
            else:
                self.refuse(path, "it is no file" if path.exists() else "no such file or folder")

    def of_site(self) -> Iterator[str]:
        """The paths of all pages that the site builds, relative to its docs folder."""
        return (within for file in self._built_below(self.site.docs) if (within := self.within_docs(file)))

    def settings(self) -> str:
        """All that findings on the site's settings rest on: the configuration, and which pages there are."""
        pages = self.of_site() if self.site.options.get("records") or self.site.options.get("baseline") else ()
        return "\n".join([self.site.source, *pages])

    def read(self, file: Path, *, marked: bool = False) -> str | None:
        """A page's source, without its byte order mark unless it is to be kept; None where it can't be read."""
        try:
            return self.decoded(file, file.read_bytes(), marked=marked)
        except OSError as error:
            self.refuse(file, error.strerror or "it can't be read")
        return None

    def decoded(self, file: Path, data: bytes, *, marked: bool = False) -> str | None:
        """A page's text from its bytes, with the same reserve."""
        try:
            return data.decode("utf-8" if marked else "utf-8-sig")
        except UnicodeError:
            self.refuse(file, "it is not UTF-8 text")
        return None

    def refuse(self, path: Path, reason: str) -> None:
        """Say that something can't be read, and why."""
        self.unreadable = True
        self.tell(f"cannot read {shown(path)}: {reason}")

    def name(self, file: Path) -> str:
        """A page as the site names it: by its path in the docs folder, or as given where it lies elsewhere."""
        return self.within_docs(file) or file.as_posix()

    def within_docs(self, file: Path) -> str | None:
        """A file's path relative to the docs folder; None where it lies elsewhere."""
        absolute = os.path.abspath(file)
        docs = next((docs for docs in self._docs if os.path.normcase(absolute).startswith(docs)), None)
        return None if docs is None else absolute[len(docs) :].replace(os.sep, "/")

    @cached_property
    def _docs(self) -> tuple[str, ...]:
        """The docs folder, and where it really is if a link leads there, as the paths below them begin."""
        folders = (os.path.abspath(self.site.docs), os.path.realpath(self.site.docs))
        return tuple(dict.fromkeys(os.path.normcase(os.path.join(folder, "")) for folder in folders))

    @cached_property
    def _template(self) -> Path | None:
        named = self.site.options.get("template")
        return (self.site.folder / named).resolve() if named and isinstance(named, str) else None

    def _built_below(self, folder: Path) -> Iterator[Path]:
        """The pages below a folder, except those of the docs folder that the site doesn't build."""
        for file in _pages(folder, self.refuse):
            within = self.within_docs(file)
            if within is None or self.site.publishes(within):
                yield file

    def is_new(self, file: Path) -> bool:
        """Whether a page wasn't taken up yet; the template never is."""
        try:
            real = file.resolve()
        except (OSError, RuntimeError) as error:  # older Pythons raise the latter for a loop of links
            self.refuse(file, getattr(error, "strerror", None) or "a loop of links")
            return False
        if real in self._seen or real == self._template:
            return False
        self._seen.add(real)
        return True


def _pages(folder: Path, refuse: Callable[[Path, str], None]) -> Iterator[Path]:
    """The pages below a folder in order; links to folders are followed once."""
    entered: set[str] = set()

    def refused(error: OSError) -> None:
        refuse(Path(error.filename), error.strerror or "it can't be read")

    for here, folders, names in os.walk(folder, followlinks=True, onerror=refused):
        real = os.path.realpath(here)
        if real in entered:
            folders.clear()
            continue
        entered.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        pages = (Path(here, name) for name in sorted(names) if is_page(name))
        yield from (page for page in pages if page.is_file() or page.is_symlink())

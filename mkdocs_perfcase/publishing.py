"""Which result files a site would publish. They carry host names, paths and command lines, so none is unless wanted."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_perfcase.evidence import KEY
from mkdocs_perfcase.evidence.spec import result_files
from mkdocs_perfcase.site import NAME, Site
from mkdocs_perfcase.source import split_front_matter
from mkdocs_perfcase.telling import shown

if TYPE_CHECKING:
    from mkdocs_perfcase.evidence.library import Library

Identity = tuple[int, int]
"""What a file is known by, whatever name or link leads to it."""


def identity(path: str | Path | None) -> Identity | None:
    """What a file is known by; None where there is none."""
    try:
        found = os.stat(path) if path else None
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino) if found else None


def found_files(library: Library, named: Iterable[tuple[str, Iterable[str]]]) -> dict[Identity, Path]:
    """The result files that pages name, record or not, usable or not.

    Args:
        library: where result files are looked for.
        named: each page's path in the docs folder, and the globs in its front matter.
    """
    paths = (path for page, globs in named for path in library.named(globs, page))
    return {known: path for path in paths if (known := identity(path))}


def exposed(site: Site, pages: Iterable[tuple[str, str]]) -> str | None:
    """What to say where Zensical publishes result files: it copies the whole docs folder, and loads no plugins.

    Args:
        site: the site.
        pages: each page's path in the docs folder, and its text.
    """
    if not site.of_zensical or site.options.get("publish_evidence") is True:
        return None
    named = [(page, result_files(split_front_matter(text)[1])) for page, text in pages if KEY in text]
    if not named:
        return None
    from mkdocs_perfcase.evidence.library import Library, find_root  # few sites have any

    found = found_files(Library(site.docs, find_root(site.folder)), named).values()
    copied = sorted(path for path in found if path.is_relative_to(site.docs) and site.publishes(_within(path, site)))
    if not copied:
        return None
    more = f" and {len(copied) - 1} more" if len(copied) > 1 else ""
    return (
        f"{shown(copied[0])}{more} would be published by Zensical, and result files hold host names and paths; "
        f"keep them outside the docs folder, or set `publish_evidence: true` for {NAME}"
    )


def _within(path: Path, site: Site) -> str:
    return path.relative_to(site.docs).as_posix()

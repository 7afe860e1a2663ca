"""Where mkdocs-static-i18n has the pages of the language that it builds just now: it runs a build for each."""

from __future__ import annotations

from typing import Any, NamedTuple


class Place(NamedTuple):
    """What stands before a path among the sources, and before one in the built site."""

    source: str = ""
    built: str = ""


def place_of(i18n: Any) -> Place:
    """The place of the language's pages; the site's own root where the plugin isn't used.

    Args:
        i18n: the plugin, or None.
    """
    language = getattr(i18n, "current_language", None)
    if not language:
        return Place()
    by_folder = getattr(getattr(i18n, "config", None), "docs_structure", "") == "folder"
    return Place(
        source=f"{language}/" if by_folder else "",
        built="" if getattr(i18n, "is_default_language_build", True) else f"{language}/",
    )

"""What is Zensical's own: its configuration file, and what it tells an extension of the page that it renders.

The latter is internal to it and may change; it is looked up where it is, never imported, and may be missing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakSet

if TYPE_CHECKING:
    from markdown import Markdown

CONFIG = "zensical.toml"

_DEFAULTS = (
    *("abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "pymdownx.betterem"),
    *("pymdownx.details", "pymdownx.tabbed", "pymdownx.tasklist"),
)
"""Extensions that are there where a site names none, as far as they make a page's blocks."""
_FENCES = "pymdownx.superfences"  # always there
_FAMILIES = ("pymdownx", "pymdownx.blocks", "zensical", "zensical.extensions")
_SYMBOLS = ("emoji_generator", "emoji_index", "format", "slugify", "validator")
"""Options whose texts name a Python object, which TOML has no tag to tell by."""


def read_config(text: str) -> Any:
    """A `zensical.toml` in the shape of a `mkdocs.yml`.

    Raises:
        ValueError: it isn't TOML.
    """
    if sys.version_info >= (3, 11):  # few sites are written in it, so it is imported for those alone
        import tomllib
    else:
        import tomli as tomllib

    data = tomllib.loads(text)
    project = data.get("project", data)
    if not isinstance(project, dict):
        return project
    entries = project.get("markdown_extensions", dict.fromkeys(_DEFAULTS))
    if isinstance(entries, dict):
        entries = {_FENCES: None, **{name: _without_symbols(options) for name, options in _extensions(entries)}}
    return {**project, "markdown_extensions": entries}


def _extensions(tables: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Extensions by their full names: TOML reads the dots in them as tables within tables."""
    for name, options in tables.items():
        if name in _FAMILIES and isinstance(options, dict):
            yield from _extensions({f"{name}.{inner}": value for inner, value in options.items()})
        else:
            yield name, options


def _without_symbols(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_symbols(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _without_symbols(item)
        for name, item in value.items()
        if not (name in _SYMBOLS and isinstance(item, str) and "." in item)
    }


class Rendering(NamedTuple):
    """A page that is being rendered: where its site is, and what it is there."""

    folder: Path
    """The configuration's."""
    docs: Path
    overrides: Path | None
    """Where the site's own templates are."""
    path: str
    meta: Mapping[str, Any]
    token: object
    """One for all that is rendered for the page, fragments among it."""


def rendering(md: Markdown) -> Rendering | None:
    """The page that a Markdown instance was made for; None outside of Zensical, or where it doesn't tell."""
    module = sys.modules.get("zensical.extensions.context")
    try:
        context = module.ContextPreprocessor.from_markdown(md)  # type: ignore[union-attr]
        page, config = context.page, context.config
        folder = Path(config["root_dir"])
        overrides = (config.get("theme") or {}).get("custom_dir")
        docs = folder / (config.get("docs_dir") or "docs")
        return Rendering(folder, docs, folder / overrides if overrides else None, str(page.path), dict(page.meta), page)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


_CLAIMED: WeakSet[Any] = WeakSet()


def claim(page: Rendering) -> bool:
    """Whether this is the first rendering for the page: what comes later are fragments in the midst of it."""
    if page.token in _CLAIMED:
        return False
    _CLAIMED.add(page.token)
    return True


def end_with_message() -> None:
    """Let a build that is about to be stopped end with the reason alone: the way to it, twice, would bury that."""
    if "zensical" in sys.modules and sys.argv[1:2] == ["build"]:
        sys.tracebacklimit = 0

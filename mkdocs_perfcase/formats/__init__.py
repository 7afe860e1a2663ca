"""The formats of a report: a module for each, imported when the format is asked for."""

from __future__ import annotations

from importlib import import_module

from mkdocs_perfcase.formats.registry import FORMATS, Format, Look

NAMES = ("github", "gitlab", "json", "junit", "sarif", "text")
"""The formats in the order of the help. Each is declared by the module of its name, and named here only."""

__all__ = ["NAMES", "Format", "Look", "format_named"]


def format_named(name: str) -> Format:
    """The format of a name."""
    import_module(f"{__name__}.{name}")
    return FORMATS[name]

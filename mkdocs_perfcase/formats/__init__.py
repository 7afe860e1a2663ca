"""The formats of a report. Importing this package declares them all; a new module of formats is named here only."""

from mkdocs_perfcase.formats import github, gitlab, json, junit, sarif, text
from mkdocs_perfcase.formats.registry import FORMATS, Format, Look

__all__ = ["FORMATS", "Format", "Look", "github", "gitlab", "json", "junit", "sarif", "text"]

"""The stylesheet and the script that pages with views need."""

from __future__ import annotations

from importlib.resources import files

STYLESHEET = "assets/perfcase.css"
SCRIPT = "assets/perfcase.js"


def asset(path: str) -> str:
    """An asset's text, by its path in the site."""
    return files("mkdocs_perfcase").joinpath(path).read_text(encoding="utf-8")

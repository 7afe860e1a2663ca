"""A page's file as text: its front matter, and the Markdown behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from mkdocs_perfcase.expression import expression

_YAML = expression(r"^-{3}[ \t]*\n(.*?\n)(?:\.{3}|-{3})[ \t]*\n", re.DOTALL)
_KEY = expression(r"^ {0,3}([A-Za-z0-9_-]+):\s*(.*)")
_MORE = expression(r"^(?: {4}|\t)\s*(.*)")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def unified(source: str) -> str:
    """A file's text without its byte order mark, every line ended by a newline alone."""
    return source.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def split_front_matter(source: str) -> tuple[str, Mapping[str, Any]]:
    """A page's Markdown, and its front matter as MkDocs reads it: YAML between dashes, or `key: value` lines on top."""
    text = unified(source)
    if match := _YAML.match(text):
        try:
            data = yaml.load(match[1], _Loader)
        except (yaml.YAMLError, ValueError, RecursionError):
            return text, {}
        return (text[match.end() :].lstrip("\n"), data) if isinstance(data, dict) else (text, {})
    return _multimarkdown(text)


def front_matter(source: str) -> str:
    """The YAML on top of a page, behind its dashes; empty where there is none. It begins on the file's second line."""
    match = _YAML.match(unified(source))
    return match[1] if match else ""


def _multimarkdown(text: str) -> tuple[str, Mapping[str, Any]]:
    lines = text.split("\n")
    data: dict[str, str] = {}
    key = ""
    place = 0
    for place, line in enumerate(lines):  # noqa: B007  (where the loop stopped is what is asked)
        if match := _KEY.match(line):
            key = match[1].lower()
            data[key] = f"{data[key]} {match[2].strip()}" if key in data else match[2].strip()
        elif key and (more := _MORE.match(line)):
            data[key] += f" {more[1].strip()}"
        else:
            break
    else:
        place = len(lines)
    return "\n".join(lines[place:]).lstrip("\n"), data

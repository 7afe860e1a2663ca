"""A result file's content, decoded and parsed once, whichever tool it may turn out to be of."""

from __future__ import annotations

import codecs
import csv
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mkdocs_perfcase.evidence.series import UnreadableError

_WIDEST = 1000  # columns of a table
_LONGEST_NUMBER = 400  # characters
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _nothing_beside(name: str) -> bytes | None:
    return None


@dataclass(frozen=True)
class Content:
    """A file's name and bytes. `beside` gives the bytes of a file in the same folder, or None."""

    name: str
    data: bytes
    beside: Callable[[str], bytes | None] = _nothing_beside

    @cached_property
    def text(self) -> str:
        """The decoded text, with line feeds only.

        Raises:
            UnreadableError: it is no text.
        """
        encoding = "utf-16" if self.data.startswith(_UTF16) else "utf-8-sig"  # PowerShell writes UTF-16
        try:
            text = self.data.decode(encoding)
        except UnicodeDecodeError:
            raise UnreadableError("it is no text in UTF-8 or UTF-16") from None
        if "\0" in text:
            raise UnreadableError("it is binary")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def looks_like_json(self) -> bool:
        """Whether it begins like a JSON object or array."""
        return self.text.lstrip()[:1] in ("{", "[")

    @cached_property
    def json(self) -> Any:
        """The value, with `NaN` and infinities as None. None where it doesn't look like JSON at all.

        Raises:
            UnreadableError: it begins like JSON and is none.
        """
        if not self.looks_like_json:
            return None
        try:
            return json.loads(self.text, parse_constant=lambda _: None)
        except json.JSONDecodeError as error:
            raise UnreadableError(f"it is no valid JSON: line {error.lineno}: {error.msg}") from None
        except RecursionError:
            raise UnreadableError("its JSON is nested too deeply") from None
        except ValueError:
            raise UnreadableError("its JSON holds a number of too many digits") from None

    @cached_property
    def object(self) -> dict[str, Any]:
        """The JSON value where it is an object, else an empty one; raises as `json` does."""
        return self.json if isinstance(self.json, dict) else {}

    @cached_property
    def table(self) -> list[dict[str, str]]:
        """The rows of a CSV (or a table with tabs or semicolons) by the names of its columns; empty for other text.

        Raises:
            UnreadableError: it is too wide, or broken.
        """
        lines = self.text.lstrip().split("\n")
        if self.looks_like_json or not lines[0]:
            return []
        delimiter = max(",;\t", key=lines[0].count)
        try:
            header, *rows = csv.reader(lines, delimiter=delimiter)
        except csv.Error as error:
            raise UnreadableError(f"it is no valid CSV: {error}") from None
        if len(header) > _WIDEST:
            raise UnreadableError(f"it has more than {_WIDEST} columns")
        names = [name.strip() for name in header]
        return [dict(zip(names, row, strict=False)) for row in rows if row]


def number(value: Any) -> float | None:
    """A finite figure of a JSON value or a cell; None for all else, such as true, text, null or a NaN."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float | str)
        or (isinstance(value, str) and len(value) > _LONGEST_NUMBER)
    ):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None

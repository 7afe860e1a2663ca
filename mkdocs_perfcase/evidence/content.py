"""A result file's content, decoded and parsed once, whichever tool it may turn out to be of."""

from __future__ import annotations

import codecs
import csv
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from typing import Any

from mkdocs_perfcase.evidence.series import UnreadableError

_WIDEST = 1000  # columns of a table
_LONGEST_NUMBER = 400  # characters
_GREATEST = 1e100  # of a figure: far beyond anything measured, and its square is still a number
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
        return self._start in ("{", "[")

    @cached_property
    def _start(self) -> str:
        match = re.search(r"\S", self.text)
        return match[0] if match else ""

    @cached_property
    def is_json_lines(self) -> bool:
        """Whether it has several lines, and the first is a JSON object by itself."""
        first, more, rest = self.text.lstrip().partition("\n")
        return first.startswith("{") and bool(more and rest.strip()) and isinstance(_line_value(first), dict)

    def json_lines(self) -> Iterator[dict[str, Any]]:
        """The objects of a file with one in each line; a line that is none, such as a last one cut off, is left out.

        Nothing for other files. Files are large: hold on to what is needed, not to all of it.
        """
        if self.is_json_lines:
            yield from (value for line in self.text.split("\n") if isinstance(value := _line_value(line), dict))

    @cached_property
    def json(self) -> Any:
        """The value, with `NaN` and infinities as None. None where it is no JSON at all, or a value in each line.

        Raises:
            UnreadableError: it begins like JSON and is none.
        """
        if not self.looks_like_json or self.is_json_lines:
            return None
        try:
            return _decoded(self.text)
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
    def columns(self) -> tuple[str, ...]:
        """The names of a CSV's columns (or of a table with tabs or semicolons), or a text's first line; empty for JSON.

        Raises:
            UnreadableError: it is too wide.
        """
        header = next(self._cells(), []) if not self.looks_like_json else []
        if len(header) > _WIDEST:
            raise UnreadableError(f"it has more than {_WIDEST} columns")
        return tuple(name.strip() for name in header)

    def rows(self) -> Iterator[dict[str, str]]:
        """The rows of a table by the names of its columns, each made when it is asked for.

        Raises:
            UnreadableError: it is too wide, or broken.
        """
        if columns := self.columns:
            cells = self._cells()
            next(cells)
            yield from (dict(zip(columns, row, strict=False)) for row in cells if row)

    @cached_property
    def table(self) -> list[dict[str, str]]:
        """All rows at once, for what is small; raises as `rows` does."""
        return list(self.rows())

    def _cells(self) -> Iterator[list[str]]:
        lines = self.text.lstrip().split("\n")
        delimiter = max(",;\t", key=lines[0].count)
        try:
            yield from csv.reader(lines, delimiter=delimiter)
        except csv.Error as error:
            raise UnreadableError(f"it is no valid CSV: {error}") from None


def _decoded(text: str) -> Any:
    return json.loads(text, parse_constant=lambda _: None)


def _line_value(line: str) -> Any:
    try:
        return _decoded(line)
    except (ValueError, RecursionError):
        return None


def number(value: Any) -> float | None:
    """A figure of a JSON value or a cell; None for all else, such as true, text, null, a NaN or what is endless."""
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
    return found if math.isfinite(found) and abs(found) <= _GREATEST else None


def whole(value: Any) -> int | None:
    """A count of one or more; None for all else."""
    found = number(value)
    return int(found) if found is not None and found >= 1 else None


def numbers(value: Any) -> tuple[float, ...]:
    """The figures of a list, without what is none; empty for all else."""
    found = map(number, value) if isinstance(value, list) else ()
    return tuple(one for one in found if one is not None)


def figures(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, float]:
    """Those of an object's or a row's figures that have a name here, by that name."""
    found = ((name, number(values.get(key))) for key, name in names.items())
    return {name: value for name, value in found if value is not None}


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, without what is none; empty for all else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def mapping(value: Any) -> dict[str, Any]:
    """An object as it is; an empty one for all else."""
    return value if isinstance(value, dict) else {}


def words(value: Any) -> str:
    """A text as it is; an empty one for all else."""
    return value if isinstance(value, str) else ""


_ISO = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))? ?(Z|[+-]\d\d:?\d\d)?")
_IN_MILLISECONDS = 1e11  # a time since 1970 above this would be past the year 5000 in seconds


def moment(value: Any) -> datetime | None:
    """A time as files write it: ISO 8601, or seconds or milliseconds since 1970. None for all else."""
    try:
        if isinstance(value, str) and (match := _ISO.fullmatch(value.strip()[:50])):
            day, time, fraction, zone = match.groups()
            iso = f"{day}T{time}.{(fraction or '0')[:6]:0<6}"
            offset = "+00:00" if zone == "Z" else f"{zone[:3]}:{zone[-2:]}" if zone else ""
            return datetime.fromisoformat(iso + offset)
        if seconds := number(value):
            seconds = seconds / 1000 if seconds > _IN_MILLISECONDS else seconds
            return datetime.fromtimestamp(seconds, timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None
    return None

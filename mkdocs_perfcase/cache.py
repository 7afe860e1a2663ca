"""What pages yielded in an earlier run, kept for as long as neither they nor what they are held to change."""

from __future__ import annotations

import contextlib
import hashlib
import json
import platform
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import markdown
import pymdownx.__meta__ as pymdownx
import yaml

from mkdocs_perfcase import __version__
from mkdocs_perfcase.findings import Finding, Severity
from mkdocs_perfcase.rules import RULES
from mkdocs_perfcase.writing import write_whole

_KINDS = (int, int, str, str, int, str, str, str)
"""The types of a finding's fields behind its path."""


class Yield(NamedTuple):
    """What a page yielded: whether it is a record, and its findings."""

    is_record: bool
    findings: tuple[Finding, ...]


def digest(text: str) -> str:
    """What a text is known by."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def settings_key(*settings: object) -> str:
    """What everything besides a page's own text is known by: the settings, this package, and what it reads with."""
    stamps = [path.stat().st_mtime_ns for path in Path(__file__).parent.rglob("*.py")]
    readers = (markdown.__version__, pymdownx.__version__, yaml.__version__, platform.python_version())
    return digest(repr((__version__, max(stamps), readers, settings)))


@dataclass
class Cache:
    """One file in a folder. It may be lost, broken or shared with other runs at any time: then pages are read anew."""

    folder: Path
    key: str
    _pages: dict[str, list[Any]] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _changed: bool = False

    @property
    def _file(self) -> Path:
        return self.folder / "check.json"

    @property
    def _ignore(self) -> Path:
        return self.folder / ".gitignore"

    def load(self) -> Cache:
        """Take up what an earlier run with the same settings left."""
        with contextlib.suppress(OSError, ValueError, RecursionError):
            self._refuse_links()
            data = json.loads(self._file.read_bytes())
            if isinstance(data, dict) and data.get("key") == self.key and isinstance(data.get("pages"), dict):
                self._pages = data["pages"]
        return self

    def get(self, path: str, source: str) -> Yield | None:
        """What a page of this text yielded; None where that isn't known."""
        self._asked.add(path)
        try:
            known, is_record, findings = self._pages[path]
            if known == digest(source) and isinstance(is_record, bool):
                return Yield(is_record, tuple(_finding(path, values) for values in findings))
        except (KeyError, ValueError, TypeError):
            pass
        return None

    def put(self, path: str, source: str, result: Yield) -> None:
        """Keep what a page yielded."""
        self._pages[path] = [digest(source), result.is_record, [astuple(f)[1:] for f in result.findings]]
        self._changed = True

    def save(self, *, whole: bool) -> None:
        """Write it for later runs; a folder that can't be written to is left alone.

        Args:
            whole: whether the run asked for every page that there is, so that others are gone.
        """
        if not self._changed:
            return
        pages = {path: entry for path, entry in self._pages.items() if path in self._asked} if whole else self._pages
        with contextlib.suppress(OSError):
            self._refuse_links()
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self._ignore.exists():
                write_whole(self._ignore, b"*\n")
            write_whole(self._file, json.dumps({"key": self.key, "pages": pages}).encode())

    def _refuse_links(self) -> None:
        """A link among what was checked out, in the cache's place, must not lead a run to write elsewhere."""
        if any(path.is_symlink() for path in (self.folder.parent, self.folder, self._file, self._ignore)):
            raise OSError("a link stands in the cache's place")


def _finding(path: str, values: Any) -> Finding:
    line, column, code, rule, severity, *texts = values
    if tuple(map(type, values)) != _KINDS or RULES[rule].code != code:
        raise ValueError("no finding")
    return Finding(path, line, column, code, rule, Severity(severity), *texts)

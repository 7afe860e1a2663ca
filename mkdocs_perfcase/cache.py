"""What pages yielded in an earlier run, kept for as long as neither they nor what they are held to change."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from mkdocs_perfcase import __version__
from mkdocs_perfcase.findings import Finding, Severity

_READERS = ("markdown", "pymdownx", "yaml")
"""The packages that pages are read with."""


class Yield(NamedTuple):
    """What a page yielded: whether it is a record, and its findings."""

    is_record: bool
    findings: tuple[Finding, ...]


def digest(text: str) -> str:
    """What a text is known by."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def settings_key(*settings: object) -> str:
    """What everything besides a page's own text is known by: the settings, this package, and what it reads with."""
    readers = [
        (spec.origin, os.stat(spec.origin).st_mtime_ns) for spec in map(find_spec, _READERS) if spec and spec.origin
    ]
    return digest(repr((__version__, max(_stamps(os.path.dirname(__file__))), readers, sys.version, settings)))


def _stamps(folder: str) -> Iterator[int]:
    """When each file of a folder was changed, and of those below it."""
    for entry in os.scandir(folder):
        if not entry.is_dir():
            yield entry.stat().st_mtime_ns
        elif entry.name != "__pycache__":
            yield from _stamps(entry.path)


@dataclass
class Cache:
    """One file in a folder. It may be lost, broken or shared with other runs at any time: then pages are read anew."""

    folder: Path
    key: str
    usable: bool = False
    """Whether an earlier run had the same settings."""
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
            seal, _, pages = self._file.read_text(encoding="utf-8").partition("\n")
            if seal == self._seal(pages):
                self._pages = json.loads(pages)
                self.usable = True
        return self

    def _seal(self, pages: str) -> str:
        """What the file begins with: proof that all of it was written so, for these settings."""
        return digest(self.key + pages)

    def get(self, path: str, source: str) -> Yield | None:
        """What a page of this text yielded; None where that isn't known."""
        self._asked.add(path)
        known, is_record, findings = self._pages.get(path) or (None, False, ())
        if known != digest(source):
            return None
        return Yield(is_record, tuple(_finding(path, *values) for values in findings))

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
        from mkdocs_perfcase.writing import write_whole  # most runs change nothing

        kept = {path: entry for path, entry in self._pages.items() if path in self._asked} if whole else self._pages
        pages = json.dumps(kept)
        with contextlib.suppress(OSError):
            self._refuse_links()
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self._ignore.exists():
                write_whole(self._ignore, b"*\n")
            write_whole(self._file, f"{self._seal(pages)}\n{pages}".encode())

    def _refuse_links(self) -> None:
        """A link among what was checked out, in the cache's place, must not lead a run to write elsewhere."""
        if any(path.is_symlink() for path in (self.folder.parent, self.folder, self._file, self._ignore)):
            raise OSError("a link stands in the cache's place")


def _finding(path: str, line: int, column: int, code: str, rule: str, severity: int, *others: Any) -> Finding:
    return Finding(path, line, column, code, rule, Severity(severity), *others)

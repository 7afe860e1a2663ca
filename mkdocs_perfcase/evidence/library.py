"""The result files that a record may name: those under the docs folder and the repository's root, and no others."""

from __future__ import annotations

import datetime
import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from mkdocs_perfcase.evidence.files import LARGEST, file_content
from mkdocs_perfcase.evidence.history import History
from mkdocs_perfcase.evidence.series import Results, UnreadableError
from mkdocs_perfcase.evidence.spec import Trouble
from mkdocs_perfcase.telling import printable
from mkdocs_perfcase.text import quoted

MOST = 500
"""Files that one path may match."""
_DRIVE = re.compile(r"[A-Za-z]:|[\\/]{2}")
_MAGIC = re.compile(r"[*?\[]")


class Found(NamedTuple):
    """A result file: its name as the record gives it or as the glob matched it, where it is, and what it holds."""

    name: str
    path: Path
    results: Results


@dataclass(frozen=True)
class Library:
    """Where result files are looked for. Both folders are absolute.

    Args:
        docs: the docs folder, which pages' paths are relative to.
        root: the repository's root.
        largest: the bytes of a file that is read.
        history: what evidence's age is held against; None where it is not to be.
    """

    docs: Path
    root: Path
    largest: int = LARGEST
    history: History | None = None

    def results(self, patterns: Iterable[str], page: str, line: int) -> tuple[list[Found], list[Trouble]]:
        """What the files of some globs hold, in the order of their names, and what is wrong with the others.

        Args:
            patterns: the globs.
            page: the page that names them, by its path in the docs folder.
            line: the line on which it does.
        """
        found: list[Found] = []
        troubles: list[Trouble] = []
        for pattern in patterns:
            try:
                paths = self.paths(pattern, page)
            except UnreadableError as error:
                troubles.append(Trouble(line, True, f"evidence {_quoted(pattern)} is not read: {error}"))
                continue
            if not paths:
                missing = f"evidence {_quoted(pattern)} is missing"
                troubles.append(Trouble(line, True, missing, self._where(pattern, page)))
            for path in paths:
                name = self.name(path)
                try:
                    found.append(Found(name, path, _results(path, self.largest, _state(path))))
                except UnreadableError as error:
                    troubles.append(Trouble(line, False, f"evidence {name} can't be read: {error}"))
        return found, troubles

    def paths(self, pattern: str, page: str) -> list[Path]:
        """The files that a glob matches, without their links resolved.

        Raises:
            UnreadableError: it leads out of the docs folder and the repository, or matches too many files.
        """
        start, relative = self._start(pattern, page)
        if _DRIVE.match(pattern) or ".." in relative.split("/") or "\0" in pattern:
            raise UnreadableError("files are read below the docs folder or the repository's root only, without ..")
        try:
            found = sorted(islice(_matches(start, relative), MOST + 1))
        except (OSError, ValueError, NotImplementedError) as error:
            raise UnreadableError(getattr(error, "strerror", None) or str(error)) from None
        if len(found) > MOST:
            raise UnreadableError(f"it matches more than {MOST} files")
        for path in found:
            if not self._is_allowed(path):
                raise UnreadableError(f"{self.name(path)} leads out of the docs folder and the repository")
        return found

    def named(self, patterns: Iterable[str], page: str) -> Iterator[Path]:
        """What globs stand for, read or not: a path that isn't there, leads upwards or matches too many files, too."""
        for pattern in patterns:
            start, relative = _without_dots(*self._start(pattern, page))
            if not _MAGIC.search(relative):
                yield start / relative
                continue
            with suppress(OSError, ValueError, NotImplementedError):
                yield from _matches(start, relative)

    def folders(self, patterns: Iterable[str], page: str) -> set[Path]:
        """The folders in which the files that globs stand for are looked for."""
        patterns = list(patterns)
        starts = (self._start(pattern, page) for pattern in patterns)
        fixed = {start / posixpath.dirname(_MAGIC.split(relative)[0]) for start, relative in starts}
        found = fixed | {path.parent for path in self.named(patterns, page)}
        return {folder for folder in found if os.path.isdir(folder) and self._is_allowed(folder)}

    def stale(self, before: Iterable[Found], after: Iterable[Found], measures: Iterable[str], page: str) -> str:
        """Why evidence doesn't belong to what is there now; empty where it does, or where nobody can tell.

        Args:
            before: its files of the state before.
            after: its files of the state after, which must be as new as what they measure.
            measures: the globs of what they measure.
            page: the page that names them.
        """
        if self.history is None:
            return ""
        after = list(after)
        for found in (*before, *after):
            commit = found.results.commit
            if commit and self.history.lacks(commit):
                return f"{found.name} was measured at commit {commit[:10]}, which is not in the history"
        paths = [path for pattern in measures for path in self.paths(pattern, page)]
        changed = self.history.last_change(paths) if paths else None
        return _outdated(after, changed, self.history) if changed else ""

    def _start(self, pattern: str, page: str) -> tuple[Path, str]:
        """The folder that a glob is relative to, and the glob from there on."""
        start = self.root if pattern[:1] in "/\\" else self.docs / PurePosixPath(page).parent
        return start, pattern.replace("\\", "/").removeprefix("/")

    def _is_allowed(self, path: Path) -> bool:
        """Whether a path, its links resolved, is in the docs folder or the repository."""
        return any(path.resolve().is_relative_to(folder) for folder in self._folders)

    @cached_property
    def _folders(self) -> tuple[Path, Path]:
        """The two folders, their links resolved."""
        return self.docs.resolve(), self.root.resolve()

    def name(self, path: Path) -> str:
        """A file's path as people of the repository know it, in one line."""
        folder = next((one for one in (self.root, self.docs) if path.is_relative_to(one)), path.parent)
        return printable(os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "replace"))

    def _where(self, pattern: str, page: str) -> str:
        """Where a missing file was looked for."""
        if pattern[:1] in "/\\":
            return "it is looked for from the repository's root"
        folder = PurePosixPath(page).parent.as_posix()
        place = "the docs folder" if folder == "." else f"{folder} in the docs folder"
        return f"it is looked for from {place}; a leading / stands for the repository's root"


def _quoted(pattern: str) -> str:
    return quoted(printable(pattern))


def _outdated(after: Iterable[Found], changed: datetime.datetime, history: History) -> str:
    """Which file is older than a change, if any. Many measure first and then commit both: that is as new as it."""
    for found in after:
        at = moment(found)
        if at is None or at < changed:
            at = max(filter(None, (at, history.last_change([found.path]))), default=changed)
        if at < changed:
            return f"{found.name} is of {at:%Y-%m-%d}, and what it measures was changed on {changed:%Y-%m-%d}"
    return ""


def _without_dots(start: Path, relative: str) -> tuple[Path, str]:
    """The same place, told without `..` however it was written."""
    parts = PurePosixPath(posixpath.normpath(relative)).parts
    upwards = parts.count("..")  # all of them lead, then
    return Path(os.path.normpath(start.joinpath(*parts[:upwards]))), "/".join(parts[upwards:])


def _matches(start: Path, relative: str) -> Iterator[Path]:
    if not _MAGIC.search(relative):
        path = start / relative
        return iter([path] if path.exists() else [])
    return (path for path in start.glob(relative) if path.is_file() and not path.name.startswith("."))


def find_root(folder: Path) -> Path:
    """The repository that a folder is in, by its `.git`; the folder itself where it is in none."""
    folder = Path(os.path.abspath(folder))
    return next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)


def _state(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise UnreadableError(error.strerror or "it can't be read") from None
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=64)
def _results(path: Path, largest: int, state: tuple[int, int]) -> Results:
    """A file is read once however many entries name it; `state` tells a changed one, under a server that goes on."""
    from mkdocs_perfcase.evidence.readers import read_results  # of many tools, and few records need one

    return read_results(file_content(path, largest))


def moment(found: Found) -> datetime.datetime | None:
    """When a file's figures were taken, in universal time; one without a zone is taken for that."""
    taken = found.results.taken
    if taken is None:
        return None
    return taken.astimezone(datetime.timezone.utc) if taken.tzinfo else taken.replace(tzinfo=datetime.timezone.utc)

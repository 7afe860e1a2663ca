"""Result files on the disk, read with a limit."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from mkdocs_perfcase.evidence.content import Content
from mkdocs_perfcase.evidence.series import UnreadableError

LARGEST = 20_000_000
"""Bytes of a file that is read, unless another limit is given."""


def file_content(path: Path, largest: int = LARGEST) -> Content:
    """What a file holds.

    Raises:
        UnreadableError: there is none, it is too large, or it can't be read.
    """
    return Content(path.name, _data(path, largest), partial(_beside, path, largest))


def _data(path: Path, largest: int) -> bytes:
    try:
        if path.exists() and not path.is_file():  # a pipe would never end
            raise UnreadableError("it is a folder" if path.is_dir() else "it is no file")
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except OSError as error:
        raise UnreadableError(error.strerror or str(error)) from None
    if len(data) > largest:
        raise UnreadableError(f"it is larger than {largest / 1e6:g} MB")
    return data


def _beside(path: Path, largest: int, name: str) -> bytes | None:
    """A file of the same folder; None where there is none that can be read, or the name leads elsewhere."""
    other = path.parent / name
    is_plain = name and name.isprintable() and name == Path(name).name
    if not is_plain or other.is_symlink() or not other.is_file():
        return None
    try:
        return _data(other, largest)
    except UnreadableError:
        return None

"""Files, written whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_DEFAULT_MODE = 0o666
_OWN = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that others see either what was there before or all that is new. Links and modes are kept.

    Raises:
        OSError: it can't be written. What was there before stays.
    """
    real = Path(os.path.realpath(path))
    if real.exists() and not real.is_file():
        real.write_bytes(data)  # a device or a pipe can't be replaced
        return
    if real.exists() and not os.access(real, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))  # the folder's rights alone would let it pass
    with _beside(real, data) as name:
        os.replace(name, real)


def create_whole(path: Path, data: bytes) -> None:
    """Write a new file so that others see either none or all of it.

    Raises:
        FileExistsError: there is a file already, and it stays as it is.
        OSError: it can't be written.
    """
    with _beside(path, data) as name:
        try:
            os.link(name, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            path.touch(exist_ok=False)
            os.replace(name, path)


@contextmanager
def _beside(path: Path, data: bytes) -> Iterator[Path]:
    """A file of some data in the folder of another, with that one's mode; what isn't moved away is removed."""
    name = path.with_name(f".{path.name[:40]}.{os.urandom(8).hex()}")
    descriptor = os.open(name, _OWN, 0o600)  # as `tempfile` does, which takes longer to import than most pages to check
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.chmod(name, _mode(path))
        yield name
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)


def _mode(path: Path) -> int:
    """The mode of a file, or the one that a new file has here."""
    if path.exists():
        return path.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return _DEFAULT_MODE & ~mask

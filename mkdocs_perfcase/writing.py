"""Files, written whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

_DEFAULT_MODE = 0o666


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
    descriptor, name = tempfile.mkstemp(prefix=f".{real.name[:40]}.", dir=real.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.chmod(name, _mode(real))
        os.replace(name, real)
    except BaseException:
        os.unlink(name)
        raise


def _mode(path: Path) -> int:
    """The mode of a file, or the one that a new file has here."""
    if path.exists():
        return path.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return _DEFAULT_MODE & ~mask

"""Files written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from mkdocs_perfcase.cli.pages import shown
from mkdocs_perfcase.cli.usage import Usage


def write_whole(path: Path, data: bytes) -> None:
    """Put a file in place in one step, so that nobody ever finds half of it; a link's target in place of the link.

    Raises:
        Usage: it can't be written. What was there before is there still.
    """
    try:
        real = path.resolve()
        if real.exists() and not os.access(real, os.W_OK):
            raise PermissionError(13, os.strerror(13))
        _replace(real, data)
    except (OSError, RuntimeError) as error:  # older Pythons raise the latter for a loop of links
        raise Usage(f"cannot write {shown(path)}: {getattr(error, 'strerror', None) or 'a loop of links'}") from None


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, name)
        else:
            os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask

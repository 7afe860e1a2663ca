"""What is told to the user beside the output, and how paths are told."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from mkdocs_perfcase.text import printable


def tell(line: str) -> None:
    """Say something on standard error."""
    print(f"perfcase: {printable(line)}", file=sys.stderr, flush=True)


def shown(path: Path) -> str:
    """A path as it is told to the user: from the working folder where it lies below it."""
    absolute = Path(os.path.abspath(path))
    here = absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else path
    return os.fsencode(here.as_posix()).decode("utf-8", "replace")

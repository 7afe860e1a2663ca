"""What is told to the user beside the output, and how paths are told."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from mkdocs_perfcase.expression import expression

_UNPRINTABLE = expression(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def printable(text: str) -> str:
    """A text in one line that does nothing to a terminal: control characters are shown by their escapes."""
    return _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def tell(line: str) -> None:
    """Say something on standard error."""
    print(f"perfcase: {printable(line)}", file=sys.stderr, flush=True)


def shown(path: Path) -> str:
    """A path as it is told to the user: from the working folder where it lies below it."""
    absolute = Path(os.path.abspath(path))
    here = absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else path
    return os.fsencode(here.as_posix()).decode("utf-8", "replace")

"""What is said beside the output."""

from __future__ import annotations

import sys

from mkdocs_perfcase.text import printable


def tell(line: str) -> None:
    """Say something on standard error."""
    print(f"perfcase: {printable(line)}", file=sys.stderr, flush=True)

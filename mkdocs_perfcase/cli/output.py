"""Where a verb's output goes: standard output, or a file that is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TextIO

import click

from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.telling import shown


def is_colored(stream: TextIO) -> bool:
    """Whether a stream takes colours: a terminal does, unless the environment says otherwise."""
    if os.environ.get("NO_COLOR"):
        return False
    forced = os.environ.get("FORCE_COLOR", "")
    return forced not in ("", "0") or (stream.isatty() and os.environ.get("TERM") != "dumb")


def write(text: str, output: Path | None, *, color: bool = False) -> None:
    """Write a text to a file, or to standard output where none is named."""
    if output is None:
        click.echo(text, nl=False, color=color)
        return
    from mkdocs_perfcase.writing import write_whole  # most verbs write no file, and hooks start often

    try:
        write_whole(output, text.encode("utf-8", "replace"))
    except OSError as error:
        raise Usage(f"cannot write {shown(output)}: {error.strerror}") from None

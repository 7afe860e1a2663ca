"""Changes to a page: shown, or written unless somebody else changed it meanwhile."""

from __future__ import annotations

import difflib
import io
from pathlib import Path

import click

from mkdocs_perfcase.cli.output import write
from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.telling import shown


def write_changed(file: Path, source: str, text: str, verb: str) -> None:
    """Write a page's new text, unless somebody else wrote one since it was read.

    Args:
        file: the page.
        source: its text as it was read.
        text: the new one.
        verb: what to run again.
    """
    try:
        unchanged = file.read_bytes() == source.encode()
    except OSError as error:
        raise Usage(f"cannot read {shown(file)}: {error.strerror}") from None
    if not unchanged:
        raise Usage(f"{shown(file)} was changed meanwhile and is left as it is; run `perfcase {verb}` again")
    write(text, file)


def show_diff(file: Path, *texts: str) -> None:
    """Print the difference between a page's text and a new one."""
    name = shown(file)
    # only "\n" ends a line of a diff, and StringIO, unlike splitlines, knows no other
    old, new = (list(io.StringIO(text, newline="\n")) for text in texts)
    for line in difflib.unified_diff(old, new, f"a/{name}", f"b/{name}"):
        click.echo(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n", nl=False)

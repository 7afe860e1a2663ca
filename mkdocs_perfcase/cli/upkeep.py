"""Files that a verb generates, and that live among the author's own: brought up to date, or only looked at."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import click

from mkdocs_perfcase.cli.output import write
from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.telling import shown

check_option = click.option(
    "--check", is_flag=True, help="Write nothing; exit 1 where a run would change what is written."
)


class Generated(NamedTuple):
    """A file as it is (None where there is none) and as it should be."""

    path: Path
    present: str | None
    wanted: str


def present_text(path: Path) -> str | None:
    """A file's text; None where there is no file."""
    try:
        return path.read_bytes().decode("utf-8") if path.is_file() else None
    except OSError as error:
        raise Usage(f"cannot read {shown(path)}: {error.strerror}") from None
    except UnicodeError:
        raise Usage(f"cannot read {shown(path)}: it is not UTF-8 text") from None


def bring_up_to_date(files: Collection[Generated], *, check: bool, command: tuple[str, ...]) -> None:
    """Write what isn't as it should be; under `check` only say so, and exit 1.

    Args:
        files: the files.
        check: whether to write nothing.
        command: the command that writes them.
    """
    stale = [file for file in files if file.present != file.wanted]
    for path, present, wanted in files:
        if present == wanted:
            click.echo(f"{shown(path)} is up to date")
        elif check:
            click.echo(f"{shown(path)} is {'stale' if present else 'missing'}; `{shlex.join(command)}` mends it")
        else:
            write(wanted, path)
            click.echo(f"{shown(path)} is written")
    sys.exit(1 if check and stale else 0)

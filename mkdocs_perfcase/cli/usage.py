"""What is said to the user beside a verb's output: above all wrong use, in one line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from mkdocs_perfcase.text import printable


class Usage(click.ClickException):
    """Wrong use or configuration: one line, exit 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the line."""
        tell(self.format_message())


class Interrupted(Usage):
    """Ended by the user, with the exit code that shells give it."""

    exit_code = 130


def tell(line: str) -> None:
    """Say something beside the output, on standard error."""
    click.echo(f"perfcase: {printable(line)}", err=True)


def shown(path: Path) -> str:
    """A path as it is told to the user: from the working folder where it lies below it."""
    absolute = Path(os.path.abspath(path))
    here = absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else path
    return os.fsencode(here.as_posix()).decode("utf-8", "replace")

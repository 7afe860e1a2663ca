"""What is said beside a verb's output: above all wrong use, in one line."""

from __future__ import annotations

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

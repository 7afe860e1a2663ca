"""Wrong use, told in one line."""

from __future__ import annotations

from typing import Any

import click


class Usage(click.ClickException):
    """Wrong use or configuration: one line, exit 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the line."""
        click.echo(f"perfcase: {self.format_message()}", err=True)

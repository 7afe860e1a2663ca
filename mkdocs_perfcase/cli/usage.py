"""How a verb ends that can't go on: in one line, on standard error."""

from __future__ import annotations

from typing import Any

import click

from mkdocs_perfcase.telling import tell


class Usage(click.ClickException):
    """Wrong use or configuration: one line, exit 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the line."""
        tell(self.format_message())


class Interrupted(Usage):
    """Ended by the user, with the exit code that shells give it."""

    exit_code = 130

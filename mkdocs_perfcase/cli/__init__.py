"""Adapter to the command line, `perfcase`: a module for each verb, imported when the verb is used."""

from __future__ import annotations

from importlib import import_module

import click

from mkdocs_perfcase import __version__

VERBS = ("check", "new", "fix", "baseline", "rules", "explain")
"""The verbs in the order of the help. Each is the `command` of the module of its name, and named here only."""


class _Verbs(click.Group):
    """Imports a verb's module when it is asked for: hooks start often, and most verbs need little."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return command


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="perfcase")
def main() -> None:
    """Check performance optimization records: their form, their numbers and their acceptance criteria."""

"""Adapter to the command line, `perfcase`: a module for each verb, imported when the verb is used."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from importlib import import_module

import click

from mkdocs_perfcase import __version__

VERBS = (
    "check",
    "new",
    "fix",
    "baseline",
    "rules",
    "explain",
    "export",
    "evidence",
    "record",
    "index",
    "assets",
    "schema",
    "lsp",
)
"""The verbs in the order of the help. Each is the `command` of the module of its name, and named here only."""


def verb(name: str) -> click.Command:
    """The command of a verb."""
    command: click.Command = import_module(f"{__name__}.{name}").command
    return command


class _Verbs(click.Group):
    """Imports a verb's module when it is asked for: hooks start often, and most verbs need little."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        return verb(cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # "−" must not end a run where the encoding hasn't got it
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, click.Abort, OSError) as error:
            if getattr(error, "errno", None) == errno.EPIPE:
                raise  # click ends quietly
            raise _ended(error) from None


def _ended(error: BaseException) -> click.ClickException:
    """What to say when a run can't be brought to its end: interrupted, or a full disk."""
    from mkdocs_perfcase.cli.usage import Interrupted, Usage

    if isinstance(error, KeyboardInterrupt | click.Abort):
        return Interrupted("interrupted")
    with contextlib.suppress(OSError):  # what could not be written must not be tried again at the very end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Usage(f"cannot go on: {getattr(error, 'strerror', None) or error}")


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="perfcase")
def main() -> None:
    """Check performance optimization records: their form, their numbers and their acceptance criteria."""

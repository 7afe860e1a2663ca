"""`perfcase lsp`: the language server, for editors."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from mkdocs_perfcase.cli.opening import config_option
from mkdocs_perfcase.cli.sites import Sites
from mkdocs_perfcase.cli.usage import Usage


@click.command("lsp")
@config_option
@click.option("--stdio", is_flag=True, hidden=True)  # editors give it to every server; there is no other way here
def command(config_file: Path | None, stdio: bool) -> None:
    """Serve an editor: findings, explanations and mends while a record is being written.

    Editors start it, and talk with it over standard input and output. It needs the extra `lsp`.
    """
    try:
        from mkdocs_perfcase.lsp import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise Usage('the language server needs pygls: pip install "mkdocs-perfcase[lsp]"') from None
    serve(partial(Sites, config_file))

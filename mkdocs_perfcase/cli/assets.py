"""`perfcase assets`: stylesheet and script as files, for hosts without plugins."""

from __future__ import annotations

from pathlib import Path

import click

from mkdocs_perfcase.cli.upkeep import Generated, bring_up_to_date, check_option, present_text
from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.resources import SCRIPT, STYLESHEET, asset
from mkdocs_perfcase.source import unified
from mkdocs_perfcase.telling import shown

_MARK = "/* Written by perfcase assets, and replaced by its next run: set colours in a stylesheet of your own. */\n"


@click.command("assets")
@click.option(
    "--write", "folder", type=click.Path(path_type=Path), metavar="FOLDER", required=True, help="Where to put them."
)
@check_option
def command(folder: Path, check: bool) -> None:
    """Write the stylesheet and the script of records' pages to a folder, for hosts that load no plugin.

    Name them under `extra_css` and `extra_javascript`.
    """
    files = [_generated(folder / Path(name).name, asset(name)) for name in (STYLESHEET, SCRIPT)]
    if not check:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Usage(f"cannot write to {shown(folder)}: {error.strerror}") from None
    bring_up_to_date(files, check=check, command=("perfcase", "assets", "--write", shown(folder)))


def _generated(path: Path, text: str) -> Generated:
    present = present_text(path)
    present = None if present is None else unified(present)  # as git may have checked it out
    if present is not None and not present.startswith(_MARK):
        raise Usage(f"{shown(path)} is a file of yours and is left as it is; name another folder")
    return Generated(path, present, _MARK + text)

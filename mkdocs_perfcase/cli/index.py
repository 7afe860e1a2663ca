"""`perfcase index`: the index as a page of Markdown, for hosts without plugins."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import click

from mkdocs_perfcase.cli.opening import config_option
from mkdocs_perfcase.cli.output import write
from mkdocs_perfcase.cli.records import site_records
from mkdocs_perfcase.cli.upkeep import Generated, bring_up_to_date, check_option, present_text
from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.index_page import START, index_part, page_with, updated
from mkdocs_perfcase.index_view import index_view
from mkdocs_perfcase.telling import shown


@click.command("index")
@config_option
@click.option(
    "--write",
    "target",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write it to a page; what stands there around it stays.",
)
@check_option
def command(config_file: Path | None, target: Path | None, check: bool) -> None:
    """Print the index of all records as a page of Markdown, for hosts that load no plugin.

    On a page of your own it stands below the line <!-- perfcase: index -->; without that line the page is left alone.
    """
    if check and target is None:
        raise Usage("--check needs the page to look at: --write FILE")
    pages, records = site_records(config_file)
    page = target or pages.site.docs / (pages.project.options.index or "index.md")
    docs, folder = pages.site.docs.resolve(), page.parent.resolve()

    def address(path: str) -> str:
        return quote(Path(os.path.relpath(docs / path, folder)).as_posix())

    part = index_part(index_view(records), address)
    if target is None:
        write(page_with(part), None)
        return
    present = present_text(target)
    wanted = page_with(part) if present is None else _updated(target, present, part)
    named = ("--config-file", str(config_file)) if config_file else ()
    command = ("perfcase", "index", *named, "--write", shown(target))
    bring_up_to_date([Generated(target, present, wanted)], check=check, command=command)


def _updated(page: Path, present: str, part: str) -> str:
    """A page of the author's with the index in its place."""
    try:
        wanted = updated(present, part)
    except RecursionError:
        raise Usage(f"cannot read {shown(page)}: its lists or quotes are nested too deeply") from None
    if wanted is None:
        raise Usage(f"{shown(page)} has no line {START} and is left as it is; put that where the index belongs")
    return wanted

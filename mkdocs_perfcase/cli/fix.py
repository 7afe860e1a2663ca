"""`perfcase fix`: safe mends, written or only shown."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import click

from mkdocs_perfcase.cli.changing import show_diff, write_changed
from mkdocs_perfcase.cli.opening import config_option, open_site
from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.mend import Mended, mend
from mkdocs_perfcase.mend.edits import Edit
from mkdocs_perfcase.pages import Pages
from mkdocs_perfcase.report import counted
from mkdocs_perfcase.telling import shown

_PLURALS = {"box": "boxes", "criterion": "criteria"}


@click.command("fix")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@config_option
@click.option("--diff", is_flag=True, help="Show what would change and write nothing; exit 1 if anything would.")
def command(paths: tuple[Path, ...], config_file: Path | None, diff: bool) -> None:
    """Mend what can be mended safely in files and folders; without any, in the site's docs folder.

    Fills in and corrects stated improvements, puts in blank lines without which a list or table doesn't show, writes
    [X] as [x], and adds missing sections and criteria from the template, unfilled and open. It never ticks a box, and
    leaves alone what is ignored or accepted.
    """
    pages = Pages(*open_site(config_file))
    done: list[tuple[Edit, ...]] = []
    for file in pages.files(paths):
        source = pages.read(file, marked=True)
        mended = None if source is None else mend(source, partial(pages.study, file))
        if source is None or mended is None or not mended.edits:
            continue
        try:
            show_diff(file, source, mended.text) if diff else _write(file, source, mended)
            done.append(mended.edits)
        except Usage as error:
            error.show()
            pages.unreadable = True
    click.echo(_summary(done, diff), err=diff)
    sys.exit(2 if pages.unreadable else 1 if diff and done else 0)


def _write(file: Path, source: str, mended: Mended) -> None:
    write_changed(file, source, mended.text, "fix")
    click.echo(f"{shown(file)}: {_told(mended.edits)}")


def _told(edits: Iterable[Edit]) -> str:
    """How many mends there are of each kind."""
    kinds: Counter[str] = Counter()
    for edit in edits:
        kinds[edit.kind] += edit.size
    return ", ".join(counted(number, kind, _PLURALS.get(kind)) for kind, number in kinds.items())


def _summary(done: list[tuple[Edit, ...]], diff: bool) -> str:
    if not done:
        return "perfcase: nothing to mend"
    number = sum(edit.size for edits in done for edit in edits)
    what = f"{counted(number, 'mend')} in {counted(len(done), 'file')}"
    return f"perfcase: {what}, not written; run it without --diff to do so" if diff else f"perfcase: {what}"

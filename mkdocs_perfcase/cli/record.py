"""`perfcase record`: result files written into a record, as its evidence and the rows of its comparison."""

from __future__ import annotations

import glob
import os
import re
import shlex
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from mkdocs_perfcase.cli.changing import show_diff, write_changed
from mkdocs_perfcase.cli.opening import config_option, open_site
from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.evidence.effect import ENOUGH
from mkdocs_perfcase.evidence.library import Library
from mkdocs_perfcase.evidence.measured import Measured, UnfitError
from mkdocs_perfcase.evidence.series import UnreadableError
from mkdocs_perfcase.evidence.spec import STATISTICS, STATISTICS_TOLD
from mkdocs_perfcase.mend.edits import edited
from mkdocs_perfcase.mend.entries import RefusedError, entry_edits
from mkdocs_perfcase.mend.page import Page
from mkdocs_perfcase.mend.recording import Asked, Metric, Recorded, Recording, Side, filling, metrics_asked
from mkdocs_perfcase.mend.rows import HEADINGS, new_table
from mkdocs_perfcase.pages import Pages
from mkdocs_perfcase.telling import printable, shown, tell
from mkdocs_perfcase.template import Role
from mkdocs_perfcase.text import quoted

_OPTION = re.compile(r"`(select|statistic)`")


@click.command("record")
@click.argument("files", nargs=-1, metavar="BEFORE AFTER")
@config_option
@click.option("--in", "record", type=click.Path(path_type=Path), help="The record. [default: print what to paste]")
@click.option("--metric", default="", help="The row's name. [default: the empty row that fits, or the files' own name]")
@click.option(
    "--select", default="", metavar="NAME", help="Which benchmark of the files, as `perfcase evidence` lists."
)
@click.option("--select-after", default="", metavar="NAME", help="The same for AFTER, where it is called otherwise.")
@click.option("--statistic", default="", metavar="NAME", help="Which statistic, such as p95. [default: median]")
@click.option(
    "--values/--no-values",
    default=True,
    show_default=True,
    help="Type the values into the table, or leave its cells to the build.",
)
@click.option("--force", is_flag=True, help="Replace values that are typed there and that the files don't bear out.")
@click.option("--diff", is_flag=True, help="Show what would change and write nothing; exit 1 if anything would.")
def command(
    files: tuple[str, ...],
    config_file: Path | None,
    record: Path | None,
    metric: str,
    select: str,
    select_after: str,
    statistic: str,
    values: bool,
    force: bool,
    diff: bool,
) -> None:
    """Write the comparison and the evidence of result files into a record.

    BEFORE and AFTER are a result file each, or several of them: a glob in quotes. Four files or more a side prove a
    difference; one a side is one run.
    """
    pages = Pages(*open_site(config_file))
    before, after = _two(files)
    if record is None and (diff or force):
        raise Usage("--diff and --force need --in, which names the record")
    if select_after and not select:
        raise Usage("--select-after needs --select, which names the benchmark before")
    if statistic and not STATISTICS.fullmatch(statistic):
        raise Usage(f"unknown statistic {quoted(statistic)}; use {STATISTICS_TOLD}")
    place = _Place(pages, record)
    sides = place.side(before, select), place.side(after, select_after or select)
    if sides[0].found == sides[1].found and sides[0].select == sides[1].select:
        raise Usage("BEFORE and AFTER are the same; tell two benchmarks of it apart with --select and --select-after")
    least = pages.project.options.min_effect / 100
    asked = Asked(*sides, least, " ".join(metric.split()), statistic, values, force)
    try:
        _print(pages, asked) if record is None else _record(pages, record, asked, diff)
    except (UnfitError, RefusedError) as error:
        raise Usage(_told(record, error)) from None


def _two(files: tuple[str, ...]) -> tuple[str, str]:
    if len(files) != 2:
        given = f"there are {len(files)}" if files else "there is none"
        raise Usage(f'name BEFORE and AFTER, two arguments; {given}. Put a glob in quotes: "bench/before/*.json"')
    return files[0], files[1]


def _told(record: Path | None, error: UnfitError | RefusedError) -> str:
    hint = _OPTION.sub(r"--\1", error.hint) if isinstance(error, UnfitError) else ""
    place = f"{shown(record)} is left as it is: " if record else ""
    return f"{place}{error}; {hint}" if hint else f"{place}{error}"


@dataclass(frozen=True)
class _Place:
    """Where a record is, from which it names its files; by itself, what is to be pasted somewhere."""

    pages: Pages
    record: Path | None

    def side(self, given: str, select: str) -> Side:
        """The files of one side, as they are named from the working folder."""
        path = self._path(given)
        try:
            there = self._library.paths(path, self._page)
        except UnreadableError as error:
            raise Usage(f"cannot read {given}: {error}") from None
        if not there:
            raise Usage(f"cannot read {given}: no such file")
        found, troubles = self._library.results([path], self._page, 0)
        for trouble in troubles:
            raise Usage(trouble.message)
        return Side(path, found, " ".join(select.split()))

    def _path(self, given: str) -> str:
        """A file or a glob as the record names it: from its own folder or the repository's root, as is shorter."""
        here = glob.escape(os.getcwd())
        pattern = Path(os.path.normpath(os.path.join(here, glob.escape(given) if os.path.isfile(given) else given)))
        named = [f"/{pattern.relative_to(root).as_posix()}" for root in self._below(pattern, self._library.root)]
        if self.record is not None and self.pages.within_docs(self.record):
            folder = self._library.docs / Path(self._page).parent
            named += [pattern.relative_to(one).as_posix() for one in self._below(pattern, folder)]
        if not named:
            folders = f"{shown(self._library.docs)} and {shown(self._library.root)}"
            raise Usage(
                f"cannot read {given}: a record's evidence lies below its docs folder or its repository, {folders}"
            )
        return min(named, key=len)

    def _below(self, pattern: Path, folder: Path) -> list[Path]:
        escaped = Path(glob.escape(str(folder)))
        return [escaped] if pattern.is_relative_to(escaped) else []

    @property
    def _page(self) -> str:
        return self.pages.name(self.record) if self.record else ""

    @property
    def _library(self) -> Library:
        library = self.pages.project.library
        assert library is not None  # a site has a docs folder
        return library


def _print(pages: Pages, asked: Asked) -> None:
    """Print what to paste into a record."""
    metrics = metrics_asked(asked)
    form = pages.project.template.role(Role.COMPARISON)
    front = edited("", entry_edits("", [metric.entry for metric in metrics])).text
    table = new_table([filling(metric, asked) for metric in metrics], (form and form.columns) or HEADINGS)
    click.echo("\n".join([front, *table]))
    _tell_all(metrics, asked)


def _record(pages: Pages, file: Path, asked: Asked, diff: bool) -> None:
    """Write it into a record."""
    if not file.is_file():
        raise Usage(f"cannot read {shown(file)}: {'it is no file' if file.exists() else 'no such file'}")
    source = pages.read(file, marked=True)
    read = partial(pages.study, file)
    page = Page.read(source, read) if source is not None else None
    if source is None or pages.unreadable:
        sys.exit(2)
    if page is None:
        raise Usage(f"{shown(file)} is no record; `perfcase new` starts one")
    done = Recording(page, asked, read).outcome()
    for line in done.differing:
        tell(f"{shown(file)}: {line}")
    if done.differing:
        tell(f"{shown(file)} is left as it is; --force replaces what the files don't bear out")
        sys.exit(1)
    _tell_all(done.metrics, asked)
    for name in done.left:
        tell(f"{quoted(name)}: its cells are left to the build, as a value typed there would be read as another")
    _write(file, source, done, diff)


def _write(file: Path, source: str, done: Recorded, diff: bool) -> None:
    name = shown(file)
    if done.text == source:
        click.echo(f"{name} says all that already", err=diff)
        return
    if diff:
        show_diff(file, source, done.text)
        tell("not written; run it without --diff to do so")
        sys.exit(1)
    write_changed(file, source, done.text, "record")
    click.echo(f"{name} is written; `{shlex.join(['perfcase', 'check', name])}` holds it against its files")


def _tell_all(metrics: list[Metric] | tuple[Metric, ...], asked: Asked) -> None:
    """Say what was measured, and how far it goes."""
    for metric in metrics:
        noise = "; within the noise, so its cells are left to the build" if _is_left(metric, asked) else ""
        tell(f"{quoted(str(metric.entry['metric']))}: {_measured(metric.measured)}{noise}")
    fewest = min(len(asked.before.found), len(asked.after.found))
    if fewest < ENOUGH:
        tell(f"{_counted(fewest)} a side: {ENOUGH} or more would prove a difference; name them with a glob in quotes")


def _is_left(metric: Metric, asked: Asked) -> bool:
    """Whether values are not typed that were to be."""
    return asked.typed and not filling(metric, asked).typed


def _measured(measured: Measured) -> str:
    before, after = measured.texts
    return printable(f"{before} → {after}, {measured.told}, {measured.runs} of {measured.tool}")


def _counted(files: int) -> str:
    return "one file" if files == 1 else f"{files} files"

"""`perfcase check`: the findings of files and folders."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import click

from mkdocs_perfcase.cache import Cache, Yield, settings_key
from mkdocs_perfcase.cli.naming import rules_named
from mkdocs_perfcase.cli.opening import config_option, open_site
from mkdocs_perfcase.cli.output import is_colored, write
from mkdocs_perfcase.cli.studying import Source, study_all
from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.findings import Finding, Severity
from mkdocs_perfcase.formats import FORMATS, Look
from mkdocs_perfcase.pages import Pages, is_page, ungated
from mkdocs_perfcase.report import Report
from mkdocs_perfcase.rules import RULES
from mkdocs_perfcase.telling import shown

_GRAVITIES = [severity.name.lower() for severity in Severity if severity]
_STDIN = "-"


@click.command("check")
@click.argument("paths", nargs=-1)
@config_option
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="How to tell them."
)
@click.option("--output", type=click.Path(path_type=Path), help="Write there instead of to standard output.")
@click.option("--select", multiple=True, metavar="RULES", help="Only these: names, codes, or how codes begin (PC3).")
@click.option("--ignore", multiple=True, metavar="RULES", help="All but these.")
@click.option(
    "--fail-on",
    type=click.Choice(_GRAVITIES),
    default="warning",
    show_default=True,
    help="How grave a finding must be to make the exit code 1.",
)
@click.option(
    "--strict/--no-strict", default=None, help="Whether an open acceptance criterion counts. [default: strict]"
)
@click.option("--stdin-filename", metavar="PATH", help="The page that standard input stands for.")
@click.option("--show-source/--no-show-source", default=True, help="Show the line that a finding is about.")
@click.option("-q", "--quiet", is_flag=True, help="Nothing but findings.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes to use. [default: as many as pay]")
@click.option("--cache/--no-cache", default=True, help="Whether to use what earlier runs found. [default: cache]")
def command(
    paths: tuple[str, ...],
    config_file: Path | None,
    form: str,
    output: Path | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    strict: bool | None,
    stdin_filename: str | None,
    show_source: bool,
    quiet: bool,
    jobs: int | None,
    cache: bool,
) -> None:
    """Print the findings of files, folders and globs; without any, of the site's docs folder.

    A path of - stands for standard input.
    """
    chosen = (rules_named(select) if select else RULES.keys()) - rules_named(ignore)
    pages = Pages(*open_site(config_file))
    if not quiet and (missed := ungated(pages.site)):
        pages.tell(missed)
    known = _cache(pages) if cache else None
    sources = list(_sources(pages, paths, stdin_filename))
    findings, records = _gathered(pages, study_all(pages, sources, known, jobs, quiet))
    if known:
        known.save(whole=not paths)
    report = Report(
        findings=tuple(finding for finding in findings if finding.rule in chosen),
        records=records,
        fail_on=Severity[fail_on.upper()],
        strict=strict if strict is not None else pages.project.options.strict is not False,
    )
    look = Look(source=show_source, summary=not quiet, color=output is None and is_colored(sys.stdout))
    write(FORMATS[form](report, look), output, color=look.color)
    sys.exit(2 if pages.unreadable else 1 if report.failed else 0)


def _sources(pages: Pages, paths: tuple[str, ...], stdin_filename: str | None) -> Iterator[Source]:
    """What is to be checked, each page once; standard input comes before the file that it stands for."""
    if _STDIN in paths:
        file = Path(stdin_filename or _STDIN)
        text = pages.decoded(file, sys.stdin.buffer.read())
        if pages.is_new(file) and text is not None:
            yield Source(file, text)
    elif stdin_filename:
        raise Usage("--stdin-filename names what is read from standard input; add - to the paths")
    named = [Path(path) for given in paths if given != _STDIN for path in _expanded(given)]
    for file in pages.files(named) if named or not paths else ():
        if (text := pages.read(file)) is not None:
            yield Source(file, text)


def _expanded(path: str) -> Iterable[str]:
    """A glob's pages and folders, where the shell left it; else the path itself."""
    if os.path.lexists(path) or not glob.has_magic(path):
        return [path]
    found = sorted(glob.glob(path, recursive=True))
    return [one for one in found if os.path.isdir(one) or is_page(one)] or [path]


def _cache(pages: Pages) -> Cache:
    site, project = pages.site, pages.project
    key = settings_key(
        site.options, project.template.source, project.baseline.text(), site.extensions, site.extension_configs
    )
    return Cache(site.folder / ".cache" / "perfcase", key).load()


def _gathered(pages: Pages, studied: Iterable[tuple[Path, Yield]]) -> tuple[list[Finding], int]:
    """All findings in order, those on the site's settings among them, and the number of records."""
    found = list(pages.of_settings())
    records = 0
    for file, result in studied:
        records += result.is_record
        found += (replace(finding, path=shown(file)) for finding in result.findings)
    return sorted(found, key=lambda finding: finding.place), records

"""`perfcase check`: the findings of files and folders."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mkdocs_perfcase.cache import Cache, Yield, settings_key
from mkdocs_perfcase.cli.opening import config_option, project_for, site_of
from mkdocs_perfcase.cli.output import is_colored, write
from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.files import Files, Source, is_page, ungated
from mkdocs_perfcase.findings import Finding, Severity
from mkdocs_perfcase.formats import NAMES, Look, format_named
from mkdocs_perfcase.publishing import exposed
from mkdocs_perfcase.report import Report
from mkdocs_perfcase.site import Site
from mkdocs_perfcase.telling import shown

if TYPE_CHECKING:
    from mkdocs_perfcase.check import Project

_GRAVITIES = [severity.name.lower() for severity in Severity if severity]
_STDIN = "-"


@click.command("check")
@click.argument("paths", nargs=-1)
@config_option
@click.option("--format", "form", type=click.Choice(NAMES), default="text", show_default=True, help="How to tell them.")
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
    wanted = _wanted(select, ignore)
    site = site_of(config_file)
    known = _cache(site) if cache else None
    project = None if known and known.usable else project_for(site)  # what can't be used is told before anything else
    files = Files(site)
    if not quiet and (missed := ungated(site)):
        files.tell(missed)
    sources = list(_sources(files, paths, stdin_filename))
    if not quiet and (copied := exposed(site, ((files.name(one.file), one.text) for one in sources if one.is_page))):
        files.tell(copied)
    findings, records = _gathered(_studied(files, sources, project, known, jobs, quiet))
    if known:
        known.save(whole=not paths)
    report = Report(
        findings=tuple(filter(wanted, findings)),
        records=records,
        fail_on=Severity[fail_on.upper()],
        strict=strict if strict is not None else site.options.get("strict") is not False,
    )
    look = Look(source=show_source, summary=not quiet, color=output is None and is_colored(sys.stdout))
    write(format_named(form)(report, look), output, color=look.color)
    sys.exit(2 if files.unreadable else 1 if report.failed else 0)


def _wanted(select: tuple[str, ...], ignore: tuple[str, ...]) -> Callable[[Finding], bool]:
    """Whether a finding is asked for."""
    if not select and not ignore:
        return lambda _: True
    from mkdocs_perfcase.cli.naming import rules_named  # the rules take long to import

    selected, ignored = rules_named(select), rules_named(ignore)
    return lambda finding: (finding.rule in selected or not select) and finding.rule not in ignored


def _sources(files: Files, paths: tuple[str, ...], stdin_filename: str | None) -> Iterator[Source]:
    """What is to be checked, each page once, then the settings; standard input comes before its file."""
    if _STDIN in paths:
        file = Path(stdin_filename or _STDIN)
        text = files.decoded(file, sys.stdin.buffer.read())
        if files.is_new(file) and text is not None:
            yield Source(file, text)
    elif stdin_filename:
        raise Usage("--stdin-filename names what is read from standard input; add - to the paths")
    named = [Path(path) for given in paths if given != _STDIN for path in _expanded(given)]
    for file in files.files(named) if named or not paths else ():
        if (text := files.read(file)) is not None:
            yield Source(file, text)
    if files.site.config is not None:
        yield Source(files.site.config, files.settings(), is_page=False)


def _expanded(path: str) -> Iterable[str]:
    """A glob's pages and folders, where the shell left it; else the path itself."""
    if os.path.lexists(path):
        return [path]
    import glob  # few paths are left to it, since most shells resolve them

    if not glob.has_magic(path):
        return [path]
    found = sorted(glob.glob(path, recursive=True))
    return [one for one in found if os.path.isdir(one) or is_page(one)] or [path]


def _cache(site: Site) -> Cache:
    held_to = [site.text_of(site.options.get(name)) for name in ("template", "baseline")]
    key = settings_key(site.options, *held_to, site.extensions, site.extension_configs)
    return Cache(site.folder / ".cache" / "perfcase", key).load()


def _studied(
    files: Files, sources: list[Source], project: Project | None, cache: Cache | None, jobs: int | None, quiet: bool
) -> Iterator[tuple[Path, Yield]]:
    """What each page yields, and the settings: as an earlier run found it, or found now."""
    todo: list[Source] = []
    for source in sources:
        known = cache.get(files.name(source.file), source.text) if cache else None
        if known is None:
            todo.append(source)
        else:
            yield source.file, known
    if todo:
        from mkdocs_perfcase.cli.studying import study_all  # takes long to import

        yield from study_all(files, project or project_for(files.site), todo, cache, jobs, quiet)


def _gathered(studied: Iterable[tuple[Path, Yield]]) -> tuple[list[Finding], int]:
    """All findings in order, and the number of records."""
    found: list[Finding] = []
    records = 0
    for file, result in studied:
        records += result.is_record
        path = shown(file) if result.findings else ""
        found += (replace(finding, path=path) for finding in result.findings)
    return sorted(found, key=lambda finding: finding.place), records

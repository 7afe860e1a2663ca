"""Adapter to the command line: `perfcase` and `python -m mkdocs_perfcase`."""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from mkdocs_perfcase import __version__
from mkdocs_perfcase.check import Page, Project, Study
from mkdocs_perfcase.examples import findings
from mkdocs_perfcase.findings import Finding, Severity, find_rule
from mkdocs_perfcase.options import OptionError, read_options
from mkdocs_perfcase.report import fails, summary_line
from mkdocs_perfcase.rules import RULES
from mkdocs_perfcase.site import Site, SiteError, find_config, load_site
from mkdocs_perfcase.source import split_front_matter
from mkdocs_perfcase.text import look_alike
from mkdocs_perfcase.tree import parse

_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")
_GRAVITIES = [severity.name.lower() for severity in Severity if severity]

_config_option = click.option(
    "--config-file", type=click.Path(path_type=Path), help="The site's mkdocs.yml; by default the one found upwards."
)


class _Usage(click.ClickException):
    """Wrong use or configuration: one line, exit 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(f"perfcase: {self.format_message()}", err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="perfcase")
def main() -> None:
    """Check performance optimization records: their form, their numbers and their acceptance criteria."""


def _open_site(config_file: Path | None) -> tuple[Site, Project]:
    if config_file is not None and not config_file.is_file():
        raise _Usage(f"no configuration file at {config_file}")
    try:
        start = Path.cwd()
    except OSError:
        raise _Usage("the working folder is gone") from None
    try:
        site = load_site(config_file or find_config(start), start)
        return site, Project.load(read_options(site.options), site.folder)
    except SiteError as error:
        raise _Usage(str(error)) from None
    except OptionError as error:
        raise _Usage(f"{site.config}: {error}") from None


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@_config_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="Write there instead of to standard output.")
@click.option("--fail-on", type=click.Choice(_GRAVITIES), default="warning", show_default=True)
@click.option(
    "--strict/--no-strict", default=None, help="Whether an open acceptance criterion counts. [default: strict]"
)
def check(
    paths: tuple[Path, ...], config_file: Path | None, form: str, output: Path | None, fail_on: str, strict: bool | None
) -> None:
    """Print the findings of files and folders; without any, of the site's docs folder."""
    site, project = _open_site(config_file)
    run = _Run(site, project)
    for path in paths or (site.docs,):
        run.check(path)
    run.check_globs()
    found = sorted(run.findings, key=lambda finding: finding.place)
    _write(_as_json(found, run.records) if form == "json" else _as_text(found, run.records), output)
    if run.unreadable:
        sys.exit(2)
    counts = strict if strict is not None else project.options.strict is not False
    counted = [finding for finding in found if counts or not RULES[finding.rule].gate]
    sys.exit(1 if fails(counted, Severity[fail_on.upper()]) else 0)


@dataclass
class _Run:
    """One run of `check`: reads pages one after the other, and keeps what they yield."""

    site: Site
    project: Project

    def __post_init__(self) -> None:
        self._markdown, missing = self.site.markdown()
        for name in missing:
            click.echo(
                f"perfcase: the Markdown extension {name} can't be loaded here; pages are read without it", err=True
            )
        self.records = 0
        self.unreadable = False
        self._seen: set[Path] = set()
        self.findings: list[Finding] = []
        if self.site.config:
            self.findings += self.project.check_settings(_shown(self.site.config), self.site.source)

    def check(self, path: Path) -> None:
        """Check a file, or every page below a folder."""
        if path.is_dir():
            for file in _pages(path, self._unreadable):
                within = self._within_docs(file)
                if within is None or self.site.publishes(within):
                    self._check_file(file)
        elif path.is_file():
            self._check_file(path)
        else:
            self._unreadable(path, "it is no file" if path.exists() else "no such file or folder")

    def check_globs(self) -> None:
        """Check the globs under `records` against all pages of the site."""
        if self.site.config and self.project.options.records:
            pages = (self._within_docs(file) for file in _pages(self.site.docs, self._unreadable))
            self.findings += self.project.check_globs(
                [page for page in pages if page and self.site.publishes(page)],
                _shown(self.site.config),
                self.site.source,
            )

    def _check_file(self, file: Path) -> None:
        try:
            real = file.resolve()
            if real in self._seen or real == self.project.template_path:
                return
            self._seen.add(real)
            source = file.read_bytes().decode("utf-8-sig")
        except UnicodeError:
            self._unreadable(file, "it is not UTF-8 text")
            return
        except (OSError, RuntimeError) as error:  # older Pythons raise the latter for a loop of links
            self._unreadable(file, getattr(error, "strerror", None) or "a loop of links")
            return
        try:
            study = self._study(file, source)
        except RecursionError:
            self._unreadable(file, "its lists or quotes are nested too deeply")
            return
        except Exception as error:  # an extension of the site's may refuse a page; the others are still to be read
            self._unreadable(file, f"{type(error).__name__}: {' '.join(str(error).split())}")
            return
        if study is not None:
            self.records += study.form is not None
            self.findings += (_at(finding, _shown(file)) for finding in study.findings)

    def _study(self, file: Path, source: str) -> Study | None:
        text, meta = split_front_matter(source)
        page = Page(self._within_docs(file) or file.as_posix(), meta, lambda: source)
        return self.project.study(page, parse(self._markdown, text), self._markdown.htmlStash)

    def _unreadable(self, path: Path, reason: str) -> None:
        self.unreadable = True
        click.echo(f"perfcase: cannot read {_shown(path)}: {reason}", err=True)

    def _within_docs(self, file: Path) -> str | None:
        """A file's path relative to the docs folder; None where it lies elsewhere."""
        absolute = Path(os.path.abspath(file))
        for docs in (self.site.docs, self.site.docs.resolve()):
            if absolute.is_relative_to(docs):
                return absolute.relative_to(docs).as_posix()
        return None


def _pages(folder: Path, unreadable: Callable[[Path, str], None]) -> Iterator[Path]:
    """The pages below a folder in order; links to folders are followed once."""
    entered: set[str] = set()

    def refused(error: OSError) -> None:
        unreadable(Path(error.filename), error.strerror or "it can't be read")

    for here, folders, names in os.walk(folder, followlinks=True, onerror=refused):
        real = os.path.realpath(here)
        if real in entered:
            folders.clear()
            continue
        entered.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        pages = (Path(here, name) for name in sorted(names) if name.lower().endswith(_SUFFIXES))
        yield from (page for page in pages if page.is_file() or page.is_symlink())


def _shown(path: Path) -> str:
    """A path as findings name it: from the working folder where it lies below it."""
    absolute = Path(os.path.abspath(path))
    return absolute.relative_to(Path.cwd()).as_posix() if absolute.is_relative_to(Path.cwd()) else path.as_posix()


def _at(finding: Finding, path: str) -> Finding:
    f = finding
    return Finding(path, f.line, f.column, f.code, f.rule, f.severity, f.message, f.hint)


def _as_text(findings: list[Finding], records: int) -> str:
    return "\n".join([*map(str, findings), summary_line(findings, records)]) + "\n"


def _as_json(findings: Iterable[Finding], records: int) -> str:
    listed = [
        {
            "rule": finding.rule,
            "code": finding.code,
            "severity": finding.severity.name.lower(),
            "path": finding.path,
            "line": finding.line,
            "column": finding.column,
            "message": finding.text,
        }
        for finding in findings
    ]
    return json.dumps({"version": 1, "records": records, "findings": listed}, ensure_ascii=False, indent=2) + "\n"


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _Usage(f"cannot write {output}: {error.strerror}") from None


@main.command()
@click.argument("title")
@_config_option
def new(title: str, config_file: Path | None) -> None:
    """Start a record from the template, in the docs folder. Never overwrites a file."""
    site, project = _open_site(config_file)
    slug = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFKC", title).lower()).strip("-_")
    if not slug:
        raise _Usage("the title has no letters to name a file by")
    path = site.docs / _folder_of_records(project) / f"{slug}.md"
    if path.relative_to(site.docs).as_posix() == project.options.index:
        raise _Usage(f"{_shown(path)} is the index's own page; choose another title")
    heading = f"# {' '.join(title.split())}"
    text, found = re.subn(r"^# .*", lambda _: heading, project.template.source, count=1, flags=re.MULTILINE)
    text = text if found else f"{heading}\n\n{text}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise _Usage(f"{_shown(path)} exists already") from None
    except OSError as error:
        raise _Usage(f"cannot write {_shown(path)}: {error.strerror}") from None
    click.echo(f"{_shown(path)}\nFill it in; `perfcase check {_shown(path)}` tells what is left.")


def _folder_of_records(project: Project) -> str:
    """Where the first glob of `records` looks for them, else where the index is."""
    for glob in project.options.records:
        fixed = re.split(r"[*?\[]", glob, maxsplit=1)[0]
        return fixed.rpartition("/")[0]
    return (project.options.index or "performance/index.md").rpartition("/")[0]


@main.command()
def rules() -> None:
    """List every rule with its code, name, severity and what it finds."""
    width = max(map(len, RULES))
    for rule in sorted(RULES.values(), key=lambda rule: rule.code):
        click.echo(f"{rule.code}  {rule.name:{width}}  {rule.severity.name.lower():7}  {rule.summary}")


@main.command()
@click.argument("rule")
def explain(rule: str) -> None:
    """Explain one rule, by name or code, with a bad and a good example."""
    found = find_rule(rule)
    if found is None:
        alike = look_alike(rule, RULES, at_least=0.6)
        raise _Usage(f"no rule {rule!r}" + (f"; did you mean {alike}?" if alike else "; `perfcase rules` lists them"))
    click.echo(f"{found.code} {found.name} ({found.severity.name.lower()})\n\n{found.summary}\n\n{found.explanation}\n")
    said = "\n".join(map(str, findings(found, found.bad)))
    click.echo(f"Bad:\n\n{_indented(found.bad)}\n\n{said}\n\nGood:\n\n{_indented(found.good)}")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.rstrip().split("\n"))

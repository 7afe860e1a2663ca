"""`perfcase check`: the findings of files and folders."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from mkdocs_perfcase.cli.opening import config_option, open_site
from mkdocs_perfcase.cli.pages import Pages, shown
from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.findings import Finding, Severity
from mkdocs_perfcase.report import fails, summary_line
from mkdocs_perfcase.rules import RULES

_GRAVITIES = [severity.name.lower() for severity in Severity if severity]


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@config_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="Write there instead of to standard output.")
@click.option("--fail-on", type=click.Choice(_GRAVITIES), default="warning", show_default=True)
@click.option(
    "--strict/--no-strict", default=None, help="Whether an open acceptance criterion counts. [default: strict]"
)
def command(
    paths: tuple[Path, ...], config_file: Path | None, form: str, output: Path | None, fail_on: str, strict: bool | None
) -> None:
    """Print the findings of files and folders; without any, of the site's docs folder."""
    pages = Pages(*open_site(config_file))
    found, records = _check(pages, paths)
    _write(_as_json(found, records) if form == "json" else _as_text(found, records), output)
    if pages.unreadable:
        sys.exit(2)
    counts = strict if strict is not None else pages.project.options.strict is not False
    counted = [finding for finding in found if counts or not RULES[finding.rule].gate]
    sys.exit(1 if fails(counted, Severity[fail_on.upper()]) else 0)


def _check(pages: Pages, paths: Iterable[Path]) -> tuple[list[Finding], int]:
    """All findings in order, and the number of records."""
    found = list(_of_settings(pages))
    records = 0
    for file in pages.files(paths):
        source = pages.read(file)
        study = None if source is None else pages.study(file, source)
        if study is not None:
            records += study.form is not None
            found += (replace(finding, path=shown(file)) for finding in study.findings)
    return sorted(found, key=lambda finding: finding.place), records


def _of_settings(pages: Pages) -> Iterable[Finding]:
    """Findings on the configuration itself, held against all pages of the site."""
    site, project = pages.site, pages.project
    if site.config is None:
        return
    yield from project.check_settings(shown(site.config), site.source)
    if project.options.records or project.options.baseline:
        yield from project.check_pages(pages.of_site(), shown(site.config), site.source)


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
        raise Usage(f"cannot write {output}: {error.strerror}") from None

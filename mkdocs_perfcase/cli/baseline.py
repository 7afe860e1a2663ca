"""`perfcase baseline`: the file of accepted findings."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from mkdocs_perfcase.baseline import FILE, Baseline
from mkdocs_perfcase.cli.opening import config_option, open_site
from mkdocs_perfcase.cli.output import write
from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.fingerprint import Slip, slips
from mkdocs_perfcase.pages import Pages
from mkdocs_perfcase.report import counted
from mkdocs_perfcase.telling import shown


@click.command("baseline")
@config_option
@click.option(
    "--include-gate", is_flag=True, help="Accept open acceptance criteria, too; pages show them as open still."
)
def command(config_file: Path | None, include_gate: bool) -> None:
    """Accept all findings of the site as it is, so that only new ones count.

    Writes them to the file that the option `baseline` names, or to perfcase-baseline.json beside mkdocs.yml. Run it
    again to take off the list what was mended since.
    """
    pages = Pages(*open_site(config_file, accepting=False))
    named = pages.project.options.baseline
    if pages.site.config is None:
        raise Usage("there is no mkdocs.yml here, and a baseline is named in it")
    accepted, left = _findings(pages, include_gate)
    if pages.unreadable:
        raise Usage("no baseline is written while a page can't be read")
    path = pages.site.folder / (named or FILE)
    write(Baseline(accepted).text(), path)
    number = sum(sum(of_page.values()) for of_page in accepted.values())
    click.echo(f"{shown(path)}: {counted(number, 'accepted finding')} in {counted(len(accepted), 'page')}")
    if left:
        criteria = counted(left, "open acceptance criterion", "open acceptance criteria")
        click.echo(f"Not among them: {criteria}; --include-gate accepts those, too.")
    if not named:
        click.echo(f"Name it in {shown(pages.site.config)}, under the plugin perfcase: `baseline: {FILE}`.")


def _findings(pages: Pages, include_gate: bool) -> tuple[dict[str, Counter[Slip]], int]:
    """The findings of each page, and how many of the gate are left out."""
    accepted: dict[str, Counter[Slip]] = {}
    left = 0
    for file in pages.files(()):
        source = pages.read(file)
        study = None if source is None else pages.study(file, source)
        if study is None:
            continue
        chosen = [finding for finding in study.findings if include_gate or not finding.gate]
        left += len(study.findings) - len(chosen)
        if chosen:
            accepted[study.path] = Counter(slips(chosen))
    return accepted, left

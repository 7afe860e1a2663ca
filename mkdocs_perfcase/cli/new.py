"""`perfcase new`: a record from the template."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import click

from mkdocs_perfcase.check import Project
from mkdocs_perfcase.cli.opening import config_option, open_site
from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.pages import shown


@click.command("new")
@click.argument("title")
@config_option
def command(title: str, config_file: Path | None) -> None:
    """Start a record from the template, in the docs folder. Never overwrites a file."""
    site, project = open_site(config_file)
    slug = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFKC", title).lower()).strip("-_")
    if not slug:
        raise Usage("the title has no letters to name a file by")
    path = site.docs / _folder_of_records(project) / f"{slug}.md"
    if path.relative_to(site.docs).as_posix() == project.options.index:
        raise Usage(f"{shown(path)} is the index's own page; choose another title")
    heading = f"# {' '.join(title.split())}"
    text, found = re.subn(r"^# .*", lambda _: heading, project.template.source, count=1, flags=re.MULTILINE)
    text = text if found else f"{heading}\n\n{text}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise Usage(f"{shown(path)} exists already") from None
    except OSError as error:
        raise Usage(f"cannot write {shown(path)}: {error.strerror}") from None
    click.echo(f"{shown(path)}\nFill it in; `perfcase check {shown(path)}` tells what is left.")


def _folder_of_records(project: Project) -> str:
    """Where the first glob of `records` looks for them, else where the index is."""
    for glob in project.options.records:
        fixed = re.split(r"[*?\[]", glob, maxsplit=1)[0]
        return fixed.rpartition("/")[0]
    return (project.options.index or "performance/index.md").rpartition("/")[0]

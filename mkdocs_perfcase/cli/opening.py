"""What every verb begins with: the site and its project, or one line that says why not."""

from __future__ import annotations

from pathlib import Path

import click

from mkdocs_perfcase.check import Project
from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.pages import open_project
from mkdocs_perfcase.site import Site, SiteError

config_option = click.option(
    "--config-file", type=click.Path(path_type=Path), help="The site's mkdocs.yml; by default the one found upwards."
)


def open_site(config_file: Path | None, *, start: Path | None = None, accepting: bool = True) -> tuple[Site, Project]:
    """The site of a configuration file, or of the one found upwards, and what its pages are held to.

    Args:
        config_file: the configuration file, where one is named.
        start: the folder to look from; by default the working folder.
        accepting: whether to leave out the findings that the site's baseline accepts.
    """
    if config_file is not None and not config_file.is_file():
        raise Usage(f"no configuration file at {config_file}")
    try:
        start = start or Path.cwd()
    except OSError:
        raise Usage("the working folder is gone") from None
    try:
        return open_project(config_file, start, accepting=accepting)
    except SiteError as error:
        raise Usage(str(error)) from None

"""What every verb begins with: the site and its project, or one line that says why not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.site import Site, SiteError, find_config, load_site

if TYPE_CHECKING:
    from mkdocs_perfcase.check import Project

config_option = click.option(
    "--config-file", type=click.Path(path_type=Path), help="The site's mkdocs.yml; by default the one found upwards."
)


def site_of(config_file: Path | None, start: Path | None = None) -> Site:
    """The site of a configuration file, or of the one found upwards.

    Args:
        config_file: the configuration file, where one is named.
        start: the folder to look from; by default the working folder.
    """
    if config_file is not None and not config_file.is_file():
        raise Usage(f"no configuration file at {config_file}")
    try:
        start = start or Path.cwd()
    except OSError:
        raise Usage("the working folder is gone") from None
    try:
        return load_site(config_file or find_config(start), start)
    except SiteError as error:
        raise Usage(str(error)) from None


def open_site(config_file: Path | None, *, start: Path | None = None, accepting: bool = True) -> tuple[Site, Project]:
    """The same, and what its pages are held to.

    Args:
        config_file: the configuration file, where one is named.
        start: the folder to look from; by default the working folder.
        accepting: whether to leave out the findings that the site's baseline accepts.
    """
    site = site_of(config_file, start)
    return site, project_for(site, accepting=accepting)


def project_for(site: Site, *, accepting: bool = True) -> Project:
    """What a site's pages are held to."""
    from mkdocs_perfcase.pages import project_of  # takes long to import, and `check` may know all pages already

    try:
        return project_of(site, accepting=accepting)
    except SiteError as error:
        raise Usage(str(error)) from None

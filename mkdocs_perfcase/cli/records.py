"""The records of a whole site, as the plugin would show them."""

from __future__ import annotations

from pathlib import Path

from mkdocs_perfcase.cli.opening import open_site
from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.pages import Pages
from mkdocs_perfcase.views import RecordView, record_views


def site_records(config_file: Path | None) -> tuple[Pages, tuple[RecordView, ...]]:
    """A site's pages, and all of its records; what would be incomplete, since a page can't be read, is not made."""
    pages = Pages(*open_site(config_file))
    found = record_views(pages.studies(), pages.project.options)
    if pages.unreadable:
        raise Usage("nothing is written while a page can't be read")
    return pages, found

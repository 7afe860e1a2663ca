"""The public API: a site's records and findings for scripts, other plugins and macros.

`from mkdocs_perfcase import load_records`; everything here can be imported from the package itself.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

from mkdocs_perfcase.change_view import Change
from mkdocs_perfcase.findings import Finding, Severity
from mkdocs_perfcase.pages import Pages, open_project
from mkdocs_perfcase.report import Report
from mkdocs_perfcase.site import SiteError
from mkdocs_perfcase.views import OpenCriterion, Progress, TargetView, record_views
from mkdocs_perfcase.views import RecordView as Record

__all__ = [
    "Change",
    "Finding",
    "OpenCriterion",
    "Progress",
    "Record",
    "Report",
    "Severity",
    "SiteError",
    "TargetView",
    "check_records",
    "load_records",
]

Read = TypeVar("Read")
ConfigFile = str | os.PathLike[str] | None


def load_records(config_file: ConfigFile = None) -> tuple[Record, ...]:
    """All records of a site, in the order of their paths.

    Args:
        config_file: the site's configuration; by default the one found from the working folder upwards.

    Raises:
        SiteError: the configuration can't be used, or a page can't be read.
    """
    pages, told = _open(config_file)
    return _whole(record_views(pages.studies(), pages.project.options), pages, told)


def check_records(config_file: ConfigFile = None) -> Report:
    """What checking a site's records comes to: its findings, and whether they fail a strict build.

    Args:
        config_file: the site's configuration; by default the one found from the working folder upwards.

    Raises:
        SiteError: the configuration can't be used, or a page can't be read.
    """
    pages, told = _open(config_file)
    studies = _whole(tuple(pages.studies()), pages, told)
    findings = [*pages.of_settings(), *(finding for study in studies for finding in study.findings)]
    return Report(
        findings=tuple(sorted(findings, key=lambda finding: finding.place)),
        records=sum(study.form is not None for study in studies),
        strict=pages.project.options.strict is not False,
    )


def _open(config_file: ConfigFile) -> tuple[Pages, list[str]]:
    """A site's pages, and where they tell what can't be read."""
    told: list[str] = []
    config = None if config_file is None else Path(config_file)
    return Pages(*open_project(config, Path.cwd()), tell=told.append), told


def _whole(read: Read, pages: Pages, told: list[str]) -> Read:
    if pages.unreadable:
        raise SiteError("; ".join(told))
    return read

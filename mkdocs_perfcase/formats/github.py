"""`github`: workflow commands, which GitHub Actions shows as annotations on the lines."""

from __future__ import annotations

import os

from mkdocs_perfcase.findings import Finding, Severity
from mkdocs_perfcase.formats.registry import Look, format_of
from mkdocs_perfcase.report import Report
from mkdocs_perfcase.telling import printable

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_IN_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTIES = _IN_DATA | str.maketrans({":": "%3A", ",": "%2C"})


@format_of("github")
def github(report: Report, _: Look) -> str:
    """A command for each finding."""
    return "".join(f"{annotation(finding)}\n" for finding in report.findings)


def annotation(finding: Finding) -> str:
    """A finding as a command in one line, whatever its text holds."""
    properties = {
        "title": f"{finding.code} {finding.rule}",
        "file": _in_repository(finding.path),
        "line": str(finding.line),
        "col": str(finding.column),
    }
    given = ",".join(f"{name}={printable(value).translate(_IN_PROPERTIES)}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {given}::{printable(finding.text).translate(_IN_DATA)}"


def _in_repository(path: str) -> str:
    """A path from the repository's root, where the job works in a folder below it."""
    root = os.environ.get("GITHUB_WORKSPACE")
    below = os.path.relpath(path, root) if root else ".."
    return path if below.startswith("..") else below.replace(os.sep, "/")

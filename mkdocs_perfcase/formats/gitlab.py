"""`gitlab`: a code quality report, which GitLab shows in merge requests."""

from __future__ import annotations

from typing import Any

from mkdocs_perfcase.findings import Finding, Severity
from mkdocs_perfcase.fingerprint import fingerprints
from mkdocs_perfcase.formats.registry import Look, format_of
from mkdocs_perfcase.json_text import as_json
from mkdocs_perfcase.report import Report

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


@format_of("gitlab")
def gitlab(report: Report, _: Look) -> str:
    """An entry for each finding."""
    return as_json(
        [_entry(f, known_by) for f, known_by in zip(report.findings, fingerprints(report.findings), strict=True)]
    )


def _entry(finding: Finding, fingerprint: str) -> dict[str, Any]:
    return {
        "check_name": finding.rule,
        "description": f"{finding.code} {finding.text}",
        "severity": _SEVERITIES[finding.severity],
        "fingerprint": fingerprint,
        "location": {"path": finding.path, "lines": {"begin": finding.line}},
    }

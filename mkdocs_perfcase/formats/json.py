"""`json`: the findings in the published shape."""

from __future__ import annotations

from typing import Any

from mkdocs_perfcase.findings import Finding
from mkdocs_perfcase.formats.registry import Look, format_of
from mkdocs_perfcase.json_text import as_json
from mkdocs_perfcase.report import Report


@format_of("json")
def json(report: Report, _: Look) -> str:
    """All that the text says, for programs."""
    return as_json({"version": 1, "records": report.records, "findings": [_entry(f) for f in report.findings]})


def _entry(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "code": finding.code,
        "severity": finding.severity.name.lower(),
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "message": finding.text,
    }

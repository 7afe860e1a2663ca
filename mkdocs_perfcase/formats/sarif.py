"""`sarif`: the Static Analysis Results Interchange Format, 2.1.0, for code scanning and editors."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

from mkdocs_perfcase import __version__
from mkdocs_perfcase.findings import Finding, Rule, Severity
from mkdocs_perfcase.fingerprint import fingerprints
from mkdocs_perfcase.formats.registry import Look, format_of
from mkdocs_perfcase.json_text import as_json
from mkdocs_perfcase.report import Report
from mkdocs_perfcase.rules import RULES

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.OFF: "none", Severity.INFO: "note", Severity.WARNING: "warning", Severity.ERROR: "error"}


@format_of("sarif")
def sarif(report: Report, _: Look) -> str:
    """One run: the rules that found something, and what they found."""
    rules = sorted({finding.code: RULES[finding.rule] for finding in report.findings}.items())
    places = {code: place for place, (code, _) in enumerate(rules)}
    driver = {"name": "perfcase", "version": __version__, "rules": [_rule(rule) for _, rule in rules]}
    results = [
        _result(finding, places[finding.code], known_by)
        for finding, known_by in zip(report.findings, fingerprints(report.findings), strict=True)
    ]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return as_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: Rule) -> dict[str, Any]:
    explained = f"{rule.explanation}\n\n"
    examples = [("Bad", rule.bad), ("Good", rule.good)]
    plain = "\n\n".join(f"{title}:\n\n{example.rstrip()}" for title, example in examples)
    fenced = "\n\n".join(f"{title}:\n\n````markdown\n{example.rstrip()}\n````" for title, example in examples)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": explained + plain, "markdown": explained + fenced},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, rule: int, fingerprint: str) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": finding.line, "startColumn": finding.column}
    if finding.source:
        region["snippet"] = {"text": finding.source}
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.text},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(finding.path), "region": region}}],
        "partialFingerprints": {"perfcase/v1": fingerprint},
    }


def _artifact(path: str) -> dict[str, str]:
    if os.path.isabs(path):
        return {"uri": f"file:///{quote(path.lstrip('/'), safe='/:', errors='replace')}"}
    return {"uri": quote(path, errors="replace"), "uriBaseId": "%SRCROOT%"}

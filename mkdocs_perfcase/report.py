"""What a run amounts to: whether it fails, and its last line."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from mkdocs_perfcase.check import Study
from mkdocs_perfcase.findings import Finding, Severity
from mkdocs_perfcase.rules import RULES


def fails(findings: Iterable[Finding], at: Severity) -> bool:
    """Whether any finding is that grave."""
    return any(finding.severity >= at for finding in findings)


def summary_line(findings: Collection[Finding], studies: Iterable[Study]) -> str:
    """The last line: open criteria that count, in how many records, and how much else was found."""
    gating = {finding.path for finding in findings if _gates(finding)}
    count = sum(1 for finding in findings if _gates(finding))
    others = len(findings) - count
    parts = []
    if count:
        criteria = "criterion" if count == 1 else "criteria"
        parts.append(f"{count} open acceptance {criteria} in {_counted(len(gating), 'record')}")
    if others or not count:
        parts.append(_counted(others, "other finding" if count else "finding"))
    return f"perfcase: {', '.join(parts)}"


def _gates(finding: Finding) -> bool:
    rule = RULES.get(finding.rule)
    return rule is not None and rule.gate and finding.severity >= Severity.WARNING


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

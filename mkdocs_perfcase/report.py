"""What a run amounts to: its findings, whether it fails, and its last line."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from mkdocs_perfcase.findings import Finding, Severity


@dataclass(frozen=True)
class Report:
    """What checking some pages came to."""

    findings: tuple[Finding, ...]
    """In the order of their places."""
    records: int
    fail_on: Severity = Severity.WARNING
    strict: bool = True
    """Whether an open acceptance criterion counts."""

    def fails_by(self, finding: Finding) -> bool:
        """Whether a finding is one that fails the run."""
        return finding.severity >= self.fail_on and (self.strict or not finding.gate)

    @property
    def failed(self) -> bool:
        """Whether any is."""
        return any(map(self.fails_by, self.findings))

    @property
    def summary(self) -> str:
        """The last line."""
        return summary_line(self.findings, self.records)


def fails(findings: Iterable[Finding], at: Severity) -> bool:
    """Whether any finding is that grave."""
    return any(finding.severity >= at for finding in findings)


def summary_line(findings: Collection[Finding], records: int) -> str:
    """The last line: open criteria that count, and how much else was found in how many records."""
    gating = [finding for finding in findings if gates(finding)]
    others = len(findings) - len(gating)
    parts = []
    if gating:
        criteria = "criterion" if len(gating) == 1 else "criteria"
        parts.append(f"{len(gating)} open acceptance {criteria} in {counted(len({f.path for f in gating}), 'record')}")
        parts += [counted(others, "other finding")] if others else []
    else:
        grave = sum(finding.severity >= Severity.WARNING for finding in findings)
        parts.append(
            f"{counted(others, 'finding')} in {counted(records, 'record')}"
            if others
            else f"nothing found in {counted(records, 'record')}"
        )
        parts += ["none of them a warning"] if others and not grave else []
    return f"perfcase: {', '.join(parts)}"


def gates(finding: Finding) -> bool:
    """Whether a finding is an open acceptance criterion that counts."""
    return finding.gate and finding.severity >= Severity.WARNING


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun, such as `2 records`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"

"""What a finding is known by while its page is edited: what is wrong and the line's text, not the line's number."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mkdocs_perfcase.findings import Finding


class Slip(NamedTuple):
    """What a finding is known by on its page. Several findings may be alike in this."""

    rule: str
    message: str
    source: str
    """The text of its line; empty where what is found is that something is missing."""


def slips(findings: Iterable[Finding]) -> Iterator[Slip]:
    """What each finding is known by."""
    for finding in findings:
        source = "" if finding.is_absence else " ".join(finding.source.split())
        yield Slip(finding.rule, finding.gist, source)


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """A fingerprint for each finding. Of several that are alike in all but their lines, each has its own."""
    findings = list(findings)
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for finding, slip in zip(findings, slips(findings), strict=True):
        kept = (finding.path, *slip)
        seen[kept] += 1
        found.append(hashlib.sha256("\0".join((*kept, str(seen[kept]))).encode("utf-8", "replace")).hexdigest()[:32])
    return found

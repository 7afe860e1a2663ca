"""What a finding is known by while its page is edited: what is wrong and the line's text, not the line's number."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from mkdocs_perfcase.findings import Finding

_LINE_NUMBER = re.compile(r"\bline \d+")


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """A fingerprint for each finding. Of several that are alike in all but their lines, each has its own."""
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for finding in findings:
        kept = (finding.path, finding.code, _LINE_NUMBER.sub("line", finding.message), " ".join(finding.source.split()))
        seen[kept] += 1
        found.append(hashlib.sha256("\0".join((*kept, str(seen[kept]))).encode("utf-8", "replace")).hexdigest()[:32])
    return found

"""Accepted findings, known by what they say and of which text; edits above, which move them, don't revive them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from mkdocs_perfcase.findings import Finding
from mkdocs_perfcase.fingerprint import Slip, slips

FILE = "perfcase-baseline.json"
"""Where it lies, beside the configuration, unless the option `baseline` says otherwise."""
_VERSION = 1


class BaselineError(Exception):
    """A file that is no baseline; the message says why, in one line."""


class Baseline(NamedTuple):
    """The accepted findings of each page, by its path, each with how often it was there."""

    pages: Mapping[str, Mapping[Slip, int]] = MappingProxyType({})

    def sift(self, path: str, findings: tuple[Finding, ...]) -> tuple[tuple[Finding, ...], Counter[Slip]]:
        """A page's findings that aren't accepted, and the accepted ones that are gone from it."""
        left = Counter(self.pages.get(path, {}))
        if not left:
            return findings, left
        new = []
        for finding, slip in zip(findings, slips(findings), strict=True):
            left[slip] -= 1
            if left[slip] < 0:
                new.append(finding)
        return tuple(new), +left

    def text(self) -> str:
        """The file's text: in order, an accepted finding a line."""
        pages = [
            f"  {_json(path)}: [\n{_entries(accepted)}\n  ]"
            for path, accepted in sorted(self.pages.items())
            if accepted
        ]
        inner = ",\n".join(pages)
        return f'{{"version": {_VERSION}, "pages": {{\n{inner}\n}}}}\n'


def _entries(accepted: Mapping[Slip, int]) -> str:
    return ",\n".join(f"    {_json({**slip._asdict(), 'count': count})}" for slip, count in sorted(accepted.items()))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def read_baseline(text: str) -> Baseline:
    """Read a baseline's file.

    Raises:
        BaselineError: it isn't one.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"it is not valid JSON: {error}") from None
    if not isinstance(data, dict) or data.get("version") != _VERSION or not isinstance(data.get("pages"), dict):
        raise BaselineError(f'it is no list of accepted findings: expected "version": {_VERSION} and "pages"')
    return Baseline({path: _read_page(path, entries) for path, entries in data["pages"].items()})


def _read_page(path: str, entries: Any) -> Mapping[Slip, int]:
    found: Counter[Slip] = Counter()
    for entry in entries if isinstance(entries, list) else [None]:
        texts = [entry.get(name) for name in Slip._fields] if isinstance(entry, dict) else [None]
        count = entry.get("count") if isinstance(entry, dict) else None
        if not all(isinstance(text, str) for text in texts) or type(count) is not int or count < 1:
            expected = f"{', '.join(Slip._fields)} and a count"
            raise BaselineError(f'an entry of "{path}" is no accepted finding: expected {expected}')
        found[Slip(*texts)] += count
    return found

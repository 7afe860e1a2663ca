"""Samples of result files, and what holds for whatever is read from any of them."""

from __future__ import annotations

import math
from pathlib import Path

from conftest import TESTS

from mkdocs_perfcase.evidence.content import Content
from mkdocs_perfcase.evidence.files import file_content
from mkdocs_perfcase.evidence.readers import read_results
from mkdocs_perfcase.evidence.series import Results, Series, UnreadableError

EVIDENCE = TESTS / "data" / "evidence"
SAMPLES = sorted(path for path in EVIDENCE.rglob("*") if path.is_file())


def sample(name: str) -> Results:
    """What a sample holds, by its path."""
    return read_results(file_content(EVIDENCE / name))


def series_of(results: Results, label: str) -> Series:
    found = [series for series in results.series if series.label == label]
    assert len(found) == 1, f"{label}: {len(found)} among {[series.label for series in results.series]}"
    return found[0]


def altered(path: Path, data: bytes) -> Content:
    """A sample with other content, but with the same files beside it."""
    return Content(path.name, data, file_content(path).beside)


def outcome(content: Content) -> Results | str:
    """What is read, held against what all readers promise; or why it can't be, in one line."""
    try:
        results = read_results(content)
    except UnreadableError as error:
        message = str(error)
        assert message
        return message
    assert results.series
    for series in results.series:
        assert series.samples or series.given
        for name in (results.tool, series.benchmark, series.metric, series.unit):
            assert name.isprintable()
            assert len(name) <= 200
        assert series.metric
        for statistic in ("median", "mean", "stddev", "min", "max", "p50", "p95", "p99.9", *series.given):
            value = series.statistic(statistic)
            assert value is None or math.isfinite(value)
    return results

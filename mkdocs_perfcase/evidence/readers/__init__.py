"""Readers of result files; importing this package registers them."""

from mkdocs_perfcase.evidence.readers import (
    go_bench,
    google_benchmark,
    hyperfine,
    jmeter,
    k6,
    k6_points,
    lighthouse,
    locust,
    locust_csv,
    pytest_benchmark,
)
from mkdocs_perfcase.evidence.readers.registry import READERS, Reader, read_results, reader

__all__ = [
    "READERS",
    "Reader",
    "go_bench",
    "google_benchmark",
    "hyperfine",
    "jmeter",
    "k6",
    "k6_points",
    "lighthouse",
    "locust",
    "locust_csv",
    "pytest_benchmark",
    "read_results",
    "reader",
]

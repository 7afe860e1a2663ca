"""Readers of result files; importing this package registers them."""

from mkdocs_perfcase.evidence.readers import (
    apachebench,
    asv,
    autocannon,
    bencher,
    benchmarkdotnet,
    explain,
    github_action_benchmark,
    gnu_time,
    jmh,
    memray,
    oha,
    pgbench,
    plain,
    pyperf,
    vegeta,
    wrk,
)
from mkdocs_perfcase.evidence.readers.registry import READERS, Reader, read_results, reader

__all__ = [
    "READERS",
    "Reader",
    "apachebench",
    "asv",
    "autocannon",
    "bencher",
    "benchmarkdotnet",
    "explain",
    "github_action_benchmark",
    "gnu_time",
    "jmh",
    "memray",
    "oha",
    "pgbench",
    "plain",
    "pyperf",
    "read_results",
    "reader",
    "vegeta",
    "wrk",
]

"""What is better: the polarity of a metric, known by its name or else by its unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mkdocs_perfcase.quantity import Quantity
from mkdocs_perfcase.text import name_key

Polarity = Literal["higher", "lower", "unknown"]
Verdict = Literal["improved", "regressed", "unchanged", "unknown"]

# Looked for as whole words in a metric's name; the longest one found decides ("cache hit rate" before "rate").
_LOWER = """
response time|latency|duration|load time|start up time|startup|query time|execution time|processing time|wait time|build time
|run time|runtime|time to interactive|time to first byte|first contentful paint|largest contentful paint|total blocking time
|interaction to next paint|cumulative layout shift|ttfb|lcp|inp|cls|fcp|fid|tbt|tti|p50|p75|p90|p95|p99|p999|time|delay|lag
|cpu|memory|heap|rss|ram|allocations|gc pause|gc|disk usage|bundle size|size|payload|page weight|queries|query count|round trips
|requests per page|error rate|errors|error|failure rate|failures|timeouts|cache miss rate|cache misses|miss rate|misses|cost
|spend|bill|queue depth|backlog|page faults|context switches|lines of code|downtime|bounce rate|retries|lock wait|io wait
"""
_HIGHER = """
throughput|rps|qps|tps|requests per second|requests sec|ops|fps|frame rate|cache hit rate|hit rate|hit ratio|cache hits|hits
|score|apdex|availability|uptime|success rate|conversion|conversion rate|bandwidth|coverage|capacity|concurrent users|lighthouse
"""


def _phrases(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.replace("\n", "").split("|")]


_KNOWN: dict[str, Polarity] = {
    **dict.fromkeys(_phrases(_LOWER), "lower"),
    **dict.fromkeys(_phrases(_HIGHER), "higher"),
}
_BY_FAMILY: dict[str, Polarity] = {"time": "lower", "rate": "higher"}


def polarity(name: str, quantity: Quantity | None, declared: Mapping[str, str]) -> Polarity:
    """Whether higher or lower values of a metric are better.

    Args:
        name: the metric's name as written.
        quantity: one of its values, whose unit speaks where the name doesn't.
        declared: the site's own metrics, which come first.
    """
    key = name_key(name)
    own = {name_key(metric): value for metric, value in declared.items()}
    if key in own:
        return "higher" if own[key] == "higher" else "lower"
    words = f" {key} "
    found = max((phrase for phrase in _KNOWN if f" {phrase} " in words), key=len, default=None)
    if found is not None:
        return _KNOWN[found]
    return _BY_FAMILY.get(quantity.family, "unknown") if quantity else "unknown"

"""Metrics by name: which two names mean the same one, and whether higher or lower values of it are better."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.quantity import Quantity
from mkdocs_perfcase.text import name_key

Polarity = Literal["higher", "lower", "unknown"]
Verdict = Literal["improved", "regressed", "unchanged", "unknown"]

# Each line: the metric's name, then other names of the same metric, as `name_key` has them. They count as whole words,
# the longest one first, so that "cache hit rate" is found before "rate". Statistics (p95, average) are read apart.
_LOWER = """
response time, response times, api response time, antwortzeit, tiempo de respuesta, temps de réponse, 响应时间
latency, latencia, latenz, 延迟
load time, page load, page load time, initial load time, ladezeit
duration, job duration, run time, runtime, execution time, processing time, elapsed time, time
startup time, start up time, startup, boot time, application startup
build time, compile time, compilation
query time, database query time, db query time, sql time
render time, initial render
time to first byte, ttfb
time to interactive, tti
first contentful paint, fcp
largest contentful paint, lcp
total blocking time, tbt
interaction to next paint, inp
first input delay, fid
cumulative layout shift, cls
delay, lag, replication lag, consumer lag, wait time, lock wait, io wait, gc pause, pause
cpu usage, cpu, cpu utilization, cpu utilisation, cpu load, cpu time
memory usage, memory, mem, memory utilization, memory utilisation, memory consumption, heap, heap usage
rss, ram, ram usage
allocations, allocs, garbage collections, gc, gc activity
disk usage, disk i o, disk reads, iops used
resource usage
bundle size, size, payload, payload size, response size, page weight, image size, package size
data transfer, bandwidth used
query count, queries, database queries, db queries, number of queries, sql queries
queries per request, queries per page
round trips, requests per page, http requests, api calls, calls
error rate, errors, error, failure rate, change failure rate, failures, timeouts, errores, fehlerrate, 错误率
cache miss rate, cache misses, miss rate, misses
cost, costs, spend, bill, cost per month, monthly cost, kosten, coste
queue depth, queue length, backlog
page faults, context switches, retries, re renders, rerenders, dom nodes
code lines, lines of code, cognitive complexity, complexity
downtime, bounce rate, time to restore service, lead time for changes
"""
_HIGHER = """
throughput, requests per second, request rate, rps, qps, tps, durchsatz, rendimiento, débit, 吞吐量, 처리량
operations per second, ops, messages per second, transactions per second
frames per second, fps, frame rate, scroll fps
cache hit rate, hit rate, cache hits, hit ratio, cache hit ratio, cache efficiency, trefferquote
score, lighthouse score, performance score, lighthouse, performance
apdex, apdex score
availability, uptime, disponibilidad
success rate, build success rate, import success rate
conversion rate, conversion, bandwidth, coverage, test coverage, capacity, deployment frequency
"""
_OF_FAMILY: tuple[tuple[str, Polarity], ...] = (
    ("time", "lower"),
    ("money", "lower"),
    ("rate of", "higher"),
)


def _names(table: str) -> list[str]:
    return [name.strip() for name in table.replace("\n", ",").split(",") if name.strip()]


_POLARITY: dict[str, Polarity] = {
    **dict.fromkeys(_names(_LOWER), "lower"),
    **dict.fromkeys(_names(_HIGHER), "higher"),
}
# Names of one and the same quantity. Lines above that list kin rather than equals are left out.
_EQUALS = (
    "response time, response times, api response time, antwortzeit",
    "load time, page load, page load time",
    "query time, database query time, db query time",
    "time to first byte, ttfb",
    "time to interactive, tti",
    "first contentful paint, fcp",
    "largest contentful paint, lcp",
    "total blocking time, tbt",
    "interaction to next paint, inp",
    "first input delay, fid",
    "cumulative layout shift, cls",
    "cpu usage, cpu, cpu utilization, cpu utilisation, cpu load",
    "memory usage, memory, memory utilization, memory utilisation, memory consumption, ram usage",
    "error rate, errors rate",
    "cache hit rate, hit rate, cache hit ratio, hit ratio",
    "throughput, requests per second, request rate, rps",
    "cost per month, monthly cost",
    "queries per request, query count per request",
)
_SAME = {name: names[0] for names in map(_names, _EQUALS) for name in names}

_STATISTIC = expression(r"\b(p\d{1,2}(?: \d+)?|p999|avg|average|mean|median|max|maximum|peak|min|minimum)\b")
_CENTRAL = {"avg", "average", "mean", "median", "p50"}
_QUALIFIER = expression(r"\b(?:current|currently|overall|total|the|our|new|old|target|desired|expected|of|for)\b")


class Name(NamedTuple):
    """A metric's name, without qualifiers: what it measures, and which statistic of it (empty where it isn't said)."""

    metric: str
    statistic: str

    def is_also(self, other: Name) -> bool:
        """Whether the two name one figure. A name without a statistic means a central one."""
        central = {"", *_CENTRAL}
        same = self.statistic == other.statistic or {self.statistic, other.statistic} <= central
        exact = self.statistic in ("", other.statistic) or other.statistic == ""
        return bool(self.metric) and self.metric == other.metric and same and exact


@lru_cache(maxsize=1024)
def read_name(text: str) -> Name:
    """A metric's name as authors write it: `Current response time`, `p95 Latency`, `Response Time (avg)`."""
    key = name_key(text)
    found = _STATISTIC.search(key)
    words = " ".join(_QUALIFIER.sub(" ", _STATISTIC.sub(" ", key)).split())
    statistic = {"average": "avg", "maximum": "max", "minimum": "min"}.get(found[1], found[1]) if found else ""
    return Name(_SAME.get(words, words), statistic)


def is_known(name: str) -> bool:
    """Whether a name, without its statistic, is that of a well-known metric."""
    return read_name(name).metric in _POLARITY


@lru_cache(maxsize=1024)
def _of_name(key: str) -> Polarity | None:
    words = f" {key} "
    found = max(
        (name for name in _POLARITY if f" {name} " in words or (not name.isascii() and name in key)),
        key=len,
        default=None,
    )
    return _POLARITY[found] if found is not None else None


def polarity(name: str, quantity: Quantity | None, declared: Mapping[str, str]) -> Polarity:
    """Whether higher or lower values of a metric are better.

    Args:
        name: the metric's name as written.
        quantity: one of its values, whose unit speaks where the name doesn't.
        declared: the site's own metrics, which come first.
    """
    key = name_key(name)
    for metric, better in declared.items():
        if name_key(metric) in (key, read_name(name).metric):
            return "higher" if better == "higher" else "lower"
    known = _of_name(key)
    if known is not None:
        return known
    family = quantity.family if quantity else ""
    return next((better for start, better in _OF_FAMILY if family.startswith(start)), "unknown")


def verdict(change: float, better: Polarity) -> Verdict:
    """What a change (in percent, or in any unit: its sign counts) means for a metric."""
    if not change:
        return "unchanged"
    if better == "unknown":
        return "unknown"
    return "improved" if (change > 0) == (better == "higher") else "regressed"

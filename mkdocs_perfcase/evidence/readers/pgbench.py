"""pgbench, PostgreSQL's own."""

from __future__ import annotations

import re

from mkdocs_perfcase.evidence.content import Content, moment, number, numbers, whole
from mkdocs_perfcase.evidence.readers.parts import single
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import DEVIATION, MEAN, Results, Series

_TOOL = "pgbench"
_SCRIPT = re.compile(r"^transaction type: (.+)$", re.MULTILINE)
_PROCESSED = re.compile(r"^number of transactions actually processed: (\d+)", re.MULTILINE)
_FAILED = re.compile(r"^number of failed transactions: \d+ \(([\d.]+)%\)", re.MULTILINE)
_LATENCY = re.compile(r"^latency (average|stddev) = ([\d.]+) ms", re.MULTILINE)
_RATE = re.compile(
    r"^tps = ([\d.]+) \((?:without initial connection|excluding connections|.*reconnection)", re.MULTILINE
)
# client, transaction, µs or what became of it, script, and the moment in seconds and µs; then lag and retries
_LINE = re.compile(r"\d+ \d+ (\d+|skipped|failed|serialization|deadlock) (\d{1,9}) (\d{9,11}) \d{1,6}(?: \d+){0,2}")


@reader(
    _TOOL,
    files="pgbench … > FILE.txt, or pgbench --log",
    source="https://www.postgresql.org/docs/current/pgbench.html",
)
def read(content: Content) -> Results | None:
    """The summary's latency and rate of transactions, or each transaction's latency from its log."""
    if content.looks_like_json:
        return None
    if _LINE.fullmatch(content.text.partition("\n")[0]):
        return _of_log(content.text.split("\n"))
    script = _SCRIPT.search(content.text)
    return _of_summary(content.text, script[1].strip().rpartition("/")[2]) if script else None


def _of_summary(text: str, script: str) -> Results:
    processed, rate, failed = (pattern.search(text) for pattern in (_PROCESSED, _RATE, _FAILED))
    names = {"average": MEAN, "stddev": DEVIATION}
    latency = {names[name]: found for name, value in _LATENCY.findall(text) if (found := number(value)) is not None}
    series = (
        Series(script, "latency", "ms", given=latency, count=whole(processed[1]) if processed else None),
        Series(script, "tps", "transactions/s", "higher", single(rate and rate[1])),
        Series(script, "failed transactions", "%", samples=single(failed and failed[1])),
    )
    return Results(_TOOL, series)


def _of_log(lines: list[str]) -> Results:
    """Latencies by script. What was skipped or failed has none; nor has the last line of a log that was cut off."""
    found = [match for line in lines if (match := _LINE.fullmatch(line))]
    by_script: dict[int, list[str]] = {}
    for match in found:
        by_script.setdefault(int(match[2]), []).append(match[1])
    series = (
        Series(f"script {script}" if len(by_script) > 1 else "", "latency", "µs", samples=numbers(by_script[script]))
        for script in sorted(by_script)
    )
    return Results(_TOOL, tuple(series), moment(number(found[0][3])))

"""wrk and wrk2, HTTP load generators."""

from __future__ import annotations

import re

from mkdocs_perfcase.evidence.content import Content, number, numbers, whole
from mkdocs_perfcase.evidence.readers.parts import path_of, percentile_name, single
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import DEVIATION, MEAN, MOST, Results, Series

_TOOL = "wrk"
_HEAD = re.compile(r"^Running .+ test @ (\S+)$", re.MULTILINE)
_LATENCY = re.compile(r"^ +Latency +(\S+) +(\S+) +(\S+) +\S+%$", re.MULTILINE)
_PLACE = re.compile(r"^ +(\d{1,3}(?:\.\d+)?)% +([\d.]+(?:us|ms|s|m|h))$", re.MULTILINE)
_TOTAL = re.compile(r"^ +(\d+) requests in ", re.MULTILINE)
_RATE = re.compile(r"^Requests/sec: +([\d.]+)$", re.MULTILINE)
_TRANSFER = re.compile(r"^Transfer/sec: +([\d.]+)([KMGT]?)B$", re.MULTILINE)
_SOCKETS = re.compile(r"^ +Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)$", re.MULTILINE)
_REFUSED = re.compile(r"^ +Non-2xx or 3xx responses: (\d+)$", re.MULTILINE)
_AMOUNT = re.compile(r"([\d.]+)(us|ms|s|m|h)")
_MILLISECONDS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 60e3, "h": 3600e3}
_BYTES = {"": 1.0, "K": 2.0**10, "M": 2.0**20, "G": 2.0**30, "T": 2.0**40}


@reader(_TOOL, files="wrk --latency … > FILE.txt", source="https://github.com/wg/wrk#basic-usage")
def read(content: Content) -> Results | None:
    """Latency, the rates of requests and bytes, and what went wrong, of which wrk says nothing when nothing did."""
    text = content.text
    head = _HEAD.search(text)
    if not head or "Thread Stats" not in text:
        return None
    name = path_of(head[1])
    total, rate, transfer = (pattern.search(text) for pattern in (_TOTAL, _RATE, _TRANSFER))
    sockets, refused = _SOCKETS.search(text), _REFUSED.search(text)
    series = (
        Series(name, "latency", "ms", given=_latency(text), count=whole(total[1]) if total else None),
        Series(name, "requests", "req/s", "higher", single(rate and rate[1])),
        Series(name, "transfer", "B/s", "", single(transfer[1], _BYTES[transfer[2]]) if transfer else ()),
        Series(name, "socket errors", "", samples=(sum(numbers([*sockets.groups()])) if sockets else 0.0,)),
        Series(name, "non-2xx or 3xx responses", "", samples=single(refused[1] if refused else 0)),
    )
    return Results(_TOOL, series if rate or total else ())


def _latency(text: str) -> dict[str, float]:
    found = {percentile_name(float(place)): amount for place, amount in _PLACE.findall(text)}
    if row := _LATENCY.search(text):
        found |= zip((MEAN, DEVIATION, MOST), row.groups(), strict=True)
    return {name: value for name, amount in found.items() if (value := _milliseconds(amount)) is not None}


def _milliseconds(amount: str) -> float | None:
    match = _AMOUNT.fullmatch(amount)
    value = number(match[1]) if match else None
    return value * _MILLISECONDS[match[2]] if match and value is not None else None

"""memray, the memory profiler for Python."""

from __future__ import annotations

import re

from mkdocs_perfcase.evidence.content import Content, mapping, moment, number
from mkdocs_perfcase.evidence.readers.parts import single
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import Results, Series

_TOOL = "memray"
_TEXT = re.compile(
    r"^[^\w\n]*(Peak memory usage|Total memory allocated|Total allocations):\s+([\d.]+)([kMGT]?B)?$", re.MULTILINE
)
_BYTES = {"": 1.0, "B": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}


@reader(
    _TOOL,
    files="memray stats --json, or memray stats > FILE.txt",
    source="https://bloomberg.github.io/memray/stats.html",
)
def read(content: Content) -> Results | None:
    """Peak memory, all memory that was ever allocated, and the number of allocations."""
    if not content.looks_like_json:
        said = {match[1]: match for match in _TEXT.finditer(content.text)}
        found = [
            value * _BYTES[match[3] or ""] if match and (value := number(match[2])) is not None else None
            for match in map(said.get, ("Peak memory usage", "Total memory allocated", "Total allocations"))
        ]
        return Results(_TOOL, _series(*found)) if said else None
    report = content.object
    if not {"total_num_allocations", "total_bytes_allocated"} <= report.keys():
        return None
    about = mapping(report.get("metadata"))
    series = _series(about.get("peak_memory"), report["total_bytes_allocated"], report["total_num_allocations"])
    return Results(_TOOL, series, moment(about.get("start_time")))


def _series(peak: object, total: object, allocations: object) -> tuple[Series, ...]:
    return (
        Series("", "peak memory", "B", samples=single(peak)),
        Series("", "total memory allocated", "B", samples=single(total)),
        Series("", "allocations", "allocations", samples=single(allocations)),
    )

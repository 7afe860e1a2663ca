"""What readers share: percentiles by their keys, units of one operation, the direction that a unit gives away."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from mkdocs_perfcase.evidence.content import figures, mapping, number
from mkdocs_perfcase.evidence.series import LEAST, MEDIAN, MOST, Better
from mkdocs_perfcase.units import find_unit

_PLACE = re.compile(r"[pP]?(\d{1,3}(?:[._]\d{1,9})?)(?:th|%)?")
_EACH = re.compile(r"(?<!\s)\s*/\s*(?:op|operation|iter|iteration)\s*$")


def items(value: Any) -> list[Any]:
    """A list as it is; an empty one for all else."""
    return value if isinstance(value, list) else []


def single(value: Any, scale: float = 1.0) -> tuple[float, ...]:
    """A figure that stands by itself, as samples; none for all else."""
    found = number(value)
    return () if found is None else (found * scale,)


def percentiles(values: Any) -> dict[str, float]:
    """Percentiles that an object holds under keys such as `p97_5`, `95th` or `99.9`."""
    held = mapping(values)
    places = {key: float(match[1].replace("_", ".")) for key in held if (match := _PLACE.fullmatch(key))}
    return figures(held, {key: percentile_name(place) for key, place in places.items() if place <= 100})


def percentile_name(place: float) -> str:
    """The name of the statistic at a percentile."""
    return {0.0: LEAST, 50.0: MEDIAN, 100.0: MOST}.get(place, f"p{place:.9g}")


def of_one(unit: str) -> str:
    """A unit of one operation without saying so: `ns` for `ns/op`, as time is shown."""
    return _EACH.sub("", unit)


def better_by_unit(unit: str) -> Better:
    """Which way is better, as far as a unit alone settles it: less time and size, a higher rate."""
    known = find_unit(unit)
    family = known.family if known else ""
    if family.startswith(("time", "size")):
        return "lower"
    return "higher" if family.startswith("rate of") else ""


def path_of(url: str) -> str:
    """What of a URL names the benchmark: its path and query. Host and port say where it ran."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path

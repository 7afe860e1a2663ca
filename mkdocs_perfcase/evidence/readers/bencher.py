"""The Bencher Metric Format."""

from __future__ import annotations

from mkdocs_perfcase.evidence.content import Content, mapping
from mkdocs_perfcase.evidence.readers.parts import single
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import Better, Results, Series

_TOOL = "Bencher"
_KEYS = {"value", "lower_value", "upper_value"}
_KNOWN: dict[str, tuple[str, Better]] = {  # measures that Bencher itself comes with
    "latency": ("ns", "lower"),
    "throughput": ("ops/s", "higher"),
    "build-time": ("s", "lower"),
    "file-size": ("B", "lower"),
}


@reader(
    _TOOL,
    files="a harness of your own that writes the Bencher Metric Format",
    source="https://bencher.dev/docs/reference/bencher-metric-format/",
)
def read(content: Content) -> Results | None:
    """Each benchmark's measures. Bounds are left alone: the format doesn't say of what."""
    measures = [
        (benchmark, measure, mapping(held))
        for benchmark, by_measure in content.object.items()
        for measure, held in (by_measure.items() if isinstance(by_measure, dict) else [("", None)])
    ]
    if not measures or not all("value" in held and held.keys() <= _KEYS for *_, held in measures):
        return None
    series = tuple(
        Series(benchmark, measure, *_KNOWN.get(measure.lower(), ("", "")), single(held["value"]))
        for benchmark, measure, held in measures
    )
    return Results(_TOOL, series)

"""JMeter's results, a line or an element for each sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from mkdocs_perfcase.evidence.content import Content, moment, number
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import MEAN, MEDIAN, Results, Series, UnreadableError

_SUCCEEDED = {"true", "1"}


@reader(
    "JMeter",
    files="jmeter -n -t PLAN.jmx -l FILE.jtl",
    source="https://jmeter.apache.org/usermanual/listeners.html",
)
def read(content: Content) -> Results | None:
    """Series for each label: the time that its samples took, how many succeeded, and how many there were a second."""
    if {"elapsed", "label"} <= set(content.columns):
        return _results(_Sample.of(row, "label", "elapsed", "timeStamp", "success") for row in content.rows())
    if "<testResults" in content.text[:1000]:
        return _results(_Sample.of(one, "lb", "t", "ts", "s") for one in _elements(content.text))
    return None


@dataclass(frozen=True)
class _Sample:
    label: str
    elapsed: float | None
    """Milliseconds."""
    start: float | None
    """Milliseconds since 1970."""
    succeeded: bool | None

    @classmethod
    def of(cls, values: Mapping[str, str], label: str, elapsed: str, start: str, success: str) -> _Sample:
        said = values.get(success, "").strip().lower()
        at = number(values.get(start))
        return cls(values.get(label, ""), number(values.get(elapsed)), at, said in _SUCCEEDED if said else None)


@dataclass
class _Label:
    elapsed: list[float] = field(default_factory=list)
    verdicts: list[bool] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    end: float = 0.0

    def add(self, sample: _Sample) -> None:
        """Count a sample that says how long it took."""
        if sample.elapsed is None:
            return
        self.elapsed.append(sample.elapsed)
        if sample.succeeded is not None:
            self.verdicts.append(sample.succeeded)
        if sample.start is not None:
            self.starts.append(sample.start)
            self.end = max(self.end, sample.start + sample.elapsed)

    def series(self, label: str) -> Iterator[Series]:
        yield Series(label, "elapsed", "ms", samples=tuple(self.elapsed))
        if self.verdicts:
            share = 100 * sum(self.verdicts) / len(self.verdicts)
            given = {MEAN: share, MEDIAN: share}
            yield Series(label, "success", "%", "higher", given=given, count=len(self.verdicts))
        seconds = (self.end - min(self.starts)) / 1000 if self.starts else 0
        if seconds > 0:
            yield Series(label, "throughput", "req/s", "higher", samples=(len(self.starts) / seconds,))


def _results(samples: Iterator[_Sample]) -> Results:
    labels: dict[str, _Label] = {}
    for sample in samples:
        labels.setdefault(sample.label, _Label()).add(sample)
    starts = [min(label.starts) for label in labels.values() if label.starts]
    series = tuple(series for name, label in labels.items() for series in label.series(name))
    return Results("JMeter", series, moment(min(starts, default=None)))


def _elements(text: str) -> list[dict[str, str]]:
    """The attributes of the samples; what a sample brought along, such as a page's images, is part of it.

    A document type is refused: entities are declared in one, and no results have it.
    """
    found: list[dict[str, str]] = []
    depth = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth == 2 and "t" in attributes:
            found.append({key: attributes[key] for key in ("lb", "t", "ts", "s") if key in attributes})

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1

    def refused(*_: Any) -> None:
        raise UnreadableError("its XML declares a document type, which JMeter's has not")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = opened, closed, refused
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise UnreadableError(f"it is no valid XML: {error}") from None
    return found

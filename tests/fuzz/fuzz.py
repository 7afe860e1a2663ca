"""Coverage-guided fuzzing: `python tests/fuzz/fuzz.py TARGET [seconds]`, with atheris installed (`pip install atheris`).

What is found new is added to the corpus's folder beside this file; a text that raises is printed and kept by atheris as
`crash-…` in the working folder.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["mkdocs_perfcase"]):
    from markdown import Markdown

    from mkdocs_perfcase.change import read_stated
    from mkdocs_perfcase.check import Page, Project
    from mkdocs_perfcase.evidence.content import Content
    from mkdocs_perfcase.evidence.readers import READERS, Reader, read_results
    from mkdocs_perfcase.evidence.series import Results, UnreadableError
    from mkdocs_perfcase.evidence.spec import read_entries, result_files
    from mkdocs_perfcase.examples import COMPLETE
    from mkdocs_perfcase.quantity import read_quantities, read_transition
    from mkdocs_perfcase.source import split_front_matter
    from mkdocs_perfcase.targets import read_target
    from mkdocs_perfcase.tree import parse
    from mkdocs_perfcase.views import record_view

HERE = Path(__file__).parent
PROJECT = Project()
ENTRY = """---
perfcase_evidence:
  - {metric: Response Time, before: /bench/before.json, after: [a.json, b/*.txt], select: {before: x, after: y}}
  - {before: a, after: b, statistic: p99.9, measures: src/*.py, trend: /bench/*.json}
---
"""
SAMPLES = [path.read_bytes() for path in sorted(HERE.parent.glob("data/evidence/*/*")) if path.stat().st_size < 20_000]
SEEDS: dict[str, list[bytes]] = {
    "reader": [COMPLETE.read_bytes()],
    "numbers": [text.encode() for text in ("450 ms → 120 ms", "p95 ≤ 1.5 s (n=3)", "reduced by 70%", "3x faster")],
    "entries": [ENTRY.encode()],
    "results": SAMPLES,
}


def reader(text: str) -> None:
    """A page, from its source to its findings and what is shown of it."""
    body, meta = split_front_matter(text)
    md = Markdown(extensions=["tables", "fenced_code", "admonition"])
    try:
        root = parse(md, body)
    except RecursionError:
        return  # told as nested too deeply
    study = PROJECT.study(Page("a.md", {"perfcase": True, **meta}, lambda: text), root, md.htmlStash)
    if study and study.form:
        record_view(study, PROJECT.options)


def numbers(text: str) -> None:
    """A cell, a statement or a sentence."""
    read_quantities(text)
    read_transition(text)
    read_stated(text)
    read_target(text, 1)


def entries(text: str) -> None:
    """The evidence in a page's front matter."""
    _, meta = split_front_matter(text)
    found, troubles = read_entries(meta, text)
    result_files(meta)
    assert all(one.before and one.after for one in found)
    assert all(one.line >= 1 for one in (*found, *troubles))


def results(data: bytes) -> None:
    """A result file, by whichever reader knows it."""
    try:
        found = read_results(Content("result", data))
    except UnreadableError:
        return
    held(found)


def held(found: Results) -> None:
    """Hold results against what all readers promise."""
    assert found.series
    for series in found.series:
        assert series.samples or series.given
        for name in (found.tool, series.benchmark, series.metric, series.unit):
            assert name.isprintable()
        for statistic in ("median", "mean", "stddev", "p95", *series.given):
            value = series.statistic(statistic)
            assert value is None or math.isfinite(value)


def by(one: Reader) -> Callable[[bytes], None]:
    """A single reader, which may also be given what is another tool's."""

    def target(data: bytes) -> None:
        try:
            one.read(Content("result", data))
        except UnreadableError:
            return

    return target


def decoded(target: Callable[[str], None]) -> Callable[[bytes], None]:
    return lambda data: target(data.decode("utf-8", "replace"))


TARGETS: dict[str, Callable[[bytes], None]] = {
    "reader": decoded(reader),
    "numbers": decoded(numbers),
    "entries": decoded(entries),
    "results": results,
    **{one.read.__module__.rpartition(".")[2]: by(one) for one in READERS},
}
"""What can be fuzzed, by name. The name of a reader's module fuzzes it alone, from the samples of `results`."""


def main(name: str, seconds: str = "60") -> None:
    """Fuzz a target for a while."""
    target = TARGETS[name]
    folder = name if name in SEEDS else "results"
    corpus = HERE / "corpus" / folder
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[folder]):
        (corpus / f"seed-{number}").write_bytes(seed)
    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-timeout=10", "-max_len=20000", str(corpus)], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:3])

"""Coverage-guided fuzzing: `python tests/fuzz/fuzz.py TARGET [seconds]`, with atheris installed (`pip install atheris`).

What is found new is added to the corpus's folder beside this file; a text that raises is printed and kept by atheris as
`crash-…` in the working folder.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["mkdocs_perfcase"]):
    from markdown import Markdown

    from mkdocs_perfcase.change import read_stated
    from mkdocs_perfcase.check import Page, Project
    from mkdocs_perfcase.examples import COMPLETE
    from mkdocs_perfcase.quantity import read_quantities, read_transition
    from mkdocs_perfcase.source import split_front_matter
    from mkdocs_perfcase.targets import read_target
    from mkdocs_perfcase.tree import parse
    from mkdocs_perfcase.views import record_view

PROJECT = Project()
SEEDS = {"reader": [COMPLETE.read_text(encoding="utf-8")], "numbers": ["450 ms → 120 ms", "p95 ≤ 1.5 s (n=3)", "reduced by 70%", "3x faster"]}  # fmt: skip


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


TARGETS: dict[str, Callable[[str], None]] = {"reader": reader, "numbers": numbers}
"""What can be fuzzed, by name."""


def main(name: str, seconds: str = "60") -> None:
    """Fuzz a target for a while."""
    corpus = Path(__file__).parent / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS.get(name, ())):
        (corpus / f"seed-{number}").write_text(seed, encoding="utf-8")
    target = TARGETS[name]
    atheris.Setup(
        [sys.argv[0], f"-max_total_time={seconds}", "-timeout=10", "-max_len=20000", str(corpus)],
        lambda data: target(data.decode("utf-8", "replace")),
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:3])

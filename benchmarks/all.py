"""Every benchmark of the documentation: `python benchmarks/all.py` prints its tables, as Markdown.

The sizes are arguments, since the full ones take an hour: `--records 20 --others 20 --check 20 --growth 20 40 --runs 1`
takes half a minute. What is named but not on the PATH is left out, and `--sphinx-needs` asks for as many Sphinx-Needs
objects as records in `--check`, with the Python given or in an environment made for it.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
from importlib.metadata import version
from pathlib import Path

import build
import check
import needs
from corpus import head, row

ONCE_FROM = 1001
"""Builds of more pages than that, which take minutes each, run once."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, nargs="*", default=[100, 1000, 5000], help="sites of so many records")
    parser.add_argument("--others", type=int, nargs="*", default=[1000], help="sites of so many other pages")
    parser.add_argument("--check", type=int, default=1000, help="how many files to check; 0: none")
    parser.add_argument("--growth", type=int, nargs="*", default=[100, 1000, 10_000], help="how many files to compare")
    parser.add_argument("--runs", type=int, default=3, help="how often each is measured")
    parser.add_argument("--sphinx-needs", nargs="?", const="", metavar="PYTHON", help="a Python that has Sphinx-Needs")
    return parser.parse_args()


def machine() -> str:
    """What this ran on."""
    used = ("mkdocs-perfcase", "mkdocs", "mkdocs-material", "Markdown")
    names = ", ".join(f"{name} {version(name)}" for name in used)
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, {names}"
    )


def builds(records: list[int], others: list[int], runs: int) -> None:
    build.tell_head()
    for pages, kind in [*((pages, "records") for pages in records), *((pages, "other pages") for pages in others)]:
        done = build.pairs(pages, runs if pages < ONCE_FROM else 1, records=kind == "records")
        build.tell(kind, pages, done)


def compared(count: int, runs: int, python: str) -> None:
    """As many records and Sphinx-Needs objects, built in turns."""
    with tempfile.TemporaryDirectory() as name:
        python = python or needs.installed(Path(name))
        taken = {"mkdocs-perfcase": [], f"sphinx-needs {needs.version(python)}": []}
        ours, theirs = taken.values()
        for _ in range(runs):
            ours += [pair.with_plugin for pair in build.pairs(count, 1, records=True)]
            theirs.append(needs.built(python, count))
    head(f"{count:,} pages with a table of all", "CPU", "a page", "memory")
    for title, done in taken.items():
        cpu = statistics.median(one.cpu for one in done)
        memory = statistics.median(one.memory for one in done)
        row(title, f"{cpu:.1f} s", f"{cpu / count * 1000:.1f} ms", f"{memory / 1e6:.0f} MB")


def main() -> None:
    chosen = arguments()
    print(machine())
    if chosen.records or chosen.others:
        builds(chosen.records, chosen.others, chosen.runs)
    if chosen.check:
        check.main(chosen.check, chosen.runs)
    if chosen.growth:
        check.growth(chosen.growth)
    if chosen.sphinx_needs is not None and chosen.check:
        compared(chosen.check, chosen.runs, chosen.sphinx_needs)


if __name__ == "__main__":
    main()

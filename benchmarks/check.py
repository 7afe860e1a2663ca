"""What the command line takes: `python benchmarks/check.py [records] [runs]` prints a table.

Each run is a process of its own, as a hook or an editor starts it. Linters of Markdown that are on the PATH
(markdownlint-cli2, pymarkdown, rumdl) read the same files in the same run; they check other things.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from corpus import EXTENSIONS, Taken, head, middle, record, row, taken, write

PERFCASE = [sys.executable, "-m", "mkdocs_perfcase"]
CHECK = [*PERFCASE, "check"]
ALONE = [*CHECK, "--jobs", "1", "--no-cache"]
CONFIG = f"site_name: Prices\nplugins: [perfcase]\nmarkdown_extensions: {EXTENSIONS}\n"
LINTERS = {
    "markdownlint-cli2": ["docs/*.md"],
    "pymarkdown": ["scan", "docs"],
    "rumdl": ["check", "--no-cache", "docs"],
}


class Case(NamedTuple):
    name: str
    command: list[str]
    pages: int = 0
    forget: bool = False
    """Whether a cache must not help."""
    may_fail: bool = False
    """A linter that finds something in our records says so by its exit code."""


def site(folder: Path, records: int) -> None:
    """Write a site of filled records that differ."""
    write(folder, map(record, range(records)))
    (folder / "mkdocs.yml").write_text(CONFIG, encoding="utf-8")


def cases(records: int) -> Iterator[Case]:
    one = "docs/page-0.md"
    yield Case("import markdown, yaml, click", [sys.executable, "-c", "import markdown, yaml, click"])
    yield Case("--version", [*PERFCASE, "--version"])
    yield Case("rules", [*PERFCASE, "rules"])
    yield Case("check, one file, cold", [*CHECK, one], 1, forget=True)
    yield Case("check, one file, warm", [*CHECK, one], 1)
    yield Case(f"check, {records:,} files, cold", [*CHECK, "--jobs", "1"], records, forget=True)
    together = f"the same, {os.cpu_count()} processes"
    yield Case(together, [*CHECK, "--jobs", str(os.cpu_count())], records, forget=True)
    yield Case(f"check, {records:,} files, warm", CHECK, records)
    for name, arguments in LINTERS.items():
        if path := shutil.which(name):
            yield Case(f"{name}, {records:,} files", [path, *arguments], records, may_fail=True)


def measured(case: Case, folder: Path, runs: int) -> list[Taken]:
    """Some runs of a command, after one that doesn't count where it fills a cache."""
    done = []
    for number in range(runs + (not case.forget)):
        if case.forget:
            shutil.rmtree(folder / ".cache", ignore_errors=True)
        this = taken(case.command, folder, may_fail=case.may_fail)
        if number or case.forget:
            done.append(this)
    return done


def main(records: int = 200, runs: int = 5) -> None:
    """Print the table; speeds are by CPU time."""
    head("command", "wall", "CPU", "files a CPU second", "memory")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "site")
        site(folder, records)
        for case in cases(records):
            done = measured(case, folder, runs)
            speed = case.pages / statistics.median(one.cpu for one in done)
            row(
                case.name,
                f"{statistics.median(one.wall for one in done):.2f} s",
                middle([one.cpu for one in done], ".2f", " s"),
                f"{speed:,.0f}" if case.pages > 1 else "",
                f"{statistics.median(one.memory for one in done) / 1e6:.0f} MB",
            )


def growth(sizes: list[int]) -> None:
    """Print how the cost of a record grows with their number: one process each, without a cache.

    What a check of a single file takes is left out of a record's cost, so that starting doesn't count.
    """
    head("records", "CPU", "a record", "against the first", "memory")
    first = 0.0
    for records in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name, "site")
            site(folder, records)
            start = statistics.median(taken([*ALONE, "docs/page-0.md"], folder).cpu for _ in range(3))
            done = taken(ALONE, folder)
        each = (done.cpu - start) / max(records - 1, 1)
        first = first or each
        shown = f"{each * 1000:.2f} ms", f"{each / first:.2f}", f"{done.memory / 1e6:.0f} MB"
        row(f"{records:,}", f"{done.cpu:.1f} s", *shown)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""What the command line takes: `python benchmarks/check.py [records] [runs]` prints medians and ratios.

Each run is a process of its own, as a hook or an editor starts it. Ratios are of CPU time, since wall time on a shared
machine says little, to a bare import of the libraries that any such command needs. Linters of Markdown that are on the
PATH (markdownlint-cli2, pymarkdown, rumdl) read the same files in the same run; they check other things.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from mkdocs_perfcase.examples import COMPLETE

PERFCASE = [sys.executable, "-m", "mkdocs_perfcase"]
CHECK = [*PERFCASE, "check"]
COLD = "check, {} files, cold"
TOGETHER = f"the same, {os.cpu_count()} processes"
CONFIG = """
site_name: Prices
plugins: [perfcase]
markdown_extensions: [pymdownx.superfences, pymdownx.highlight, pymdownx.tasklist]
"""

# installed packages are compiled to bytecode, and this one must not be measured without
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Case(NamedTuple):
    name: str
    command: list[str]
    pages: int = 0
    forget: bool = False
    may_fail: bool = False
    """A linter that finds something in our records says so by its exit code."""


class Taken(NamedTuple):
    wall: float
    cpu: float


def site(folder: Path, records: int) -> None:
    """Write a site of filled records that differ."""
    (folder / "docs").mkdir()
    (folder / "mkdocs.yml").write_text(CONFIG, encoding="utf-8")
    text = COMPLETE.read_text(encoding="utf-8")
    for n in range(records):
        (folder / "docs" / f"record-{n}.md").write_text(text.replace("price list", f"price list {n}"), encoding="utf-8")


def taken(case: Case, folder: Path) -> Taken:
    """Seconds that a command takes, all its processes together."""
    wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    said = subprocess.DEVNULL if case.may_fail else None
    subprocess.run(
        case.command, cwd=folder, env=ENVIRONMENT, check=not case.may_fail, stdout=subprocess.DEVNULL, stderr=said
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(time.perf_counter() - wall, cpu)


def median(run: Callable[[], Taken], runs: int) -> Taken:
    """The middle of some runs."""
    done = [run() for _ in range(runs)]
    return Taken(statistics.median(one.wall for one in done), statistics.median(one.cpu for one in done))


def cases(records: int) -> list[Case]:
    one = "docs/record-0.md"
    return [
        Case("import markdown, yaml, click", [sys.executable, "-c", "import markdown, yaml, click"]),
        Case("--version", [*PERFCASE, "--version"]),
        Case("rules", [*PERFCASE, "rules"]),
        Case("check, one file, cold", [*CHECK, one], 1, forget=True),
        Case("check, one file, warm", [*CHECK, one], 1),
        Case(COLD.format(records), [*CHECK, "--jobs", "1"], records, forget=True),
        Case(TOGETHER, [*CHECK, "--jobs", str(os.cpu_count())], records, forget=True),
        Case(f"check, {records} files, warm", CHECK, records),
        *others(records),
    ]


def others(records: int) -> Iterator[Case]:
    """The linters that are there, each without a cache."""
    commands = {
        "markdownlint-cli2": ["docs/*.md"],
        "pymarkdown": ["scan", "docs"],
        "rumdl": ["check", "--no-cache", "docs"],
    }
    for name, arguments in commands.items():
        if path := shutil.which(name):
            yield Case(f"{name}, {records} files", [path, *arguments], records, may_fail=True)


def main(records: int = 200, runs: int = 5) -> None:
    """Print the table, and how the cold check compares to each other linter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "site")
        folder.mkdir()
        site(folder, records)
        print(f"{'':34}{'wall':>9}{'CPU':>9}{'ratio':>8}{'files/s':>9}")
        done: dict[str, Taken] = {}
        for case in cases(records):

            def run(case: Case = case) -> Taken:
                if case.forget:
                    shutil.rmtree(folder / ".cache", ignore_errors=True)
                return taken(case, folder)

            if not case.may_fail:
                run()
            done[case.name] = wall, cpu = median(run, runs)
            first = next(iter(done.values())).cpu
            speed = f"{case.pages / wall:9.0f}" if case.pages > 1 else ""
            print(f"{case.name:34}{wall * 1000:6.0f} ms{cpu * 1000:6.0f} ms{cpu / first:8.1f}{speed}", flush=True)
        alone, together = done[COLD.format(records)], done[TOGETHER]
        for case in others(records):
            theirs = done[case.name]
            wall, cpu = theirs.wall / together.wall, theirs.cpu / alone.cpu
            print(f"{case.name}: cold check reads {wall:.1f} times as many a second, {cpu:.1f} times by CPU")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

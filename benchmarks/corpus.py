"""Sites to measure, and what a process takes. CPU time counts, since wall time on a shared machine says little."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from mkdocs_perfcase.examples import COMPLETE

RECORD = COMPLETE.read_text(encoding="utf-8")
PLAIN = (
    "# Page {n}\n\n"
    + "## Part\n\nSome words about page {n}, with a [link](index.md) and `code`.\n\n- one\n- two\n\n" * 12
)
EXTENSIONS = "[pymdownx.superfences, pymdownx.highlight, pymdownx.tasklist]"

# installed packages are compiled to bytecode, and this one must not be measured without
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
ENVIRONMENT["NO_MKDOCS_2_WARNING"] = "1"


class Taken(NamedTuple):
    """Seconds and bytes that a command took, all its processes together; of memory, the largest process."""

    wall: float
    cpu: float
    memory: int
    said: str


def record(number: int) -> str:
    """A filled record without findings, with names and values of its own."""
    text = RECORD.replace("120 ms", f"120.{number % 40:02} ms").replace("prices were", f"prices {number} were")
    return text.replace("rice list", f"rice list {number}").replace("for prices", f"for prices of shop {number}")


def plain(number: int) -> str:
    """A page that is no record."""
    return PLAIN.replace("{n}", str(number))


def write(folder: Path, pages: Iterable[str]) -> None:
    """A site's docs folder: a home page, and the pages given."""
    docs = folder / "docs"
    docs.mkdir(parents=True)
    (docs / "index.md").write_text("# Home\n", encoding="utf-8")
    for number, page in enumerate(pages):
        (docs / f"page-{number}.md").write_text(page, encoding="utf-8")


def taken(command: Sequence[str], folder: Path, *, may_fail: bool = False) -> Taken:
    """Run a command and say what it took.

    Raises:
        SystemExit: it failed, and mustn't.
    """
    start = time.perf_counter()
    run = subprocess.Popen(
        command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    )
    assert run.stdout
    said = run.stdout.read()
    _, status, usage = os.wait4(run.pid, 0)
    run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode and not may_fail:
        sys.exit(f"{' '.join(command)} failed:\n{said}")
    memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Taken(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, memory, said)


def middle(values: Iterable[float], form: str, unit: str = "") -> str:
    """The median, and the least and the greatest where there are several."""
    found = sorted(values)
    text = f"{statistics.median(found):{form}}{unit}"
    return f"{text} ({found[0]:{form}} to {found[-1]:{form}})" if len(found) > 1 else text


def row(*cells: str) -> None:
    """Print a row of a Markdown table."""
    print(f"| {' | '.join(cells)} |", flush=True)


def head(*cells: str) -> None:
    """Print a Markdown table's head; all but the first column are figures."""
    print()
    row(*cells)
    row("---", *["--:"] * (len(cells) - 1))

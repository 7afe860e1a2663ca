"""What evidence could be made to run, and what of it an editor would take for its own."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import Run, write
from markdown import Markdown
from records_with_evidence import AFTER, BEFORE, QUICK, TIMES, entry, record, repository, rounds, told
from test_editor import row

GIT = shutil.which("git") or "git"
ON = "site_name: Prices\nplugins:\n  - perfcase:\n      evidence_history: true\n"
ROW = "| Response Time | 450 ms | 120 ms | |"
KNOWN = [
    r"rev-parse --is-shallow-repository",
    r"merge-base --is-ancestor [0-9a-f]{7,64}\^\{commit\} HEAD",
    r"--literal-pathspecs log -1 --no-show-signature --format=%ct --(?: /\S*)+",
]
"""All that git may be asked; what follows the two dashes is never an option."""


@pytest.fixture
def asked(run: Run, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file to which everything goes that git is asked, in a repository; git answers as always."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    folder = tmp_path_factory.mktemp("programs")
    log = folder / "asked"
    program = folder / "git"
    program.write_text(
        f'#!/bin/sh\necho "$GIT_TERMINAL_PROMPT$GIT_NO_LAZY_FETCH $*" >> {log}\nexec {GIT} "$@"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    write("src/--output=owned", "")
    write("src/prices.py", "")
    repository()
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return log


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a shell's")
@pytest.mark.parametrize(
    "commit", ["--output=owned", "-h", "HEAD --output=owned", "HEAD;touch owned", "$(touch owned)", "deadbeef\n--output=owned", "0123456789abcdef"]
)  # fmt: skip
@pytest.mark.parametrize(
    "measures",
    ["/src/--output=owned", "/src/*", "--output=owned", "/--output=owned", "$(touch owned)", ":(exclude)src"],
)
def test_git_is_asked_nothing_that_a_file_or_a_record_says(run: Run, asked: Path, commit: str, measures: str) -> None:
    write("mkdocs.yml", ON)
    write(f".{BEFORE}", rounds(TIMES, commit=commit))
    write(f".{AFTER}", rounds(QUICK, commit=commit))
    told(run, record([entry(measures=measures)], ROW))
    lines = asked.read_text(encoding="utf-8").splitlines() if asked.exists() else []
    assert bool(lines) == (commit.isalnum() or measures.startswith("/src"))
    for line in lines:
        quiet, folder, _, question = re.fullmatch(r"(\d*) -C (\S+)( )(.*)", line).groups()  # type: ignore[union-attr]
        assert (quiet, Path(folder)) == ("01", Path.cwd())
        assert any(re.fullmatch(known, question) for known in KNOWN), question
    assert not list(Path().rglob("owned"))


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a shell's")
def test_git_is_asked_nothing_without_the_option(run: Run, asked: Path) -> None:
    write(f".{BEFORE}", rounds(TIMES, commit="0123456789abcdef"))
    write(f".{AFTER}", rounds(QUICK, commit="0123456789abcdef"))
    told(run, record([entry(measures="/src/*")], ROW))
    assert not asked.exists()


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=alert(1)>",
        "[x](command:owned)",
        "![x](https://host.invalid/pixel)",
        "&lt;img src=x&gt;",
        "`<b>`",
        r"\[x\](command:owned)",
        "<command:owned>",
        r"\<img src=x>",
        "**x** ~~y~~ _z_",
    ],
)
def test_an_editor_runs_and_loads_nothing_of_a_row(hostile: str) -> None:
    for cells in (
        f"{hostile} | 450 ms | 120 ms | 73%",
        f"Latency | {hostile} | 120 ms | 73%",
        f"Latency | 450 ms {hostile} | 120 ms | 73%",
        f"Latency | 450 ms | 120 ms | {hostile}",
        f"Latency | 450 ms | 120 ms | 85% {hostile}",
    ):
        own = row(cells).split("\n\n---\n\n")[0]
        shown = BeautifulSoup(Markdown().convert(own), "html.parser")
        assert own
        assert {tag.name for tag in shown.select("*")} <= {"p", "strong", "ul", "li"}, own

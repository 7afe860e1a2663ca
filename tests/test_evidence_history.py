"""PC605, with real repositories: evidence that isn't of what is there now; where nobody can tell, nothing is said."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run, write
from records_with_evidence import (
    AFTER,
    BEFORE,
    PAGE,
    QUICK,
    TIMES,
    entry,
    git_at,
    plain,
    record,
    repository,
    rounds,
    told,
)

ON = "site_name: Prices\nplugins:\n  - perfcase:\n      evidence_history: true\n"
ROW = "| Response Time | 450 ms | 120 ms | |"
ANOTHER = "0123456789abcdef0123456789abcdef01234567"

Git = Callable[..., str]


@pytest.fixture
def git(run: Run, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Git in the working folder, which is a repository with one commit."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    write("mkdocs.yml", ON)
    write("src/prices.py", "prices = []\n")
    repository()
    return git_at


def results(after: str = "", taken: str = "2026-01-06T10:00:00+00:00", before: str = "") -> None:
    write(f".{BEFORE}", rounds(TIMES, taken="2026-01-04T10:00:00+00:00", commit=before))
    write(f".{AFTER}", rounds(QUICK, taken=taken, commit=after))


def measuring(paths: str | list[str] = "/src/prices.py") -> str:
    return record([entry(measures=paths)], ROW)


def test_a_commit_that_is_not_in_the_history(run: Run, git: Git) -> None:
    results(after=git("rev-parse", "HEAD"))
    assert told(run, measuring()) == []
    results(after=ANOTHER)
    [found] = told(run)
    assert (found.code, found.line) == ("PC605", 3)
    assert found.text == (
        "evidence is stale: bench/after.json was measured at commit 0123456789, which is not in the history; "
        "measure again, and commit the result files"
    )
    results(before=ANOTHER)
    assert "bench/before.json was measured at commit 0123456789" in told(run)[0].text


def test_a_commit_of_another_branch(run: Run, git: Git) -> None:
    git("checkout", "-qb", "other")
    git("commit", "-qm", "Elsewhere", "--allow-empty")
    elsewhere = git("rev-parse", "HEAD")
    results(after=elsewhere[:12])
    assert told(run, measuring()) == []
    git("checkout", "-q", "-")
    assert [one.code for one in told(run)] == ["PC605"]
    git("merge", "-q", "other")
    assert told(run) == []


def test_what_was_measured_has_changed_since(run: Run, git: Git) -> None:
    results(taken="2026-01-06T10:00:00+00:00")
    assert told(run, measuring()) == []
    write("src/prices.py", "prices = [1]\n")
    git("commit", "-qam", "Read one", at=8)
    [found] = told(run)
    assert found.text == (
        "evidence is stale: bench/after.json is of 2026-01-06, and what it measures was changed on 2026-01-08; "
        "measure again, and commit the result files"
    )
    assert [one.code for one in told(run, measuring(["/docs/*.py", "/src/**/*.py"]))] == ["PC605"]
    assert told(run, record([entry()], ROW)) == []  # it names nothing that it measures
    results(taken="2026-01-09T10:00:00+00:00")
    assert told(run, measuring()) == []


def test_what_is_measured_and_committed_together_is_not_stale(run: Run, git: Git) -> None:
    write("src/prices.py", "prices = [1]\n")
    results(taken="2026-01-07T10:00:00+00:00")
    git("add", ".")
    git("commit", "-qm", "Read one, and measure it", at=8)
    assert told(run, measuring()) == []
    write("src/prices.py", "prices = [2]\n")
    git("commit", "-qam", "Read two", at=9)
    assert "bench/after.json is of 2026-01-08, and " in told(run)[0].text


def test_a_file_without_a_date_is_as_old_as_its_commit(run: Run, git: Git) -> None:
    for name, seconds in ((BEFORE, TIMES), (AFTER, QUICK)):
        write(f".{name}", plain("Response Time", "s", "lower", seconds))
    assert told(run, measuring()) == []  # not committed: nobody can tell
    git("add", "bench")
    git("commit", "-qm", "Measure", at=6)
    assert told(run) == []
    write("src/prices.py", "prices = [1]\n")
    git("commit", "-qam", "Read one", at=8)
    assert [one.code for one in told(run)] == ["PC605"]


def test_names_that_git_would_take_for_patterns(run: Run, git: Git) -> None:
    write("src/[p]rices.py", "")
    git("add", ".")
    git("commit", "-qm", "An odd name", at=2)
    write("src/prices.py", "prices = [1]\n")
    git("commit", "-qam", "Read one", at=8)
    results()
    assert told(run, measuring("/src/[[]p]rices.py")) == []
    assert [one.code for one in told(run, measuring())] == ["PC605"]


def test_nothing_is_said_in_a_shallow_clone(
    run: Run, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results(after=git("rev-parse", "HEAD"))
    write(PAGE, measuring())
    git("add", ".")
    git("commit", "-qm", "Measure", at=6)
    git("clone", "-q", "--depth", "1", tmp_path.as_uri(), "shallow")
    git("clone", "-q", tmp_path.as_uri(), "whole")
    for clone in ("shallow", "whole"):
        monkeypatch.chdir(tmp_path / clone)
        assert told(run) == []
        results(after=ANOTHER)
        assert [one.code for one in told(run)] == (["PC605"] if clone == "whole" else [])


def test_nothing_is_said_without_git(run: Run, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    results(after=ANOTHER)
    write("src/prices.py", "prices = [1]\n")
    git("commit", "-qam", "Read one", at=8)
    assert len(told(run, measuring())) == 1
    monkeypatch.setenv("PATH", "")
    assert told(run) == []


def test_nothing_is_said_without_a_repository_or_the_option(run: Run, git: Git) -> None:
    results(after=ANOTHER)
    assert len(told(run, measuring())) == 1
    write("mkdocs.yml", "site_name: Prices\n")
    assert told(run) == []
    write("mkdocs.yml", ON)
    Path(".git").rename("gone")
    assert told(run) == []


def test_an_empty_repository_says_nothing_of_age(run: Run, git: Git) -> None:
    results()
    Path(".git").rename("gone")
    git("init", "-q")
    assert told(run, measuring()) == []


def test_entries_are_told_once(run: Run, git: Git) -> None:
    text = "metric,unit,better,value\nResponse Time,ms,lower,{}\nErrors,,lower,3\n"
    write(f".{BEFORE}", text.format(450))
    write(f".{AFTER}", text.format(120))
    git("add", "bench")
    git("commit", "-qm", "Measure", at=6)
    write("src/prices.py", "prices = [1]\n")
    git("commit", "-qam", "Read one", at=8)
    whole = {"before": BEFORE, "after": AFTER, "measures": "/src/*.py"}
    assert [one.code for one in told(run, record([whole], ROW, below="\n<!-- perfcase: evidence -->"))] == ["PC605"]


def test_measures_that_lead_out_are_told(run: Run, git: Git) -> None:
    results()
    [found] = told(run, measuring("/../elsewhere.py"))
    assert found.code == "PC601"
    assert found.text.startswith("`measures` of evidence is not read: ")
    assert told(run, measuring("/src/gone.py")) == []

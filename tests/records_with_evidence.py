"""Records that name result files, and such files: what tests of evidence share."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from conftest import COMPLETE, Run, with_section, write

PAGE = "docs/performance/prices.md"
BEFORE, AFTER = "/bench/before.json", "/bench/after.json"
TIMES = (0.448, 0.450, 0.452)
"""The rounds before, in seconds; their median and mean are 450 ms."""
QUICK = (0.119, 0.120, 0.121)


def record(entries: Any, *rows: str, front: str = "", below: str = "", base: str = COMPLETE) -> str:
    """A complete record with evidence; its comparison has the rows that are given, or else those it always has."""
    text = base
    if rows or below:
        shown = "\n".join(("| Metric | Before | After | Improvement |", "| --- | --- | --- | --- |", *rows))
        text = with_section(f"### Before/After Comparison\n\n{shown if rows else ''}\n{below}\n", text)
    given = yaml.safe_dump({"perfcase_evidence": entries}, sort_keys=False, allow_unicode=True)
    return f"---\n{given}{front}---\n\n{text}"


def entry(metric: str = "Response Time", before: Any = BEFORE, after: Any = AFTER, **more: Any) -> dict[str, Any]:
    return {"metric": metric, "before": before, "after": after, **more}


def rounds(
    seconds: Iterable[float], name: str = "GET /prices", *, taken: str = "2026-03-02T10:00:00+00:00", commit: str = ""
) -> str:
    """A file of pytest-benchmark's with the rounds of one benchmark."""
    return benchmarks({name: tuple(seconds)}, taken=taken, commit=commit)


def benchmarks(of: dict[str, Sequence[float]], *, taken: str = "2026-03-02T10:00:00+00:00", commit: str = "") -> str:
    """The same with several benchmarks."""
    held = [
        {"fullname": name, "stats": {"data": list(seconds), "rounds": len(seconds)}} for name, seconds in of.items()
    ]
    return json.dumps(
        {"machine_info": {"node": "build-7"}, "commit_info": {"id": commit}, "datetime": taken, "benchmarks": held}
    )


def plain(metric: str, unit: str, better: str, values: Iterable[float]) -> str:
    """A CSV with a figure a line."""
    lines = (f"{metric},{unit},{better},{value}\n" for value in values)
    return f"metric,unit,better,value\n{''.join(lines)}"


def one_a_side(before: Iterable[float] = TIMES, after: Iterable[float] = QUICK) -> None:
    """A result file before and one after, at the repository's root, which the working folder is."""
    Path(".git").mkdir(exist_ok=True)
    write(f".{BEFORE}", rounds(before))
    write(f".{AFTER}", rounds(after))


def a_side(folder: str, medians: Iterable[float]) -> str:
    """A folder of result files, each of one process; the glob that matches them."""
    for number, median in enumerate(medians):
        write(f"{folder}/{number}.json", rounds((median * 0.99, median, median * 1.02)))
    return f"/{folder}/*.json"


class Said(NamedTuple):
    """A finding as `perfcase check` told it."""

    code: str
    line: int
    text: str


def told(run: Run, source: str | None = None, *arguments: str, only: str = "PC6") -> list[Said]:
    """What the check says of evidence."""
    if source is not None:
        write(PAGE, source)
    result = run("check", PAGE, "--format", "json", "--select", only, *arguments)
    assert result.exit_code in (0, 1), result.stderr
    return [Said(f["code"], f["line"], f["message"]) for f in json.loads(result.stdout)["findings"]]


def exported(run: Run, source: str | None = None) -> dict[str, dict[str, Any]]:
    """The record's metrics as they are exported, by name."""
    if source is not None:
        write(PAGE, source)
    [found] = json.loads(run("export", "--format", "json").stdout)["records"]
    return {metric["name"]: metric for metric in found["metrics"]}


def git_at(*arguments: str, at: int = 5) -> str:
    """Run git in the working folder, on a day of January 2026; what it says."""
    day = f"2026-01-{at:02}T12:00:00+00:00"
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    who = {f"GIT_{role}_{what}": f"me@{role}" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    dates = {"GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day, "GIT_CONFIG_GLOBAL": os.devnull}
    environment = {**own, **who, **dates, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *arguments], env=environment, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def repository() -> None:
    """Make the working folder a repository, with all that is in it."""
    git_at("init", "-q")
    git_at("add", ".")
    git_at("commit", "-qm", "Read prices")

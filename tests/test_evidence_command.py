"""`perfcase evidence`, run as a user runs it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from conftest import Run, write
from result_files import EVIDENCE

from mkdocs_perfcase.evidence.readers import READERS


@pytest.fixture
def bench(run: Run) -> Run:
    """The command line in a folder with samples in `bench`."""
    for tool, names in {
        "hyperfine": ["both-in-one.json"],
        "k6": ["summary-export.json"],
        "pytest-benchmark": ["before.json"],
        "locust": ["before_failures.csv"],
    }.items():
        for name in names:
            write(f"bench/{tool}-{name}", (EVIDENCE / tool / name).read_bytes())
    return run


def test_metric_by_metric(bench: Run) -> None:
    result = bench("evidence", "bench/hyperfine-both-in-one.json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert (
        result.stdout
        == """\
bench/hyperfine-both-in-one.json: hyperfine
    metric  median     mean     p95  unit   n  better
  slow
    time    0.6193   0.6085  0.7653  s     15  lower
    user         –   0.3528       –  s      –  lower
    system       –  0.04884       –  s      –  lower
  fast
    time    0.1518   0.1531  0.1867  s     15  lower
    user         –  0.09631       –  s      –  lower
    system       –  0.03876       –  s      –  lower

In a record's evidence, select: "slow: time" takes one of these; the name before the colon alone takes the first metric under it.
"""
    )


def test_date_and_commit(bench: Run) -> None:
    first = bench("evidence", "bench/pytest-benchmark-before.json").stdout.splitlines()[0]
    assert first == (
        "bench/pytest-benchmark-before.json: pytest-benchmark, measured on 2026-11-23 16:37 UTC, commit 3cdc1f11be"
    )


def test_a_file_that_names_no_benchmark(bench: Run) -> None:
    lines = bench("evidence", "bench/k6-summary-export.json").stdout.splitlines()
    assert lines[2].split() == ["http_req_duration", "38.5", "39.83", "50.92", "ms", "1,601", "lower"]
    rate = next(line for line in lines if line.split()[:1] == ["http_reqs"])
    assert rate.split() == ["http_reqs", "199.2", "199.2", "–", "req/s", "1", "higher"], "one figure has no percentile"
    assert lines[-1] == 'In a record\'s evidence, select: "http_req_duration" takes one of these.'


def test_files_that_cannot_be_read_do_not_stop_the_others(bench: Run) -> None:
    write("bench/empty.json", "")
    write("bench/notes.txt", "Faster now.\n")
    with Path("bench/huge.json").open("wb") as file:
        file.truncate(20_000_001)
    names = [
        "none.json",
        "empty.json",
        "notes.txt",
        "huge.json",
        "locust-before_failures.csv",
        "hyperfine-both-in-one.json",
    ]
    result = bench("evidence", *(f"bench/{name}" for name in names), "bench")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "perfcase: cannot read bench/none.json: No such file or directory",
        "perfcase: cannot read bench/empty.json: it is empty",
        "perfcase: cannot read bench/notes.txt: no tool's format was recognised in it; `perfcase evidence` lists those that are",
        "perfcase: cannot read bench/huge.json: it is larger than 20 MB",
        "perfcase: cannot read bench/locust-before_failures.csv: it is Locust's list of failures; the figures are in the file that ends in _stats.csv",
        "perfcase: cannot read bench: it is a folder",
    ]
    assert result.stdout.startswith("bench/hyperfine-both-in-one.json: hyperfine\n")


def test_nothing_to_show(run: Run) -> None:
    result = run("evidence", "none.json")
    assert (result.exit_code, result.stdout) == (2, "")
    result = run("evidence", "--format", "json", "none.json")
    assert (result.exit_code, json.loads(result.stdout)) == (2, {"version": 1, "files": []})


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name")
def test_a_pipe_is_not_waited_for(run: Run) -> None:
    os.mkfifo("pipe")
    result = run("evidence", "pipe")
    assert (result.exit_code, result.stderr) == (2, "perfcase: cannot read pipe: it is no file\n")


def test_json(bench: Run) -> None:
    files = ["bench/pytest-benchmark-before.json", "bench/k6-summary-export.json"]
    result = bench("evidence", "--format", "json", "--output", "out.json", *files)
    assert (result.exit_code, result.output) == (0, "")
    data = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert data["version"] == 1
    assert [(file["path"], file["tool"]) for file in data["files"]] == list(
        zip(files, ["pytest-benchmark", "k6"], strict=True)
    )
    first, second = data["files"]
    assert (first["taken"], first["commit"][:7]) == ("2026-11-23T16:37:11.550496+00:00", "3cdc1f1")
    assert (second["taken"], second["commit"]) == (None, None)
    series = first["series"][1]
    statistics = series.pop("statistics")
    assert series == {
        "select": "test_bench.py::test_dedupe: time",
        "benchmark": "test_bench.py::test_dedupe",
        "metric": "time",
        "unit": "s",
        "better": "lower",
        "n": 30,
    }
    assert list(statistics) == ["median", "mean", "stddev", "min", "max", "p90", "p95", "p99"]
    assert statistics["median"] == 0.0008191255003566766
    bad = next(one for one in second["series"] if one["metric"] == "bad")
    assert (bad["benchmark"], bad["better"], bad["unit"]) == (None, None, "%")
    assert bad["statistics"]["p95"] is None


def test_hostile_names_do_nothing_to_a_terminal(run: Run) -> None:
    command = "\x1b]0;x\x07\x1b[2Jrm\nperfcase: nothing found\u202e"
    write("\x1b[31m.json", json.dumps({"results": [{"command": command, "times": [1, 2]}]}))
    for form in ("text", "json"):
        result = run("evidence", "--format", form, "\x1b[31m.json")
        assert result.exit_code == 0
        assert "\nperfcase: nothing" not in result.stdout
        assert all(character.isprintable() or character == "\n" for character in result.stdout)


def test_without_a_file_the_tools_are_listed(run: Run) -> None:
    result = run("evidence")
    assert result.exit_code == 0
    for one in READERS:
        assert f"  {one.tool}" in result.stdout
        assert one.files in result.stdout
    data = json.loads(run("evidence", "--format", "json").stdout)
    assert data["tools"] == [{"tool": one.tool, "files": one.files, "source": one.source} for one in READERS]


def test_every_sample_is_listed_or_refused_in_a_line(run: Run) -> None:
    shutil.copytree(EVIDENCE, "bench")
    files = sorted(str(path) for path in Path("bench").rglob("*") if path.is_file())
    result = run("evidence", *files)
    listed = {line.split(": ")[0] for line in result.stdout.splitlines() if line.startswith("bench/")}
    refused = {line.split(": ")[1].removeprefix("cannot read ") for line in result.stderr.splitlines()}
    assert listed | refused == set(files)
    assert not listed & refused

"""The same code measured twice: who runs it often enough sees differences, and the product must not tell them."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from pathlib import Path

import pytest
from conftest import Run, write
from records_with_evidence import benchmarks, record

RECORDS, METRICS, PROCESSES, ROUNDS = 16, 25, 4, 12
FALSE = 0.06
"""The share of pairs of the same code that may be told as improved or regressed."""
LUCK = 0.10
"""How far one process is off, its memory layout and neighbours being what they are: the deviation of the logarithm."""
SCATTER = 0.01
"""How far the rounds of one process are apart."""


def measured(chance: random.Random, factor: float) -> str:
    """A result file of one process, with every benchmark."""
    of = {}
    for number in range(METRICS):
        own = 0.1 * (number + 1) * factor * math.exp(chance.gauss(0, LUCK))
        of[f"bench_{number}"] = [own * math.exp(chance.gauss(0, SCATTER)) for _ in range(ROUNDS)]
    return benchmarks(of)


def verdicts(run: Run, factor: float, files: str) -> Counter[str]:
    """What records of pairs say, all exported at once; `files` matches those of a side."""
    chance = random.Random(f"{factor}{files}")
    for page in range(RECORDS):
        for side, times in (("before", 1.0), ("after", factor)):
            for process in range(PROCESSES):
                write(f"bench/{page}/{side}/{process}.json", measured(chance, times))
        named = {side: f"/bench/{page}/{side}/{files}" for side in ("before", "after")}
        write(f"docs/performance/{page}.md", record([named], below="<!-- perfcase: evidence -->"))
    found = json.loads(run("export", "--format", "json").stdout)["records"]
    told = Counter(metric["verdict"] for one in found for metric in one["metrics"])
    assert told.total() == RECORDS * METRICS
    return told


def test_the_same_code_is_hardly_ever_told_as_changed(run: Run) -> None:
    told = verdicts(run, 1.0, "*.json")
    assert told["improved"] + told["regressed"] <= FALSE * told.total()
    assert told["improved"] + told["regressed"] > 0  # the noise is large enough to be mistaken


@pytest.mark.parametrize("factor", [1.0, 0.5])
def test_one_file_a_side_never_proves_anything(factor: float, run: Run) -> None:
    told = verdicts(run, factor, "0.json")
    assert told["improved"] + told["regressed"] == 0


def test_a_real_change_is_told(run: Run) -> None:
    told = verdicts(run, 0.5, "*.json")
    assert told["improved"] > 0.95 * told.total()
    assert told["regressed"] == 0


def test_typed_values_of_the_same_code_are_caught(run: Run) -> None:
    """Rounds of one process each look "significant"; four processes a side show that they aren't."""
    chance = random.Random(1)
    for side in ("before", "after"):
        for process in range(PROCESSES):
            write(f"bench/{side}/{process}.json", measured(chance, 1.0))
    rows = []
    entries = []
    for number in range(METRICS):
        first, second = (_median(Path("bench") / side / "0.json", number) for side in ("before", "after"))
        rows.append(f"| bench_{number} time | {max(first, second):.4g} s | {min(first, second):.4g} s | |")
        entries.append(
            {"metric": f"bench_{number} time", "before": "/bench/before/*", "after": "/bench/after/*"}
            | {"select": f"bench_{number}"}
        )
    write("docs/performance/prices.md", record(entries, *rows))
    result = run("check", "--format", "json", "--select", "PC604")
    caught = len(json.loads(result.stdout)["findings"])
    assert caught > 0.7 * METRICS


def _median(path: Path, number: int) -> float:
    data = sorted(json.loads(path.read_text(encoding="utf-8"))["benchmarks"][number]["stats"]["data"])
    return (data[ROUNDS // 2 - 1] + data[ROUNDS // 2]) / 2

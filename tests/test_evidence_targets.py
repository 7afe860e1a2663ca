"""Targets where result files measure them: met by their estimate, confirmed by their whole interval."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from conftest import Run, with_section, write
from records_with_evidence import PAGE, a_side, entry, one_a_side, plain, record, rounds, told

from mkdocs_perfcase import load_records

BEFORE = (0.448, 0.449, 0.451, 0.452)
CLOSE, WIDE, WIDER = (0.119, 0.120, 0.121, 0.122), (0.10, 0.115, 0.12, 0.16), (0.10, 0.13, 0.15, 0.16)


def outcome(sentence: str, one: dict[str, object], *rows: str) -> tuple[bool | None, bool | None]:
    """Whether a target is met, and whether the files confirm it."""
    write(".git/HEAD", "ref: refs/heads/main\n")
    write(PAGE, with_section(f"### Success Metrics\n\n*   {sentence}\n", record([one], *rows)))
    (found,) = load_records()
    (target,) = found.targets
    return target.met, target.confirmed


@pytest.mark.parametrize(
    ("after", "sentence", "expected"),
    [
        (CLOSE, "Response time reduced by 70%", (True, True)),
        (CLOSE, "Response time reduced by 80%", (False, False)),
        (CLOSE, "Response time below 200 ms", (True, True)),
        (CLOSE, "Response time below 0.1 s", (False, False)),
        (CLOSE, "Response time above 100 ms", (True, True)),
        (CLOSE, "Response time above 200 ms", (False, False)),
        (WIDE, "Response time reduced by 70%", (True, False)),
        (WIDE, "Response time below 135 ms", (True, False)),
        (WIDER, "Response time reduced by 70%", (None, False)),
        (WIDER, "Response time below 135 ms", (None, False)),
        (CLOSE, "Response time below 12 MB", (None, None)),
        (CLOSE, "Response time below 12", (None, None)),
    ],
)
def test_four_runs_a_side(
    after: Iterable[float], sentence: str, expected: tuple[bool | None, bool | None], run: Run
) -> None:
    one = entry(before=a_side("bench/before", BEFORE), after=a_side("bench/after", after))
    assert outcome(sentence, one, "| Response Time | 450 ms | 120 ms | |") == expected


@pytest.mark.parametrize(
    ("typed", "sentence", "expected"),
    [
        ("120 ms", "Response time reduced by 70%", True),
        ("120 ms", "Response time reduced by 80%", False),  # by the figures as typed
        ("150 ms", "Response time reduced by 70%", True),  # by the files, which the typed figures don't follow
        ("120 ms", "Response time below 130 ms", True),
        ("120 ms", "Response time below 110 ms", False),
    ],
)
def test_a_figure_without_an_interval(typed: str, sentence: str, expected: bool, run: Run) -> None:
    write("bench/before.json", rounds((0.45,)))
    write("bench/after.json", rounds((0.12,)))
    assert outcome(sentence, entry(), f"| Response Time | 450 ms | {typed} | |") == (expected, False)


def test_one_run_a_side_confirms_nothing(run: Run) -> None:
    write("bench/before.json", rounds((0.448, 0.449, 0.45, 0.451, 0.452)))
    write("bench/after.json", rounds((0.119, 0.12, 0.12, 0.12, 0.121)))
    row = "| Response Time | 450 ms | 120 ms | |"
    assert outcome("Response time reduced by 50%", entry(), row) == (True, False)


@pytest.mark.parametrize(
    ("sentence", "met"),
    [
        ("Errors reduced by 50%", True),
        ("Errors reduced by 100%", True),
        ("Errors at most 0", True),
        ("Errors at least 1", False),
    ],
)
def test_files_whose_ratio_means_nothing_leave_it_to_the_typed_figures(sentence: str, met: bool, run: Run) -> None:
    write("bench/before.csv", plain("Errors", "", "lower", (5,)))
    write("bench/after.csv", plain("Errors", "", "lower", (0,)))
    one = entry("Errors", "/bench/before.csv", "/bench/after.csv")
    assert outcome(sentence, one, "| Errors | 5 | 0 | |") == (met, None)


def test_without_files_nothing_is_confirmed(run: Run) -> None:
    write("bench/before.json", rounds((0.45,)))
    write("bench/after.json", rounds((0.12,)))
    rows = ("| Response Time | 450 ms | 120 ms | |", "| Throughput | 120 rps | 310 rps | |")
    assert outcome("Throughput increased by 2x", entry(), *rows) == (True, None)


@pytest.mark.parametrize(("stated", "conflict"), [("470 ms", False), ("430 ms", False), ("480 ms", True)])
def test_files_taken_anew_may_start_a_little_elsewhere(stated: str, conflict: bool, run: Run) -> None:
    one_a_side()
    source = record([entry()], "| Response Time | | | |").replace(
        "450 ms response time at", f"{stated} response time at"
    )
    source = source.replace("**Current response time:** 450 ms", "**Current response time:** unknown")
    assert [one.code for one in told(run, source, only="inconsistent-baseline")] == ["PC504"] * conflict

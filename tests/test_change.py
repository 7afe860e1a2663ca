"""From two values to a change, and whether a stated one follows."""

from __future__ import annotations

import csv
import random
import re
import subprocess
import sys

import pytest
from conftest import ROOT, TESTS
from hypothesis import assume, given
from hypothesis import strategies as st

from mkdocs_perfcase.change import Agreement, judge, percent, percent_text, read_stated, times_text
from mkdocs_perfcase.quantity import Quantity, read_quantity

with (TESTS / "data" / "metric-values.tsv").open(encoding="utf-8") as file:
    REAL = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def pair(before: str, after: str, about: str = "") -> tuple[Quantity, Quantity] | None:
    left, right = (read_quantity(text, about=about) for text in (before, after))
    if left is None or right is None:
        return None
    if left.unit is None and right.unit:
        left = left.in_unit(right.unit)
    if right.unit is None and left.unit:
        right = right.in_unit(left.unit)
    return (left, right) if left.family == right.family else None


def verdict(before: str, after: str, stated: str) -> Agreement | None:
    values = pair(before, after)
    assert values is not None
    read = read_stated(stated)
    return judge(read, *values) if read else None


@pytest.mark.parametrize(
    ("before", "after", "stated", "expected"),
    [
        ("450 ms", "120 ms", "73%", "agrees"),
        ("450 ms", "120 ms", "-73%", "agrees"),
        ("450 ms", "120 ms", "↓ 73%", "agrees"),
        ("450 ms", "120 ms", "**73 % faster**", "agrees"),
        ("450 ms", "120 ms", "73% más rápido", "agrees"),
        ("450 ms", "120 ms", "3.75x", "agrees"),
        ("450 ms", "120 ms", "3.8x faster", "agrees"),
        ("450 ms", "120 ms", "275% faster", "agrees"),
        ("450 ms", "120 ms", "85%", "differs"),
        ("450 ms", "120 ms", "8x", "differs"),
        ("100 ms", "45 ms", "3x faster", "differs"),
        ("<450 ms", "120 ms", "-400 ms", "unclear"),
        ("120 ms", "<450 ms", "+400 ms", "unclear"),
        ("450 ms", "120 ms", "-100 ms", "differs"),
        ("450 ms", "120 ms", "73% increase", "differs"),
        ("120 rps", "310 rps", "+158%", "agrees"),
        ("120 rps", "310 rps", "2.6x", "agrees"),
        ("120 rps", "310 rps", "61% less", "differs"),
        ("670 ms", "10 ms", "66x", "agrees"),
        ("670 ms", "10 ms", "67x faster", "agrees"),
        ("160 ms", "9 ms", "16–19x", "agrees"),
        ("100 ms", "8 ms", "90%+", "agrees"),
        ("100 ms", "80 ms", "90%+", "differs"),
        ("2,200 ms", "2,375 ms", "+175ms (+8%)", "agrees"),
        ("2,200 ms", "2,375 ms", "+175ms (+18%)", "differs"),
        ("2,200 ms", "2,375 ms", "+275ms", "differs"),
        ("1.05 %", "2.00 %", "↑ 0.95 %p", "agrees"),
        ("80%", "45%", "35 points", "agrees"),
        ("80%", "45%", "35%", "unclear"),
        ("80%", "45%", "44% (as planned)", "agrees"),
        ("100 ms", "100 ms", "No change", "agrees"),
        ("100 ms", "150 ms", "No change", "differs"),
        ("0", "15 ms", "100%", "unclear"),
        ("82%", "<1%", "81% reduction", "unclear"),
        ("2 s", "1 s", "much better", None),
        ("2 s", "1 s", "Stable", None),
        ("2 s", "1 s", "∞", None),
    ],
)
def test_judged(before: str, after: str, stated: str, expected: Agreement | None) -> None:
    assert verdict(before, after, stated) == expected


@pytest.mark.parametrize(
    ("before", "after", "stated", "expected"),
    [
        ("450 ms", "120 ms", "50%", "differs"),
        ("450 ms", "120 ms", "250% faster", "differs"),
        ("450 ms", "120 ms", "274% faster", "unclear"),
        ("450 ms", "120 ms", "276% faster", "unclear"),
        ("450 ms", "120 ms", "300% faster", "differs"),
        ("100 ms", "150 ms", "50% more", "agrees"),
        ("100 ms", "150 ms", "50% less", "differs"),
        ("120 rps", "310 rps", "120%", "differs"),
        ("120 rps", "310 rps", "180%", "differs"),
        ("120 rps", "310 rps", "1.2x", "differs"),
        ("120 rps", "310 rps", "1.6x more", "agrees"),
        ("120 rps", "310 rps", "2.1x", "differs"),
        ("120 rps", "310 rps", "2.9x", "differs"),
        ("120 rps", "310 rps", "3.5x", "differs"),
        ("120 rps", "310 rps", "5x", "differs"),
        ("450 ms", "120 ms", "3,8x", "agrees"),
        ("450 ms", "120 ms", "4,2x", "differs"),
        ("2 s", "1 s", "1.0x faster", "agrees"),
        ("450 ms", "900 ms", "0.5x", "agrees"),
        ("100 ms", "150 ms", "0.5x slower", "agrees"),
        ("450 ms", "150 ms", "0.9x", "differs"),
        ("5 errors", "0 errors", "-100%", "agrees"),
        ("5 errors", "0 errors", "-90%", "differs"),
        ("-5 points", "5 points", "200%", "unclear"),
        ("5 points", "-5 points", "200%", "unclear"),
        ("<450 ms", "120 ms", "73%", "unclear"),
        ("450 ms", ">900 ms", "100%+", "unclear"),
        ("300-400 ms", "120 ms", "90%", "unclear"),
        ("450 ms", "100-130 ms", "90%", "unclear"),
        ("450 ms", "120 ms", "10 MB", None),
    ],
)
def test_percentages_and_factors_either_way(before: str, after: str, stated: str, expected: Agreement | None) -> None:
    assert verdict(before, after, stated) == expected


@pytest.mark.parametrize(
    ("before", "after", "stated", "expected"),
    [
        ("3 queries", "1 query", "67%", "agrees"),
        ("3 queries", "1 query", "66.70%", "unclear"),
        ("3 queries", "1 query", "66.8%", "differs"),  # what is counted isn't rounded
        ("3 queries", "1 query", "70%", "differs"),
        ("1k queries", "400 queries", "61%", "unclear"),  # a thousand may be
        ("1.2k queries", "480 queries", "61%", "unclear"),
        ("999 queries", "400 queries", "59.90%", "differs"),
        ("~200 queries", "100 queries", "51%", "unclear"),
        ("~200 ms", "100 ms", "51%", "unclear"),
        ("~200 ms", "100 ms", "49%", "unclear"),
        ("~200 ms", "100 ms", "52%", "differs"),
        ("200 ms", "100 ms", "51%", "differs"),
        ("4 s", "1 s", "78%", "differs"),
        ("4 s", "1 s", "77%", "unclear"),
        ("4 s", "1 s", "73%", "unclear"),
        ("4 s", "1 s", "72%", "differs"),
        ("4 s", "1 s", "5x", "unclear"),
        ("4 s", "1 s", "10x", "differs"),
        ("10 ms", "900 ms", "8920%", "unclear"),
        ("10 ms", "900 ms", "8930%", "differs"),
        ("0.4 ms", "0.3 ms", "20%", "differs"),
    ],
)
def test_what_is_allowed_for_rounding(before: str, after: str, stated: str, expected: Agreement) -> None:
    assert verdict(before, after, stated) == expected


@pytest.mark.parametrize(
    ("before", "after", "stated", "expected"),
    [
        ("100 ms", "100 ms", "0%", "agrees"),
        ("1000 ms", "1004 ms", "Unchanged.", "agrees"),
        ("1000 ms", "1008 ms", "same", "differs"),
        ("1000 ms", "992 ms", "± 0 %", "differs"),
        ("1000 ms", "1004 ms", "0% less", "agrees"),
        ("1000 ms", "996 ms", "0% more", "agrees"),
        ("40 queries", "40 queries", "<1% fewer", "agrees"),
        ("40 queries", "40 queries", "<1% more", "agrees"),
        ("100.0 ms", "99.7 ms", "<5%", "agrees"),
        ("100 ms", "90 ms", "<5%", "differs"),
        ("450 ms", "300 ms", "up to 3x", "agrees"),
        ("100 ms", "600 ms", "up to 3x", "differs"),
        ("100 ms", "8 ms", "over 90%", "agrees"),
        ("100 ms", "8 ms", ">90%", "agrees"),
        ("100 ms", "8 ms", "90+%", "agrees"),
        ("100 ms", "80 ms", "≥90%", "differs"),
        ("160 ms", "9 ms", "16.5–19x", "agrees"),
        ("160 ms", "9 ms", "19–16x", None),
        ("160 ms", "9 ms", "16–1.9.2x", None),
        ("160 ms", "9 ms", "1.7.8x", None),
        ("100 ms", "50 ms", "5.550%", None),
    ],
)
def test_bounds_ranges_and_no_change(before: str, after: str, stated: str, expected: Agreement | None) -> None:
    assert verdict(before, after, stated) == expected


@pytest.mark.parametrize(
    ("before", "after", "stated", "expected"),
    [
        ("450 ms", "120 ms", "-332 ms", "agrees"),
        ("450 ms", "120 ms", "-333 ms", "differs"),
        ("450 ms", "120 ms", "-328 ms", "agrees"),
        ("450 ms", "120 ms", "-327 ms", "differs"),
        ("450.0 ms", "120 ms", "-332 ms", "differs"),
        ("2.1 ns", "1.9 ns", "-1.2 ns", "differs"),
        ("0.45 s", "120 ms", "-330 ms", "agrees"),
        ("450 ms", "120 ms", "-10 MB", "unclear"),
        ("450 ms", "120 ms", "35 points", "unclear"),
        ("60/100", "85/100", "25 points", "agrees"),
        ("60/100", "85/100", "35 points", "differs"),
        ("60 points", "85 points", "+25 points", "agrees"),
        ("80%", "45%", "37%", "unclear"),  # as points
        ("80%", "45%", "38%", "differs"),
        ("80%", "45%", "33%", "unclear"),
        ("80%", "45%", "32%", "differs"),
        ("80%", "45%", "35x", "differs"),
        ("80 ms", "45 ms", "35%", "differs"),
    ],
)
def test_differences_and_points(before: str, after: str, stated: str, expected: Agreement) -> None:
    assert verdict(before, after, stated) == expected


def test_prose_states_no_change() -> None:
    assert read_stated("73% faster in a full basket, and " + "so the buyers of the shop told us every week, " * 2) == ()


# Rows whose stated change differs, by the list: what is said of each, and why.
DIFFERING = {
    ("25 MB", "2 MB", "4.5x"): "differs",  # it is 12.5x
    ("82%", "<1%", "81% reduction"): "unclear",  # in points it is right, and the after-value is a bound
    ("17,931ms", "10,549ms", "**41.28%** ⬇️"): "differs",  # it is 41.17%
    ("~210 req/s", "877 req/s", "+317%"): "unclear",  # 317.6%, which "about 210" rounds to either side
    ("3%", "2.8%", "3.2%"): "differs",  # it is 6.7%; the cell holds another measurement
}


def test_on_real_values() -> None:
    seen = set()
    for row in REAL:
        values = pair(row["before"], row["after"], row["metric"])
        judged = judge(read_stated(row["stated_change"]), *values) if values else None
        key = (row["before"], row["after"], row["stated_change"])
        if row["stated_agrees"] == "agrees":
            assert judged in ("agrees", "unclear"), row
        elif row["stated_agrees"] == "differs":
            assert judged == DIFFERING[key], row
            seen.add(key)
    assert seen == set(DIFFERING)


@pytest.mark.parametrize("most", [3, 10, 30])
def test_changed_percentages_are_caught(most: int) -> None:
    numbers = random.Random(most)
    tried = caught = 0
    for row in REAL:
        figure = re.search(r"(\d+(?:\.(\d+))?)\s*%", row["stated_change"])
        values = pair(row["before"], row["after"], row["metric"])
        if row["stated_agrees"] != "agrees" or figure is None or values is None:
            continue
        for sign in (1, -1):
            changed = float(figure[1]) + sign * numbers.uniform(3, most)
            if changed < 0:
                continue
            stated = row["stated_change"].replace(figure[0], f"{changed:.{len(figure[2] or '')}f}%")
            tried += 1
            caught += judge(read_stated(stated), *values) == "differs"
    assert tried > 250
    assert caught / tried >= 0.98


FIGURES = st.floats(0.001, 1e6).map(lambda value: float(f"{value:.3g}"))


def of(value: float, unit: str = "ms") -> Quantity:
    found = read_quantity(f"{value:.10f} {unit}")
    assert found is not None
    return found


@given(FIGURES, FIGURES, st.sampled_from([0.5, 2, 10, 1000]))
def test_scaling_both_sides_changes_nothing(before: float, after: float, scale: float) -> None:
    assert percent(of(before * scale), of(after * scale)) == pytest.approx(percent(of(before), of(after)), abs=1e-3)


@given(FIGURES, FIGURES)
def test_units_change_nothing(before: float, after: float) -> None:
    assert percent(of(before / 1000, "s"), of(after, "ms")) == pytest.approx(
        percent(of(before), of(after)), rel=1e-4, abs=1e-3
    )


@given(FIGURES, FIGURES)
def test_a_computed_change_agrees(before: float, after: float) -> None:
    assume(0.001 < after / before < 1000)
    values = of(before), of(after)
    change = percent(*values)
    assert change is not None
    assert judge(read_stated(f"{change:+.1f}%"), *values) == "agrees"
    assert judge(read_stated(f"{abs(change) + 5 + abs(change) / 50:.1f}%"), *values) == "differs"


@given(st.text(max_size=80))
def test_never_raises(text: str) -> None:
    judge(read_stated(text), of(10), of(5))


@given(st.text(alphabet="0123456789.,%x+-~()↑ faster<", max_size=40))
def test_never_raises_on_near_changes(text: str) -> None:
    judge(read_stated(text), of(10), of(5))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-73.33, "−73%"),
        (5.43, "+5.4%"),
        (0, "0%"),
        (-0.04, "0%"),
        (1234.5, "+1,234%"),
        (9.96, "+10%"),
        (-99.7, "−99.70%"),
        (-99.9995, "−99.99%"),
        (-100, "−100%"),
        (-100.3, "−100%"),
        (100.3, "+100%"),
        (10.4, "+10%"),
    ],
)
def test_percent_text(value: float, text: str) -> None:
    assert percent_text(value) == text


@pytest.mark.parametrize(
    ("value", "more", "text"),
    [(-61.98, 1, "−62.0%"), (10, 1, "+10.0%"), (5, 1, "+5.00%"), (-99.96, 1, "−99.96%"), (0.5, 2, "+0.500%")],
)
def test_digits_that_tell_an_estimate_from_its_bounds(value: float, more: int, text: str) -> None:
    assert percent_text(value, more) == text


@pytest.mark.parametrize(
    ("factor", "text"), [(1.5, "1.5×"), (3.0, "3×"), (9.96, "10×"), (10.6, "11×"), (1234.5, "1,234×")]
)
def test_times_text(factor: float, text: str) -> None:
    assert times_text(factor) == text


def test_the_table_of_real_values_is_printed() -> None:
    run = subprocess.run([sys.executable, ROOT / "benchmarks" / "metric_values.py"], capture_output=True, check=False)
    assert run.returncode == 0
    assert b"of which read" in run.stdout

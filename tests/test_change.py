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

from mkdocs_perfcase.change import Agreement, judge, percent, percent_text, read_stated
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
    ],
)
def test_percent_text(value: float, text: str) -> None:
    assert percent_text(value) == text


def test_the_table_of_real_values_is_printed() -> None:
    run = subprocess.run([sys.executable, ROOT / "benchmarks" / "metric_values.py"], capture_output=True, check=False)
    assert run.returncode == 0
    assert b"of which read" in run.stdout

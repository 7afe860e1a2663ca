"""What result files say of a difference: the mathematics against scipy, and what may be called proven."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import fmean, median, stdev

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mkdocs_perfcase.evidence.effect import Effect, effect, standing
from mkdocs_perfcase.evidence.intervals import hodges_lehmann, rank, t_quantile, thinned
from mkdocs_perfcase.evidence.series import Better, Series

EXACT = pytest.approx
DEFAULT = 0.05  # min_effect


def run(*samples: float) -> Series:
    return Series("build", "time", "ms", samples=samples)


def summary(mean: float, deviation: float, count: int | None) -> Series:
    return Series("build", "time", "ms", given={"mean": mean, "stddev": deviation}, count=count)


def files(*figures: float) -> list[Series]:
    return [run(figure) for figure in figures]


def found(before: Sequence[Series], after: Sequence[Series], statistic: str = "median") -> Effect:
    result = effect(before, after, statistic)
    assert result
    return result


def logs(*values: float | None) -> list[float]:
    return [math.log(value) for value in values if value is not None]


# Against scipy


def inverted(before: list[float], after: list[float]) -> tuple[float, float, float]:
    """Hodges–Lehmann from scipy's exact p-values: where they pass 5 % among the ordered differences."""
    ordered = sorted(late - early for early in before for late in after)

    def bound(differences: list[float], turn: int) -> float:
        outside = 0.0
        for k in range(len(differences) - 1):
            shift = (differences[k - 1] + differences[k]) / 2 if k else differences[0] - turn
            p = stats.mannwhitneyu([x - shift for x in after], before, method="exact").pvalue
            if p > 0.05:
                near = differences[k - 1]
                return near + (0.05 - outside) / (p - outside) * (differences[k] - near)
            outside = p
        raise AssertionError

    return median(ordered), bound(ordered, 1), bound(ordered[::-1], -1)


@pytest.mark.parametrize(("n", "m"), [(4, 4), (4, 5), (5, 5), (6, 4), (7, 7), (4, 12), (10, 9), (15, 20), (20, 20)])
def test_files_are_compared_as_scipys_p_values_invert(n: int, m: int) -> None:
    source = random.Random(n * 100 + m)
    before, after = ([source.lognormvariate(2, 0.3) for _ in range(size)] for size in (n, m))
    seen = found(files(*before), files(*after))
    assert logs(seen.estimate, seen.low, seen.high) == EXACT(inverted(logs(*before), logs(*after)), rel=1e-9, abs=1e-9)
    assert (seen.basis, seen.n, seen.before, seen.after) == ("files", (n, m), median(before), median(after))


@pytest.mark.parametrize(("n", "m"), [(21, 20), (30, 40), (4, 150), (100, 90)])
def test_many_files_are_compared_by_the_normal_approximation_with_continuity(n: int, m: int) -> None:
    source = random.Random(n)
    before, after = ([source.gauss(0, 1) for _ in range(size)] for size in (n, m))
    ordered = sorted(late - early for early in before for late in after)
    place = stats.norm(n * m / 2 + 0.5, math.sqrt(n * m * (n + m + 1) / 12)).ppf(0.025)
    at, part = int(place), place % 1
    estimate, interval = hodges_lehmann(before, after)
    assert estimate == EXACT(median(ordered), abs=1e-9)
    assert interval == EXACT(
        (
            ordered[at - 1] * (1 - part) + ordered[at] * part,
            ordered[-at] * (1 - part) + ordered[-at - 1] * part,
        ),
        abs=1e-9,
    )
    for index, inside in ((at - 1, False), (at + 1, True)):
        shift = (ordered[index - 1] + ordered[index]) / 2
        p = stats.mannwhitneyu([x - shift for x in after], before, method="asymptotic").pvalue
        assert (p > 0.05) == inside


def test_the_counted_ranks_go_over_into_the_normal_ones() -> None:
    assert rank(20, 20) == EXACT(200.5 + stats.norm.ppf(0.025) * math.sqrt(400 * 41 / 12), abs=0.5)


def test_one_figure_against_39_leaves_out_just_as_much_as_an_interval_may() -> None:
    figures = [float(i) for i in range(39)]
    assert hodges_lehmann([0.0], figures) == (19, (0, 38))
    assert hodges_lehmann([0.0], figures[:-1]) == (18.5, None)


@pytest.mark.parametrize(
    "freedom", [1, 1.1, 1.9, 2, 3, 4.5, 7.77, 12, 30.3, 99.9, 150, 199.99, 200, 201, 1e3, 1e6, 1e12]
)
@pytest.mark.parametrize("probability", [0.6, 0.9, 0.975, 0.995])
def test_t_quantiles_are_scipys(probability: float, freedom: float) -> None:
    assert t_quantile(probability, freedom) == EXACT(stats.t.ppf(probability, freedom), rel=2e-11)


def welch_by_scipy(before: list[float], after: list[float]) -> list[float]:
    """Welch's interval on the log ratio: of figures that have the logarithm's mean and (delta method) deviation."""
    sides = [[math.log(fmean(side)) + (x - fmean(side)) / fmean(side) for x in side] for side in (before, after)]
    interval = stats.ttest_ind(sides[1], sides[0], equal_var=False).confidence_interval(0.95)
    return [math.log(fmean(after) / fmean(before)), interval.low, interval.high]


@pytest.mark.parametrize(("n", "m"), [(2, 2), (2, 9), (5, 3), (10, 10), (40, 200), (900, 1000)])
def test_means_of_one_file_a_side_are_compared_as_scipy_does(n: int, m: int) -> None:
    source = random.Random(n)
    before, after = ([source.lognormvariate(5, 0.2) for _ in range(size)] for size in (n, m))
    sampled = found([run(*before)], [run(*after)], "mean")
    given_only = found([summary(fmean(before), stdev(before), n)], [summary(fmean(after), stdev(after), m)], "mean")
    for seen in (sampled, given_only):
        assert logs(seen.estimate, seen.low, seen.high) == EXACT(welch_by_scipy(before, after), rel=1e-9, abs=1e-9)
    assert (sampled.basis, given_only.basis, sampled.n, given_only.n) == ("one run", "summary", (n, m), (n, m))


# What an effect rests on


@pytest.mark.parametrize(
    ("before", "after", "statistic", "basis", "n"),
    [
        (files(10, 11, 12, 13), files(5, 6, 7, 8), "median", "files", (4, 4)),
        (files(10, 11, 12), files(5, 6, 7, 8, 9, 10), "median", "few files", (3, 6)),
        (files(10, 11), files(5), "p95", "few files", (2, 1)),
        ([run(10, 11, 12, 13)], [run(5, 6, 7, 8, 9)], "median", "one run", (4, 5)),
        ([run(10, 11, 12, 13)], [run(5, 6, 7, 8, 9)], "p50", "one run", (4, 5)),
        ([run(10, 11, 12, 13)], [run(5, 6, 7, 8, 9)], "p95", "figure", (4, 5)),
        ([run(10, 11, 12, 13)], [run(5, 6, 7, 8, 9)], "max", "figure", (4, 5)),
        ([run(10, 11, 12)], [run(5, 6, 7)], "median", "figure", (3, 3)),  # no 95 % interval exists
        ([run(10, 11, 12, 13)], [run(5)], "median", "figure", (4, 1)),
        ([run(10, 11, 12, 13)], [run(5)], "mean", "figure", (4, 1)),
        ([run(10, 11, 12, 13)], [summary(5, 1, 30)], "mean", "summary", (4, 30)),
        ([summary(10, 1, 20)], [summary(5, 1, 30)], "mean", "summary", (20, 30)),
        ([summary(10, 0, 20)], [summary(5, 0, 30)], "mean", "summary", (20, 30)),
        ([summary(10, 1, 2)], [summary(5, 1, 2)], "mean", "summary", (2, 2)),
        ([summary(10, 1, None)], [summary(5, 1, 30)], "mean", "figure", (0, 30)),
        ([summary(10, 1, 20)], [summary(5, 1, None)], "mean", "figure", (20, 0)),
        ([summary(10, 1, 1)], [summary(5, 1, 30)], "mean", "figure", (1, 30)),
        ([summary(10, -1, 20)], [summary(5, 1, 30)], "mean", "figure", (20, 30)),
        ([summary(10, sys.float_info.max, 20)], [summary(5, 1, 30)], "mean", "figure", (20, 30)),
    ],
)  # fmt: skip
def test_the_basis_says_what_an_effect_rests_on(
    before: list[Series], after: list[Series], statistic: str, basis: str, n: tuple[int, int]
) -> None:
    seen = found(before, after, statistic)
    assert (seen.basis, seen.n) == (basis, n)
    assert (seen.interval is None) == (basis in ("few files", "figure")) == (seen.percent_interval is None)
    assert seen.estimate < 1
    assert basis == "files" or standing(seen, "lower", 0.0) == "unproven"


def test_without_the_statistic_there_is_no_effect() -> None:
    assert effect(files(1), [], "median") is None
    assert effect(files(1), [summary(1, 1, 9)], "median") is None
    assert effect([*files(1, 2, 3, 4), summary(1, 1, 9)], files(1, 2, 3, 4), "median") is None


@pytest.mark.parametrize(
    ("before", "after", "ratio", "percent"),
    [
        (10, 5, 0.5, -50),
        (100, 80, 0.8, -20),
        (100, 93, 0.93, -7),
        (3.3, 3.3, 1, 0),
        (8, 20, 2.5, 150),
        (0.1, 0.3, 3, 200),
    ],
)
def test_plain_figures_have_plain_ratios(before: float, after: float, ratio: float, percent: float) -> None:
    one, four = found(files(before), files(after)), found(files(*[before] * 4), files(*[after] * 4))
    assert (one.estimate, one.percent, one.percent_interval) == (ratio, percent, None)
    assert (four.estimate, four.percent, four.percent_interval) == (ratio, percent, (percent, percent))


@pytest.mark.parametrize(("before", "after"), [(0.5, 2), (2, 0.5), (0.5, 0.5)])
def test_means_below_one_have_a_ratio(before: float, after: float) -> None:
    seen = found([summary(before, 0.1, 9)], [summary(after, 0.1, 9)], "mean")
    assert (seen.absolute, seen.estimate) == (False, after / before)


def test_zeros_are_compared_by_difference() -> None:
    seen = found(files(0, 0, 0, 0), files(3, 4, 5, 6))
    assert seen.absolute
    assert seen.percent is None is seen.percent_interval
    assert seen.estimate == 4.5
    assert seen.interval == (3, 6)
    assert standing(seen, "lower", DEFAULT) == "regressed"
    assert standing(found(files(3, 4, 5, 6), files(0, 0, 0, 0)), "lower", DEFAULT) == "improved"
    assert found([run(0, 1, 2, 3, 4)], [run(5, 6, 7, 8, 9)]).absolute  # though the medians have a ratio
    reach = stats.t.ppf(0.975, 16) * math.sqrt(2 / 9)
    assert found([summary(0, 1, 9)], [summary(1, 1, 9)], "mean").interval == EXACT((1 - reach, 1 + reach))
    assert found([summary(1, 1, 9)], [summary(0, 1, 9)], "mean").interval == EXACT((-1 - reach, -1 + reach))


def test_figures_below_zero_are_compared_by_difference() -> None:
    seen = found(files(-10, -10, -10, -10), files(-20, -20, -20, -20))
    assert (seen.absolute, seen.estimate) == (True, -10)
    assert standing(seen, "lower", 0.5 - 1e-6) == "improved"
    assert standing(seen, "lower", 0.5) == "unchanged"


# What it proves


@pytest.mark.parametrize(
    ("after", "better", "min_effect", "expected"),
    [
        ([100, 100, 100, 100], "lower", 0.0, "unchanged"),
        ([105, 105, 105, 105], "lower", 0.05, "unchanged"),  # exactly 5 % doesn't exceed 5 %
        ([105.01, 105.01, 105.01, 105.01], "lower", 0.05, "regressed"),
        ([105.01, 105.01, 105.01, 105.01], "higher", 0.05, "improved"),
        ([105.01, 105.01, 105.01, 105.01], "", 0.05, "unproven"),
        ([102, 102, 102, 102], "", 0.05, "unchanged"),
        ([100 / 1.05] * 4, "lower", 0.05, "unchanged"),
        ([95.2] * 4, "lower", 0.05, "improved"),  # as far down as 5 % is up
        ([102, 102, 102, 102], "lower", 0.0, "regressed"),
        ([101, 102, 103, 110], "lower", 0.05, "unproven"),  # apart, yet by 3 %, and maybe by more
        ([80, 90, 110, 120], "lower", 0.05, "unproven"),
    ],
)
def test_what_is_called_proven(after: list[float], better: Better, min_effect: float, expected: str) -> None:
    assert standing(found(files(100, 100, 100, 100), files(*after)), better, min_effect) == expected


# Whatever the figures

FIGURES = st.floats(min_value=-1e300, max_value=1e300, allow_nan=False, allow_infinity=False)
POSITIVE = st.floats(min_value=1e-3, max_value=1e6)


def sides(figures: st.SearchStrategy[float]) -> st.SearchStrategy[list[Series]]:
    return st.lists(
        st.lists(figures, min_size=1, max_size=6).map(lambda samples: run(*samples)), min_size=1, max_size=6
    )


@given(sides(FIGURES), sides(FIGURES), st.sampled_from(["median", "mean", "p95", "max"]))
def test_every_effect_is_finite_and_within_its_interval(
    before: list[Series], after: list[Series], statistic: str
) -> None:
    seen = found(before, after, statistic)
    low, high = seen.interval or (seen.estimate, seen.estimate)
    assert low <= seen.estimate <= high
    assert all(map(math.isfinite, (low, high, seen.estimate)))
    assert standing(seen, "lower", DEFAULT) in ("improved", "regressed", "unchanged", "unproven")


def mirror(seen: Effect) -> Effect:
    """The same seen from the other side: 0.4 times the time, 0.35 to 0.5, is 2.5 times the speed, 2 to 2.86."""

    def turned(value: float) -> float:
        return -value if seen.absolute else 1 / value

    low, high = map(turned, reversed(seen.interval)) if seen.interval else (None, None)
    return Effect(seen.after, seen.before, turned(seen.estimate), low, high, seen.absolute, seen.basis, seen.n[::-1])


@given(sides(POSITIVE), sides(POSITIVE), st.sampled_from(["median", "mean"]))
def test_swapped_sides_mirror_the_effect(before: list[Series], after: list[Series], statistic: str) -> None:
    seen, mirrored = found(before, after, statistic), found(after, before, statistic)
    assert close(mirror(seen), mirrored)
    assert mirror(seen).n == mirrored.n
    opposite = {"improved": "regressed", "regressed": "improved"}
    told = standing(seen, "lower", DEFAULT)
    assert standing(mirrored, "lower", DEFAULT) == opposite.get(told, told)


@given(
    sides(POSITIVE), sides(POSITIVE), st.sampled_from([1e-300, 1e-9, 3.0, 1e280]), st.sampled_from(["median", "mean"])
)
def test_the_unit_does_not_matter(before: list[Series], after: list[Series], unit: float, statistic: str) -> None:
    scaled = [[run(*(x * unit for x in series.samples)) for series in side] for side in (before, after)]
    assert close(found(before, after, statistic), found(*scaled, statistic), also_sides=False)


def close(one: Effect, other: Effect, also_sides: bool = True) -> bool:
    same = [one.estimate, *(one.interval or ())], [other.estimate, *(other.interval or ())]
    if also_sides:
        same[0].extend((one.before, one.after))
        same[1].extend((other.before, other.after))
    return bool(same[0] == EXACT(same[1], rel=1e-9)) and (one.basis, one.absolute) == (other.basis, other.absolute)


def test_an_absolute_difference_is_mirrored_by_its_sign() -> None:
    seen = found(files(0, 1, 2, 3), files(7, 8, 9, 11))
    assert mirror(seen) == found(files(7, 8, 9, 11), files(0, 1, 2, 3))


@pytest.mark.parametrize(
    ("before", "after"),
    [(5e-324, 5e-324), (5e-324, 1e-310), (sys.float_info.max, sys.float_info.max), (5e-324, sys.float_info.max)],
)
def test_the_least_and_the_largest_numbers_are_compared(before: float, after: float) -> None:
    seen = found(files(*[before] * 4), files(*[after] * 4))
    assert seen.low == seen.estimate == seen.high
    assert seen.estimate == EXACT(min(after / before, math.exp(700)))
    assert all(map(math.isfinite, (seen.before, seen.after, 1 / seen.estimate)))


# A million samples


@pytest.mark.parametrize("turn", [0.0, (math.sqrt(5) - 1) / 2])
def test_thinned_figures_are_one_of_each_part(turn: float) -> None:
    figures = [float(i) for i in range(1500)]
    assert [figure // 3 for figure in thinned(figures, turn)] == figures[:500]


def test_thinned_samples_keep_the_interval_of_all() -> None:
    source = random.Random(5)
    before, after = ([source.expovariate(1) + shift for _ in range(20_000)] for shift in (0, 0.01))
    estimate, interval = hodges_lehmann(before, after)
    assert interval
    half_width = -stats.norm.ppf(0.025) * math.sqrt(40_001 / 12) / 20_000
    for shift, expected in ((estimate, 0.5), (interval[0], 0.5 - half_width), (interval[1], 0.5 + half_width)):
        u = stats.mannwhitneyu(before, [x - shift for x in after], method="asymptotic").statistic
        assert 1 - u / 20_000**2 == EXACT(1 - expected, abs=half_width / 20)


def test_a_million_samples_are_compared() -> None:
    source = random.Random(6)
    base = [source.lognormvariate(3, 0.5) for _ in range(10_000)]
    before = run(*(base * 100))
    after = run(*(x * 0.9 for x in base * 100))
    seen = found([before], [after])  # never, if all pairs were looked at
    assert seen.n == (1_000_000, 1_000_000)
    assert seen.estimate == EXACT(0.9, rel=1e-3)
    assert 0.895 < (seen.low or 0) < (seen.high or 0) < 0.905


@pytest.mark.parametrize(
    ("interval", "absolute", "excluded"),
    [
        ((1.0, 1.2), False, False),
        ((0.8, 1.0), False, False),
        ((0.8, 0.99), False, True),
        ((1.01, 1.2), False, True),
        ((0.5, 1.5), True, True),
        ((-0.5, 0.0), True, False),
    ],
)
def test_an_interval_that_ends_at_no_change_holds_it(
    interval: tuple[float, float], absolute: bool, excluded: bool
) -> None:
    low, high = interval
    effect = replace(found([run(1.0, 1.1, 1.2)], [run(1.0, 1.1, 1.2)]), low=low, high=high, absolute=absolute)
    assert effect.excludes_no_change is excluded


# Coverage

SHAPES: dict[str, Callable[[random.Random], float]] = {
    "normal": lambda source: source.gauss(0, 1),
    "lognormal": lambda source: source.lognormvariate(0, 1),
    "t with three degrees of freedom": lambda source: source.gauss(0, 1) / math.sqrt(source.gammavariate(1.5, 1) / 1.5),
}


def coverage(shape: Callable[[random.Random], float], n: int, m: int, times: int) -> float:
    source, covered = random.Random(n * 31 + m), 0
    for _ in range(times):
        interval = hodges_lehmann([shape(source) for _ in range(n)], [shape(source) for _ in range(m)]).interval
        assert interval
        covered += interval[0] <= 0 <= interval[1]
    return covered / times


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("n", "m"), [*((n, n) for n in range(4, 21)), (4, 5), (4, 9), (6, 20)])
def test_the_interval_covers_what_it_says(shape: str, n: int, m: int) -> None:
    assert 0.93 <= coverage(SHAPES[shape], n, m, 1500) <= 0.97


# Pairs of the same code


def same_code(source: random.Random, processes: int, rounds: int = 15) -> list[Series]:
    """Files of one benchmark: each process is faster or slower than the others by its own luck, besides its noise."""
    side = []
    for _ in range(processes):
        level = source.lognormvariate(3, 0.08)
        side.append(run(*(level * source.lognormvariate(0, 0.02) for _ in range(rounds))))
    return side


@pytest.mark.parametrize("processes", [4, 5, 8])
def test_few_pairs_of_the_same_code_are_told_apart(processes: int) -> None:
    source = random.Random(processes)
    pairs = [(same_code(source, processes), same_code(source, processes)) for _ in range(2500)]
    for statistic in ("median", "mean"):
        effects = [found(before, after, statistic) for before, after in pairs]
        for min_effect in (0.0, DEFAULT):
            told = [standing(each, "lower", min_effect) for each in effects]
            false = (told.count("improved") + told.count("regressed")) / len(told)
            assert 0.01 <= false <= 0.06  # neither too many, nor so few that it could never tell


def test_one_file_a_side_proves_nothing_though_its_samples_lie_apart() -> None:
    source = random.Random(7)
    pairs = [found(same_code(source, 1), same_code(source, 1)) for _ in range(300)]
    assert sum(pair.excludes_no_change for pair in pairs) > 250  # what would have been called significant
    assert {standing(pair, "lower", 0.0) for pair in pairs} == {"unproven"}


def test_the_benchmark_of_false_verdicts_runs() -> None:
    script = [sys.executable, ROOT / "benchmarks" / "evidence.py", "1"]
    shown = subprocess.run(script, capture_output=True, check=True, text=True).stdout.splitlines()
    assert [line.split("  ")[0] for line in shown] == ["judged by", "4 files a side", "samples of one file"]
    assert shown[2].split()[-4:] == ["0.0", "%", "0.0", "%"]


def test_a_true_difference_is_found() -> None:
    source = random.Random(3)
    before, after = same_code(source, 6), same_code(source, 6)
    faster = [run(*(x * 0.6 for x in series.samples)) for series in after]
    assert standing(found(before, faster), "lower", DEFAULT) == "improved"
    assert standing(found(before, faster), "higher", DEFAULT) == "regressed"
    assert standing(found(faster, before), "lower", DEFAULT) == "regressed"

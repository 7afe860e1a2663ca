"""How far two sets of figures lie apart, and the 95 % interval of that: the mathematics, on whatever scale is given.

Nothing is random and nothing depends on the figures' order, so a site that is built twice says the same twice.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

_TAIL = 0.025  # what a 95 % interval leaves out at either end
_EXACT_PAIRS = 400  # up to 20 figures against 20 the ranks' own distribution is counted, above it is near enough normal
_MOST = 500  # figures of a side that are paired, which makes a quarter of a million differences at most
_GOLDEN = (math.sqrt(5) - 1) / 2
_LARGEST = sys.float_info.max / 4  # what differences are held to, so that none and no sum of two is infinite
_SERIES_FROM = 200.0  # degrees of freedom
_PRECISION = 1e-16


class Shift(NamedTuple):
    """How far the second set lies above the first, with the 95 % interval of that where there is one."""

    estimate: float
    interval: tuple[float, float] | None = None


class Moments(NamedTuple):
    """What Welch's interval needs to know of a set of figures."""

    mean: float
    deviation: float
    n: int


def hodges_lehmann(before: Sequence[float], after: Sequence[float]) -> Shift:
    """The median of all pairwise differences, with the interval that inverts the Mann–Whitney (rank-sum) test."""
    first, second = thinned(before, 0.0), thinned(after, _GOLDEN)
    ordered = sorted(held(late - early) for early in first for late in second)
    pairs, full = len(ordered), len(before) * len(after)
    place = (rank(len(before), len(after)) - 0.5) * pairs / full + 0.5
    estimate = (ordered[(pairs - 1) // 2] + ordered[pairs // 2]) / 2
    if place < 1:
        return Shift(estimate)
    at, part = int(place), place % 1
    low, high = ordered[at - 1], ordered[-at]
    return Shift(estimate, (low + (ordered[at] - low) * part, high + (ordered[-at - 1] - high) * part))


def held(value: float) -> float:
    """The value, or the largest that can still be reckoned with."""
    return max(-_LARGEST, min(_LARGEST, value))


def thinned(figures: Sequence[float], turn: float) -> list[float]:
    """The figures in order, or so many of them as can be paired: one of each of as many equal parts.

    So the differences keep their distribution, and the interval's place among them is that of all figures: thinning
    makes it neither wider nor narrower. Were both sides to give the middle of each part, two of one shape would pair
    off in steps; so from part to part one side's choice turns, evenly over the part by the golden ratio.
    """
    ordered = sorted(figures)
    if len(ordered) <= _MOST:
        return ordered
    part = len(ordered) / _MOST
    return [ordered[int((i + (0.5 + i * turn) % 1) * part)] for i in range(_MOST)]


@lru_cache(maxsize=256)
def rank(n: int, m: int) -> float:
    """Where the interval's lower bound stands among the ordered differences, from 1; below 1 where there is none.

    The true shift lies below the k-th difference exactly as often as the rank-sum statistic is under k. With few
    figures that jumps: at four against four the first difference leaves out 1.43 %, the second 2.86 %, so bounds on a
    difference would cover 97.1 or 94.3 %. We stand between the two, in proportion, which covers close to 95 %.
    """
    if n * m > _EXACT_PAIRS:  # normal approximation with continuity correction
        return n * m / 2 + 0.5 + NormalDist().inv_cdf(_TAIL) * math.sqrt(n * m * (n + m + 1) / 12)
    wanted, below = _TAIL * math.comb(n + m, n), 0
    for k, ways in enumerate(_rank_sums(n, m)):
        if below + ways > wanted:
            return k + (wanted - below) / ways if k else 0.0
        below += ways
    raise AssertionError("all the ways together are more than a fortieth of them")


def _rank_sums(n: int, m: int) -> list[int]:
    """In how many ways the rank-sum statistic of n figures against m comes to 0, 1, 2 … (a Gaussian binomial)."""
    ways = [1] + [0] * (n * m)
    for i in range(1, n + 1):
        for total in range(n * m, m + i - 1, -1):
            ways[total] -= ways[total - m - i]
        for total in range(i, n * m + 1):
            ways[total] += ways[total - i]
    return ways


def welch(before: Moments, after: Moments) -> Shift | None:
    """The difference of two means with Welch's t interval; None where that would be infinite."""
    first, second = (side.deviation * side.deviation / side.n for side in (before, after))
    variance = first + second
    if not math.isfinite(variance) or min(before.n, after.n) < 2:
        return None
    share = first / variance if variance else 0.5
    freedom = 1 / (share**2 / (before.n - 1) + (1 - share) ** 2 / (after.n - 1))
    reach = t_quantile(1 - _TAIL, freedom) * math.sqrt(variance)
    estimate = held(after.mean - before.mean)
    return Shift(estimate, (held(estimate - reach), held(estimate + reach)))


def t_quantile(probability: float, freedom: float) -> float:
    """The quantile of Student's t, of a probability above a half and at least one degree of freedom."""
    if freedom >= _SERIES_FROM:
        return _t_series(NormalDist().inv_cdf(probability), freedom)
    low, high = 0.0, 1.0
    while _t_tail(high, freedom) > 1 - probability:
        low, high = high, high * 2
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if _t_tail(middle, freedom) > 1 - probability else (low, middle)
    return middle


def _t_series(z: float, freedom: float) -> float:
    """Fisher's expansion around the normal quantile, where the beta function's logarithms would lose digits."""
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return math.fsum(term / freedom**power for power, term in enumerate(terms))


def _t_tail(t: float, freedom: float) -> float:
    """How often Student's t is above a positive t."""
    return _beta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction."""
    if x > (a + 1) / (a + b + 2):  # where the fraction converges slowly, its mirror converges fast
        return 1 - _beta(1 - x, b, a)
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    value = c = 1.0
    d = 0.0
    for term in _fraction(x, a, b):  # Lentz's method
        d = 1 / (1 + term * d)
        c = 1 + term / c
        value *= c * d
        if abs(c * d - 1) < _PRECISION:
            break
    return math.exp(scale) / (a * value)


def _fraction(x: float, a: float, b: float) -> Iterator[float]:
    """The terms of the continued fraction of the incomplete beta function."""
    for m in range(200):
        if m:
            yield m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        yield -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))

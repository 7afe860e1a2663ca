"""When records were made: how many in each month, quarter or year."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?!\d)")
_MOST_PERIODS = 36
_STEPS = (1, 3, 12)  # months


class Period(NamedTuple):
    """A month (`2026-05`), a quarter (`2026 Q2`) or a year, with its number of records, and of accepted ones."""

    name: str
    total: int
    accepted: int


def is_date(text: str) -> bool:
    """Whether a text begins with an ISO date, or its year and month."""
    return bool(_DATE.match(text))


def timeline(dated: Iterable[tuple[str, bool]]) -> tuple[Period, ...]:
    """The periods from the first date to the last, without gaps; empty where they are fewer than two.

    No more than 36 years are shown: those that hold most records, so that a slip such as 2206 for 2026 spoils nothing.

    Args:
        dated: each record's date, as written, and whether it is accepted. What isn't an ISO date is left out.
    """
    months = [(int(m[1]) * 12 + int(m[2]) - 1, accepted) for date, accepted in dated if (m := _DATE.match(date))]
    start = _busiest(Counter(month // 12 for month, _ in months))
    months = [month for month in months if start <= month[0] // 12 < start + _MOST_PERIODS]
    if not months:
        return ()
    first, last = min(months)[0], max(months)[0]
    step = next(step for step in _STEPS if last // step - first // step < _MOST_PERIODS)
    totals = Counter(month // step for month, _ in months)
    accepted = Counter(month // step for month, is_accepted in months if is_accepted)
    periods = range(first // step, last // step + 1)
    if len(periods) < 2:
        return ()
    return tuple(Period(_name(number * step, step), totals[number], accepted[number]) for number in periods)


def _busiest(years: Mapping[int, int]) -> int:
    """The first of as many years as can be shown, such that most records lie in them; the latest of several."""

    def records(start: int) -> int:
        return sum(years.get(year, 0) for year in range(start, start + _MOST_PERIODS))

    return max(years, key=lambda start: (records(start), start), default=0)


def _name(month: int, step: int) -> str:
    year, within = divmod(month, 12)
    if step == 12:
        return f"{year:04}"
    return f"{year:04} Q{within // 3 + 1}" if step == 3 else f"{year:04}-{within + 1:02}"

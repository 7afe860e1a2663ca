"""When records were made, as bars of months, quarters or years."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import COMPLETE, Site, one
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_perfcase.timeline import timeline

MakeSite = Callable[..., Site]


def bars(*dates: str) -> list[tuple[str, int]]:
    return [(period.name, period.total) for period in timeline((date, False) for date in dates)]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["2026-05-04", "2026-06-01"], [("2026-05", 1), ("2026-06", 1)]),
        (["2026-06", "2026-05-31"], [("2026-05", 1), ("2026-06", 1)]),
        (["2025-11-30", "2026-01-01", "2026-01-31"], [("2025-11", 1), ("2025-12", 0), ("2026-01", 2)]),
        (["2026-05-04T10:00:00+02:00", "2026-06-01 08:00"], [("2026-05", 1), ("2026-06", 1)]),
        (["2026-05-04, 2026-09-01", "2026-06-01"], [("2026-05", 1), ("2026-06", 1)]),  # a list: its first
        (["2026-05-04"], []),
        (["2026-05-04", "2026-05-30"], []),
        (["May 2026", "04.05.2026", "2026", "2026-13-01", "2026-5-4", "20260504", "soon", ""], []),
        (["soon", "2026-05-04", "2026-06-01"], [("2026-05", 1), ("2026-06", 1)]),
        ([], []),
    ],
)  # fmt: skip
def test_months(dates: list[str], expected: list[tuple[str, int]]) -> None:
    assert bars(*dates) == expected


def test_longer_times_are_told_by_quarter_and_by_year() -> None:
    assert [name for name, _ in bars("2023-01-01", "2025-12-01")][::35] == ["2023-01", "2025-12"]
    quarters = bars("2023-01-01", "2026-01-01")
    assert (quarters[0], quarters[-1], len(quarters)) == (("2023 Q1", 1), ("2026 Q1", 1), 13)
    years = bars("2010-07-01", "2010-09-01", "2026-01-01")
    assert (years[0], years[-1], len(years)) == (("2010", 2), ("2026", 1), 17)


def test_a_slip_of_the_pen_does_not_hide_the_others() -> None:
    right = ("2026-05-04", "2026-06-01")
    for slip in ("0001-01-01", "0206-05-04", "2206-05-04", "9999-12-31"):
        assert bars(slip, *right) == [("2026-05", 1), ("2026-06", 1)]


@given(st.lists(st.tuples(st.dates().map(str), st.booleans())))
def test_any_dates(dated: list[tuple[str, bool]]) -> None:
    periods = timeline(dated)
    assert len(periods) in range(2, 37) or periods == ()
    assert sum(period.total for period in periods) <= len(dated)
    assert all(period.accepted <= period.total for period in periods)
    names = [period.name for period in periods]
    assert names == sorted(set(names))
    if periods:
        assert periods[0].total
        assert periods[-1].total


def test_the_index_draws_it(make_site: MakeSite) -> None:
    dates = {"a": "2026-05-04", "b": "2026-07-01 10:00:00", "c": "{created: 2026-07-02}", "d": "some day", "e": "[]"}
    pages = {f"{name}.md": f"---\ndate: {date}\n---\n{COMPLETE}" for name, date in dates.items()}
    pages["b.md"] = pages["b.md"].replace("[x] No", "[ ] No")
    page = make_site(pages).build().page("performance/index.html")
    drawn = one(page, ".perfcase-timeline > svg")
    assert drawn["role"] == "img"
    assert one(drawn, "title").get_text() == "Records over time"
    assert one(drawn, "desc").get_text().strip() == "2026-05: 1, of these 1 accepted. 2026-07: 2, of these 1 accepted."
    heights = [(bar["class"][0], bar["height"]) for bar in drawn.select("rect")]
    assert heights == [
        ("perfcase-before", "1.60em"),
        ("perfcase-after", "1.60em"),
        ("perfcase-before", "3.20em"),
        ("perfcase-after", "1.60em"),
    ]


def test_without_dates_nothing_is_drawn(make_site: MakeSite) -> None:
    site = make_site({"a.md": COMPLETE, "b.md": f"---\ndate: 2026-05-04\n---\n{COMPLETE}"}).build()
    assert not site.page("performance/index.html").select(".perfcase-timeline")

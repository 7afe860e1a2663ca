"""Where the time went: impacts in percent, as people write them, and as a picture."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from conftest import one, shown, with_section
from hypothesis import given
from hypothesis import strategies as st
from markdown import markdown

from mkdocs_perfcase.shares import read_impact


@pytest.mark.parametrize(
    ("impact", "percent", "shown", "whole"),
    [
        ("60% of total time", 60, "60%", "total time"),
        ("**60%** of the total time.", 60, "60%", "total time"),
        ("60 % of `total_exec_time`", 60, "60%", "total_exec_time"),
        ("~40 %", 40, "~40%", ""),
        ("approx. 40% of CPU", 40, "~40%", "CPU"),
        ("60%", 60, "60%", ""),
        ("60% (270 ms of 450 ms)", 60, "60%", ""),
        ("60%, 270 ms of 450 ms", 60, "60%", ""),
        ("60% - worst on Mondays", 60, "60%", ""),
        ("🔴 60% of total time", 60, "60%", "total time"),
        ("60％ of total time/resource usage", 60, "60%", "total time/resource usage"),
        ("38% of all queries, and as much of the replicas' CPU time", 38, "38%", "queries"),
        ("17% of the replica's CPU time, in bursts of up to 40 queries", 17, "17%", "replica's CPU time"),
        ("54% of LCP (2.2 of 4.1 s is resource load delay)", 54, "54%", "LCP"),
        ("61% of the waiting time during a wave", 61, "61%", "waiting time during a wave"),
        ("95% of mean response time is spent on misses", 95, "95%", "mean response time"),
        ("60% of p95 latency", 60, "60%", "p95 latency"),
        ("60% of requests during peak; 20% otherwise", 60, "60%", "requests during peak"),
        ("60% of the 450 ms", 60, "60%", "450 ms"),
        ("42,5 % der Antwortzeit", 42.5, "42.5%", "Antwortzeit"),
        ("rund 60 % der gesamten Zeit", 60, "~60%", "gesamten Zeit"),
        ("60 % des Requests", 60, "60%", "Requests"),
        ("30% du temps total", 30, "30%", "temps total"),
        ("30% del tiempo total", 30, "30%", "tiempo total"),
    ],
)
def test_an_impact(impact: str, percent: float, shown: str, whole: str) -> None:
    assert read_impact(impact) == (percent, shown, whole)


@pytest.mark.parametrize(
    "impact",
    [
        "60-70% of total time",
        "60% to 70% of total time",
        "60% – 70% of total time",
        "60%-70%",
        ">60% of total time",
        "<5% of total time",
        "up to 30% of CPU",
        "60%+ of total time",
        "-60%",
        "+60% latency",
        "60% slower",
        "60% CPU",
        "60% reduction in throughput",
        "60% of users affected",
        "60% of requests wait 200 ms",
        "59% of requests miss; 95% of mean response time is spent on misses",
        "60% of time / 30% of memory",
        "270 ms (60%) of 450 ms",
        "Accounts for 35% of CPU",
        "High, 60% of time",
        "about a third of total time",
        "1.234% of time",
        "0% of time",
        "60.5.5%",
        r"\[% of total time/resource usage\]",
        r"\[60% of total time\]",
        "",
    ],
)
def test_no_certain_part(impact: str) -> None:
    assert read_impact(impact) is None


@given(st.text(max_size=80) | st.from_regex(r"[~≈]?\d{1,3}([.,]\d{1,3})? ?% of [\w ,.%()-]{0,40}", fullmatch=True))
def test_any_impact(impact: str) -> None:
    read = read_impact(impact)
    assert read is None or (read.percent > 0 and read.whole in impact)


def pictures(*impacts: str) -> list[BeautifulSoup | Tag]:
    items = "\n".join(
        f"**Part {n}**\n\n*   **Location:** a.py\n*   **Impact:** {impact}\n*   **Root cause:** it is slow\n"
        for n, impact in enumerate(impacts, 1)
    )
    record = with_section(f"### Bottlenecks Identified\n\n{items}")
    page = BeautifulSoup(markdown(record, extensions=["tables", "fenced_code", "perfcase"]), "html.parser")
    return list(page.select(".perfcase-shares"))


def told(*impacts: str) -> list[str]:
    return [f"{one(picture, 'title').get_text()} | {shown(one(picture, 'desc'))}" for picture in pictures(*impacts)]


@pytest.mark.parametrize(
    ("impacts", "expected"),
    [
        (["70% of total time", "15% of Total Time"], ["Share of total time | Part 1: 70%. Part 2: 15%. Everything else: 15%."]),
        (["70% of total time", "15%"], ["Share of total time | Part 1: 70%. Part 2: 15%. Everything else: 15%."]),
        (["70%", "30%"], ["Share of the total | Part 1: 70%. Part 2: 30%."]),
        (["33.4% of time", "33.4% of time", "33.4% of time"], ["Share of time | Part 1: 33.4%. Part 2: 33.4%. Part 3: 33.4%."]),
        (["93% of response time", "38% of all queries"], [
            "Share of response time | Part 1: 93%. Everything else: 7%.", "Share of queries | Part 2: 38%. Everything else: 62%."]),
        (["~40 % of time"], ["Share of time | Part 1: ~40%. Everything else: 60%."]),
        # together more than the whole: they overlap
        (["70% of total time", "60% of total time"], []),
        (["120% of total time"], []),
        (["70% of total time", "60% of total time", "20% of CPU"], ["Share of CPU | Part 3: 20%. Everything else: 80%."]),
        # what else is a part of it can't be told
        (["70% of total time", "20% of CPU", "10%"], [
            "Share of total time | Part 1: 70%. Everything else: 30%.", "Share of CPU | Part 2: 20%. Everything else: 80%."]),
        (["10-20% of total time", "15% of total time"], []),
        (["10-20%", "15%"], []),
        (["60% CPU", "15% of total time"], ["Share of total time | Part 2: 15%. Everything else: 85%."]),
        (["high", "15%"], ["Share of the total | Part 2: 15%. Everything else: 85%."]),
        (["high", "270 ms per request"], []),
    ],
)  # fmt: skip
def test_what_is_drawn(impacts: list[str], expected: list[str]) -> None:
    assert told(*impacts) == expected


def test_the_bar() -> None:
    # of 99% of the width, which leaves room for its frame
    (picture,) = pictures("70% of total time", "15% of total time")
    drawn = one(picture, "svg")
    assert drawn["role"] == "img"
    parts = [(rect["class"][-1], rect["x"], rect["width"]) for rect in drawn.select("rect")]
    assert parts == [
        ("perfcase-share--1", "0%", "69.3%"),
        ("perfcase-share--2", "69.3%", "14.85%"),
        ("perfcase-share--rest", "84.15%", "14.85%"),
    ]
    assert [shown(item) for item in picture.select("li")] == ["70% Part 1", "15% Part 2"]


def test_a_single_part_is_told_in_its_caption() -> None:
    (picture,) = pictures("70% of total time")
    assert shown(one(picture, "figcaption")) == "Share of total time: Part 1"

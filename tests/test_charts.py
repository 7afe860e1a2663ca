"""Bars in cells and charts below tables: what they draw, on which scale, and what they tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from conftest import COMPLETE, Site, one, shown, with_section
from markdown import markdown

MakeSite = Callable[..., Site]
PRICES = "performance/prices/index.html"
COMPARISON, SCENARIOS, TARGETS = "### Before/After Comparison", "### Benchmark Scenarios", "### Success Metrics"
HEADER = "| Metric | Before | After | Improvement |\n| --- | --- | --- | --- |\n"
CELL, CHART = 96, 58  # percent of the width that a scale takes, which leaves room for a frame or for text


def section(heading: str, text: str, targets: str = "*   Fewer errors\n", **site: Any) -> BeautifulSoup:
    """A section of a record as it is shown, with what the record's targets are."""
    record = with_section(f"{heading}\n\n{text}", with_section(f"{TARGETS}\n\n{targets}"))
    extensions = ["tables", "fenced_code", *site.pop("extensions", ()), "perfcase"]
    page = BeautifulSoup(markdown(record, extensions=extensions, **site), "html.parser")
    title = next(h for h in page.select("h3") if h.get_text() == heading[4:])
    found = BeautifulSoup("", "html.parser")
    for sibling in list(title.next_siblings):
        if isinstance(sibling, Tag) and sibling.name in ("h2", "h3"):
            break
        found.append(sibling.extract())
    return found


def rows(*given: str, targets: str = "*   Fewer errors\n") -> BeautifulSoup:
    return section(COMPARISON, HEADER + "".join(f"| {row} | |\n" for row in given), targets)


def percent(length: object) -> float:
    return float(str(length).removesuffix("%"))


def drawn(bars: Tag, scale: int) -> dict[str, list[float]]:
    """Each side's sure and possible length, as percent of the scale."""
    found: dict[str, list[float]] = {"before": [0, 0], "after": [0, 0]}
    for rect in bars.select("rect"):
        side = rect["class"][0].removeprefix("perfcase-")
        found[side]["perfcase-possible" in rect["class"]] = round(percent(rect["width"]) / scale * 100, 1)
    return found


@pytest.mark.parametrize(
    ("row", "before", "after"),
    [
        ("Response Time | 450 ms | 120 ms", [100, 0], [26.7, 0]),
        ("Response Time | 1.2 s | 300 ms", [100, 0], [25, 0]),
        ("Throughput | 120 rps | 310 rps", [38.7, 0], [100, 0]),
        ("CPU Usage | 80% | 45%", [100, 0], [56.3, 0]),
        ("Response Time | ~400 ms | ~100 ms", [100, 0], [25, 0]),
        ("Errors | 5 | 0", [100, 0], [0, 0]),
        ("Errors | 0 | 5", [0, 0], [100, 0]),
        ("Latency | 100-200 ms | 50 ms", [50, 50], [25, 0]),
        ("Latency | 400 ± 100 ms | 250 ms", [60, 40], [50, 0]),
        ("Response Time | 450 ms | <90 ms", [100, 0], [0, 20]),
        ("Throughput | 100 rps | >200 rps", [43.5, 0], [87, 13]),  # the scale reaches beyond what has no end
    ],
)
def test_both_bars_are_on_one_scale(row: str, before: list[float], after: list[float]) -> None:
    page = rows(row)
    for bars, scale in ((one(page, "td svg.perfcase-bars"), CELL), (one(page, ".perfcase-chart svg svg"), CHART)):
        lengths = drawn(bars, scale)
        assert lengths["before"] == pytest.approx(before, abs=0.1)
        assert lengths["after"] == pytest.approx(after, abs=0.1)


@pytest.mark.parametrize(
    "row",
    [
        "Mood | bad | good",
        "Response Time | 450 ms | 12 MB",
        "Response Time | 450 ms | -",
        "Response Time | | 120 ms",
        "Response Time | 450 ms | 120 ms / 130 ms",
        "Errors | 0 | 0",
        "Offset | -5 ms | 10 ms",
        "Offset | 5 ms | -10 ms",
    ],
)
def test_nothing_is_drawn_where_nothing_can_be_compared(row: str) -> None:
    page = rows(row)
    assert not page.select("svg, .perfcase-chart")
    both = rows(row, "CPU Usage | 80% | 45%")
    assert len(both.select("td svg")) == len(both.select(".perfcase-chart svg svg")) == 1


@pytest.mark.parametrize(
    ("target", "place", "text"),
    [
        ("Response time reduced by 70%", 30, "target ≤ 135 ms"),
        ("Response time reduced by 80%", 20, "target ≤ 90 ms"),  # missed
        ("Response time below 0.2 s", 44.4, "target ≤ 200 ms"),
        ("Response time reduced by 80%\n*   Response time reduced by 70%", 20, "target ≤ 90 ms"),
        (
            "Response time reduced by 70%\n*   Response time reduced by 80%",
            20,
            "target ≤ 90 ms",
        ),  # the missed one counts
        ("Response time reduced by 70%\n*   Response time reduced by 50%", 30, "target ≤ 135 ms"),
    ],
)
def test_a_target_has_its_mark(target: str, place: float, text: str) -> None:
    page = rows("Response Time | 450 ms | 120 ms", targets=f"*   {target}\n")
    for selector, scale in (("td svg line", CELL), (".perfcase-chart line", CHART)):
        line = one(page, selector)
        assert line["x1"] == line["x2"]
        assert percent(line["x1"]) / scale * 100 == pytest.approx(place, abs=0.1)
    assert one(page, ".perfcase-chart__goal").get_text() == text
    assert text in one(page, "desc").get_text()


def test_a_target_beyond_both_values_widens_the_scale() -> None:
    page = rows("Throughput | 100 rps | 150 rps", targets="*   Throughput increased by 100%\n")
    assert drawn(one(page, "td svg"), CELL) == {"before": [50, 0], "after": [75, 0]}
    assert one(page, "td line")["x1"] == "96%"
    assert one(page, ".perfcase-chart__goal").get_text() == "target ≥ 200 req/s"


@pytest.mark.parametrize("target", ["Memory usage reduced by 20%", "Response time below 12 MB", "Fewer errors"])
def test_a_target_of_something_else_has_no_mark(target: str) -> None:
    assert not rows("Response Time | 450 ms | 120 ms", targets=f"*   {target}\n").select("line")


def test_the_chart_tells_every_number() -> None:
    page = rows(
        "Response Time | 450 ms | 120 ms",
        "Throughput | 120 rps | >300 rps",
        "Mood | bad | good",
        "Queue length | 12-14 | 13",
        targets="*   Response time reduced by 70%\n",
    )
    chart = one(page, ".perfcase-chart > svg")
    assert chart["role"] == "img"
    assert [child.name for child in chart.find_all(recursive=False)][:2] == ["title", "desc"]
    assert one(chart, "title").get_text() == "Before and after"
    assert shown(one(chart, "desc")) == (
        "Response Time: 450 ms before, 120 ms after, −73%, improved, target ≤ 135 ms. "
        "Throughput: 120 rps before, >300 rps after, +150% or more, improved. "
        "Queue length: 12-14 before, 13 after, −7.1% to +8.3%."
    )
    texts = [shown(tag) for tag in chart.select("text")]
    assert texts[:5] == ["Response Time", "−73% improved", "450 ms before", "120 ms after", "target ≤ 135 ms"]
    assert all(svg["aria-hidden"] == "true" for svg in page.select("td svg"))


def test_two_bounds_say_nothing_about_the_change() -> None:
    page = rows("Throughput | >100 rps | >300 rps")
    assert shown(one(page, "desc")) == "Throughput: >100 rps before, >300 rps after."
    assert not page.select("td .perfcase-change")


def test_rows_stand_below_each_other() -> None:
    page = rows("Response Time | 450 ms | 120 ms", "CPU Usage | 80% | 45%", "Memory Usage | 9 MB | 8 MB",
                targets="*   Response time reduced by 70%\n")  # fmt: skip
    chart = one(page, ".perfcase-chart > svg")
    inner = chart.select("svg")
    assert [svg["y"] for svg in inner] == ["0.0em", "5.9em", "10.5em"]
    assert [svg["height"] for svg in inner] == ["5.9em", "4.6em", "4.6em"]
    assert chart["height"] == "15.1em"


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("| Metric | Before (ms) | After (ms) |\n|--|--|--|\n| Response Time | 450 | 120 |\n", "Response Time: 450 ms before, 120 ms after, −73%, improved."),
        ("| Metric | Before | After |\n|--|--|--|\n| CPU Usage % | 80 | 40 |\n", "CPU Usage %: 80% before, 40% after, −50%, improved."),
        ("| Metric | Before (5 VU) | Before (500 VU) | After (5 VU) | After (500 VU) |\n|--|--|--|--|--|\n| Response Time | 90 ms | 450 ms | 80 ms | 120 ms |\n",
         "Response Time (5 VU): 90 ms before, 80 ms after, −11%, improved. Response Time (500 VU): 450 ms before, 120 ms after, −73%, improved."),
        ("| | Response Time | Throughput |\n|--|--|--|\n| Before | 450 ms | 120 rps |\n| After | 120 ms | 310 rps |\n",
         "Response Time: 450 ms before, 120 ms after, −73%, improved. Throughput: 120 rps before, 310 rps after, +158%, improved."),
        ("| Metric | Before | After |\n|--|--|--|\n| Response Time | p50 100 ms, p99 400 ms | p50 50 ms, p99 500 ms |\n",
         "Response Time p50: p50 100 ms before, p50 50 ms after, −50%, improved. Response Time p99: p99 400 ms before, p99 500 ms after, +25%, regressed."),
        ("| Metrik | Vorher | Nachher | Verbesserung |\n|--|--|--|--|\n| Response Time | 1,5 s | 0,5 s | |\n", "Response Time: 1,5 s before, 0,5 s after, −67%, improved."),
    ],
    ids=["unit in heading", "unit in name", "conditions", "transposed", "statistics", "German"],
)  # fmt: skip
def test_tables_of_other_forms(table: str, told: str) -> None:
    page = section(COMPARISON, table)
    assert shown(one(page, "desc")) == told
    chart = one(page, ".perfcase-chart")
    assert chart.find_previous("table") is one(page, "table")


@pytest.mark.parametrize(
    "text",
    [
        '!!! note "Measured in May"\n\n    {table}',
        '??? note "Measured in May"\n\n    {table}',
        '=== "May"\n\n    {table}\n\n=== "June"\n\n    Nothing yet.\n',
        "*   In May:\n\n    {table}",
        "<div markdown>\n\n{table}\n\n</div>",
    ],
    ids=["admonition", "details", "tab", "list item", "div"],
)
def test_a_chart_stands_with_its_table(text: str) -> None:
    table = f"{HEADER}| Response Time | 450 ms | 120 ms | |"
    indent = "\n    " if "    {table}" in text else "\n"
    extensions = ["admonition", "md_in_html", "pymdownx.details", "pymdownx.tabbed"]
    configs = {"pymdownx.tabbed": {"alternate_style": True}}
    given = text.format(table=table.replace("\n", indent)) + "\n"
    page = section(COMPARISON, given, extensions=extensions, extension_configs=configs)
    chart = one(page, ".perfcase-chart")
    assert one(page, "table") in chart.find_previous_siblings()
    assert shown(one(page, "td .perfcase-change")) == "−73% improved"


def test_two_tables_have_a_chart_each() -> None:
    second = "| Metric | Before | After |\n|--|--|--|\n| CPU Usage | 80% | 45% |\n"
    page = section(COMPARISON, f"{HEADER}| Response Time | 450 ms | 120 ms | |\n\nAnd then:\n\n{second}")
    told = [shown(one(chart, "desc")).split(":")[0] for chart in page.select(".perfcase-chart")]
    assert told == ["Response Time", "CPU Usage"]


FIELD = "*   **Before optimization:** {}\n*   **After optimization:** {}\n"


@pytest.mark.parametrize(
    ("scenario", "result", "told"),
    [
        (FIELD.format("450 ms", "120 ms"), "120 ms −73% improved", "A: 450 ms before, 120 ms after, −73%, improved."),
        (FIELD.format("100 req/s", "300 req/s"), "300 req/s +200% improved", "A: 100 req/s before, 300 req/s after, +200%, improved."),
        (FIELD.format("450 ms", "120 ms (target: 150 ms)"), "120 ms (target: 150 ms) −73% improved", "A: 450 ms before, 120 ms after, −73%, improved, target 150 ms."),
        (FIELD.format("450 ms", "180 ms, target < 150 ms"), "180 ms, target < 150 ms −60% improved", "A: 450 ms before, 180 ms after, −60%, improved, target < 150 ms."),
        (FIELD.format("450 ms", "120 ms (target: 300 req/s)"), "120 ms (target: 300 req/s) −73% improved", "A: 450 ms before, 120 ms after, −73%, improved."),
        (FIELD.format("450 ms", "450 ms → 120 ms"), "450 ms → 120 ms −73% improved", "A: 450 ms before, 120 ms after, −73%, improved."),
        (FIELD.format("p50 100 ms, p99 400 ms", "p50 50 ms, p99 500 ms"), "p50 50 ms, p99 500 ms p50 −50% improved p99 +25% regressed",
         "A, p50: p50 100 ms before, p50 50 ms after, −50%, improved. A, p99: p99 400 ms before, p99 500 ms after, +25%, regressed."),
        (FIELD.format("p50 100 ms, p99 400 ms", "p99 500 ms"), "p99 500 ms +25% regressed", "A, p99: p99 400 ms before, p99 500 ms after, +25%, regressed."),
        (FIELD.format("450 ms", "120 ms").replace("\n*", "\n\n*"), "120 ms −73% improved", "A: 450 ms before, 120 ms after, −73%, improved."),
        (FIELD.format("450 ms", "120 ms\n    *   p99 200 ms"), "120 ms −73% improved p99 200 ms", "A: 450 ms before, 120 ms after, −73%, improved."),
    ],
    ids=["value", "throughput", "target", "target without brackets", "target of another kind", "transition", "statistics", "one of two statistics", "loose list", "nested"],
)  # fmt: skip
def test_a_scenario(scenario: str, result: str, told: str) -> None:
    page = section(SCENARIOS, f"**A**\n\n{scenario}")
    item = next(item for item in page.select("li") if item.get_text().strip().startswith("After"))
    assert shown(item) == f"After optimization: {result}"
    assert shown(one(page, "desc")) == told
    assert one(page, "title").get_text() == "Benchmark scenarios"


@pytest.mark.parametrize(
    "scenario",
    [
        FIELD.format("450 ms", "-"),
        FIELD.format("", "120 ms"),
        "*   **After optimization:** 120 ms\n",
        FIELD.format("450 ms", "12 MB"),
        FIELD.format("450 ms mean, timeouts at 200 users", "120 ms mean, no timeouts"),
        FIELD.format("450 ms, 120 req/s", "120 ms, 310 req/s"),
        FIELD.format("100 / 200 ms", "50 / 100 ms"),  # which is which?
    ],
)
def test_a_scenario_that_cannot_be_compared(scenario: str) -> None:
    page = section(SCENARIOS, f"**A**\n\n{scenario}")
    assert not page.select("svg, .perfcase-change")


def test_glued_fields_are_drawn_and_stay_as_they_are() -> None:
    page = section(SCENARIOS, "**A**\n\n**Before optimization:** 450 ms\n**After optimization:** 120 ms\n")
    assert not page.select(".perfcase-change:not(svg *)")
    assert shown(one(page, "desc")) == "A: 450 ms before, 120 ms after, −73%, improved."


def test_a_scenarios_target_has_its_mark() -> None:
    page = section(SCENARIOS, f"**A**\n\n{FIELD.format('450 ms', '180 ms (target: 150 ms)')}")
    assert percent(one(page, "line")["x1"]) / CHART * 100 == pytest.approx(33.3, abs=0.1)


def test_several_scenarios_are_one_chart_at_the_end() -> None:
    items = "".join(f"**{name}**\n\n{FIELD.format('450 ms', '120 ms')}\n" for name in "AB")
    page = section(SCENARIOS, f"{items}\nMeasured twice.\n")
    assert [shown(tag) for tag in page.select("svg svg text:first-child")] == ["A", "B"]
    assert page.find_all(recursive=False)[-1] is one(page, ".perfcase-chart")


def test_the_same_record_makes_the_same_bytes(make_site: MakeSite) -> None:
    site = make_site({"performance/prices.md": COMPLETE, "performance/more.md": COMPLETE.replace("[x] No", "[ ] No")})
    pages = [PRICES, "performance/index.html", "performance/more/index.html", "perfcase.json", "perfcase.csv"]
    site.build()
    first = {name: (site.output / name).read_bytes() for name in pages}
    site.build()
    assert first == {name: (site.output / name).read_bytes() for name in pages}
    assert first[PRICES].count(b"<svg") > 8


def test_charts_bring_no_colours_and_nothing_from_elsewhere(make_site: MakeSite) -> None:
    page = make_site({"performance/prices.md": COMPLETE}).build().page(PRICES)
    for tag in page.select("svg, svg *"):
        assert tag.attrs.get("fill", "currentColor") == "currentColor"
        assert not {"style", "href", "onclick", "onload"} & set(tag.attrs)

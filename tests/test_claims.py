"""Claims against the record's own numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import COMPLETE, Site, found, study, with_section

from mkdocs_perfcase.targets import read_target, threshold

MakeSite = Callable[..., Site]

TABLE = """### Before/After Comparison

| Metric | Before | After | Improvement |
| --- | --- | --- | --- |
| Response Time | 450 ms | 120 ms | |
| p95 Latency | 1.2 s | 240 ms | |
| Throughput | 120 rps | 310 rps | |
| Cache Hit Rate | 35% | 85% | |
| Memory Usage | 210 MB | 190 MB | |
"""
MORE = f"""{TABLE}| Queries per Request | 101 queries | 4 queries | |
| Timeouts | 5 | 0 | |
| Apdex | 0.71 | 0.94 | |
| Queue Depth | 40 | 30 | |
| Parse Time | 62.4 ns | 50.9 ns | |
| Load Time | 300-400 ms | 90-150 ms | |
| Startup Time | <450 ms | 120 ms | |
| Build Time | 12 min | - | |
| Balance | -5 points | 5 points | |
"""


def met(sentence: str, table: str = TABLE) -> bool | None:
    record = with_section(f"### Success Metrics\n\n*   {sentence}\n", with_section(table))
    result = study(record)
    assert result is not None
    assert result.claims is not None
    (one,) = result.claims.outcomes
    return one.met


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Response time reduced by 70%", True),
        ("Response time reduced by 80%", False),
        ("Reduce the response time by at least 70%", True),
        ("**Response time** reduced by 70 %", True),
        ("Average response time is reduced by 80%", False),
        ("Response time decreased by 3x", True),
        ("Throughput increased by 2x", True),
        ("Throughput increased by 3x", False),
        ("Throughput increased by 158%", True),
        ("Throughput increased by 200%", False),
        ("Throughput at least 300 req/s", True),
        ("Throughput above 400 rps", False),
        ("p95 latency below 250 ms", True),
        ("p95 latency below 200 ms", False),
        ("p95 latency < 0.2 s (at 500 users)", False),
        ("p95 latency: ≤ 250 ms", True),
        ("Latency below 200 ms", None),
        ("Response time reduced to 150 ms", True),
        ("Response time reduced from 450 ms to 100 ms", False),
        ("Cache hit rate above 80%", True),
        ("Cache hit rate must be at least 90%", False),
        ("Throughput increased by 3x (at 500 users)", False),
        ("Throughput increased by 2x, at 500 users.", True),
        ("Memory usage reduced by 9.5%", True),
        ("Memory usage reduced by 10%", False),
        ("Memory usage reduced by 9.6%", None),
        ("Memory usage stays below 200 MB", True),
        ("Error rate below 1%", None),
        ("Response time below 100 MB", None),
    ],
)
def test_targets(sentence: str, expected: bool | None) -> None:
    assert met(sentence) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Response time reduced by ~70%", True),
        ("Response time reduced by 73.3%", True),
        ("Response time reduced by 73.4%", None),  # as rounded
        ("Response time reduced by 74%", False),
        ("Response time decreased by 3,5x", True),
        ("Response time decreased by 4x", False),
        ("Throughput increased by 158.4%", None),
        ("Throughput increased by 1,000%", False),
        ("Throughput increased by 1.1x", True),
        ("Cut the response time by over 70%", True),
        ("Lower the response time by 80%", False),
        ("Raise throughput by 100%", True),
        ("Response time below 120 ms", True),
        ("Response time below 119.8 ms", None),
        ("Response time below 119 ms", False),
        ("Response time raised to 120 ms", True),
        ("Response time raised to 120.2 ms", None),
        ("Response time raised to 121 ms", False),
        ("Timeouts reduced by 100%", True),
        ("Timeouts: at most 0", True),
        ("Timeouts at least 1", False),
        ("Apdex above 0.9", True),
        ("Apdex above 0.95", False),
        ("Queries per request at most 5", True),
        ("Queries per request at most 3", False),
        ("Queries per request below 5 queries", True),
        ("Queries per request below 5 ms", None),
        ("Queue depth below 35 requests", True),
        ("Queue depth below 35 ms", None),  # of a bare number nobody can tell
        ("Cache hit rate above 80", None),
        ("Parse time below 51 ns", True),
        ("Parse time below 50 ns", False),
        ("Load time below 160 ms", True),
        ("Load time below 100 ms", None),
        ("Load time below 80 ms", False),
        ("Load time reduced by 40%", True),
        ("Load time reduced by 60%", None),
        ("Load time reduced by 80%", False),
        ("Startup time reduced by 70%", None),
        ("Startup time reduced by 80%", False),
        ("Build time below 10 min", None),
        ("Build time reduced by 10%", None),
        ("Balance increased by 10%", None),
        ("**p95 latency:** ≤ 200 ms", False),
        ("**p95 latency:** ≤ 250 ms", True),
    ],
)
def test_targets_of_all_kinds_of_values(sentence: str, expected: bool | None) -> None:
    assert met(sentence, MORE) is expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Throughput increased by 1x",
        "Throughput increased by 0.5x",
        "Response time reduced by 120%",
        "Response time reduced by 100.5%",
        "Response time reduced by 1.5.2%",
        "Response time reduced by 5.550%",  # five and a half, or five thousand
        "Response time better by 40%",
        "Below 200 ms",
        "Response time below 200-300 ms",
        "Response time below 200+ ms",
        "Response time below 200 widgets and more",
        "Response time below 200 ms, " + "as all of us agreed in the meeting of the team, " * 4,
    ],
)
def test_what_asks_for_nothing_certain(sentence: str) -> None:
    assert read_target(sentence, 1) is None


@pytest.mark.parametrize(
    "sentence",
    ["Faster checkout", "Response time improved by 40%", "Users are happy with 3 of 4 pages", "Launch by 2026-05-01", "Reduce support tickets", "5 ms"],
)  # fmt: skip
def test_no_targets(sentence: str) -> None:
    assert read_target(sentence, 1) is None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Response time reduced by 80%", 0.09),
        ("Response time below 200 ms", 0.2),
        ("Startup time reduced by 80%", None),  # of less than 450 ms nobody knows the fifth
        ("Startup time below 200 ms", 0.2),
        ("Queue depth below 35 ms", None),
    ],
)
def test_the_value_at_which_a_target_is_just_met(sentence: str, expected: float | None) -> None:
    result = study(with_section(f"### Success Metrics\n\n*   {sentence}\n", with_section(MORE)))
    assert result is not None
    assert result.claims is not None
    (one,) = result.claims.outcomes
    assert one.measurement is not None
    assert threshold(one.target, one.measurement) == (expected if expected is None else pytest.approx(expected))


def rules(record: str) -> set[str]:
    return {rule for rule, _ in found(record)}


def test_two_rows_of_one_metric_must_agree() -> None:
    table = TABLE + "| Response time (avg) | 500 ms | 490 ms | |\n"
    record = with_section("### Success Metrics\n\n*   Response time reduced by 70%\n", with_section(table))
    assert rules(record) == set()  # one row meets it, one doesn't: who can tell which is meant


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Response time (avg) | 500 ms | 100 ms", True),
        ("Response time (avg) | 500 ms | 490 ms", None),
        ("Response time (avg) | 500 ms | fast", None),
        ("Response time (avg) | 500 ms | -", True),  # isn't measured yet
        ("Response time (p95) | 500 ms | 490 ms", True),  # is another figure
    ],
)
def test_all_rows_of_a_metric_are_asked(row: str, expected: bool | None) -> None:
    assert met("Response time reduced by 70%", f"{TABLE}| {row} | |\n") is expected


def test_all_benchmarks_ticked_while_a_scenario_misses_its_own_target() -> None:
    scenario = """### Benchmark Scenarios

**A full basket**

*   **Test conditions:** 40 items
*   **Before optimization:** 450 ms
*   **After optimization:** 180 ms (target: 150 ms)
"""
    assert rules(with_section(scenario)) == {"contradicted-criterion"}
    assert rules(with_section(scenario.replace("180 ms", "140 ms"))) == set()


def test_no_accusation_while_it_is_not_ticked_or_makes_an_exception() -> None:
    table = with_section(TABLE.replace("190 MB", "290 MB"))
    assert rules(table) == {"regression", "contradicted-criterion"}
    assert rules(table.replace("[x] No regression in other areas", "[ ] No regression in other areas")) == {
        "regression",
        "unchecked-acceptance-criterion",
    }
    assert rules(table.replace("No regression in other areas", "No regression in other areas (except memory)")) == {
        "regression"
    }


def test_noise_and_rounding_are_no_regression() -> None:
    assert rules(with_section(TABLE.replace("190 MB", "211 MB"))) == set()
    assert rules(with_section(TABLE.replace("210 MB | 190 MB", "2 GB | 2.04 GB"))) == set()


@pytest.mark.parametrize(
    ("criterion", "contradicted"),
    [
        ("- [x] p95 latency below 200 ms", True),
        ("- [x] p95 latency below 250 ms", False),
        ("- [x] Latency below 200 ms", False),
        ("- [ ] p95 latency below 200 ms", False),
    ],
)
def test_a_ticked_criterion_of_the_authors_own_may_be_a_target(criterion: str, contradicted: bool) -> None:
    record = with_section(TABLE).replace("- [x] No regression", f"{criterion}\n- [x] No regression")
    assert ("contradicted-criterion" in rules(record)) is contradicted


@pytest.mark.parametrize("status", ["rolled-back", "superseded", "abandoned"])
def test_a_terminal_status_only_tells(status: str) -> None:
    record = with_section(TABLE.replace("190 MB", "290 MB")).replace("- [x] No regression", "- [ ] No regression")
    result = study(f"---\nstatus: {status}\n---\n" + record)
    assert result is not None
    assert {finding.severity.name for finding in result.findings} == {"INFO"}


@pytest.mark.parametrize(
    ("overview", "conflict"),
    [
        ("450 ms response time at 120 requests/sec", False),
        ("540 ms response time at 120 requests/sec", True),
        ("response time of 540 ms", True),
        ("about 470 ms response time", False),
        ("540 ms p95 latency", True),
        ("p95 latency 1,200 ms", False),
        ("540 ms in the worst week of the year", False),
        ("slow", False),
    ],
)
def test_baselines(overview: str, conflict: bool) -> None:
    record = with_section(TABLE).replace("450 ms response time at 120 requests/sec", overview)
    assert rules(record) == ({"inconsistent-baseline"} if conflict else set())


@pytest.mark.parametrize(
    ("overview", "conflict"),
    [
        ("100 rps throughput", True),
        ("response time 540 ms (p95)", False),
        ("response time 540 ms / 600 ms", False),
        ("50 queue depth", False),
        ("response time 540 MB", False),
        ("load time 500 ms", True),
        ("load time 350 ms", False),
        ("wobble 540 ms", False),
    ],
)
def test_baselines_of_all_kinds_of_values(overview: str, conflict: bool) -> None:
    table = f"{MORE}| Wobble | 450 ms | 120 ms | |\n"
    record = with_section(table).replace("450 ms response time at 120 requests/sec", overview)
    assert ("inconsistent-baseline" in rules(record)) is conflict


@pytest.mark.parametrize(
    ("before", "stated", "conflict"),
    [
        ("450 ms", "450 ms", False),
        ("450 ms", "451 ms", False),  # as rounded
        ("450 ms", "452 ms", True),
        ("450 ms", "449 ms", False),
        ("450 ms", "448 ms", True),
        ("450 ms", "0.45 s", False),
        ("450 ms", "0.44 s", True),
        ("450 ms", "p50 540 ms", True),
        ("450 ms", "p95 540 ms", False),
        ("450 ms", "~500 ms", False),
        ("450 ms", "~510 ms", True),
        ("450 ms", "~405 ms", False),
        ("450 ms", "~400 ms", True),
        ("~450 ms", "495 ms", False),
        ("~450 ms", "510 ms", True),
        ("300-450 ms", "400 ms", False),
        ("450 ms", "540 MB", False),
        ("450 ms", "unknown", False),
    ],
)
def test_baselines_under_metrics(before: str, stated: str, conflict: bool) -> None:
    record = with_section(TABLE.replace("450 ms", before))
    record = record.replace("450 ms response time at ", "").replace(
        "**Current response time:** 450 ms", f"**Current response time:** {stated}"
    )
    assert ("inconsistent-baseline" in rules(record)) is conflict


def test_a_baseline_that_may_be_of_either_row_conflicts_with_none() -> None:
    table = with_section(f"{TABLE}| Response time (avg) | 540 ms | 130 ms | |\n")
    assert rules(table.replace("450 ms response time at", "600 ms response time at")) == set()


@pytest.mark.parametrize(
    ("section", "missed"),
    [
        ("*   Response time reduced by 80%", True),
        ("We have agreed on these:\n- Response time reduced by 80%", True),  # a list to its author
        ("Response time reduced by 80%", False),
    ],
)
def test_success_metrics_are_lists(section: str, missed: bool) -> None:
    record = with_section(f"### Success Metrics\n\n{section}\n")
    assert ("target-missed" in rules(record)) is missed


@pytest.mark.parametrize(
    ("target", "missed"),
    [
        ("response time below 100 ms, throughput above 200 rps", True),
        ("response time below 150 ms and throughput above 400 rps", True),
        ("response time below 150 ms and throughput above 300 rps", False),
        ("wobble below 100 ms", False),  # nobody knows what it is
        ("something better", False),
    ],
)
def test_each_clause_of_the_overviews_target(target: str, missed: bool) -> None:
    record = with_section(f"{TABLE}| Wobble | 450 ms | 120 ms | |\n").replace("150 ms response time", target)
    assert ("target-missed" in rules(record)) is missed


def test_the_overviews_target_performance() -> None:
    record = COMPLETE.replace("150 ms response time", "response time below 100 ms")
    assert rules(record) == {"target-missed", "contradicted-criterion"}


def test_the_page_shows_targets_and_the_headline_they_are_about(make_site: MakeSite) -> None:
    record = with_section("### Success Metrics\n\n*   Throughput increased by 2x\n*   Response time reduced by 80%\n")
    record = record.replace("meet or exceed targets", "meet or exceed targets (but the response time)")
    page = make_site({"performance/prices.md": record}).build().page("performance/prices/index.html")
    shown = [" ".join(item.get_text().split()) for item in page.select(".perfcase-targets li")]
    assert shown == [
        "met Throughput increased by 2x 120 rps → 310 rps +158%",
        "missed Response time reduced by 80% 450 ms → 120 ms −73%",
    ]
    result = " ".join(page.select(".perfcase-result")[0].get_text().split())
    assert result == "Throughput improved 120 rps → 310 rps, +158%, 2.6× as much stated"
    assert "Expected of the changes: 60% faster; 20% faster" in page.get_text()


def test_the_index_averages_ratios(make_site: MakeSite) -> None:
    pages = {
        "performance/a.md": COMPLETE,
        "performance/b.md": COMPLETE.replace("| 450 ms | 120 ms | 73% |", "| 4.5 s | 0.3 s | |"),
    }
    site = make_site(
        {
            name: page.replace("**Current response time:** 450 ms", "**Current response time:** unknown").replace(
                "450 ms response time at ", ""
            )
            for name, page in pages.items()
        }
    )
    page = site.build(strict=True).page("performance/index.html")
    assert site.error is None
    mean = ((120 / 450) * (0.3 / 4.5)) ** 0.5 - 1
    rows = [
        [cell.get_text() for cell in row.select("td")] for row in page.select(".perfcase-table")[1].select("tbody tr")
    ]
    best = "−93% improved Cache the price list"
    assert rows[0] == ["Response Time", "2 improved", f"−{abs(mean) * 100:.0f}% (2)", best]


def test_both_sides_are_shown_in_one_unit(make_site: MakeSite) -> None:
    record = COMPLETE.replace("| 450 ms | 120 ms | 73% |", "| 0.45 s | 120 ms | |")
    page = make_site({"performance/prices.md": record}).build().page("performance/prices/index.html")
    assert "450 ms → 120 ms" in page.select(".perfcase-result")[0].get_text()

"""Comparison tables as teams write them: read correctly, or declined with a reason."""

from __future__ import annotations

import inspect

import pytest
from conftest import found, study, with_section
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_perfcase import metrics
from mkdocs_perfcase.change_view import change
from mkdocs_perfcase.comparison import Measurement
from mkdocs_perfcase.metrics import is_known, polarity, read_name, verdict
from mkdocs_perfcase.text import name_key


def measured(table: str, **options: object) -> list[Measurement]:
    result = study(with_section(f"### Before/After Comparison\n\n{inspect.cleandoc(table)}\n"), **options)
    assert result is not None
    assert result.form is not None
    return list(result.form.measurements)


def rows(table: str) -> list[tuple[str, float | None, str]]:
    return [
        (m.name, round(m.change_percent) if m.change_percent is not None else None, m.verdict) for m in measured(table)
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "Metric | Before | After | Improvement",
        "Metric | Before (500 VU) | After (500 VU) | Δ",
        "Metrik | Vorher | Nachher | Verbesserung",
        "指标 | 优化前 | 优化后 | 提升",
        "Метрика | До | После | Изменение",
        "Métrica | Antes | Después | Mejora",
        "Métrique | Avant | Après | Gain",
        "**Metric** | **Before** | **After** | **Change**",
        "Metric | Baseline | Optimized | Diff",
    ],
)
def test_headings(heading: str) -> None:
    table = f"| {heading} |\n| --- | --- | --- | --- |\n| Response Time | 450 ms | 120 ms | |\n"
    assert rows(table) == [("Response Time", -73, "improved")]


def test_single_letters_are_sizes_or_nothing() -> None:
    table = "| Metric | Before | After |\n| --- | --- | --- |\n| Mem | 512M | 1G |\n| Cost index | 512M | 1G |\n"
    assert rows(table) == [("Mem", 95, "regressed"), ("Cost index", None, "unknown")]


def test_more_columns_and_after_before_before() -> None:
    table = """
    | Metric | Target | After | Before | Improvement | Status |
    | --- | --- | --- | --- | --- | --- |
    | Response Time | 150 ms | 120 ms | 450 ms | 73% | ✅ |
    | Throughput | 200 rps | 310 rps | 120 rps | | ✅ |
    """
    assert rows(table) == [("Response Time", -73, "improved"), ("Throughput", 158, "improved")]


def test_two_before_and_two_after_columns() -> None:
    table = """
    | Metric | Before (100 VU) | Before (500 VU) | After (100 VU) | After (500 VU) |
    | --- | --- | --- | --- | --- |
    | Response Time | 100 ms | 450 ms | 90 ms | 120 ms |
    """
    assert rows(table) == [("Response Time (100 VU)", -10, "improved"), ("Response Time (500 VU)", -73, "improved")]


def test_columns_that_do_not_pair_up_are_declined() -> None:
    table = "| Metric | Before A | Before B | After |\n| - | - | - | - |\n| Response Time | 1 s | 2 s | 3 s |\n"
    assert rows(table) == []
    problems = found(with_section(f"### Before/After Comparison\n\n{table}"))
    assert ("unreadable-value", 181 + 2) in [
        (rule, line) for rule, line in problems if rule == "unreadable-value"
    ] or problems


def test_a_table_of_something_else_is_declined() -> None:
    table = "| Metric | Result |\n| - | - |\n| Response Time | 1 s |\n"
    assert rows(table) == []
    assert "unreadable-value" in dict(found(with_section(f"### Before/After Comparison\n\n{table}")))


def test_transposed() -> None:
    table = """
    | | Response Time | Throughput |
    | --- | --- | --- |
    | Before | 450 ms | 120 rps |
    | After | 120 ms | 310 rps |
    """
    assert rows(table) == [("Response Time", -73, "improved"), ("Throughput", 158, "improved")]


def test_bare_numbers_take_their_unit_from_heading_row_or_neighbour() -> None:
    table = """
    | Metric | Before (ms) | After (ms) |
    | --- | --- | --- |
    | Response Time | 450 | 120 |
    """
    assert [m.after.unit.symbol for m in measured(table) if m.after and m.after.unit] == ["ms"]
    table = """
    | Metric | Before | After |
    | --- | --- | --- |
    | Total ms | 1,450 | 120 |
    | Bundle Size | 450 KB | 120 |
    """
    assert [m.after.unit.symbol for m in measured(table) if m.after and m.after.unit] == ["ms", "KB"]


def test_several_values_in_a_cell() -> None:
    table = """
    | Metric | Before | After |
    | --- | --- | --- |
    | Latency | p50 100 ms, p99 400 ms | p50 50 ms, p99 500 ms |
    | Response Time | 80 / 60 ms | 40 ms |
    """
    assert rows(table) == [
        ("Latency p50", -50, "improved"),
        ("Latency p99", 25, "regressed"),
        ("Response Time", None, "unknown"),
    ]


def test_ranges_and_bounds_give_a_verdict_only_where_they_are_apart() -> None:
    table = """
    | Metric | Before | After |
    | --- | --- | --- |
    | Response Time | 300-400 ms | 60-150 ms |
    | Latency | 300-400 ms | 350-500 ms |
    | Load Time | 500 ms | <100 ms |
    """
    assert [m.verdict for m in measured(table)] == ["improved", "unknown", "improved"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("450 ms", "120 ms", "3.8× as fast"),
        ("120 ms", "100 ms", "1.2× as fast"),
        ("120 ms", "115 ms", ""),  # −4.2% says more
        ("100 ms", "150 ms", "1.5× as long"),
        ("120 rps", "310 rps", "2.6× as much"),
        ("310 rps", "120 rps", ""),
    ],
)
def test_how_many_times(before: str, after: str, told: str) -> None:
    (one,) = measured(f"| Metric | Before | After |\n| - | - | - |\n| Speed | {before} | {after} |\n")
    assert change(one).factor == told


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("300-400 ms", "60-150 ms", "−85% to −50%"),
        ("3-4 s", "1-2 s", "−75% to −33%"),
        ("<450 ms", "120 ms", "−73% or more"),
        (">450 ms", "120 ms", "−100% to −73%"),
        ("450 ms", "<100 ms", "−100% to −78%"),
        ("-5 points", "5-10 points", "+250%"),
    ],
)
def test_the_change_over_all_that_values_claim(before: str, after: str, told: str) -> None:
    (one,) = measured(f"| Metric | Before | After |\n| - | - | - |\n| Speed | {before} | {after} |\n")
    assert change(one).percent == told


def test_names_of_metrics_are_told_as_they_are_looked_up() -> None:
    names = [*metrics._POLARITY, *metrics._SAME]
    assert [name_key(name) for name in names] == names


def test_the_sites_own_metrics() -> None:
    table = "| Metric | Before | After |\n| - | - | - |\n| Wobble | 12 | 20 |\n"
    assert [m.verdict for m in measured(table)] == ["unknown"]
    assert [m.verdict for m in measured(table, metrics={"wobble": "lower"})] == ["regressed"]
    assert [m.verdict for m in measured(table, metrics={"Wobble": "higher"})] == ["improved"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Response Time", "lower"),
        ("p95 Latency", "lower"),
        ("LCP (Largest Contentful Paint)", "lower"),
        ("Cache Hit Rate", "higher"),
        ("Cache miss rate", "lower"),
        ("Error Rate", "lower"),
        ("Success rate", "higher"),
        ("Requests per second", "higher"),
        ("Memory per Connection", "lower"),
        ("Lighthouse Score", "higher"),
        ("Apdex", "higher"),
        ("内存使用", "unknown"),
        ("响应时间", "lower"),
        ("Wobble", "unknown"),
    ],
)
def test_polarity(name: str, expected: str) -> None:
    assert polarity(name, None, {}) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Response Time", "Current response time", True),
        ("Average response time", "Response Time", True),
        ("p95 latency", "Latency (p95)", True),
        ("p95 latency", "Latency", False),
        ("Response time", "p95 Response Time", False),
        ("Max response time", "Response time", False),
        ("CPU usage", "CPU Utilization", True),
        ("Latency", "Response Time", False),
        ("Database query time", "Query Time", True),
        ("Memory usage", "Memory Usage (worker)", False),
    ],
)
def test_names(one: str, other: str, same: bool) -> None:
    assert read_name(one).is_also(read_name(other)) is same
    assert read_name(other).is_also(read_name(one)) is same
    assert is_known(one)


@given(st.floats(-1e9, 1e9), st.sampled_from(["higher", "lower", "unknown"]))
def test_the_opposite_change_has_the_opposite_verdict(change: float, better: str) -> None:
    mirrored = {"improved": "regressed", "regressed": "improved", "unchanged": "unchanged", "unknown": "unknown"}
    assert verdict(-change, better) == mirrored[verdict(change, better)]  # type: ignore[arg-type]


NUMBERS = st.integers(1, 10_000)


@given(NUMBERS, NUMBERS)
def test_swapping_before_and_after_mirrors_the_verdict(before: int, after: int) -> None:
    table = "| Metric | Before | After |\n| - | - | - |\n| Latency | {} ms | {} ms |\n"
    (one,), (other,) = measured(table.format(before, after)), measured(table.format(after, before))
    mirrored = {"improved": "regressed", "regressed": "improved", "unchanged": "unchanged"}
    assert other.verdict == mirrored[one.verdict]


@pytest.mark.parametrize(
    ("before", "after", "accused"),
    [
        ("450 ms", "120 MB", True),
        ("450 ms", "12%", True),
        ("12 MB", "3 MB/s", True),
        ("450 ms", "120 req/s", True),
        ("$120", "€90", True),
        ("450 ms", "0.12 s", False),
        ("12 MB", "3 MiB", False),
        ("450 ms", "120", False),
        ("12 queries", "3 calls", False),  # things go by many names
        ("12 queries", "3 ms", False),
        ("12 B/op", "3 bytes per call", False),
        ("12 ms/op", "3 ms", False),
        ("12 rows/s", "3 MB/s", False),
        ("a lot", "3 ms", False),
    ],
)
def test_only_units_proper_can_be_of_different_kinds(before: str, after: str, accused: bool) -> None:
    table = f"| Metric | Before | After |\n| --- | --- | --- |\n| Cost of one | {before} | {after} |\n"
    rules = [rule for rule, _ in found(with_section(f"### Before/After Comparison\n\n{table}"))]
    assert ("incompatible-units" in rules) is accused

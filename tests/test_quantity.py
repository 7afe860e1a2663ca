"""Values as people write them."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_perfcase.figures import decimal_mark
from mkdocs_perfcase.quantity import Quantity, read_quantities, read_quantity, read_transition, unit_in_heading
from mkdocs_perfcase.units import figure, find_unit, shared_unit

INF = math.inf

# text, value as written, unit, what it claims (in base units)
READ: list[tuple[str, float, str | None, tuple[float, float]]] = [
    ("450 ms", 450, "ms", (0.45, 0.45)),
    ("450ms", 450, "ms", (0.45, 0.45)),
    ("450 MSEC", 450, "ms", (0.45, 0.45)),
    ("3 µs", 3, "µs", (3e-6, 3e-6)),
    ("3 μs", 3, "µs", (3e-6, 3e-6)),
    ("2m 30s", 150, "s", (150, 150)),
    ("1h 5m", 3900, "s", (3900, 3900)),
    ("1d 2h", 93600, "s", (93600, 93600)),
    ("2m 30.5s", 150.5, "s", (150.5, 150.5)),
    ("9.65秒", 9.65, "s", (9.65, 9.65)),
    ("2-6 Sekunden", 4, "s", (2, 6)),
    ("7 мс", 7, "ms", (0.007, 0.007)),
    ("84 min", 84, "min", (5040, 5040)),
    ("1,200 req/s", 1200, "req/s", (1200, 1200)),
    ("12k rps", 12000, "req/s", (12000, 12000)),
    ("30 QPS", 30, "queries/s", (30, 30)),
    ("11 req/min", 11, "req/min", (11 / 60, 11 / 60)),
    ("200+ req/min", 200, "req/min", (200 / 60, INF)),
    ("500+users", 500, "users", (500, INF)),
    ("250 tps", 250, "transactions/s", (250, 250)),
    ("9,000 IOPS", 9000, "ops/s", (9000, 9000)),
    ("1.5-2k req/s", 1750, "req/s", (1500, 2000)),
    ("1k-2k req/s", 1500, "req/s", (1000, 2000)),
    ("1K msg/s", 1000, "msg/s", (1000, 1000)),
    ("60fps", 60, "fps", (60, 60)),
    ("5 MB/s", 5, "MB/s", (5e6, 5e6)),
    ("386.77 kB", 386.77, "KB", (386_770, 386_770)),
    ("3 KiB", 3, "KiB", (3072, 3072)),
    ("0B", 0, "B", (0, 0)),
    ("640 k B", 640_000, "B", (640_000, 640_000)),
    ("65%", 65, "%", (65, 65)),
    ("35 points", 35, "points", (35, 35)),
    ("16.5 ± 1.2 %", 16.5, "%", (15.3, 17.7)),
    ("450 ± 5 ms", 450, "ms", (0.445, 0.455)),
    ("450 ± 4% ms", 450, "ms", (0.432, 0.468)),
    ("101 queries", 101, "queries", (101, 101)),
    ("12 queries/request", 12, "queries/request", (12, 12)),
    ("12 queries per request", 12, "queries/request", (12, 12)),
    ("3 per call", 3, "/call", (3, 3)),
    ("40 per second", 40, "/s", (40, 40)),
    ("7.5 us/op", 7.5, "µs/op", (7.5e-6, 7.5e-6)),
    ("7500 ns/op", 7500, "ns/op", (7.5e-6, 7.5e-6)),
    ("12 MB/request", 12, "MB/request", (12e6, 12e6)),
    ("511个", 511, "个", (511, 511)),
    ("3 mn rows", 3e6, "rows", (3e6, 3e6)),
    ("1.2B rows", 1.2e9, "rows", (1.2e9, 1.2e9)),
    ("$1,200/mo", 1200, "USD/month", (1200, 1200)),
    ("$1,200 a month", 1200, "USD/month", (1200, 1200)),
    ("$10-20", 15, "USD", (10, 20)),
    ("$0.02 per request", 0.02, "USD/request", (0.02, 0.02)),
    ("450 EUR per month", 450, "EUR/month", (450, 450)),
    ("450 EUR", 450, "EUR", (450, 450)),
    ("62/100", 62, "/100", (62, 62)),
    ("0.1 (CLS)", 0.1, None, (0.1, 0.1)),
    ("4.5x", 4.5, "x", (4.5, 4.5)),
    ("1.2M", 1.2e6, None, (1.2e6, 1.2e6)),
    ("1.200,5 ms", 1200.5, "ms", (1.2005, 1.2005)),
    ("1 200 ms", 1200, "ms", (1.2, 1.2)),
    ("1'200 ms", 1200, "ms", (1.2, 1.2)),
    ("1.234.567 B", 1234567, "B", (1234567, 1234567)),
    ("12,5 ms", 12.5, "ms", (0.0125, 0.0125)),
    ("0,250 s", 0.25, "s", (0.25, 0.25)),
    ("0.335 s", 0.335, "s", (0.335, 0.335)),
    ("61-148ms", 104.5, "ms", (0.061, 0.148)),
    ("1,650–1,900 req/s", 1775, "req/s", (1650, 1900)),
    ("~500ms", 500, "ms", (0.5, 0.5)),
    ("<100ms", 100, "ms", (0, 0.1)),
    ("≤ 100 ms", 100, "ms", (0, 0.1)),
    ("95%+", 95, "%", (95, INF)),
    ("more than 3 s", 3, "s", (3, INF)),
    ("p95: 24.8 ms", 24.8, "ms", (0.0248, 0.0248)),
    ("25 ms (99th percentile)", 25, "ms", (0.025, 0.025)),
    ("120 ms avg", 120, "ms", (0.12, 0.12)),
    ("**61 ms**", 61, "ms", (0.061, 0.061)),
    ("`61 ms` ⬇️", 61, "ms", (0.061, 0.061)),
    ("[61 ms](https://example.org)", 61, "ms", (0.061, 0.061)),
    ("~~450 ms~~ 300 ms", 300, "ms", (0.3, 0.3)),
    ("<DEL>450 ms</DEL> 300 ms", 300, "ms", (0.3, 0.3)),
    ("60%+ (volatile)", 60, "%", (60, INF)),
    ("+16ms (RAF)", 16, "ms", (0.016, 0.016)),
    ("-0.38 kB", -0.38, "KB", (-380, -380)),
    ("1e3 ms", 1000, "ms", (1, 1)),
    ("１２０ｍｓ", 120, "ms", (0.12, 0.12)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "unit", "claims"), READ, ids=[row[0] for row in READ])
def test_read(text: str, value: float, unit: str | None, claims: tuple[float, float]) -> None:
    found = read_quantity(text)
    assert found is not None
    assert found.value == pytest.approx(value)
    assert (found.unit.symbol if found.unit else None) == unit
    assert (found.low, found.high) == pytest.approx(claims)
    assert found.low <= found.base <= found.high


@pytest.mark.parametrize(
    ("text", "half"),
    [
        ("450 ms", 0.0005), ("450", 0.5), ("4.5", 0.05), ("1,200 ms", 0.0005), ("1,200.50 ms", 0.000005), ("0.00 s", 0.005), ("0.0", 0.05),
        ("2 h", 1800), ("12k", 500), ("1.2M", 50_000), ("12-14.5 ms", 0.0005), ("1e3 ms", 0.5), ("1.5e3 ms", 0.05), ("1,200e3 ms", 0.5),
        ("2.50e-3 s", 0.000005), ("2m 30s", 0.5), ("1h 5m", 30), ("1d 2h", 1800), ("2m 30.5s", 0.05), ("1h 5m 30s", 0.5),
    ],
)  # fmt: skip
def test_a_value_is_as_exact_as_its_last_digit(text: str, half: float) -> None:
    found = read_quantity(text)
    assert found is not None
    assert found.slack == pytest.approx(half)


REFUSED = [
    "", "-", "N/A", "n/a", "O(1)", "O(365 × n × m)", "Seq Scan", "let x = 1", "v2.1.0", "2024-01-05", "05.01.2024", "10:30",
    "5.550ms", "Every request", "A (92%)", "5 of 6", "1 per 30min", "100 °C", "50ms防抖动", "N+1 ~ 3N개", "200ms with spinner",
    "<100ms + parallel", "µs", "[X ms]", "12-5 ms", "1,2,3", "12.34.5 ms", "1.2.3", "450 ms?", "three", "Nach 2-6s", "~", "5 $ 6",
    "10 ms / 20 MB", "-- ms", "1 200 30 ms", "0x1F", "50% of 20 ms", "50ms가", "200++", "1k-1500 req/s", "16 ± 5.550 ms", "12-14 ± 1 ms",
    "16.5 ms ± 1.2", "$5 / 2 users", "12 ?/s", "12 N+1/month", "12 ms/2 calls", "512G", "5 and 6",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    assert read_quantity(text) is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("83 / 67 / 18 ms", ["83 ms", "67 ms", "18 ms"]),
        ("450 ms / 1.2 s", ["450 ms", "1.2 s"]),
        ("450 ms, 390 ms", ["450 ms", "390 ms"]),
        ("12, 14 ms", ["12 ms", "14 ms"]),
        ("12/14 ms", ["12 ms", "14 ms"]),
        ("12 / 14", ["12", "14"]),
        ("p50 12 ms, p99 40 ms", ["p50: 12 ms", "p99: 40 ms"]),
        ("p50 12, p99 40", ["p50: 12", "p99: 40"]),
        ("avg 12 ms, peak 40 MB", ["avg: 12 ms", "peak: 40 MB"]),
        ("450 ms (p50) / 1.2 s (Max.)", ["p50: 450 ms", "max: 1.2 s"]),
        ("12, 14", []),
        ("12/14", []),
        ("83 / 67 KB / 18 ms", []),
        ("83 / 67 ms / 5 MB", []),
        ("12 ms, then 14 ms", []),
        ("12 ms, later", []),
    ],
)  # fmt: skip
def test_several_values(text: str, values: list[str]) -> None:
    expected = [read_quantity(value) for value in values]
    assert [_told(one) for one in read_quantities(text)] == [_told(one) for one in expected if one]


def _told(quantity: Quantity) -> Quantity:
    return quantity._replace(text="")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("p95: 24.8 ms", "p95"), ("25 ms (99th percentile)", "99th percentile"), ("25 ms (P95)", "p95"), ("120 ms avg", "avg"), ("Avg. 120 ms", "avg"),
        ("Ø 120 ms", "ø"), ("p99.9 = 1.2 s", "p99.9"), ("120 ms (cold cache)", ""), ("120 ms", ""), ("84 min", ""),
    ],
)  # fmt: skip
def test_the_statistic_that_a_value_is(text: str, label: str) -> None:
    found = read_quantity(text)
    assert found is not None
    assert found.label == label


@pytest.mark.parametrize("text", ["450", "~500", "12-14.5", "<100", "99.9+", "450 ± 5", "-3"])
def test_a_bare_number_takes_the_unit_of_its_surroundings(text: str) -> None:
    bare, whole, unit = read_quantity(text), read_quantity(f"{text} ms"), find_unit("ms")
    assert bare is not None
    assert whole is not None
    assert unit is not None
    found = bare.in_unit(unit)
    assert (found.low, found.high, found.slack) == pytest.approx((whole.low, whole.high, whole.slack))
    assert (found.base, found.family, found.kind) == (whole.base, whole.family, whole.kind)


def test_the_column_settles_what_is_ambiguous() -> None:
    assert read_quantity("5.550 ms", mark=".").value == 5.55  # type: ignore[union-attr]
    assert read_quantity("5.550 ms", mark=",").value == 5550  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("other", "mark"),
    [
        ("12.5 ms", "."), ("1,200.5 ms", "."), ("1,200 ms", "."), ("0.250 s", "."), ("1,200,000 rows", "."), ("1234.567 s", "."),
        ("12,5 ms", ","), ("1.200,5 ms", ","), ("0,250 s", ","), ("1.200.000 rows", ","), ("1234,567 s", ","),
        ("", None), ("450 ms", None), ("1200 ms", None), ("7.250 ms", None), ("1,2,3", None), ("1.2.3", None), ("12.5 s / 12,5 s", None), ("1,200 ms / 0,3 s", None),
    ],
)  # fmt: skip
def test_what_separates_decimals_in_a_column(other: str, mark: str | None) -> None:
    assert decimal_mark(["5.550 ms", other]) == mark


@pytest.mark.parametrize(
    ("heading", "unit"),
    [("Before (ms)", "ms"), ("Total ms", "ms"), ("Time (in ms)", "ms"), ("Size in KB", "KB"), ("Latency, ms", "ms"), ("Before", None), ("Before (500 VU)", None), ("Requests", None), ("Total (requests)", None), ("Before (warm)", None), ("Speedup (x)", None)],
)  # fmt: skip
def test_units_in_headings(heading: str, unit: str | None) -> None:
    found = unit_in_heading(heading)
    assert (found.symbol if found else None) == unit


@pytest.mark.parametrize("arrow", ["→", "->", "=>", "⇒"])
def test_transitions(arrow: str) -> None:
    found = read_transition(f"450 ms {arrow} **120 ms**")
    assert found is not None
    assert [q.base for q in found] == pytest.approx([0.45, 0.12])


def test_a_transition_names_its_unit_once() -> None:
    found = read_transition("450 → 120 ms")
    assert found is not None
    assert [end for q in found for end in (q.base, q.low, q.high)] == pytest.approx([0.45] * 3 + [0.12] * 3)


@pytest.mark.parametrize("text", ["450 ms", "slow → fast", "450 ms → fast", "slow → 120 ms", "→ 120 ms", "450 ms →"])
def test_a_transition_has_two_values(text: str) -> None:
    assert read_transition(text) is None


@pytest.mark.parametrize(
    ("text", "metric", "value", "unit"),
    [
        ("512M", "memory usage", 512, "MB"), ("512M", "Heap", 512, "MB"), ("512K", "heap size", 512, "KB"), ("1G", "RAM", 1, "GB"), ("1T", "disk", 1, "TB"), ("512M+", "memory usage", 512, "MB"),
        ("512M", "", 512e6, None), ("512M", "cost index", 512e6, None), ("5k", "time", 5000, None),
        ("2m", "build time", 2, "min"), ("2m", "latency", 2, "min"), ("0B", "", 0, "B"), ("96B", "header", 96, "B"),
    ],
)  # fmt: skip
def test_the_metric_explains_a_single_letter(text: str, metric: str, value: float, unit: str | None) -> None:
    found = read_quantity(text, about=metric)
    assert found is not None
    assert (found.value, found.unit.symbol if found.unit else None) == (value, unit)


@pytest.mark.parametrize(
    ("text", "metric"), [("1G", ""), ("2m", ""), ("2m", "memory"), ("5k M", "memory"), ("1G", "build time")]
)
def test_a_single_letter_needs_the_metric(text: str, metric: str) -> None:
    assert read_quantity(text, about=metric) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 query", "2 queries"), ("1 request", "2 reqs"), ("1 batch", "2 batches"), ("1 page", "2 pages"), ("1 class", "2 classes"), ("1 movie", "2 movies"), ("1 try", "2 tries"),
        ("1 VM", "2 VMs"), ("1 op", "2 Operations"), ("1 msg/s", "2 messages/s"), ("1 query/page", "2 queries/pages"), ("1 ms/op", "2 ms/operation"), ("$1 per user", "$2 per users"),
    ],
)  # fmt: skip
def test_singular_and_plural_are_of_a_kind(one: str, other: str) -> None:
    assert family(one) == family(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2 queries", "2 requests"), ("2 queries/s", "2 requests/s"), ("2 queries/page", "2 queries/user"), ("2 MB/page", "2 MB/user"), ("$2 per user", "$2 per page"),
        ("2 queries", "2 queries/page"), ("2 MB", "2 MB/s"), ("2 GB/month", "2 calls/month"), ("$2", "$2/month"), ("$2/month", "$2/day"), ("$2", "€2"), ("2/5", "2/10"), ("2 points", "2%"),
        ("2 ms/s", "2 calls/s"),
    ],
)  # fmt: skip
def test_what_is_of_two_kinds_is_never_compared(one: str, other: str) -> None:
    assert family(one) != family(other)


def family(text: str) -> str:
    found = read_quantity(text)
    assert found is not None
    return found.family


UNITS = st.sampled_from(
    ["ns", "µs", "ms", "s", "min", "h", "B", "KB", "MB", "GiB", "%", "req/s", "fps", "queries", "x", "MB/s"]
)
CONVENTIONS: list[Callable[[float, int], str]] = [
    lambda value, digits: f"{value:.{digits}f}",
    lambda value, digits: f"{value:,.{digits}f}",
    lambda value, digits: f"{value:,.{digits}f}".replace(",", " "),
    lambda value, digits: f"{value:,.{digits}f}".replace(",", "'"),
    lambda value, digits: f"{value:,.{digits}f}".replace(",", "\0").replace(".", ",").replace("\0", "."),
]


@given(st.floats(0, 9e9), st.integers(0, 2), UNITS, st.sampled_from(CONVENTIONS), st.sampled_from(["", " "]))
def test_a_formatted_quantity_reads_back(
    value: float, digits: int, unit: str, convention: Callable[[float, int], str], space: str
) -> None:
    text = f"{convention(value, digits)}{space}{unit}"
    found = read_quantity(text)
    german = convention is CONVENTIONS[-1]
    if found is None:
        assert german  # "5.550" alone may be either
        assert digits == 0
        return
    assert found.value == pytest.approx(float(f"{value:.{digits}f}"))
    assert found.unit == find_unit(unit)


@given(st.text(max_size=60))
def test_never_raises(text: str) -> None:
    read_quantities(text)
    read_transition(text)
    unit_in_heading(text)


@given(st.text(alphabet="0123456789.,'- ~<>≤+±%kKMmsx/()→p", max_size=40))
def test_never_raises_on_near_numbers(text: str) -> None:
    for found in read_quantities(text):
        assert found.low <= found.high


def steps(call: Callable[[], Any]) -> int:
    """How much work a call is, counted in Python and C calls rather than seconds."""
    count = 0

    def counter(*_: Any) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counter)
    try:
        call()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "piece", ["1", "1,", "1 ", "p95 ", "(", "~", "9.9.", "k", "± 1", "- 1 ", "*a *a", "[[", "~~1", "ms / "]
)
def test_long_cells_are_prose(piece: str) -> None:
    assert read_quantities(piece * 100_000) == ()
    assert steps(lambda: read_quantities(piece * 100_001)) < 1000


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 µs", "1000 ns"), ("1 ms", "1000 µs"), ("1 s", "1000 ms"), ("1 min", "60 s"), ("1 h", "60 min"), ("1 d", "24 h"),
        ("1 KB", "1000 B"), ("1 MB", "1000 KB"), ("1 GB", "1000 MB"), ("1 TB", "1000 GB"),
        ("1 KiB", "1024 B"), ("1 MiB", "1024 KiB"), ("1 GiB", "1024 MiB"), ("1 TiB", "1024 GiB"),
        ("1 kbit/s", "1000 bit/s"), ("1 Mbit/s", "1000 kbit/s"), ("1 Gbit/s", "1000 Mbit/s"), ("1 req/s", "60 req/min"),
        ("1 order/s", "60 orders/min"), ("1 order/min", "60 orders/h"), ("1 order/h", "24 orders/day"), ("12 USD/year", "1 USD/month"), ("12 calls/year", "1 call per month"), ("1 TB/month", "1000 GB/mo"), ("60 MB/min", "1 MB/s"), ("6 h/day", "0.25 s/s"), ("$60/h", "$1/min"), ("$60 an hour", "$1/min"), ("€24/day", "€1/h"),
        ("1 k req/s", "1000 req/s"), ("1M req/s", "1000k req/s"), ("1bn rows", "1000M rows"), ("1万 rows", "10000 rows"), ("1亿 rows", "10000万 rows"),
    ],
)  # fmt: skip
def test_how_many_of_a_unit_make_the_next(one: str, other: str) -> None:
    left, right = read_quantity(one), read_quantity(other)
    assert left is not None
    assert right is not None
    assert (left.family, left.base) == (right.family, pytest.approx(right.base))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.012346, "0.01235"), (9_999.4, "9,999"), (10_000, "10,000"), (10_000.6, "10,001"), (-10_000.6, "-10,001"), (123_456_789, "123,456,789"),
        (999_999_999_999, "999,999,999,999"), (1e12, "1e+12"), (1.9e12, "1.9e+12"),
    ],
)  # fmt: skip
def test_figures_are_whole_from_ten_thousand_on(value: float, written: str) -> None:
    assert figure(value) == written


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("0.45 s", "120 ms", ("450 ms", "120 ms")),
        ("1 s", "2500 ms", ("1 s", "2.5 s")),
        ("90 s", "5 min", ("1.5 min", "5 min")),
        ("0 s", "2500 ms", ("0 s", "2.5 s")),
        ("1 ms", "9.9 s", ("1 ms", "9,900 ms")),
        ("1 ms", "10 s", ("0.001 s", "10 s")),
        ("2 d", "40,000 h", ("2 d", "1,667 d")),
        ("512 KB", "2 MB", ("512 KB", "2,000 KB")),
        ("3 MiB", "512 KiB", ("3,146 KB", "524.3 KB")),
        ("500 GB", "20000 TB", ("0.5 TB", "20,000 TB")),
        ("120 req/min", "3 req/s", ("2 req/s", "3 req/s")),
    ],
)
def test_two_values_are_shown_in_one_unit(before: str, after: str, shown: tuple[str, str]) -> None:
    values = [read_quantity(text) for text in (before, after)]
    bases = [value.base for value in values if value]
    unit = shared_unit(family(before), min(bases), max(bases))
    assert unit is not None
    assert tuple(unit.amount(base) for base in bases) == shown


def test_what_is_counted_has_no_units_to_choose_from() -> None:
    assert shared_unit(family("2 queries"), 1, 2) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [("450 ms", "450 ms"), ("65%", "65%"), ("62/100", "62/100"), ("3 per call", "3/call"), ("12084.4 req/s", "12,084 req/s"), ("4.5x", "4.5 x")],
)  # fmt: skip
def test_an_amount_reads_as_people_write_it(text: str, shown: str) -> None:
    found = read_quantity(text)
    assert found is not None
    assert found.unit is not None
    assert found.unit.amount(found.base) == shown

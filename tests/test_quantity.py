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
from mkdocs_perfcase.quantity import read_quantities, read_quantity, read_transition, unit_in_heading
from mkdocs_perfcase.units import figure, find_unit

INF = math.inf

# text, value as written, unit, what it claims (in base units)
READ: list[tuple[str, float, str | None, tuple[float, float]]] = [
    ("450 ms", 450, "ms", (0.45, 0.45)),
    ("450ms", 450, "ms", (0.45, 0.45)),
    ("3 µs", 3, "µs", (3e-6, 3e-6)),
    ("3 μs", 3, "µs", (3e-6, 3e-6)),
    ("2m 30s", 150, "s", (150, 150)),
    ("1h 5m", 3900, "s", (3900, 3900)),
    ("9.65秒", 9.65, "s", (9.65, 9.65)),
    ("2-6 Sekunden", 4, "s", (2, 6)),
    ("7 мс", 7, "ms", (0.007, 0.007)),
    ("84 min", 84, "min", (5040, 5040)),
    ("1,200 req/s", 1200, "req/s", (1200, 1200)),
    ("12k rps", 12000, "req/s", (12000, 12000)),
    ("30 QPS", 30, "queries/s", (30, 30)),
    ("11 req/min", 11, "req/min", (11 / 60, 11 / 60)),
    ("200+ req/min", 200, "req/min", (200 / 60, INF)),
    ("1K msg/s", 1000, "msg/s", (1000, 1000)),
    ("60fps", 60, "fps", (60, 60)),
    ("5 MB/s", 5, "MB/s", (5e6, 5e6)),
    ("386.77 kB", 386.77, "KB", (386_770, 386_770)),
    ("3 KiB", 3, "KiB", (3072, 3072)),
    ("0B", 0, "B", (0, 0)),
    ("65%", 65, "%", (65, 65)),
    ("16.5 ± 1.2 %", 16.5, "%", (15.3, 17.7)),
    ("16.5 ms ± 1.2", 16.5, "ms", (16.5, 16.5)),
    ("101 queries", 101, "queries", (101, 101)),
    ("12 queries/request", 12, "queries/request", (12, 12)),
    ("3 per call", 3, "/call", (3, 3)),
    ("7.5 us/op", 7.5, "µs/op", (7.5e-6, 7.5e-6)),
    ("7500 ns/op", 7500, "ns/op", (7.5e-6, 7.5e-6)),
    ("12 MB/request", 12, "MB/request", (12e6, 12e6)),
    ("511个", 511, "个", (511, 511)),
    ("$1,200/mo", 1200, "USD/month", (1200, 1200)),
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
    ("60%+ (volatile)", 60, "%", (60, INF)),
    ("+16ms (RAF)", 16, "ms", (0.016, 0.016)),
    ("-0.38 kB", -0.38, "KB", (-380, -380)),
    ("1e3 ms", 1000, "ms", (1, 1)),
    ("１２０ｍｓ", 120, "ms", (0.12, 0.12)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "unit", "claims"), READ, ids=[row[0] for row in READ])
def test_read(text: str, value: float, unit: str | None, claims: tuple[float, float]) -> None:
    found = read_quantity(text)
    if text == "16.5 ms ± 1.2":
        assert found is None  # which unit the spread has is not said
        return
    assert found is not None
    assert found.value == pytest.approx(value)
    assert (found.unit.symbol if found.unit else None) == unit
    assert (found.low, found.high) == pytest.approx(claims)


REFUSED = [
    "", "-", "N/A", "n/a", "O(1)", "O(365 × n × m)", "Seq Scan", "let x = 1", "v2.1.0", "2024-01-05", "05.01.2024", "10:30",
    "5.550ms", "Every request", "A (92%)", "5 of 6", "1 per 30min", "100 °C", "50ms防抖动", "N+1 ~ 3N개", "200ms with spinner",
    "<100ms + parallel", "µs", "[X ms]", "12-5 ms", "1,2,3", "12.34.5 ms", "1.2.3", "450 ms?", "three", "Nach 2-6s", "~", "5 $ 6",
    "10 ms / 20 MB", "-- ms", "1 200 30 ms", "0x1F", "50% of 20 ms",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    assert read_quantity(text) is None


def test_several_values() -> None:
    assert [q.base for q in read_quantities("83 / 67 / 18 ms")] == pytest.approx([0.083, 0.067, 0.018])
    labelled = read_quantities("p50 12 ms, p99 40 ms")
    assert [(q.label, q.value) for q in labelled] == [("p50", 12), ("p99", 40)]


def test_the_column_settles_what_is_ambiguous() -> None:
    assert read_quantity("5.550 ms", mark=".").value == 5.55  # type: ignore[union-attr]
    assert read_quantity("5.550 ms", mark=",").value == 5550  # type: ignore[union-attr]
    assert decimal_mark(["5.550 ms", "12.5 ms"]) == "."
    assert decimal_mark(["5.550 ms", "12,5 ms"]) == ","
    assert decimal_mark(["5.550 ms", "1,200.5 ms"]) == "."
    assert decimal_mark(["5.550 ms"]) is None
    assert decimal_mark(["12.5 ms", "12,5 ms"]) is None


@pytest.mark.parametrize(
    ("heading", "unit"),
    [("Before (ms)", "ms"), ("Total ms", "ms"), ("Size in KB", "KB"), ("Latency, ms", "ms"), ("Before", None), ("Before (500 VU)", None), ("Requests", None)],
)  # fmt: skip
def test_units_in_headings(heading: str, unit: str | None) -> None:
    found = unit_in_heading(heading)
    assert (found.symbol if found else None) == unit


@pytest.mark.parametrize("arrow", ["→", "->", "=>", "⇒"])
def test_transitions(arrow: str) -> None:
    found = read_transition(f"450 ms {arrow} **120 ms**")
    assert found is not None
    assert [q.value for q in found] == [450, 120]
    assert read_transition("450 ms") is None


def test_memory_letters_need_memory() -> None:
    assert read_quantity("512M", about="memory usage").unit == find_unit("MB")  # type: ignore[union-attr]
    assert read_quantity("512M").unit is None  # type: ignore[union-attr]


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
        ("1 order/s", "60 orders/min"), ("1 order/min", "60 orders/h"), ("1 order/h", "24 orders/day"), ("12 USD/year", "1 USD/month"), ("$60/h", "$1/min"), ("€24/day", "€1/h"),
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
    [(0.012346, "0.01235"), (9_999.4, "9,999"), (10_000.6, "10,001"), (123_456_789, "123,456,789"), (1.9e12, "1.9e+12")],
)  # fmt: skip
def test_figures_are_whole_from_ten_thousand_on(value: float, written: str) -> None:
    assert figure(value) == written

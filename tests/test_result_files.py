"""Result files of benchmarks, read with the values that the tools themselves report."""

from __future__ import annotations

import csv
import json
import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from result_files import EVIDENCE, SAMPLES, sample, series_of

from mkdocs_perfcase.evidence.content import Content, moment, number
from mkdocs_perfcase.evidence.files import LARGEST, file_content
from mkdocs_perfcase.evidence.readers import READERS, read_results
from mkdocs_perfcase.evidence.series import Results, UnreadableError
from mkdocs_perfcase.units import find_unit

UTC = timezone.utc


def text_of(name: str) -> str:
    return (EVIDENCE / name).read_text(encoding="utf-8")


def json_of(name: str) -> Any:
    return json.loads(text_of(name))


def read(text: str | bytes) -> Results:
    return read_results(Content("results", text if isinstance(text, bytes) else text.encode("utf-8")))


def recognised_by(path: Path) -> list[str]:
    content = file_content(path)
    found = []
    for one in READERS:
        try:
            if one.read(content):
                found.append(one.files)
        except UnreadableError:
            continue
    return found


def test_every_reader_has_a_sample_and_none_takes_another_s() -> None:
    found = {path: recognised_by(path) for path in SAMPLES}
    assert not {path.name: readers for path, readers in found.items() if len(readers) > 1}
    assert {reader for readers in found.values() for reader in readers} == {one.files for one in READERS}


@pytest.mark.parametrize("one", READERS, ids=lambda one: one.files)
def test_a_reader_tells_its_source(one: Any) -> None:
    assert re.fullmatch(r"https://\S+", one.source)
    assert one.tool
    assert one.files


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_tool_is_recognised_whatever_the_file_is_called(path: Path) -> None:
    def told(name: str) -> Results | str:
        content = file_content(path)
        try:
            return read_results(Content(name, content.data, content.beside))
        except UnreadableError as error:
            return str(error)

    assert told(path.name) == told("bench.dat")


def test_units_are_known_ones() -> None:
    for path in SAMPLES:
        try:
            results = read_results(file_content(path))
        except UnreadableError:
            continue
        for series in results.series:
            unit = find_unit(series.unit)
            assert not series.unit or (unit and unit.symbol == series.unit), f"{path.name}: {series}"


# pytest-benchmark


def test_pytest_benchmark_gives_every_round_and_the_commit() -> None:
    results = sample("pytest-benchmark/before.json")
    assert (results.tool, results.commit) == ("pytest-benchmark", "3cdc1f11becee76ab3b0ed2146ba254c4fd1755f")
    assert results.taken == datetime(2026, 11, 23, 16, 37, 11, 550496, UTC)
    series = series_of(results, "test_bench.py::test_dedupe: time")
    assert (series.unit, series.better, series.n) == ("s", "lower", 30)
    stats = json_of("pytest-benchmark/before.json")["benchmarks"][1]["stats"]
    computed = Results("", (type(series)("", "time", "s", samples=series.samples),)).series[0]
    for name in ("median", "mean", "stddev", "min", "max"):
        assert series.statistic(name) == stats[name]
        assert computed.statistic(name) == pytest.approx(stats[name])


def test_pytest_benchmark_saved_without_rounds() -> None:
    series = series_of(sample("pytest-benchmark/saved.json"), "test_bench.py::test_dedupe: time")
    assert (series.samples, series.n) == ((), 30)
    assert series.statistic("median") == 0.0008191255003566766
    assert series.statistic("p95") is None


# hyperfine


def test_hyperfine_says_what_its_own_summary_says() -> None:
    results = sample("hyperfine/both-in-one.json")
    printed = text_of("hyperfine/both-stdout.txt")
    blocks = re.findall(
        r"Benchmark \d: (\w+)\n.*: +([\d.]+) ms ± +([\d.]+) ms +\[User: ([\d.]+) ms, System: ([\d.]+) ms\]\n"
        r".*: +([\d.]+) ms … ([\d.]+) ms +(\d+) runs",
        printed,
    )
    assert [block[0] for block in blocks] == ["slow", "fast"]
    for name, mean, deviation, user, system, least, most, runs in blocks:
        time = series_of(results, f"{name}: time")
        assert time.n == int(runs)
        shown = [f"{1000 * (time.statistic(one) or 0):.1f}" for one in ("mean", "stddev", "min", "max")]
        assert shown == [mean, deviation, least, most]
        for part, told in (("user", user), ("system", system)):
            assert f"{1000 * (series_of(results, f'{name}: {part}').statistic('mean') or 0):.1f}" == told
    slow, fast = (series_of(results, f"{name}: time").statistic("mean") for name in ("slow", "fast"))
    assert slow
    assert fast
    assert f"{slow / fast:.2f}" in printed


def test_hyperfine_scans_of_parameters() -> None:
    results = sample("hyperfine/params.json")
    assert [series.benchmark for series in results.series if series.metric == "time"] == [
        "python3 -c 'import impl_slow as m; m.join(500)'",
        "python3 -c 'import impl_slow as m; m.join(1000)'",
    ]


def test_hyperfine_with_one_run_and_one_name_for_several_commands() -> None:
    results = sample("hyperfine/named-once.json")
    series = series_of(results, "join (n=500): time")
    assert (series.n, series.statistic("stddev"), series.statistic("median")) == (1, None, 0.11756362050000001)
    assert series_of(results, "join (n=1000): time")


def test_hyperfine_with_memory() -> None:
    run = {"command": "slow", "times": [0.1, 0.2], "memory_usage_byte": [1048576, 2097152]}
    series = series_of(read(json.dumps({"results": [run]})), "slow: memory")
    assert (series.samples, series.unit, series.better) == ((1048576.0, 2097152.0), "B", "lower")


# k6

OLDER = ["k6/summary-export.json", "k6/handle-summary.json"]
K6 = [*OLDER, "k6/machine-readable.json"]


@pytest.mark.parametrize("name", K6)
def test_k6_all_three_shapes(name: str) -> None:
    results = sample(name)
    first = results.series[0]
    assert (results.tool, first.label, first.unit, first.better) == ("k6", "http_req_duration", "ms", "lower")
    data = json_of(name)
    if "results" in data:
        values = next(one for one in data["results"]["metrics"] if one["name"] == "http_req_duration")["values"]
        p90, p95 = values["p90"], values["p95"]
    else:
        values = data["metrics"]["http_req_duration"]
        values = values.get("values", values)
        p90, p95 = values["p(90)"], values["p(95)"]
    told = [first.statistic(one) for one in ("mean", "median", "min", "max", "p90", "p95")]
    assert told == [values["avg"], values["med"], values["min"], values["max"], p90, p95]


def test_k6_percentiles_as_its_documentation_writes_them() -> None:
    text = text_of("k6/machine-readable.json")
    documented = re.sub(r'"p(9\d)"', r'"p(\1)"', text).replace('"duration"', '"duration_seconds"')
    assert documented != text
    assert read(documented) == read(text)


@pytest.mark.parametrize(
    ("name", "failed", "rate", "checks"),
    [
        ("k6/summary-export.json", 1.2492, 199.2045, "checks"),
        ("k6/handle-summary.json", 0.8745, 199.024, "checks"),
        ("k6/machine-readable.json", 0.9994, 198.7124, "checks_succeeded"),
    ],
)
def test_k6_shares_and_rates(name: str, failed: float, rate: float, checks: str) -> None:
    results = sample(name)
    share = series_of(results, "http_req_failed")
    assert (share.unit, share.better, share.n) == ("%", "lower", 1601)
    assert share.statistic("median") == pytest.approx(failed, abs=5e-5)
    requests = series_of(results, "http_reqs")
    assert (requests.unit, requests.better, requests.samples) == ("req/s", "higher", pytest.approx([rate], abs=5e-5))
    passed = series_of(results, checks)
    assert (passed.better, passed.unit) == ("higher", "%")
    assert passed.statistic("mean") == pytest.approx(100 - failed, abs=5e-5)
    assert series_of(results, "bad").better == "", "the script alone knows which way is better"
    assert series_of(results, "items_bytes").better == ""


def test_k6_says_the_same_in_both_older_shapes() -> None:
    summary = json_of("k6/handle-summary.json")
    flat = {name: {**one["values"]} for name, one in summary["metrics"].items()}
    for name, one in summary["metrics"].items():
        if one["type"] == "rate":
            flat[name]["value"] = flat[name].pop("rate")
    assert read(json.dumps({"root_group": {}, "metrics": flat})) == read(json.dumps(summary))


def test_k6_when() -> None:
    assert sample("k6/machine-readable.json").taken == datetime(2026, 11, 23, 16, 40, 4, 115019, UTC)


@pytest.mark.parametrize("name", ["k6/points.csv", "k6/points.ndjson"])
def test_k6_point_by_point(name: str) -> None:
    results = sample(name)
    first = results.series[0]
    assert (first.label, first.unit, first.better) == ("http_req_duration", "ms", "lower")
    assert first.samples[:2] == (40.606238, 47.434716)
    failed = series_of(results, "http_req_failed")
    assert (failed.unit, failed.statistic("mean")) == ("%", pytest.approx(100 / (failed.n or 0)))
    assert "http_reqs" not in {series.metric for series in results.series}
    assert results.taken
    assert results.taken.replace(microsecond=0) == datetime(2026, 11, 23, 16, 39, 47, 0, UTC)


# Lighthouse


def test_lighthouse_says_what_its_report_shows() -> None:
    results = sample("lighthouse/before.json")
    assert results.taken == datetime(2026, 11, 23, 16, 45, 26, 532000, UTC)
    audits = json_of("lighthouse/before.json")["audits"]
    told = {series.metric: (series.benchmark, series.statistic("median"), series.unit) for series in results.series}
    assert results.series[0].label == "/page: Largest Contentful Paint"
    for audit in audits.values():
        shown = audit.get("displayValue", "").replace("\xa0", " ").replace(",", "")
        if audit["title"] in told and audit["id"] != "total-byte-weight":
            page, value, unit = told[audit["title"]]
            assert page == "/page"
            assert value is not None
            digits = shown.partition(" ")[0]
            if shown.endswith(" s"):
                assert (f"{value / 1000:.1f}", unit) == (digits, "ms")
            elif shown.endswith(" ms"):
                assert (f"{round(value, -1):.0f}", unit) == (digits, "ms")
            else:
                assert (f"{value:.3f}", unit) == (digits, "")
    assert len(told.keys() & {audit["title"] for audit in audits.values()}) == 6
    score = series_of(results, "/page: Performance score")
    assert (score.samples, score.better) == ((39.0,), "higher")
    assert all(series.better == "lower" for series in results.series if series is not score)


def test_lighthouse_in_an_answer_of_pagespeed_insights() -> None:
    report = json_of("lighthouse/before.json")
    assert read(json.dumps({"kind": "pagespeedonline#result", "lighthouseResult": report})) == read(json.dumps(report))


def test_lighthouse_that_could_not_load_the_page() -> None:
    report = json_of("lighthouse/before.json") | {"runtimeError": {"code": "NO_FCP", "message": "…"}}
    with pytest.raises(UnreadableError, match=r"^Lighthouse could not load the page: NO_FCP$"):
        read(json.dumps(report))


# Locust


def test_locust_in_json_says_what_its_csv_says() -> None:
    """The CSV was written a moment before the last requests came in, so they agree but for these."""
    full, table = sample("locust/before.json"), sample("locust/before_stats.csv")
    assert {series.label for series in full.series} == {series.label for series in table.series}
    assert {series.benchmark for series in full.series} == {"GET /api list", "GET /orders", "Aggregated"}
    for series in full.series:
        other = series_of(table, series.label)
        assert (series.unit, series.better) == (other.unit, other.better)
        for name in ("median", "mean", "p95", "p99"):
            if (value := other.statistic(name)) is not None:
                assert series.statistic(name) == pytest.approx(value, rel=0.1, abs=0.5)
        assert series.n
        assert other.n
        assert series.n >= other.n


def test_locust_percentiles_are_of_its_histogram() -> None:
    times = {"10": 90, "200": 9, "3000": 1}
    entry = {"method": "GET", "name": "/a", "num_requests": 100, "num_failures": 2, "response_times": times}
    entry |= {"total_response_time": 5700, "start_time": 100.0, "last_request_timestamp": 110.0}
    results = read(json.dumps([entry | {"min_response_time": 9.7, "max_response_time": 3011.2}]))
    series = series_of(results, "GET /a: response time")
    told = {name: series.statistic(name) for name in ("median", "p75", "p90", "p95", "p99", "p99.9", "mean", "max")}
    assert told == {
        "median": 10, "p75": 10, "p90": 200, "p95": 200, "p99": 3000, "p99.9": 3000, "mean": 57, "max": 3011.2,
    }  # fmt: skip
    assert series_of(results, "GET /a: requests").samples == (10.0,)
    assert series_of(results, "GET /a: failures").statistic("median") == 2


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("before_failures.csv", "list of failures"),
        ("before_exceptions.csv", "list of exceptions"),
        ("before_stats_history.csv", "history"),
    ],
)
def test_locust_files_without_results(name: str, what: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        sample(f"locust/{name}")
    assert str(refused.value) == f"it is Locust's {what}; the figures are in the file that ends in _stats.csv"


# Google Benchmark


def test_google_benchmark_computes_what_the_tool_computed() -> None:
    repetitions = series_of(sample("google-benchmark/repetitions.json"), "BM_Lookup/256: real_time")
    assert (repetitions.n, repetitions.unit, repetitions.better) == (10, "µs", "lower")
    assert len(repetitions.samples) == 10
    bare = type(repetitions)("", "", "", samples=repetitions.samples)
    for name in ("mean", "median", "stddev"):
        assert repetitions.given[name] == pytest.approx(bare.statistic(name))


def test_google_benchmark_with_aggregates_only() -> None:
    results = sample("google-benchmark/aggregates.json")
    assert results.taken == datetime(2026, 11, 23, 16, 42, 5, 0, UTC)
    assert [(one.metric, one.unit, one.better) for one in results.series] == [
        ("real_time", "µs", "lower"),
        ("cpu_time", "µs", "lower"),
        ("bytes_per_second", "B/s", "higher"),
        ("items_per_second", "items/s", "higher"),
        ("load", "", ""),
    ]
    time = results.series[0]
    assert dict(time.given) == {"mean": 14.220069071136081, "median": 13.975386457056516, "stddev": 1.43655349634705010}
    assert (time.n, time.samples) == (10, ())


def test_google_benchmark_leaves_out_what_failed() -> None:
    rows = [
        {"name": "A", "run_type": "iteration", "real_time": 5.0, "time_unit": "ms"},
        {"name": "B", "run_type": "iteration", "real_time": 0.0, "error_occurred": True, "error_message": "no file"},
    ]
    assert [series.label for series in read(json.dumps({"context": {}, "benchmarks": rows})).series] == ["A: real_time"]


# go test -bench

SIZES = {"sec/op": ("ns/op", 1e9), "B/s": ("MB/s", 1e-6)}


@pytest.mark.parametrize(("name", "column"), [("go-bench/before.txt", 1), ("go-bench/after.txt", 3)])
def test_go_says_what_benchstat_says(name: str, column: int) -> None:
    results = sample(name)
    unit, compared = "", 0
    for row in csv.reader(text_of("go-bench/benchstat.csv").splitlines()):
        if len(row) > 3 and row[2] == "CI":
            unit = row[1]
        elif unit and len(row) > 3 and row[0] not in ("", "geomean"):
            own, scale = SIZES.get(unit, (unit, 1.0))
            series = series_of(results, f"Benchmark{row[0]}: {own}")
            assert (series.n, series.unit) == (10, own)
            assert series.statistic("median") == pytest.approx(float(row[column]) * scale)
            compared += 1
    assert compared == len(results.series) == 11


def test_go_directions_and_order() -> None:
    found = [(one.metric, one.better) for one in sample("go-bench/before.txt").series[:5]]
    assert found == [
        ("ns/op", "lower"), ("MB/s", "higher"), ("widgets/op", ""), ("B/op", "lower"), ("allocs/op", "lower"),
    ]  # fmt: skip


def test_go_with_settings_units_and_several_packages() -> None:
    text = """\
commit: 0123abcdef
date: 2026-11-23T16:42:05Z
Unit widgets/op better=higher
pkg: example.com/a
BenchmarkX-8   100   5 widgets/op   12 p99-ns
some output of the test
pkg: example.com/b
BenchmarkX-8   100   7 widgets/op
"""
    results = read(text)
    assert (results.commit, results.taken) == ("0123abcdef", datetime(2026, 11, 23, 16, 42, 5, tzinfo=UTC))
    assert [(one.label, one.better) for one in results.series] == [
        ("example.com/a BenchmarkX-8: widgets/op", "higher"),
        ("example.com/a BenchmarkX-8: p99-ns", ""),
        ("example.com/b BenchmarkX-8: widgets/op", "higher"),
    ]


@pytest.mark.parametrize("name", ["go-bench/benchstat.txt", "go-bench/benchstat.csv"])
def test_benchstat_is_told_from_what_it_compared(name: str) -> None:
    with pytest.raises(UnreadableError, match=r"^it is benchstat's comparison; give the outputs of `go test -bench`"):
        sample(name)


# JMeter


def test_jmeter_by_label() -> None:
    results = sample("jmeter/results.csv")
    assert results.taken == datetime.fromtimestamp(1795452111, UTC)
    prices = series_of(results, "GET /prices: elapsed")
    assert (prices.samples, prices.unit) == ((120, 100, 120, 140), "ms")
    success = series_of(results, "GET /prices: success")
    assert (success.statistic("mean"), success.better, success.n) == (75, "higher", 4)
    rate = series_of(results, "GET /prices: throughput")
    assert (rate.unit, rate.better) == ("req/s", "higher")
    assert rate.samples == (pytest.approx(4 / 2.14),), "from the first one's start to the last one's end"
    assert [one.metric for one in results.series if one.benchmark == "POST /orders"] == [
        "elapsed", "success", "throughput",
    ]  # fmt: skip


def test_jmeter_says_the_same_in_xml() -> None:
    assert sample("jmeter/results.xml") == sample("jmeter/results.csv")


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        "",
    ],
)
def test_jmeter_declares_no_document_type(declared: str) -> None:
    xml = f'<?xml version="1.0"?><!DOCTYPE testResults [{declared}]><testResults><sample t="1" lb="x"/></testResults>'
    with pytest.raises(UnreadableError, match="declares a document type"):
        read(xml)


# all of them


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-11-23T16:40:04.115019611Z", datetime(2026, 11, 23, 16, 40, 4, 115019, UTC)),
        ("2026-11-23T16:40:04.5+0000", datetime(2026, 11, 23, 16, 40, 4, 500000, UTC)),
        ("2026-11-23 16:40:04", datetime(2026, 11, 23, 16, 40, 4)),
        (1795452111, datetime.fromtimestamp(1795452111, UTC)),
        (1795452111000, datetime.fromtimestamp(1795452111, UTC)),
        ("2026-13-23T16:40:04Z", None),
        ("2026-11-23T16:40:04+99:99", None),
        ("yesterday", None),
        (1e99, None),
        (-1e30, None),
        (None, None),
        ([], None),
    ],
)
def test_moments(value: object, found: datetime | None) -> None:
    assert moment(value) == found


@pytest.mark.parametrize("value", [None, True, "", "x", "nan", "inf", [], {}, 10**400, 1e200, "1" * 500, float("nan")])
def test_what_is_no_figure(value: object) -> None:
    assert number(value) is None


def test_text_in_other_encodings() -> None:
    text = text_of("go-bench/before.txt")
    for encoding in ("utf-8-sig", "utf-16"):
        assert read(text.replace("\n", "\r\n").encode(encoding)) == sample("go-bench/before.txt")


def test_names_come_in_one_clean_line() -> None:
    command = "\x1b[31mslow\x1b[0m\n\t\u202ejoin\x07 " + "x" * 10_000
    results = read(json.dumps({"results": [{"command": command, "times": [1.0]}]}))
    name = results.series[0].benchmark
    assert name.startswith("slow join xxx")
    assert name.endswith("x…")
    assert len(name) == 200


def test_a_commit_is_a_commit() -> None:
    data = json_of("pytest-benchmark/saved.json")
    for commit in ("unversioned", "--output=/etc/passwd", "0123", None, "3CDC1F1"):
        data["commit_info"]["id"] = commit
        assert read(json.dumps(data)).commit == ""


def test_files_are_read_with_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "big.json"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(UnreadableError, match=r"^it is larger than 20 MB$"):
        file_content(path)
    assert file_content(path, LARGEST + 1).data
    for bad in (tmp_path, tmp_path / "none", tmp_path / ("x" * 300)):
        with pytest.raises(UnreadableError):
            file_content(bad)


def test_files_beside_lie_beside(tmp_path: Path) -> None:
    folder = tmp_path / "bench"
    folder.mkdir()
    (tmp_path / "secret.json").write_text("{}", encoding="utf-8")
    (folder / "units.json").write_text("{}", encoding="utf-8")
    (folder / "link.json").symlink_to(tmp_path / "secret.json")
    (folder / "run.json").write_text("[]", encoding="utf-8")
    content = file_content(folder / "run.json")
    assert content.beside("units.json") == b"{}"
    for name in ("../secret.json", str(tmp_path / "secret.json"), "link.json", "none.json", "..", ".", "", "a\0b"):
        assert content.beside(name) is None

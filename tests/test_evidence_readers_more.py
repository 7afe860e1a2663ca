"""Readers of pyperf, JMH, BenchmarkDotNet, databases, load generators, asv, memory and plain figures."""

from __future__ import annotations

import json
import math
import re
import statistics
import time
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from result_files import EVIDENCE as SAMPLES
from result_files import sample as read

from mkdocs_perfcase.evidence.content import Content
from mkdocs_perfcase.evidence.files import file_content
from mkdocs_perfcase.evidence.readers import READERS, read_results
from mkdocs_perfcase.evidence.series import Results, Series, UnreadableError
from mkdocs_perfcase.units import find_unit

TOOLS = {
    "ab": "ab",
    "asv": "asv",
    "autocannon": "autocannon",
    "bencher": "Bencher",
    "benchmarkdotnet": "BenchmarkDotNet",
    "explain": "PostgreSQL EXPLAIN",
    "github-action-benchmark": "github-action-benchmark",
    "jmh": "JMH",
    "memray": "memray",
    "oha": "oha",
    "pgbench": "pgbench",
    "plain": "plain figures",
    "pyperf": "pyperf",
    "time-v": "GNU time",
    "vegeta": "Vegeta",
    "wrk": "wrk",
}
COMPANIONS = {"asv/benchmarks.json", "asv/compare.txt"}  # lie beside results and hold none
FILES = sorted(
    name
    for path in SAMPLES.rglob("*")
    if path.is_file() and (name := path.relative_to(SAMPLES).as_posix()) not in COMPANIONS
)
OURS = [name for name in FILES if name.partition("/")[0] in TOOLS]


def content(name: str) -> Content:
    return file_content(SAMPLES / name)


def of(text: str | bytes | list[Any] | dict[str, Any]) -> Results:
    data = text if isinstance(text, str | bytes) else json.dumps(text)
    return read_results(Content("results", data if isinstance(data, bytes) else data.encode()))


def series(results: Results, metric: str, benchmark: str | None = None) -> Series:
    found = [one for one in results.series if one.metric == metric and benchmark in (None, one.benchmark)]
    assert len(found) == 1, [one.label for one in results.series]
    return found[0]


def refused(text: str | bytes | list[Any] | dict[str, Any]) -> str:
    with pytest.raises(UnreadableError) as caught:
        of(text)
    return str(caught.value)


def to_three(value: float | None) -> str:
    assert value is not None
    return f"{value:.3g}"


# ---- Whose file it is


@pytest.mark.parametrize("name", FILES)
def test_each_file_has_one_reader_and_no_other_takes_it(name: str) -> None:
    held = content(name)
    claimed = []
    for one in READERS:
        try:
            claimed += [one.tool] if one.read(held) is not None else []
        except UnreadableError:
            claimed.append(one.tool)
    tool = TOOLS.get(name.partition("/")[0])
    assert claimed == [tool] if tool else len(claimed) <= 1  # others' folders hold their tools' own reports too


@pytest.mark.parametrize("name", OURS)
def test_units_are_known_and_figures_finite(name: str) -> None:
    results = read(name)
    for one in results.series:
        assert not one.unit or find_unit(one.unit), one
        assert all(map(math.isfinite, (*one.samples, *one.given.values())))
    labels = [one.label for one in results.series]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("tool", TOOLS)
def test_the_later_file_has_the_same_series(tool: str) -> None:
    for name in (
        name
        for name in OURS
        if name.startswith(f"{tool}/before") and (SAMPLES / name.replace("before", "after")).is_file()
    ):
        before, after = read(name), read(name.replace("before", "after"))
        assert [(one.label, one.unit, one.better) for one in before.series] == [
            (one.label, one.unit, one.better) for one in after.series
        ]


def test_readers_say_how_their_files_are_made_and_where_the_format_is_told() -> None:
    for one in READERS:
        assert one.files
        assert re.match(r"https://\S+$", one.source), one


@pytest.mark.parametrize("name", sorted(COMPANIONS))
def test_what_lies_beside_results_is_none(name: str) -> None:
    with pytest.raises(UnreadableError, match="no tool's format"):
        read(name)


# ---- Against what the tools themselves report


def test_pyperf() -> None:
    """The words of `pyperf stats` on the same two files."""
    reported = {
        ("before", "join"): ("852", "230", "826", "517", "1.3e+03"),
        ("before", "dedupe"): ("1.23e+03", "335", "1.12e+03", "811", "1.85e+03"),
        ("after", "join"): ("39.3", "9.12", "35.8", "24.9", "52.4"),
        ("after", "dedupe"): ("151", "47.2", "133", "97.2", "287"),
    }
    for (side, benchmark), values in reported.items():
        found = series(read(f"pyperf/{side}.json"), "time", benchmark)
        assert (found.unit, found.better, found.n) == ("s", "lower", 20)
        ours = [to_three((found.statistic(name) or 0) * 1e6) for name in ("mean", "stddev", "median", "min", "max")]
        assert tuple(ours) == values
    assert read("pyperf/before.json").taken == datetime(2026, 11, 23, 16, 37, 12, 871793)


def test_pyperf_of_memory_and_names_that_stand_above() -> None:
    run = {"values": [2_000_000, 2_100_000], "warmups": [[1, 9.0]]}
    suite = {"benchmarks": [{"runs": [run]}], "metadata": {"name": "peak", "unit": "byte", "commit_id": "75533bf0188b"}}
    results = of(suite)
    assert results.series == (Series("peak", "memory", "B", samples=(2_000_000.0, 2_100_000.0)),)
    assert results.commit == "75533bf0188b"


def test_asv() -> None:
    """The rows of `asv compare`, to the three digits that it prints."""
    before, after = read("asv/before.json"), read("asv/after.json")
    table = (SAMPLES / "asv/compare.txt").read_text(encoding="utf-8")
    scales = {"μs": 1e6, "M": 1e-6, "": 1.0}
    rows = re.findall(
        r"^\|[ -]+\| ([\d.]+)(?:±[\d.]+)?(\S*) +\| ([\d.]+)(?:±[\d.]+)?(\S*) +\| +([\d.]+) +\| (\S+) ",
        table,
        re.MULTILINE,
    )
    assert len(rows) == 4
    for old, old_unit, new, new_unit, ratio, name in rows:
        was, now = (next(s for s in side.series if s.benchmark == name).statistic("median") for side in (before, after))
        assert was
        assert now
        assert (to_three(was * scales[old_unit]), to_three(now * scales[new_unit])) == (old, new)
        assert f"{now / was:.2f}" == f"{float(ratio):.2f}"
    assert [one.unit for one in before.series] == ["s", "s", "B", "chars"]
    assert [one.better for one in before.series] == ["lower", "lower", "lower", ""]
    assert before.commit == "fa7b9961ab52bca2919e7c0abde4d0c2534c5ef2"
    assert before.taken == datetime(2026, 11, 23, 16, 44, 23, tzinfo=timezone.utc)


@pytest.mark.parametrize("beside", [None, b"", b"{", b"[]", b'{"b.track_len": 3}'])
def test_asv_without_its_list_of_benchmarks(beside: bytes | None) -> None:
    held = Content("a.json", (SAMPLES / "asv/before.json").read_bytes(), lambda _: beside)
    assert [one.unit for one in read_results(held).series] == ["s", "s", "B", ""]


def test_ab() -> None:
    results = read("ab/before.txt")
    assert series(results, "requests").samples == (482.91,)
    assert series(results, "requests").samples[0] == pytest.approx(1500 / 3.106, rel=1e-3)
    assert series(results, "time per request").given["mean"] == pytest.approx(20 * 1000 / 482.91, rel=1e-4)
    assert series(results, "transfer rate").samples[0] == pytest.approx(24921000 / 3.106, rel=1e-3)
    times = series(results, "response time")
    assert (times.benchmark, times.n) == ("/api", 1500)
    assert [times.given[name] for name in ("min", "mean", "stddev", "median", "max")] == [31, 40, 6.0, 39, 82]
    exact = series(read("ab/before-percentiles.csv"), "response time")
    for name in ("p66", "p75", "p80", "p90", "p95", "p98", "p99"):
        assert abs(exact.given[name] - times.given[name]) <= 0.501, name
    assert exact.given["min"] == 30.911
    assert exact.statistic("median") == pytest.approx(39, abs=0.501)
    single = read("ab/before-gnuplot.tsv")
    assert (series(single, "response time").n, series(single, "response time").statistic("median")) == (150, 39)
    assert single.taken
    assert single.taken.date().isoformat() == "2026-11-23"


def test_pgbench() -> None:
    for side, clients, latency in (("before", 4, 79.987), ("after", 4, 0.331)):
        results = read(f"pgbench/{side}.txt")
        assert series(results, "latency").given == {"mean": latency}
        assert clients * 1000 / series(results, "tps").samples[0] == pytest.approx(latency, rel=2e-3)
    assert series(results, "latency").n == 96596
    assert series(results, "tps").better == "higher"
    log = (SAMPLES / "pgbench/before-log.txt").read_text(encoding="utf-8")
    found = read("pgbench/before-log.txt")
    assert [one.benchmark for one in found.series] == ["script 0", "script 1"]
    written = [float(line.split()[2]) for line in log.splitlines() if "failed" not in line]
    assert statistics.fmean(value for one in found.series for value in one.samples) == statistics.fmean(written)
    assert found.taken == datetime(2026, 11, 23, 16, 38, 20, tzinfo=timezone.utc)


def test_pgbench_of_older_versions_and_several_scripts() -> None:
    results = of(
        "transaction type: /srv/bench/q.sql\nscaling factor: 1\n"
        "number of transactions actually processed: 1000/1000\n"
        "latency average = 15.844 ms\nlatency stddev = 2.715 ms\n"
        "tps = 618.764555 (including connections establishing)\ntps = 622.977698 (excluding connections establishing)\n"
        "SQL script 1: a.sql\n - weight: 1\n - latency average = 99.000 ms\n"
    )
    latency = series(results, "latency", "q.sql")
    assert (latency.given, latency.n) == ({"mean": 15.844, "stddev": 2.715}, 1000)
    assert series(results, "tps").samples == (622.977698,)


def test_wrk() -> None:
    results = read("wrk/before.txt")
    latency = series(results, "latency", "/api")
    assert latency.given == {
        "mean": 39.85, "stddev": 6.41, "max": 92.08, "median": 38.25, "p75": 42.49, "p90": 48.04, "p99": 62.7,
    }  # fmt: skip
    assert (latency.unit, latency.n) == ("ms", 4009)
    assert series(results, "requests").samples[0] == pytest.approx(4009 / 8.02, rel=2e-3)
    body = 24921000 / 1500  # bytes of one answer, as ab counted them on the same server
    assert series(results, "transfer").samples[0] == pytest.approx(500.13 * body, rel=5e-3)
    failing = (
        (SAMPLES / "wrk/before.txt")
        .read_text(encoding="utf-8")
        .replace(
            "Requests/sec",
            "  Socket errors: connect 0, read 2, write 0, timeout 5\n  Non-2xx or 3xx responses: 12\nRequests/sec",
        )
    )
    assert series(of(failing), "socket errors").samples == (7.0,)
    assert series(of(failing), "non-2xx or 3xx responses").samples == (12.0,)
    mixed = failing.replace("38.25ms", "980.00us").replace("62.70ms", "1.20s").replace("39.85ms", "1.50m")
    found = series(of(mixed), "latency").given
    assert [found[name] for name in ("median", "p99", "mean")] == pytest.approx([0.98, 1200, 90_000])


def test_time_v() -> None:
    results = read("time-v/before.txt")
    assert {one.metric: one.samples for one in results.series} == {
        "wall clock time": (0.3,),
        "maximum resident set size": (196308.0,),
        "user time": (0.12,),
        "system time": (0.15,),
        "major page faults": (0.0,),
        "minor page faults": (55136.0,),
    }
    assert series(results, "maximum resident set size").unit == "KiB"
    before, after = ((SAMPLES / f"time-v/{side}.txt").read_text(encoding="utf-8") for side in ("before", "after"))
    assert series(of(before * 3), "wall clock time", "").samples == (0.3, 0.3, 0.3)
    assert series(of(before + after), "wall clock time", "python3 m.py fast").samples == (0.18,)
    assert series(of(before.replace("0:00.30", "1:02:03")), "wall clock time").samples == (3723.0,)


def test_memray() -> None:
    for side in ("before", "after"):
        exact, text = read(f"memray/{side}.json"), read(f"memray/{side}-stats.txt")
        for one, other in zip(exact.series, text.series, strict=True):
            assert (one.label, one.unit) == (other.label, other.unit)
            assert other.samples == pytest.approx(one.samples, rel=1e-5)
    assert [one.samples for one in exact.series] == [(85941.0,), (62239986.0,), (60141.0,)]
    assert exact.taken == datetime(2026, 11, 23, 16, 44, 35, 663000, tzinfo=timezone.utc)


def test_explain() -> None:
    results = read("explain/before.json")
    assert [(one.metric, one.unit, *one.samples) for one in results.series] == [
        ("execution time", "ms", 25.465),
        ("planning time", "ms", 0.523),
        ("shared hit blocks", "blocks", 2236),
        ("shared read blocks", "blocks", 0),
    ]
    assert read("explain/before-psql-aligned.txt").series == results.series
    assert [one.samples for one in read("explain/before.txt").series] == [(26.719,), (0.452,), (2236.0,), (0.0,)]
    both = json.loads((SAMPLES / "explain/before.json").read_text()) * 2
    assert {one.benchmark for one in of(both).series} == {"query 1", "query 2"}


def test_explain_that_measured_nothing() -> None:
    told = "it has no execution time; use EXPLAIN (ANALYZE, FORMAT JSON)"
    assert refused([{"Plan": {"Node Type": "Seq Scan", "Total Cost": 4853.06}}]) == told
    assert refused(" Seq Scan on orders  (cost=0.00..4853.06 rows=1 width=10) (actual time=1..2 rows=1)\n") == told
    assert refused(" Seq Scan on orders  (cost=0.00..4853.06 rows=1 width=10)\n   Filter: (id = 42)\n") == told


def test_autocannon() -> None:
    results = read("autocannon/before.json")
    latency = series(results, "latency", "/api")
    assert (latency.unit, latency.n, latency.statistic("median")) == ("ms", 3009, 38)
    assert (latency.given["mean"], latency.given["p97.5"], latency.given["p99.9"]) == (39.34, 57, 80)
    assert latency.statistic("p95") is None
    requests = series(results, "requests")
    assert (requests.given["mean"], requests.n, requests.better) == (3009 / 6, 6, "higher")
    assert series(results, "throughput").given["mean"] == pytest.approx(50144985 / 6, rel=1e-3)
    assert results.taken == datetime(2026, 11, 23, 16, 38, 44, 339000, tzinfo=timezone.utc)


# ---- By the documented formats


def test_jmh() -> None:
    results = read("jmh/before.json")
    raw = json.loads((SAMPLES / "jmh/before.json").read_text())
    join = "org.example.PriceBenchmark.join(size=100, cached=false)"
    average = series(results, "average time", join)
    assert (average.unit, average.better, average.n) == ("ns", "lower", 6)
    assert statistics.fmean(average.samples) == pytest.approx(raw[0]["primaryMetric"]["score"])
    assert average.given["p99.9999"] == raw[0]["primaryMetric"]["scorePercentiles"]["99.9999"]
    throughput = series(results, "throughput", join)
    assert (throughput.unit, throughput.better) == ("ops/s", "higher")
    assert throughput.given["mean"] == pytest.approx(1000 * raw[2]["primaryMetric"]["score"])
    assert statistics.fmean(throughput.samples) == pytest.approx(throughput.given["mean"])
    assert [(one.metric, one.unit, one.better) for one in results.series if one.metric.startswith("gc")] == [
        ("gc.alloc.rate", "MB/s", ""),
        ("gc.alloc.rate.norm", "B", "lower"),
        ("gc.count", "counts", ""),
    ]
    cold = series(results, "single shot time")
    assert (cold.unit, cold.samples) == ("ms", (31.0,))
    times = [250.0, 250.0, 260.0, 270.0, 270.0, 270.0, 900.0]
    sampled = series(results, "sample time")
    assert (sampled.samples, sampled.n) == ((), 7)
    assert sampled.given["mean"] == pytest.approx(statistics.fmean(times))
    assert sampled.given["stddev"] == pytest.approx(statistics.stdev(times))


def test_jmh_of_billions_of_sampled_times_is_small() -> None:
    metric = {"score": 5.0, "scoreUnit": "us/op", "rawDataHistogram": [[[[5.0, 10**15], [7.0, 10**15]]]]}
    found = of([{"benchmark": "a", "mode": "sample", "primaryMetric": metric}]).series[0]
    assert (found.unit, found.samples, found.n) == ("µs", (), 2 * 10**15)
    assert found.given["stddev"] == pytest.approx(1.0)


def test_benchmarkdotnet() -> None:
    full, brief = read("benchmarkdotnet/before-full.json"), read("benchmarkdotnet/before-brief.json")
    for one, other in zip(full.series, brief.series, strict=True):
        assert one.samples == pytest.approx(other.samples)
        assert one.given == other.given
    time = series(full, "time", "Shop.Prices.Join(N: 10)")
    assert (time.unit, time.n) == ("ns", 6)
    assert statistics.fmean(time.samples) == pytest.approx(time.given["mean"])
    assert statistics.stdev(time.samples) == pytest.approx(time.given["stddev"])
    assert statistics.median(time.samples) == pytest.approx(time.given["median"])
    assert series(full, "allocated", "Shop.Prices.Join(N: 10)").samples == (320.0,)
    assert full.taken == datetime(2026, 11, 23, 16, 42, 3)


def test_benchmarkdotnet_of_several_jobs_and_one_that_failed() -> None:
    report = json.loads((SAMPLES / "benchmarkdotnet/before-brief.json").read_text())
    first, second = report["Benchmarks"]
    second |= {"FullName": first["FullName"], "DisplayInfo": "Prices.Join: .NET 8.0 [N=10]"}
    names = {one.benchmark for one in of(report).series}
    assert names == {"Prices.Join: Job-ABCDEF [N=10]", "Prices.Join: .NET 8.0 [N=10]"}
    second |= {"Statistics": None, "Memory": None}
    assert {one.benchmark for one in of(report).series} == {"Prices.Join: Job-ABCDEF [N=10]"}
    first |= {"Statistics": None, "Memory": None}
    assert refused(report) == "it is BenchmarkDotNet's, and holds no figures"


def test_oha_and_vegeta() -> None:
    oha = read("oha/before.json")
    times = series(oha, "response time")
    assert (times.unit, times.n, times.given["p95"], times.given["p99.9"]) == ("s", 3009, 0.053, 0.08)
    assert (times.given["mean"], times.given["min"], times.given["max"]) == (0.0393, 0.0301, 0.0912)
    assert series(oha, "requests").samples == (501.5,)
    assert series(oha, "success rate").samples == (100.0,)
    vegeta = read("vegeta/before.json")
    latency = series(vegeta, "latency")
    assert (latency.unit, latency.n, latency.given["p95"], latency.given["max"]) == ("ns", 3000, 52.7e6, 91.2e6)
    assert latency.given["mean"] == 39.34e6
    assert series(vegeta, "success").samples == (pytest.approx(100 * 2993 / 3000, rel=1e-4),)
    assert vegeta.taken
    assert vegeta.taken.astimezone(timezone.utc).isoformat() == "2026-11-23T15:38:44.645818+00:00"


def test_bencher_and_github_action_benchmark() -> None:
    assert [(one.label, one.unit, one.better, *one.samples) for one in read("bencher/before.json").series] == [
        ("prices::join: latency", "ns", "lower", 5200.4),
        ("prices::join: throughput", "ops/s", "higher", 192296.7),
        ("./build.sh: build-time", "s", "lower", 87.0),
        ("app: file-size", "B", "lower", 4200000.0),
        ("app: instructions", "", "", 81234567.0),
    ]
    found = read("github-action-benchmark/before.json").series
    assert [(one.label, one.unit, one.better, *one.samples) for one in found] == [
        ("Join", "ns", "lower", 44601.0),
        ("Throughput", "req/s", "higher", 501.5),
        ("CPU Load", "%", "", 50.0),
        ("Image", "MiB", "lower", 120.0),
    ]


# ---- Plain figures


def test_plain_figures() -> None:
    table, listed = read("plain/before.csv"), read("plain/before.json")
    assert table.series == (
        Series("checkout", "response time", "ms", "lower", (412.0, 405.0, 431.0, 398.0), {"p99": 612.0}),
        Series("report", "cache hit rate", "%", "higher", (40.0,)),
    )
    assert listed.series == (
        Series("", "response time", "ms", "lower", (412.0, 405.0, 431.0, 398.0)),
        Series("", "queue depth", "", "", (7.0,)),
    )
    by_row = of("Metric;Unit;Better;Value\ntime;ms;;12\ntime;ms;Lower;14\n")
    assert by_row.series == (Series("", "time", "ms", "lower", (12.0, 14.0)),)
    assert of("metric, unit, better, value\ntime, ms, lower, 12\n").series == (
        Series("", "time", "ms", "lower", (12.0,)),
    )
    assert of('metric,samples\ntime,"1;2; 3"\n').series[0].samples == (1.0, 2.0, 3.0)
    summary = of("metric,unit,statistic,value\ntime,ms,avg,12\ntime,ms,p50,11\ntime,ms,stdev,2\n").series
    assert summary[0].given == {"mean": 12, "median": 11, "stddev": 2}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("metric,better,value\ntime,lower,1\nrate,up,2\n", "row 2 (rate): better is 'up'; write lower or higher"),
        ("metric,value\ntime,fast\n", "row 1 (time): 'fast' is no number"),
        ('metric,value\ntime,"1,5"\n', "row 1 (time): '1,5' is no number"),
        ("metric,value\ntime,nan\n", "row 1 (time): 'nan' is no number"),
        ("metric,value\ntime,\n", "row 1 (time): it has no value"),
        ("metric,value\n,3\n", "row 1 names no metric"),
        ('metric,statistic,samples\ntime,p95,"1 2"\n', "row 1 (time): a statistic is one value, and here are 2"),
        (
            "metric,statistic,value\ntime,p950,1\n",
            "row 1 (time): no statistic is called 'p950'; write median, mean, min, max, stddev or p95",
        ),
        (
            "metric,unit,value\ntime,ms,1\ntime,s,1\n",
            "row 2 (time): its unit or better isn't that of the rows of this name above",
        ),
        ([{"metric": "time", "value": None}], "row 1 (time): it has no value"),
        ([{"metric": "time", "samples": [1, "x"]}], "row 1 (time): 'x' is no number"),
        ([{"metric": 7, "value": 1}], "row 1 names no metric"),
        ({"results": [{"metric": "time", "value": True}]}, "row 1 (time): 'True' is no number"),
    ],
)
def test_plain_figures_with_a_slip(rows: Any, told: str) -> None:
    assert refused(rows) == told


def test_zero_is_a_value() -> None:
    assert of("metric,value\nerrors,0\n").series[0].samples == (0.0,)
    assert of([{"metric": "errors", "value": 0}]).series[0].samples == (0.0,)


# ---- Broken files

JSON = [name for name in OURS if content(name).looks_like_json]
TEXTS = [name for name in OURS if name not in JSON]
ODD = st.sampled_from(
    [None, True, "", "NaN", "12", "x" * 500, -1, 0, 1e308, 10**400, float("nan"), float("inf"), [], {}, [[]], [None], {"a": 1}]
)  # fmt: skip


def read_or_refused(data: str) -> None:
    try:
        results = of(data)
    except UnreadableError:
        return
    assert results.series
    for one in results.series:
        assert one.samples or one.given
        assert all(map(math.isfinite, (*one.samples, *one.given.values())))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value within one."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [found for key in keys for found in ((*path, key), *places(value[key], (*path, key)))]


VALUES = {name: json.loads((SAMPLES / name).read_text(encoding="utf-8")) for name in JSON}
PLACES = {name: places(value) for name, value in VALUES.items()}


@pytest.mark.parametrize("name", JSON)
@given(data=st.data())
def test_changed_json_is_read_or_refused(name: str, data: st.DataObject) -> None:
    value = deepcopy(VALUES[name])
    for path in data.draw(st.lists(st.sampled_from(PLACES[name]), min_size=1, max_size=4)):
        holder = value
        try:
            for key in path[:-1]:
                holder = holder[key]
            if data.draw(st.booleans()):
                holder[path[-1]] = deepcopy(data.draw(ODD))
            else:
                del holder[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took this place away
    read_or_refused(json.dumps(value))


@pytest.mark.parametrize("name", OURS)
def test_files_cut_off_anywhere(name: str) -> None:
    text = content(name).text
    for end in range(1, len(text), max(1, len(text) // 60)):
        read_or_refused(text[:end])


@pytest.mark.parametrize("name", TEXTS)
@given(data=st.data())
def test_changed_text_is_read_or_refused(name: str, data: st.DataObject) -> None:
    words: list[str] = re.split(r"(\s+)", content(name).text)
    changes: list[Callable[[str], str]] = [
        lambda _: "",
        lambda _: "NaN",
        lambda _: "9" * 500,
        lambda word: word * 3,
        lambda _: "-",
        lambda _: "\n",
        lambda _: "1e400ms",
        lambda _: "٣",
    ]
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(words) - 1))
        words[at] = data.draw(st.sampled_from(changes))(words[at])
    read_or_refused("".join(words))


def test_much_is_read() -> None:
    suite = {"benchmarks": [{"metadata": {"name": "a"}, "runs": [{"values": [0.5] * 1_000_000}]}]}
    assert of(suite).series[0].n == 1_000_000
    log = "".join(f"0 {n} 1500 0 1795451900 5\n" for n in range(200_000))
    assert of(log).series[0].n == 200_000


def test_every_tool_here_has_a_sample() -> None:
    assert {name.partition("/")[0] for name in OURS} == set(TOOLS)


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 2_000_000,
        "\t" * 2_000_000 + "metric",
        " (cost=" + "." * 2_000_000,
        "(cost=" + "9" * 2_000_000,
        "Running 8s test @ /\nThread Stats\n" + "  Latency   " * 200_000,
        "This is ApacheBench\n" + "A" * 2_000_000 + "\nTotal:" + " 1" * 100_000,
        '\tCommand being timed: "a"\n' * 100_000,
        "transaction type: a\n" + "tps = " * 400_000,
        "".join(f"0 0 1 {n} 1795451900 5\n" for n in range(100_000)),
        "Peak memory usage:\n" * 100_000,
        "QUERY PLAN" + "\n" * 500_000 + "-" * 500_000,
    ],
    ids=lambda text: text[:20],
)
def test_hostile_text_takes_no_longer_than_its_length(text: str) -> None:
    started = time.process_time()
    read_or_refused("x\n" + text)
    read_or_refused(text)
    assert time.process_time() - started < 20


def test_hostile_names_of_asv() -> None:
    value = VALUES["asv/before.json"]
    wide = {"t.time_a": [[1.0] * 10_000, [["x" * 100_000, "y"]] * 1_000]}
    results = of({**value, "results": wide})
    assert len(results.series) == 10_000
    assert max(len(one.benchmark) for one in results.series) <= 200

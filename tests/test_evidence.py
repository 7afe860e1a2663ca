"""Evidence at the edge: what a record says is held against its result files, and what it leaves out is filled in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import COMPLETE, Run, Site, text, write
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from records_with_evidence import (
    AFTER,
    BEFORE,
    PAGE,
    QUICK,
    TIMES,
    a_side,
    benchmarks,
    entry,
    exported,
    one_a_side,
    plain,
    record,
    rounds,
    told,
)

ROW = "| Response Time | {} | {} | |"
OTHERS = ("| Throughput | 120 rps | 310 rps | |",)
FIRST = 3
"""The line of the first entry."""


def row(before: str = "", after: str = "") -> str:
    return ROW.format(before, after)


def line_of(source: str, start: str) -> int:
    return next(number for number, line in enumerate(source.splitlines(), 1) if line.startswith(start))


@pytest.fixture
def held(run: Run) -> Callable[..., list[str]]:
    """What is said of a record with one entry and one row, without codes that aren't of evidence."""

    def check(before: str, after: str, *entries: dict[str, Any]) -> list[str]:
        return [one.code for one in told(run, record(list(entries) or [entry()], row(before, after)))]

    return check


def test_empty_cells_are_filled_by_the_build(make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_site({})
    monkeypatch.chdir(site.folder)
    before, after = a_side("bench/before", (*TIMES, 0.45)), a_side("bench/after", (*QUICK, 0.12))
    site.write({"performance/prices.md": record([entry(before=before, after=after)], row(), *OTHERS)})
    assert site.build(strict=True).error is None
    summary = text(site.page("performance/prices/index.html").select(".perfcase-summary")[0])
    assert "450 ms" in summary
    assert "120 ms" in summary
    assert "−73%" in text(site.page("performance/index.html").select(".perfcase-index")[0])
    [made] = json.loads((site.output / "perfcase.json").read_text(encoding="utf-8"))["records"]
    first = made["metrics"][0]
    assert first["before"] == {"text": "450 ms", "value": 450, "unit": "ms"}
    assert first["after"] == {"text": "120 ms", "value": 120, "unit": "ms"}
    assert first["change_percent"] == -73.33
    assert [target["met"] for target in made["targets"]] == [True, True]


def test_a_filled_record_is_complete(run: Run) -> None:
    one_a_side()
    assert told(run, record([entry()], row(), *OTHERS), only="PC") == []
    assert [one.code for one in told(run, COMPLETE.replace("450 ms | 120 ms", " | "), only="PC")] != []


def test_placeholders_are_filled_and_typed_values_stay(run: Run) -> None:
    one_a_side()
    made = exported(run, record([entry()], row("0.45 s", r"\[X ms\]")))["Response Time"]
    assert made["before"]["text"] == "0.45 s"
    assert made["after"]["text"] == "120 ms"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("450 ms", "120 ms"),
        ("0.45 s", "0.12 s"),
        ("450,000 µs", "120 ms"),
        ("0.5 s", "0.1 s"),  # rounded by the author
        ("451 ms", "120.9 ms"),  # less than a hundredth off
        ("440–460 ms", "100-130 ms"),
        ("~ 460 ms", "about 125 ms"),
        ("< 500 ms", "under 200 ms"),
        ("450", "120 ms"),  # of a bare number nobody can tell
        ("80 widgets", "120 ms"),
    ],
)
def test_values_that_the_files_bear_out(before: str, after: str, held: Callable[..., list[str]]) -> None:
    one_a_side()
    assert held(before, after) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("470 ms", "120 ms"),
        ("450 ms", "12 ms"),
        ("450 s", "120 ms"),
        ("450 ms", "0.2 s"),
        ("450 ms", "60–90 ms"),
        ("~ 500 ms", "120 ms"),
        ("450 ms", "120 MB"),
        ("80%", "120 ms"),
    ],
)
def test_values_that_they_do_not(before: str, after: str, run: Run) -> None:
    one_a_side()
    source = record([entry()], row(before, after))
    [found] = told(run, source)
    wrong, side, file = (after, "after", "120 ms") if before == "450 ms" else (before, "before", "450 ms")
    assert (found.code, found.line) == ("PC603", line_of(source, "| Response Time"))
    assert found.text == (
        f'{side}-value of "Response Time" is "{wrong}", but the median in bench/{side}.json is {file}; '
        "correct it, or leave the cell empty and the files' value is shown"
    )


def test_the_statistic_that_is_named_alone_counts(held: Callable[..., list[str]]) -> None:
    one_a_side(after=(*[0.1] * 20, *[0.4] * 10))  # median 100 ms, mean 200 ms
    assert held("450 ms", "100 ms") == []
    assert held("450 ms", "200 ms") == []
    assert held("450 ms", "200 ms", entry(statistic="mean")) == []
    assert held("450 ms", "100 ms", entry(statistic="mean")) == ["PC603"]
    assert held("450 ms", "200 ms", entry(statistic="median")) == ["PC603"]
    assert held("452 ms", "400 ms", entry(statistic="max")) == []


def test_values_between_those_of_several_files(held: Callable[..., list[str]]) -> None:
    one_a_side()
    files = entry(after=a_side("bench/runs", (0.11, 0.12, 0.15, 0.16)))
    for value in ("110 ms", "125 ms", "135 ms", "158 ms", "160 ms"):
        assert held("450 ms", value, files) == []
    for value in ("90 ms", "180 ms"):
        assert held("450 ms", value, files) == ["PC603"]


def test_a_message_counts_several_files(run: Run) -> None:
    one_a_side()
    [found] = told(run, record([entry(after=a_side("bench/runs", (0.11, 0.12, 0.13, 0.16)))], row("450 ms", "90 ms")))
    assert "but the median in 4 files is 125 ms; " in found.text


def test_a_statistic_that_a_file_lacks(run: Run) -> None:
    one_a_side()
    held = {"commit_info": {}, "benchmarks": [{"fullname": "p", "stats": {"median": 0.12, "mean": 0.13}}]}
    write(f".{AFTER}", json.dumps(held))
    [found] = told(run, record([entry(statistic="p95")], row()))
    assert (found.code, found.line) == ("PC602", FIRST)
    assert found.text == "bench/after.json has no p95 of p: time; it has median, mean; choose another `statistic`"
    assert told(run, record([entry(statistic="mean")], row("450 ms", "130 ms"))) == []


def test_a_metric_that_is_a_scenario(run: Run) -> None:
    one_a_side()
    for name in ("A full basket", "a FULL basket"):
        assert told(run, record([entry(name)])) == []
    source = record([entry("A full basket")], base=COMPLETE.replace("optimization:** 120 ms", "optimization:** 90 ms"))
    [found] = told(run, source)
    assert found.code == "PC603"
    assert 'of "A full basket" is "90 ms", but the median in bench/after.json is 120 ms' in found.text
    assert abs(found.line - line_of(source, "*   **After optimization:** 90 ms")) <= 3


def test_a_metric_that_the_record_has_not(run: Run) -> None:
    one_a_side()
    [found] = told(run, record([entry("Respones Tme")], row()))
    assert (found.code, found.line) == ("PC602", FIRST)
    assert found.text == 'no row or scenario is called "Respones Tme"; did you mean "Response Time"?'
    [found] = told(run, record([entry("Wobble")], row()))
    assert found.text == (
        'no row or scenario is called "Wobble"; the record has "Response Time", "A full basket"; '
        "name one, or write <!-- perfcase: evidence --> where a table of it is to be shown"
    )


def test_a_metric_that_two_rows_have(run: Run) -> None:
    one_a_side()
    source = record([entry()], row("450 ms", "120 ms"), row("451 ms", "121 ms"))
    at = line_of(source, "| Response Time")
    [found] = told(run, source)
    assert found.text == f'evidence of "Response Time" fits several rows: line {at} and line {at + 1}'


def test_one_benchmark_of_several(run: Run) -> None:
    one_a_side()
    write(f".{AFTER}", benchmarks({"GET /prices": QUICK, "GET /stock": (0.2, 0.2)}))
    assert told(run, record([entry(select="GET /prices")], row("450 ms", "120 ms"))) == []
    assert told(run, record([entry(select="get  /PRICES")], row("450 ms", "120 ms"))) == []
    [found] = told(run, record([entry()], row()))
    assert (
        found.text == 'bench/after.json holds several benchmarks: "GET /prices", "GET /stock"; choose one with `select`'
    )
    [found] = told(run, record([entry(select="GET /price")], row()))
    assert found.text == 'bench/before.json holds no "GET /price"; did you mean "GET /prices"?'
    [found] = told(run, record([entry(select={"before": "GET /prices", "after": "quite another"})], row()))
    assert found.text == 'bench/after.json holds no "quite another"; it holds "GET /prices", "GET /stock"'
    apart = entry(select={"before": "GET /prices", "after": "GET /stock"})
    assert told(run, record([apart], row("450 ms", "200 ms"))) == []
    assert [one.code for one in told(run, record([apart], row("450 ms", "120 ms")))] == ["PC603"]


def test_nanoseconds_against_typed_milliseconds(run: Run) -> None:
    for name, nanoseconds in (("before", 450_000_000), ("after", 120_000_000)):
        head = "goos: linux\ngoarch: amd64\npkg: example.org/prices\n"
        line = f"BenchmarkPrices-8 \t      10\t {nanoseconds} ns/op\t     512 B/op\t       3 allocs/op\n"
        write(f"bench/{name}.txt", head + line * 3)
    of = {"before": "/bench/before.txt", "after": "/bench/after.txt"}
    rows = (row("450 ms", "120 ms"), "| Memory Usage | 512 B | 512 B | |", "| Allocations | 3 | 3 | |")
    entries = [entry(**of), entry("Memory Usage", **of, select="B/op"), entry("Allocations", **of, select="allocs/op")]
    assert told(run, record(entries[:1], *rows)) == []
    assert [one.code for one in told(run, record(entries[:1], row("450 ns", "120 ms")))] == ["PC603"]
    made = exported(run, record(entries[:1], row()))["Response Time"]
    assert made["before"] == {"text": "450 ms", "value": 450, "unit": "ms"}


def test_globs_and_lists_of_files(run: Run) -> None:
    a_side("docs/performance/runs/before", (0.45, 0.46, 0.44, 0.455))
    a_side("bench/deep/er", (0.12, 0.13))
    a_side("bench/deep/est", (0.118, 0.122))
    named = entry(before="runs/before/?.json", after=["/bench/deep/er/*.json", "/bench/**/es[t]/*.json"])
    source = record([named], row())
    assert told(run, source) == []
    assert exported(run)["Response Time"]["after"]["text"] == "121 ms"
    assert exported(run)["Response Time"]["verdict"] == "improved"


STATES = {
    "improved": (0.119, 0.120, 0.121, 0.122),
    "unchanged": (0.449, 0.450, 0.451, 0.452),
    "regressed": (0.90, 0.91, 0.92, 0.93),
    "unknown": (0.20, 0.45, 0.46, 0.90),
}


@pytest.mark.parametrize("verdict", STATES)
def test_what_four_files_a_side_prove(verdict: str, run: Run) -> None:
    before, after = a_side("bench/before", (0.448, 0.449, 0.451, 0.452)), a_side("bench/after", STATES[verdict])
    source = record([entry(before=before, after=after)], row())
    assert exported(run, source)["Response Time"]["verdict"] == verdict
    assert ("PC502" in {one.code for one in told(run, only="PC")}) == (verdict == "regressed")


@pytest.mark.parametrize("files", [1, 2, 3])
def test_fewer_files_prove_nothing(files: int, run: Run) -> None:
    before, after = a_side("bench/before", TIMES[:files]), a_side("bench/after", QUICK[:files])
    made = exported(run, record([entry(before=before, after=after)], row()))["Response Time"]
    assert made["verdict"] == "unknown"
    assert made["change_percent"] < -70


OF_FOUR = {  # the files after, where 450 ms are typed before and 120 ms after: targets by 70 %
    "confirmed": ((0.119, 0.120, 0.121, 0.122), True, "confirmed by the whole interval"),
    "met by the estimate": ((0.10, 0.115, 0.12, 0.16), True, "not confirmed by the evidence"),
    "open": ((0.10, 0.13, 0.15, 0.16), None, "not confirmed by the evidence"),
    "missed by the whole interval": ((0.30, 0.31, 0.32, 0.33), False, "450 ms"),
}


@pytest.mark.parametrize("case", OF_FOUR)
def test_targets_are_met_by_the_estimate_and_confirmed_by_the_interval(
    case: str, make_site: Callable[..., Site]
) -> None:
    after, met, said = OF_FOUR[case]
    site = make_site({"performance/prices.md": ""})
    for side, medians in (("before", (0.448, 0.449, 0.451, 0.452)), ("after", after)):
        for number, median in enumerate(medians):
            write(
                str(site.folder / f"docs/performance/bench/{side}/{number}.json"),
                rounds((median * 0.99, median, median * 1.02)),
            )
    one = entry(before="bench/before/*.json", after="bench/after/*.json")
    source = record([one], row("450 ms", "120 ms"), "| Throughput | 120 rps | 310 rps | |")
    write(
        str(site.folder / "docs/performance/prices.md"), source.replace("- [x] All benchmarks", "- [ ] All benchmarks")
    )
    site.build()
    [found] = json.loads((site.output / "perfcase.json").read_text(encoding="utf-8"))["records"]
    assert found["targets"][0]["met"] is met
    target = site.page("performance/prices/index.html").select_one(".perfcase-targets li")
    assert said in text(target)
    assert ("PC501" in " ".join(site.findings())) == (met is False)


@pytest.mark.parametrize("dated", [0, 1, 4])
def test_more_than_two_dated_points_are_a_trend(dated: int, make_site: Callable[..., Site]) -> None:
    site = make_site(
        {"performance/prices.md": record([entry(before="b.json", after="a.json", trend="t/*.json")], row())}
    )
    folder = site.folder / "docs/performance"
    write(str(folder / "b.json"), rounds(TIMES, taken="2026-01-02T10:00:00+00:00"))
    write(str(folder / "a.json"), rounds(QUICK, taken="2026-03-02T10:00:00+00:00"))
    for number in range(dated or 1):
        taken = f"2026-02-0{number + 1}T10:00:00+00:00" if dated else "2026-01-02T10:00:00+00:00"
        write(str(folder / f"t/{number}.json"), rounds((0.3 - number / 100,), taken=taken))
    site.build()
    plot = site.page("performance/prices/index.html").select_one(".perfcase-evidence")
    assert plot is not None
    assert len(plot.select(".perfcase-point")) == (dated + 2 if dated else 0)
    assert ("450 ms on 2026-01-02" in text(plot)) == ("120 ms on 2026-03-02" in text(plot)) == bool(dated)


def test_min_effect_is_the_sites(run: Run) -> None:
    before, after = a_side("bench/b", (0.450, 0.451, 0.452, 0.453)), a_side("bench/a", (0.410, 0.411, 0.412, 0.413))
    source = record([entry(before=before, after=after)], row())
    assert exported(run, source)["Response Time"]["verdict"] == "improved"
    write("mkdocs.yml", "site_name: Prices\nplugins:\n  - perfcase:\n      min_effect: 15\n")
    assert exported(run)["Response Time"]["verdict"] == "unchanged"


def test_an_improvement_within_the_noise(run: Run) -> None:
    one_a_side(after=(0.40, 0.43, 0.447, 0.46, 0.49))
    source = record([entry()], row("450 ms", "447 ms"))
    [found] = told(run, source)
    assert (found.code, found.line) == ("PC604", line_of(source, "| Response Time"))
    assert found.text.startswith('improvement of "Response Time" is within the noise: −')
    assert found.text.endswith(", one run a side; measure in four or more runs a side, or don't call it an improvement")
    assert told(run, record([entry()], row("447 ms", "450 ms"))) == []  # no improvement is claimed
    assert told(run, record([entry()], row())) == []  # nothing is
    one_a_side()
    assert told(run, record([entry()], row("450 ms", "120 ms"))) == []


def test_noise_between_files(run: Run) -> None:
    before, after = a_side("bench/b", (0.42, 0.44, 0.46, 0.48)), a_side("bench/a", (0.41, 0.43, 0.45, 0.47))
    [found] = told(run, record([entry(before=before, after=after)], row("450 ms", "440 ms")))
    assert found.code == "PC604"
    assert "4 runs a side; measure in more runs, or" in found.text


def test_zeros_are_told_as_differences(run: Run) -> None:
    for name, values in (("before", (4, 5, 6, 5)), ("after", (0, 0, 0, 0))):
        for number, value in enumerate(values):
            write(f"bench/{name}/{number}.csv", plain("Errors", "", "lower", [value]))
    named = entry("Errors", before="/bench/before/*", after="/bench/after/*")
    made = exported(run, record([named], "| Errors | | | |"))["Errors"]
    assert (made["before"]["text"], made["after"]["text"], made["verdict"]) == ("5", "0", "improved")
    swapped = entry("Errors", before="/bench/after/*", after="/bench/before/*")
    made = exported(run, record([swapped], "| Errors | | | |"))["Errors"]
    assert (made["before"]["text"], made["after"]["text"], made["verdict"]) == ("0", "5", "regressed")
    assert made["change_percent"] is None
    nothing = entry("Errors", before="/bench/after/*", after="/bench/after/*")
    assert exported(run, record([nothing], "| Errors | | | |"))["Errors"]["verdict"] == "unchanged"
    assert [one.code for one in told(run, record([named], "| Errors | 5 | 1 | |"))] == ["PC603"]
    assert told(run, record([named], "| Errors | 5 | 0 | |")) == []


def test_whole_files_make_rows_that_count(run: Run) -> None:
    for name, figures in (("before", (450, 450, 452, 448)), ("after", (120, 121, 119, 122))):
        for number, value in enumerate(figures):
            rows = f"Response Time,ms,lower,{value}\nThroughput,req/s,higher,{54_000 / value}\n"
            write(f"bench/{name}/{number}.csv", f"metric,unit,better,value\n{rows}")
    named = {"before": "/bench/before/*.csv", "after": "/bench/after/*.csv"}
    source = record([named], below="<!-- perfcase: evidence -->")
    assert told(run, source, only="PC") == []  # the section isn't empty, and the targets are measured
    made = exported(run)
    assert [(name, one["before"]["text"], one["verdict"]) for name, one in made.items()] == [
        ("Response Time", "450 ms", "improved"),
        ("Throughput", "120 req/s", "improved"),
    ]
    [found] = told(run, record([named], row()))
    assert found.text == (
        "evidence without `metric` is shown nowhere; "
        "name a row, or write <!-- perfcase: evidence --> where a table of it is to be shown"
    )


def test_whole_files_stand_beside_typed_rows(run: Run) -> None:
    for name, value in (("before", 450), ("after", 120)):
        text = f"metric,unit,better,value\nResponse Time,ms,lower,{value}\nErrors,,lower,{value / 10}\n"
        write(f"bench/{name}.csv", text)
    named = {"before": "/bench/before.csv", "after": "/bench/after.csv"}
    source = record([named], row("450 ms", "90 ms"), below="\n<!-- perfcase: evidence -->")
    assert [one.code for one in told(run, source)] == ["PC603"]
    assert [(name, one["after"]["text"]) for name, one in exported(run).items()] == [
        ("Response Time", "90 ms"),
        ("Errors", "12"),
    ]


def test_a_missing_file_is_told_once_and_where_it_was_sought(run: Run) -> None:
    one_a_side()
    sought = {
        "/bench/gone.json": "it is looked for from the repository's root",
        "gone.json": "it is looked for from performance in the docs folder; a leading / stands for the repository's root",
        "/bench/gone/*.json": "it is looked for from the repository's root",
    }
    for path, hint in sought.items():
        [found] = told(run, record([entry(after=path)], row("450 ms", "12 ms")))
        assert found == ("PC601", FIRST, f'evidence "{path}" is missing; {hint}')


def test_a_file_of_no_known_tool(run: Run) -> None:
    one_a_side()
    for content in ("", "notes\n", "{}", "[1, 2", "\0", b"\xff\xfe\xfa", "[" * 100_000):
        write(f".{AFTER}", content)
        [found] = told(run, record([entry()], row("450 ms", "12 ms")))
        assert (found.code, found.line) == ("PC602", FIRST)
        assert found.text.startswith("evidence bench/after.json can't be read: ")


def test_each_entry_is_told_on_its_own_line(run: Run) -> None:
    one_a_side()
    source = record([entry(), entry("CPU"), entry("Throughput", after="/gone")], row(), *OTHERS)
    lines = [number for number, line in enumerate(source.splitlines(), 1) if line.startswith("- metric")]
    assert [(one.code, one.line) for one in told(run, source)] == [("PC602", lines[1]), ("PC601", lines[2])]


def test_severities_and_ignores(run: Run) -> None:
    one_a_side()
    wrong = row("450 ms", "90 ms")
    why = "<!-- perfcase: ignore evidence-mismatch measured on other hardware -->\n\n"
    source = record([entry()], wrong)
    ignored = source.replace("| Metric | Before", f"{why}| Metric | Before")
    assert [one.code for one in told(run, source, only="PC6,PC9")] == ["PC603"]
    assert told(run, ignored, only="PC6,PC9") == []
    assert told(run, record([entry()], wrong, front="perfcase_ignore: [PC603]\n"), only="PC6,PC9") == []
    unused = record([entry()], row("450 ms", "120 ms"), front="perfcase_ignore: [evidence-mismatch]\n")
    assert [one.code for one in told(run, unused, only="PC6,PC9")] == ["PC901"]
    write(PAGE, source)
    write("mkdocs.yml", "site_name: Prices\nplugins:\n  - perfcase:\n      rules: {PC603: info}\n")
    assert run("check").exit_code == 0
    write("mkdocs.yml", "site_name: Prices\nplugins:\n  - perfcase:\n      rules: {evidence-mismatch: 'off'}\n")
    assert told(run) == []


def test_a_baseline_accepts_what_evidence_shows(run: Run) -> None:
    one_a_side()
    write("mkdocs.yml", "site_name: Prices\nplugins:\n  - perfcase:\n      baseline: accepted.json\n")
    write("accepted.json", '{"version": 1, "pages": {}}')
    write(PAGE, record([entry()], row("450 ms", "90 ms"), *OTHERS))
    assert "PC603" in run("check").stdout
    assert run("baseline").exit_code == 0
    assert "PC603" not in run("check").stdout
    write(f".{AFTER}", rounds((0.3, 0.3)))
    assert "300 ms" in run("check").stdout


def test_a_draft_is_held_to_its_files_too(run: Run) -> None:
    one_a_side()
    source = record([entry()], row("450 ms", "90 ms"), front="status: draft\n")
    assert [one.code for one in told(run, source)] == ["PC603"]


def test_a_changed_result_file_is_never_answered_from_the_cache(run: Run) -> None:
    one_a_side()
    source = record([entry()], row("450 ms", "120 ms"))
    assert told(run, source) == told(run) == []
    write(f".{AFTER}", rounds((0.3, 0.3)))
    assert [one.code for one in told(run)] == ["PC603"]
    Path(f".{AFTER}").unlink()
    assert [one.code for one in told(run)] == ["PC601"]
    assert told(run, None, "--jobs", "2") == told(run)


def test_strict_builds_fail_on_evidence(make_site: Callable[..., Site]) -> None:
    site = make_site({"performance/prices.md": record([entry()], row("450 ms", "120 ms"))})
    site.build(strict=True)
    assert site.error is not None
    assert [line.partition(": ")[2][:5] for line in site.findings()] == ["PC601", "PC601", "PC505"]
    assert "Traceback" not in str(site.error)


_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.dates()
_PATHS = st.sampled_from([BEFORE, AFTER, "/bench/*.json", "../x", "/", "", ".", "**", "[", "bench/\0", "~", "C:\\x"])
_VALUES = st.recursive(
    _SCALARS | _PATHS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_SCALARS, inner, max_size=3)
)
_KEYS = st.sampled_from(["metric", "before", "after", "select", "statistic", "measures", "trend", "befor"])
_ENTRIES = st.dictionaries(_KEYS, _VALUES | _PATHS, max_size=5)
_FITTING = st.builds(
    lambda more: {"metric": "Response Time", "before": BEFORE, "after": AFTER, **more}, st.dictionaries(_KEYS, _VALUES)
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_VALUES | st.lists(_ENTRIES | _FITTING, max_size=3))
@example([{"metric": "Response Time", "before": [[]], "after": {}}])
@example([entry(select={"before": "a"})])
@example([entry(select={"before": None, "after": 1})])
@example([entry(statistic=0.95)])
@example([entry(metric=True)])
@example([entry(measures="../src")])
@example([entry()] * 201)
def test_every_shape_of_front_matter(run: Run, value: Any) -> None:
    if not Path("bench").exists():
        one_a_side()
    write(PAGE, record(value, row("450 ms", "120 ms")))
    result = run("check", PAGE, "--format", "json", "--select", "PC6", "--no-cache")
    assert result.exit_code in (0, 1), result.stderr
    found = json.loads(result.stdout)["findings"]
    well = value is None or (isinstance(value, list) and all(entry_is_fit(one) for one in value))
    assert bool(found) or well
    for one in found:
        assert len(one["message"].splitlines()) == 1
        assert len(one["message"]) < 1000


def entry_is_fit(value: Any) -> bool:
    """Whether an entry may be one that nothing is said of: the keys that it needs, and no others."""
    known = {"metric", "before", "after", "select", "statistic", "measures", "trend"}
    return isinstance(value, dict) and {"before", "after"} <= set(value) <= known


def test_front_matter_that_holds_itself(run: Run) -> None:
    one_a_side()
    for value in ("&a [*a]", "&a [{metric: *a, before: *a, after: *a}]", "[&a {before: *a, after: *a}]", "&a {b: *a}"):
        write(PAGE, f"---\nperfcase_evidence: {value}\n---\n\n{COMPLETE}")
        assert {one.code for one in told(run)} == {"PC602"}


def test_a_page_that_is_no_record_reads_nothing(run: Run) -> None:
    one_a_side()
    write(PAGE, f"---\n{yaml.safe_dump({'perfcase_evidence': [entry(after='/gone')]})}---\n\n# Notes\n")
    assert told(run) == []

"""`perfcase record`: what it writes into a record, what it leaves, and when it refuses."""

from __future__ import annotations

import json
import re
import string
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from conftest import COMPLETE, Run, with_section, write
from hypothesis import given
from hypothesis import strategies as st
from mutants import mutant
from result_files import EVIDENCE

from mkdocs_perfcase.mend.edits import edited
from mkdocs_perfcase.mend.entries import RefusedError, entry_edits
from mkdocs_perfcase.mend.rows import cell_name
from mkdocs_perfcase.source import split_front_matter
from mkdocs_perfcase.text import plain

PAGE = "docs/performance/prices.md"
TABLE = """### Before/After Comparison

| Metric | Before | After | Improvement |
| --- | --- | --- | --- |
"""
ROW = "| Throughput | 120 rps | 310 rps | |\n"
OPEN = with_section(f"{TABLE}{ROW}| Response Time | | | |\n")
FRONT = """---
perfcase_evidence:
  - metric: Response Time
    before: /bench/b*.json
    after: /bench/a*.json
---

"""
GLOBS = ("bench/b*.json", "bench/a*.json")


def measured(*times: float) -> str:
    return json.dumps({"results": [{"command": "./prices", "times": list(times)}]})


@pytest.fixture
def bench(run: Run) -> Run:
    """The command line in a folder with four result files a side: 450 ms before, 120 ms after."""
    for n, more in enumerate((-0.0018, -0.0002, 0.0002, 0.0022)):
        for name, middle in (("b", 0.4508 + more), ("a", 0.1208 + more)):
            write(f"bench/{name}{n}.json", measured(middle - 0.001, middle, middle + 0.001))
    return run


def recorded(run: Run, text: str | bytes, *arguments: str, files: Iterable[str] = GLOBS, code: int = 0) -> str:
    """A page's text after `perfcase record`, which changes nothing when it runs again."""
    write(PAGE, text)
    result = run("record", *files, "--in", PAGE, *arguments)
    assert result.exit_code == code, result.stderr
    once = Path(PAGE).read_bytes()
    if code == 0:
        assert not [one for one in evidence_findings(run) if one != "PC605"]
        assert run("record", *files, "--in", PAGE, *arguments).stdout == f"{PAGE} says all that already\n"
    assert Path(PAGE).read_bytes() == once
    assert list(Path(PAGE).parent.iterdir()) == [Path(PAGE)]
    return once.decode("utf-8")


def evidence_findings(run: Run) -> list[str]:
    found = json.loads(run("check", "--format", "json", PAGE).stdout)["findings"]
    return [one["code"] for one in found if one["code"].startswith("PC60")]


def section(text: str, heading: str = "### Before/After Comparison") -> str:
    match = re.search(rf"^{re.escape(heading)}\n.*?(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    assert match
    return match[0]


def test_an_empty_row_is_filled(bench: Run) -> None:
    text = recorded(bench, OPEN)
    assert text == FRONT + OPEN.replace("| Response Time | | | |", "| Response Time | 450.8 ms | 120.8 ms | −73% |")


def test_what_it_says(bench: Run) -> None:
    write(PAGE, OPEN)
    result = bench("record", *GLOBS, "--in", PAGE)
    assert result.stdout == f"{PAGE} is written; `perfcase check {PAGE}` holds it against its files\n"
    (line,) = result.stderr.splitlines()
    assert line.startswith('perfcase: "Response Time": 450.8 ms → 120.8 ms, −73.2% [')
    assert line.endswith("], 4 runs a side of hyperfine")
    result = bench("record", "bench/b0.json", "bench/a0.json", "--in", PAGE)
    assert "one file a side: 4 or more would prove a difference" in result.stderr


def test_the_build_fills_what_is_not_typed(bench: Run) -> None:
    assert recorded(bench, OPEN, "--no-values") == FRONT + OPEN
    new = recorded(bench, OPEN, "--no-values", "--metric", "Cold Start")
    assert section(new) == section(OPEN).rstrip() + "\n| Cold Start |  |  |  |\n\n"


def test_a_difference_within_the_noise_is_not_typed(bench: Run) -> None:
    for n in range(4):
        write(f"bench/a{n}.json", measured(0.43 + n / 50))
    write(PAGE, OPEN)
    assert "within the noise, so its cells are left to the build" in bench("record", *GLOBS, "--in", PAGE).stderr
    assert recorded(bench, OPEN) == FRONT + OPEN


def test_without_a_record_it_prints_what_to_paste(bench: Run) -> None:
    result = bench("record", *GLOBS, "--metric", "Response Time")
    assert result.exit_code == 0
    assert result.stdout == FRONT + TABLE.partition("\n\n")[2] + "| Response Time | 450.8 ms | 120.8 ms | −73% |\n"
    front, table = result.stdout.split("\n\n")
    pasted = f"{front}\n\n" + with_section(f"### Before/After Comparison\n\n{table}")
    write(PAGE, pasted)
    assert evidence_findings(bench) == []


def test_diff_writes_nothing(bench: Run) -> None:
    write(PAGE, OPEN)
    result = bench("record", *GLOBS, "--in", PAGE, "--diff")
    assert result.exit_code == 1
    assert "+| Response Time | 450.8 ms | 120.8 ms | −73% |" in result.stdout.splitlines()
    assert Path(PAGE).read_text(encoding="utf-8") == OPEN
    recorded(bench, OPEN)
    assert bench("record", *GLOBS, "--in", PAGE, "--diff").exit_code == 0


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_stay(bench: Run, end: str, mark: str) -> None:
    wanted = recorded(bench, OPEN)
    given = (mark + OPEN.replace("\n", end)).encode()
    assert recorded(bench, given) == mark + wanted.replace("\n", end)
    owned = "---\nowner: 'Ada'   # hers\nstatus: draft\n---\n\n" + OPEN
    new = recorded(bench, (mark + owned.replace("\n", end)).encode())
    assert new.startswith(mark + owned.partition("status: draft\n")[0].replace("\n", end))
    assert new.count(end) == wanted.count("\n") + 2


def test_a_last_line_without_an_end_stays_so(bench: Run) -> None:
    heading, _, rest = COMPLETE.partition("### Before/After Comparison")
    last = f"{heading}{rest.partition('## ')[1]}{rest.partition('## ')[2]}\n\n{TABLE}{ROW}".rstrip("\n")
    new = recorded(bench, last, "--metric", "Cold Start")
    assert new.endswith(f"{ROW}| Cold Start | 450.8 ms | 120.8 ms | −73% |")


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        # no column for the change, columns in another order, further columns
        ("| Metric | Before | After |\n| --- | --- | --- |\n| A | 2 s | 1 s |\n", "| M | 450.8 ms | 120.8 ms |"),
        ("| After | Metric | Before |\n| --- | --- | --- |\n| 1 s | A | 2 s |\n", "| 120.8 ms | M | 450.8 ms |"),
        ("| Metric | Target | Vorher | Nachher | Änderung | Notes |\n|-|-|-|-|-|-|\n| A | | 2 s | 1 s | -50% | |\n", "| M |  | 450.8 ms | 120.8 ms | -73% |  |"),
        # without bars at the ends
        ("Metric | Before | After | Change\n--- | --- | --- | ---\nA | 2 s | 1 s | 2x\n", "M | 450.8 ms | 120.8 ms | 3.7x"),
        # a comma as the decimal mark
        ("| Metric | Vorher | Nachher |\n| --- | --- | --- |\n| A | 2,25 s | 1,5 s |\n", "| M | 450,8 ms | 120,8 ms |"),
    ],
)  # fmt: skip
def test_a_missing_row_is_added(bench: Run, table: str, wanted: str) -> None:
    record = with_section(f"### Before/After Comparison\n\n{table}")
    new = recorded(bench, record, "--metric", "M")
    assert new == FRONT.replace("Response Time", "M") + record.replace(table, f"{table}{wanted}\n")


def test_the_templates_own_rows_give_way(bench: Run) -> None:
    left = "".join(
        f"| {name} | \\[X {unit}\\] | \\[Y {unit}\\] | \\[Z%\\] |\n"
        for name, unit in (("Response Time", "ms"), ("Throughput", "rps"))
    )
    record = with_section(f"{TABLE}{left}| CPU Usage | \\[X%\\] | \\[Y%\\] | mine |\n")
    new = section(recorded(bench, record, "--metric", "Cold Start"))
    assert new == f"{TABLE}| CPU Usage | \\[X%\\] | \\[Y%\\] | mine |\n| Cold Start | 450.8 ms | 120.8 ms | −73% |\n\n"
    filled = section(recorded(bench, record))
    assert filled == section(record).replace(r"\[X ms\] | \[Y ms\] | \[Z%\]", "450.8 ms | 120.8 ms | −73%")


def test_a_new_record_from_the_template(bench: Run) -> None:
    assert bench("new", "Prices", "--dir", "performance").exit_code == 0
    new = recorded(bench, Path(PAGE).read_bytes())
    assert "| Response Time | 450.8 ms | 120.8 ms | −73% |\n| Throughput | \\[X rps\\]" in new


@pytest.mark.parametrize("left", ["### Before/After Comparison\n\nStill to come.\n", ""])
def test_a_table_is_made_where_there_is_none(bench: Run, left: str) -> None:
    record = with_section(left) if left else COMPLETE.replace(section(COMPLETE), "")
    new = recorded(bench, record, "--metric", "Cold Start")
    made = section(new)
    assert made.startswith(left or "### Before/After Comparison\n")
    assert made.endswith(f"{TABLE.partition(chr(10) * 2)[2]}| Cold Start | 450.8 ms | 120.8 ms | −73% |\n\n")
    assert new.removeprefix(FRONT.replace("Response Time", "Cold Start")).replace(made, left and f"{left}\n") == record


def test_what_is_typed_is_kept(bench: Run) -> None:
    half = with_section(f"{TABLE}{ROW}| Response Time | ~450 ms | | |\n")
    assert "| Response Time | ~450 ms | 120.8 ms | −73% |" in recorded(bench, half, "--metric", "Response Time")
    record = with_section(f"{TABLE}| Response Time | **451 ms** | 121 ms | 3.7x faster |\n")
    assert recorded(bench, record, "--metric", "response time").removeprefix(FRONT) == record


def test_where_the_files_say_otherwise_nothing_is_changed(bench: Run) -> None:
    record = with_section(f"{TABLE}| Response Time | 500 ms | 121 ms | 76% |\n")
    assert recorded(bench, record, "--metric", "Response Time", code=1) == record
    write(PAGE, record)
    told = bench("record", *GLOBS, "--in", PAGE, "--metric", "Response Time").stderr.splitlines()
    line = record.splitlines().index("| Response Time | 500 ms | 121 ms | 76% |") + 1
    assert re.fullmatch(
        rf'perfcase: {PAGE}: line {line}: before-value of "Response Time" is "500 ms", but the median in 4 files is 450.8 ms',
        told[0],
    )
    assert told[1] == f"perfcase: {PAGE} is left as it is; --force replaces what the files don't bear out"
    forced = recorded(bench, record, "--metric", "Response Time", "--force")
    assert "| Response Time | 450.8 ms | 121 ms | 73% |" in forced


def test_an_entry_is_brought_up_to_date(bench: Run) -> None:
    front = """---
# who answers
owner: "Ada"
perfcase_evidence:   # measured by hand
  - before: old/b.json  # in May
    metric: 'Response Time'
    measures: /bench
    after:
      - old/a.json
      - old/a2.json
    # the other one
  - metric: Throughput
    before: /bench/b0.json
    after: /bench/a0.json

tags: [a, b]
---

"""
    write(PAGE, front + OPEN)
    new = recorded(bench, front + OPEN, "--statistic", "mean", "--metric", "Response Time")
    assert new.startswith(
        front.replace("old/b.json", "/bench/b*.json").replace(
            "- old/a.json\n      - old/a2.json", "/bench/a*.json\n    statistic: mean"
        )
    )


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("owner: Ada\nstatus: draft\n\n", "its front matter has no dashes around it"),
        ("---\n{owner: Ada}\n---\n\n", "its front matter is written in braces"),
        ("---\nowner: [Ada\n---\n\n", "its front matter can't be read"),
        ("---\nperfcase_evidence: {metric: a}\n---\n\n", "its perfcase_evidence is no list of entries"),
        ("---\nperfcase_evidence: [{metric: a, before: b, after: c}]\n---\n\n", "is written in brackets"),
        (FRONT.replace("---\n\n", "") + "  - metric: response time\n    before: a\n    after: b\n---\n\n", "has 2 entries"),
    ],
)  # fmt: skip
def test_front_matter_that_cannot_be_extended(bench: Run, front: str, reason: str) -> None:
    record = front + with_section(f"{TABLE}| Response Time | | | |\n")
    assert recorded(bench, record, "--metric", "Response Time", code=2) == record
    (line,) = bench("record", *GLOBS, "--in", PAGE, "--metric", "Response Time").stderr.splitlines()
    assert line.startswith(f"perfcase: {PAGE} is left as it is: ")
    assert reason in line


@pytest.mark.parametrize("given", ["perfcase_evidence:\n", "perfcase_evidence:  # none yet\nowner: Ada\n"])
def test_a_list_without_entries(bench: Run, given: str) -> None:
    new = recorded(bench, f"---\n{given}---\n\n{OPEN}")
    key, newline, rest = given.partition("\n")
    entry = FRONT.partition("perfcase_evidence:\n")[2].partition("---")[0]
    assert new.startswith(f"---\n{key}{newline}{entry}{rest}---\n\n")


@pytest.mark.parametrize(
    ("section_text", "reason"),
    [
        ("| Metric | Old | New |\n| --- | --- | --- |\n| A | 2 s | 1 s |", "no column is named Before and none After"),
        ("| | A | B |\n| --- | --- | --- |\n| Before | 2 s | 4 s |\n| After | 1 s | 2 s |", "has a column for each metric"),
        ("| Metric | Before (1 VU) | After (1 VU) | Before (9 VU) | After (9 VU) |\n| --- | --- | --- | --- | --- |\n| A | 2 s | 1 s | 3 s | 2 s |", "has columns for several conditions"),
        ("| Metric | Before | After |\n| --- | --- | --- |\n| M | 2 s | 1 s |\n| M | 2 s | 1 s |", '"M" fits several rows: line'),
    ],
)  # fmt: skip
def test_tables_that_cannot_be_extended(bench: Run, section_text: str, reason: str) -> None:
    record = with_section(f"### Before/After Comparison\n\n{section_text}\n")
    assert recorded(bench, record, "--metric", "M", code=2) == record
    (line,) = bench("record", *GLOBS, "--in", PAGE, "--metric", "M").stderr.splitlines()
    assert reason in line


def test_one_of_several_conditions_is_filled(bench: Run) -> None:
    table = (
        "| Metric | Before (1 VU) | After (1 VU) | Before (9 VU) | After (9 VU) |\n| --- | --- | --- | --- | --- |\n"
    )
    record = with_section(f"### Before/After Comparison\n\n{table}| M | 2 s | 1 s | | |\n")
    new = recorded(bench, record, "--metric", "M (9 VU)")
    assert "| M | 2 s | 1 s | 450.8 ms | 120.8 ms |\n" in new


def test_what_a_directive_shows_needs_no_row(bench: Run) -> None:
    record = with_section("### Before/After Comparison\n\n<!-- perfcase: evidence -->\n")
    front = FRONT.replace("Response Time", "Cold Start")
    assert recorded(bench, record, "--metric", "Cold Start") == front + record


def test_an_entry_of_the_same_row_is_not_doubled(bench: Run) -> None:
    front = FRONT.replace("Response Time", "median response time").replace("/bench/b", "/bench/old/b")
    record = with_section(f"{TABLE}| Response Time | | | |\n")
    new = recorded(bench, front + record, "--metric", "Response Time")
    assert new.startswith(front.replace("/bench/old/b", "/bench/b"))
    assert "| Response Time | 450.8 ms |" in new


def test_typed_units_tell_which_metric_is_meant(run: Run) -> None:
    for side, time, memory in (("b", 450, 210), ("a", 120, 105)):
        write(f"bench/{side}.csv", f"metric,unit,better,value\ntime,ms,lower,{time}\nrss,MB,lower,{memory}\n")
    record = with_section(f"{TABLE}{ROW}| Footprint | 210 MB | | |\n")
    new = recorded(run, record, "--metric", "Footprint", files=("bench/b.csv", "bench/a.csv"))
    assert "| Footprint | 210 MB | 105 MB | −50% |\n" in new


def test_a_scenario_needs_no_row(bench: Run) -> None:
    front = FRONT.replace("Response Time", "A full basket")
    assert recorded(bench, COMPLETE, "--metric", "A full basket") == front + COMPLETE


@pytest.mark.parametrize(("before", "after"), [("> ", ""), ("!!! note\n\n    ", "    ")])
def test_a_table_within_something(bench: Run, before: str, after: str) -> None:
    write("mkdocs.yml", "site_name: Prices\nmarkdown_extensions: [admonition]\n")
    lead, _, rest = before.rpartition("\n")
    indent = after or rest
    lines = [f"{indent}{line}" for line in (TABLE.partition("\n\n")[2] + ROW).splitlines()]
    record = with_section("### Before/After Comparison\n\n" + (f"{lead}\n" if lead else "") + "\n".join(lines) + "\n")
    new = recorded(bench, record, "--metric", "Cold Start")
    assert f"{lines[-1]}\n{indent}| Cold Start | 450.8 ms | 120.8 ms | −73% |\n" in new


def test_a_table_without_rows(bench: Run) -> None:
    record = with_section(TABLE)
    new = recorded(bench, record, "--metric", "Cold Start")
    assert f"{TABLE}| Cold Start | 450.8 ms | 120.8 ms | −73% |\n" in new


def test_a_table_of_another_file(bench: Run) -> None:
    write("mkdocs.yml", "site_name: Prices\nmarkdown_extensions: [{pymdownx.snippets: {base_path: [parts]}}]\n")
    write("parts/table.md", TABLE.partition("\n\n")[2] + ROW + "| Response Time | | | |\n")
    record = with_section('### Before/After Comparison\n\n--8<-- "table.md"\n')
    for metric in ("Response Time", "Cold Start"):
        assert recorded(bench, record, "--metric", metric, code=2) == record
        assert "isn't in this file as it is read" in bench("record", *GLOBS, "--in", PAGE, "--metric", metric).stderr
    assert recorded(bench, record, "--metric", "Response Time", "--no-values") == FRONT + record


def test_a_hostile_benchmark_name(run: Run) -> None:
    name = "a | **b** <!-- perfcase: waive --> `c` {: #d }\n# e"
    for side, time in (("b", 0.4), ("a", 0.1)):
        results = [{"command": name, "times": [time]}, {"command": "other: #1", "times": [time]}]
        write(f"bench/{side}.json", json.dumps({"results": results}))
    new = recorded(run, OPEN, files=("bench/b.json", "bench/a.json"))
    assert [entry["metric"] for entry in split_front_matter(new)[1]["perfcase_evidence"]] == [
        "a | **b** <!-- perfcase: waive --> `c` {: #d } # e: time",
        "other: #1: time",
    ]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((), "name BEFORE and AFTER, two arguments; there is none"),
        (("bench/b0.json", "bench/b1.json", "bench/a0.json"), "there are 3. Put a glob in quotes"),
        (("bench/none.json", "bench/a0.json"), "cannot read bench/none.json: no such file"),
        (("bench/x*.json", "bench/a0.json"), "cannot read bench/x*.json: no such file"),
        (("bench/b0.json", "mkdocs.yml"), "evidence mkdocs.yml can't be read: "),
        (("../b.json", "bench/a0.json"), "a record's evidence lies below its docs folder or its repository"),
        (("/etc/hostname", "bench/a0.json"), "a record's evidence lies below its docs folder or its repository"),
        (("bench/b0.json", "bench/b0.json"), "BEFORE and AFTER are the same"),
        ((*GLOBS, "--statistic", "modus"), 'unknown statistic "modus"; use median'),
        ((*GLOBS, "--select", "./price"), 'holds no "./price"; did you mean "./prices"?'),
        ((*GLOBS, "--diff"), "--diff and --force need --in"),
        ((*GLOBS, "--select-after", "a"), "--select-after needs --select"),
        ((*GLOBS, "--in", "docs/none.md"), "cannot read docs/none.md: no such file"),
        ((*GLOBS, "--in", "docs"), "cannot read docs: it is no file"),
        ((*GLOBS, "--in", "docs/notes.md"), "docs/notes.md is no record; `perfcase new` starts one"),
        ((*GLOBS, "--in", "docs/latin.md"), "cannot read docs/latin.md: it is not UTF-8 text"),
        ((*GLOBS, "--config-file", "none.yml"), "no configuration file at none.yml"),
    ],
)  # fmt: skip
def test_refusals(bench: Run, arguments: tuple[str, ...], reason: str) -> None:
    write("docs/notes.md", "# Notes\n")
    write("docs/latin.md", "# Größe\n".encode("latin-1"))
    write("../b.json", measured(1))
    result = bench("record", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("perfcase: ")
    assert reason in line
    Path("../b.json").unlink()


def test_paths_are_the_shorter_ones(bench: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for side in "ab":
        write(f"docs/performance/r/{side}.json", Path(f"bench/{side}0.json").read_bytes())
    write(PAGE, OPEN)
    monkeypatch.chdir("docs")
    result = bench(
        "record", "./performance/../performance/r/b.json", "../bench/a*.json", "--in", "performance/prices.md"
    )
    assert result.exit_code == 0, result.stderr
    (entry,) = split_front_matter(Path("performance/prices.md").read_text(encoding="utf-8"))[1]["perfcase_evidence"]
    assert (entry["before"], entry["after"]) == ("r/b.json", "/bench/a*.json")


def test_files_with_brackets_in_their_names(bench: Run) -> None:
    write("bench/[old]/b*.json", measured(0.45))
    new = recorded(bench, OPEN, files=("bench/[old]/b*.json", "bench/a*.json"))
    (entry,) = split_front_matter(new)[1]["perfcase_evidence"]
    assert entry["before"] == "/bench/[[]old]/b[*].json"


def pairs() -> list[tuple[Path, Path]]:
    """The samples of one state before and one after."""
    befores = sorted(path for path in EVIDENCE.rglob("before*") if path.is_file())
    found = [(path, path.with_name(path.name.replace("before", "after"))) for path in befores]
    return [(before, after) for before, after in found if after.is_file()]


@pytest.mark.parametrize("pair", pairs(), ids=lambda pair: f"{pair[0].parent.name}/{pair[0].name}")
def test_every_tools_results_are_recorded(run: Run, pair: tuple[Path, Path]) -> None:
    for path in EVIDENCE.joinpath(pair[0].parent.name).iterdir():  # some name files beside them
        write(f"bench/{path.name}", path.read_bytes())
    names = [f"bench/{path.name}" for path in pair]
    record = with_section("### Before/After Comparison\n\nSee below.\n")
    new = recorded(run, record, files=names)
    entries = split_front_matter(new)[1]["perfcase_evidence"]
    assert len(entries) == section(new).count("\n|") - 2
    for entry in entries:
        assert (entry["before"], entry["after"]) == tuple(f"/{name}" for name in names)
    assert len(section(new).split("\n|")) - 2 == len(entries) + 1


def test_two_benchmarks_of_one_file(run: Run) -> None:
    name = "bench/both.json"
    write(name, (EVIDENCE / "hyperfine/both-in-one.json").read_bytes())
    new = recorded(run, OPEN, "--select", "slow", "--select-after", "fast", files=(name, name))
    assert split_front_matter(new)[1]["perfcase_evidence"] == [
        {"metric": "Response Time", "before": f"/{name}", "after": f"/{name}", "select": {"before": "slow", "after": "fast"}}
    ]  # fmt: skip
    assert "| Response Time | 619.3 ms | 151.8 ms | −75% |\n" in new


def test_a_glob_of_real_files_with_a_percentile(run: Run) -> None:
    write("bench/b.json", (EVIDENCE / "pyperf/before.json").read_bytes())
    write("bench/a.json", (EVIDENCE / "pyperf/after.json").read_bytes())
    new = recorded(run, OPEN, "--select", "join", "--statistic", "p95", files=GLOBS)
    (entry,) = split_front_matter(new)[1]["perfcase_evidence"]
    assert (entry["select"], entry["statistic"]) == ("join", "p95")


def test_values_are_read_back_as_the_files(run: Run) -> None:
    """Not so `1.234 s`, which may be a decimal or more than a thousand."""
    write("bench/b0.json", measured(9.8765))
    write("bench/a0.json", measured(1.2345))
    assert "| Response Time | 9.88 s | 1.23 s | −88% |" in recorded(run, OPEN)


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.sampled_from(" |*_`<&[]\\{~:/"), max_size=30
    )
)
def test_a_name_in_a_cell_shows_as_it_is(name: str) -> None:
    name = " ".join(name.split())
    assert plain(cell_name(name)) == name


KEYS = st.text(string.ascii_lowercase, min_size=1, max_size=8)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(string.printable, max_size=12)
LISTS = st.lists(SCALARS, max_size=3)
VALUES = SCALARS | LISTS | st.dictionaries(KEYS, SCALARS | LISTS, max_size=3)


@given(
    st.dictionaries(KEYS, VALUES, min_size=1, max_size=4),
    st.lists(st.fixed_dictionaries({"metric": KEYS, "before": KEYS, "after": KEYS | st.lists(KEYS)}), max_size=4),
    st.booleans(),
)
def test_front_matter_keeps_all_else(meta: dict[str, object], entries: list[dict[str, str]], flow: bool) -> None:
    evidence = {"perfcase_evidence": entries} if entries else {}
    front = yaml.safe_dump({**meta, **evidence}, default_flow_style=None if flow else False, sort_keys=False)
    text = f"---\n{front}---\n\n# Prices\n"
    if split_front_matter(text)[1] != {**meta, **evidence}:
        return  # dashes within a text
    entry = {"metric": "cold start: a|b", "before": "/b.json", "after": "/a*.json"}
    try:
        new = edited(text, entry_edits(text, [entry])).text
    except RefusedError:
        assert flow, "block style is always extended"
        return
    assert split_front_matter(new)[1] == {**meta, "perfcase_evidence": [*entries, entry]}
    assert [line for line in new.split("\n") if line in text.split("\n")] == text.split("\n")
    assert entry_edits(new, [entry]) == []


@pytest.mark.parametrize("chunk", range(4))
def test_nothing_else_is_lost_on_any_page(bench: Run, chunk: int) -> None:
    """Over pages that are odd in every way, each line stays but for those of the entry and of the comparison."""
    write("mkdocs.yml", "site_name: Prices\nmarkdown_extensions: [admonition, pymdownx.superfences, pymdownx.tabbed]\n")
    outcomes = Counter[int]()
    for number in range(chunk, 32, 4):
        before = mutant(number).file
        write(PAGE, before.encode())
        metric = ("Response Time", "Cold | Start")[number // 4 % 2]
        arguments = ("record", *GLOBS, "--in", PAGE, "--metric", metric)
        result = bench(*arguments)
        after = Path(PAGE).read_bytes().decode()
        outcomes[result.exit_code] += 1
        if result.exit_code:
            assert after == before
            continue
        assert bench(*arguments).stdout == f"{PAGE} says all that already\n"
        assert not {"PC601", "PC602", "PC603", "PC604"} & set(evidence_findings(bench))
        left = iter(after.removeprefix("\ufeff").splitlines(keepends=True))
        kept = [line for line in before.removeprefix("\ufeff").splitlines(keepends=True) if "|" not in line]
        assert all(line in left for line in kept), number
    assert outcomes[0] >= 4

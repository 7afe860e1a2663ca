"""The records as data: JSON in the published shape, and CSV that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from conftest import COMPLETE, Site, with_section

MakeSite = Callable[..., Site]

NUMBER = (int, float, type(None))
TEXT_OR_NONE = (str, type(None))
VALUE = {"text": str, "value": NUMBER, "unit": TEXT_OR_NONE}
METRIC = {"name": str, "polarity": str, "before": VALUE, "after": VALUE, "change_percent": NUMBER, "verdict": str, "stated": TEXT_OR_NONE, "evidence": (dict, type(None))}  # fmt: skip
RECORD = {
    "id": str, "title": str, "path": str, "url": str, "status": TEXT_OR_NONE, "stage": str,
    "types": [str], "component": str, "date": TEXT_OR_NONE, "owner": TEXT_OR_NONE, "tags": [str],
    "metrics": [METRIC],
    "targets": [{"text": str, "metric": str, "met": (bool, type(None))}],
    "acceptance": {"checked": int, "waived": int, "total": int, "open": [{"text": str, "line": int}]},
    "verification": {"checked": int, "total": int},
    "findings": int,
}  # fmt: skip
SHAPE = {"version": int, "records": [RECORD]}
"""The published shape."""


def assert_shape(value: Any, shape: Any, where: str = "") -> None:
    if isinstance(shape, dict):
        assert list(value) == list(shape), where
        for name, inner in shape.items():
            assert_shape(value[name], inner, f"{where}.{name}")
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for item in value:
            assert_shape(item, shape[0], f"{where}[]")
    else:
        assert isinstance(value, shape), f"{where}: {value!r}"
        assert shape is not int or not isinstance(value, bool), where


def loaded(site: Site, name: str = "perfcase.json") -> dict[str, Any]:
    def refused(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    data: dict[str, Any] = json.loads((site.output / name).read_text(encoding="utf-8"), parse_constant=refused)
    return data


def lines(site: Site, name: str = "perfcase.csv") -> list[dict[str, str]]:
    with (site.output / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


TABLE = """### Before/After Comparison

| Metric | Before | After | Improvement |
| --- | --- | --- | --- |
| Response Time | 1.5 s | 300 ms | 80% |
| Throughput | 120 rps | >300 rps | |
| Latency | 100-200 ms | 50 ms | |
| Errors | 0 | 5 | |
| Mood | bad | good | better |
| Memory Usage | 210 MB | - | |
| CPU Usage | 80% | 12 MB | [X%] |
"""
META = '---\ntags: [db, "a; b"]\ndate: 2026-05-04\nowner: Ada, Grace\nstatus: proposed\n---\n'


def test_the_shape(make_site: MakeSite) -> None:
    pages = {
        "b.md": META + with_section(TABLE).replace("- [x] No", "- [ ] No"),
        "a.md": with_section("### Before/After Comparison\n\nNothing yet.\n"),
        "c.md": "---\nperfcase: true\n---\n# C\n",
    }
    data = loaded(make_site(pages).build())
    assert_shape(data, SHAPE)
    assert data["version"] == 1
    assert [record["path"] for record in data["records"]] == ["a.md", "b.md", "c.md"]
    metrics = {metric["name"]: metric for metric in data["records"][1]["metrics"]}
    assert {name: (m["before"]["value"], m["after"]["value"], m["change_percent"], m["verdict"]) for name, m in metrics.items()} == {
        "Response Time": (1.5, 300, -80.0, "improved"),
        "Throughput": (120, 300, 150.0, "improved"),
        "Latency": (150, 50, -66.67, "improved"),
        "Errors": (0, 5, None, "regressed"),
        "Mood": (None, None, None, "unknown"),
        "Memory Usage": (210, None, None, "unknown"),
        "CPU Usage": (80, 12, None, "unknown"),
    }  # fmt: skip
    assert metrics["Mood"]["before"] == {"text": "bad", "value": None, "unit": None}
    assert metrics["Throughput"]["after"] == {"text": ">300 rps", "value": 300, "unit": "req/s"}
    stated = {name: metric["stated"] for name, metric in metrics.items() if metric["stated"]}
    assert stated == {"Response Time": "80%", "Mood": "better"}  # and no placeholder


@pytest.mark.parametrize("directory_urls", [True, False])
def test_urls_lead_to_the_records(make_site: MakeSite, directory_urls: bool) -> None:
    pages = {"performance/prices.md": COMPLETE, "tuning/index.md": COMPLETE, "größe.md": COMPLETE}
    site = make_site(pages, use_directory_urls=directory_urls).build()
    for record in loaded(site)["records"]:
        url = unquote(record["url"])
        assert (site.output / (f"{url}index.html" if url.endswith("/") else url)).is_file()


def test_csv_has_a_line_for_each_metric(make_site: MakeSite) -> None:
    pages = {"b.md": META + with_section(TABLE), "a.md": with_section("### Before/After Comparison\n\nNothing yet.\n")}
    site = make_site(pages).build()
    rows = lines(site)
    assert [(row["path"], row["metric"]) for row in rows] == [("a.md", "")] + [
        ("b.md", name)
        for name in ("Response Time", "Throughput", "Latency", "Errors", "Mood", "Memory Usage", "CPU Usage")
    ]
    assert rows[1] == {
        "id": "b", "title": "Cache the price list", "path": "b.md", "url": "b/", "status": "proposed", "stage": "verified",
        "types": "Database Query; Cache Strategy", "component": "Price list", "date": "2026-05-04", "owner": "Ada, Grace",
        "tags": "db; a; b", "criteria_checked": "4", "criteria_waived": "0", "criteria_total": "4",
        "verification_checked": "5", "verification_total": "5", "metric": "Response Time", "polarity": "lower",
        "before": "1.5 s", "before_value": "1.5", "before_unit": "s", "after": "300 ms", "after_value": "300",
        "after_unit": "ms", "change_percent": "-80.0", "verdict": "improved", "stated": "80%",
    }  # fmt: skip
    assert rows[0]["before"] == rows[0]["change_percent"] == rows[0]["verdict"] == ""
    raw = (site.output / "perfcase.csv").read_bytes()
    assert b"\r" not in raw
    assert raw.endswith(b"\n")


def test_csv_says_what_json_says(make_site: MakeSite) -> None:
    site = make_site({"b.md": META + with_section(TABLE), "a.md": COMPLETE}).build()
    metrics = [(record, metric) for record in loaded(site)["records"] for metric in record["metrics"]]
    for (record, metric), row in zip(metrics, lines(site), strict=True):
        assert (row["title"], row["metric"], row["after"]) == (record["title"], metric["name"], metric["after"]["text"])
        percent = metric["change_percent"]
        assert row["change_percent"] == ("" if percent is None else str(percent))


@pytest.mark.parametrize("formula", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://example.org","x")'])
def test_a_spreadsheet_runs_nothing(make_site: MakeSite, formula: str) -> None:
    title = json.dumps(formula)
    record = f"---\ntitle: {title}\nowner: {title}\ntags: [{title}]\n---\n{COMPLETE}".replace(
        "| Response Time |", f"| `{formula}` |"
    )
    site = make_site({"a.md": record.replace("**Component:** Price list", f"**Component:** `{formula}`")}).build()
    row = lines(site)[0]
    assert [row[name] for name in ("title", "owner", "tags", "component", "metric")] == [f"'{formula}"] * 5
    assert loaded(site)["records"][0]["title"] == formula
    numbers = [row["change_percent"] for row in lines(site) if row["change_percent"]]
    assert all(float(number) for number in numbers)  # a number below zero stays one


def test_lines_and_quotes_are_read_back(make_site: MakeSite) -> None:
    odd = 'Ada "the first", 2\nnd; line'
    record = f"---\nowner: {json.dumps(odd)}\n---\n{COMPLETE}".replace("| Response Time |", '| Response "Time", p95 |')
    row = lines(make_site({"a.md": record}).build())[0]
    assert row["owner"] == " ".join(odd.split())
    assert row["metric"] == 'Response "Time", p95'


def test_another_name(make_site: MakeSite) -> None:
    site = make_site({"performance/a.md": COMPLETE}, {"export": "data/all.json"}).build()
    assert loaded(site, "data/all.json")["records"]
    assert lines(site, "data/all.csv")
    assert not list(site.output.rglob("perfcase.json"))
    index = site.page("performance/index.html")
    assert [(a.get_text(), a["href"]) for a in index.select("a[download]")] == [
        ("all.json", "../data/all.json"),
        ("all.csv", "../data/all.csv"),
    ]


def test_no_export(make_site: MakeSite) -> None:
    site = make_site({"performance/a.md": COMPLETE}, {"export": None}).build()
    assert site.error is None
    assert not [path for path in site.output.rglob("*") if path.suffix in (".json", ".csv") and "perfcase" in path.name]
    assert not site.page("performance/index.html").select("a[download]")


def test_no_record(make_site: MakeSite) -> None:
    site = make_site({}).build()
    assert loaded(site) == {"version": 1, "records": []}
    text = (site.output / "perfcase.csv").read_text(encoding="utf-8")
    assert len(list(csv.reader(io.StringIO(text)))) == 1

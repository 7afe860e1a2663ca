"""What a built site shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from conftest import COMPLETE, ROOT, Site, one, replaced, shown, text, with_section

MakeSite = Callable[..., Site]
PRICES = "performance/prices/index.html"
INDEX = "performance/index.html"
TEMPLATE = (ROOT / "mkdocs_perfcase" / "template.md").read_text(encoding="utf-8")


def test_the_records_page(make_site: MakeSite) -> None:
    record = COMPLETE.replace("- [x] No reg", "- [ ] No reg").replace("- [x] Monitor", "- [ ] Monitor")
    page = (
        make_site({"performance/prices.md": "---\nowner: Ada\ndate: 2026-05-04\n---\n" + record}).build().page(PRICES)
    )
    summary = one(page, ".perfcase-summary")
    assert isinstance(summary.find_previous_sibling(), Tag)
    facts = {text(dt): text(dt.find_next("dd")) for dt in summary.select("dt")}  # type: ignore[arg-type]
    assert facts == {
        "Component": "Price list",
        "Type": "Database Query, Cache Strategy",
        "Owner": "Ada",
        "Date": "2026-05-04",
        "Acceptance criteria": "3/4",
        "Verification": "4/5",
        "Targets met": "2/2",
    }
    assert text(one(summary, ".perfcase-stage")) == "measured"
    assert (
        shown(one(summary, ".perfcase-result")) == "Response Time improved 450 ms → 120 ms, −73%, 3.8× as fast stated"
    )
    link = one(summary, ".perfcase-open a")
    assert text(link) == "No regression in other areas"
    target = one(page, f'[id="{str(link["href"])[1:]}"]')
    assert target.name == "li"
    assert "No regression" in target.get_text()


def cells(page: BeautifulSoup, heading: str) -> dict[str, list[str]]:
    title = next(h for h in page.select("h3") if heading in h.get_text())
    table = title.find_next("table")
    assert isinstance(table, Tag)
    return {
        text(row.select("td")[0]): [text(cell) for cell in row.select("td")[1:]] for row in table.select("tbody tr")
    }


def test_improvements_are_filled_in_and_stated_ones_kept(make_site: MakeSite) -> None:
    page = make_site({"performance/prices.md": COMPLETE}).build().page(PRICES)
    assert cells(page, "Before/After") == {
        "Response Time": ["450 ms", "120 ms", "73% improved"],
        "Throughput": ["120 rps", "310 rps", "+158% improved"],
        "CPU Usage": ["80%", "45%", "−44% improved"],
        "Memory Usage": ["210 MB", "190 MB", "−9.5% improved"],
    }


def test_a_missing_improvement_column_is_added(make_site: MakeSite) -> None:
    table = "### Before/After Comparison\n\n| Metric | Before | After |\n| --- | --- | --- |\n| [Response Time](https://example.org) | `450 ms` | 600 ms |\n| Mood | bad | good |\n"
    page = make_site({"performance/prices.md": with_section(table)}).build().page(PRICES)
    assert cells(page, "Before/After") == {
        "Response Time": ["450 ms", "600 ms", "+33% regressed"],
        "Mood": ["bad", "good", ""],
    }
    row = next(h for h in page.select("h3") if "Before/After" in h.get_text()).find_next("tbody")
    assert isinstance(row, Tag)
    assert one(row, "a")["href"] == "https://example.org"
    assert text(one(row, "code")) == "450 ms"


def test_a_mix_of_decimal_and_binary_sizes_is_noted(make_site: MakeSite) -> None:
    record = COMPLETE.replace("| Memory Usage | 210 MB | 190 MB | |", "| Memory Usage | 210 MiB | 190 MB | |")
    page = make_site({"performance/prices.md": record}).build().page(PRICES)
    cell = next(c for c in page.select("td .perfcase-change") if "14%" in c.get_text())
    assert cell["title"] == "computed from before and after; KB is 1000 bytes, KiB 1024"


def test_checkboxes_show_without_the_task_list_extension(make_site: MakeSite) -> None:
    page = (
        make_site({"performance/prices.md": COMPLETE.replace("[x] No", "[ ] No"), "list.md": "# List\n\n- [ ] mine\n"})
        .build()
        .page(PRICES)
    )
    boxes = page.select("li input[type=checkbox]")
    assert [box.has_attr("checked") for box in boxes][:4] == [True, False, True, True]


def test_other_pages_are_left_alone(make_site: MakeSite) -> None:
    pages = {
        "list.md": "# List\n\n- [ ] mine\n\n| Metric | Before | After | Improvement |\n|--|--|--|--|\n| a | 1 ms | 2 ms | |\n"
    }
    with_plugin = make_site(pages).build().page("list/index.html")
    assert "[ ] mine" in with_plugin.get_text()
    assert not with_plugin.select("[class*=perfcase]")


def test_the_index(make_site: MakeSite) -> None:
    pages = {
        "performance/prices.md": COMPLETE,
        "performance/basket.md": COMPLETE.replace("# Cache the price list", "# Faster basket").replace("[x] No", "[ ] No"),
        "performance/plan.md": "---\nstatus: proposed\n---\n"
        + COMPLETE.replace("# Cache the price list", "# Plan").replace("| 120 ms | 73% |", "| - | |").replace("| 310 rps |", "| |").replace("| 45% |", "| |").replace("| 190 MB |", "| n/a |").replace("[x]", "[ ]"),
    }  # fmt: skip
    page = make_site(pages).build().page(INDEX)
    table = page.select(".perfcase-table")[0]
    assert [text(th) for th in table.select("th")] == ["Record", "Result", "Criteria", "Stage"]
    rows = [[text(cell) for cell in row.select("td")] for row in table.select("tbody tr")]
    of = "Price list Database Query, Cache Strategy"
    result = "Response Time 450 ms → 120 ms −73% improved"
    assert rows == [
        [f"Cache the price list {of}", result, "4/4", "verified"],
        [f"Faster basket {of}", result, "3/4", "measured"],
        [f"Plan {of}", "not measured", "0/4", "planned (proposed)"],
    ]
    totals = {text(dt): text(dt.find_next("dd")) for dt in page.select(".perfcase-totals dt")}  # type: ignore[arg-type]
    assert totals == {"Records": "3", "Accepted": "1", "Open criteria": "5", "Targets met": "4 of 4"}
    assert [a["href"] for a in table.select("a")] == ["prices/", "basket/", "plan/"]
    open_links = [a["href"] for a in page.select(".perfcase-open-list li li a")]
    assert open_links[0] == "basket/#perfcase-criterion-2"
    assert len(open_links) == 5
    metrics = [text(row.select("td")[0]) for row in page.select(".perfcase-table")[1].select("tbody tr")]
    assert metrics == ["Response Time", "Throughput", "CPU Usage", "Memory Usage"]


def test_index_links_lead_somewhere(make_site: MakeSite) -> None:
    site = make_site({"performance/prices.md": COMPLETE.replace("[x] No", "[ ] No")}).build()
    for link in site.page(INDEX).select(".perfcase-index a:not([download])"):
        path, _, anchor = str(link["href"]).partition("#")
        target = site.page(str(Path("performance", path, "index.html")))
        assert not anchor or target.find(id=anchor)


def test_the_index_is_in_search_and_in_its_own_toc(make_site: MakeSite) -> None:
    site = make_site({"performance/prices.md": COMPLETE}, theme="mkdocs")
    site.config["plugins"] = ["search", "perfcase"]
    site.build(strict=True)
    assert site.error is None
    entries = json.loads((site.output / "search/search_index.json").read_text(encoding="utf-8"))["docs"]
    found = {entry["location"]: entry["text"] for entry in entries}
    assert " ".join(found["performance/#perfcase-records"].split()) == (
        "Record Result Criteria Stage Cache the price list Price list Database Query, Cache Strategy "
        "Response Time 450 ms → 120 ms −73% improved 4/4 verified"
    )
    summary = " ".join(found["performance/prices/"].split())
    assert summary.startswith("Cache the price list Response Time improved 450 ms → 120")
    assert site.page(INDEX).select('a[href="#perfcase-open"]')


@pytest.mark.parametrize("theme", ["mkdocs", "material"])
def test_charts_are_on_the_page_and_not_in_search(make_site: MakeSite, theme: str) -> None:
    site = make_site({"performance/prices.md": COMPLETE}, theme=theme)
    site.config["plugins"] = ["search", "perfcase"]
    site.build(strict=True)
    assert site.error is None
    index = (site.output / "search/search_index.json").read_text(encoding="utf-8")
    assert "450 ms" in index
    assert "before outlined" not in index
    for page in (site.page("performance/prices/index.html"), site.page(INDEX)):
        assert "\x02" not in str(page)
        assert page.select("svg.perfcase-meter rect")
        assert page.select("svg.perfcase-bars rect")
    titles = site.page("performance/prices/index.html").select("figure.perfcase-chart title")
    assert {title.get_text() for title in titles} == {"Share of total time", "Before and after", "Benchmark scenarios"}


def test_a_page_of_the_users_own_is_never_replaced(make_site: MakeSite) -> None:
    site = make_site({"performance/index.md": "# Ours\n\nOur words.\n", "performance/prices.md": COMPLETE}).build(
        strict=True
    )
    assert site.error is None
    assert "Our words." in site.page(INDEX).get_text()
    assert any("no index is shown" in message for _, message in site.log)


def test_index_and_tables_anywhere(make_site: MakeSite) -> None:
    page = """# Ours

Our words.

<!-- perfcase: index -->

<!-- perfcase: table type="Cache Strategy" metric="throughput" -->

<!-- perfcase: table type="Infrastructure" -->

    <!-- perfcase: index -->
"""
    site = make_site({"ours.md": page, "performance/prices.md": COMPLETE}, {"index": None}).build(strict=True)
    assert site.error is None
    ours = site.page("ours/index.html")
    tables = ours.select(".perfcase-table")
    assert [a["href"] for a in tables[0].select("a")] == ["../performance/prices/"]
    assert [text(cell) for cell in tables[-1].select("td")] == [
        "Cache the price list",
        "120 rps",
        "310 rps",
        "+158% improved",
    ]
    assert "No measured record matches." in ours.get_text()
    assert "perfcase: index" in one(ours, "pre").get_text()
    assert not (site.output / INDEX).exists()


def test_the_export(make_site: MakeSite) -> None:
    source = "---\ntags: [db]\n---\n" + COMPLETE.replace("[x] No", "[ ] No")
    site = make_site({"performance/prices.md": source}).build()
    data = json.loads((site.output / "perfcase.json").read_text(encoding="utf-8"))
    (record,) = data["records"]
    metrics = record.pop("metrics")
    record.pop("targets")
    assert data["version"] == 1
    assert record == {
        "id": "prices",
        "title": "Cache the price list",
        "path": "performance/prices.md",
        "url": "performance/prices/",
        "status": None,
        "stage": "measured",
        "types": ["Database Query", "Cache Strategy"],
        "component": "Price list",
        "date": None,
        "owner": None,
        "tags": ["db"],
        "acceptance": {
            "checked": 3,
            "waived": 0,
            "total": 4,
            "open": [
                {
                    "text": "No regression in other areas",
                    "line": source.splitlines().index("- [ ] No regression in other areas") + 1,
                }
            ],
        },
        "verification": {"checked": 5, "total": 5},
        "findings": 1,
    }
    assert metrics[0] == {
        "name": "Response Time",
        "polarity": "lower",
        "before": {"text": "450 ms", "value": 450, "unit": "ms"},
        "after": {"text": "120 ms", "value": 120, "unit": "ms"},
        "change_percent": -73.33,
        "verdict": "improved",
        "stated": "73%",
        "evidence": None,
    }


def test_a_theme_can_override_templates(make_site: MakeSite, tmp_path: Path) -> None:
    folder = tmp_path / "overrides" / "perfcase"
    folder.mkdir(parents=True)
    (folder / "summary.html").write_text(
        "<p class='mine'>{{ record.title }} is {{ record.stage }}</p>", encoding="utf-8"
    )
    theme = {"name": "mkdocs", "custom_dir": "overrides"}
    page = make_site({"performance/prices.md": COMPLETE}, theme=theme).build().page(PRICES)
    assert text(one(page, ".mine")) == "Cache the price list is verified"


def test_the_blank_template_as_a_page(make_site: MakeSite) -> None:
    site = make_site({"performance/blank.md": TEMPLATE}).build()
    assert site.error is None
    findings = site.findings()
    placeholders = [
        n for n, line in enumerate(TEMPLATE.splitlines(), 1) if "\\[" in line and "Same structure" not in line
    ]
    named = {int(finding.split(":")[1]) for finding in findings}
    spare = {
        n
        for n in placeholders
        if any(
            f"[{name} 2]" in TEMPLATE.splitlines()[n - 1].replace("\\", "")
            for name in ("Bottleneck", "Change", "Scenario")
        )
    }
    assert set(placeholders) <= named
    assert len(spare) == 3
    assert len(findings) == len(set(findings))
    assert text(one(site.page("performance/blank/index.html"), ".perfcase-stage")) == "draft"


def test_hostile_text_is_shown_as_text(make_site: MakeSite) -> None:
    evil = "<script>alert(1)</script>\"'{{ 7*7 }} & more"
    record = COMPLETE.replace("# Cache the price list", f'---\nowner: "{evil.replace(chr(34), "")}"\n---\n# T').replace(
        "*   **Component:** Price list", f"*   **Component:** `{evil}`"
    )
    record = record.replace("- [x] No regression in other areas", f"- [ ] No regression in other areas `{evil}`")
    record = record.replace("| Response Time |", f"| `{evil}` |")
    site = make_site({"performance/prices.md": record}).build()
    for name in (PRICES, INDEX):
        page = site.page(name)
        assert not [script for script in page.select("script") if "alert" in script.get_text()]
        assert "{{ 7*7 }}" in page.get_text()
    assert "alert(1)" in (site.output / "perfcase.json").read_text(encoding="utf-8")


def test_dirty_builds_keep_unmodified_records(make_site: MakeSite) -> None:
    site = make_site({"performance/prices.md": COMPLETE.replace("[x] No", "[ ] No")}).build()
    site.build(dirty=True)
    assert site.error is None
    assert len(site.findings("WARNING")) == 1
    assert "Cache the price list" in site.page(INDEX).get_text()


@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs", "material"])
@pytest.mark.parametrize("directory_urls", [True, False])
def test_themes_and_urls(make_site: MakeSite, theme: str, directory_urls: bool) -> None:
    site = make_site({"performance/prices.md": COMPLETE}, theme=theme, use_directory_urls=directory_urls).build(
        strict=True
    )
    assert site.error is None
    name = PRICES if directory_urls else "performance/prices.html"
    assert "−73%" in one(site.page(name), ".perfcase-summary").get_text()
    link = site.page(INDEX).select(".perfcase-table a")[0]["href"]
    assert link == ("prices/" if directory_urls else "prices.html")
    assert (site.output / "assets/perfcase.css").is_file()


def test_exclude_and_front_matter_overrule(make_site: MakeSite) -> None:
    pages = {
        "a.md": COMPLETE,
        "b.md": "---\nperfcase: false\n---\n" + COMPLETE,
        "c.md": "---\nperfcase: true\n---\n# C\n",
    }
    site = make_site(pages, {"exclude": ["a.md"]}).build()
    data = json.loads((site.output / "perfcase.json").read_text(encoding="utf-8"))
    assert [record["path"] for record in data["records"]] == ["c.md"]


def test_a_template_kept_among_the_pages_is_no_record(make_site: MakeSite) -> None:
    site = make_site({"performance/template.md": TEMPLATE}, {"template": "docs/performance/template.md"}).build(
        strict=True
    )
    assert site.error is None


def test_one_pages_content_does_not_reach_another(make_site: MakeSite) -> None:
    pages = {f"performance/p{n}.md": COMPLETE.replace("Price list", f"Part {n}") for n in range(3)}
    site = make_site(pages).build()
    for n in range(3):
        assert f"Part {n}" in one(site.page(f"performance/p{n}/index.html"), ".perfcase-summary").get_text()


def test_empty_and_odd_pages(make_site: MakeSite) -> None:
    pages = {
        "performance/empty.md": "",
        "performance/nul.md": "\x00\x01\x02\x03" + COMPLETE,
        "performance/deep.md": COMPLETE + "\n" + "".join("    " * n + "- x\n" for n in range(40)),
        "performance/no-comparison.md": replaced(
            "### Before/After Comparison", "### Before/After Comparison\n\n| a |\n| - |\n"
        ),
    }
    assert make_site(pages).build().error is None


@pytest.mark.parametrize("name", ["performance/README.md", "Performance/index.md", "performance/index.html"])
def test_whatever_is_built_to_the_indexs_place_stays(make_site: MakeSite, name: str) -> None:
    site = make_site({name: "# Ours\n\nOur words.\n", "performance/prices.md": COMPLETE}).build(strict=True)
    assert site.error is None
    built = [path for path in site.output.rglob("*.html") if "Our words." in path.read_text(encoding="utf-8")]
    assert len(built) == 1
    assert any(message.startswith(f"{name}: no index is shown") for _, message in site.log)


def test_a_file_of_the_users_own_is_no_place_for_the_export(make_site: MakeSite) -> None:
    site = make_site({"perfcase.csv": "mine\n", "performance/prices.md": COMPLETE}).build()
    assert (
        "ERROR",
        "perfcase: option 'export': perfcase.csv is a file of the site's own; name another path",
    ) in site.log


def test_the_extension_beside_the_plugin_only_adds_options(make_site: MakeSite) -> None:
    extension = {"perfcase": {"gate": True, "metrics": {"Throughput": "lower"}}}
    site = make_site({"performance/prices.md": COMPLETE}, markdown_extensions=[extension]).build()
    assert site.error is None
    assert len(site.page(PRICES).select(".perfcase-summary")) == 1
    assert "regressed" in site.page(PRICES).get_text()


def test_records_in_templates_of_the_theme(make_site: MakeSite) -> None:
    site = make_site({"performance/prices.md": COMPLETE}, theme={"name": "mkdocs", "custom_dir": "own"})
    (site.folder / "own").mkdir()
    (site.folder / "own" / "404.html").write_text(
        "{% for record in perfcase_records() %}{{ record | perfcase_url }} {{ record.stage }}{% endfor %}",
        encoding="utf-8",
    )
    assert site.build().error is None
    assert (site.output / "404.html").read_text(encoding="utf-8") == "performance/prices/ verified"


def test_macros_are_told_the_records(make_site: MakeSite) -> None:
    pages = {
        "won.md": "{% for record in perfcase_records() %}* {{ record.title }}\n{% endfor %}",
        "performance/prices.md": COMPLETE,
    }
    site = make_site(pages)
    site.config["plugins"] = ["macros", "perfcase"]
    assert site.build(strict=True).error is None
    assert text(one(site.page("won/index.html"), "[role=main] li")) == "Cache the price list"

"""The index over all records, what pages load for it, and the marks in a site's navigation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import cycle, islice
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from conftest import COMPLETE, Site, one, shown, study, text, with_section

from mkdocs_perfcase.index_view import index_view
from mkdocs_perfcase.options import read_options
from mkdocs_perfcase.render import Renderer
from mkdocs_perfcase.views import RecordView, record_view

MakeSite = Callable[..., Site]
INDEX = "performance/index.html"
OPEN = COMPLETE.replace("- [x] No regression", "- [ ] No regression")


def record(source: str = COMPLETE, **meta: Any) -> str:
    """A record with front matter; its title is the one given."""
    title = meta.pop("title", "Cache the price list")
    front = f"---\n{json.dumps(meta, ensure_ascii=False)}\n---\n" if meta else ""
    return front + source.replace("# Cache the price list", f"# {title}")


def choices(page: BeautifulSoup) -> dict[str, list[str]]:
    """What the index can be filtered by."""
    return {name: values for name, _, values in json.loads(str(one(page, ".perfcase-filter")["data-filters"]))}


def records_table(page: BeautifulSoup) -> list[Tag]:
    return one(page, ".perfcase-table--records").select("tbody tr")


def test_filters_name_what_each_record_has(make_site: MakeSite) -> None:
    pages = {
        "a.md": record(title="A", tags=["db", "checkout"], owner="Ada"),
        "b.md": record(OPEN, title="B", tags="checkout, Ällü", owner="Grace"),
        "c.md": record(OPEN.replace("Database Query, Cache Strategy", "Infrastructure"), title="C", status="rolled-back"),
        "d.md": record(OPEN.replace("Database Query, Cache Strategy", "unknown"), title="D", status="draft", owner="Ada"),
    }  # fmt: skip
    page = make_site(pages).build().page(INDEX)
    given = choices(page)
    assert given == {
        "type": ["Cache Strategy", "Database Query", "Infrastructure"],
        "stage": ["measured", "verified", "rolled-back"],
        "tag": ["checkout", "db", "Ällü"],
        "owner": ["Ada", "Grace"],
    }
    found = {
        text(one(row, "a")): {
            name: sorted(given[name][int(place)] for place in str(row.get(f"data-{name}", "")).split())
            for name in given
        }
        for row in records_table(page)
    }
    both = ["Cache Strategy", "Database Query"]
    assert found == {
        "A": {"type": both, "stage": ["verified"], "tag": ["checkout", "db"], "owner": ["Ada"]},
        "B": {"type": both, "stage": ["measured"], "tag": ["checkout", "Ällü"], "owner": ["Grace"]},
        "C": {"type": ["Infrastructure"], "stage": ["rolled-back"], "tag": [], "owner": []},
        "D": {"type": [], "stage": ["measured"], "tag": [], "owner": ["Ada"]},
    }
    assert one(page, ".perfcase-filter").has_attr("hidden")  # until there is a script that filters


def test_totals_leave_out_what_was_given_up(make_site: MakeSite) -> None:
    pages = {
        "a.md": record(title="A"),
        "b.md": record(OPEN, title="B"),
        "c.md": record(OPEN, title="C", status="abandoned"),
        "d.md": record(title="D", status="superseded"),
    }
    page = make_site(pages).build().page(INDEX)
    totals = {text(dt): text(dt.find_next("dd")) for dt in page.select(".perfcase-totals dt")}  # type: ignore[arg-type]
    assert totals["Records"] == "4"
    assert totals["Accepted"] == "1"
    assert totals["Targets met"] == "4 of 4"
    assert totals["Open criteria"] == str(len(page.select(".perfcase-open-list li li")))
    assert [shown(item) for item in page.select(".perfcase-open-list > li")] == [
        "B measured No regression in other areas",
        "C abandoned Open criteria don't fail the build while the status is abandoned. No regression in other areas",
    ]


def test_rows_carry_what_they_are_sorted_by(make_site: MakeSite) -> None:
    table = "### Before/After Comparison\n\n| Metric | Before | After |\n|--|--|--|\n| Response Time | {} | {} |\n"
    values = {
        "Faster": ("450 ms", "120 ms"),
        "Slower": ("100 ms", "200 ms"),
        "Same": ("1 s", "1 s"),
        "Unclear": ("a", "b"),
    }
    pages = {f"{name}.md": record(with_section(table.format(*pair)), title=name) for name, pair in values.items()}
    pages["Faster.md"] = "---\ndate: 2026-05-04\n---\n" + pages["Faster.md"]
    page = make_site(pages).build().page(INDEX)
    header = [th.get("data-key") for th in one(page, ".perfcase-table--records").select("th")]
    assert header == ["record", "result", "open", "stage", "date"]
    gains = {text(one(row, "a")): row.select("td")[1]["data-sort"] for row in records_table(page)}
    assert list(gains) == ["Faster", "Same", "Slower", "Unclear"]  # the dated one first, then by title
    assert float(str(gains["Faster"])) > float(str(gains["Same"])) == 0 > float(str(gains["Slower"]))
    assert gains["Unclear"] == ""


def test_metrics_over_records(make_site: MakeSite) -> None:
    table = "### Before/After Comparison\n\n| Metric | Before | After |\n|--|--|--|\n| {} | {} | {} |\n"
    rows = [
        ("Response Time", "400 ms", "100 ms"),
        ("response time", "2 s", "2 s"),
        ("Response Time", "100 ms", "200 ms"),
        ("Response Time", "a while", "less"),
        ("Apdex", "0.7", "0.9"),
    ]
    pages = {f"{n}.md": record(with_section(table.format(*row)), title=f"R{n}") for n, row in enumerate(rows)}
    pages["gone.md"] = record(with_section(table.format("Response Time", "1 s", "1 ms")), status="rolled-back")
    page = make_site(pages).build().page(INDEX)
    (row,) = page.select("#perfcase-metrics ~ .perfcase-scroll tbody tr")
    assert [shown(cell) for cell in row.select("td")] == [
        "Response Time",
        "1 improved, 1 regressed, 1 unchanged",
        "−21% (3)",  # the geometric mean of a quarter, one, and two
        "−75% improved R0",
    ]


def test_tables_of_chosen_records(make_site: MakeSite) -> None:
    pages = {
        "a.md": record(title="A", tags=["db"], owner="Ada"),
        "b.md": record(title="B", tags=["web"]),
        "list.md": "# List\n\n<!-- perfcase: table tag=db -->\n\n<!-- perfcase: table owner=Ada metric='cpu usage' -->\n\n<!-- perfcase: table tag=none -->\n",
    }  # fmt: skip
    page = make_site(pages).build().page("list/index.html")
    first, second = page.select(".perfcase-table")
    assert [shown(row) for row in first.select("tbody tr")] == ["AResponse Time450 ms120 ms−73% improved"]
    assert [shown(row) for row in second.select("tbody tr")] == ["A80%45%−44% improved"]
    assert page.get_text().count("No measured record matches.") == 1


# ---- Size


def views(count: int) -> Iterable[RecordView]:
    """As many records as a large company has: dated, owned, tagged, a third of them open."""
    sources = [COMPLETE, COMPLETE, OPEN]
    meta = {"owner": "Grace Hopper", "tags": ["database", "checkout", "2026-q2"], "date": "2026-05-04"}
    front = f"---\n{json.dumps(meta)}\n---\n"
    made = [record_view(found, read_options({})) for source in sources if (found := study(front + source))]
    for number, view in enumerate(islice(cycle(made), count)):
        yield replace(
            view,
            path=f"performance/team-{number % 12}/cache-the-price-list-{number}.md",
            title=f"Cache the price list of shop {number}",
            component=f"Price list of shop {number}, larder/pricing/service.py",
            date=f"202{number % 6}-{number % 12 + 1:02}-01",
        )


def test_a_thousand_records_are_a_page_of_reasonable_size() -> None:
    index = index_view(views(1000))
    html = Renderer().index(index, lambda path: f"{path.removesuffix('.md')}/")
    assert html.count("<tr") > 1000
    assert len(html.encode()) < 1_500_000


# ---- What pages load


def loads(site: Site, name: str) -> tuple[list[str], list[str]]:
    """The stylesheet and the script of ours that a page loads, as addresses; each leads to a file."""
    page = site.page(name)
    found = []
    for selector, attribute in (("link[rel=stylesheet]", "href"), ("script[src]", "src")):
        addresses = [str(tag[attribute]) for tag in page.select(selector) if "perfcase" in str(tag[attribute])]
        for address in addresses:
            assert (site.output / name).parent.joinpath(address).resolve().is_file(), address
        found.append(addresses)
    return found[0], found[1]


@pytest.mark.parametrize("theme", ["mkdocs", "material"])
@pytest.mark.parametrize("directory_urls", [True, False])
def test_pages_load_what_they_need_and_no_more(make_site: MakeSite, theme: str, directory_urls: bool) -> None:
    pages = {
        "performance/deep/er/prices.md": COMPLETE,
        "table.md": "# Table\n\n<!-- perfcase: table -->\n",
        "code.md": "# Code\n\n    <!-- perfcase: index -->\n\nSee `<!-- perfcase: table -->`.\n",
        "both.md": COMPLETE + "\n<!-- perfcase: table -->\n",
    }
    site = make_site(pages, theme=theme, use_directory_urls=directory_urls).build()

    def loaded(name: str) -> tuple[int, int]:
        path = name if name.endswith("index") else f"{name}/index" if directory_urls else name
        stylesheets, scripts = loads(site, f"{path}.html")
        return len(stylesheets), len(scripts)

    assert loaded("performance/deep/er/prices") == (1, 0)
    assert loaded("performance/index") == (1, 1)
    assert loaded("table") == (1, 1)
    assert loaded("both") == (1, 1)
    assert loaded("code") == (0, 0)
    assert loaded("index") == (0, 0)


def test_nothing_runs_in_line(make_site: MakeSite) -> None:
    site = make_site({"performance/prices.md": OPEN}).build()
    for name in (INDEX, "performance/prices/index.html"):
        content = one(site.page(name), "[role=main]")
        assert not [tag for tag in content.select("script") if tag.get_text().strip()]
        assert not [tag for tag in content.find_all(True) if any(a.startswith("on") for a in tag.attrs)]


# ---- Material: page statuses and tags


def statuses(site: Site) -> dict[str, list[str]]:
    """The status icons in the navigation, by page."""
    links = site.page("index.html").select("nav.md-nav--primary a.md-nav__link[href]")
    return {
        text(link): [
            name for tag in link.select(".md-status") for name in tag["class"] if name.startswith("md-status--")
        ]
        for link in links
    }


MARKED = {
    "open.md": record(OPEN, title="Open"),
    "draft.md": record(COMPLETE.replace("Price list", r"\[Specific component being optimized\]"), title="Draft"),
    "done.md": record(title="Done"),
    "own.md": record(OPEN, title="Own", status="proposed"),
    "gone.md": record(OPEN, title="Gone", status="rolled-back"),
}


def test_the_navigation_marks_open_and_draft_records(make_site: MakeSite) -> None:
    declared = {"open": "Open criteria", "draft": "Draft", "proposed": "Proposed", "rolled-back": "Rolled back"}
    site = make_site(MARKED, theme="material", extra={"status": declared}).build()
    found = statuses(site)
    assert "Done" in found
    assert {title: icons for title, icons in found.items() if icons} == {
        "Open": ["md-status--open"],
        "Draft": ["md-status--draft"],
        "Own": ["md-status--proposed"],
        "Gone": ["md-status--rolled-back"],
    }
    assert len(loads(site, "index.html")[0]) == 1  # its icons stand on every page


def test_only_declared_statuses_are_given(make_site: MakeSite) -> None:
    found = statuses(make_site(MARKED, theme="material", extra={"status": {"open": "Open"}}).build())
    assert found["Open"] == ["md-status--open"]
    assert found["Draft"] == []


def test_without_a_declaration_there_are_no_marks(make_site: MakeSite) -> None:
    pages = {name: source for name, source in MARKED.items() if name not in ("own.md", "gone.md")}
    site = make_site(pages, theme="material").build()
    assert not any(statuses(site).values())
    assert not any(loads(site, "index.html"))


def test_tags_beside_us(make_site: MakeSite) -> None:
    site = make_site({"a.md": record(title="A", tags=["db", "web"])}, theme="material")
    site.config["plugins"] = ["tags", "perfcase"]
    site.build()
    assert site.error is None
    assert [text(tag) for tag in site.page("a/index.html").select("nav.md-tags .md-tag")] == ["db", "web"]
    assert choices(site.page(INDEX))["tag"] == ["db", "web"]

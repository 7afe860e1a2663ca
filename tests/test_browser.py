"""The pages in a real browser: sorting, filtering, keyboard, themes, schemes, paper, and without JavaScript."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from browser import ARGUMENTS, ARTEFACTS, chromium, served
from click.testing import CliRunner
from conftest import COMPLETE, ROOT, study
from markdown import markdown
from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import Browser, Page, expect, sync_playwright

from mkdocs_perfcase.cli import main
from mkdocs_perfcase.index_view import index_view
from mkdocs_perfcase.options import Options
from mkdocs_perfcase.render import Renderer
from mkdocs_perfcase.resources import SCRIPT, STYLESHEET, asset
from mkdocs_perfcase.views import record_view

EXAMPLE = ROOT / "example_site"
INDEX = "performance/"
RECORD = "performance/product-search/"
PROVEN, UNPROVEN, CAUGHT = (
    f"performance/{name}/" for name in ("promotion-index", "price-feed-import", "compiled-patterns")
)
THEMES = ("material", "mkdocs", "readthedocs")
VIEWS = {"desktop": (1280, 900), "phone": (390, 844)}
SEARCH_IN_FILES = "https://unpkg.com/iframe-worker"  # of Material's offline plugin, unless its privacy plugin is on
ASKED: dict[str, dict[str, str | list[str]]] = {
    "light": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},  # all that colours decide
}
"""What axe is asked in each scheme."""

WIDEST = """Math.max(...[...document.querySelectorAll("[class^=perfcase]")]
    .filter((one) => !one.closest(".perfcase-scroll, pre, table")).map((one) => one.getBoundingClientRect().right))"""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: .ci/run installs it")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def build_example(folder: Path, theme: str = "material", plugins: tuple[str, ...] = (), address: str = "") -> Path:
    """The example site in a theme, as files, for the address that it will be served at."""
    config = yaml.safe_load((EXAMPLE / "mkdocs.yml").read_text(encoding="utf-8"))
    config["docs_dir"] = str(EXAMPLE / "docs")
    config["site_dir"] = str(folder / "site")
    config["site_url"] = address or config["site_url"]
    config["plugins"] = [*config["plugins"], *plugins]
    if theme != "material":
        config["theme"] = {"name": theme, "highlightjs": False}  # which comes from elsewhere
    path = folder / "mkdocs.yml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    built = load_config(str(path), strict=True)
    built.plugins.on_startup(command="build", dirty=False)
    build(built)
    return folder / "site"


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """The example site's address in a theme; each is built once."""
    running: dict[str, Any] = {}
    addresses: dict[str, str] = {}

    def address(theme: str) -> str:
        if theme not in addresses:
            folder = tmp_path_factory.mktemp(theme)
            running[theme] = served(folder / "site")
            addresses[theme] = running[theme].__enter__()
            build_example(folder, theme, address=addresses[theme])
        return addresses[theme]

    yield address
    for server in running.values():
        server.__exit__(None, None, None)


@pytest.fixture
def opened(browser: Browser, sites: Callable[[str], str]) -> Iterator[Open]:
    """Open a page of the example site; it must raise no error, and load nothing from elsewhere."""
    contexts = []
    problems: list[str] = []

    def open_page(path: str, *, theme: str = "material", view: str = "desktop", **options: Any) -> Page:
        width, height = VIEWS[view]
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        base = path if "://" in path else sites(theme) + path
        origin = re.match(r"\w+://[^/]*/", base)

        def loads_elsewhere(url: str) -> bool:
            own = theme == "material" and origin is not None  # the others get fonts and colours from elsewhere
            return own and not url.startswith((origin[0], "data:", "blob:", SEARCH_IN_FILES))

        page.on("pageerror", lambda error: "perfcase" in f"{error.stack}" and problems.append(str(error)))
        page.on(
            "request",
            lambda request: loads_elsewhere(request.url) and problems.append(request.url),
        )
        page.goto(base)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def snap(page: Page, name: str) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)


def titles(page: Page) -> list[str]:
    """The records that the table shows, in order."""
    found: list[str] = page.eval_on_selector_all(
        ".perfcase-table--records tbody tr:not([hidden])", "rows => rows.map(row => row.querySelector('a').textContent)"
    )
    return found


def column(page: Page, number: int) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        ".perfcase-table--records tbody tr",
        f"rows => rows.map(row => row.cells[{number}].textContent.trim().replace(/\\s+/g, ' '))",
    )
    return found


def header(page: Page, name: str) -> Any:
    return page.locator(".perfcase-table--records th", has_text=name)


def field(page: Page, name: str) -> Any:
    return page.locator(f".perfcase-filter [name={name}]")


# --- sorting and filtering


def test_numbers_sort_by_value_and_best_first(opened: Open) -> None:
    page = opened(INDEX)
    header(page, "Result").get_by_role("button").click()
    assert header(page, "Result").get_attribute("aria-sort") == "descending"
    percents = [re.search(r"[−+]?[\d,.]+%", cell) for cell in column(page, 1)]
    shown = [match[0] if match else "" for match in percents]
    assert shown[:3] == ["−97%", "−88%", "+600%"]  # 32, 8.6 and 7 times
    assert shown[-1] == ""
    header(page, "Result").get_by_role("button").click()
    assert header(page, "Result").get_attribute("aria-sort") == "ascending"
    assert column(page, 1)[-1] == "not measured"
    assert "−26%" in column(page, 1)[0]


def test_every_column_sorts(opened: Open) -> None:
    page = opened(INDEX)
    header(page, "Date").get_by_role("button").click()
    dates = column(page, 5)
    assert dates == sorted(dates, reverse=True)
    header(page, "Record").get_by_role("button").click()
    assert titles(page) == sorted(titles(page), key=str.casefold)
    header(page, "Stage").get_by_role("button").click()
    stages = [cell.split()[0] for cell in column(page, 4)]
    assert (stages[0], stages[-1]) == ("planned", "rolled-back")
    header(page, "Criteria").get_by_role("button").click()
    assert {cell.split()[0] for cell in column(page, 3)[:2]} == {"0/4", "2/6"}
    assert page.locator("[aria-sort]").count() == 1


def test_filters_combine_and_count(opened: Open) -> None:
    page = opened(INDEX)
    output = page.locator(".perfcase-filter output")
    assert output.inner_text() == "12 of 12 shown"
    field(page, "type").select_option("Cache Strategy")
    assert len(titles(page)) == 3
    field(page, "stage").select_option("verified")
    assert titles(page) == ["Share cached category listings between customers"]
    assert output.inner_text() == "1 of 12 shown"
    field(page, "text").fill("nothing of the kind")
    assert output.inner_text() == "0 of 12 shown"
    page.locator(".perfcase-filter button").click()
    expect(output).to_have_text("12 of 12 shown")
    field(page, "text").fill("BASKETS maren")
    assert titles(page) == ["Find promotions by SKU instead of scanning them", "Batch the lookups of basket pricing"]


def test_the_address_keeps_what_is_shown(opened: Open) -> None:
    page = opened(INDEX + "?from=mail")
    field(page, "tag").select_option("postgresql")
    field(page, "text").fill("order")
    header(page, "Date").get_by_role("button").click()
    shown = titles(page)
    address = page.url
    assert "from=mail" in address
    assert "tag=postgresql" in address
    assert "sort=-date" in address
    other = opened(address)
    assert titles(other) == shown
    assert field(other, "tag").input_value() == "postgresql"
    other.locator(".perfcase-filter button").click()
    other.wait_for_function("!location.search.includes('tag')")
    assert other.url.endswith("?from=mail")
    assert len(titles(other)) == 12
    assert other.locator("[aria-sort]").count() == 0


@pytest.mark.parametrize("query", ["?type=Nonsense&sort=-nothing&stage=%00", "?sort=-&type=%3Cscript%3E", "?text=%20"])
def test_an_odd_address_does_no_harm(opened: Open, query: str) -> None:
    page = opened(INDEX + query)
    assert len(titles(page)) == 12
    assert page.locator(".perfcase-filter").is_visible()


def test_by_keyboard_alone(opened: Open) -> None:
    page = opened(INDEX)
    field(page, "text").focus()
    page.keyboard.type("search")
    assert len(titles(page)) < 12
    page.keyboard.press("Enter")  # sends nothing
    assert page.url.endswith("?text=search")
    page.keyboard.press("Tab")
    page.keyboard.type("Database Query")
    assert field(page, "type").input_value() == "Database Query"
    while page.evaluate("document.activeElement.closest('th')?.textContent ?? ''") != "Record":
        page.keyboard.press("Tab")
    width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert width != "0px"
    page.keyboard.press("Enter")
    assert header(page, "Record").get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Space")
    assert header(page, "Record").get_attribute("aria-sort") == "descending"


def test_without_javascript_all_is_there(opened: Open) -> None:
    page = opened(INDEX, java_script_enabled=False)
    assert page.locator(".perfcase-table--records tbody tr").count() == 12
    assert page.locator(".perfcase-table--records tbody tr").first.is_visible()
    assert not page.locator(".perfcase-filter").is_visible()
    assert page.locator(".perfcase-sort").count() == 0
    snap(page, "index-no-javascript")


def test_other_tables_sort_too(opened: Open) -> None:
    page = opened(INDEX)
    table = page.locator(".perfcase-table").nth(1)
    before = table.locator("tbody td:first-child").all_inner_texts()
    table.get_by_role("button", name="Metric").click()
    after = table.locator("tbody td:first-child").all_inner_texts()
    assert after == sorted(before, key=str.casefold)
    assert page.url.endswith(INDEX)


# --- hosts and themes


def test_instant_navigation(opened: Open) -> None:
    page = opened("onboarding/")
    page.evaluate("window.sameDocument = true")
    page.locator(".md-nav--primary a.md-nav__link", has_text="Performance").first.click()
    page.wait_for_selector(".perfcase-filter:not([hidden])")
    field(page, "type").select_option("Frontend Load Time")
    assert titles(page) == ["Split the storefront's first load"]
    page.locator(".perfcase-table--records tbody tr:not([hidden]) a").click()
    page.wait_for_selector(".perfcase-summary")
    assert page.evaluate("window.sameDocument")
    page.wait_for_function("getComputedStyle(document.querySelector('.perfcase-summary')).borderTopStyle === 'solid'")
    page.go_back()
    page.wait_for_selector(".perfcase-filter:not([hidden])")
    assert titles(page) == ["Split the storefront's first load"]
    assert page.evaluate("window.sameDocument")


def test_offline_from_a_file(opened: Open, tmp_path: Path) -> None:
    site = build_example(tmp_path, plugins=("offline",))
    page = opened((site / "performance" / "index.html").as_uri())
    field(page, "stage").select_option("accepted")
    assert len(titles(page)) == 3
    assert page.evaluate("getComputedStyle(document.querySelector('.perfcase-totals')).display") == "grid"
    again = opened(page.url)
    assert len(titles(again)) == (3 if "stage=accepted" in page.url else 12)
    again.locator(".perfcase-table--records tr:not([hidden]) a").first.click()
    again.wait_for_selector(".perfcase-summary")


def test_under_a_content_security_policy(opened: Open, tmp_path: Path) -> None:
    site = build_example(tmp_path, theme="readthedocs")
    with served(site, policy="default-src 'self'; img-src 'self' data:") as address:
        page = opened(address + INDEX)
        field(page, "type").select_option("Cache Strategy")
        assert len(titles(page)) == 3
        page.goto(address + RECORD)
        heights = page.eval_on_selector_all(".perfcase-chart > svg", "all => all.map(one => one.clientHeight)")
        assert all(height > 20 for height in heights)
        bar = page.locator(".perfcase-chart .perfcase-after").first
        assert bar.evaluate("bar => getComputedStyle(bar).fill") != "rgb(0, 0, 0)"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("view", VIEWS)
def test_nothing_scrolls_sideways(opened: Open, theme: str, view: str) -> None:
    for name, path in (("index", INDEX), ("record", RECORD), ("evidence", PROVEN), ("unproven", UNPROVEN)):
        page = opened(path, theme=theme, view=view)
        snap(page, f"{name}-{theme}-{view}")
        assert page.evaluate(WIDEST) <= VIEWS[view][0], name
        if theme == "material":  # the others let an author's long code stick out
            assert page.evaluate("document.documentElement.scrollWidth") <= VIEWS[view][0], name


@pytest.mark.parametrize("theme", THEMES)
def test_charts_have_their_height(opened: Open, theme: str) -> None:
    page = opened(RECORD, theme=theme)
    charts = page.locator(".perfcase-chart > svg")
    assert charts.count() == 4
    for chart in charts.all():
        low, high, drawn = chart.evaluate(
            """chart => {
                const box = chart.getBoundingClientRect();
                const parts = [...chart.querySelectorAll("rect, text, line")].map((part) => part.getBoundingClientRect());
                return [Math.min(...parts.map((p) => p.top)) - box.top, box.bottom - Math.max(...parts.map((p) => p.bottom)),
                        Math.max(...parts.map((p) => p.right)) - box.right];
            }"""
        )
        assert low >= -1
        assert -1 <= high <= 30
        assert drawn <= 1


@pytest.mark.parametrize(("theme", "view"), [("material", "desktop"), *((theme, "phone") for theme in THEMES)])
def test_evidence_is_drawn_within_its_figure(opened: Open, theme: str, view: str) -> None:
    for path in (PROVEN, UNPROVEN, CAUGHT):
        page = opened(path, theme=theme, view=view)
        plot = page.locator(".perfcase-evidence > svg")
        left, right, below = plot.evaluate(
            """plot => {
                const box = plot.getBoundingClientRect();
                const parts = [...plot.querySelectorAll("circle, text, line")].map((part) => part.getBoundingClientRect());
                return [Math.min(...parts.map((p) => p.left)) - box.left, box.right - Math.max(...parts.map((p) => p.right)),
                        box.bottom - Math.max(...parts.map((p) => p.bottom))];
            }"""
        )
        assert min(left, right, below) >= -1, path
        overlapping = plot.evaluate(
            """plot => [...plot.children].filter((one) => one.matches("svg")).flatMap((row) => {
                const boxes = [...row.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
                return boxes.flatMap(([one, a], n) => boxes.slice(n + 1)
                    .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
                    .map(([other]) => `${one} / ${other}`));
            })"""
        )
        assert overlapping == [], path


def test_the_index_has_room_for_evidence(opened: Open) -> None:
    page = opened(INDEX)
    wide = page.locator(".perfcase-scroll").first.evaluate("one => one.scrollWidth - one.clientWidth")
    assert wide <= 1
    assert column(page, 2)[:3] == [
        "measured by pyperf, 6 runs a side: unproven",
        "measured by pytest-benchmark, 5 runs a side",
        "measured by plain figures, one run a side: unproven",
    ]


def test_what_evidence_does_not_bear_out_is_not_called_improved(opened: Open) -> None:
    page = opened(CAUGHT)
    assert page.locator(".perfcase-summary .perfcase-change--improved").count() == 0
    assert "unproven" in page.locator(".perfcase-result").inner_text()
    cells = opened(UNPROVEN).locator(
        "h3:has-text('Before/After') ~ * tbody tr, h3:has-text('Before/After') ~ table tbody tr"
    )
    assert [cells.nth(n).locator("td").nth(1).inner_text() for n in (0, 1)] == ["342.4 ms", "78.4 MB"]


def test_print(opened: Open) -> None:
    for name, path in (("index", INDEX), ("record", RECORD)):
        page = opened(path)
        page.emulate_media(media="print")
        snap(page, f"{name}-print")
        assert page.locator(".perfcase-chart > svg").first.is_visible()
        assert not page.locator(".perfcase-filter").is_visible()
        assert len(page.pdf()) > 10_000


def test_meaning_without_colour(opened: Open) -> None:
    page = opened(RECORD)
    page.add_style_tag(content="html { filter: grayscale(1) }")
    snap(page, "record-greyscale")
    chart = page.locator(".perfcase-chart", has_text="Before and after")
    looks = chart.locator("rect").evaluate_all(
        "all => all.map(one => [one.className.baseVal.split(' ')[0], getComputedStyle(one).fill === 'none'])"
    )
    assert {tuple(look) for look in looks} == {("perfcase-before", True), ("perfcase-after", False)}
    words = chart.locator("svg svg").evaluate_all("all => all.map(one => one.textContent)")
    assert all(re.search("improved|regressed", text) for text in words)


# --- accessibility


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        INDEX,
        RECORD,
        "performance/in-process-sessions/",
        "performance/slot-reservation-locks/",
        PROVEN,
        UNPROVEN,
        CAUGHT,
    ],
)
def test_axe_finds_no_violation(opened: Open, path: str, scheme: str) -> None:
    page = opened(path, color_scheme=scheme)
    page.wait_for_timeout(300)  # themes fade between colours
    if scheme == "dark":
        snap(page, f"{path.strip('/').replace('/', '-')}-dark")
    found = Axe().run(page, options={"runOnly": ASKED[scheme]}).response
    told = [
        f"{violation['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    assert told == []


# --- load


def test_a_thousand_records(browser: Browser, tmp_path: Path) -> None:
    result = study(COMPLETE.replace("[x]", "[ ]", 4))
    assert result
    view = record_view(result, Options())
    records = [
        replace(
            view, title=f"Record {n}", path=f"performance/{n}.md", owner=f"Owner {n % 7}", date=f"2026-0{n % 9 + 1}-01"
        )
        for n in range(1000)
    ]
    html = Renderer().index(index_view(records), lambda path: path)
    assert len(html.encode()) < 1_500_000
    (tmp_path / "assets").mkdir()
    for path in (STYLESHEET, SCRIPT):
        (tmp_path / path).write_text(asset(path), encoding="utf-8")
    head = f'<!doctype html><title>Index</title><link rel="stylesheet" href="{STYLESHEET}"><script src="{SCRIPT}" defer></script>'
    (tmp_path / "index.html").write_text(f"{head}<body>{html}", encoding="utf-8")
    with served(tmp_path) as address:
        page = browser.new_page()
        page.goto(address)
        times = page.evaluate(
            """async () => {
                const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
                const select = document.querySelector("[name=owner]");
                const times = { filter: [], script: [], sort: [] };
                for (let n = 1; n <= 7; n++) {
                    await frame();
                    let start = performance.now();
                    select.selectedIndex = n;
                    select.dispatchEvent(new Event("input", { bubbles: true }));
                    times.script.push(performance.now() - start);
                    await frame();
                    times.filter.push(performance.now() - start);
                    start = performance.now();
                    document.querySelector(".perfcase-sort").click();
                    await frame();
                    times.sort.push(performance.now() - start);
                }
                return times;
            }"""
        )
        shown = page.locator(".perfcase-filter output").inner_text()
        page.close()
    assert shown == "142 of 1000 shown"
    ARTEFACTS.mkdir(exist_ok=True)
    medians = {name: round(sorted(values)[len(values) // 2], 1) for name, values in times.items()}
    report = {"bytes": len(html.encode()), "median milliseconds": medians}
    (ARTEFACTS / "thousand-records.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def test_a_written_index_sorts_as_well(opened: Open, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE / "docs", tmp_path / "docs")
    shutil.copy(EXAMPLE / "mkdocs.yml", tmp_path / "mkdocs.yml")
    config = ["--config-file", str(tmp_path / "mkdocs.yml")]
    assert CliRunner().invoke(main, ["index", *config, "--write", str(tmp_path / "index.md")]).exit_code == 0
    assert CliRunner().invoke(main, ["assets", "--write", str(tmp_path)]).exit_code == 0
    written = markdown((tmp_path / "index.md").read_text(encoding="utf-8"), extensions=["tables"])
    head = '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="perfcase.css"><script src="perfcase.js" defer></script>'
    (tmp_path / "index.html").write_text(head + written, encoding="utf-8")
    page = opened((tmp_path / "index.html").as_uri())
    by_date = page.locator("table").first.locator("tbody td:last-child").all_text_contents()
    page.get_by_role("button", name="Result").click()
    by_result = page.locator("table").first.locator("tbody a").all_text_contents()
    assert by_result[0] == "Find promotions by SKU instead of scanning them"
    assert by_result[-1] == "Shorten the lock on delivery slots", "what isn't measured comes last"
    page.get_by_role("button", name="Date").click()
    assert page.locator("table").first.locator("tbody td:last-child").all_text_contents() == by_date
    page.get_by_role("button", name="On average").click()
    assert page.locator("table").nth(1).locator("tbody td").first.text_content() == "Database Query Time"
    snap(page, "written-index")

"""Whatever stands in a record is shown as text: on its page, in the index, in tables, in JSON, CSV and SVG."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from bs4 import Tag
from conftest import COMPLETE, Site, one, with_section

MakeSite = Callable[..., Site]
EVIL = {
    "script": "<script>alert(1)</script>",
    "attribute": "\" onload='alert(1)' x=\"",
    "closing": "</title></desc></svg></table><img src=x onerror=alert(1)>",
    "template": "{{ 7*7 }} {% raw %} {{ config.site_name }}",
    "entity": "&amp; &lt;b&gt; &#60;",
    "pipe": "a | b",
    "right to left": "\u202ealert\u202c \u200fright",
    "long": "x" * 3000,
    "comment": "--> <!-- perfcase: index",
    "group": r"\1 \g<0>",
}
PAGES = ("performance/evil/index.html", "performance/index.html", "tables/index.html")
SHOWN = {
    PAGES[0]: (
        "Ada",
        "Component",
        "Metric",
        "No regression in other areas",
        "Scenario",
        "Bottleneck",
        "Expected of the changes:",
    ),
    PAGES[1]: ("Title", "Ada", "Component", "Metric", "No regression in other areas"),
    PAGES[2]: ("Title", "Metric"),
}
"""What stands before the text on each page; long values of the front matter are cut."""
TABLES = '# Tables\n\n<!-- perfcase: table -->\n\n<!-- perfcase: table metric="Mood" -->\n'


def record(evil: str, *, as_code: bool = True) -> str:
    """A record that holds a text wherever a view shows one."""
    code = f"`{evil}`" if as_code else evil
    meta = {"title": f"Title {evil}", "owner": f"Ada {evil}", "tags": [f"tag {evil}"], "date": f"2026 {evil}"}
    found = COMPLETE
    for heading, text in (
        ("### Before/After Comparison", f"| Metric | Before | After |\n| --- | --- | --- |\n| Metric {code} | 450 ms | 120 ms |\n| Mood | 1 ms ({code}) | 2 ms |\n"),
        ("### Benchmark Scenarios", f"**Scenario {code}**\n\n*   **Test conditions:** x\n*   **Before optimization:** 9 ms\n*   **After optimization:** 8 ms (target: 7 ms)\n"),
        ("### Bottlenecks Identified", f"**Bottleneck {code}**\n\n*   **Location:** a.py\n*   **Impact:** 60% of time\n*   **Root cause:** slow\n\n**Other**\n\n*   **Location:** a.py\n*   **Impact:** 20% of time\n*   **Root cause:** slow\n"),
        ("### Success Metrics", f"*   Metric {code} below 150 ms\n*   Response time reduced by 70%\n"),
    ):  # fmt: skip
        found = with_section(f"{heading}\n\n{text}", found)
    found = found.replace("**Component:** Price list", f"**Component:** Component {code}")
    found = found.replace("- [x] No regression in other areas", f"- [ ] No regression in other areas {code}")
    found = found.replace("**Expected improvement:** 60% faster", f"**Expected improvement:** {code}")
    return f"---\n{yaml.safe_dump(meta, allow_unicode=True)}---\n{found}"


def content(site: Site, name: str) -> Tag:
    """A page without what the theme makes of its title, which it doesn't escape."""
    return one(site.page(name), "[role=main]")


def skeleton(page: Tag) -> set[str]:
    """Everything that a browser would act on: elements with their attributes' names, and addresses."""
    found = set()
    for tag in page.find_all(True):
        found |= {tag.name} | {f"{tag.name} {name}" for name in tag.attrs}
        found |= {str(tag.attrs[name]) for name in ("src", "action") if name in tag.attrs}
    return found


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What pages are made of where a record holds nothing odd."""
    site = Site(tmp_path_factory.mktemp("harmless"), {"site_name": "Prices", "plugins": ["perfcase"]})
    site.write({"index.md": "# Home\n", "performance/evil.md": record("harmless"), "tables.md": TABLES})
    site.build()
    return {name: skeleton(content(site, name)) for name in PAGES}


@pytest.mark.parametrize("plugins", [["perfcase"], ["macros", "perfcase"]], ids=["alone", "macros"])
@pytest.mark.parametrize("name", EVIL)
def test_it_is_text_everywhere(
    make_site: MakeSite, harmless: dict[str, set[str]], name: str, plugins: list[str]
) -> None:
    evil = EVIL[name]
    source = record(evil)
    if "macros" in plugins:  # what an author keeps from macros must not be evaluated by a view
        source = source.replace("# Cache the price list", "# Cache the price list\n\n{% raw %}\n") + "\n{% endraw %}\n"
        source = source.replace(evil, evil.replace("{% raw %}", "{% if %}"))
        evil = evil.replace("{% raw %}", "{% if %}")
    site = make_site({"performance/evil.md": source, "tables.md": TABLES})
    site.config["plugins"] = plugins
    site.build()
    assert site.error is None
    shown = " ".join(evil.split())
    for page_name in PAGES:
        page = content(site, page_name)
        assert skeleton(page) <= harmless[page_name]
        text = " ".join(page.get_text().split())
        assert [
            what for what in SHOWN[page_name] if (what, name) != ("Ada", "long") and f"{what} {shown}" not in text
        ] == []
    told = " ".join(" ".join(desc.get_text().split()) for desc in site.page(PAGES[0]).select("svg > desc"))
    assert [what for what in ("Metric", "Scenario", "Bottleneck") if f"{what} {shown}" not in told] == []
    assert_exported(site, shown)


def assert_exported(site: Site, shown: str) -> None:
    (exported,) = json.loads((site.output / "perfcase.json").read_text(encoding="utf-8"))["records"]
    assert exported["title"].split() == f"Title {shown}".split()
    assert exported["component"].split() == f"Component {shown}".split()
    assert exported["metrics"][0]["name"].split() == f"Metric {shown}".split()
    assert shown in exported["acceptance"]["open"][0]["text"]
    assert exported["tags"][0].startswith(f"tag {shown}"[:200])
    with (site.output / "perfcase.csv").open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert first["metric"] == exported["metrics"][0]["name"]
    assert first["title"] == second["title"] == exported["title"]
    assert first["tags"] == exported["tags"][0]


def test_markup_in_a_record_is_not_markup_in_a_view(make_site: MakeSite) -> None:
    """Outside of code a browser gets an author's own HTML; views still show it as text."""
    site = make_site({"performance/evil.md": record("<b onclick=x>bold</b>", as_code=False)}).build()
    index = content(site, PAGES[1])
    assert not index.select("b, [onclick]")
    summary = site.page(PAGES[0]).select(".perfcase-summary")[0]
    assert not summary.select("b, [onclick]")


def test_front_matter_of_any_type(make_site: MakeSite) -> None:
    odd: list[Any] = [
        7,
        1.5,
        True,
        None,
        [],
        {},
        ["a", None, 3, {"b": 1}],
        {"created": [1]},
        "a\nb",
        "x" * 900,
        "2026-99-99",
    ]
    pages = {}
    for number, value in enumerate(odd):
        meta = dict.fromkeys(("owner", "date", "tags", "status", "title"), value)
        pages[f"performance/p{number}.md"] = f"---\n{yaml.safe_dump(meta)}---\n{COMPLETE}"
    site = make_site(pages).build()
    assert site.error is None
    exported = json.loads((site.output / "perfcase.json").read_text(encoding="utf-8"))["records"]
    assert len(exported) == len(odd)
    for found in exported:
        assert all(isinstance(tag, str) and tag for tag in found["tags"])
        assert all(
            found[name] is None or (isinstance(found[name], str) and len(found[name]) <= 200)
            for name in ("date", "owner")
        )
        assert isinstance(found["title"], str)
        assert found["status"] is None or isinstance(found["status"], str)

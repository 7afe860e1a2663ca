"""Zensical, which loads no plugins: the Markdown extension, the command line, and what it leaves to itself."""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from harness import COMPLETE, MEASURED, OPEN, PRICES, ROOT, Site, failing_site, feature, golden, served, shown, until

MakeSite = Callable[..., Site]
ZENSICAL = "zensical"
PAGE = "performance/prices/index.html"
LINE = OPEN.splitlines().index("- [ ] No regression in other areas") + 1
LINE_WITH_META = LINE + 4
META = "---\nowner: Ada\nstatus: agreed\n---\n"
CARD = ".perfcase-summary"


@pytest.fixture
def zensical(make_site: MakeSite) -> Callable[..., Site]:
    """A site with the extension, and no plugin."""

    def make(pages: dict[str, str] | None = None, *extensions: Any, gate: bool = False, **options: Any) -> Site:
        site = make_site(pages)
        del site.config["theme"]
        own: Any = {"perfcase": {**({"gate": True} if gate else {}), **options}}
        site.config |= {"plugins": ["search"], "markdown_extensions": ["tables", *extensions, own]}
        return site

    return make


@feature("Records' pages are enriched: the same HTML in every theme", ZENSICAL, how="by the extension")
def test_pages_of_the_extension(zensical: MakeSite) -> None:
    page = zensical().build_well().page(PAGE)
    golden("summary.html", f"{page.select(CARD)[0]}\n")
    table = next(table for table in page.select("table") if "Improvement" in table.get_text())
    golden("comparison.html", f"{table.tbody}\n")


@feature("Result files fill a record's table", ZENSICAL)
def test_evidence_of_the_extension(zensical: MakeSite) -> None:
    page = zensical(MEASURED).build_well().page(PAGE)
    assert "450 ms 120 ms −73%" in shown(page.select("table:-soup-contains('Response Time')")[-1])


@feature("… and stay out of the site", ZENSICAL, how="no; `perfcase check` says so")
def test_evidence_is_published_by_zensical(zensical: MakeSite) -> None:
    site = zensical(MEASURED)
    assert "performance/runs/after.csv and 1 more would be published by Zensical" in site.check().said
    site.build_well()
    assert site.has("performance/runs/after.csv")


@feature("Front matter and path of the page are known", ZENSICAL)
def test_page_context(zensical: MakeSite) -> None:
    page = zensical({PRICES: META + COMPLETE}, exclude=["performance/p*.md"]).build_well().page(PAGE)
    assert not page.select(CARD)
    page = zensical({PRICES: META + COMPLETE}, records=["performance/*.md"]).build_well().page(PAGE)
    assert "Owner Ada" in shown(page.select(CARD)[0])


@feature("A strict build fails on an open criterion", ZENSICAL, how="with `gate: true`")
def test_gate(zensical: MakeSite) -> None:
    site = zensical({PRICES: META + OPEN}, gate=True)
    for _ in range(2):  # a failed page isn't taken from the cache
        assert site.build().code == 1
        last = [line for line in site.said.splitlines() if line.strip()][-2:]
        assert last[0].endswith("OpenCriteria: 1 open acceptance criterion; `perfcase check` lists all of the site's")
        assert last[1].startswith(f"  {PRICES}:{LINE_WITH_META}: PC301 unchecked acceptance criterion")
        assert "Traceback" not in site.said
    site.write({PRICES: META + COMPLETE})
    site.build_well()


@feature("The same findings as `perfcase check`", ZENSICAL, how="`perfcase check` itself")
def test_findings_of_check(tmp_path: Path) -> None:
    config = failing_site(tmp_path / "site")
    site = Site(tmp_path / "site", {**config, "theme": {}}).check("--quiet")
    assert site.code == 1
    checked = (ROOT / "tests" / "golden" / "failing_site.txt").read_text(encoding="utf-8")
    line = re.compile(r"^(docs/.*?: PC\d{3} .*)", flags=re.MULTILINE)  # the configuration was written anew
    assert line.findall(site.said) == line.findall(checked)


@feature("The index is generated: the same HTML in every theme", ZENSICAL, how="by `perfcase index --write`")
def test_written_index(zensical: MakeSite) -> None:
    site = zensical()
    assert site.perfcase("index", "--write", "docs/performance/index.md").code == 0
    page = site.build_well().page("performance/index.html")
    assert [(link["href"], shown(link)) for link in page.select("article tbody a")][:1] == [
        ("prices/", "Cache the price list")
    ]
    assert "−73%" in page.get_text()
    assert site.perfcase("index", "--write", "docs/performance/index.md", "--check").code == 0


@feature("… and an entry in the search", ZENSICAL)
def test_search_of_zensical(zensical: MakeSite) -> None:
    site = zensical().build_well()
    assert "Response Time" in (site.output / "search.json").read_text(encoding="utf-8")


@feature("A page of your own in the index's place stays", ZENSICAL)
def test_own_page(zensical: MakeSite) -> None:
    site = zensical({"performance/index.md": "# Ours\n\nOur words.\n"})
    assert site.perfcase("index", "--write", "docs/performance/index.md").code == 2
    assert "Our words." in site.build_well().page("performance/index.html").get_text()


@feature("Stylesheet and script", "mkdocs", "properdocs", how="by the plugin")
def test_assets_of_the_plugin(make_site: MakeSite) -> None:
    site = make_site().build_well()
    assert site.has("assets/perfcase.css")
    assert site.has("assets/perfcase.js")


@feature("Stylesheet and script", ZENSICAL, how="by `perfcase assets --write`")
def test_assets(zensical: MakeSite) -> None:
    site = zensical()
    assert site.perfcase("assets", "--write", "docs/assets").code == 0
    site.config |= {"extra_css": ["assets/perfcase.css"], "extra_javascript": ["assets/perfcase.js"]}
    page = site.build_well().page(PAGE)
    assert page.select('link[href="../../assets/perfcase.css"]')
    assert page.select('script[src="../../assets/perfcase.js"]')
    assert site.has("assets/perfcase.css")


@feature("`serve` shows edits, on the page and in the index", ZENSICAL, how="on the page")
def test_serve_of_zensical(zensical: MakeSite) -> None:
    site = zensical()
    with served(site) as url:
        until(f"{url}/performance/prices/", "4/4")
        site.write({PRICES: OPEN})
        until(f"{url}/performance/prices/", "3/4")


@feature("`use_directory_urls: false`", ZENSICAL)
def test_plain_urls_of_zensical(zensical: MakeSite) -> None:
    site = zensical()
    site.config["use_directory_urls"] = False
    assert len(site.build_well().page("performance/prices.html").select(CARD)) == 1


@feature("`exclude_docs` and `draft_docs`: what isn't built isn't checked", ZENSICAL)
def test_pages_left_out_by_zensical(zensical: MakeSite) -> None:
    site = zensical({"old/prices.md": OPEN}, gate=True)
    site.config["exclude_docs"] = "old/\n"
    site.build_well()
    assert not site.has("old/prices/index.html")
    assert site.check().code == 0


@feature("One configuration file for this host and Zensical", ZENSICAL, how="options from either entry")
def test_options_from_the_plugins_entry(zensical: MakeSite) -> None:
    site = zensical()
    site.config["plugins"] = [{"perfcase": {"metrics": {"Throughput": "lower"}, "template": "own.md"}}]
    template = (ROOT / "mkdocs_perfcase" / "template.md").read_text(encoding="utf-8")
    site.write({"own.md": template + "\n### Costs\n\n\\[What it costs\\]\n"}, folder=".")
    page = site.build_well().page(PAGE)
    assert "regressed" in page.get_text()
    assert shown(page.select(".perfcase-stage")[0]) == "draft"  # its own template's section is missing


@feature("`zensical.toml`", ZENSICAL)
def test_toml(zensical: MakeSite) -> None:
    site = zensical({PRICES: OPEN})
    site.name = "zensical.toml"
    text = (
        '[project]\nsite_name = "Prices"\n[project.markdown_extensions.tables]\n'
        "[project.markdown_extensions.pymdownx.superfences]\n"
        'custom_fences = [{name = "mermaid", class = "mermaid", format = "pymdownx.superfences.fence_code_format"}]\n'
        '[project.markdown_extensions.perfcase]\nmetrics = {Throughput = "lower"}\ngate = '
    )
    site.write({site.name: f"{text}false\n"}, folder=".")
    assert "regressed" in site.build_well().page(PAGE).get_text()
    assert site.check().code == 1
    assert f"docs/{PRICES}:{LINE}:1: PC301" in site.said
    assert "PC502" in site.said
    site.write({site.name: f"{text}true\n"}, folder=".")
    assert site.build().code == 1
    site.write({site.name: "[project\n"}, folder=".")
    assert site.check().code == 2
    assert "zensical.toml is not valid TOML: " in site.said
    assert site.said.count("\n") == 1


@feature("A build that holds records to nothing is told by `perfcase check`", ZENSICAL)
def test_ungated_sites_are_told(zensical: MakeSite) -> None:
    site = zensical()
    site.config["plugins"] = ["perfcase"]
    del site.config["markdown_extensions"]
    assert site.check().code == 0
    assert site.said.startswith("perfcase: mkdocs.yml lists the plugin perfcase, but Zensical loads no plugins")
    site.config["markdown_extensions"] = [{"perfcase": {"gate": True}}]
    assert "Zensical" not in site.check().said


@feature("A record on a page that the host doesn't name", ZENSICAL, how="recognised by form")
def test_without_page_context(zensical: MakeSite) -> None:
    module = (
        "from markdown import Extension\n\n\nclass Forget(Extension):\n    def extendMarkdown(self, md):\n"
        "        md.preprocessors.deregister('rendering_context')\n\n\ndef makeExtension(**_):\n    return Forget()\n"
    )
    site = zensical({PRICES: OPEN}, "forget", gate=True)
    site.write({"forget.py": module}, folder=".")
    assert site.build().code == 1
    assert f"this page:{LINE}: PC301" in site.said
    site.write({PRICES: COMPLETE})
    assert len(site.build_well().page(PAGE).select(CARD)) == 1


@feature("Core, extension and command line without MkDocs installed", ZENSICAL)
def test_no_mkdocs(zensical: MakeSite) -> None:
    assert importlib.util.find_spec("mkdocs") is None
    site = zensical()
    for command in (["check"], ["new", "Faster basket"], ["rules"], ["explain", "PC301"], ["export"]):
        assert site.perfcase(*command).code == 0, site.said


@feature("The example site, and the CI lines of this page", ZENSICAL)
def test_example_site(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "example_site" / "docs", tmp_path / "docs")
    given = yaml.safe_load((ROOT / "example_site" / "mkdocs.yml").read_text(encoding="utf-8"))
    kept = {name: given[name] for name in ("site_name", "markdown_extensions", "plugins", "nav", "extra_css")}
    kept["markdown_extensions"] = [*kept["markdown_extensions"], {"perfcase": {"gate": True}}]
    site = Site(tmp_path, kept)
    assert site.perfcase("index", "--write", "docs/performance/index.md").code == 0
    documented = (ROOT / "docs" / "hosts.md").read_text(encoding="utf-8")
    lines = re.findall(r"^- run: (.+)$", documented, flags=re.MULTILINE)
    assert [line.split()[0] for line in lines] == ["perfcase", "perfcase", "zensical"]
    assert [ran(site, line) for line in lines] == [0, 0, 0], site.said
    records = [path for path in (tmp_path / "docs" / "performance").glob("*.md") if path.name != "index.md"]
    assert all(site.page(f"performance/{path.stem}/index.html").select(CARD) for path in records)
    assert len(site.page("performance/index.html").select("article table")[0].select("tbody tr")) == len(records)
    path = tmp_path / "docs" / "performance" / "basket-pricing.md"
    path.write_text(path.read_text(encoding="utf-8").replace("- [x] All bench", "- [ ] All bench"), encoding="utf-8")
    assert [ran(site, line) for line in lines] == [1, 1, 1]


def ran(site: Site, line: str) -> int:
    program, *arguments = line.split()
    return site.run(str(Path(sys.executable).with_name(program)), *arguments).code

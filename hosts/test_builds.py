"""Hosts that load plugins: the same findings, the same pages, whatever the site is set to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from harness import (
    MEASURED,
    OPEN,
    PRICES,
    ROOT,
    Site,
    assert_whole,
    failing_site,
    feature,
    golden,
    served,
    shown,
    until,
)

import mkdocs_perfcase

MakeSite = Callable[..., Site]
WITH_PLUGINS = ("mkdocs", "properdocs")
LINE = OPEN.splitlines().index("- [ ] No regression in other areas") + 1


@feature("The wheel, away from its source", "mkdocs", "properdocs", "zensical")
def test_the_package_is_the_installed_one() -> None:
    assert "site-packages" in Path(mkdocs_perfcase.__file__).parts


@feature("A strict build fails on an open criterion", *WITH_PLUGINS)
def test_strict_builds(make_site: MakeSite) -> None:
    site = make_site({PRICES: OPEN})
    assert site.build("--strict").code == 1
    assert site.said.count(f"{PRICES}:{LINE}: PC301 ") == 1
    assert "perfcase: 1 open acceptance criterion in 1 record" in site.said
    assert "Traceback" not in site.said
    assert site.build().code == 0
    assert site.said.count(f"{PRICES}:{LINE}: PC301 ") == 1


@feature("… and so does `build --strict -q`", *WITH_PLUGINS)
def test_quiet_builds(make_site: MakeSite) -> None:
    site = make_site({PRICES: OPEN})
    assert site.build("--strict", "-q").code == 1
    assert "1 open acceptance criterion" in site.said


@feature("The same findings as `perfcase check`", *WITH_PLUGINS)
def test_findings(tmp_path: Path) -> None:
    config = failing_site(tmp_path / "site")
    site = Site(tmp_path / "site", {**config, "theme": "mkdocs"})
    built = site.build().findings()
    checked = (ROOT / "tests" / "golden" / "failing_site.txt").read_text(encoding="utf-8")  # what `check` says of it
    expected = re.findall(r"^(?:docs/)?(.*?:\d+):\d+(: PC\d{3} .*)", checked, flags=re.MULTILINE)
    assert sorted(built) == sorted(map("".join, expected))


@feature("Records' pages are enriched: the same HTML in every theme", *WITH_PLUGINS)
@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs", "material"])
def test_record_pages(make_site: MakeSite, theme: str) -> None:
    site = make_site(theme=theme).build_well()
    page = site.page("performance/prices/index.html")
    golden("summary.html", f"{page.select('.perfcase-summary')[0]}\n")
    table = next(table for table in page.select("table") if "Improvement" in table.get_text())
    golden("comparison.html", f"{table.tbody}\n")
    assert_whole(site)


@feature("Result files fill a record's table", *WITH_PLUGINS)
def test_evidence(make_site: MakeSite) -> None:
    page = make_site(MEASURED).build_well().page("performance/prices/index.html")
    assert "450 ms 120 ms −73%" in shown(page.select("table:-soup-contains('Response Time')")[-1])


@feature("… and stay out of the site", *WITH_PLUGINS)
def test_evidence_is_not_published(make_site: MakeSite) -> None:
    assert not list(make_site(MEASURED).build_well().output.rglob("*runs*"))


@feature("The index is generated: the same HTML in every theme", *WITH_PLUGINS)
@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs", "material"])
def test_index_pages(make_site: MakeSite, theme: str) -> None:
    pages = {"performance/basket.md": OPEN.replace("# Cache the price list", "# Faster basket")}
    site = make_site(pages, theme=theme).build()
    golden("index.html", f"{site.page('performance/index.html').select('.perfcase-index')[0]}\n")


@feature("… with an edit link, previous and next as the page has them", *WITH_PLUGINS)
@pytest.mark.parametrize("theme", ["mkdocs", "material"])
def test_index_edit_links(make_site: MakeSite, theme: str) -> None:
    features = {"features": ["navigation.footer", "content.action.edit"]} if theme == "material" else {}
    where = {"repo_url": "https://code.example/prices", "edit_uri": "edit/main/docs/"}
    site = make_site({"performance/zebra.md": "# Zebra\n"}, theme={"name": theme, **features}, **where).build_well()
    index, prices = site.page("performance/index.html"), site.page("performance/prices/index.html")
    assert prices.select('a[href$="edit/main/docs/performance/prices.md"]')
    assert not index.select('a[href*="performance/index.md"]')  # there is no such file to edit
    assert index.select('[rel="prev"]')[0]["href"] == ".."
    assert index.select('[rel="next"]')[0]["href"] == "prices/"
    assert prices.select('[rel="prev"]')[0]["href"] == "../"


@feature("… and an entry in the search", *WITH_PLUGINS)
def test_search(make_site: MakeSite) -> None:
    site = make_site(None, "search").build_well()
    docs = json.loads((site.output / "search/search_index.json").read_text(encoding="utf-8"))["docs"]
    texts = {entry["location"]: entry["text"] for entry in docs}
    assert "−73%" in texts["performance/#perfcase-records"]
    assert "Response Time improved" in " ".join(texts["performance/prices/"].split())


@feature("A page of your own in the index's place stays", *WITH_PLUGINS)
@pytest.mark.parametrize("name", ["performance/index.md", "performance/README.md", "Performance/index.md"])
def test_own_pages(make_site: MakeSite, name: str) -> None:
    site = make_site({name: "# Ours\n\nOur words.\n"}).build_well()
    built = [path for path in site.output.rglob("index.html") if path.parent.name.lower() == "performance"]
    assert len(built) == 1
    assert "Our words." in built[0].read_text(encoding="utf-8")
    assert f"{name}: no index is shown" in site.said


@feature("`serve` shows edits, on the page and in the index", *WITH_PLUGINS)
def test_serve(make_site: MakeSite) -> None:
    site = make_site()
    with served(site) as url:
        until(f"{url}/performance/", "4/4")
        site.write({PRICES: OPEN})
        until(f"{url}/performance/", "3/4")
        until(f"{url}/performance/prices/", "Open criteria")


@feature("`--dirty` keeps the records of unmodified pages", *WITH_PLUGINS)
def test_dirty_builds(make_site: MakeSite) -> None:
    site = make_site({PRICES: OPEN}).build()
    site.write({"index.md": "# Home, again\n"})
    assert site.build("--dirty").code == 0
    assert len(site.findings()) == 1
    assert_whole(site)


@feature("`use_directory_urls: false`", *WITH_PLUGINS)
def test_plain_urls(make_site: MakeSite) -> None:
    site = make_site(use_directory_urls=False).build_well()
    assert_whole(site, "performance/prices.html", "performance/index.html")


@feature("`exclude_docs` and `draft_docs`: what isn't built isn't checked", *WITH_PLUGINS)
def test_pages_left_out(make_site: MakeSite) -> None:
    pages = {"old/prices.md": OPEN, "drafts/prices.md": OPEN}
    site = make_site(pages, exclude_docs="old/", draft_docs="drafts/").build_well()
    assert_whole(site)
    assert site.check().code == 0, site.said


@feature("`not_in_nav`, and a `nav` that names the pages", *WITH_PLUGINS)
@pytest.mark.parametrize("entry", ["performance/index.md", None])
def test_explicit_nav(make_site: MakeSite, entry: str | None) -> None:
    nav = [{"Home": "index.md"}, *([{"Performance": entry}] if entry else [])]
    site = make_site(nav=nav, not_in_nav="/performance/prices.md\n").build_well()
    assert_whole(site)
    assert bool(site.page("index.html").select('.navbar a[href="performance/"]')) == bool(entry)


@feature("A navigation made from the folders", *WITH_PLUGINS)
def test_automatic_nav(make_site: MakeSite) -> None:
    site = make_site().build_well()
    links = [str(link["href"]) for link in site.page("index.html").select(".navbar a[href]")]
    assert "performance/" in links
    assert "performance/prices/" in links


@feature("A site without a home page", *WITH_PLUGINS)
@pytest.mark.parametrize("theme", ["mkdocs", "material"])
def test_no_home_page(make_site: MakeSite, theme: str) -> None:
    site = make_site(theme=theme)
    (site.folder / "docs" / "index.md").unlink()
    assert_whole(site.build())
    assert site.code == 0
    assert not site.findings()


@feature("Records in a theme's own templates", *WITH_PLUGINS)
def test_theme_templates(make_site: MakeSite) -> None:
    listed = (
        "{% for record in perfcase_records() %}"
        "<p class='mine'><a href='{{ record | perfcase_url | url }}'>{{ record.title }}: {{ record.stage }}</a></p>"
        "{% endfor %}"
    )
    site = make_site(theme={"name": "mkdocs", "custom_dir": "own"})
    site.write({"main.html": f'{{% extends "base.html" %}}{{% block content %}}{listed}{{% endblock %}}'}, "own")
    links = site.build_well().page("index.html").select(".mine a")
    assert [(link["href"], shown(link)) for link in links] == [
        ("performance/prices/", "Cache the price list: verified")
    ]


@feature("One configuration file for this host and Zensical", *WITH_PLUGINS)
def test_shared_configuration(make_site: MakeSite) -> None:
    both = [{"perfcase": {"gate": True, "metrics": {"Throughput": "lower"}}}]
    site = make_site(markdown_extensions=both, options={"export": None}).build()
    assert site.code == 0, site.said
    built = sorted(site.findings())
    assert "PC502" in "".join(built)  # throughput that rises got worse
    assert len(site.page("performance/prices/index.html").select(".perfcase-summary")) == 1
    assert not site.has("perfcase.json")
    checked = re.sub(r"^docs/(.*?:\d+):\d+:", r"\1:", site.check("--quiet").said, flags=re.MULTILINE)
    assert built == sorted(checked.splitlines())


@feature("What can't be used is told in one line", *WITH_PLUGINS)
@pytest.mark.parametrize(
    ("options", "files", "told"),
    [
        ({"recods": []}, {}, "did you mean 'records'?"),
        ({"template": "gone.md"}, {}, "cannot read gone.md"),
        ({"export": "data.json"}, {"data.json": "{}"}, "'export': data.json is a file of the site's own"),
    ],
)
def test_wrong_options(make_site: MakeSite, options: dict[str, object], files: dict[str, str], told: str) -> None:
    site = make_site(files, options=options)
    assert site.build().code == 1
    assert sum(told in line for line in site.said.splitlines()) == 1
    assert "Traceback" not in site.said


@feature("Lines that end in CRLF, and capital letters in paths", *WITH_PLUGINS)
def test_files_from_windows(make_site: MakeSite) -> None:
    site = make_site(options={"records": ["Team A\\*.md"]})
    (site.folder / "docs" / PRICES).unlink()
    (site.folder / "docs" / "Team A").mkdir()
    (site.folder / "docs" / "Team A" / "Prices.md").write_bytes(OPEN.replace("\n", "\r\n").encode())
    site.build()
    assert f"Team A/Prices.md:{LINE}: PC301" in site.said
    assert "−73%" in site.page("Team A/Prices/index.html").select(".perfcase-summary")[0].get_text()
    assert site.page("performance/index.html").select('.perfcase-table a[href="../Team%20A/Prices/"]')

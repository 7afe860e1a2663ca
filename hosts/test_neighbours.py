"""The plugins that stand beside ours, each in a real build: nothing breaks, nothing warns, and both do their work."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from harness import COMPLETE, OPEN, PRICES, Site, assert_whole, feature, shown

MakeSite = Callable[..., Site]
WITH_PLUGINS = ("mkdocs", "properdocs")
GERMAN = COMPLETE.replace("# Cache the price list", "# Preisliste im Cache")
LANGUAGES = [
    {"locale": "en", "name": "English", "default": True, "build": True},
    {"locale": "de", "name": "Deutsch", "build": True},
]


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@prices.example", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def committed(site: Site) -> Site:
    """The site in a repository."""
    (site.folder / ".gitignore").write_text("site/\n", encoding="utf-8")
    git(site.folder, "init", "--quiet")
    git(site.folder, "add", ".")
    git(site.folder, "commit", "--quiet", "--message", "Prices")
    return site


def i18n(structure: str) -> dict[str, object]:
    return {"i18n": {"docs_structure": structure, "languages": LANGUAGES}}


def assert_in_two_languages(site: Site) -> None:
    assert_whole(site)
    assert_whole(site, "de/performance/prices/", "de/performance/")
    german = site.page("de/performance/prices/index.html")
    assert shown(german.select("h1")[0]).startswith("Preisliste im Cache")
    assert len(german.select(".perfcase-summary")) == 1
    rows = site.page("de/performance/index.html").select(".perfcase-index tbody tr")
    assert "Preisliste im Cache" in rows[0].get_text()
    for folder, title in (("", "Cache the price list"), ("de/", "Preisliste im Cache")):
        exported = json.loads((site.output / folder / "perfcase.json").read_text(encoding="utf-8"))
        assert [record["title"] for record in exported["records"]] == [title]
        assert site.page(f"{folder}index.html").select('.md-nav--primary a[href="performance/"]')


@feature("mkdocs-static-i18n, by suffix", *WITH_PLUGINS)
def test_i18n_by_suffix(make_site: MakeSite) -> None:
    pages = {"index.de.md": "# Start\n", "performance/prices.de.md": GERMAN}
    assert_in_two_languages(make_site(pages, i18n("suffix"), theme="material").build_well())


@feature("mkdocs-static-i18n, by folder", *WITH_PLUGINS)
def test_i18n_by_folder(make_site: MakeSite) -> None:
    site = make_site(None, i18n("folder"), theme="material")
    docs = site.folder / "docs"
    (docs / "en").mkdir()
    for name in ("index.md", "performance"):
        (docs / name).rename(docs / "en" / name)
    site.write({"de/index.md": "# Start\n", f"de/{PRICES}": GERMAN})
    assert_in_two_languages(site.build_well())


@feature("… open criteria are told once for each page", *WITH_PLUGINS)
def test_i18n_findings(make_site: MakeSite) -> None:
    site = make_site({PRICES: OPEN}, i18n("suffix"), theme="material")
    assert site.build().code == 0
    assert len(site.findings()) == 1
    assert site.build("--strict").code == 1


@feature("mike", *WITH_PLUGINS)
def test_mike(make_site: MakeSite) -> None:
    site = make_site(None, {"mike": {"canonical_version": "latest"}}, site_url="https://prices.example/")
    site.write({"mkdocs.yml": json.dumps(site.config)}, folder=".")
    committed(site)
    identity = {"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@prices.example"}
    assert site.run(str(Path(sys.executable).with_name("mike")), "deploy", "1.0", "latest", **identity).code == 0, (
        site.said
    )
    assert "perfcase-summary" in git(site.folder, "show", "gh-pages:1.0/performance/prices/index.html")
    assert "prices/" in git(site.folder, "show", "gh-pages:1.0/performance/index.html")
    assert "Cache the price list" in git(site.folder, "show", "gh-pages:1.0/perfcase.json")


@feature("literate-nav, with the index in its list", *WITH_PLUGINS)
def test_literate_nav(make_site: MakeSite) -> None:
    listed = "- [Home](index.md)\n- [Performance](performance/index.md)\n    - [Prices](performance/prices.md)\n"
    site = make_site({"SUMMARY.md": listed}, {"literate-nav": {"nav_file": "SUMMARY.md"}}).build_well()
    assert_whole(site)
    assert site.page("index.html").select('.navbar a[href="performance/"]')


@feature("awesome-nav", *WITH_PLUGINS)
def test_awesome_nav(make_site: MakeSite) -> None:
    listed = "nav:\n  - index.md\n  - prices.md\n"
    site = make_site({"performance/.nav.yml": listed}, "awesome-nav").build_well()
    assert_whole(site)
    assert site.page("index.html").select('.navbar a[href="performance/"]')


@feature("awesome-pages", *WITH_PLUGINS)
def test_awesome_pages(make_site: MakeSite) -> None:
    listed = "nav:\n  - index.md\n  - ...\n"
    site = make_site({"performance/.pages": listed}, "awesome-pages").build_well()
    assert_whole(site)
    assert site.page("index.html").select('.navbar a[href="performance/"]')


@feature("section-index: the section leads to the index", *WITH_PLUGINS)
def test_section_index(make_site: MakeSite) -> None:
    site = make_site(None, "section-index", theme={"name": "material", "features": ["navigation.sections"]})
    assert_whole(site.build_well())
    sections = site.page("index.html").select(".md-nav--primary .md-nav__item--section a.md-nav__link")
    assert "performance/" in [link.get("href") for link in sections]


@feature("git-revision-date-localized", *WITH_PLUGINS)
def test_revision_dates(make_site: MakeSite) -> None:
    site = make_site(None, {"git-revision-date-localized": {"type": "iso_date", "fallback_to_build_date": True}})
    site.write({"mkdocs.yml": "site_name: Prices\n"}, folder=".")
    committed(site)
    assert_whole(site.build_well())


@feature("macros: `perfcase_records()` on a page", *WITH_PLUGINS)
@pytest.mark.parametrize("first", [True, False])
def test_macros(make_site: MakeSite, first: bool) -> None:
    line = "- [{{ record.title }}]({{ record.path }}): {{ record.headline.percent }}"
    page = f"# Won\n\n{{% for record in perfcase_records() %}}\n{line}\n{{% endfor %}}\n"
    site = make_site({"a.md": page}, *(["macros"] if first else []), after=() if first else ("macros",)).build_well()
    assert_whole(site)
    (item,) = site.page("a/index.html").select("[role=main] li")
    assert shown(item) == "Cache the price list : −73%"
    assert [link["href"] for link in item.select("a")] == ["../performance/prices/"]


@feature("… and a record that macros write", *WITH_PLUGINS)
def test_macros_in_records(make_site: MakeSite) -> None:
    record = OPEN.replace("| 450 ms |", "| {{ before }} ms |").replace("- [ ] No", "- [{{ done }}] No")
    values = {"before": 450, "done": "x"}
    site = make_site({PRICES: record}, "macros", extra=values).build_well()
    assert_whole(site)


@feature("gen-files: a generated record", *WITH_PLUGINS)
@pytest.mark.parametrize("first", [True, False])
def test_gen_files(make_site: MakeSite, first: bool) -> None:
    plugin = {"gen-files": {"scripts": ["generate.py"]}}
    site = make_site(None, *([plugin] if first else []), after=() if first else (plugin,))
    record = COMPLETE.replace("# Cache the price list", "# Generated")
    script = f"import mkdocs_gen_files\nmkdocs_gen_files.open('performance/made.md', 'w').write({record!r})\n"
    site.write({"generate.py": script}, folder=".")
    site.build_well()
    assert len(site.page("performance/made/index.html").select(".perfcase-summary")) == 1
    assert site.page("performance/index.html").select('.perfcase-table a[href="made/"]')


@feature("minify", *WITH_PLUGINS)
def test_minify(make_site: MakeSite) -> None:
    site = make_site(None, {"minify": {"minify_html": True, "minify_js": True, "minify_css": True}}).build_well()
    assert_whole(site)


@feature("Material's tags", *WITH_PLUGINS)
def test_tags(make_site: MakeSite) -> None:
    pages = {PRICES: f"---\ntags: [cache]\n---\n{COMPLETE}", "tags.md": "# Tags\n\n<!-- material/tags -->\n"}
    site = make_site(pages, "tags", theme="material").build_well()
    assert_whole(site)
    assert site.page("tags/index.html").select('a[href="../performance/prices/"]')
    assert "cache" in (site.output / "perfcase.json").read_text(encoding="utf-8")


@feature("Material's blog: a post that is a record", *WITH_PLUGINS)
@pytest.mark.parametrize("first", [True, False])
def test_blog(make_site: MakeSite, first: bool) -> None:
    pages = {"blog/index.md": "# Blog\n", "blog/posts/prices.md": f"---\ndate: 2026-05-04\n---\n{COMPLETE}"}
    site = make_site(pages, *(["blog"] if first else []), after=() if first else ("blog",), theme="material")
    assert_whole_with_post(site.build_well())


def assert_whole_with_post(site: Site) -> None:
    post = "blog/2026/05/04/cache-the-price-list/"
    assert len(site.page(f"{post}index.html").select(".perfcase-summary")) == 1
    links = [str(link["href"]) for link in site.page("performance/index.html").select(".perfcase-table a")]
    assert f"../{post}" in links


@feature("Material's meta: front matter for a folder", *WITH_PLUGINS)
def test_meta(make_site: MakeSite) -> None:
    pages = {"performance/.meta.yml": "status: proposed\nowner: Ada\n", PRICES: OPEN}
    site = make_site(pages, "meta", theme="material").build_well()
    summary = shown(site.page("performance/prices/index.html").select(".perfcase-summary")[0])
    assert "Owner Ada" in summary
    assert "proposed" in summary


@feature("Material's offline, privacy and search", *WITH_PLUGINS)
def test_offline(make_site: MakeSite) -> None:
    privacy = {"privacy": {"assets_exclude": ["unpkg.com/*"]}}  # the theme's own, out of reach for tests
    site = make_site(None, "search", privacy, "offline", theme={"name": "material", "font": False}).build_well()
    assert_whole(site, "performance/prices.html", "performance/index.html")
    for name in ("performance/prices.html", "performance/index.html"):
        tags = site.page(name).select("script[src], link[rel=stylesheet]")
        urls = [str(tag.get("src") or tag.get("href")) for tag in tags]
        assert not [url for url in urls if "//" in url.replace("https://unpkg.com/", "")]


@feature("Material's social: a card for records and for the index", *WITH_PLUGINS)
def test_social(make_site: MakeSite) -> None:
    from PIL import ImageFont  # it comes with the plugin

    site = make_site(None, "social", theme="material", site_url="https://prices.example/")
    fonts = site.folder / ".cache" / "plugin" / "social" / "fonts" / "Roboto"  # else it would ask the network for them
    fonts.mkdir(parents=True)
    for style in ("Regular", "Bold"):
        (fonts / f"{style}.ttf").write_bytes(ImageFont.load_default(12).path.getvalue())
    assert_whole(site.build_well())
    assert site.has("assets/images/social/performance/prices.png")
    assert site.has("assets/images/social/performance/index.png")


@feature("Any order of plugins", *WITH_PLUGINS)
@pytest.mark.parametrize("place", range(6))
def test_any_order(make_site: MakeSite, place: int) -> None:
    others = ["search", "awesome-nav", "macros", "tags", "meta", "section-index"]
    before, after = others[:place], others[place:]
    site = make_site(None, *before, after=tuple(reversed(after)), theme="material").build_well()
    assert_whole(site)

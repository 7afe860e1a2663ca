"""`perfcase index` and `perfcase assets`: what hosts without plugins are given, kept apart from what authors wrote."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import COMPLETE, ROOT, Run, Site, write
from hypothesis import example, given
from hypothesis import strategies as st
from markdown import markdown

from mkdocs_perfcase.index_page import END, START, escaped, index_part, page_with, updated
from mkdocs_perfcase.index_view import index_view

OPEN = COMPLETE.replace("- [x] No reg", "- [ ] No reg")
PAGE = "docs/performance/index.md"
MakeSite = Callable[..., Site]


def read(path: str) -> str:
    return Path(path).read_bytes().decode("utf-8")


def rendered(path: str) -> BeautifulSoup:
    return BeautifulSoup(markdown(read(path), extensions=["tables"]), "html.parser")


@pytest.fixture
def site(run: Run, tmp_path: Path) -> Run:
    """The example site's pages and settings, and the command line in its folder."""
    shutil.copytree(ROOT / "example_site" / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "example_site" / "mkdocs.yml", tmp_path / "mkdocs.yml")
    return run


def words(node: object) -> str:
    return " ".join(re.sub(r"\s+", " ", getattr(node, "text", "")).split())


def test_it_is_complete(site: Run) -> None:
    assert site("index", "--write", PAGE).stdout == f"{PAGE} is written\n"
    page = rendered(PAGE)
    records = json.loads(site("export").stdout)["records"]
    totals = words(page.p)
    stages = [record["stage"] for record in records if record["status"] != "rolled-back"]
    accepted = sum(stage in ("accepted", "verified") for stage in stages)
    criteria = [one["text"] for record in records for one in record["acceptance"]["open"]]
    assert totals.startswith(f"{len(records)} records · {accepted} accepted · {len(criteria)} open criteria · ")
    table, metrics = page.select("table")
    rows = {words(row.a): words(row) for row in table.select("tbody tr")}
    assert set(rows) == {record["title"] for record in records}
    for record in records:
        acceptance, shown = record["acceptance"], rows[record["title"]]
        assert record["component"] in shown
        assert record["date"] in shown
        assert record["owner"] in shown
        assert f"{acceptance['checked'] + acceptance['waived']}/{acceptance['total']}" in shown
    listed = page.find("h2", string="What is open").find_next("ul")  # type: ignore[union-attr]
    assert sorted(words(one) for one in listed.select("li li a")) == sorted(criteria)  # type: ignore[union-attr]
    assert "Response Time 5 improved −82% (5)" in words(metrics)


def test_it_says_what_the_plugins_index_says(site: Run, tmp_path: Path) -> None:
    config = yaml.safe_load((tmp_path / "mkdocs.yml").read_text(encoding="utf-8"))
    built = Site(tmp_path, {**config, "theme": "mkdocs"}).build().page("performance/index.html")
    site("index", "--write", "docs/index2.md")
    own, other = rendered("docs/index2.md"), built.select(".perfcase-index")[0]
    for svg in other.select("svg, figure"):
        svg.decompose()
    for name, cells in (("records", slice(1, None)), ("metrics", slice(None))):
        number = 0 if name == "records" else -1
        texts = [
            [[words(cell) for cell in row.select("td")][cells] for row in page.select("table")[number].select("tr")]
            for page in (own, other)
        ]
        assert texts[0] == texts[1]


@pytest.mark.parametrize("name", [PAGE, "docs/index.md", "docs/a b/deep/index.md", "INDEX.md"])
def test_links_lead_to_the_pages_from_where_it_lies(site: Run, name: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).unlink(missing_ok=True)
    shutil.copy("docs/performance/product-search.md", "docs/performance/a (b) [c] & d.md")
    site("index", "--write", name)
    hrefs = [str(link["href"]) for link in rendered(name).select("a")]
    assert len(hrefs) > 18
    assert any("%20" in href for href in hrefs)
    for href in hrefs:
        target, _, anchor = href.partition("#")
        assert (Path(name).parent / unquote(target)).is_file()
        assert re.fullmatch(r"(perfcase-criterion-\d+)?", anchor)


def test_the_anchors_are_on_the_records_pages(site: Run) -> None:
    site("index", "--write", PAGE)
    anchored = [str(link["href"]) for link in rendered(PAGE).select("a[href*='#']")]
    assert anchored
    for href in anchored:
        path, _, anchor = href.partition("#")
        text = (Path(PAGE).parent / path).read_text(encoding="utf-8").partition("\n---\n")[2]
        html = markdown(text, extensions=["tables", "fenced_code", "perfcase"])
        assert f'id="{anchor}"' in html


def test_printed_it_fits_the_generated_pages_place(site: Run) -> None:
    printed = site("index").stdout
    assert site("index", "--write", PAGE).exit_code == 0
    assert read(PAGE) == printed
    assert printed.startswith(f"# Performance optimizations\n\n{START}\n<!-- Generated by perfcase index: ")
    assert printed.endswith(f"\n\n{END}\n")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("ending", ["", "\n", "\n\nBelow it.\n", "\nBelow it, without a blank line"])
def test_what_the_author_wrote_stays(run: Run, newline: str, ending: str) -> None:
    write("docs/prices.md", OPEN)
    above = "\ufeff---\ntags: [a]\n---\n# Our index\n\nAbove.\n\n```\n<!-- perfcase: index -->\n```\n\n"
    before = f"{above}{START}{ending}".replace("\n", newline)
    write("docs/own.md", before)
    assert run("index", "--write", "docs/own.md").stdout == "docs/own.md is written\n"
    made = read("docs/own.md")
    assert made.startswith(f"{above}{START}\n<!-- Generated".replace("\n", newline))
    assert made.endswith(f"\n\n{END}\n{ending.removeprefix(chr(10))}".replace("\n", newline))
    assert "No regression in other areas" in made
    if newline == "\r\n":
        assert not re.search(r"(?<!\r)\n", made)
    assert run("index", "--write", "docs/own.md").stdout == "docs/own.md is up to date\n"
    write("docs/prices.md", COMPLETE)
    run("index", "--write", "docs/own.md")
    write("docs/prices.md", OPEN)
    run("index", "--write", "docs/own.md")
    assert read("docs/own.md") == made


def test_a_page_that_asks_for_no_index_is_left_alone(run: Run) -> None:
    write("docs/prices.md", COMPLETE)
    for text in ("# Mine\n", "", "```\n<!-- perfcase: index -->\n```\n", f"> {START}\n", f"see {START}\n", f"{END}\n"):
        write("docs/own.md", text)
        result = run("index", "--write", "docs/own.md")
        assert (result.exit_code, result.stdout, read("docs/own.md")) == (2, "", text)
        assert result.stderr == (
            "perfcase: docs/own.md has no line <!-- perfcase: index --> and is left as it is; "
            "put that where the index belongs\n"
        )


def test_check_tells_a_stale_page(run: Run) -> None:
    write("docs/prices.md", OPEN)
    missing = run("index", "--write", PAGE, "--check")
    assert (missing.exit_code, missing.stdout) == (1, f"{PAGE} is missing; `perfcase index --write {PAGE}` mends it\n")
    assert not Path(PAGE).exists()
    Path("docs/performance").mkdir()
    run("index", "--write", PAGE)
    current = run("index", "--write", PAGE, "--check")
    assert (current.exit_code, current.stdout) == (0, f"{PAGE} is up to date\n")
    before = read(PAGE)
    write("docs/prices.md", COMPLETE)
    stale = run("index", "--write", PAGE, "--check", "--config-file", "mkdocs.yml")
    mends = f"perfcase index --config-file mkdocs.yml --write {PAGE}"
    assert (stale.exit_code, stale.stdout) == (1, f"{PAGE} is stale; `{mends}` mends it\n")
    assert read(PAGE) == before


def test_a_site_without_records(run: Run) -> None:
    write("docs/index.md", "# Home\n")
    assert 'No record yet. `perfcase new "Title"` starts one' in run("index").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--check"], "--check needs the page to look at: --write FILE"),
        (["--write", "no/such/index.md"], "cannot write no/such/index.md: No such file or directory"),
        (["--write", "docs"], "cannot write docs: Is a directory"),
        (["--write", "docs/latin.txt"], "cannot read docs/latin.txt: it is not UTF-8 text"),
        (["--write", "docs/deep.txt"], "cannot read docs/deep.txt: its lists or quotes are nested too deeply"),
    ],
)
def test_wrong_use_is_one_line(run: Run, arguments: list[str], message: str) -> None:
    write("docs/prices.md", COMPLETE)
    write("docs/latin.txt", b"\xe9t\xe9")
    write("docs/deep.txt", f"{START}\n\n" + "- " * 3000 + "x\n")
    result = run("index", *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"perfcase: {message}\n")


_EXTENSIONS = [
    *("tables", "attr_list", "md_in_html", "def_list", "footnotes", "admonition", "toc", "sane_lists"),
    *(f"pymdownx.{name}" for name in ("betterem", "caret", "mark", "tilde", "keys", "emoji", "critic", "arithmatex")),
    *(f"pymdownx.{name}" for name in ("superfences", "inlinehilite", "magiclink", "snippets", "details", "tasklist")),
]


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1))
@example("a|b*c*_d_`e`[f](g)<b>&amp;{: .h}{{ i }}~~j~~^^k^^==l==++m++:smile:$n$#1@o--8<--")
def test_a_text_shows_as_it_is(text: str) -> None:
    cell = f"| Record |\n| --- |\n| [{escaped(text)}](a.md) |\n"
    html = BeautifulSoup(markdown(cell, extensions=_EXTENSIONS), "html.parser")
    (link,) = html.select("td a")
    assert link.get_text() == text
    assert not link.select("*")


_LINES = st.sampled_from(
    ["text", "", "# Title", "```", "~~~", "- item", "    code", "> quote", START, END, "<!-- x -->"]
)


@given(st.lists(_LINES, max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_updating_twice_is_updating_once_and_loses_nothing(lines: list[str], newline: str) -> None:
    source = newline.join(lines)
    part = index_part(index_view([]), str)
    made = updated(source, part)
    if made is None:
        return
    assert updated(made, part) == made
    newline = newline if newline in source else "\n"  # of one line
    assert made.count(part.replace("\n", newline)) == 1
    start, end = made.index("<!-- Generated"), made.index(f"{END}", made.index("<!-- Generated"))
    above, below = made[:start], made[end + len(END) :]
    assert source.startswith(above.removesuffix(newline))
    assert source.endswith(below.removeprefix(newline))


def test_the_plugin_shows_its_own_index_in_its_place(run: Run, make_site: MakeSite) -> None:
    for text in (page_with("gone"), f"# Ours\n\nAbove.\n\n{START}\n\nBelow.\n"):
        site = make_site({"performance/index.md": text, "prices.md": OPEN}, use_directory_urls=True)
        assert run("index", "--write", PAGE).exit_code == 0
        site.write({"performance/index.md": read(PAGE).replace("](../prices.md", "](../no-such-page.md")})
        site.build()
        page = site.page("performance/index.html")
        assert len(page.select("[role=main] table")) == 1
        assert [heading.get_text() for heading in page.select("[role=main] h2")] == ["Records", "What is open"]
        assert len(page.select("a[href*='perfcase-open']")) == 1, "the table of contents has it once"
        assert not [text for level, text in site.log if level == "WARNING" and "PC301" not in text]
        assert "no-such-page" not in str(page)
        assert ("Below." in page.get_text()) == ("Below." in text)


def test_a_written_page_stands_without_the_plugin(run: Run, make_site: MakeSite) -> None:
    site = make_site({"prices.md": OPEN, "performance/.keep": ""})
    run("index", "--write", PAGE)
    site.config["plugins"] = []
    site.build(strict=True)
    assert site.error is None
    page = site.page("performance/index.html")
    assert page.select_one("td a[href='../prices/']")


def test_a_written_page_is_no_slip(site: Run) -> None:
    before = site("check", "--no-show-source").stdout
    site("index", "--write", PAGE)
    assert site("check", "--no-show-source").stdout == before


def test_assets(run: Run) -> None:
    missing = run("assets", "--write", "docs/assets", "--check")
    assert missing.exit_code == 1
    assert missing.stdout.splitlines() == [
        f"docs/assets/perfcase.{kind} is missing; `perfcase assets --write docs/assets` mends it"
        for kind in ("css", "js")
    ]
    assert not Path("docs/assets").exists()
    assert run("assets", "--write", "docs/assets").exit_code == 0
    for kind in ("css", "js"):
        shipped = (ROOT / f"mkdocs_perfcase/assets/perfcase.{kind}").read_text(encoding="utf-8")
        assert read(f"docs/assets/perfcase.{kind}").endswith(shipped)
    assert run("assets", "--write", "docs/assets", "--check").exit_code == 0
    write("docs/assets/perfcase.js", read("docs/assets/perfcase.js").replace("\n", "\r\n"))
    assert run("assets", "--write", "docs/assets", "--check").exit_code == 0, "as git checks it out on some machines"
    write("docs/assets/perfcase.css", read("docs/assets/perfcase.css") + "/* older */\n")
    assert run("assets", "--write", "docs/assets", "--check").exit_code == 1
    assert run("assets", "--write", "docs/assets").exit_code == 0
    assert run("assets", "--write", "docs/assets", "--check").exit_code == 0


def test_assets_of_the_users_own_stay(run: Run) -> None:
    write("docs/assets/perfcase.css", "/* mine */\n")
    result = run("assets", "--write", "docs/assets")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "perfcase: docs/assets/perfcase.css is a file of yours and is left as it is; name another folder\n"
    )
    assert os.listdir("docs/assets") == ["perfcase.css"]
    write("taken", "")
    assert run("assets", "--write", "taken").stderr == "perfcase: cannot write to taken: File exists\n"

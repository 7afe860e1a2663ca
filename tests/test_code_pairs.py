"""Code before and after, side by side; and that nothing which an author wrote is lost by it, or by anything else."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from conftest import COMPLETE, one, shown, with_section
from markdown import Markdown, markdown
from mutants import mutant

from mkdocs_perfcase.check import Page, Project
from mkdocs_perfcase.extension import Host, PerfcaseExtension
from mkdocs_perfcase.render import Renderer

MUTANTS = int(os.environ.get("PERFCASE_MUTANTS", "120"))
TABS: dict[str, Any] = {
    "extensions": ["tables", "admonition", "attr_list", "footnotes", "pymdownx.superfences", "pymdownx.tabbed"],
    "extension_configs": {"pymdownx.tabbed": {"alternate_style": True}},
}
COLUMNS: dict[str, Any] = {"extensions": ["tables", "fenced_code", "admonition"], "extension_configs": {}}
OLD, NEW = "```python\nold()\n```", "```python\nnew()\n```"


def indented(text: str, by: int = 4) -> str:
    return "\n".join(" " * by + line for line in text.split("\n"))


PAIR = f"*   **Current implementation:**\n\n{OLD}\n\n*   **Optimized implementation:**\n\n{NEW}\n"
IN_ITEMS = (
    f"*   **Current implementation:**\n\n{indented(OLD)}\n\n*   **Optimized implementation:**\n\n{indented(NEW)}\n"
)
REST = "\n*   **Expected improvement:** 60% faster\n*   **Trade-offs:** none\n"


def changes(text: str, site: dict[str, Any]) -> BeautifulSoup:
    """The section *Proposed Changes* as it is shown."""
    record = with_section(f"### Proposed Changes\n\n**One query**\n\n{text}")
    html = markdown(record, **{**site, "extensions": [*site["extensions"], "perfcase"]})
    section = html[re.search(r"<h3[^>]*>Proposed", html).start() : html.index("Technical Implementation")]  # type: ignore[union-attr]
    return BeautifulSoup(section, "html.parser")


def pairs(page: BeautifulSoup) -> list[list[tuple[str, str]]]:
    """Each pair as names and code."""
    found = []
    for tabs in page.select(".tabbed-set[data-tabs^=perfcase]"):
        names, blocks = tabs.select(".tabbed-labels > label"), tabs.select(".tabbed-content > .tabbed-block")
        found.append([(shown(name), shown(block)) for name, block in zip(names, blocks, strict=True)])
    for columns in page.select(".perfcase-columns"):
        found.append([(shown(one(c, "p:first-child")), shown(one(c, "pre"))) for c in columns.select(":scope > div")])
    return found


BOTH = [("Current implementation", "old()"), ("Optimized implementation", "new()")]


@pytest.mark.parametrize("site", [TABS, COLUMNS], ids=["tabs", "columns"])
@pytest.mark.parametrize(
    "text",
    [
        PAIR + REST,
        PAIR.replace("\n\n", "\n") + REST,
        PAIR.replace("*   ", "") + REST,
        PAIR.replace("*   ", "").replace(":**\n\n", ":**\n") + REST,
        f"*   **Files:** a.py\n{PAIR}{REST}",
        f"*   **Current implementation**\n\n        old()\n\n*   **Optimized implementation**\n\n        new()\n{REST}",
        PAIR.replace("implementation:**", "implementation**:") + REST,
    ],
    ids=["template", "tight", "paragraphs", "tight paragraphs", "other items", "indented code", "colon outside"],
)
def test_side_by_side(text: str, site: dict[str, Any]) -> None:
    page = changes(text, site)
    assert pairs(page) == [BOTH]
    assert bool(page.select(".tabbed-set")) is (site is TABS)
    assert shown(page).count("implementation") == 2
    assert [shown(item) for item in page.select("li") if "Expected" in item.get_text()] == [
        "Expected improvement: 60% faster"
    ]


@pytest.mark.parametrize(
    "text",
    [
        IN_ITEMS + REST,
        IN_ITEMS.replace("\n\n", "\n") + REST,
        IN_ITEMS.replace("*", "1.", 1).replace("\n*  ", "\n2."),
        f"*   One\n\n{indented(IN_ITEMS)}",
        f"!!! note\n\n{indented(IN_ITEMS + REST)}",
        IN_ITEMS.replace("```python", '```python title="prices.py" linenums="1"') + REST,
    ],
    ids=["loose", "tight", "ordered", "nested", "admonition", "title and line numbers"],
)
def test_fences_in_items(text: str) -> None:
    site = {**TABS, "extensions": [*TABS["extensions"], "pymdownx.highlight"]}
    ((before, after),) = pairs(changes(text.replace("1.**", "1. **"), site))
    assert (before[0], after[0]) == ("Current implementation", "Optimized implementation")
    assert "old()" in before[1]
    assert "new()" in after[1]


@pytest.mark.parametrize("site", [TABS, COLUMNS], ids=["tabs", "columns"])
@pytest.mark.parametrize(
    "text",
    [
        PAIR.replace("Current implementation:**", "Current implementation:** one by one"),
        PAIR.replace("Optimized implementation:**", "Optimized implementation:** see `b.py`"),
        PAIR.replace("Current implementation", "[Current implementation](index.md)"),
        PAIR.replace("Current implementation", "Current `implementation`"),
        PAIR.replace("implementation:**\n\n```python\nnew", "implementation[^1]:**\n\n```python\nnew") + "\n[^1]: a note\n",
        PAIR.replace(OLD, f"{OLD}\n\nIt was slow."),
        PAIR.replace(OLD, f"{OLD}\n\n{OLD}"),
        PAIR.replace(NEW, f"{NEW}\n\n{NEW}"),
        f"*   **Current implementation:**\n\n{OLD}\n{REST}",
        f"*   **Optimized implementation:**\n\n{NEW}\n{REST}",
        f"*   **Current implementation:** none\n*   **Optimized implementation:**\n\n{NEW}\n{REST}",
        f"*   **Optimized implementation:**\n\n{NEW}\n\n*   **Current implementation:**\n\n{OLD}\n",
        f"#### Current implementation\n\n{OLD}\n\n#### Optimized implementation\n\n{NEW}\n",
    ],
    ids=["words", "code words", "link", "code", "footnote", "words between", "two before", "two after",
         "only before", "only after", "nothing before", "other order", "headings"],
)  # fmt: skip
def test_anything_else_stays_as_it_is(text: str, site: dict[str, Any]) -> None:
    page = changes(text, site)
    assert not page.select("[class*=perfcase], [data-tabs^=perfcase]")
    record = with_section(f"### Proposed Changes\n\n**One query**\n\n{text}")
    without = BeautifulSoup(markdown(record, **site), "html.parser")
    assert shown(page) in shown(without)


def test_two_pairs_are_two_sets_of_tabs() -> None:
    second = PAIR.replace("old", "older").replace("new", "newer")
    page = changes(f"{PAIR}{REST}\n**Another**\n\n{second}{REST}", TABS)
    assert [[code for _, code in pair] for pair in pairs(page)] == [["old()", "new()"], ["older()", "newer()"]]
    inputs = page.select("input")
    assert len({tag["id"] for tag in inputs}) == 4
    assert len({tag["name"] for tag in inputs}) == 2
    assert [tag.has_attr("checked") for tag in inputs] == [True, False] * 2
    assert {label["for"] for label in page.select("label")} == {tag["id"] for tag in inputs}


def test_tabs_of_the_older_style_get_columns() -> None:
    site = {"extensions": ["tables", "pymdownx.superfences", "pymdownx.tabbed"], "extension_configs": {}}
    site["extension_configs"] = {"pymdownx.tabbed": {"alternate_style": False}}
    page = changes(PAIR, site)
    assert pairs(page) == [BOTH]
    assert page.select(".perfcase-columns")


# ---- Nothing is lost


FULL: dict[str, Any] = {
    "extensions": ["toc", "tables", "fenced_code", "attr_list", "md_in_html", "admonition", "pymdownx.details",
                   "pymdownx.superfences", "pymdownx.highlight", "pymdownx.tasklist", "pymdownx.tabbed", "pymdownx.blocks.details"],
    "extension_configs": {**TABS["extension_configs"], "pymdownx.highlight": {"use_pygments": False}},
}  # fmt: skip
PLAIN: dict[str, Any] = {"extensions": ["toc", "tables", "fenced_code", "pymdownx.tasklist"], "extension_configs": {}}
ADDED = ".perfcase-summary, .perfcase-chart, .perfcase-change, .perfcase-waived, svg.perfcase-bars"


def words(page: BeautifulSoup) -> list[str]:
    """All visible words; what parts a name from its value isn't shown where the name is a tab's title."""
    found = (word.strip(":") for word in page.get_text(" ").split())
    return [word for word in found if word and word not in "-–—"]


def authors_words(page: BeautifulSoup) -> list[str]:
    """The words on an enriched page that the plugin didn't add; the title of a tab before what is in it."""
    for tag in page.select(ADDED):
        tag.decompose()
    for header in page.select("th"):
        if header.get_text() == "Improvement" and not header.find_next_sibling("th"):
            _unless_written(header)
    for tabs in page.select("[data-tabs^=perfcase]"):
        labels, blocks = tabs.select(":scope > .tabbed-labels > label"), tabs.select(".tabbed-block")
        for label, block in zip(labels, blocks, strict=False):
            block.insert_before(label.extract())
    return words(page)


def _unless_written(header: Tag) -> None:
    """A heading that the plugin added stands over cells in which nobody wrote anything."""
    rows = header.find_parent("table").select("tbody tr")  # type: ignore[union-attr]
    if not any(cells[-1].get_text().strip() for row in rows if (cells := row.select("td"))):
        header.decompose()


@pytest.mark.parametrize("site", [FULL, PLAIN], ids=["full", "plain"])
@pytest.mark.parametrize("chunk", range(8))
def test_all_that_an_author_wrote_is_still_there_in_its_order(chunk: int, site: dict[str, Any]) -> None:
    source = ""
    page = Page("performance/mutant.md", {"perfcase": True}, lambda: source)
    without, with_plugin = Markdown(**site), Markdown(**site)
    with_plugin.registerExtensions([PerfcaseExtension(host=Host(Project(), Renderer(), lambda: page))], {})
    paired = 0
    for number in range(chunk, MUTANTS, 8):
        subject = mutant(number)
        source = subject.file
        before = BeautifulSoup(without.reset().convert(subject.markdown), "html.parser")
        after = BeautifulSoup(with_plugin.reset().convert(subject.markdown), "html.parser")
        paired += len(after.select("[data-tabs^=perfcase], .perfcase-columns"))
        assert after.select(".perfcase-summary"), subject.name
        kept = authors_words(after)
        if kept != words(before):  # an author's own empty column goes by the same name
            kept = [word for word in kept if word != "Improvement"]
            assert kept == [word for word in words(before) if word != "Improvement"], subject.name
    assert paired


def test_links_and_anchors_of_the_author_are_kept() -> None:
    record = COMPLETE.replace("| Response Time |", "| [Response Time](a.md) |").replace(
        "[x] No reg", "[x] [No reg](b.md)"
    )
    page = BeautifulSoup(markdown(record, extensions=["tables", "fenced_code", "perfcase"]), "html.parser")
    assert [a["href"] for a in page.select("a:not(.perfcase-summary a)")] == ["b.md", "a.md"]

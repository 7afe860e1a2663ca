"""The cheap look at a page's text: it never misses a page that the full reading would make something of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from conftest import COMPLETE, ROOT
from markdown import Markdown
from mutants import mutant

from mkdocs_perfcase.check import Page, Project
from mkdocs_perfcase.options import Options
from mkdocs_perfcase.site import Site, load_site
from mkdocs_perfcase.source import split_front_matter
from mkdocs_perfcase.tree import parse

PAGES = 600
SITE = load_site(ROOT / "example_site" / "mkdocs.yml", ROOT)
PROJECT = Project()
TITLES = [form.title for form in PROJECT.template.sections.values()]

DRESSES = (
    "## {}", "###{}", "## {} ##", "#### **{}**", "## 3. {}", "## 🚀 {}:", "## {} (if applicable)", "## {} - done",
    "## {} {{ #own .wide }}", "## {} {{ .wide }} ##", "## [{}](index.md)", "## `{}`", "## <em>{}</em>", "> ## {}",
    "- ## {}", "1. # {}", "- > ## {}", "{}\n---", "{}\n===", "**{}**\n---", "> {}\n> ===", "   ## {}", "- item\n\n    ## {}",
    "!!! note\n    ## {}", "!!! note\n\n    {}\n    ---", "=== \"Tab\"\n\n    ### {}", "<div markdown>\n## {}\n</div>",
    "<div markdown><h2>{}</h2></div>", "<h2 markdown>{}</h2>", "## {} <!-- note -->", "## {}\\*", "[^1]:\n    ## {}",
    "a) {}\n---", "##\t{}", "##\u00a0{}", "\u200b## {}", "{}", "**{}**", "plain text {}", "```\n## {}\n```",
)  # fmt: skip
WORDS = (
    lambda text, rng: text,
    lambda text, rng: text.upper(),
    lambda text, rng: text.replace("&", "and").replace("/", " / "),
    lambda text, rng: text.replace("&", "&amp;"),
    lambda text, rng: text.replace(" ", "&nbsp;"),
    lambda text, rng: text.replace("e", "\u00ade", 1),
    lambda text, rng: f"{text[:3]}**{text[3:]}**",
    lambda text, rng: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and c not in "&/" else c for c in text),
)


def page(number: int) -> str:
    """A page with a few of the template's headings, in any dress."""
    rng = Random(f"candidate {number}")
    parts = [f"Text {number}."]
    for title in rng.sample(TITLES, rng.randint(1, 5)):
        parts += [rng.choice(DRESSES).format(rng.choice(WORDS)(title, rng)), "", "Some words.", ""]
    return "\n".join(["# Page", "", *parts, ""])


def concerns(md: Markdown, source: str) -> tuple[bool, bool]:
    """Whether the cheap look says that a page may be of concern, and whether it is."""
    text, meta = split_front_matter(source)
    subject = Page("performance/page.md", meta, lambda: source)
    study = PROJECT.study(subject, parse(md, text), md.htmlStash)
    return PROJECT.may_concern(subject, text), study is not None


@pytest.mark.parametrize("make", [page, lambda number: mutant(number).file], ids=["sparse", "mutants"])
def test_no_page_of_concern_is_missed(make: Callable[[int], str]) -> None:
    md, missing = SITE.markdown()
    assert not missing
    seen = [(number, *concerns(md, make(number))) for number in range(PAGES)]
    assert [number for number, may, does in seen if does and not may] == []
    assert sum(does for _, _, does in seen) > PAGES / 10


def test_it_spares_most_other_pages() -> None:
    md, _ = SITE.markdown()
    seen = [concerns(md, page(number)) for number in range(PAGES)]
    others = [may for may, does in seen if not does]
    assert len(others) > PAGES / 10
    assert sum(others) < len(others) / 2


@pytest.mark.parametrize(
    "source",
    [
        "---\nperfcase: true\n---\n# Any\n",
        "perfcase: yes\n\n# Any\n",
        "# Any\n\n<!-- perfcase: index -->\n",
        "# Any\n\n<!-- perfcase: tabel -->\n",
        "# Any\n\n/// html | h2\nOverview\n///\n",
        COMPLETE.replace("\n", "\r\n"),
    ],
)
def test_what_speaks_for_itself(source: str) -> None:
    text, meta = split_front_matter(source)
    assert PROJECT.may_concern(Page("a.md", meta, lambda: source), text)


def test_listed_pages_and_other_names_of_headings() -> None:
    text = "# Any\n\n## Vorher/Nachher\n\n## Ziele\n\n## Überblick\n"
    subject = Page("tuning/a.md", {}, lambda: text)
    assert not PROJECT.may_concern(subject, text)
    assert Project(Options(records=("tuning/*.md",))).may_concern(subject, text)
    names = {"Overview": ("Überblick",), "Success Metrics": ("Ziele",), "Before/After Comparison": ("Vorher/Nachher",)}
    assert Project.load(Options(headings=names), Path()).may_concern(subject, text)


@pytest.mark.parametrize(
    ("extensions", "text", "alone"),
    [
        (("toc", "markdown.extensions.tables", "pymdownx.superfences", "pymdownx.blocks.tab"), "text", True),
        (("pymdownx.snippets",), "text", True),
        (("pymdownx.snippets",), '--8<-- "part.md"', False),
        (("pymdownx.snippets",), "-8<-\npart.md\n-8<-", False),
        (("pymdownx.critic",), "text", False),
        (("markdown_include.include",), "text", False),
    ],
)
def test_pages_that_are_more_than_their_text(extensions: tuple[str, ...], text: str, alone: bool) -> None:
    site = Site(Path(), Path(), extensions=extensions)
    assert site.stands_alone(text) is alone


def test_appended_files_are_more_than_a_pages_text() -> None:
    configs = {"pymdownx.snippets": {"auto_append": ["abbreviations.md"]}}
    assert not Site(Path(), Path(), extensions=("pymdownx.snippets",), extension_configs=configs).stands_alone("text")

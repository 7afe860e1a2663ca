"""Pages that nobody should write: the plugin reads them without an exception, and in linear time.

Python-Markdown's own time isn't measured: the tree is built once, and what is tested is what happens to it then.
Time is counted in function calls rather than in seconds, so that a busy machine fails nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from random import Random
from types import FrameType
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from conftest import COMPLETE
from markdown import Markdown

from mkdocs_perfcase.check import Page, Project, Study
from mkdocs_perfcase.tree import parse

MOST = 10_000
MANY = 1_500
FEW = 400
MOST_GROWTH = 2.8  # calls for twice the size; 2 is linear, 4 quadratic

EXTENSIONS = ["tables", "admonition", "md_in_html", "pymdownx.superfences", "pymdownx.tasklist", "pymdownx.details"]
SECTION = "# Page {0}\n\n## Performance Targets\n\n### Acceptance Criteria\n\n"


def lines(text: str) -> Callable[[int], str]:
    """So many lines of a kind. Each names the size, lest what was cached for one size spares calls for the other."""
    return lambda n: SECTION.format(n) + "".join(text.format(f"{n} {number}") for number in range(n))


def long_line(text: str) -> Callable[[int], str]:
    return lambda n: SECTION.format(n) + f"- [ ] {n} " + text * (n // len(text))


def nested(marker: str) -> Callable[[int], str]:
    return lambda n: SECTION.format(n) + "".join(f"{'    ' * level}{marker} level {n} {level}\n" for level in range(n))


PAGES: dict[str, Callable[[int], str]] = {
    "checkboxes": lines("- [ ] criterion {0}\n"),
    "checkboxes in prose": lambda n: SECTION.format(n) + "text\n" + "".join(f"- [ ] {n} {i}\n" for i in range(n)),
    "loose checkboxes": lines("- [x] criterion {0}\n\n"),
    "odd checkboxes": lines("- [N/A] criterion {0}\n"),
    "waived criteria": lines("- [ ] criterion {0} <!-- perfcase: waive reason {0} -->\n"),
    "identical lines": lambda n: SECTION.format(n) + f"The same {n}.\n" * n,
    "identical paragraphs": lambda n: SECTION.format(n) + f"The same {n}.\n\n" * n,
    "identical items": lambda n: SECTION.format(n) + f"- [ ] the same {n}\n" * n,
    "identical sections": lambda n: f"# Page {n}\n\n" + f"### Acceptance Criteria\n\n- [ ] the same {n}\n\n" * n,
    "headings": lines("## Heading {0}\n\n"),
    "headings that look alike": lines("### Accptance Criterion {0}\n\n"),
    "fields": lines("- **Key {0}:** value\n"),
    "named items": lines("**Bottleneck {0}**\n\n- **Location:** here\n\n"),
    "placeholders": lines("- **Key {0}:** \\[Value {0}\\], TBD\n"),
    "numbers": lines("- Response time reduced by {0}%\n"),
    "rows": lambda n: (
        "# Page\n\n### Before/After Comparison\n\n| Metric | Before | After |\n| - | - | - |\n"
        + "".join(f"| Time {n} {i} | {i} ms | 1 ms |\n" for i in range(n))
    ),
    "tables": lines("| A {0} | B |\n| --- | --- |\n| 1 | 2 |\n\n"),
    "tables in prose": lines("text {0}\n| A | B |\n| --- | --- |\n"),
    "fences": lines("```text\ncode {0}\n```\n\n"),
    "identical fences": lambda n: SECTION.format(n) + "```text\nsame\n```\n\n" * n,
    "unclosed fences": lines("```a{0}\ntext\n\n"),
    "unclosed fences of one kind": lambda n: SECTION.format(n) + "```python\nsame\n\n" * n,
    "indented code": lines("text {0}\n\n        code {0}\n\n"),
    "comments": lines("<!-- comment {0} -->\n\n"),
    "unclosed comments": lines("<!-- comment {0}\n\n"),
    "directives": lines("<!-- perfcase: ignore no-such-rule reason {0} -->\n"),
    "directives on items": lines("<!-- perfcase: ignore unfilled-placeholder reason {0} -->\n\n- [ ] x {0}\n\n"),
    "inline comments": lines("text {0} <!-- a\nb --> text\n"),
    "raw HTML": lines("<p>- [ ] criterion {0}</p>\n\n"),
    "details": lines("<details markdown>\n\n- [ ] criterion {0}\n\n</details>\n\n"),
    "admonitions": lines('!!! note "Title {0}"\n\n    - [ ] criterion {0}\n\n'),
    "quotes": lines("> - [ ] criterion {0}\n\n"),
    "front matter rules": lambda n: "---\n" + "".join(f"key{i}: {n}\n" for i in range(n)) + "---\n" + SECTION,
}
DEEP: dict[str, Callable[[int], str]] = {
    "bullets": nested("-"),
    "numbers": nested("1."),
    "checkboxes": nested("- [ ]"),
    "quotes": lambda n: SECTION.format(n) + ">" * n + " - [ ] criterion\n",
}
LONG = [
    "*a *a",
    "[[[[",
    "|||",
    "`",
    "``` ",
    "**",
    "__a ",
    "<",
    "<!-- ",
    "{",
    "\\",
    "(",
    "[x](",
    "![",
    "&amp;",
    "- [ ] ",
    "\u00a0",
    "~~",
]
SMALL = {
    "nothing": "",
    "a blank": " ",
    "blank lines": "\n" * 1000,
    "a byte order mark": "\ufeff",
    "front matter alone": "---\ntitle: x\n---\n",
    "front matter without end": "---\ntitle: x\n",
    "carriage returns alone": COMPLETE.replace("\n", "\r"),
    "NUL": COMPLETE.replace(" ", "\0"),
    "NUL alone": "\0" * 1000,
    "control characters": COMPLETE
    + "".join(map(chr, range(32))) * 20
    + "\n- [ ] \x1a0\x1a \x02wzxhzdk:0\x03 \x02wzxhzdk:999\x03\n",
    "separators of lines": COMPLETE.replace("\n\n", "\u2028\n\x0b\n\x85\n\x0c\n"),
    "private use": COMPLETE.replace("e", "\ue000").replace("a", "\U000f0001"),
    "right to left": "\u202e" + COMPLETE,
    "binary": Random(0).randbytes(200_000).decode("latin-1"),
    "binary as UTF-8": Random(1).randbytes(200_000).decode("utf-8", "replace"),
    "an image": ("\x89PNG\r\n\x1a\n" + Random(2).randbytes(50_000).decode("latin-1")),
    "headings without text": "# \n\n## \n\n#\n\n###\n" + COMPLETE,
    "nothing but markers": "\n\n".join(
        [
            "-",
            "*",
            "1.",
            "- [ ]",
            "- [x]",
            "|",
            "||",
            "| - |",
            ">",
            "```",
            "~~~",
            "**",
            "****",
            "<!---->",
            "<!--",
            "-->",
        ]
        * 50
    ),
}


def built(text: str) -> Callable[[], Study | None]:
    """The plugin's part in a page, whose tree stands ready."""
    md = Markdown(extensions=EXTENSIONS, extension_configs={"pymdownx.highlight": {"use_pygments": False}})
    root: Element = parse(md, text.lstrip("\ufeff"))
    project = Project()
    page = Page("performance/page.md", {"perfcase": True}, lambda: text)
    return lambda: project.study(page, root, md.htmlStash)


def calls(function: Callable[[], object]) -> int:
    count = 0

    def tick(_frame: FrameType, _event: str, _argument: Any) -> None:
        nonlocal count
        count += 1

    sys.setprofile(tick)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


def assert_linear(page: Callable[[int], str], size: int) -> None:
    calls(built(page(7)))  # what is compiled and imported at first use
    once, twice = (calls(built(page(n))) for n in (size, 2 * size))
    assert twice < MOST_GROWTH * once


@pytest.mark.parametrize("text", SMALL.values(), ids=SMALL.keys())
def test_junk_is_read(text: str) -> None:
    study = built(text)()
    assert study
    assert study.form


@pytest.mark.parametrize("kind", PAGES)
def test_much_of_a_kind_is_read(kind: str) -> None:
    study = built(PAGES[kind](MANY))()
    assert study
    assert study.form


@pytest.mark.parametrize("kind", PAGES)
def test_much_of_a_kind_takes_linear_time(kind: str) -> None:
    assert_linear(PAGES[kind], FEW)


@pytest.mark.parametrize("kind", DEEP)
def test_deep_nesting_is_read(kind: str) -> None:
    study = built(DEEP[kind](200))()
    assert study
    assert study.form


@pytest.mark.parametrize("kind", DEEP)
def test_deep_nesting_takes_linear_time(kind: str) -> None:
    assert_linear(DEEP[kind], 50)


@pytest.mark.parametrize("text", LONG)
def test_long_line_is_read(text: str) -> None:
    study = built(long_line(text)(100_000))()
    assert study
    assert study.form


@pytest.mark.parametrize("text", LONG)
def test_long_line_takes_linear_time(text: str) -> None:
    assert_linear(long_line(text), 20_000)


def test_ten_thousand_checkboxes_are_read() -> None:
    study = built(PAGES["checkboxes"](MOST))()
    assert study
    assert study.form
    assert len(study.form.record.criteria) == MOST


def test_huge_page_is_read() -> None:
    words = "Words that a long page is made of, and a figure or two: 450 ms, 120 ms.\n\n"
    text = COMPLETE.replace("- [x] No", "- [ ] No") + words * (5_000_000 // len(words))
    study = built(text)()
    assert study
    assert [finding.rule for finding in study.findings] == ["unchecked-acceptance-criterion"]

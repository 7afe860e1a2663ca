"""The command line's quicker block phase builds the very tree that Python-Markdown's own does."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, tostring

import pytest
from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from mutants import mutant

from mkdocs_perfcase.fences import PlainFences
from mkdocs_perfcase.quick import QuickMarkdown
from mkdocs_perfcase.site import Site
from mkdocs_perfcase.tree import parse, read_blocks

MUTANTS = int(os.environ.get("PERFCASE_MUTANTS", "300"))
MANY = (
    *("admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc", "pymdownx.details"),
    *("pymdownx.superfences", "pymdownx.tabbed", "pymdownx.blocks.details"),
)
FEW = ("fenced_code", "tables")
SNARES = """
    # indented, so code

text
# heading in a block
behind it

title
-----
| a | b
|---|---
| 1 | 2

> quoted
text in the quote
[ref]: https://a.example "title"
text behind
- item
  | a | b |
  |---|---|

      [ref 2]: <x> 'y'

* * *
- [ ] box: [ref]: not one
    > nested

        code # in it
|
---
"""


@pytest.mark.parametrize("extensions", [MANY, FEW], ids=["many", "few"])
def test_the_tree_is_the_same(extensions: tuple[str, ...]) -> None:
    own = Markdown(extensions=list(extensions))
    quick, _ = Site(Path(), Path(), extensions=extensions).markdown()
    assert type(quick.parser) is not BlockParser
    for text in [SNARES, *("\n".join(SNARES.split("\n")[n:]) for n in range(30)), *pages()]:
        assert tostring(parse(quick, text)) == tostring(parse(own, text))
        assert quick.references == own.references


def pages() -> list[str]:
    return [mutant(number).markdown for number in range(MUTANTS)]


PLAIN = [
    "```\ncode\n```",
    "text\n\n```python\n# code\n\n<b>\n```\n\ntext",
    "text\n```python\ncode\n```\ntext",
    "~~~ c++ \n~~~  \n\n- item\n\n```sql\n- item\n> text\n    more\n```\n- item",
    "<!--\n```\n-->\n```\n-->\n\n<div>\n\n```\n</div>\n```\n\n</div>",
    "```\n```\n\n````\n````",
    "a\n\n\n```\n\tcode\n```\n\n\n\n    b",
]
NESTED = [
    "- item\n\n    ```python\n    code\n\n      code\n    ```\n\n    text",
    "- item\n  ```\n  code\n  ```\n\n1. one\n\n    - two\n\n        ```\n        code\n        ```",
    "text\n\n    ```\n    code\n\n    # code\n    ```\n\n    code",
    "text\n- no item\n\n    ```\n    code\n    ```\n    code\ntext",
    "- item\n\n        ```\n        code\n        ```\n        code",
    "> quote\n\n     ```\n      code\n     ```",
]
UNUSUAL = [
    "```\nnever closed",
    "```\n~~~\n```\n~~~",
    "````\n```\n````",
    "``` {.python #id}\ncode\n```",
    '```python title="a" hl_lines="1"\ncode\n```',
    "```python whatever\ncode\n```",
    "> ```\n> code\n> ```",
    "> ```\n> code\n\n```\ncode\n```",
    "- item\n\n    ```\n    code\n   less\n    ```",
    "  ```\n  code\n    ```\n\n  ```",
    "```inline``` and\n\n~~~struck~~~",
]
OF_ITS_OWN = "```mermaid\ngraph LR\n```"
MERMAID = {"pymdownx.superfences": {"custom_fences": [{"name": "mermaid", "class": "mermaid"}]}}


def blocks_of(md: Markdown, text: str) -> list[tuple[object, ...]]:
    root = parse(md, text)
    return [(one.kind, one.text, one.line, one.level, one.top) for one in read_blocks(root, md.htmlStash, text)]


@pytest.mark.parametrize("extensions", [MANY, FEW], ids=["many", "few"])
def test_fences_are_the_same(extensions: tuple[str, ...]) -> None:
    configs = {name: options for name, options in MERMAID.items() if name in extensions}
    own = Markdown(extensions=list(extensions), extension_configs=configs)
    plain = [*PLAIN, *(NESTED if extensions is MANY else [OF_ITS_OWN])]
    unusual = [*UNUSUAL, *(NESTED if extensions is FEW else [OF_ITS_OWN])]
    for text in [*plain, *unusual, *pages()[::3]]:  # each with an instance of its own, which takes long to make
        quick, _ = Site(Path(), Path(), extensions=extensions, extension_configs=configs).markdown()
        assert tostring(parse(quick, text)) == tostring(parse(own, text))
        assert blocks_of(quick, text) == blocks_of(own, text)
        assert text not in (unusual if waits(quick) else plain)


def waits(md: Markdown) -> bool:
    """Whether the extensions for fences haven't been needed so far."""
    return type(md.preprocessors["fenced_code_block"]) is PlainFences


@pytest.mark.parametrize(
    "configs",
    [
        {"pymdownx.superfences": {"disable_indented_code_blocks": True}},
        {"pymdownx.superfences": {"custom_fences": [{"name": "*", "class": "any"}]}},
        {"pymdownx.highlight": {"use_pygments": "perhaps"}},
        {"fenced_code": {"no_such": 1}},
    ],
)
def test_unusual_settings_are_left_to_the_extensions(configs: dict[str, Any]) -> None:
    quick, _ = Site(Path(), Path(), extensions=MANY, extension_configs=configs).markdown()
    assert not waits(quick)


@pytest.mark.parametrize("other", ["pymdownx.extra", "somebodys.fences"])
def test_what_may_bring_fences_along_leaves_them_to_the_extensions(other: str) -> None:
    quick, _ = Site(Path(), Path(), extensions=(*MANY, other)).markdown()
    assert not waits(quick)


def test_what_is_derived_from_a_known_processor_is_asked() -> None:
    class Shouting(BlockProcessor):
        def test(self, parent: Element, block: str) -> bool:
            return block.isupper()

        def run(self, parent: Element, blocks: list[str]) -> None:
            parent.append(Element("h1"))
            del blocks[0]

    md = QuickMarkdown()
    md.parser.blockprocessors.register(Shouting(md.parser), "hashheader", 70)
    root = parse(md, "LOUD\n\nquiet")
    assert [child.tag for child in root] == ["h1", "p"]


@pytest.mark.parametrize("name", ["tables", "markdown.extensions.tables", "markdown.extensions.tables:TableExtension"])
def test_extensions_go_by_all_of_their_names(name: str) -> None:
    assert "table" in QuickMarkdown(extensions=[name]).parser.blockprocessors


@pytest.mark.parametrize("name", ["no_such", "no.such", "pymdownx.no_such", "markdown.extensions.no_such"])
def test_extensions_that_are_not_there(name: str) -> None:
    with pytest.raises(ImportError):
        QuickMarkdown(extensions=[name])


def test_extensions_of_others_are_found_by_their_entry_points() -> None:
    assert "perfcase" in QuickMarkdown(extensions=["perfcase"]).treeprocessors

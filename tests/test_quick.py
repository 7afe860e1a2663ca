"""The command line's quicker block phase builds the very tree that Python-Markdown's own does."""

from __future__ import annotations

import os
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

import pytest
from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from mutants import mutant

from mkdocs_perfcase.quick import QuickMarkdown
from mkdocs_perfcase.site import Site
from mkdocs_perfcase.tree import parse

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

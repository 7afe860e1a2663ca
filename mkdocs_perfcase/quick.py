"""A quicker block phase with the same result: processors aren't asked about blocks that can't be theirs."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, ElementTree

from markdown import Markdown
from markdown.blockparser import BlockParser

_NEEDED = {
    "markdown.blockprocessors.HashHeaderProcessor": "#",
    "markdown.blockprocessors.SetextHeaderProcessor": "\n",
    "markdown.blockprocessors.BlockQuoteProcessor": ">",
    "markdown.blockprocessors.ReferenceProcessor": "]:",
    "markdown.extensions.tables.TableProcessor": "|",
    "pymdownx.superfences.SuperFencesCodeBlockProcessor": "    ",
}
"""What a block must hold for a processor to make anything of it. Others, and what is derived from these, are asked."""


class _Parser(BlockParser):
    """Python-Markdown's own parser, which sorts and asks all processors anew for each block."""

    def parseDocument(self, lines: Iterable[str]) -> ElementTree:  # noqa: N802  (Python-Markdown's name)
        self._processors = [
            (_NEEDED.get(f"{type(one).__module__}.{type(one).__name__}", ""), one.test, one.run)
            for one in self.blockprocessors
        ]
        return super().parseDocument(lines)

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:  # noqa: N802
        while blocks:
            for needed, test, run in self._processors:
                if needed in blocks[0] and test(parent, blocks[0]) and run(parent, blocks) is not False:
                    break


def sped_up(md: Markdown) -> Markdown:
    """A Markdown instance with the quicker parser, unless an extension has brought one of its own."""
    if type(md.parser) is BlockParser:
        md.parser.__class__ = _Parser  # processors hold on to the instance
    return md

"""Fenced code as nearly all pages have it, read without the extensions that also know the rest: they import a lot."""

from __future__ import annotations

import html
from collections.abc import Callable, Collection
from typing import NamedTuple
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import CodeBlockProcessor
from markdown.preprocessors import Preprocessor

from mkdocs_perfcase.expression import expression

NAME = "fenced_code_block"
"""What the extensions register theirs as, and how early it runs."""
PRIORITY = 25
_OPENS = expression(r"( *)(`{3,}|~{3,}) *(?:([\w#+-]+) *)?")


def code(source: str) -> str:
    """What stands for code in a page that is read and never shown."""
    return f"<pre><code>{html.escape(source)}</code></pre>"


class _Fence(NamedTuple):
    indent: int
    start: int
    end: int
    """The lines of its marks."""


class PlainFences(Preprocessor):
    """Takes out fences with nothing but a language behind their mark; any other has the extension itself loaded."""

    def __init__(
        self, md: Markdown, load: Callable[[], None], *, nested: bool = False, special: Collection[str] = ()
    ) -> None:
        """Stand in for an extension.

        Args:
            md: the instance to read with.
            load: loads the extension, which takes this one's place.
            nested: whether fences may be indented, as with superfences.
            special: languages that the extension treats in a way of their own.
        """
        super().__init__(md)
        self._load, self._nested, self._special = load, nested, special
        self.typed: dict[str, list[str]] = {}
        """The lines that each placeholder stands for."""

    def run(self, lines: list[str]) -> list[str]:
        """The lines with a placeholder for each fence."""
        fences = self._plain(lines)
        if fences is None:
            self._load()
            return self.md.preprocessors[NAME].run(lines)
        self.typed.clear()
        kept: list[str] = []
        begun = 0
        for fence in fences:
            kept += [*lines[begun : fence.start], *self._stored(lines[fence.start : fence.end + 1], fence.indent)]
            begun = fence.end + 1
        return kept + lines[begun:]

    def _stored(self, lines: list[str], indent: int) -> list[str]:
        placeholder = self.md.htmlStash.store(code("\n".join(line[indent:] for line in lines[1:-1])))
        self.typed[placeholder] = lines
        return [" " * indent + placeholder] if self._nested else ["", placeholder, ""]

    def _plain(self, lines: list[str]) -> list[_Fence] | None:
        """All fences; None where one isn't plain, or isn't closed."""
        found: list[_Fence] = []
        opened: tuple[int, str, str] | None = None  # the line, what stands before its mark, its mark
        for number, line in enumerate(lines):
            marked = "```" in line or "~~~" in line
            if opened is None:
                if marked and (opened := self._opened(number, line)) is None:
                    return None
                continue
            start, indent, mark = opened
            if marked and line.rstrip(" ") == indent + mark:
                found.append(_Fence(len(indent), start, number))
                opened = None
            elif marked or (line.strip() and not line.startswith(indent)):
                return None
        return found if opened is None else None

    def _opened(self, number: int, line: str) -> tuple[int, str, str] | None:
        match = _OPENS.fullmatch(line)
        if not match or match[3] in self._special or (match[1] and not self._nested):
            return None
        return number, match[1], match[2]


class IndentedCode(CodeBlockProcessor):
    """Indented code, in which fences are text."""

    def __init__(self, md: Markdown, fences: PlainFences) -> None:
        super().__init__(md.parser)
        self._fences = fences

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Read a block, with the fences in it as they were typed."""
        if "\x02" in blocks[0]:
            blocks[0] = "\n".join(typed for line in blocks[0].split("\n") for typed in self._typed(line))
        super().run(parent, blocks)

    def _typed(self, line: str) -> list[str]:
        bare = line.lstrip(" >")
        lines = self._fences.typed.get(bare, [])
        taken = len(lines[0]) - len(lines[0].lstrip(" ")) - (len(line) - len(bare)) if lines else 0
        return [one[taken:] for one in lines] or [line]

"""The one reading: a page's block tree, before inline processing, as a flat run of blocks with their lines.

Python-Markdown keeps no line numbers, so a block's raw first line is looked up in the source, in order.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from typing import Literal, NamedTuple
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.util import HTML_PLACEHOLDER_RE, HtmlStash

Kind = Literal["heading", "paragraph", "item", "table", "code", "comment", "html"]


class Row(NamedTuple):
    """A table's row: its cells' raw text, their elements, and its line (1-based)."""

    cells: tuple[str, ...]
    elements: tuple[Element, ...]
    line: int


class Block(NamedTuple):
    """One block of a page. A tuple rather than a dataclass, since a page has hundreds and they are made on every build.

    `text` is as typed (for code: the code, for a comment: its inside). `level` is a heading's level, else the depth of
    list nesting. `top` numbers the top-level element that it stands in. `line` is 1-based in the source file.
    """

    kind: Kind
    text: str
    line: int
    level: int
    top: int
    element: Element
    rows: tuple[Row, ...] = ()
    """A table's header and rows."""


def parse(md: Markdown, text: str) -> Element:
    """Run a Markdown instance's block phase alone: preprocessors and block parser, no inline, no rendering."""
    md.reset()
    lines = text.split("\n")
    for preprocessor in md.preprocessors:
        lines = preprocessor.run(lines)
    root = md.parser.parseDocument(lines).getroot()
    return root if root is not None else Element("div")


_MARKS = frozenset(">-*+#:0123456789")
_MARKERS = re.compile(r"[\s>]*(?:(?:[-*+:]|\d{1,9}[.)]|#{1,6})\s+[\s>]*)*")
_LINES_TRIED = 30
_FENCES_TRIED = 20  # code that stands in no fence (a snippet's) must not cost a search of the whole page
_FENCE = re.compile(r"[\s>]*(`{3,}|~{3,})([^`]*)$")


def _bare(line: str) -> str:
    """A line without the quote, list and heading markers before its text."""
    text = line.strip()
    if text[:1] in _MARKS:
        match = _MARKERS.match(text)
        text = text[match.end() :] if match else text
    return text.rstrip("#").rstrip() if text.endswith("#") else text


def _row_key(cells: list[str]) -> str:
    return re.sub(r"\s*\|\s*", "|", "|".join(cells)).strip("| ")


class Lines:
    """Finds the source line of each block of a page, asked for in document order.

    Lines inside fences and HTML comments are taken only where no other line matches, since they make no blocks.
    """

    def __init__(self, source: str) -> None:
        self._cursor = 0
        self._shown: dict[str, list[int]] = defaultdict(list)
        self._hidden: dict[str, list[int]] = defaultdict(list)
        self._fences: list[tuple[int, int]] = []
        lines = source.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
        self._lines = lines
        hidden = self._hidden_lines(lines)
        for number, line in enumerate(lines, 1):
            if key := _bare(line):
                (self._hidden if number in hidden else self._shown)[key].append(number)
                if "|" in key:
                    (self._hidden if number in hidden else self._shown)[_row_key(key.split("|"))].append(number)

    def _hidden_lines(self, lines: list[str]) -> set[int]:
        closers: dict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(lines, 1):
            if ("```" in line or "~~~" in line) and (match := _FENCE.match(line)) and not match[2].strip():
                closers[match[1]].append(number)
        hidden: set[int] = set()
        skip_to = 0
        for number, line in enumerate(lines, 1):
            if number <= skip_to:
                continue
            if closers and (match := _FENCE.match(line)):
                ends = closers[match[1]]
                place = bisect_left(ends, number + 1)
                if place < len(ends):
                    skip_to = ends[place]
                    self._fences.append((number, skip_to))
                    hidden.update(range(number, skip_to + 1))
            elif line.lstrip().startswith("<!--") and "-->" not in line:
                skip_to = next((n for n in range(number, len(lines) + 1) if "-->" in lines[n - 1]), number)
                hidden.update(range(number + 1, skip_to + 1))
        return hidden

    def find(self, text: str) -> int:
        """The line of a block whose raw text starts so; where none matches, that of the block before it."""
        return self._take(_bare(text.partition("\n")[0]))

    def find_row(self, cells: list[str]) -> int:
        """The line of a table's header."""
        return self._take(_row_key(cells))

    def find_fence(self, code: str) -> int:
        """The line of the next fence around this code; the block after it is looked for behind its end."""
        first = code.partition("\n")[0].strip()
        place = bisect_left(self._fences, (self._cursor + 1, 0))
        for start, end in self._fences[place : place + _FENCES_TRIED]:
            inside = next((line for line in self._lines[start : end - 1] if line.strip(" >")), "")
            if inside.strip(" >") == first.strip(" >"):
                self._cursor = end
                return start
        return max(self._cursor, 1)

    def _take(self, key: str) -> int:
        for index in (self._shown, self._hidden):
            if numbers := index.get(key):
                place = bisect_left(numbers, self._cursor + 1)
                if place < len(numbers):
                    self._cursor = numbers[place]
                    return self._cursor
        return self._containing(key)

    def _containing(self, key: str) -> int:
        """What stands in a line among other things, such as an admonition's title; the line isn't passed by it."""
        nearby = self._lines[self._cursor : self._cursor + _LINES_TRIED]
        return next((self._cursor + n for n, line in enumerate(nearby, 1) if key and key in line), max(self._cursor, 1))

    def passed(self, line: int) -> None:
        """Tell that the blocks up to a line have been read."""
        self._cursor = max(self._cursor, line)


_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SKIPPED = {"input", "label", "hr", "br", "script", "style", "button"}
_COMMENT = re.compile(r"\s*<!--(.*?)-->\s*$", re.DOTALL)
_CODE = re.compile(r"<pre[^>]*>(.*)</pre>", re.DOTALL)
_LINE_NUMBERS = re.compile(r'<td class="linenos">.*?</td>', re.DOTALL)
_NOT_CODE = re.compile(r'<span class="(?:linenos[^"]*|filename)">.*?</span>|<[^>]*>', re.DOTALL)


def heading_texts(root: Element) -> Iterator[tuple[int, str]]:
    """Level and raw text of every heading: all that recognising a page needs."""
    for element in root.iter():
        level = _HEADINGS.get(element.tag)
        if level and element.text:
            yield level, element.text


def read_blocks(root: Element, stash: HtmlStash, source: str) -> list[Block]:
    """All blocks of a page in document order.

    Args:
        root: the tree that Python-Markdown built, before inline processing (it isn't changed).
        stash: the raw HTML and rendered code that the tree's text refers to.
        source: the page's file, front matter and all, in which the lines are counted.
    """
    return _Reader(stash, Lines(source)).read(root)


class _Reader:
    def __init__(self, stash: HtmlStash, lines: Lines) -> None:
        self._stash = stash.rawHtmlBlocks
        self._lines = lines
        self._blocks: list[Block] = []
        self._top = 0

    def read(self, root: Element) -> list[Block]:
        for self._top, child in enumerate(root):
            self._element(child, 0)
            if child.tail and child.tail.strip():
                self._text(child, child.tail, "paragraph", 0)
        return self._blocks

    def _element(self, element: Element, depth: int) -> None:
        """Read an element and all below it. A stack, not recursion, since authors' lists nest without limit."""
        pending: list[tuple[Element, int]] = [(element, depth)]
        while pending:
            element, depth = pending.pop()
            pending.extend(reversed(self._own(element, depth)))

    def _own(self, element: Element, depth: int) -> list[tuple[Element, int]]:
        """Read what an element itself holds; return the children that are still to be read, with their depth."""
        tag = element.tag
        if tag in _HEADINGS:
            text = (element.text or "").strip()
            self._add("heading", text, self._lines.find(text), _HEADINGS[tag], element)
            return []
        if tag == "table":
            self._table(element, depth)
            return []
        if tag == "pre":
            self._add(
                "code", "".join(element.itertext()), self._lines.find("".join(element.itertext())), depth, element
            )
            return []
        if tag == "li":
            return self._item(element, depth)
        if not isinstance(tag, str) or tag in _SKIPPED:
            return []
        if element.text and element.text.strip():
            self._text(element, element.text, "paragraph", depth)
        inner = depth + 1 if tag in ("ul", "ol") else depth
        return [(child, inner) for child in element]

    def _item(self, element: Element, depth: int) -> list[tuple[Element, int]]:
        """A list item is its own text, or that of its first paragraph where the list is a loose one."""
        children = list(element)
        if element.text and element.text.strip():
            self._text(element, element.text, "item", depth)
        elif children and children[0].tag == "p" and children[0].text:
            self._text(element, children.pop(0).text or "", "item", depth)
        return [(child, depth) for child in children]

    def _table(self, element: Element, depth: int) -> None:
        rows = list(element.iter("tr"))
        if not rows:
            return
        texts = [[cell.text or "" for cell in row] for row in rows]
        line = self._lines.find_row(texts[0])
        lines = [line, *range(line + 2, line + 1 + len(rows))]  # behind the header comes the line of dashes
        self._lines.passed(lines[-1] if len(rows) > 1 and any(texts[1]) else line + 1)
        read = tuple(Row(tuple(text), tuple(row), n) for text, row, n in zip(texts, rows, lines, strict=True))
        self._add("table", "", line, depth, element, read)

    def _text(self, element: Element, text: str, kind: Kind, depth: int) -> None:
        """A run of text, cut where rendered code or raw HTML stands in it on a line of its own."""
        if "\x02" not in text:
            self._run(element, text, kind, depth)
            return
        run: list[str] = []
        for line in text.split("\n"):
            match = HTML_PLACEHOLDER_RE.fullmatch(line.strip())
            if not match:
                run.append(line)
                continue
            self._run(element, "\n".join(run), kind, depth)
            kind = "paragraph" if run else kind
            run = []
            self._stashed(element, int(match[1]), depth)
        self._run(element, "\n".join(run), kind, depth)

    def _run(self, element: Element, text: str, kind: Kind, depth: int) -> None:
        if not text.strip():
            return
        line = self._lines.find(text.lstrip("\n"))
        self._lines.passed(line + text.strip("\n").count("\n"))
        self._add(kind, text.strip("\n"), line, depth, element)

    def _stashed(self, element: Element, index: int, depth: int) -> None:
        raw = self._stash[index] if index < len(self._stash) else ""
        if not isinstance(raw, str) or not raw.strip():
            return
        if match := _COMMENT.match(raw):
            line = self._lines.find(raw.strip())
            self._lines.passed(line + raw.strip().count("\n"))
            self._add("comment", match[1].strip(), line, depth, element)
        elif "<code" in raw and (code := _CODE.search(_LINE_NUMBERS.sub("", raw))):
            text = html.unescape(_NOT_CODE.sub("", code[1])).strip("\n")
            self._add("code", text, self._lines.find_fence(text), depth, element)
        else:
            line = self._lines.find(raw.strip())
            self._lines.passed(line + raw.strip().count("\n"))
            self._add("html", raw, line, depth, element)

    def _add(self, kind: Kind, text: str, line: int, level: int, element: Element, rows: tuple[Row, ...] = ()) -> None:
        self._blocks.append(Block(kind, text, line, level, self._top, element, rows))

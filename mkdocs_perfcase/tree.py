"""The one reading: a page's block tree, before inline processing, as a flat run of blocks with their lines."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.util import HTML_PLACEHOLDER_RE, HtmlStash

from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.lines import Lines

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
    fenced: bool = False
    """Whether `line` is a fence's, so that the code itself starts on the next one."""

    @property
    def blank(self) -> bool:
        """Whether it is a table that holds nothing below its header."""
        return self.kind == "table" and not any(cell.strip() for row in self.rows[1:] for cell in row.cells)


def parse(md: Markdown, text: str) -> Element:
    """Run a Markdown instance's block phase alone: preprocessors and block parser, no inline, no rendering."""
    md.reset()
    lines = text.split("\n")
    for preprocessor in md.preprocessors:
        lines = preprocessor.run(lines)
    root = md.parser.parseDocument(lines).getroot()
    return root if root is not None else Element("div")


_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = {"ul", "ol"}
_SKIPPED = {"input", "label", "hr", "br", "script", "style", "button"}
_COMMENT = expression(r"\s*<!--(.*?)-->\s*$", re.DOTALL)
_LINE_NUMBERS = expression(r'<td class="linenos">(?:(?!</?td).)*</td>', re.DOTALL)
_NOT_CODE = expression(r'<span class="(?:linenos[^"]*|filename)">[^<]*</span>|<[^<>]*>')


def own_text(element: Element) -> Element:
    """What holds an element's own text: of an item of a loose list, the first paragraph."""
    loose = not (element.text or "").strip() and len(element) and element[0].tag == "p"
    return element[0] if loose else element


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
        return self._blocks

    def _element(self, element: Element, depth: int) -> None:
        """Read an element and all below it. A stack, not recursion, since authors' lists nest without limit."""
        pending: list[tuple[Element, int, bool]] = [(element, depth, False)]
        while pending:
            element, depth, behind = pending.pop()
            if behind:  # text behind an element, such as the line below a heading in a list item
                self._text(element, element.tail or "", "paragraph", depth)
                continue
            if element.tail and not element.tail.isspace():
                pending.append((element, depth, True))
            if below := self._own(element, depth):
                inner = depth + 1 if element.tag in _LISTS else depth
                pending += [(child, inner, False) for child in reversed(below)]

    def _own(self, element: Element, depth: int) -> Sequence[Element]:
        """Read what an element itself holds; return the children that are still to be read."""
        tag = element.tag
        if tag in _HEADINGS:
            text = (element.text or "").strip()
            self._add("heading", text, self._lines.find(text), _HEADINGS[tag], element)
            return ()
        if tag == "table":
            self._table(element, depth)
            return ()
        if tag == "pre":
            code = html.unescape("".join(element.itertext())).strip("\n")
            self._code(code, depth, element)
            return ()
        if tag == "li":
            return self._item(element, depth)
        if not isinstance(tag, str) or tag in _SKIPPED:
            return ()
        if element.text and element.text.strip():
            self._text(element, element.text, "paragraph", depth)
        return list(element)

    def _item(self, element: Element, depth: int) -> Sequence[Element]:
        """A list item is its own text, or that of its first paragraph where the list is a loose one."""
        children = list(element)
        if element.text and element.text.strip():
            self._text(element, element.text, "item", depth)
        elif children and children[0].tag == "p" and children[0].text:
            self._text(element, children.pop(0).text or "", "item", depth)
        return children

    def _table(self, element: Element, depth: int) -> None:
        rows = list(element.iter("tr"))
        if not rows:
            return
        texts = [[cell.text or "" for cell in row] for row in rows]
        empty = len(rows) == 2 and not any(texts[1])  # as a table without rows is built
        lines = self._lines.find_rows(texts[0], 0 if empty else len(rows) - 1) + [0] * empty
        read = tuple(Row(tuple(text), tuple(row), n) for text, row, n in zip(texts, rows, lines, strict=True))
        self._add("table", "", lines[0], depth, element, read)

    def _text(self, element: Element, text: str, kind: Kind, depth: int) -> None:
        """A run of text, cut where rendered code or raw HTML stands in it on a line of its own."""
        if "\x02" not in text:
            self._run(element, text.strip("\n"), kind, depth)
            return
        run: list[str] = []
        for line in text.split("\n"):
            match = HTML_PLACEHOLDER_RE.fullmatch(line.strip())
            if not match:
                run.append(line)
                continue
            self._run(element, "\n".join(run).strip("\n"), kind, depth)
            kind = "paragraph" if run else kind
            run = []
            self._stashed(element, int(match[1]), depth)
        self._run(element, "\n".join(run).strip("\n"), kind, depth)

    def _run(self, element: Element, text: str, kind: Kind, depth: int) -> None:
        if not text or text.isspace():
            return
        line = self._lines.find(text)
        self._lines.passed(line + text.count("\n"))
        self._blocks.append(Block(kind, text, line, depth, self._top, element))

    def _stashed(self, element: Element, index: int, depth: int) -> None:
        raw = self._stash[index] if index < len(self._stash) else ""
        if not isinstance(raw, str) or not raw.strip():
            return
        if match := _COMMENT.match(raw):
            line = self._lines.find(raw.strip())
            self._lines.passed(line + raw.strip().count("\n"))
            self._add("comment", match[1].strip(), line, depth, element)
        elif "<code" in raw and (code := _preformatted(_LINE_NUMBERS.sub("", raw))):
            text = html.unescape(_NOT_CODE.sub("", code)).strip("\n")
            self._code(text, depth, element)
        else:
            line = self._lines.find(raw.strip())
            self._lines.passed(line + raw.strip().count("\n"))
            self._add("html", raw, line, depth, element)

    def _code(self, code: str, depth: int, element: Element) -> None:
        line = self._lines.find_code(code)
        fenced = self._lines.opens_fence(line)
        self._blocks.append(Block("code", code, line, depth, self._top, element, fenced=fenced))

    def _add(self, kind: Kind, text: str, line: int, level: int, element: Element, rows: tuple[Row, ...] = ()) -> None:
        self._blocks.append(Block(kind, text, line, level, self._top, element, rows))


def _preformatted(raw: str) -> str:
    """What is in the first preformatted element, up to the last such end; empty where there is none."""
    start = raw.find(">", raw.find("<pre")) if "<pre" in raw else -1
    return raw[start + 1 : raw.rfind("</pre>")] if 0 <= start < raw.rfind("</pre>") else ""

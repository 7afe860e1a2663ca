"""The one reading: a page's block tree, before inline processing, as a flat run of blocks with their lines.

Python-Markdown keeps no line numbers, so a block's raw first line is looked up in the source, in order.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.util import HTML_PLACEHOLDER_RE, HtmlStash

from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.source import unified

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


_MARKERS = expression(r"[\s>]*(?:(?:(?:[-*+:]|\d{1,9}[.)])\s+|#+\s*)[\s>]*)*")
_MARKS = frozenset(">-*+#:0123456789")
_BULLETS = frozenset("-*+")
_LINES_TRIED = 30
_FENCES_TRIED = 20  # code that stands in no fence (a snippet's) must not cost a search of the whole page
_PLACES_TRIED = 20  # of a paragraph whose first line stands on the page many times
_LINES_COMPARED = 8
_FENCE = expression(
    r"""([\s>]*)(`{3,}|~{3,})(?:[ ]*(\.?[\w#.+-]+(?=[ ]|$)))?"""
    r"""(?:[ ]*(?:\{[^{}\n]*\}|[A-Za-z]\w*(?:=(?:"[^"]*"|'[^']*'))?(?=[ ]|$)))*[ ]*$"""
)
_TAG = expression(r"</?[A-Za-z][^<>]*>")
_COMMENT_OPENS = expression(r" {0,3}<!--")


def _bare(line: str) -> str:
    """A line without the quote, list and heading markers before its text."""
    text = line.strip()
    if text[1:2] == " " and text[0] in _BULLETS:
        text = text[2:].lstrip()
    if text[:1] in _MARKS and text[:2] != "**":  # other markers are rare, and bold text has none
        match = _MARKERS.match(text)
        text = text[match.end() :] if match else text
    return text.rstrip("#").rstrip() if text.endswith("#") else text


_TITLE_MARKS = frozenset("!?/<")
_OPENERS = frozenset(("!!!", "???", "///"))
_TITLED = expression(
    r"""(?:!!!|\?\?\?\+?)(?=[ ]*(?P<type>[\w-]*))[^"]*(?:"(?P<title>.*)")?$"""
    r"""|/{3,}[ ]*(?P<block>[\w-]+)[ ]*(?:\|(?P<name>.*))?$"""
)


def _title(line: str) -> str:
    """What a line that opens an admonition or the like, or an HTML element, shows; empty for any other line."""
    line = line.strip()
    start = line[:3]
    if start in _OPENERS and (match := _TITLED.match(line)):
        return (match["title"] or match["name"] or (match["type"] or match["block"] or "").capitalize()).strip()
    return _TAG.sub("", line).strip() if start[:1] == "<" else ""


def _row_key(row: str) -> str:
    return "|".join(cell.strip() for cell in row.split("|")).strip("|")


class Lines:
    """Finds the source line of each block of a page, asked for in document order.

    Lines inside fences and HTML comments are taken only where no other line matches, since they make no blocks.
    """

    def __init__(self, source: str) -> None:
        self._cursor = 0
        self._shown: dict[str, list[int]] = defaultdict(list)
        self._hidden: dict[str, list[int]] = defaultdict(list)
        self._fences: dict[int, int] = {}
        """The first and the last line of each."""
        lines = unified(source).expandtabs(4).split("\n")
        self._lines = lines
        self._keys = [_bare(line) if line else "" for line in lines]
        self._find_fences()
        self._starts = list(self._fences)
        hidden = self._hidden_lines()
        for number, key in enumerate(self._keys, 1):
            if key:
                index = self._hidden if number in hidden else self._shown
                index[key].append(number)
                if "|" in key:
                    for row in {_row_key(key), _row_key(self._lines[number - 1].strip())}:
                        index[row or "|"].append(number)
                if key[0] in _TITLE_MARKS and (title := _title(self._lines[number - 1])):
                    index[_bare(title)].append(number)

    def _find_fences(self) -> None:
        """As superfences has it: indented as far as its opening line; a line that is indented less ends the attempt."""
        fence: tuple[int, str, str] | None = None  # the line that opens it, what stands before its mark, its mark
        for number, line in enumerate(self._lines, 1):
            if fence is None:
                if ("```" in line or "~~~" in line) and (match := _FENCE.match(line)):
                    fence = number, match[1], match[2]
                continue
            before, code = line[: len(fence[1])], line[len(fence[1]) :]
            if code.strip() and (before.strip(" >") or before.count(">") > fence[1].count(">")):
                fence = None
            elif code.rstrip() == fence[2]:
                self._fences[fence[0]] = number
                fence = None
            elif not code.strip() and line.strip(" >"):
                fence = None

    def _hidden_lines(self) -> set[int]:
        """Lines of fences, which come first, and of comments."""
        hidden = {number for start, end in self._fences.items() for number in range(start, end + 1)}
        comment: list[int] = []
        for number, line in enumerate(self._lines, 1):
            if number in hidden or not (comment or "<!--" in line):
                continue
            if comment:
                comment.append(number)
                if "-->" in line:
                    hidden.update(comment[1:])
                    comment = []
            elif _COMMENT_OPENS.match(line) and "-->" not in line:
                comment = [number]
        return hidden

    def find(self, text: str) -> int:
        """The line of a block whose raw text starts so; where none matches, that of the block before it."""
        if "\n" not in text:
            return self._take(_bare(text))
        first, *others = text.split("\n", _LINES_COMPARED)[:_LINES_COMPARED]
        key = _bare(first)
        if key:
            keys = [_bare(line) for line in others]
            for index in (self._shown, self._hidden):
                numbers = index.get(key, ())
                place = bisect_left(numbers, self._cursor + 1)
                for number in numbers[place : place + _PLACES_TRIED]:
                    if self._keys[number : number + len(keys)] == keys:
                        self._cursor = number
                        return number
        return self._take(key)

    def find_rows(self, header: list[str], count: int) -> list[int]:
        """The lines of a table's header and of as many rows; a block of code that ran into it counts for one."""
        lines = [self._take(_row_key("|".join(header)))]
        line = lines[0] + 2  # behind the header comes the line of dashes
        for _ in range(count):
            lines.append(line)
            line = self._fences.get(line, line) + 1
        self._cursor = line - 1
        return lines

    def find_code(self, code: str) -> int:
        """The line of the fence around this code, or of its first line where it is indented.

        The block after it is looked for behind its end.
        """
        first, _, others = code.partition("\n")
        key = _bare(first)
        fence = self._fence_around(first.strip(" >"))
        numbers = self._shown.get(key, [])
        place = bisect_left(numbers, self._cursor + 1)
        if place < len(numbers) and (fence is None or numbers[place] < fence[0]):
            self._cursor = numbers[place] + others.count("\n") + bool(others)
            return numbers[place]
        if fence is not None:
            self._cursor = fence[1]
            return fence[0]
        return max(self._cursor, 1)

    def opens_fence(self, line: int) -> bool:
        """Whether a fence begins at a line."""
        return line in self._fences

    def _fence_around(self, first: str) -> tuple[int, int] | None:
        place = bisect_left(self._starts, self._cursor + 1)
        for start in self._starts[place : place + _FENCES_TRIED]:
            end = self._fences[start]
            inside = next((line for line in self._lines[start : end - 1] if line.strip()), "")
            if inside.strip(" >") == first:
                return start, end
        return None

    def _take(self, key: str) -> int:
        for index in (self._shown, self._hidden):
            if numbers := index.get(key):
                place = bisect_left(numbers, self._cursor + 1)
                if place < len(numbers):
                    self._cursor = numbers[place]
                    return self._cursor
        return self._containing(key)

    def _containing(self, key: str) -> int:
        """What stands in a line among other things; the line isn't passed by it."""
        nearby = self._lines[self._cursor : self._cursor + _LINES_TRIED]
        return next((self._cursor + n for n, line in enumerate(nearby, 1) if key and key in line), max(self._cursor, 1))

    def passed(self, line: int) -> None:
        """Tell that the blocks up to a line have been read."""
        if line > self._cursor:
            self._cursor = line


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

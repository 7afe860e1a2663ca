"""Where a page's blocks stand in its file: Python-Markdown keeps no line numbers.

A block's raw first line is looked up in the source, in order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict

from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.source import unified

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

"""What a page can ask for in a comment, `<!-- perfcase: verb argument -->`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.tree import Block

EVIDENCE = "evidence"
"""The verb that stands where a table of a record's evidence is to be shown."""
VERBS = ("index", "end", "table", EVIDENCE, "ignore", "waive")
FILTERS = ("type", "stage", "tag", "owner", "component")
"""What a table chooses records by."""
TABLE_ARGUMENTS = ("metric", *FILTERS)

_ARGUMENT = expression(r"\s*([\w-]+)=(?:\"([^\"]*)\"|'([^']*)'|([^\s\"']+))")


def table_arguments(text: str) -> tuple[dict[str, str], str]:
    """The arguments of a table directive, and the first thing in it that is none (empty if all is well)."""
    arguments: dict[str, str] = {}
    place = 0
    while match := _ARGUMENT.match(text, place):
        if match[1] not in TABLE_ARGUMENTS:
            return arguments, match[1]
        arguments[match[1]] = match[2] or match[3] or match[4] or ""
        place = match.end()
    return arguments, text[place:].strip()


class Directive(NamedTuple):
    """A comment `<!-- perfcase: verb argument -->`, and the lines of the block that follows it."""

    verb: str
    argument: str
    line: int
    covers: range


_VERB = r"([a-z]+(?:-[a-z]+)*)(?!-?[a-z])"  # none but a whole one, so that a long text isn't tried letter by letter
COMMENT = expression(rf"<!--\s*perfcase:\s*{_VERB}((?:(?!<!--|-->).)*)-->", re.DOTALL | re.IGNORECASE)
COMMENTS = expression(r"(?P<code>(?<!`)(`+)(?!`).+?(?<!`)\2(?!`))|<!--(?:(?!<!--|-->).)*-->", re.DOTALL)
"""Comments; and code, in which a comment is text that shows."""
INSIDE_COMMENT = expression(r"perfcase:\s*([a-z-]+)\s*(.*)", re.DOTALL | re.IGNORECASE)
_NO_REASON = expression(r"\W*(?:reason|todo|tbd|later|x+)?\W*", re.IGNORECASE)
_LEAST_REASON = 4  # letters; in languages without spaces a few are a sentence


def given_reason(text: str) -> str:
    """The reason given for a waiver or an ignore; empty where it is none, such as the word that stands for it."""
    reason = text.strip().lstrip(":-–— ")
    letters = sum(c.isalpha() for c in reason)
    return "" if letters < _LEAST_REASON or _NO_REASON.fullmatch(reason) else reason


def read_directives(blocks: list[Block]) -> Iterator[Directive]:
    """The directives of a page; a waiver within a list item is a part of that item, and none of these."""
    comments: list[Block] = []
    before: Block | None = None
    for place, block in enumerate(blocks):
        if block.kind == "comment":
            comments.append(block)
            continue
        if comments:
            yield from _standing(comments, before, blocks, place)
            comments = []
        before = block
        if "<!--" in block.text and block.kind in ("item", "paragraph"):
            yield from _inline(block)
    yield from _standing(comments, before, blocks, len(blocks))


def index_marks(blocks: Iterable[Block]) -> tuple[Block | None, Block | None]:
    """The comment that asks for the index, and the one that ends what was generated below it; None for what isn't."""
    start: Block | None = None
    for block in blocks:
        match = INSIDE_COMMENT.match(block.text) if block.kind == "comment" else None
        if match and match[1].lower() == "index" and start is None:
            start = block
        elif match and match[1].lower() == "end" and start:
            return start, block
        elif match and match[1].lower() == "index":
            break
    return start, None


def _inline(block: Block) -> Iterator[Directive]:
    for comment in COMMENTS.finditer(block.text):
        match = None if comment["code"] else COMMENT.fullmatch(comment[0])
        if match and match[1].lower() != "waive":
            line = block.line + block.text.count("\n", 0, comment.start())
            yield Directive(match[1].lower(), match[2].strip(), line, range(block.line, line + 1))


def _standing(comments: list[Block], before: Block | None, blocks: list[Block], behind: int) -> Iterator[Directive]:
    """Directives on lines of their own cover the block behind them: a list with its items, a table with its rows.

    Where they are the first thing in a section, the heading's line is covered too.
    """
    matches = [(comment, match) for comment in comments if (match := INSIDE_COMMENT.match(comment.text))]
    if not matches:
        return
    end = behind
    while end < len(blocks) and (blocks[end].top, blocks[end].kind) == (blocks[behind].top, blocks[behind].kind):
        end += 1
    nothing_behind = behind == len(blocks)
    to_line = blocks[end].line if end < len(blocks) else comments[-1].line + 1 if nothing_behind else sys.maxsize
    heading = before.line if before and before.kind == "heading" else None
    for comment, match in matches:
        yield Directive(match[1].lower(), match[2].strip(), comment.line, range(heading or comment.line, to_line))

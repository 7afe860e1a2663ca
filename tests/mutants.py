"""Filled records as authors damage them: mutants of the example site's pages, each made from its number alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

PAGES = Path(__file__).parent.parent / "example_site" / "docs" / "performance"
MOST_STEPS = 4


class Mutant(NamedTuple):
    """A damaged record: the file, and what a host hands to Python-Markdown of it."""

    name: str
    file: str
    """The file as it is decoded: byte order mark, carriage returns, front matter and all."""
    body: tuple[str, ...]
    """The lines behind the front matter."""
    offset: int
    """How many lines of the file stand before them."""
    steps: tuple[str, ...]
    """The mutations that made it."""

    @property
    def markdown(self) -> str:
        return "\n".join(self.body)


Lines = list[str]
Mutation = Callable[[Lines, Random], None]
MUTATIONS: dict[str, Mutation] = {}


def _mutation(change: Mutation) -> Mutation:
    MUTATIONS[change.__name__.strip("_")] = change
    return change


def mutant(number: int) -> Mutant:
    """The mutant of this number, the same one on every machine."""
    rng = Random(f"perfcase {number}")  # seeded by text, which is hashed alike in every version of Python
    page = _records()[number % len(_records())]
    front, lines = _split(_text(page))
    names = rng.choices(sorted(MUTATIONS), k=rng.randint(1, MOST_STEPS))
    for name in names:
        MUTATIONS[name](lines, rng)
    while lines and not lines[0].strip():  # as MkDocs strips a page's text
        del lines[0]
        front = [*front, ""]
    flavour = rng.choices(("lf", "crlf", "bom", "bom+crlf"), weights=(7, 1, 1, 1))[0]
    file = "\n".join([*front, *lines])
    if "crlf" in flavour:
        file = file.replace("\n", "\r\n")
    if "bom" in flavour:
        file = "\ufeff" + file
    return Mutant(
        f"{number}: {page.stem} ({flavour}) {' + '.join(names)}", file, tuple(lines), len(front), tuple(names)
    )


@cache
def _records() -> tuple[Path, ...]:
    pages = (path for path in sorted(PAGES.glob("*.md")) if path.name != "index.md")
    return tuple(path for path in pages if "perfcase_evidence:" not in _text(path))  # whose result files lie there


@cache
def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _split(text: str) -> tuple[Lines, Lines]:
    lines = text.split("\n")
    end = lines.index("---", 1) + 1 if lines[0] == "---" else 0
    return lines[:end], lines[end:]


_BULLET = re.compile(r"^(\s*)([-*+]|\d+\.)(\s+)")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_BLOCK_TITLES = (
    "Note",
    "Details",
    "Before",
    "Overview",
    "Symptoms",
    "Acceptance Criteria",
    "All benchmarks meet or exceed targets",
)
_EMOJI = ("✅", "🚀", "⚠️", "1️⃣", "📈")


def _where(lines: Lines, pattern: str) -> list[int]:
    return [place for place, line in enumerate(lines) if re.search(pattern, line)]


def _some(lines: Lines, rng: Random, most: int = 8) -> tuple[int, int]:
    """A run of lines."""
    start = rng.randrange(max(1, len(lines)))
    return start, min(len(lines), start + rng.randint(1, most))


def _blocks(lines: Lines, rng: Random, most: int = 6) -> tuple[int, int]:
    """A run of lines from one blank line to another, as what is wrapped usually is."""
    blanks = [-1, *(place for place, line in enumerate(lines) if not line.strip()), len(lines)]
    first = rng.randrange(len(blanks) - 1)
    last = min(len(blanks) - 1, first + rng.randint(1, most))
    return blanks[first] + 1, blanks[last]


def _indented(lines: Lines, by: int) -> Lines:
    return [" " * by + line if line.strip() else line for line in lines]


def _change_one(lines: Lines, rng: Random, pattern: str, change: Callable[[str], str]) -> None:
    if places := _where(lines, pattern):
        place = rng.choice(places)
        lines[place] = change(lines[place])


@_mutation
def _drop_lines(lines: Lines, rng: Random) -> None:
    start, end = _some(lines, rng)
    del lines[start:end]


@_mutation
def _duplicate_lines(lines: Lines, rng: Random) -> None:
    start, end = _some(lines, rng, 20)
    place = end if rng.random() < 0.5 else rng.randrange(len(lines) + 1)
    lines[place:place] = lines[start:end]


@_mutation
def _duplicate_blocks(lines: Lines, rng: Random) -> None:
    start, end = _blocks(lines, rng, 12)
    place = rng.randrange(len(lines) + 1)
    lines[place:place] = ["", *lines[start:end], ""]


@_mutation
def _swap_lines(lines: Lines, rng: Random) -> None:
    if lines:
        one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]


@_mutation
def _indent(lines: Lines, rng: Random) -> None:
    start, end = _some(lines, rng)
    lines[start:end] = _indented(lines[start:end], rng.randint(1, 9))


@_mutation
def _indent_with_tabs(lines: Lines, rng: Random) -> None:
    start, end = _some(lines, rng)
    lines[start:end] = [rng.choice(("\t", "\t\t", "  \t", "-\t")) + line for line in lines[start:end]]


@_mutation
def _dedent(lines: Lines, rng: Random) -> None:
    start, end = _some(lines, rng, 30)
    by = rng.randint(1, 4)
    lines[start:end] = [re.sub(rf"^ {{1,{by}}}", "", line) for line in lines[start:end]]


@_mutation
def _remove_blank_lines(lines: Lines, rng: Random) -> None:
    for _ in range(rng.choice((1, 1, 2, 5, 40))):
        if places := _where(lines, r"^\s*$"):
            del lines[rng.choice(places)]


@_mutation
def _add_blank_lines(lines: Lines, rng: Random) -> None:
    for _ in range(rng.choice((1, 3, 10))):
        lines.insert(rng.randrange(len(lines) + 1), rng.choice(("", "", "    ", "\t")))


@_mutation
def _trail_spaces(lines: Lines, rng: Random) -> None:
    start, end = _some(lines, rng, 40)
    lines[start:end] = [line + rng.choice(("", " ", "  ", "\t")) for line in lines[start:end]]


@_mutation
def _swap_bullets(lines: Lines, rng: Random) -> None:
    start, end = _some(lines, rng, 60)
    marker = rng.choice(("-", "*", "+", "1.", "1)", "•"))
    gap = rng.choice((" ", "   ", "  ", "\t"))
    lines[start:end] = [_BULLET.sub(rf"\g<1>{marker}{gap}", line) for line in lines[start:end]]


@_mutation
def _star_the_boxes(lines: Lines, rng: Random) -> None:
    for place in _where(lines, r"^\s*- \[.\]"):
        if rng.random() < 0.7:
            lines[place] = lines[place].replace("-", rng.choice(("*", "*  ", "+", "1.")), 1)


@_mutation
def _spoil_boxes(lines: Lines, rng: Random) -> None:
    boxes = (
        "[ ]",
        "[x]",
        "[X]",
        "[]",
        "[N/A]",
        "[ x ]",
        "[-]",
        "✅",
        "[x]:",
        "[ ]\u00a0",
        "\\[x\\]",
        "[x](a.md)",
        "`[x]`",
    )
    for place in _where(lines, r"\[[ xX]\]"):
        if rng.random() < 0.4:
            lines[place] = re.sub(
                r"\[[ xX]\]( ?)", lambda match: rng.choice(boxes) + rng.choice((match[1], "", "  ")), lines[place]
            )


@_mutation
def _glue_list(lines: Lines, rng: Random) -> None:
    """No blank line between a paragraph and the list below it."""
    if places := [p for p in _where(lines, r"^\s*$")[:-1] if p + 1 < len(lines) and _BULLET.match(lines[p + 1])]:
        place = rng.choice(places)
        lines[place] = rng.choice(("Asked of the support team:", "They agreed on this", "**Agreed:**"))


@_mutation
def _glue_box(lines: Lines, rng: Random) -> None:
    """A checkbox below the last line of some paragraph."""
    boxes = [
        f"{rng.choice(('-', '*', '+', '1.'))} [{rng.choice(' xX')}] glued {rng.randrange(3)}"
        for _ in range(rng.randint(1, 3))
    ]
    if places := _where(lines, r"^\w.*"):
        place = rng.choice(places) + 1
        lines[place:place] = _indented(boxes, rng.choice((0, 0, 1, 2, 4)))


@_mutation
def _glue_table(lines: Lines, rng: Random) -> None:
    if places := [place for place in _where(lines, r"^\|") if place and not lines[place - 1].strip()]:
        lines[rng.choice(places) - 1] = "As measured:"


@_mutation
def _nest_by_few(lines: Lines, rng: Random) -> None:
    """Items below another one, by two or three spaces, which Python-Markdown takes for the same level."""
    by = rng.choice((1, 2, 3))
    for place in _where(lines, r"^[-*] "):
        if place and _BULLET.match(lines[place - 1]) and rng.random() < 0.3:
            lines[place] = " " * by + lines[place]


@_mutation
def _nest_deeply(lines: Lines, rng: Random) -> None:
    step = rng.choice((4, 4, 4, 2))
    marks = ("- ", "*   ", "1. ", "- [ ] ", "* [x] ", "- **Key:** ")
    items = [" " * (step * level) + rng.choice(marks) + f"level {level}" for level in range(rng.randint(2, 12))]
    if rng.random() < 0.3:
        items = [line for item in items for line in (item, "")]
    place = rng.randrange(len(lines) + 1)
    lines[place:place] = ["", *items, ""] if rng.random() < 0.7 else items


@_mutation
def _move_into_item(lines: Lines, rng: Random) -> None:
    """Blocks indented so that they belong to the list item above them."""
    start, end = _blocks(lines, rng)
    lines[start:end] = [rng.choice(("- holder", "1.  holder", "- [x] holder")), "", *_indented(lines[start:end], 4)]


def _opener(rng: Random) -> str:
    title = rng.choice(("", *(f' "{title}"' for title in _BLOCK_TITLES)))
    return rng.choice(("!!! ", "!!! ", "??? ", "???+ ")) + rng.choice(("note", "warning", "example")) + title


@_mutation
def _wrap_in_admonition(lines: Lines, rng: Random) -> None:
    start, end = (_blocks if rng.random() < 0.8 else _some)(lines, rng)
    gap = [""] if rng.random() < 0.5 else []
    lines[start:end] = [_opener(rng), *gap, *_indented(lines[start:end], rng.choice((4, 4, 4, 3))), *gap]


@_mutation
def _wrap_in_tab(lines: Lines, rng: Random) -> None:
    start, end = (_blocks if rng.random() < 0.8 else _some)(lines, rng)
    tabs = [f'=== "{rng.choice(_BLOCK_TITLES)}"', "", *_indented(lines[start:end], 4), ""]
    if rng.random() < 0.5:
        tabs += ['=== "Other"', "", *_indented(lines[start : start + 3], 4), ""]
    lines[start:end] = tabs


@_mutation
def _wrap_in_html(lines: Lines, rng: Random) -> None:
    start, end = (_blocks if rng.random() < 0.8 else _some)(lines, rng)
    gap = [""] if rng.random() < 0.6 else []
    tag = rng.choice(("details", "details", "div"))
    summary = [f"<summary>{rng.choice(_BLOCK_TITLES)}</summary>"] if tag == "details" and rng.random() < 0.7 else []
    inner = _indented(lines[start:end], rng.choice((0, 0, 0, 2)))
    lines[start:end] = [
        f"<{tag} {rng.choice(('markdown', 'markdown=1', 'markdown=block'))}>",
        *summary,
        *gap,
        *inner,
        *gap,
        f"</{tag}>",
    ]


@_mutation
def _wrap_in_block(lines: Lines, rng: Random) -> None:
    start, end = (_blocks if rng.random() < 0.8 else _some)(lines, rng)
    gap = [""] if rng.random() < 0.6 else []
    lines[start:end] = [f"/// details | {rng.choice(_BLOCK_TITLES)}", *gap, *lines[start:end], *gap, "///", *gap]


@_mutation
def _wrap_in_quote(lines: Lines, rng: Random) -> None:
    start, end = (_blocks if rng.random() < 0.8 else _some)(lines, rng)
    lines[start:end] = [f"> {line}".rstrip() for line in lines[start:end]]


@_mutation
def _wrap_in_fence(lines: Lines, rng: Random) -> None:
    start, end = (_blocks if rng.random() < 0.8 else _some)(lines, rng)
    fence = rng.choice(("```", "````", "~~~"))
    lines[start:end] = [fence + rng.choice(("", "text", "python")), *lines[start:end], fence]


@_mutation
def _wrap_in_comment(lines: Lines, rng: Random) -> None:
    start, end = (_blocks if rng.random() < 0.5 else _some)(lines, rng)
    inner = lines[start:end]
    if rng.random() < 0.5:
        lines[start:end] = [f"<!-- {line.strip()} -->" if line.strip() else line for line in inner]
    else:
        gap = [""] if rng.random() < 0.5 else []
        lines[start:end] = [
            *gap,
            rng.choice(("<!--", "<!-- hidden", "    <!--")),
            *inner,
            rng.choice(("-->", "until here -->")),
            *gap,
        ]


@_mutation
def _comment_in_line(lines: Lines, rng: Random) -> None:
    comments = ("<!-- to do -->", "<!-- perfcase: waive nobody sees it -->", "<!-- - [ ] hidden -->", "<!-- a | b -->")
    for _ in range(rng.randint(1, 5)):
        _change_one(lines, rng, r"\S", lambda line: line + " " + rng.choice(comments))


@_mutation
def _unclose_fence(lines: Lines, rng: Random) -> None:
    if places := _where(lines, _FENCE.pattern):
        del lines[rng.choice(places)]


@_mutation
def _open_fence(lines: Lines, rng: Random) -> None:
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(("```", "```python", "~~~", "    ```", "````")))


@_mutation
def _quote_the_page_in_code(lines: Lines, rng: Random) -> None:
    """Lines that stand elsewhere in the page too, in a fence, a comment or an indented block of code."""
    start, end = _some(lines, rng, 6)
    copied = [line for line in lines[start:end] if not _FENCE.match(line)]
    wraps = (["```text", *copied, "```"], ["<!--", *copied, "-->"], _indented(copied, 4))
    place = rng.randrange(len(lines) + 1)
    lines[place:place] = ["", *rng.choice(wraps), ""]


@_mutation
def _decorate_headings(lines: Lines, rng: Random) -> None:
    decorations: tuple[Callable[[str], str], ...] = (
        lambda text: f"{rng.randint(1, 9)}. {text}",
        lambda text: f"{rng.choice(_EMOJI)} {text}",
        lambda text: f"{text}:",
        lambda text: f"**{text}**",
        lambda text: f"*{text}* - done",
        lambda text: f"{text} ##",
        lambda text: text if text.endswith("}") else f"{text} {{ #own .wide }}",
        lambda text: text if text.endswith("}") else f"{text} {{.wide}}",
        lambda text: f"[{text}](index.md)",
        lambda text: f"`{text}`",
        lambda text: f"{text} C\\#",
        lambda text: text.upper(),
        lambda text: "",
    )
    share = rng.choice((0.1, 0.3, 1))
    for place in _where(lines, r"^#{1,6} "):
        if rng.random() < share:
            marks, _, text = lines[place].partition(" ")
            lines[place] = f"{marks}{rng.choice((' ', ' ', ' ', ''))}{rng.choice(decorations)(text)}"


@_mutation
def _relevel_headings(lines: Lines, rng: Random) -> None:
    for place in _where(lines, r"^#{1,6} "):
        if rng.random() < 0.2:
            lines[place] = rng.choice(("#", "##", "#####", "#######", " ##", "##")) + " " + lines[place].lstrip("# ")


@_mutation
def _underline_heading(lines: Lines, rng: Random) -> None:
    if places := _where(lines, r"^#{1,6} "):
        place = rng.choice(places)
        lines[place : place + 1] = [lines[place].lstrip("# "), rng.choice(("---", "===", "-"))]


@_mutation
def _rule_off(lines: Lines, rng: Random) -> None:
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(("---", "***", "- - -", "===")))


@_mutation
def _drop_or_add_cells(lines: Lines, rng: Random) -> None:
    rows = _where(lines, r"^\|")
    for place in rng.sample(rows, min(len(rows), rng.randint(1, 4))):
        cells = lines[place].strip("|").split("|")
        if rng.random() < 0.5:
            del cells[rng.randrange(len(cells))]
        else:
            cells.insert(rng.randrange(len(cells) + 1), rng.choice((" ", " more ", " --- ", " `a | b` ", r" a \| b ")))
        lines[place] = f"|{'|'.join(cells)}|"


@_mutation
def _unborder_table(lines: Lines, rng: Random) -> None:
    for place in _where(lines, r"^\|"):
        if rng.random() < 0.8:
            lines[place] = lines[place].strip("| ") if rng.random() < 0.8 else lines[place].rstrip("| ")


@_mutation
def _restyle_keys(lines: Lines, rng: Random) -> None:
    styles = (r"**\1**: ", r"**\1** - ", r"\1: ", r"__\1:__ ", r"**\1:**", r"*\1*: ")
    style = rng.choice(styles)
    for place in _where(lines, r"\*\*[^*]+:\*\* "):
        if rng.random() < 0.5:
            lines[place] = re.sub(r"\*\*([^*]+):\*\* ", style, lines[place])


@_mutation
def _join_lines(lines: Lines, rng: Random) -> None:
    if len(lines) > 1:
        place = rng.randrange(len(lines) - 1)
        lines[place : place + 2] = [f"{lines[place]} {lines[place + 1].strip()}"]


@_mutation
def _break_lines(lines: Lines, rng: Random) -> None:
    """Long lines wrapped as an editor does, with and without a hanging indent."""
    for _ in range(rng.randint(1, 6)):
        if places := [place for place in _where(lines, r"\w \w") if not _FENCE.match(lines[place])]:
            place = rng.choice(places)
            words = lines[place].split(" ")
            cut = rng.randrange(1, len(words))
            lines[place : place + 1] = [" ".join(words[:cut]), " " * rng.choice((0, 2, 4)) + " ".join(words[cut:])]

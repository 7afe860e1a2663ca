"""What is read is what is rendered: mutants of filled records, read by the plugin and as built HTML.

Run more of them with `PERFCASE_MUTANTS=20000`.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

import pytest
from bs4 import BeautifulSoup, NavigableString, PageElement, Tag
from bs4.element import PreformattedString
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from mkdocs.utils.yaml import yaml_load
from mutants import Mutant

from mkdocs_perfcase.check import Page, Project, Study
from mkdocs_perfcase.extension import PerfcaseExtension
from mkdocs_perfcase.outline import Entry
from mkdocs_perfcase.text import plain
from mkdocs_perfcase.tree import Block, parse, read_blocks

MUTANTS = int(os.environ.get("PERFCASE_MUTANTS", "1200"))
CHUNKS = 16
BLOCKS_PER_MUTANT = 100  # whose lines the oracle confirms; a page has about 200

CONFIG = Path(__file__).parent.parent / "example_site" / "mkdocs.yml"
ALWAYS = ("toc", "tables", "fenced_code")  # as in MkDocs


# ---- Reading with the plugin


class _Captured(Exception):  # noqa: N818  (it stops a conversion, and is no error)
    pass


class _Capture(Treeprocessor):
    """Keeps the blocks of the tree that the plugin is about to read."""

    def __init__(self, md: Markdown, stop: bool) -> None:
        super().__init__(md)
        self.source = ""
        self.blocks: list[Block] = []
        self._stop = stop

    def run(self, root: Element) -> None:
        self.blocks = read_blocks(root, self.md.htmlStash, self.source)
        if self._stop:
            raise _Captured


def _markdown() -> Markdown:
    """Python-Markdown as the example site sets it up, with the newer kind of blocks too."""
    with CONFIG.open("rb") as file:
        given = yaml_load(file)["markdown_extensions"]
    names: list[str] = [*ALWAYS, "pymdownx.blocks.details"]
    configs: dict[str, Any] = {}
    for extension in given:
        if isinstance(extension, dict):
            configs.update(extension)
        names += [extension] if isinstance(extension, str) else list(extension)
    return Markdown(extensions=list(dict.fromkeys(names)), extension_configs={k: v or {} for k, v in configs.items()})


class Reading(NamedTuple):
    """A mutant as the plugin reads it."""

    study: Study
    blocks: list[Block]
    entries: tuple[Entry, ...]
    headings: list[tuple[str, int]]
    """Sections and groups of the record, with their lines."""


class Reader:
    """Reads mutants as the plugin does, and as the oracles do."""

    def __init__(self) -> None:
        self._studies: list[Study] = []
        self._source = ""
        page = Page("performance/mutant.md", {"perfcase": True}, lambda: self._source)
        self._plain = _markdown()
        self._tagged = _markdown()
        self._tags = _Capture(self._tagged, stop=True)
        self._tagged.treeprocessors.register(self._tags, "capture", 27)
        self._plugin = _markdown()
        self._blocks = _Capture(self._plugin, stop=False)
        self._plugin.treeprocessors.register(self._blocks, "capture", 27)
        extension = PerfcaseExtension(project=Project(), page=lambda: page, report=self._studies.append)
        self._plugin.registerExtensions([extension], {})

    def read(self, subject: Mutant) -> Reading:
        self._studies.clear()
        self._source = self._blocks.source = subject.file
        self._plugin.reset().convert(subject.markdown)
        (study,) = self._studies
        assert study.form
        body = study.form.record.body
        entries = tuple(entry for section in body for entry in section.entries)
        headings = [
            heading for s in body for heading in [(s.title, s.line), *((g.name or "", g.line) for g in s.named)]
        ]
        return Reading(study, self._blocks.blocks, entries, headings)

    def block_phase(self, subject: Mutant) -> list[Block]:
        """As the command line reads it, without rendering."""
        root = parse(self._plain, subject.markdown)
        return read_blocks(root, self._plain.htmlStash, subject.file)

    def render(self, subject: Mutant) -> BeautifulSoup:
        soup = BeautifulSoup(self._plain.reset().convert(subject.markdown), "html.parser")
        for anchor in soup.select("a.headerlink"):
            anchor.decompose()
        return soup

    def tagged(self, subject: Mutant) -> list[Block]:
        lines = [_tag(line, number) for number, line in enumerate(subject.body, subject.offset + 1)]
        self._tags.source = subject.file
        self._tags.blocks = []
        with pytest.raises(_Captured):
            self._tagged.reset().convert("\n".join(lines))
        return self._tags.blocks


# ---- Comparing


@dataclass
class Tally:
    """What was compared, and where the two readings disagree."""

    seen: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)

    def compare(self, what: str, subject: Mutant, read: object, rendered: object) -> None:
        self.seen[what] += 1
        if read != rendered:
            self.disagreements.append(f"{subject.name}\n  {what}: {_difference(read, rendered)}")


def _difference(read: object, rendered: object) -> str:
    if not (isinstance(read, list) and isinstance(rendered, list)):
        return f"read {read!r}, rendered {rendered!r}"
    place = next(
        (p for p, (one, other) in enumerate(zip(read, rendered, strict=False)) if one != other),
        min(len(read), len(rendered)),
    )
    return f"at {place}: read {read[place : place + 2]!r}, rendered {rendered[place : place + 2]!r}"


def _folded(text: str) -> str:
    """Letters and digits alone: the readings differ in white space, typography and leftover marks, which say nothing."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _read_as(text: str) -> str:
    return _folded(plain(text))


# ---- The built page


_BLOCK_TAGS = {"p", "ul", "ol", "li", "div", "pre", "table", "blockquote", "details", "summary", "dl", "hr", "section"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NO_PROSE = {*_HEADINGS, "pre", "table", "label", "script", "style", "svg"}


def _runs(holder: Tag) -> Iterator[str]:
    """The runs of inline text in an element, between the blocks in it."""
    run = ""
    for child in holder.children:
        if isinstance(child, Tag) and (child.name in _BLOCK_TAGS or child.name in _HEADINGS):
            yield run
            run = ""
        else:
            run += _inline(child)
    yield run


def _inline(node: PageElement) -> str:
    if isinstance(node, Tag):
        text = "".join(_inline(child) for child in node.children)
        # a mark before code, since what stands in code is never written as a list or a table
        return "\ufffc" + text.replace("\n", "\n\ufffc") if node.name == "code" else text
    return "" if isinstance(node, PreformattedString) or not isinstance(node, NavigableString) else str(node)


def rendered_headings(soup: BeautifulSoup) -> list[tuple[int, str]]:
    return [(int(heading.name[1]), _folded(heading.get_text())) for heading in soup.find_all(_HEADINGS)]


def rendered_boxes(soup: BeautifulSoup) -> list[tuple[str, str]]:
    boxes = []
    for box in soup.select('li input[type="checkbox"]'):
        holder = box.find_parent(("p", "li"))
        assert holder
        boxes.append(("checked" if box.has_attr("checked") else "open", _folded(next(_runs(holder)))))
    return boxes


def _cell(cell: Tag) -> str:
    """A cell's text, but for a block of code that ran into the table."""
    return "".join(_runs(cell))


def rendered_tables(soup: BeautifulSoup) -> list[list[list[str]]]:
    return [
        [[_folded(_cell(cell)) for cell in row.find_all(("th", "td"))] for row in table.find_all("tr")]
        for table in soup.find_all("table")
    ]


def rendered_prose(soup: BeautifulSoup) -> list[list[str]]:
    """The lines of each run of text that is neither heading, code nor table."""
    holders = [
        soup,
        *(
            tag
            for tag in soup.find_all(_BLOCK_TAGS)
            if tag.name not in _NO_PROSE and not tag.find_parent(list(_NO_PROSE))
        ),
    ]
    return [run.strip("\n").split("\n") for holder in holders for run in _runs(holder) if run.strip()]


_BOX_AS_PROSE = re.compile(r"\s*(?:[-*+•]|\d+\.)\s+\[[ xX]\]\s+(\S.*)")
_ROW_OF_DASHES = re.compile(r"[ >]*\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)+\|?[ ]*|[ >]*\|[ ]*:?-+:?[ ]*\|[ ]*")


# ---- The line tags


_PLANE = 0xF0000
_TAG = re.compile("[\U000f0000-\U000ffffd]")
_ROW = re.compile(r"([\s>]*(?:(?:[-*+]|\d+\.)\s+)*\|)(.*)")
_UNTAGGED = re.compile(
    r"[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*(?:`{3,}|~{3,})"  # fences
    r"|[\s>|:=*_+#.\d-]*$"  # blank lines, rules, underlines, rows of dashes, bullets without text
    r"|\s*(?:!!!|\?\?\?|===|///)"  # openers of blocks
    r"|[\s>]*(?:[-*+]\s+)?<(?!!--)"  # HTML
    r"|.*[#}]\s*$"  # closing marks of headings, attribute lists
    r"| *\[[^\]]*\]:"  # definitions of links
)


def _tag(line: str, number: int) -> str:
    """A line with its number in it, where that leaves the page's structure alone."""
    mark = chr(_PLANE + number)
    if "<!--" in line:
        return line.replace("<!--", f"<!--{mark}", 1)
    if "-->" in line or _UNTAGGED.match(line):
        return line
    if match := _ROW.match(line):
        return f"{match[1]}{mark}{match[2]}"
    text = line.rstrip()
    return f"{text[:-1]}{mark}|" if text.endswith("|") else f"{text}{mark}{line[len(text) :]}"


def _number(text: str) -> int | None:
    """The line that a text says it is from; None where it doesn't say."""
    tags = _TAG.findall(text)
    return ord(tags[0]) - _PLANE if len(tags) == 1 else None


def _structure(blocks: list[Block]) -> list[tuple[str, str, int, list[list[str]]]]:
    return [
        (
            block.kind,
            _untagged(block.text),
            block.level,
            [[_untagged(cell) for cell in row.cells] for row in block.rows],
        )
        for block in blocks
    ]


def _untagged(text: str) -> str:
    return "\n".join(line.rstrip() for line in _TAG.sub("", text).split("\n")).strip()


_FENCE = re.compile(r"[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*(`{3,}|~{3,})")


def _confirmed_lines(blocks: list[Block], tagged: list[Block], subject: Mutant) -> Iterator[tuple[str, int, int]]:
    """What, its line as the plugin has it, and as its tag has it, for all that kept its tag."""
    for block, twin in zip(blocks, tagged, strict=True):
        if block.kind == "table":
            for row, twin_row in zip(block.rows, twin.rows, strict=True):
                if number := _number("".join(twin_row.cells)):
                    yield f"row {row.cells}", row.line, number
        elif block.kind == "code":
            number = _number(twin.text.split("\n")[0])
            if number:  # a fence is where it opens, indented code where it begins
                opener = subject.body[number - subject.offset - 2] if number - subject.offset > 1 else ""
                yield f"code {block.text[:40]!r}", block.line, number - bool(_FENCE.match(opener))
        elif block.kind != "html":
            for place, line in enumerate(twin.text.split("\n")):
                if number := _number(line):
                    yield f"{block.kind} {block.text[:40]!r} + {place}", block.line + place, number


# ---- The tests


def _compare_structure(tally: Tally, subject: Mutant, reading: Reading, soup: BeautifulSoup) -> None:
    blocks = reading.blocks
    headings = [(block.level, _read_as(block.text)) for block in blocks if block.kind == "heading"]
    tally.compare("headings", subject, headings, rendered_headings(soup))
    tables = [
        [[_read_as(cell) for cell in row.cells] for row in block.rows] for block in blocks if block.kind == "table"
    ]
    tally.compare("tables", subject, tables, rendered_tables(soup))
    shown = [entry for entry in reading.entries if entry.box in ("open", "checked")]
    whole = {id(block.element): block.text for block in reversed(blocks)}
    boxes = [(str(entry.box), _read_as(whole[id(entry.element)]).removeprefix("x")) for entry in shown]
    rendered = [(state, text.removeprefix("x")) for state, text in rendered_boxes(soup)]
    tally.compare("checkboxes", subject, boxes, rendered)
    for entry, (_, text) in zip(shown, boxes, strict=True):
        tally.compare("checkbox's text", subject, text.startswith(_read_as(entry.text).removeprefix("x")), True)
    for block in blocks:
        if block.kind == "heading":
            tally.compare(
                "heading in the record", subject, any(line == block.line for _, line in reading.headings), True
            )


def _compare_unrendered(tally: Tally, subject: Mutant, reading: Reading, soup: BeautifulSoup) -> None:
    """What is written as a checkbox or a table and isn't shown as one has its finding, and nothing else has."""
    prose = rendered_prose(soup)
    found = Counter(finding.line for finding in reading.study.findings if finding.code == "PC201")
    unrendered = [entry for entry in reading.entries if entry.box == "unrendered"]
    as_prose = [_folded(match[1]) for run in prose for line in run if (match := _BOX_AS_PROSE.match(line))]
    firsts = [_read_as(entry.text.split("\n")[0]) for entry in unrendered]
    missing = Counter(as_prose) - Counter(firsts)
    tally.compare("PC201 for every checkbox in prose", subject, list(missing), [])
    everything = _folded("".join(line for run in prose for line in run))
    tally.compare("PC201 only for what is shown", subject, [text for text in firsts if text not in everything], [])
    covered = {id(entry.element) for entry in unrendered if found[entry.line]}
    tally.compare("PC201 in every paragraph", subject, [e.line for e in unrendered if id(e.element) not in covered], [])
    dashes = sum(bool(_ROW_OF_DASHES.fullmatch(line)) for run in prose for line in run[1:])
    tables = sum(finding.code == "PC202" for finding in reading.study.findings)
    tally.compare("PC202 for every table in prose", subject, tables, dashes)


def _compare_lines(tally: Tally, subject: Mutant, reading: Reading, tagged: list[Block]) -> None:
    if _structure(tagged) != _structure(reading.blocks):
        tally.seen["mutants whose tags change them"] += 1
        return
    tally.seen["blocks with confirmed structure"] += len(tagged)
    for what, line, number in _confirmed_lines(reading.blocks, tagged, subject):
        tally.compare("lines", subject, (what, line), (what, number))


def compare_mutant(reader: Reader, tally: Tally, subject: Mutant) -> None:
    reading = reader.read(subject)
    soup = reader.render(subject)
    _compare_structure(tally, subject, reading, soup)
    _compare_unrendered(tally, subject, reading, soup)
    _compare_lines(tally, subject, reading, reader.tagged(subject))

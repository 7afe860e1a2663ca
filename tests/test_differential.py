"""What is read is what is rendered: mutants of filled records, read by the plugin and as built HTML.

Run more of them with `PERFCASE_MUTANTS=20000`.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NamedTuple
from xml.etree.ElementTree import Element

import pytest
from bs4 import BeautifulSoup, NavigableString, PageElement, Tag
from bs4.element import PreformattedString
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import HtmlStash
from mkdocs.utils.yaml import yaml_load
from mutants import MUTATIONS, Mutant, mutant

from mkdocs_perfcase.check import Page, Project, Study
from mkdocs_perfcase.extension import Host, PerfcaseExtension
from mkdocs_perfcase.findings import Finding
from mkdocs_perfcase.outline import Entry
from mkdocs_perfcase.record import Record
from mkdocs_perfcase.render import Renderer
from mkdocs_perfcase.text import plain
from mkdocs_perfcase.tree import Block, parse, read_blocks

MUTANTS = int(os.environ.get("PERFCASE_MUTANTS", "800"))
CHUNKS = 16
LINES_PER_MUTANT = 100  # that the tags confirm, in the mean; a page has about 150 blocks

CONFIG = Path(__file__).parent.parent / "example_site" / "mkdocs.yml"
ALWAYS = ("toc", "tables", "fenced_code")  # as in MkDocs


# ---- Reading with the plugin


class _Watched(Project):
    """The plugin's project, and what it makes of the page that is converted last."""

    read: ClassVar[tuple[Study | None, list[Block]]] = (None, [])

    def study(self, page: Page, root: Element, stash: HtmlStash) -> Study | None:
        study = super().study(page, root, stash)
        _Watched.read = study, read_blocks(root, stash, page.source())
        return study


def _markdown(pygments: bool) -> Markdown:
    """Python-Markdown as the example site sets it up, with the newer kind of blocks too."""
    with CONFIG.open("rb") as file:
        given = yaml_load(file)["markdown_extensions"]
    names: list[str] = [*ALWAYS, "pymdownx.blocks.details"]
    configs: dict[str, Any] = {}
    for extension in given:
        if isinstance(extension, dict):
            configs.update(extension)
        names += [extension] if isinstance(extension, str) else list(extension)
    configs.setdefault("pymdownx.highlight", {"use_pygments": pygments})
    return Markdown(extensions=list(dict.fromkeys(names)), extension_configs={k: v or {} for k, v in configs.items()})


class Reading(NamedTuple):
    """A mutant as the plugin reads it."""

    record: Record
    findings: tuple[Finding, ...]
    blocks: list[Block]
    entries: tuple[Entry, ...]
    named: set[int]
    """The lines at which sections and groups of the record begin."""


class Reader:
    """Reads mutants as the plugin does, and as the oracles do."""

    def __init__(self, pygments: bool = True) -> None:
        self._file = ""
        page = Page("performance/mutant.md", {"perfcase": True}, lambda: self._file)
        self._plain = _markdown(pygments)
        self._plugin = _markdown(pygments)
        self._plugin.registerExtensions([PerfcaseExtension(host=Host(_Watched(), Renderer(), lambda: page))], {})
        self._tagged = _markdown(pygments=False)
        self._tags = _Tags(self._tagged)
        self._tagged.treeprocessors.register(self._tags, "tags", _BEFORE_THE_PLUGIN)

    def read(self, subject: Mutant) -> Reading:
        self._file = subject.file
        self._plugin.reset().convert(subject.markdown)
        study, blocks = _Watched.read
        assert study
        assert study.form
        record = study.form.record
        entries = tuple(entry for section in record.body for entry in section.entries)
        named = {section.line for section in record.body} | {g.line for section in record.body for g in section.named}
        return Reading(record, study.findings, blocks, entries, named)

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
        self._tags.blocks = []
        with contextlib.suppress(_Enough):
            self._tagged.reset().convert("\n".join(lines))
        return self._tags.blocks


_BEFORE_THE_PLUGIN = 27


class _Enough(Exception):  # noqa: N818  (it ends a conversion whose output nobody wants, and is no error)
    pass


class _Tags(Treeprocessor):
    blocks: list[Block]

    def run(self, root: Element) -> None:
        self.blocks = read_blocks(root, self.md.htmlStash, "")
        raise _Enough


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
    """Letters and digits alone: the readings differ in white space, typography and leftover marks."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _read_as(text: str) -> str:
    return _folded(plain(text))


# ---- The built page


_BLOCK_TAGS = {"p", "ul", "ol", "li", "div", "pre", "table", "blockquote", "details", "summary", "dl", "hr", "section"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NO_PROSE = {"pre", "table"}


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
        if node.name == "label":
            return ""  # the names of tabs, as headings are named elsewhere
        text = "".join(_inline(child) for child in node.children)
        # a mark before code, since what stands in code is never written as a list or a table
        return "\ufffc" + text.replace("\n", "\n\ufffc") if node.name == "code" else text
    return "" if isinstance(node, PreformattedString) or not isinstance(node, NavigableString) else str(node)


def rendered_headings(soup: BeautifulSoup) -> list[tuple[int, str]]:
    return [(int(heading.name[1]), _folded("".join(_runs(heading)))) for heading in soup.find_all(_HEADINGS)]


def rendered_boxes(soup: BeautifulSoup) -> list[tuple[str, str]]:
    return [_box(box) for box in soup.select('li input[type="checkbox"]')]


def _box(box: Tag) -> tuple[str, str]:
    """A checkbox's state, and the text of its item up to the first block in it."""
    holder = box.find_parent(("p", "li"))
    assert holder
    return "checked" if box.has_attr("checked") else "open", _folded(next(_runs(holder)))


def _cell(cell: Tag) -> str:
    """A cell's text, but for a block of code that ran into the table."""
    return "".join(_runs(cell))


def rendered_tables(soup: BeautifulSoup) -> list[list[list[str]]]:
    return [
        [[_folded(_cell(cell)) for cell in row.find_all(("th", "td"))] for row in table.find_all("tr")]
        for table in soup.find_all("table")
    ]


def rendered_prose(holder: Tag) -> Iterator[list[str]]:
    """The lines of each run of text that is neither heading, code nor table."""
    for run in _runs(holder):
        if run.strip():
            yield run.strip("\n").split("\n")
    for child in holder.children:
        if isinstance(child, Tag) and child.name in _BLOCK_TAGS and child.name not in _NO_PROSE:
            yield from rendered_prose(child)


def rendered_criteria(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """The checkboxes between each heading of the acceptance criteria and the next heading."""
    for heading in soup.find_all(_HEADINGS):
        if _folded("".join(_runs(heading))) == "acceptancecriteria":
            for element in heading.find_all_next((*_HEADINGS, "input")):
                if element.name in _HEADINGS:
                    break
                if element.get("type") == "checkbox" and element.find_parent("li"):
                    yield _box(element)


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


_FENCE = re.compile(r"[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*(`{3,}|~{3,})(.*)")


def _code_start(subject: Mutant, number: int) -> int | None:
    """Where code begins whose first line with text is this one: at its fence, or there; None where it can't be told."""
    above = number - 1
    while above > subject.offset and not subject.body[above - subject.offset - 1].strip():
        above -= 1
    fence = above > subject.offset and _FENCE.match(subject.body[above - subject.offset - 1])
    if not fence:
        return number
    opens = above == number - 1 or fence[2].strip()  # else it may as well be the end of another block's fence
    return above if opens else None


def _confirmed_lines(blocks: list[Block], tagged: list[Block], subject: Mutant) -> Iterator[tuple[str, int, int]]:
    """What, its line as the plugin has it, and as its tag has it, for all that kept its tag."""
    for block, twin in zip(blocks, tagged, strict=True):
        if block.kind == "table":
            for row, twin_row in zip(block.rows, twin.rows, strict=True):
                if number := _number("".join(twin_row.cells)):
                    yield f"row {row.cells}", row.line, number
        elif block.kind == "code":
            if (number := _number(twin.text.split("\n")[0])) and (start := _code_start(subject, number)):
                yield f"code {block.text[:40]!r}", block.line, start
        elif block.kind != "html":
            lines = twin.text.split("\n")  # those behind a comment's first may stand for whole fences
            for place, line in enumerate(lines[:1] if block.kind == "comment" else lines):
                if number := _number(line):
                    yield f"{block.kind} {block.text[:40]!r} + {place}", block.line + place, number


# ---- The comparisons


_INLINE_HTML = re.compile(r"<[A-Za-z][^`]*$|<[A-Za-z][^>]*>", re.MULTILINE)
_ATTRIBUTES = re.compile(r"\{[^{}]*\}\s*$")
_BEGINNING = 20  # letters of a text


def _compare_structure(tally: Tally, subject: Mutant, reading: Reading, soup: BeautifulSoup) -> None:
    headings = [block for block in reading.blocks if block.kind == "heading"]
    read = [(heading.level, _read_as(heading.text)) for heading in headings]
    tally.compare("headings", subject, read, rendered_headings(soup))
    unnamed = [heading.line for heading in headings if heading.line not in reading.named]
    tally.compare("headings in the record", subject, unnamed, [])
    tables = [block.rows for block in reading.blocks if block.kind == "table"]
    cells = [[[_read_as(cell) for cell in row.cells] for row in rows] for rows in tables]
    tally.compare("tables", subject, cells, rendered_tables(soup))


def _compare_checkboxes(tally: Tally, subject: Mutant, reading: Reading, soup: BeautifulSoup) -> None:
    shown = [entry for entry in reading.entries if entry.box in ("open", "checked")]
    whole = {id(block.element): block.text for block in reversed(reading.blocks)}
    boxes = [(str(entry.box), _unticked(_read_as(whole[id(entry.element)]))) for entry in shown]
    rendered = [(state, _unticked(text)) for state, text in rendered_boxes(soup)]
    tally.compare("checkboxes", subject, boxes, rendered)
    own = [entry.text for entry, (_, text) in zip(shown, boxes, strict=True) if not _begins(text, entry.text)]
    tally.compare("checkboxes' own texts", subject, own, [])


def _compare_criteria(tally: Tally, subject: Mutant, reading: Reading, soup: BeautifulSoup) -> None:
    """No criterion is lost, and none is ticked that doesn't show a tick."""
    criteria = [(criterion.state == "checked", criterion.text) for criterion in reading.record.criteria]
    rendered = [(state == "checked", text) for state, text in rendered_boxes(soup)]
    false = [
        text for ticked, text in criteria if ticked and not any(t and _begins(shown, text) for t, shown in rendered)
    ]
    tally.compare("ticks without a tick", subject, false, [])
    expected = [(state == "checked", text) for state, text in rendered_criteria(soup)]
    lost = [
        (t, shown)
        for t, shown in expected
        if not any(t == ticked and _begins(shown, text) for ticked, text in criteria)
    ]
    tally.seen["criteria"] += len(expected)
    tally.compare("lost criteria", subject, lost, [])


def _unticked(text: str) -> str:
    """A text without the letter in its checkbox, which only one of the readings has."""
    return text.removeprefix("x")


def _begins(shown: str, read: str) -> bool:
    return _unticked(shown).startswith(_unticked(_read_as(read)))


def _compare_unrendered(tally: Tally, subject: Mutant, reading: Reading, prose: list[list[str]]) -> None:
    """What is written as a checkbox or a table and isn't shown as one has its finding, and nothing else has."""
    found = {finding.line for finding in reading.findings if finding.code == "PC201"}
    unrendered = [entry for entry in reading.entries if entry.box == "unrendered"]
    written = [_folded(match[1]) for run in prose for line in run if (match := _BOX_AS_PROSE.match(line))]
    read = [_read_as(entry.text.split("\n")[0]) for entry in unrendered]
    tally.seen["checkboxes in prose"] += len(written)
    tally.compare("PC201 for every checkbox in prose", subject, list(Counter(written) - Counter(read)), [])
    everything = _folded("".join(line for run in prose for line in run))
    tally.compare("PC201 only for what is shown", subject, [text for text in read if text not in everything], [])
    covered = {id(entry.element) for entry in unrendered if entry.line in found}
    tally.compare("PC201 in every paragraph", subject, [e.line for e in unrendered if id(e.element) not in covered], [])
    tables = sum(bool(_ROW_OF_DASHES.fullmatch(line)) for run in prose for line in run[1:])
    tally.seen["tables in prose"] += tables
    reported = sum(finding.code == "PC202" for finding in reading.findings)
    tally.compare("PC202 for every table in prose", subject, reported, tables)


def _compare_prose(tally: Tally, subject: Mutant, reading: Reading, prose: list[list[str]]) -> None:
    """No text of the page goes unread. Beginnings are enough: how inline markup ends is not the plugin's to know."""
    blocks = [block for block in reading.blocks if block.kind in ("paragraph", "item")]
    if any(_INLINE_HTML.search(block.text) for block in blocks):
        tally.seen["mutants whose prose holds HTML"] += 1  # code that lost its fence: what shows is for browsers to say
        return
    checked = {id(entry.element) for entry in reading.entries if entry.box == "checked"}
    texts = [(block, _read_as(block.text)) for block in blocks]
    read = [_unticked(text) if id(block.element) in checked else text for block, text in texts]
    rendered = [_folded(_ATTRIBUTES.sub("", "".join(run))) for run in prose]
    tally.compare("prose", subject, *(sorted(text[:_BEGINNING] for text in side if text) for side in (read, rendered)))


def _compare_block_phase(tally: Tally, subject: Mutant, reading: Reading, alone: list[Block]) -> None:
    """The command line, which renders nothing, reads the same."""
    sides = [
        [(b.kind, b.text.strip(), b.line, b.level, [(row.cells, row.line) for row in b.rows]) for b in blocks]
        for blocks in (alone, reading.blocks)
    ]
    tally.compare("block phase alone", subject, *sides)


def _compare_lines(tally: Tally, subject: Mutant, reading: Reading, tagged: list[Block]) -> None:
    """Lines are the tags', wherever tagging left the structure alone."""
    if _structure(tagged) != _structure(reading.blocks):
        tally.seen["mutants that tags change"] += 1
        return
    furthest = 0
    for what, line, number in _confirmed_lines(reading.blocks, tagged, subject):
        if number < furthest:  # Python-Markdown shows some texts before what stands above them
            tally.seen["lines out of order"] += 1
            continue
        furthest = number
        tally.compare("lines", subject, (what, line), (what, number))


def _compare(reader: Reader, tally: Tally, subject: Mutant) -> None:
    reading = reader.read(subject)
    soup = reader.render(subject)
    prose = list(rendered_prose(soup))
    _compare_structure(tally, subject, reading, soup)
    _compare_checkboxes(tally, subject, reading, soup)
    _compare_criteria(tally, subject, reading, soup)
    _compare_unrendered(tally, subject, reading, prose)
    _compare_prose(tally, subject, reading, prose)
    _compare_block_phase(tally, subject, reading, reader.block_phase(subject))
    _compare_lines(tally, subject, reading, reader.tagged(subject))


# ---- The tests


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_what_is_read_is_what_is_rendered(chunk: int, record_property: Callable[[str, object], None]) -> None:
    reader = Reader(pygments=chunk % 4 == 0)  # colours cost as much as all the rest
    tally = Tally()
    numbers = range(chunk, MUTANTS, CHUNKS)
    for number in numbers:
        _compare(reader, tally, mutant(number))
    for what, count in tally.seen.items():
        record_property(what, count)
    assert not tally.disagreements, f"{len(tally.disagreements)} disagreements\n" + "\n".join(tally.disagreements[:20])
    assert tally.seen["lines"] >= LINES_PER_MUTANT * len(numbers)
    assert tally.seen["mutants that tags change"] <= len(numbers) // 20 + 1


def test_all_kinds_of_damage_are_done() -> None:
    done = {step for number in range(MUTANTS) for step in mutant(number).steps}
    assert done == set(MUTATIONS)
    assert mutant(7) == mutant(7)

"""A record as it is mended: its text, and what is read in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from mkdocs_perfcase.check import Study
from mkdocs_perfcase.criteria import Criterion
from mkdocs_perfcase.findings import Finding
from mkdocs_perfcase.form import Form
from mkdocs_perfcase.mend.edits import split_lines
from mkdocs_perfcase.outline import Entry, Part
from mkdocs_perfcase.record import Record

Read = Callable[[str], Study | None]
"""Studies a page from its text; None where it is of no concern, or can't be read."""

_WORD = re.compile(r"\w+")
_STASHED = re.compile("\x02[^\x02\x03]*\x03")


@dataclass(frozen=True)
class Page:
    """A record's text, and what is read in it."""

    text: str
    form: Form
    findings: tuple[Finding, ...]

    @staticmethod
    def read(text: str, read: Read) -> Page | None:
        """Read a page; None where it is no record."""
        study = read(text)
        return Page(text, study.form, study.findings) if study is not None and study.form is not None else None

    @property
    def record(self) -> Record:
        """The record."""
        return self.form.record

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, without their ends and a byte order mark."""
        return split_lines(self.text.lstrip("\ufeff"))

    def line(self, number: int) -> str:
        """One of its lines; empty where there is none of that number."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def spaced(self, line: int, lines: list[str]) -> tuple[str, ...]:
        """Lines to put in above a line, with a blank one on either side."""
        text = "\n".join(lines).strip("\n").split("\n")
        above = [""] if self.line(line - 1).strip() else []
        below = [""] if self.line(line).strip() else []
        return (*above, *text, *below)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every list item and paragraph."""
        return tuple(entry for section in self.record.body for entry in section.entries)

    def lines_with(self, rule: str) -> list[int]:
        """The lines in which a rule has found something that is neither ignored nor accepted."""
        return [finding.line for finding in self.findings if finding.rule == rule]

    def reports(self, rule: str, text: str) -> bool:
        """Whether such a finding names a text."""
        return any(finding.rule == rule and text in finding.message for finding in self.findings)

    def told(self, without: Collection[int] = ()) -> list[str]:
        """All that the record says, in order, whether it shows as prose, list or table; but for some lines."""
        return [word for line, words in _told(self.record) if line not in without for word in words]

    def criteria(self, without: Collection[int] = ()) -> list[Criterion]:
        """The acceptance criteria and the verification steps; but for those of some lines."""
        return [c for c in (*self.record.criteria, *self.record.verification) if c.line not in without]

    def slips(self, added: Collection[int] = (), replaced: Mapping[int, str] | None = None) -> Counter[tuple[str, str]]:
        """The findings by rule and by the text of their line, which for a replaced line is the one that it had.

        What unfilled scaffold is found for, in added lines, is left out.
        """
        were = replaced or {}
        return Counter(
            (f.rule, f.gist if f.is_absence else were.get(f.line, self.line(f.line)).strip())
            for f in self.findings
            if not (f.line in added and f.rule in _OF_SCAFFOLD)
        )


_OF_SCAFFOLD = frozenset(
    ["placeholder-left", "template-code-left", "unchecked-acceptance-criterion", "unchecked-verification-step"]
)


def _told(record: Record) -> Iterator[tuple[int, list[str]]]:
    """The record's words, with the lines in which they begin."""
    for section in record.body:
        if section.element is not None:
            yield section.line, ["#" * section.level, section.title]
        for group in section.groups:
            if group.name:
                yield group.line, _words(group.name)
            for part in group.parts:
                yield from _told_by(part)


def _told_by(part: Part) -> Iterator[tuple[int, list[str]]]:
    if isinstance(part, Entry):
        yield part.line, [part.mark.lower(), *_words(part.text)]
    elif part.rows:
        for row in part.rows:
            yield row.line, _words(" ".join(row.cells))
    else:
        yield part.line, [part.kind, *(part.text.split("\n") if part.kind == "code" else _words(part.text))]


def _words(text: str) -> list[str]:
    return _WORD.findall(_STASHED.sub(" ", text))

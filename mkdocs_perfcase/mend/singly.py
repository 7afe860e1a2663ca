"""Changes to offer one by one: each on the lines of the page as it is, and each of them tried by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mkdocs_perfcase.findings import Finding
from mkdocs_perfcase.fingerprint import slips
from mkdocs_perfcase.mend.edits import Edit, edited
from mkdocs_perfcase.mend.page import Page, Read
from mkdocs_perfcase.mend.trial import Propose, Trial

_SOME_REASON = "for some reason"
_NO_REASON_YET = "REASON"


class Single(NamedTuple):
    """A change that holds by itself."""

    edit: Edit
    text: str
    """The page's text with it."""
    settles: tuple[Finding, ...]
    """The page's findings that are gone with it."""

    @property
    def lines(self) -> frozenset[int]:
        """The lines that it is about: those of what it settles, and its own where it settles nothing or replaces it."""
        lines = {finding.line for finding in self.settles}
        return frozenset(lines if lines and not self.edit.replaces else lines | {self.edit.line})


def singly(page: Page, read: Read, proposals: Iterable[Propose]) -> Iterator[Single]:
    """Everything that is proposed for a page and holds by itself."""
    for propose in proposals:
        trial = Trial(page, read, propose)
        for edit in trial.proposed:
            if after := trial.alone(edit):
                yield Single(edit, edited(page.text, (edit,)).text, _settled(page, after))


def _settled(before: Page, after: Page) -> tuple[Finding, ...]:
    gone = Counter(slips(before.findings)) - Counter(slips(after.findings))
    known = zip(before.findings, slips(before.findings), strict=True)
    return tuple(finding for finding, slip in known if slip in gone)


def ignoring(page: Page, read: Read, finding: Finding) -> Single | None:
    """A comment that ignores a finding, once its author writes the reason in; None where that has no effect.

    It is tried with a reason, and written with the word that stands for one, which is none: until somebody gives it,
    the finding stays.
    """
    trial = Trial(page, read, _Ignore(finding))
    for edit in trial.proposed:
        if edit.line == _place(page, finding.line) and (after := trial.alone(edit)):
            lines = tuple(line.replace(_SOME_REASON, _NO_REASON_YET) for line in edit.lines)
            text = edited(page.text, (edit._replace(lines=lines),)).text
            return Single(edit, text, _settled(page, after))
    return None


class _Ignore:
    """Proposes a comment for each finding on a page that is like a given one."""

    def __init__(self, finding: Finding) -> None:
        self._rule = finding.rule
        (self._slip,) = slips([finding])

    def __call__(self, page: Page) -> Iterator[Edit]:
        comment = f"<!-- perfcase: ignore {self._rule} {_SOME_REASON} -->"
        for finding, slip in zip(page.findings, slips(page.findings), strict=True):
            if slip == self._slip:
                line = _place(page, finding.line)
                yield Edit("ignore", self._rule, line, page.spaced(line, [comment]))


def _place(page: Page, line: int) -> int:
    """The line above which a comment covers what stands in a line: below a heading, else above the whole block."""
    if page.line(line).lstrip(" >").startswith("#"):
        return line + 1
    groups = (group for section in page.record.body for group in section.named)
    if any(group.line == line for group in groups):
        return line
    parts = [part for section in page.record.body for part in section.parts]
    top = next((part.top for part in reversed(parts) if part.line <= line), None)
    return min((part.line for part in parts if part.top == top), default=line)

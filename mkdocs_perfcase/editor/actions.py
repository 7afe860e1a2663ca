"""What an editor offers to do: mends, one by one or all at once, and ignores that wait for their reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from mkdocs_perfcase.editor.document import Document
from mkdocs_perfcase.editor.positions import Change, changes
from mkdocs_perfcase.findings import Finding
from mkdocs_perfcase.mend import PROPOSALS, mend
from mkdocs_perfcase.mend.edits import Kind
from mkdocs_perfcase.mend.singly import Single, ignoring, singly

_TITLES: Mapping[Kind, str] = {
    "blank line": "Put in the blank line without which this doesn't show",
    "box": "Write [x] for [X]",
    "improvement": 'Write the computed change of "{what}"',
    "section": 'Add the section "{what}", unfilled',
    "criterion": 'Add what is missing under "{what}", open',
    "ignore": "Ignore {what} here, for a reason to be written in",
}


class Action(NamedTuple):
    """A change of the page that is offered."""

    title: str
    changes: tuple[Change, ...]
    settles: tuple[Finding, ...] = ()
    """The findings that are gone with it."""
    preferred: bool = False


def quick_fixes(document: Document, lines: Collection[int]) -> Iterator[Action]:
    """What can be done about some lines, by their numbers from 0."""
    page = document.page
    if page is None:
        return
    for single in singly(page, document.read, PROPOSALS):
        if any(line - 1 in lines for line in single.lines):
            yield _action(document, single, preferred=True)
    ignored = set()
    for finding in page.findings:
        if finding.line - 1 in lines and (finding.rule, finding.line) not in ignored:
            ignored.add((finding.rule, finding.line))
            if single_or_none := ignoring(page, document.read, finding):
                yield _action(document, single_or_none)


def mend_all(document: Document) -> Action | None:
    """All safe mends of a page at once; None where there are none."""
    mended = mend(document.text, document.read) if document.form else None
    if mended is None or not mended.edits:
        return None
    return Action("Mend all that can be mended safely", tuple(changes(document.text, mended.text)))


def _action(document: Document, single: Single, *, preferred: bool = False) -> Action:
    title = _TITLES[single.edit.kind].format(what=single.edit.what)
    return Action(title, tuple(changes(document.text, single.text)), single.settles, preferred)

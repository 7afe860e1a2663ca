"""Safe mends of a record's source: proposed by what is read in it, kept only if reading it again bears them out."""

from __future__ import annotations

from typing import NamedTuple

from mkdocs_perfcase.mend.edits import Edit
from mkdocs_perfcase.mend.improvements import improvements
from mkdocs_perfcase.mend.page import Page, Read
from mkdocs_perfcase.mend.rendering import blank_lines, boxes
from mkdocs_perfcase.mend.scaffold import criteria, sections
from mkdocs_perfcase.mend.trial import Propose, Trial

_MOST_ROUNDS = 20  # each but the last mends something, and what is mended isn't proposed again
PROPOSALS: tuple[Propose, ...] = (blank_lines, boxes, improvements, sections, criteria)
"""All that is mended, in this order."""


class Mended(NamedTuple):
    """A page's text with the mends in it, and these."""

    text: str
    edits: tuple[Edit, ...]


def mend(text: str, read: Read) -> Mended:
    """Mend a record's source. Any other page stays as it is, and so does one that was mended before.

    Args:
        text: the page's file, front matter and all.
        read: studies such a text.
    """
    page = Page.read(text, read)
    done: list[Edit] = []
    for _ in range(_MOST_ROUNDS):
        before = page
        for propose in PROPOSALS:
            if page is not None:
                page, kept = Trial(page, read, propose).outcome()
                done += kept
        if page is before:
            break
    return Mended(page.text if page else text, tuple(done))

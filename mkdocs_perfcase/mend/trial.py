"""Whether mends hold: the page is read with them, and must say and count the same as before, less what was mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from mkdocs_perfcase.criteria import Criterion
from mkdocs_perfcase.mend.edits import Edit, Edited, edited
from mkdocs_perfcase.mend.page import Page, Read

Propose = Callable[[Page], Iterator[Edit]]
"""What could be mended on a page, of one kind."""


class Outcome(NamedTuple):
    """A page with the mends that hold, and these."""

    page: Page
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Trial:
    """The trial of everything that is proposed for a page.

    Reading again is what makes a mend safe: a line that was found in the wrong place, a list that a blank line turns
    into code, a section that some extension swallows all show there, and are left alone.
    """

    page: Page
    read: Read
    propose: Propose

    def outcome(self) -> Outcome:
        """The page with all that holds."""
        return self._more(Outcome(self.page), self.proposed)

    def alone(self, edit: Edit) -> Page | None:
        """The page with one edit and no other; None where it doesn't hold."""
        return self._with((edit,))

    @cached_property
    def proposed(self) -> tuple[Edit, ...]:
        """All that is proposed."""
        return tuple(self.propose(self.page))

    def _more(self, reached: Outcome, edits: tuple[Edit, ...]) -> Outcome:
        """Add edits to what holds: all of them, or what holds of either half."""
        kept = (*reached.edits, *edits)
        after = self._with(kept) if edits else None
        if after is not None:
            return Outcome(after, kept)
        if len(edits) < 2:
            return reached
        middle = len(edits) // 2
        return self._more(self._more(reached, edits[:middle]), edits[middle:])

    def _with(self, edits: tuple[Edit, ...]) -> Page | None:
        """The page with these edits; None where they don't hold."""
        made = edited(self.page.text, edits)
        after = Page.read(made.text, self.read)
        holds = (
            after is not None
            and self._settled(after, edits)
            and self._says_the_same(after, made, {edit.line for edit in edits if edit.replaces})
            and _same_criteria(self.page.criteria(), after.criteria(made.added))
            and all(criterion.is_open for criterion in after.criteria() if criterion.line in made.added)
            and after.slips(made.added, made.replaced) <= self.page.slips()
        )
        return after if holds else None

    def _settled(self, after: Page, edits: tuple[Edit, ...]) -> bool:
        """Whether what was mended isn't proposed again."""
        proposed = Counter(edit.what for edit in self.proposed)
        left = Counter(edit.what for edit in self.propose(after))
        return all(left[what] <= proposed[what] - number for what, number in Counter(e.what for e in edits).items())

    def _says_the_same(self, after: Page, made: Edited, replaced: Collection[int]) -> bool:
        return self.page.told(replaced) == after.told({*made.added, *made.replaced})


def _same_criteria(before: list[Criterion], after: list[Criterion]) -> bool:
    return len(before) == len(after) and all(map(_same_criterion, before, after))


def _same_criterion(before: Criterion, after: Criterion) -> bool:
    """Whether nothing was decided: a tick that nobody saw isn't brought to light, an open box may come to show."""
    same_state = after.state == before.state or (before.state, after.state) == ("unrendered", "open")
    same_mark = after.mark.lower() == before.mark.lower()
    return same_state and same_mark and (after.text, after.waiver) == (before.text, before.waiver)

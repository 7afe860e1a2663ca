"""What git knows of evidence: whether a commit is in the history, and when files last changed. Nothing else is run."""

from __future__ import annotations

import datetime
import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

_SECONDS = 10  # to wait for an answer
_NO = (1, 128)  # no ancestor; no such commit


class _Answer(NamedTuple):
    code: int
    text: str


@dataclass(frozen=True)
class History:
    """The history of the repository that a folder is in, as it is while this is used."""

    root: Path
    _answers: dict[tuple[str, ...], _Answer | None] = field(default_factory=dict, repr=False, compare=False)

    def lacks(self, commit: str) -> bool:
        """Whether a commit is certainly not in the history of what is checked out; of a shallow clone nobody knows."""
        if not self._is_whole:
            return False
        found = self._answer("merge-base", "--is-ancestor", f"{commit}^{{commit}}", "HEAD")
        return found is not None and found.code in _NO

    def last_change(self, paths: Iterable[Path]) -> datetime.datetime | None:
        """When any of some files was last changed by a commit; None where git doesn't know them."""
        if not self._is_whole:  # its oldest commit seems to have changed every file
            return None
        asked = ("--literal-pathspecs", "log", "-1", "--no-show-signature", "--format=%ct", "--")
        found = self._answer(*asked, *(str(path) for path in paths))
        if found is None or not found.text.isdecimal():
            return None
        return datetime.datetime.fromtimestamp(int(found.text), datetime.timezone.utc)

    @property
    def _is_whole(self) -> bool:
        shallow = self._answer("rev-parse", "--is-shallow-repository")
        return shallow is not None and shallow.text == "false"

    def _answer(self, *arguments: str) -> _Answer | None:
        if arguments not in self._answers:
            self._answers[arguments] = _answer(self.root, arguments)
        return self._answers[arguments]


def _answer(root: Path, arguments: tuple[str, ...]) -> _Answer | None:
    """What git says; None where it isn't there, or takes too long."""
    quiet = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}  # nothing from elsewhere
    environment = {**os.environ, **quiet}
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, env=environment, check=False)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return _Answer(done.returncode, done.stdout.strip())

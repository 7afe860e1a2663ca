"""What git knows of evidence: whether a commit is in the history, and when files last changed. Nothing else is run."""

from __future__ import annotations

import datetime
import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_SECONDS = 10  # to wait for an answer


@dataclass(frozen=True)
class History:
    """The history of the repository that a folder is in."""

    root: Path

    def lacks(self, commit: str) -> bool:
        """Whether a commit is certainly not in the history of what is checked out; of a shallow clone nobody knows."""
        if _answer(self.root, "rev-parse", "--is-shallow-repository") != "false":
            return False
        return _answer(self.root, "merge-base", "--is-ancestor", f"{commit}^{{commit}}", "HEAD") is None

    def last_change(self, paths: Iterable[Path]) -> datetime.datetime | None:
        """When any of some files was last changed by a commit; None where git doesn't know them."""
        seconds = _answer(self.root, "log", "-1", "--format=%ct", "--", *(str(path) for path in paths))
        return datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc) if seconds else None


@lru_cache(maxsize=256)
def _answer(root: Path, *arguments: str) -> str | None:
    """What git says; None where it fails, or isn't there."""
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, env=environment, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None

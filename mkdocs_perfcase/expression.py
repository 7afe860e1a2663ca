"""Regular expressions that cost nothing until they are used: one page needs few of them, and compiling takes long."""

from __future__ import annotations

import re
from typing import Any, cast


class Lazy:
    """Has all that the compiled expression has, and compiles it when the first of that is asked for."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._pattern, self._flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.compiled(), name)
        setattr(self, name, value)
        return value

    def compiled(self) -> re.Pattern[str]:
        """The expression itself."""
        return re.compile(self._pattern, self._flags)  # which is kept there


def expression(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A regular expression of what is imported to check a page, declared as with `re.compile`."""
    return cast("re.Pattern[str]", Lazy(pattern, flags))

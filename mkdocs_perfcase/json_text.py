"""JSON as everything here writes it."""

from __future__ import annotations

import json
import re
from typing import Any

_NOT_ASCII = re.compile(r"[^\n -~]")


def as_json(data: Any) -> str:
    """JSON that people can read, and without a character that does something to a terminal."""
    return _shown(json.dumps(data, ensure_ascii=False, indent=2)) + "\n"


def in_one_line(data: Any) -> str:
    """The same for programs: Python writes JSON that isn't indented many times as fast."""
    return _shown(json.dumps(data, ensure_ascii=False))


def _shown(text: str) -> str:
    return _NOT_ASCII.sub(lambda match: match[0] if match[0].isprintable() else json.dumps(match[0])[1:-1], text)

"""JSON as everything here writes it."""

from __future__ import annotations

import json
import re
from typing import Any

_NOT_ASCII = re.compile(r"[^\n -~]")


def as_json(data: Any) -> str:
    """JSON that people can read, and without a character that does something to a terminal."""
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    return _NOT_ASCII.sub(lambda match: match[0] if match[0].isprintable() else json.dumps(match[0])[1:-1], text)

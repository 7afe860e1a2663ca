"""The rules. Importing this package declares them all; a new module of rules is named here and nowhere else."""

from mkdocs_perfcase.findings import RULES
from mkdocs_perfcase.rules import (
    claims,
    content,
    evidence,
    gate,
    numbers,
    recognition,
    rendering,
    structure,
    suppression,
)

__all__ = [
    "RULES",
    "claims",
    "content",
    "evidence",
    "gate",
    "numbers",
    "recognition",
    "rendering",
    "structure",
    "suppression",
]

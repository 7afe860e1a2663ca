"""Rules as a user names them."""

from __future__ import annotations

from collections.abc import Iterable

from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.findings import Rule, find_rule
from mkdocs_perfcase.rules import RULES
from mkdocs_perfcase.text import look_alike


def rule_named(name: str) -> Rule:
    """The rule of a name or code."""
    found = find_rule(name)
    if found is None:
        raise _no_rule(name)
    return found


def rules_named(given: Iterable[str]) -> frozenset[str]:
    """The names of the rules that are given by name, by code or by the first characters of their codes (`PC3`)."""
    named: set[str] = set()
    for text in (part.strip() for texts in given for part in texts.split(",")):
        found = {rule.name for rule in RULES.values() if text and rule.code.startswith(text.upper())}
        named |= found or {rule_named(text).name}
    return frozenset(named)


def _no_rule(name: str) -> Usage:
    alike = look_alike(name, RULES, at_least=0.6)
    return Usage(f"no rule {name!r}" + (f"; did you mean {alike}?" if alike else "; `perfcase rules` lists them"))

"""`perfcase rules`: the list of all rules."""

from __future__ import annotations

import click

from mkdocs_perfcase.rules import RULES


@click.command("rules")
def command() -> None:
    """List every rule with its code, name, severity and what it finds."""
    width = max(map(len, RULES))
    for rule in sorted(RULES.values(), key=lambda rule: rule.code):
        click.echo(f"{rule.code}  {rule.name:{width}}  {rule.severity.name.lower():7}  {rule.summary}")

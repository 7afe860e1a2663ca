"""`perfcase explain`: one rule's page."""

from __future__ import annotations

import click

from mkdocs_perfcase.cli.naming import rule_named
from mkdocs_perfcase.examples import findings


@click.command("explain")
@click.argument("rule")
def command(rule: str) -> None:
    """Explain one rule, by name or code, with a bad and a good example."""
    found = rule_named(rule)
    click.echo(f"{found.code} {found.name} ({found.severity.name.lower()})\n\n{found.summary}\n\n{found.explanation}\n")
    said = "\n".join(map(str, findings(found, found.bad)))
    click.echo(f"Bad:\n\n{_indented(found.bad)}\n\n{said}\n\nGood:\n\n{_indented(found.good)}")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.rstrip().split("\n"))

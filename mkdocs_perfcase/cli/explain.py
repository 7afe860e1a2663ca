"""`perfcase explain`: one rule's page."""

from __future__ import annotations

import click

from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.examples import findings
from mkdocs_perfcase.findings import find_rule
from mkdocs_perfcase.rules import RULES
from mkdocs_perfcase.text import look_alike


@click.command("explain")
@click.argument("rule")
def command(rule: str) -> None:
    """Explain one rule, by name or code, with a bad and a good example."""
    found = find_rule(rule)
    if found is None:
        alike = look_alike(rule, RULES, at_least=0.6)
        raise Usage(f"no rule {rule!r}" + (f"; did you mean {alike}?" if alike else "; `perfcase rules` lists them"))
    click.echo(f"{found.code} {found.name} ({found.severity.name.lower()})\n\n{found.summary}\n\n{found.explanation}\n")
    said = "\n".join(map(str, findings(found, found.bad)))
    click.echo(f"Bad:\n\n{_indented(found.bad)}\n\n{said}\n\nGood:\n\n{_indented(found.good)}")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.rstrip().split("\n"))

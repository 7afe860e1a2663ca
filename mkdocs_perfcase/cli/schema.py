"""`perfcase schema`: the options as a JSON Schema."""

from __future__ import annotations

from pathlib import Path

import click

from mkdocs_perfcase.cli.output import write
from mkdocs_perfcase.json_text import as_json
from mkdocs_perfcase.schema import config_schema


@click.command("schema")
@click.option("--output", type=click.Path(path_type=Path), help="Write there instead of to standard output.")
def command(output: Path | None) -> None:
    """Print a JSON Schema of mkdocs.yml, by which an editor checks and completes the plugin's options."""
    write(as_json(config_schema()), output)

"""`perfcase export`: the records as data."""

from __future__ import annotations

from pathlib import Path

import click

from mkdocs_perfcase.cli.opening import config_option
from mkdocs_perfcase.cli.output import write
from mkdocs_perfcase.cli.records import site_records
from mkdocs_perfcase.export import export, export_csv, page_url
from mkdocs_perfcase.json_text import as_json

_FORMATS = {"json": as_json, "csv": export_csv}


@click.command("export")
@config_option
@click.option(
    "--format", "form", type=click.Choice(list(_FORMATS)), default="json", show_default=True, help="How to write them."
)
@click.option("--output", type=click.Path(path_type=Path), help="Write there instead of to standard output.")
def command(config_file: Path | None, form: str, output: Path | None) -> None:
    """Print all records of the site as data, in the shape of the plugin's own export.

    JSON has everything; CSV has a line for each metric of each record.
    """
    pages, records = site_records(config_file)
    data = export(records, lambda path: page_url(path, directories=pages.site.directory_urls))
    write(_FORMATS[form](data), output)

"""The records as JSON-ready values in the published shape, and as a table of their metrics."""

from __future__ import annotations

import csv
import io
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from mkdocs_perfcase.json_text import in_one_line
from mkdocs_perfcase.views import RecordView


def page_url(path: str, *, directories: bool) -> str:
    """A page's URL, relative to the site's root, as MkDocs makes it of its path.

    Args:
        path: the page's path, relative to the docs folder.
        directories: whether the site uses directory URLs.
    """
    folder, name = posixpath.split(path)
    stem = posixpath.splitext(name)[0]
    stem = "index" if stem == "README" else stem
    if not directories:
        return quote(posixpath.join(folder, f"{stem}.html"))
    return quote(f"{(folder if stem == 'index' else posixpath.join(folder, stem)) or '.'}/")


def export(records: Iterable[RecordView], url: Callable[[str], str]) -> dict[str, Any]:
    """All records as JSON-ready values, in the published shape.

    Args:
        records: the records.
        url: a page's URL, relative to the site's root, by its path.
    """
    return {"version": 1, "records": [_exported(r, url(r.path)) for r in sorted(records, key=lambda r: r.path)]}


def _exported(record: RecordView, url: str) -> dict[str, Any]:
    return {
        "id": record.id,
        "title": record.title,
        "path": record.path,
        "url": url,
        "status": record.status,
        "stage": record.stage,
        "types": list(record.types),
        "component": record.component,
        "date": record.date,
        "owner": record.owner,
        "tags": list(record.tags),
        "metrics": [change.exported for change in record.changes],
        "targets": [{"text": target.text, "metric": target.metric, "met": target.met} for target in record.targets],
        "acceptance": {
            "checked": record.acceptance.checked,
            "waived": record.acceptance.waived,
            "total": record.acceptance.total,
            "open": [{"text": criterion.text, "line": criterion.line} for criterion in record.open],
        },
        "verification": {"checked": record.verification.checked, "total": record.verification.total},
        "findings": record.findings,
    }


def export_json(exported: Mapping[str, Any]) -> str:
    """An export as JSON for programs, with a line for each record."""
    records = ",\n".join(map(in_one_line, exported["records"]))
    return f'{{"version": {exported["version"]}, "records": [\n{records}\n]}}\n'


_OF_THE_RECORD = ("id", "title", "path", "url", "status", "stage", "types", "component", "date", "owner", "tags")
_OF_THE_METRIC = ("name", "polarity", "before", "after", "change_percent", "verdict", "stated")
_COLUMNS = (
    *_OF_THE_RECORD,
    *("criteria_checked", "criteria_waived", "criteria_total", "verification_checked", "verification_total"),
    *("metric", "polarity", "before", "before_value", "before_unit", "after", "after_value", "after_unit"),
    *("change_percent", "verdict", "stated"),
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_csv(exported: Mapping[str, Any]) -> str:
    """An export as comma-separated values: a line for each metric of each record, or one for a record without any."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for record in exported["records"]:
        start = [*(_cell(record[name]) for name in _OF_THE_RECORD), *_counts(record)]
        for metric in record["metrics"] or [dict.fromkeys(_OF_THE_METRIC)]:
            writer.writerow([*start, *map(_cell, _metric_values(metric))])
    return out.getvalue()


def _counts(record: Mapping[str, Any]) -> list[int]:
    acceptance, verification = record["acceptance"], record["verification"]
    return [*(acceptance[name] for name in ("checked", "waived", "total")), *verification.values()]


def _metric_values(metric: Mapping[str, Any]) -> Iterator[Any]:
    for name in _OF_THE_METRIC:
        if name in ("before", "after"):
            side = metric[name] or {}
            yield from (side.get(part) for part in ("text", "value", "unit"))
        else:
            yield metric[name]


def _cell(value: Any) -> Any:
    """A value as a spreadsheet may open it, or a terminal show it: a text that would be run as a formula is marked."""
    if isinstance(value, list):
        value = "; ".join(value)
    if not isinstance(value, str):
        return value
    value = _CONTROLS.sub(" ", value)
    runs = len(value) > 1 and value.startswith(_STARTS_FORMULA)  # a dash alone doesn't
    return f"'{value}" if runs else value

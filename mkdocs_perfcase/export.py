"""The records as JSON-ready values, in the published shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mkdocs_perfcase.views import RecordView


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

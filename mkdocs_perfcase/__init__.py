"""mkdocs-perfcase: performance optimization records, checked while the site builds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs_perfcase.api import (
        Change,
        Finding,
        OpenCriterion,
        Progress,
        Record,
        Report,
        Severity,
        SiteError,
        TargetView,
        check_records,
        load_records,
    )

__version__ = "0.1.0"

__all__ = [
    "Change",
    "Finding",
    "OpenCriterion",
    "Progress",
    "Record",
    "Report",
    "Severity",
    "SiteError",
    "TargetView",
    "check_records",
    "load_records",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mkdocs_perfcase import api  # on first use: the package is imported by every host, for every command

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

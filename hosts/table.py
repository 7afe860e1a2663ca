"""The table of `docs/hosts.md`, made from what the tests declare of themselves."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from types import FunctionType

import pytest

COLUMNS = {"mkdocs": "MkDocs", "properdocs": "ProperDocs", "zensical": "Zensical"}
MODULES = ("test_builds", "test_neighbours", "test_zensical")


def declared() -> Iterator[tuple[str, pytest.Mark]]:
    """Every test by its name, with its mark."""
    for name in MODULES:
        for test in vars(import_module(name)).values():
            if isinstance(test, FunctionType) and test.__name__.startswith("test_"):
                yield test.__name__, next(mark for mark in test.pytestmark if mark.name == "feature")


def table() -> str:
    """A row for each feature: how each host comes by it, and the tests that show so."""
    cells: dict[str, dict[str, str]] = {}
    shown_by: dict[str, list[str]] = {}
    for name, mark in declared():
        title, hosts, how = mark.args
        cells.setdefault(title, {}).update(dict.fromkeys(hosts, how))
        shown_by.setdefault(title, []).append(f"`{name}`")
    lines = [f"| | {' | '.join(COLUMNS.values())} | Tests |", "| --- " * (len(COLUMNS) + 2) + "|"]
    for title, row in cells.items():
        shown = [row.get(host, "–") for host in COLUMNS]
        lines.append(f"| {' | '.join([title, *shown, ', '.join(dict.fromkeys(shown_by[title]))])} |")
    return "\n".join(lines)

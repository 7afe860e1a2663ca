"""Which tests are about the host in question, and the sites that it builds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from harness import COMPLETE, HOST, PRICES, Site


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave those tests that are about this host."""
    own = [item for item in items if any(HOST in mark.args[1] for mark in item.iter_markers("feature"))]
    config.hook.pytest_deselected(items=[item for item in items if item not in own])
    items[:] = own


@pytest.fixture
def make_site(tmp_path: Path) -> Callable[..., Site]:
    """A site with a home page, a record and the plugin, which stands behind its neighbours unless they come after."""

    def make(
        pages: Mapping[str, str] | None = None,
        *plugins: Any,
        options: Mapping[str, Any] | None = None,
        after: tuple[Any, ...] = (),
        **config: Any,
    ) -> Site:
        own: Any = {"perfcase": dict(options)} if options else "perfcase"
        base = {"site_name": "Prices", "theme": "mkdocs", "plugins": [*plugins, own, *after]}
        site = Site(tmp_path, {**base, **config})
        site.write({"index.md": "# Home\n", PRICES: COMPLETE, **(pages or {})})
        return site

    return make

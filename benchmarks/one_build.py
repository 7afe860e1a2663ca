"""One build: `python benchmarks/one_build.py CONFIG` prints the seconds of it that were the plugin's own, as JSON."""

from __future__ import annotations

import functools
import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build
from mkdocs.config import load_config

SPENT: Counter[str] = Counter()
"""CPU seconds by part of the plugin."""


def timed(part: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def counted(*arguments: Any, **named: Any) -> Any:
        start = time.process_time()
        try:
            return function(*arguments, **named)
        finally:
            SPENT[part] += time.process_time() - start

    return counted


def instrument() -> None:
    """Have the plugin's functions timed, outermost ones only, save that studying is told from the rest of a page."""
    from mkdocs_perfcase.check import Project
    from mkdocs_perfcase.extension import _RecordProcessor
    from mkdocs_perfcase.plugin import PerfcasePlugin

    for part, owner, names in (
        ("study", Project, ["study"]),
        ("page", _RecordProcessor, ["run"]),
        ("site", PerfcasePlugin, ["on_config", "on_files", "on_page_markdown", "on_env", "on_post_build"]),
    ):
        for name in names:
            setattr(owner, name, timed(part, getattr(owner, name)))
    context = vars(PerfcasePlugin)["on_page_context"]
    context.methods = tuple(timed("site", method) for method in context.methods)


def main(path: str) -> None:
    logging.disable(logging.CRITICAL)
    if "perfcase" in Path(path).read_text(encoding="utf-8"):
        instrument()
    config = load_config(path)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    parts = {"study": SPENT["study"], "show": SPENT["page"] - SPENT["study"], "site": SPENT["site"]}
    print(json.dumps(parts))


if __name__ == "__main__":
    main(sys.argv[1])

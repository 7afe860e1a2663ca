"""What the plugin adds to a build: `python benchmarks/build.py [pages] [runs]` prints a table.

Builds with and without the plugin alternate, each in a process of its own. Pages stand outside the navigation, which
the theme draws on every page: its cost grows with the square of the pages, and would hide the plugin's.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from corpus import EXTENSIONS, Taken, head, middle, plain, record, row, taken, write

ONE = [sys.executable, "-W", "ignore", str(Path(__file__).with_name("one_build.py"))]
CONFIG = """
site_name: Prices
theme: material
nav: [index.md]
plugins: {plugins}
markdown_extensions: {extensions}
"""


class Pair(NamedTuple):
    """A build without the plugin and one with it."""

    without: Taken
    with_plugin: Taken

    @property
    def own(self) -> dict[str, float]:
        """The seconds that the plugin's own functions took, by part."""
        parts: dict[str, float] = json.loads(self.with_plugin.said.splitlines()[-1])
        return parts

    @property
    def ratio(self) -> float:
        return self.with_plugin.cpu / self.without.cpu


def pairs(pages: int, runs: int, *, records: bool) -> list[Pair]:
    """Build a site of records, or of pages that are none, as often as asked."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, map(record if records else plain, range(pages)))
        for file, plugins in (("with", "[search, perfcase]"), ("without", "[search]")):
            config = CONFIG.format(plugins=plugins, extensions=EXTENSIONS)
            (folder / f"{file}.yml").write_text(config, encoding="utf-8")
        return [
            Pair(taken([*ONE, "without.yml"], folder), taken([*ONE, "with.yml"], folder)) for _ in range(max(runs, 1))
        ]


def tell_head() -> None:
    head(
        *("pages", "runs", "without", "with", "ratio", "more a page"),
        *("reading and checking", "showing", "index, exports", "elsewhere", "memory without", "with"),
    )


def tell(kind: str, pages: int, done: list[Pair]) -> None:
    """A row of the table; milliseconds are for each page."""

    def each(seconds: list[float]) -> str:
        return f"{statistics.median(seconds) / pages * 1000:.2f} ms"

    more = [pair.with_plugin.cpu - pair.without.cpu for pair in done]
    elsewhere = [seconds - sum(pair.own.values()) for seconds, pair in zip(more, done, strict=True)]
    row(
        f"{pages:,} {kind}",
        str(len(done)),
        f"{statistics.median(pair.without.cpu for pair in done):.1f} s",
        f"{statistics.median(pair.with_plugin.cpu for pair in done):.1f} s",
        middle([pair.ratio for pair in done], ".3f"),
        each(more),
        *(each([pair.own[part] for pair in done]) for part in ("study", "show", "site")),
        each(elsewhere),
        f"{statistics.median(pair.without.memory for pair in done) / 1e6:.0f} MB",
        f"{statistics.median(pair.with_plugin.memory for pair in done) / 1e6:.0f} MB",
    )


def main(pages: int = 100, runs: int = 5) -> None:
    """Print the table for as many records, and for as many pages that are none."""
    tell_head()
    tell("records", pages, pairs(pages, runs, records=True))
    tell("other pages", pages, pairs(pages, runs, records=False))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

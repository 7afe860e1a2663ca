"""What the plugin adds to a build: `python benchmarks/build.py [pages] [runs]` prints medians and ratios.

Builds with and without the plugin alternate, each in a process of its own, and CPU time is compared, since wall time on
a shared machine says little.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from mkdocs_perfcase.examples import COMPLETE

BUILD = """
import logging, sys, time
from mkdocs.config import load_config
from mkdocs.commands.build import build
logging.disable(logging.CRITICAL)
config = load_config(sys.argv[1])
config.plugins.on_startup(command="build", dirty=False)
start = time.process_time()
build(config)
print(time.process_time() - start)
"""
PLAIN = (
    "# Page {n}\n\n"
    + "## Part\n\nSome words about page {n}, with a [link](index.md) and `code`.\n\n- one\n- two\n\n" * 12
)


def site(folder: Path, pages: int, record: bool) -> None:
    """Write a site's pages: copies of a complete record, or pages that are none."""
    text = COMPLETE.read_text(encoding="utf-8") if record else PLAIN
    docs = folder / "docs"
    docs.mkdir(parents=True)
    (docs / "index.md").write_text("# Home\n", encoding="utf-8")
    for n in range(pages):
        page = text.replace("# Cache the price list", f"# Cache part {n}").replace("{n}", str(n))
        (docs / f"page-{n}.md").write_text(page, encoding="utf-8")
    for name, plugins in (("with", "[search, perfcase]"), ("without", "[search]")):
        extensions = "[pymdownx.superfences, pymdownx.highlight, pymdownx.tasklist]"
        config = f"site_name: x\ntheme: material\nplugins: {plugins}\nmarkdown_extensions: {extensions}\n"
        (folder / f"{name}.yml").write_text(config, encoding="utf-8")


def seconds(folder: Path, name: str) -> float:
    """CPU seconds of one build."""
    command = [sys.executable, "-W", "ignore", "-c", BUILD, str(folder / f"{name}.yml")]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(run.stdout.split()[-1])


def main(pages: int = 100, runs: int = 5) -> None:
    """Print the table."""
    print(f"{'pages':>6}  {'':8}{'without':>10}{'with':>10}{'ratio':>9}{'a page':>10}")
    for kind, record in (("records", True), ("others", False)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            site(folder, pages, record)
            pairs = [(seconds(folder, "without"), seconds(folder, "with")) for _ in range(runs)]
        without, with_plugin = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median(b / a for a, b in pairs)
        each = (with_plugin - without) / pages * 1000
        print(f"{pages:>6}  {kind:8}{without:>9.2f}s{with_plugin:>9.2f}s{ratio:>8.3f}{each:>8.2f}ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

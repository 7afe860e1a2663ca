"""What ten thousand records take: `python benchmarks/load.py [records]` prints time and memory."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mkdocs_perfcase.examples import COMPLETE

MOST = 300  # MB for ten thousand records


def main(records: int = 10_000) -> None:
    """Write a site, check it in one process without a cache, and print the figures."""
    text = COMPLETE.read_text(encoding="utf-8").replace("- [x] No regression", "- [ ] No regression")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "site")
        (folder / "docs").mkdir(parents=True)
        (folder / "mkdocs.yml").write_text("site_name: Prices\nplugins: [perfcase]\n", encoding="utf-8")
        for n in range(records):
            (folder / "docs" / f"{n}.md").write_text(text.replace("price list", f"price list {n}"), encoding="utf-8")
        command = [sys.executable, "-m", "mkdocs_perfcase", "check", "--jobs", "1", "--no-cache", "--format", "json"]
        begun = time.perf_counter()
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)
        taken = time.perf_counter() - begun
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    print(f"{records} records: {taken:.0f} s, at most {most:.0f} MB (allowed for 10,000: {MOST} MB)")
    sys.exit(most > MOST)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""`mkdocs serve`: an edit shows up on the page and in the index, and an edit of the template re-checks all."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from conftest import COMPLETE, Site

from mkdocs_perfcase.template import SHIPPED

PATIENCE = 30  # seconds until a rebuild must have shown up


@contextmanager
def served(site: Site) -> Iterator[tuple[str, Path]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    log = site.folder / "serve.log"
    (site.folder / "mkdocs.yml").write_text(yaml.safe_dump(site.config), encoding="utf-8")
    with log.open("w") as out:
        command = [sys.executable, "-m", "mkdocs", "serve", "-a", address]
        server = subprocess.Popen(command, cwd=site.folder, stdout=out, stderr=subprocess.STDOUT)
        try:
            yield f"http://{address}", log
        finally:
            server.terminate()
            server.wait(10)


def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if condition():
                return
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.1)
    pytest.fail(f"never came: {what}")


def page(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as answer:
        text: str = answer.read().decode("utf-8")
    return re.sub(r"<[^>]+>", "", text)


def test_edits_show_up(make_site: Callable[..., Site], tmp_path: Path) -> None:
    template = tmp_path / "own.md"
    template.write_text(SHIPPED.read_text(encoding="utf-8"), encoding="utf-8")
    site = make_site({"performance/prices.md": COMPLETE}, {"template": "own.md"})
    with served(site) as (url, log):
        until(lambda: "4/4" in page(f"{url}/performance/"), "the index")
        site.write({"performance/prices.md": COMPLETE.replace("[x] No", "[ ] No")})
        until(lambda: "3/4" in page(f"{url}/performance/"), "the edit, in the index")
        assert "Open criteria" in page(f"{url}/performance/prices/")
        until(lambda: "PC301" in log.read_text(encoding="utf-8"), "the edit's finding")
        template.write_text(
            template.read_text(encoding="utf-8") + "\n### Costs\n\n\\[What it costs\\]\n", encoding="utf-8"
        )
        until(lambda: 'missing section "Costs"' in log.read_text(encoding="utf-8"), "the template's new section")

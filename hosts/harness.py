"""What the tests of hosts share: which host this is, and sites that it builds as a user builds them."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import yaml
from bs4 import BeautifulSoup, Tag

from mkdocs_perfcase.examples import COMPLETE as EXAMPLE

HOSTS = ("mkdocs", "properdocs", "zensical")
HOST = os.environ.get("PERFCASE_HOST", "")
ROOT = Path(__file__).resolve().parent.parent
COMPLETE = EXAMPLE.read_text(encoding="utf-8")
OPEN = COMPLETE.replace("- [x] No regression", "- [ ] No regression")
PRICES = "performance/prices.md"
_NAMED = "- metric: Response Time\n  before: runs/before.csv\n  after: runs/after.csv"
_ROW = "| Response Time | 450 ms | 120 ms | 73% |"
MEASURED = {
    PRICES: f"---\nperfcase_evidence:\n{_NAMED}\n---\n{COMPLETE.replace(_ROW, '| Response Time | | | |')}",
    "performance/runs/before.csv": "metric,unit,better,value\nResponse Time,ms,lower,450\n",
    "performance/runs/after.csv": "metric,unit,better,value\nResponse Time,ms,lower,120\n",
}
"""The record with its own result files beside it."""
PATIENCE = 60  # seconds until something served must have shown up


def feature(title: str, *hosts: str, how: str = "yes") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare what a test shows: a row's title, the hosts it holds for, and how they come by it."""
    return pytest.mark.feature(title, hosts or HOSTS, how)


def failing_site(folder: Path) -> Mapping[str, Any]:
    """A copy of the failing site in a repository of its own, since one slip is of its history; its configuration."""
    shutil.copytree(ROOT / "failing_site", folder, ignore=shutil.ignore_patterns("site", ".cache"))
    who = ("-c", "user.name=me", "-c", "user.email=me@localhost", "-c", "commit.gpgsign=false")
    for command in (("init", "-q"), ("add", "."), (*who, "commit", "-qm", "Read prices")):
        subprocess.run(["git", *command], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    config: Mapping[str, Any] = yaml.safe_load((folder / "mkdocs.yml").read_text(encoding="utf-8"))
    return config


def golden(name: str, text: str) -> None:
    """Hold a text against the one that every host must yield; `PERFCASE_GOLDEN=write` writes it anew."""
    path = Path(__file__).with_name("golden") / name
    if os.environ.get("PERFCASE_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@dataclass
class Site:
    """A site in a folder, and what its last command said."""

    folder: Path
    config: dict[str, Any]
    code: int = 0
    said: str = ""
    name: str = "mkdocs.yml"

    @property
    def output(self) -> Path:
        return self.folder / "site"

    def write(self, pages: Mapping[str, str], folder: str = "docs") -> None:
        for name, text in pages.items():
            path = self.folder / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def run(self, *command: str, **environment: str) -> Site:
        if self.name.endswith(".yml"):
            self.write({self.name: yaml.safe_dump(self.config, sort_keys=False)}, folder=".")
        done = subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, "NO_COLOR": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        self.code, self.said = done.returncode, re.sub(r"\x1b\[[\d;]*m", "", done.stdout)
        return self

    def build(self, *arguments: str) -> Site:
        return self.run(sys.executable, "-m", HOST, "build", "-f", self.name, *arguments)

    def build_well(self, *arguments: str) -> Site:
        """Build strictly: whatever warns fails."""
        self.build("--strict", *arguments)
        assert self.code == 0, self.said
        return self

    def perfcase(self, *arguments: str) -> Site:
        return self.run(sys.executable, "-m", "mkdocs_perfcase", *arguments)

    def check(self, *arguments: str) -> Site:
        return self.perfcase("check", "--no-show-source", *arguments)

    def page(self, name: str) -> BeautifulSoup:
        return BeautifulSoup((self.output / name).read_text(encoding="utf-8"), "html.parser")

    def has(self, name: str) -> bool:
        return (self.output / name).is_file()

    def findings(self) -> list[str]:
        """What was said, as far as it is about a line."""
        return re.findall(r"[\w/.-]+\.(?:md|yml):\d+: PC\d{3} .*", self.said)


def assert_whole(site: Site, prices: str = "performance/prices/", index: str = "performance/") -> None:
    """The record's page is enriched, and the index links it."""
    own, overview = (site.page(f"{url}index.html" if url.endswith("/") or not url else url) for url in (prices, index))
    assert len(own.select(".perfcase-summary")) == 1
    assert "−73%" in own.select(".perfcase-summary")[0].get_text()
    links = [str(link["href"]) for link in overview.select(".perfcase-index .perfcase-table a")]
    base = f"/{index}"
    assert [urljoin(base, link) for link in links] == [f"/{prices}"]
    for page, url in ((own, prices), (overview, index)):
        sheets = [str(link["href"]) for link in page.select('link[href*="perfcase.css"]')]
        assert sheets
        assert all(site.has(urljoin(f"/{url}", sheet).lstrip("/")) for sheet in sheets)


def shown(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


@contextmanager
def served(site: Site) -> Iterator[str]:
    """The site's address while its host serves it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    site.write({site.name: yaml.safe_dump(site.config)}, folder=".")
    with (site.folder / "serve.log").open("w") as log:
        command = [sys.executable, "-m", HOST, "serve", "-f", site.name, "-a", address]
        server = subprocess.Popen(command, cwd=site.folder, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield f"http://{address}"
        finally:
            server.terminate()
            server.wait(10)


def until(url: str, text: str) -> None:
    """Wait until a page shows a text."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if text in re.sub(r"<[^>]+>", "", answer.read().decode("utf-8")):
                    return
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.1)
    pytest.fail(f"{text!r} never came to {url}")

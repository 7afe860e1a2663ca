"""What tests share: a complete record, and sites built as a user builds them."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from click.testing import CliRunner, Result
from hypothesis import settings
from markdown import Markdown
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from mkdocs_perfcase import examples
from mkdocs_perfcase.check import Page, Project, Study
from mkdocs_perfcase.cli import main
from mkdocs_perfcase.options import read_options
from mkdocs_perfcase.source import split_front_matter
from mkdocs_perfcase.tree import parse

settings.register_profile("perfcase", deadline=None)  # a busy machine fails nothing
settings.load_profile("perfcase")

TESTS = Path(__file__).parent
ROOT = TESTS.parent
COMPLETE = examples.COMPLETE.read_text(encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="Write golden files anew instead of comparing with them."
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with a golden file, or write it where asked to."""

    def compare(name: str, text: str) -> None:
        path = TESTS / "golden" / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare


def with_section(section: str, record: str = COMPLETE) -> str:
    """A record whose section of the same name (the text's first heading) is replaced, subsections and all."""
    heading = section.splitlines()[0]
    return replaced(heading, section, record)


def replaced(heading: str, section: str, record: str = COMPLETE) -> str:
    """A record in which a section, told by its heading's line, gives way to a text."""
    return examples.replaced(heading, section, record)


def study(
    source: str, path: str = "performance/prices.md", extensions: tuple[str, ...] = (), **options: Any
) -> Study | None:
    """Check one page with the core alone."""
    text, meta = split_front_matter(source)
    md = Markdown(extensions=["tables", "fenced_code", *extensions])
    return Project.load(read_options(options), Path()).study(
        Page(path, meta, lambda: source), parse(md, text), md.htmlStash
    )


def found(source: str, **kwargs: Any) -> list[tuple[str, int]]:
    """The findings of one page, as rule and line."""
    result = study(source, **kwargs)
    return [(finding.rule, finding.line) for finding in result.findings] if result else []


def one(soup: BeautifulSoup | Tag, selector: str) -> Tag:
    found = soup.select(selector)
    assert len(found) == 1, f"{selector}: {len(found)}"
    return found[0]


def shown(tag: Tag) -> str:
    """Text as a browser runs it together."""
    return " ".join(tag.get_text().split())


def text(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


@dataclass
class Site:
    """A site in a folder, and what its last build said and made."""

    folder: Path
    config: dict[str, Any]
    error: BaseException | None = None
    log: list[tuple[str, str]] = field(default_factory=list)

    @property
    def output(self) -> Path:
        return self.folder / "site"

    def write(self, pages: Mapping[str, str | bytes]) -> None:
        for name, text in pages.items():
            path = self.folder / "docs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))

    def build(self, strict: bool | None = None, dirty: bool = False) -> Site:
        path = self.folder / "mkdocs.yml"
        path.write_text(yaml.safe_dump(self.config, sort_keys=False), encoding="utf-8")
        handler = _Records()
        logger = logging.getLogger("mkdocs")
        logger.addHandler(handler)
        level = logger.level
        logger.setLevel(logging.INFO)
        self.error = None
        try:
            config = load_config(str(path), strict=strict)
            config.plugins.on_startup(command="build", dirty=dirty)
            build(config, dirty=dirty)
        except (MkDocsException, SystemExit) as error:
            self.error = error
        finally:
            logger.removeHandler(handler)
            logger.setLevel(level)
        self.log = handler.seen
        return self

    def findings(self, level: str | None = None) -> list[str]:
        """Logged findings, of one level or of all."""
        return [text for name, text in self.log if re.search(r":\d+: PC\d{3} ", text) and level in (None, name)]

    def page(self, name: str) -> BeautifulSoup:
        return BeautifulSoup((self.output / name).read_text(encoding="utf-8"), "html.parser")


class _Records(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append((record.levelname, record.getMessage()))


@pytest.fixture
def make_site(tmp_path: Path) -> Callable[..., Site]:
    """A site with the plugin: its pages, the plugin's options, and further configuration."""

    def make(pages: Mapping[str, str | bytes], options: Mapping[str, Any] | None = None, **config: Any) -> Site:
        plugin: Any = {"perfcase": dict(options)} if options else "perfcase"
        site = Site(tmp_path, {"site_name": "Prices", "plugins": [plugin], **config})
        site.write({"index.md": "# Home\n", **pages})
        return site

    return make


Run = Callable[..., Result]
# click 8.1 has to be told to keep standard error apart, and later ones can't be
_APART: dict[str, Any] = {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}


def invoked(*arguments: str, stdin: str | bytes | None = None) -> Result:
    """The command line, in the working folder."""
    return CliRunner(**_APART).invoke(main, list(arguments), input=stdin, catch_exceptions=False)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """The command line, in a folder with a site of its own."""
    monkeypatch.chdir(tmp_path)
    write("mkdocs.yml", "site_name: Prices\n")  # so that none further up is found

    def invoke(*arguments: str) -> Result:
        return invoked(*arguments)

    return invoke


def write(name: str, text: str | bytes) -> None:
    """Write a file, given by its path from the working folder."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))

"""The documentation's pages as stories: the blocks of code on one, played from top to bottom in a folder of their own.

A block with a `title` is the file of that name: it is written, and the site is built with it. A `diff` changes one. What
a `console` shows is run, and has to print what is shown. Python is run, and Markdown without a title is a part of a record
that says no more than the block of `text` behind it.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from conftest import COMPLETE, invoked, write

from mkdocs_perfcase.check import Page
from mkdocs_perfcase.examples import replaced
from mkdocs_perfcase.findings import Finding
from mkdocs_perfcase.pages import open_project
from mkdocs_perfcase.source import split_front_matter
from mkdocs_perfcase.tree import parse

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

RECORD = COMPLETE.replace("- [x] No reg", "- [ ] No reg")
ELIDED = "…"
CONFIG = "mkdocs.yml"
_FENCE = re.compile(
    r"^(?P<indent> *)(?P<ticks>`{3,})(?P<language>[\w+-]*)(?: +title=\"(?P<title>[^\"]+)\")?\n"
    r"(?P<text>.*?)^(?P=indent)(?P=ticks) *$",
    re.MULTILINE | re.DOTALL,
)


class Block(NamedTuple):
    """A block of code on a page, and the line that it starts in."""

    page: str
    line: int
    language: str
    title: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(page: str, source: str) -> Iterator[Block]:
    for match in _FENCE.finditer(source):
        line = source.count("\n", 0, match.start()) + 1
        yield Block(page, line, match["language"], match["title"] or "", textwrap.dedent(match["text"]))


def commands(console: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console, and the lines that it prints."""
    for part in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
        command, *lines = part.rstrip("\n").split("\n")
        yield command, lines


def shows(lines: list[str], printed: list[str]) -> bool:
    """Whether lines are what was printed; `…` stands for any lines, at a line's end for its rest."""
    pattern = ""
    for line in lines:
        kept = re.escape(line.removesuffix(ELIDED))
        pattern += r"(?:.*\n)*?" if line == ELIDED else rf"{kept}{'.*' if line.endswith(ELIDED) else ''}\n"
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


class Story:
    """One page, played in the working folder."""

    def __init__(self, page: str, untried: Mapping[str, str]) -> None:
        self.page = page
        self.untried = untried
        self.spared: set[str] = set()
        """Which of the commands that aren't run were met."""
        self.said: list[str] = []
        """What was found in the last part of a record."""

    def play(self, source: str) -> int:
        """Play a page; the number of blocks on it."""
        found = list(blocks(self.page, source))
        for block in found:
            act = ACTS.get(block.language)
            assert act, f"{block}: there is no way to try {block.language or 'a block without a language'}"
            assert block.language == "text" or not self.said, f"before {block} no text shows {self.said}"
            act(self, block)
        assert not self.said, f"at the end no text shows {self.said}"
        return len(found)

    def spares(self, text: str) -> bool:
        """Whether a command or a block is one that isn't run, for the reason given with it."""
        met = [start for start in self.untried if text.startswith(start)]
        self.spared.update(met)
        return bool(met)


def _console(story: Story, block: Block) -> None:
    for command, lines in commands(block.text):
        if story.spares(command):
            continue
        code, printed = ran(command)
        assert code in (0, 1), f"{block}: {command} exits with {code}: {printed}"
        if lines:
            assert shows(lines, printed.splitlines()), f"{block}: {command} prints\n{printed}"


def ran(command: str) -> tuple[int, str]:
    """A command's exit code and output. `cd` is for what follows, too."""
    program, *arguments = shlex.split(command, comments=True)
    if program == "cd":
        os.chdir(arguments[0])
        return 0, ""
    if program == "perfcase":
        result = invoked(*arguments)
        return result.exit_code, result.output
    assert program in ("mkdocs", "python"), f"there is no way to try {command}"
    return _process(["-m", "mkdocs", *arguments] if program == "mkdocs" else arguments)


def _process(arguments: list[str]) -> tuple[int, str]:
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def _yaml(story: Story, block: Block) -> None:
    given = yaml.safe_load(block.text)
    if story.spares(block.text):
        return
    assert block.title, f"{block}: it doesn't say which file it belongs in"
    if block.title != CONFIG:
        _file(story, block)
        return
    present = yaml.safe_load(Path(CONFIG).read_text(encoding="utf-8"))
    write(CONFIG, yaml.safe_dump({**present, **given}, sort_keys=False, allow_unicode=True))
    builds(block)


def builds(block: Block) -> None:
    """The site can be built: its configuration is taken, and nothing that MkDocs itself warns of is in it."""
    code, printed = _process(["-m", "mkdocs", "build"])
    assert code == 0, f"{block}: {printed}"
    warnings = [line for line in printed.splitlines() if line.startswith(("WARNING", "ERROR"))]
    others = [line for line in warnings if not re.search(r":\d+: PC\d{3} ", line)]
    assert not others, f"{block}: {others}"
    code, printed = ran("perfcase check --quiet")
    assert code in (0, 1), f"{block}: {printed}"


def _file(story: Story, block: Block) -> None:
    path = Path(block.title)
    assert not path.is_absolute()
    if ELIDED in block.text.splitlines():  # a part of a file that something made
        there = path.read_text(encoding="utf-8").splitlines()
        assert shows(block.text.splitlines(), there), f"{block}: {there}"
        return
    front = re.fullmatch(r"---\n.*?^---\n", block.text, re.MULTILINE | re.DOTALL)
    if front and path.exists():  # what stands on top of a page that is there
        body = path.read_text(encoding="utf-8").split("---\n\n")[-1]
        write(block.title, f"{block.text}\n{body}")
    else:
        write(block.title, block.text)
    if path.suffix == ".yml":
        _run_all(story, block)
    elif path.parts[0] in ("docs", "overrides"):
        builds(block)


def _run_all(story: Story, block: Block) -> None:
    """Run each command that a CI's configuration names."""
    for command in steps(yaml.safe_load(block.text)):
        if story.spares(command):
            continue
        code, printed = ran(command)
        gated = code == 1 and (command.startswith("perfcase ") or re.search(r"^perfcase: ", printed, re.MULTILINE))
        assert code == 0 or gated, f"{block}: {command} exits with {code}: {printed}"


def steps(node: Any) -> Iterator[str]:
    """The commands of a workflow's jobs: GitHub's under `run`, GitLab's under `script`."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if key in ("run", "script"):
            yield from value.splitlines() if isinstance(value, str) else value
        elif isinstance(value, dict | list):
            yield from steps(value)


def _diff(story: Story, block: Block) -> None:
    text = Path(block.title).read_text(encoding="utf-8")
    for old, new in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)*)", block.text, re.MULTILINE):
        before, after = (re.sub("^[-+]", "", part, flags=re.MULTILINE) for part in (old, new))
        assert text.count(before) == 1, f"{block}: {block.title} has {text.count(before)} times {before!r}"
        text = text.replace(before, after)
    write(block.title, text)


def _markdown(story: Story, block: Block) -> None:
    if block.title:
        _file(story, block)
        return
    heading = block.text.splitlines()[0]
    assert heading.startswith("#"), f"{block}: neither a file nor a part of a record"
    story.said = [f"{finding.code} {finding.text}" for finding in found(replaced(heading, block.text, COMPLETE))]


def found(source: str) -> tuple[Finding, ...]:
    """What a site's check finds on a page, with the extensions and options that it has got."""
    site, project = open_project(None, Path.cwd())
    markdown, _ = site.markdown()
    text, meta = split_front_matter(source)
    studied = project.study(Page("price-list.md", meta, lambda: source), parse(markdown, text), markdown.htmlStash)
    return studied.findings if studied else ()


def _text(story: Story, block: Block) -> None:
    if not story.spares(block.text):
        assert shows(block.text.splitlines(), story.said), f"{block}: {story.said}"
        story.said = []


def _python(story: Story, block: Block) -> None:
    if block.title:
        _file(story, block)
        return
    code, printed = _process(["-c", block.text])
    assert code == 0, f"{block}: {printed}"


def _loaded(read: Callable[[str], Any]) -> Callable[[Story, Block], None]:
    def act(story: Story, block: Block) -> None:
        read(block.text)

    return act


def _other(story: Story, block: Block) -> None:
    assert block.title or story.spares(block.text), f"{block}: neither a file nor something that isn't tried"
    if block.title:
        _file(story, block)


ACTS: dict[str, Callable[[Story, Block], None]] = {
    "console": _console,
    "yaml": _yaml,
    "diff": _diff,
    "markdown": _markdown,
    "text": _text,
    "python": _python,
    "json": _loaded(json.loads),
    "csv": _loaded(lambda text: list(csv.reader(text.splitlines(), strict=True))),
    "toml": _loaded(tomllib.loads),
    "css": _other,
    "jinja": _other,
    "html+jinja": _other,
    "lua": _other,
}

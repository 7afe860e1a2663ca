"""What the documentation shows of the command line and of CI: every command line is valid, every output is real."""

from __future__ import annotations

import contextlib
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from conftest import COMPLETE, ROOT, Run, write

from mkdocs_perfcase import __version__
from mkdocs_perfcase.cli import VERBS, verb
from mkdocs_perfcase.index_page import END, START
from mkdocs_perfcase.reference import with_verbs

COMMAND_LINE = (ROOT / "docs/command-line.md").read_text(encoding="utf-8")
CI = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
GET_STARTED = (ROOT / "docs/get-started.md").read_text(encoding="utf-8")
RECORD = COMPLETE.replace("- [x] No reg", "- [ ] No reg")
MEASURED = {"command": "./prices", "mean": 0.1207, "user": 0.0856, "system": 0.0439, "times": [0.1012, 0.1451, 0.1185]}
ELIDED = "…"


def fenced(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def examples(page: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a page's consoles, and the lines that it prints."""
    for block in fenced(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *lines = part.rstrip("\n").split("\n")
            yield command, lines


def shows(lines: list[str], printed: list[str]) -> bool:
    """Whether lines are what was printed; `…` stands for any lines, at a line's end for its rest."""
    pattern = ""
    for line in lines:
        kept = re.escape(line.removesuffix(ELIDED))
        pattern += r"(?:.*\n)*?" if line == ELIDED else rf"{kept}{'.*' if line.endswith(ELIDED) else ''}\n"
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def assert_valid(command: str) -> None:
    """That a command line names a verb and takes only what that has."""
    program, name, *arguments = shlex.split(command, comments=True)
    assert program == "perfcase"
    assert name in VERBS
    with contextlib.suppress(click.exceptions.Exit):  # as --help ends
        verb(name).make_context(name, arguments).close()


def test_every_verb_has_its_place_and_an_example() -> None:
    told = re.findall(r"^## (\w+)\n\n<!-- options: (\w+) -->$", COMMAND_LINE, re.MULTILINE)
    assert [name for name, _ in told] == [name for _, name in told] == list(VERBS)
    assert {command.split()[1] for command, _ in examples(COMMAND_LINE)} == set(VERBS)


def test_every_option_is_told() -> None:
    page = with_verbs(COMMAND_LINE)
    assert "<!-- options:" not in page
    assert "&lt;!-- perfcase: index --&gt;" in page, "what is told of a directive must not be one"
    for name in VERBS:
        section = re.split(rf"^## {name}\n", page, flags=re.MULTILINE)[1].split("\n## ")[0]
        options = [one for one in verb(name).params if isinstance(one, click.Option) and not one.hidden]
        assert section.count("\n- `") == len(options)
        for option in options:
            assert re.search(rf"^- `.*{option.opts[0]}\b.*`: \S", section, re.MULTILINE)


def test_what_the_examples_show_is_printed(run: Run) -> None:
    write("mkdocs.yml", "site_name: Prices\nplugins:\n  - search\n  - perfcase\n")
    write("docs/performance/price-list.md", RECORD)
    write("bench/after.json", json.dumps({"results": [MEASURED]}))
    write("bench/before.json", json.dumps({"results": [{**MEASURED, "times": [0.4395, 0.4512, 0.4628]}]}))
    for command, lines in examples(COMMAND_LINE):
        printed = run(*shlex.split(command)[1:]).output.splitlines()
        assert shows(lines, printed), f"{command} prints\n" + "\n".join(printed)
        if command.startswith("perfcase new"):
            made = Path(lines[0]).read_text(encoding="utf-8")
            assert made.startswith(fenced(COMMAND_LINE, "markdown")[0])


def test_the_first_steps_show_what_is_printed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("COUNT", "1"), ("KEY_0", "user.name"), ("VALUE_0", "Ada Lovelace")):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    steps = {command: lines for command, lines in examples(GET_STARTED) if command.startswith("perfcase")}
    assert len(steps) == 2
    for command, lines in steps.items():
        assert shows(lines, run(*shlex.split(command)[1:]).output.splitlines()), command


def test_the_written_pages_marks_are_the_real_ones() -> None:
    assert f"{START}\n{ELIDED}\n{END}\n" in fenced(COMMAND_LINE, "markdown")


def scalars(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield from node.splitlines()
    elif isinstance(node, dict):
        for value in node.values():
            yield from scalars(value)
    elif isinstance(node, list):
        for value in node:
            yield from scalars(value)


@pytest.mark.parametrize("block", fenced(CI, "yaml"))
def test_every_yaml_block_is_valid_and_so_are_its_commands(block: str) -> None:
    data = yaml.safe_load(block)
    commands = [line for line in scalars(data) if line.startswith(("perfcase ", "mkdocs "))]
    for command in commands:
        if command.startswith("perfcase"):
            assert_valid(command)
    assert commands or "repos" in data
    jobs = data.get("jobs", {}) if isinstance(data, dict) else {}
    for job in jobs.values():
        assert job["runs-on"]
        assert all(("uses" in step) != ("run" in step) for step in job["steps"])


def test_commands_outside_of_yaml() -> None:
    found = [command for page in (CI, COMMAND_LINE) for command, _ in examples(page)]
    assert len(found) > 15
    for command in found:
        assert_valid(command)


def test_reports_are_written_where_they_are_taken_up() -> None:
    gitlab = next(yaml.safe_load(block) for block in fenced(CI, "yaml") if "codequality" in block)["perfcase"]
    report = gitlab["artifacts"]["reports"]["codequality"]
    assert any(line.endswith(f"--format gitlab --output {report}") for line in gitlab["script"])
    scan = next(yaml.safe_load(block) for block in fenced(CI, "yaml") if "sarif_file" in block)["jobs"]["scan"]["steps"]
    assert scan[-2]["run"].endswith(f"--format sarif --output {scan[-1]['with']['sarif_file']}")


def test_the_hooks_named_are_those_offered() -> None:
    (config,) = [yaml.safe_load(block) for block in fenced(CI, "yaml") if "repos:" in block]
    (repo,) = config["repos"]
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    entries = {hook["id"]: hook["entry"] for hook in offered}
    assert {hook["id"] for hook in repo["hooks"]} == set(entries)
    assert repo["rev"] == f"v{__version__}"
    for hook in repo["hooks"]:
        assert_valid(" ".join([entries[hook["id"]], *hook.get("args", [])]))


def test_a_wrong_command_would_be_found() -> None:
    for command in ("perfcase check --format xml", "perfcase check --fromat json", "perfcase index --check=yes"):
        with pytest.raises(click.UsageError):
            assert_valid(command)
    assert not shows(["a", "c"], ["a", "b"])
    assert shows(["a…", ELIDED, "d"], ["ab", "c", "d"])

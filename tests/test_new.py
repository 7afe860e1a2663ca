"""Starting a record: what is filled in, by the template's own grammar, and what is never overwritten."""

from __future__ import annotations

import datetime
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run, study, write
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_perfcase.new_record import new_record
from mkdocs_perfcase.record import COMPONENT, TYPES
from mkdocs_perfcase.source import split_front_matter
from mkdocs_perfcase.template import SHIPPED, read_template
from mkdocs_perfcase.text import plain

SHIPPED_TEMPLATE = read_template(SHIPPED.read_text(encoding="utf-8"))
OWN = """---
owner: Performance team
tags: [performance]
# filled in for you
date:
status: draft # until it is measured
---

# RFC: \\[Title\\]

## Overview

* **Component:** \\[component\\] (as in the catalogue)
* **Optimization Type:** none yet
* **Because:** \\[why\\]

## Acceptance Criteria

- [ ] It holds
"""


@pytest.fixture(autouse=True)
def _git_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Git knows nobody but whom a test names."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def today() -> str:
    return datetime.date.today().isoformat()


def test_title_date_and_owner(run: Run) -> None:
    write("gitconfig", '[user]\n\tname = Zoë: the \\"fast\\" one\n')
    result = run("new", "Cache the price list: Größe & co.")
    path = "docs/performance/cache-the-price-list-größe-co.md"
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{path}\nFill it in; `perfcase check '{path}'` tells what is left.\n"
    text, meta = split_front_matter(read(path))
    assert text.startswith("# Cache the price list: Größe & co.\n\n## Overview")
    assert {name: str(value) for name, value in meta.items()} == {"date": today(), "owner": 'Zoë: the "fast" one'}


def test_without_git_there_is_no_owner(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert run("new", "Faster").exit_code == 0
    assert read("docs/performance/faster.md").startswith(f"---\ndate: {today()}\n---\n\n# Faster\n")


def test_everything_can_be_said_in_options(run: Run) -> None:
    result = run(
        "new", "Faster", "--type", "cache strategy", "--type", "API endpoint", "--component", "larder_api, `GET /prices`",
        "--owner", "Ada", "--date", "2026-02-03", "--dir", "tuning/2026",
    )  # fmt: skip
    assert result.stdout.startswith("docs/tuning/2026/faster.md\n")
    source = read("docs/tuning/2026/faster.md")
    done = study(source, "tuning/2026/faster.md")
    assert done
    assert done.form
    assert done.form.record.types == ("Cache Strategy", "API Endpoint")
    assert done.form.record.component == "larder_api, GET /prices"
    assert done.form.record.title == "Faster"
    assert source.startswith("---\ndate: 2026-02-03\nowner: Ada\n---\n")
    assert not [finding for finding in done.findings if finding.line in (10, 11)]
    untouched = source.partition("## Performance Issue")[2]
    assert untouched == SHIPPED.read_text(encoding="utf-8").partition("## Performance Issue")[2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["???"], "the title has no letters to name a file by"),
        (["Index"], "docs/performance/index.md is the index's own page; choose another title"),
        (["Faster", "--type", "Cash Strategy"], "'Cash Strategy' is no Optimization Type of the template; did you mean Cache Strategy?"),
        (["Faster", "--type", "Gardening"], "choose from Database Query, API Endpoint,"),
        (["Faster", "--dir", ".."], "is outside the docs folder, docs; --dir is relative to that"),
        (["Faster", "--dir", "/etc"], "/etc is outside the docs folder"),
        (["Faster", "--dir", "away"], "docs/away is outside the docs folder"),
        (["Faster", "--dir", "page.md"], "cannot write docs/page.md/faster.md: "),
    ],
)  # fmt: skip
def test_wrong_use_is_one_line_and_writes_nothing(run: Run, arguments: list[str], message: str) -> None:
    write("docs/page.md", "# A page\n")
    Path("elsewhere").mkdir()
    Path("docs/away").symlink_to(Path("elsewhere").resolve())
    before = sorted(Path().rglob("*"))
    result = run("new", *arguments)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert message in result.stderr
    assert sorted(Path().rglob("*")) == before


def test_nothing_is_overwritten(run: Run) -> None:
    write("docs/performance/faster.md", "mine\n")
    Path("docs/performance/slower.md").symlink_to("nowhere")
    for title in ("Faster", "Slower"):
        result = run("new", title)
        assert result.exit_code == 2
        assert result.stderr == f"perfcase: docs/performance/{title.lower()}.md exists already\n"
    assert read("docs/performance/faster.md") == "mine\n"
    assert len(list(Path("docs/performance").iterdir())) == 2


def test_a_file_system_without_links(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert run("new", "Faster").exit_code == 0
    assert "# Faster\n" in read("docs/performance/faster.md")
    assert "exists already" in run("new", "Faster").stderr
    assert len(list(Path("docs/performance").iterdir())) == 1


def test_of_two_at_once_one_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the first look and the writing, somebody else writes the same file."""
    link = os.link
    monkeypatch.setattr(os, "link", lambda *paths: (write("docs/performance/faster.md", "theirs\n"), link(*paths)))
    assert "exists already" in run("new", "Faster").stderr
    assert read("docs/performance/faster.md") == "theirs\n"
    assert len(list(Path("docs/performance").iterdir())) == 1


def test_long_titles_make_file_names_that_can_be(run: Run) -> None:
    path = run("new", "Größe " * 80).stdout.splitlines()[0]
    assert re.fullmatch(r"docs/performance/größe(-größe)+\.md", path)
    assert len(Path(path).name.encode()) < 100
    assert run("new", "ß" * 300).exit_code == 0


def test_the_folder_follows_the_settings(run: Run) -> None:
    write("mkdocs.yml", "plugins:\n  - perfcase:\n      records: [tuning/**/*.md]\n")
    assert run("new", "Faster").stdout.startswith("docs/tuning/faster.md\n")
    write("mkdocs.yml", "plugins:\n  - perfcase:\n      index: made/faster.md\n")
    assert run("new", "Slower").stdout.startswith("docs/made/slower.md\n")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ("records: [tuning/*.md]", "the option `records` names other pages"),
        ("exclude: [made/*]", "the option `exclude` names it"),
    ],
)
def test_a_page_that_would_be_no_record_is_said(run: Run, options: str, why: str) -> None:
    write("mkdocs.yml", f"plugins:\n  - perfcase:\n      {options}\n")
    assert f"docs/made/faster.md isn't taken for a record: {why}\n" in run("new", "Faster", "--dir", "made").stderr


def test_a_teams_own_template(run: Run) -> None:
    write("mkdocs.yml", "plugins:\n  - perfcase:\n      template: own.md\n")
    write("own.md", OWN)
    result = run("new", "Cache prices", "--type", "Caching, Storage", "--component", "price list")
    assert result.stderr == ""
    expected = (
        OWN.replace("date:\n", f"date: {today()}\n")
        .replace("\\[Title\\]", "Cache prices")
        .replace("\\[component\\] (as in the catalogue)", "price list (as in the catalogue)")
        .replace("none yet", "Caching, Storage")
    )
    assert read("docs/performance/cache-prices.md") == expected
    run("new", "Second", "--owner", "Ada")
    assert "\nowner: Ada\n" in read("docs/performance/second.md")


def test_what_a_template_has_no_place_for_is_left_out_with_a_note(run: Run) -> None:
    write("mkdocs.yml", "plugins:\n  - perfcase:\n      template: own.md\n")
    write("own.md", "---\nperfcase: false\nowner:\n  - Ada\n---\n## Ziel\n\n* **Ist:** \\[ms\\]\n")
    result = run("new", "Schneller", "--type", "Cache", "--component", "Preise", "--owner", "Bea")
    path = "docs/performance/schneller.md"
    assert result.stderr.splitlines() == [
        "perfcase: the template has no place for Optimization Type; it is left out",
        "perfcase: the template has no place for Component; it is left out",
        "perfcase: the template has no place for owner; it is left out",
        f"perfcase: {path} isn't taken for a record: the template's front matter says `perfcase: false`; take that line out",
    ]
    assert read(path) == (
        f"---\nperfcase: false\nowner:\n  - Ada\ndate: {today()}\n---\n# Schneller\n\n## Ziel\n\n* **Ist:** \\[ms\\]\n"
    )


def test_a_title_in_the_front_matter_is_filled_too(run: Run) -> None:
    write("mkdocs.yml", "plugins:\n  - perfcase:\n      template: own.md\n")
    write("own.md", "title: Optimization\nauthor: us\n\nOptimization\n============\n\n## Goal\n\ntext\n")
    run("new", "Cache prices")
    made = f"title: Cache prices\nauthor: us\ndate: {today()}\n\nCache prices\n============\n\n## Goal\n\ntext\n"
    assert read("docs/performance/cache-prices.md") == made


_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)


@given(title=_WORDS, component=_WORDS, owner=_WORDS)
def test_what_is_filled_in_is_read_back(title: str, component: str, owner: str) -> None:
    day = datetime.date(2026, 2, 3)
    fields = {TYPES: "Infrastructure", COMPONENT: component}
    made = new_record(SHIPPED_TEMPLATE, title, fields, {"date": day, "owner": owner}, {})
    text, meta = split_front_matter(made.text)
    assert meta["date"] == day
    assert meta["owner"] == owner
    done = study(made.text)
    assert done
    assert done.form
    assert done.form.record.types == ("Infrastructure",)
    if COMPONENT not in made.left_out:
        assert done.form.record.component == plain(component)
    changed = set(text.split("\n")) - set(SHIPPED_TEMPLATE.source.split("\n"))
    assert len(changed) <= 3


def on_terminal(answers: str, *arguments: str) -> tuple[int, str]:
    """Run the command on a terminal of its own, at which somebody types."""
    main, terminal = pty.openpty()
    command = [sys.executable, "-m", "mkdocs_perfcase", "new", *arguments]
    with subprocess.Popen(command, stdin=terminal, stdout=subprocess.PIPE, stderr=terminal, text=True) as process:
        os.write(main, answers.encode())
        printed = process.communicate(timeout=60)[0]
    os.close(terminal)
    seen = b""
    try:
        while part := os.read(main, 65536):
            seen += part
    except OSError:  # how the end of a terminal is told
        pass
    os.close(main)
    return process.returncode, printed + seen.decode().replace("\r", "")


def test_on_a_terminal_it_asks(run: Run) -> None:
    code, seen = on_terminal("gardening\n4, api endpoint\nprice list\n", "Faster")
    assert code == 0
    assert "  4 Cache Strategy\n" in seen
    assert "'gardening' is no Optimization Type of the template" in seen
    source = read("docs/performance/faster.md")
    assert "**Optimization Type:** Cache Strategy, API Endpoint\n" in source
    assert "**Component:** price list\n" in source


def test_on_a_terminal_nothing_need_be_answered(run: Run) -> None:
    assert on_terminal("\n\n", "Faster")[0] == 0
    assert "**Component:** \\[Specific component being optimized\\]\n" in read("docs/performance/faster.md")
    again = on_terminal("", "Faster")
    assert again == (2, "perfcase: docs/performance/faster.md exists already\n"), "it asks nothing in vain"
    code, seen = on_terminal("\x04", "Slower")
    assert code == 130
    assert seen.endswith("perfcase: interrupted\n")
    assert not Path("docs/performance/slower.md").exists()


def test_on_a_terminal_it_asks_nothing_that_options_say(run: Run) -> None:
    code, seen = on_terminal("", "Faster", "--owner", "Ada")
    assert code == 0
    assert "Component" not in seen

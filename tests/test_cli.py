"""The command line, run as a user runs it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import COMPLETE, ROOT, Run, Site, write
from records_with_evidence import repository

from mkdocs_perfcase.rules import RULES

LINE = next(n for n, line in enumerate(COMPLETE.splitlines(), 1) if "No regression" in line)
OPEN = COMPLETE.replace("- [x] No reg", "- [ ] No reg")


def test_check_prints_and_fails(run: Run) -> None:
    write("docs/performance/prices.md", OPEN)
    result = run("check", "--no-show-source")
    assert result.exit_code == 1
    first, last = result.stdout.splitlines()
    assert first.startswith(
        f'docs/performance/prices.md:{LINE}:1: PC301 unchecked acceptance criterion: "No regression in other areas"; tick it'
    )
    assert last == "perfcase: 1 open acceptance criterion in 1 record"


def test_check_passes(run: Run) -> None:
    write("docs/performance/prices.md", COMPLETE)
    result = run("check", "docs")
    assert result.exit_code == 0
    assert result.stdout == "perfcase: nothing found in 1 record\n"


def test_no_strict_and_fail_on(run: Run) -> None:
    write("docs/prices.md", OPEN)
    assert run("check", "--no-strict").exit_code == 0
    assert run("check", "--strict").exit_code == 1
    assert run("check", "--fail-on", "error").exit_code == 0
    write("docs/prices.md", COMPLETE.replace("- [x] Monitor", "- [ ] Monitor"))
    assert run("check").exit_code == 0
    assert run("check", "--fail-on", "info").exit_code == 1


def test_json(run: Run) -> None:
    write("docs/prices.md", OPEN)
    write("docs/index.md", "# Home\n")
    result = run("check", "--format", "json", "--output", "out.json", "docs/prices.md")
    assert (result.exit_code, result.output) == (1, "")
    data = json.loads(Path("out.json").read_text(encoding="utf-8"))
    message = data["findings"][0].pop("message")
    assert data == {
        "version": 1,
        "records": 1,
        "findings": [
            {
                "rule": "unchecked-acceptance-criterion",
                "code": "PC301",
                "severity": "warning",
                "path": "docs/prices.md",
                "line": LINE,
                "column": 1,
            }
        ],
    }
    assert message.startswith('unchecked acceptance criterion: "No regression in other areas"')


@pytest.mark.parametrize("site", ["example_site", "failing_site"])
def test_the_same_findings_as_the_build(run: Run, tmp_path: Path, site: str) -> None:
    shutil.copytree(ROOT / site / "docs", tmp_path / "docs")
    shutil.copy(ROOT / site / "mkdocs.yml", tmp_path / "mkdocs.yml")
    built = Site(tmp_path, yaml.safe_load((tmp_path / "mkdocs.yml").read_text(encoding="utf-8")))
    built.config["theme"] = "mkdocs"
    built.build()
    printed = run("check", "--no-show-source", "--quiet").stdout
    checked = re.sub(r"^(?:docs/)?(.*?:\d+):\d+:", r"\1:", printed, flags=re.MULTILINE).splitlines()
    assert sorted(checked) == sorted(built.findings())


def test_the_failing_site_is_golden(run: Run, golden: Callable[[str, str], None]) -> None:
    shutil.copytree(ROOT / "failing_site", ".", dirs_exist_ok=True)
    repository()  # of its own, since one slip is of its history
    result = run("check", "--no-show-source", "--no-cache")
    assert result.exit_code == 1
    golden("failing_site.txt", result.stdout)
    fired = set(re.findall(r"PC\d{3}", result.stdout))
    assert fired == {rule.code for rule in RULES.values()}


def test_one_bad_file_does_not_stop_the_others(run: Run) -> None:
    write("docs/a.md", b"\xff\xfe\x00\x9f" * 50)
    write("docs/b.md", OPEN)
    write("docs/empty.md", "")
    result = run("check")
    assert result.exit_code == 2
    assert result.stderr == "perfcase: cannot read docs/a.md: it is not UTF-8 text\n"
    assert f"docs/b.md:{LINE}:1: PC301" in result.stdout


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("plugins:\n  - perfcase:\n      recods: []\n", "mkdocs.yml: option 'recods': unknown option; did you mean 'records'?"),
        ("plugins: [\n", "mkdocs.yml is not valid YAML: "),
        ("plugins:\n  - perfcase: 5\n", "the options of the plugin perfcase are no names with a value each: 5"),
        ("plugins:\n  - perfcase:\n      export: performance\n", "option 'export': expected a path that ends in .json, got 'performance'"),
        ("- a\n", "mkdocs.yml is no configuration: expected names with a value each"),
        ("INHERIT: gone.yml\n", "gone.yml: No such file or directory"),
        ("INHERIT: mkdocs.yml\n", "mkdocs.yml inherits from itself"),
    ],
)  # fmt: skip
def test_a_broken_configuration_is_one_line(run: Run, config: str, message: str) -> None:
    write("mkdocs.yml", config)
    result = run("check")
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_what_cannot_be_read(run: Run, tmp_path: Path) -> None:
    write("docs/prices.md", OPEN)
    write("docs/deep.md", "---\nperfcase: true\n---\n# Deep\n\n" + "- " * 3000 + "x\n")
    Path("docs/loop.md").symlink_to("loop.md")
    Path("docs/broken.md").symlink_to("nowhere.md")
    os.mkfifo("docs/pipe.md")
    result = run("check")
    assert result.exit_code == 2
    errors = result.stderr.splitlines()
    assert sorted(line.split(":")[1].strip() for line in errors) == [
        f"cannot read docs/{n}.md" for n in ("broken", "deep", "loop")
    ]
    assert f"docs/prices.md:{LINE}:1: PC301" in result.stdout


def test_a_page_that_cannot_be_read_leaves_the_next_one_alone(run: Run) -> None:
    write("docs/b.md", OPEN)
    alone = run("check", "--no-cache").stdout
    write("docs/a.md", "---\nperfcase: true\n---\n# Deep\n\n" + "- " * 3000 + "x\n")
    together = run("check", "--no-cache")
    assert (together.exit_code, together.stdout) == (2, alone)


def test_a_page_counts_once(run: Run) -> None:
    write("docs/prices.md", COMPLETE)
    assert run("check", "docs", "docs/prices.md", "./docs").stdout == "perfcase: nothing found in 1 record\n"


def test_pages_that_are_not_built_are_not_checked(run: Run) -> None:
    write("mkdocs.yml", "exclude_docs: old/\ndraft_docs: drafts/\n")
    for name in ("old/a.md", "drafts/b.md", "templates/c.md", "sub/templates/d.md"):
        write(f"docs/{name}", OPEN)
    printed = run("check", "--no-show-source", "--quiet").stdout
    assert [line.split(":")[0] for line in printed.splitlines()] == ["docs/sub/templates/d.md"]


def test_fences_with_options_and_relative_paths(run: Run) -> None:
    write(
        "mkdocs.yml",
        "markdown_extensions:\n  - pymdownx.superfences\n  - pymdownx.snippets:\n      base_path: [!relative $config_dir/inc]\n",
    )
    write("inc/open.md", "- [ ] p99 is fine\n")
    record = COMPLETE.replace(
        "```python\nprices = [load", '```python title="prices.py" linenums="1" hl_lines="1"\n# Overview\nprices = [load'
    )
    write("docs/prices.md", record.replace("- [x] Resource", '--8<-- "open.md"\n- [x] Resource'))
    (finding,) = run("check", "--no-show-source", "--quiet").stdout.splitlines()
    assert "PC301" in finding
    assert "p99" in finding


def test_globs_that_match_nothing(run: Run) -> None:
    write("mkdocs.yml", "plugins:\n  - perfcase:\n      records: [perfomance/*.md]\n")
    write("docs/performance/prices.md", COMPLETE)
    assert 'mkdocs.yml:3:7: PC109 records: "perfomance/*.md" matches no page' in run("check").stdout


def test_wrong_use(run: Run) -> None:
    assert run("check", "gone.md").exit_code == 2
    assert "cannot read gone.md: no such file or folder" in run("check", "gone.md").stderr
    assert run("check", "--config-file", "gone.yml").exit_code == 2
    assert run("check", "--output", "no/such/folder.txt").exit_code == 2


def test_the_sites_own_settings_count(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("base.yml", "plugins:\n  perfcase:\n    rules:\n      PC301: !ENV [GRAVITY, 'error']\n")
    write(
        "mkdocs.yml",
        "INHERIT: base.yml\ndocs_dir: pages\nmarkdown_extensions:\n  - admonition\n  - no.such.extension\n"
        "  - pymdownx.superfences:\n      custom_fences:\n        - name: mermaid\n          class: mermaid\n"
        "          format: !!python/name:pymdownx.superfences.fence_code_format\n"
        "  - pymdownx.emoji:\n      emoji_index: !!python/name:material.extensions.emoji.twemoji\n",
    )
    write(
        "pages/prices.md",
        OPEN.replace("- [ ] No", "!!! note\n    - [ ] No").replace(
            "One Redis", "```mermaid\ngraph\n```\n\n* One Redis"
        ),
    )
    result = run("check", "--fail-on", "error")
    assert result.exit_code == 1
    assert "no.such.extension can't be loaded" in result.stderr
    assert result.stdout.count("PC") == 1
    monkeypatch.setenv("GRAVITY", "off")
    assert run("check").exit_code == 0


def test_rules_and_explain(run: Run) -> None:
    listed = run("rules").stdout.splitlines()
    assert len(listed) == len(RULES)
    assert listed == sorted(listed)
    for rule in RULES.values():
        page = run("explain", rule.code.lower()).stdout
        assert rule.name in page
        assert rule.explanation in page
    result = run("explain", "missing-sections")
    assert result.exit_code == 2
    assert "did you mean missing-section?" in result.stderr


def imported(*arguments: str) -> set[str]:
    """The modules that a run imports."""
    code = f"""
import sys
from mkdocs_perfcase.cli import main
try:
    main({list(arguments)!r})
finally:
    print(*sys.modules, file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    names = set(done.stderr.split())
    assert "mkdocs_perfcase.cli" in names
    return names


@pytest.mark.parametrize(
    ("arguments", "spared"),
    [
        (["--version"], {"markdown", "yaml", "pathspec", "mkdocs_perfcase.text", "mkdocs_perfcase.cli.usage"}),
        (["rules"], {"pathspec", "mkdocs_perfcase.check", "mkdocs_perfcase.site", "mkdocs_perfcase.views"}),
        (["explain", "PC301"], {"pathspec", "mkdocs_perfcase.site", "mkdocs_perfcase.views", "mkdocs_perfcase.cache"}),
        (["schema"], {"pathspec", "mkdocs_perfcase.check", "mkdocs_perfcase.site", "mkdocs_perfcase.views"}),
        (["assets", "--write", "."], {"pathspec", "markdown", "mkdocs_perfcase.check", "mkdocs_perfcase.site"}),
        (["export"], {"mkdocs_perfcase.examples", "mkdocs_perfcase.mend", "mkdocs_perfcase.cache"}),
        (
            ["evidence"],
            {"pathspec", "markdown", "mkdocs_perfcase.check", "mkdocs_perfcase.site", "mkdocs_perfcase.record"},
        ),
        (["index"], {"mkdocs_perfcase.examples", "mkdocs_perfcase.mend", "mkdocs_perfcase.cache"}),
        (["check"], {"mkdocs_perfcase.examples", "mkdocs_perfcase.views"}),
        (["check"], {"mkdocs_perfcase.formats.sarif", "importlib.metadata", "mkdocs_perfcase.cli.naming"}),
        (["new", "Faster"], {"mkdocs_perfcase.examples", "mkdocs_perfcase.views"}),
        (["fix"], {"mkdocs_perfcase.examples", "mkdocs_perfcase.views"}),
        (["baseline"], {"mkdocs_perfcase.examples", "mkdocs_perfcase.views", "mkdocs_perfcase.mend"}),
    ],
)
def test_a_verb_imports_what_it_needs(run: Run, arguments: list[str], spared: set[str]) -> None:
    write("docs/prices.md", OPEN)
    assert not imported(*arguments) & {*spared, "mkdocs", "jinja2"}


def test_pages_that_are_known_need_neither_rules_nor_markdown(run: Run) -> None:
    write(
        "mkdocs.yml",
        "markdown_extensions: [pymdownx.superfences]\nplugins:\n  - perfcase:\n      records: [prices.md]\n",
    )
    write("docs/prices.md", OPEN)
    reading = {"markdown", "pymdownx", "mkdocs_perfcase.rules", "mkdocs_perfcase.template", "mkdocs_perfcase.check"}
    assert reading <= imported("check")
    assert not reading & imported("check")


def test_pages_with_plain_fences_need_no_extension_for_them(run: Run) -> None:
    write("mkdocs.yml", "markdown_extensions: [pymdownx.superfences, pymdownx.highlight]\nplugins: [perfcase]\n")
    write("docs/prices.md", OPEN)
    fences = {"pymdownx.superfences", "pymdownx.highlight", "markdown.extensions.fenced_code", "pygments"}
    assert not fences & imported("check")
    write("docs/prices.md", OPEN.replace("```python", '```python title="prices.py"', 1))
    assert fences <= imported("check")

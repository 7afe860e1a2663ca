"""The documentation: each page is played as a story, and what it lists is all there is."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import pytest
import yaml
from browser import ARGUMENTS, chromium, served
from conftest import COMPLETE, ROOT, invoked, study, with_section, write
from links import links
from playwright.sync_api import sync_playwright
from stories import RECORD, Block, Story, blocks, commands, ran, shows, steps

from mkdocs_perfcase import __version__
from mkdocs_perfcase.cli import VERBS, verb
from mkdocs_perfcase.directives import TABLE_ARGUMENTS
from mkdocs_perfcase.evidence.readers import READERS
from mkdocs_perfcase.evidence.spec import KEYS
from mkdocs_perfcase.examples import open_record
from mkdocs_perfcase.index_page import END, START
from mkdocs_perfcase.reference import with_exports, with_tools, with_verbs
from mkdocs_perfcase.rules import RULES
from mkdocs_perfcase.template import Role
from mkdocs_perfcase.views import RecordView

DOCS = ROOT / "docs"
PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", *(f"docs/{path.name}" for path in sorted(DOCS.glob("*.md")))]
UNTRIED = {
    "pip install": "tests/test_release.py installs the wheel and the sdist, each in an environment of its own",
    "python dev.py": "sets up an environment and runs these very tests; that the verb exists is tried below",
    "python benchmarks/": "takes minutes; tests/test_benchmarks.py runs it at its smallest size",
    "mkdocs serve": "serves until it is stopped; tests/test_serve.py does so",
    "properdocs build": "isn't here; hosts/test_builds.py runs it where it is",
    "zensical build": "isn't here; hosts/test_zensical.py runs the lines of this page where it is",
    "- name: perfcase": "an entry for another project's file; what it names is held below",
    "page ─▶": "a drawing of the modules, whose order tests/test_imports.py holds",
    "vim.lsp.config": "Neovim isn't here; tests/test_lsp.py starts the server by the same command",
}
"""What no story runs, by how it begins, and why."""


def page(name: str) -> str:
    return with_exports((ROOT / name).read_text(encoding="utf-8"))


COMMAND_LINE, CI = (page(f"docs/{name}.md") for name in ("command-line", "ci"))


def with_old_pages() -> None:
    old = COMPLETE.replace("Buyers waited half a second for every price.", "TBD").replace("| 73% |", "| 85% |")
    write("docs/performance/basket.md", old.replace("# Cache the price list", "# Split the basket query"))
    write("docs/performance/how-we-measure.md", "# How we measure\n\nWith k6, for half an hour.\n")


def with_three_slips() -> None:
    Path("docs/performance/price-list.md").unlink()
    write("docs/performance/checkout.md", RECORD.replace("| 73% |", "| 85% |"))
    write("docs/performance/search.md", COMPLETE.replace("time reduced by 70%", "time reduced by 80%"))


def with_nothing() -> None:
    for name in ("docs/performance/price-list.md", "docs/index.md", "mkdocs.yml"):
        Path(name).unlink()


def with_a_result_file() -> None:
    measured = {"command": "./prices", "mean": 0.1207, "user": 0.0856, "system": 0.0439}
    for name, times in (("before", [0.4395, 0.4512, 0.4628]), ("after", [0.1012, 0.1451, 0.1185])):
        write(f"bench/{name}.json", json.dumps({"results": [{**measured, "times": times}]}))


def with_result_files() -> None:
    """Four runs a side of hyperfine's, and four of a change that brought nothing."""
    Path(".git").mkdir()
    middles = {"before": (0.446, 0.452, 0.449, 0.457), "after": (0.117, 0.121, 0.118, 0.124)}
    for side, seconds in {**middles, "tuned": (0.441, 0.455, 0.447, 0.452)}.items():
        for number, middle in enumerate(seconds, 1):
            times = [round(middle + more, 4) for more in (-0.003, -0.001, 0, 0.002, 0.006)]
            held = {"command": "./prices", "mean": sum(times) / len(times), "times": times}
            write(f"bench/{side}-{number}.json", json.dumps({"results": [held]}))


def with_slips_and_result_files() -> None:
    with_three_slips()
    with_result_files()


SETTINGS: dict[str, Callable[[], None]] = {
    "README.md": with_slips_and_result_files,
    "docs/index.md": with_three_slips,
    "docs/get-started.md": with_nothing,
    "docs/adopt.md": with_old_pages,
    "docs/command-line.md": with_a_result_file,
    "docs/evidence.md": with_result_files,
}
"""What lies in a story's folder, where it isn't one record with an open criterion."""


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder with a site that has one record, in which one criterion is open."""
    for name, value in (("COUNT", "1"), ("KEY_0", "user.name"), ("VALUE_0", "Ada Lovelace")):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    monkeypatch.chdir(tmp_path)
    write("mkdocs.yml", "site_name: Prices\nplugins:\n  - search\n  - perfcase\n")
    write("docs/index.md", "# Prices\n")
    write("docs/performance/price-list.md", RECORD)


def play(name: str) -> Story:
    SETTINGS.get(name, lambda: None)()
    story = Story(name, UNTRIED)
    story.play(page(name))
    return story


@pytest.mark.parametrize("name", PAGES)
def test_every_block_runs(name: str, setting: None) -> None:
    play(name)


def test_the_pages_have_what_to_run() -> None:
    found = [block for name in PAGES for block in blocks(name, page(name))]
    assert len(found) > 60
    assert {"console", "yaml", "markdown", "python", "diff", "json"} <= {block.language for block in found}
    for name in PAGES:
        assert page(name).count("```") >= 2 * len(list(blocks(name, page(name)))), name
        opened = re.findall(r"^ *```+[\w+-]+.*$", page(name), re.MULTILINE)
        inner = [block for block in blocks(name, page(name)) if "```" in block.text]
        nested = sum(len(re.findall(r"^ *```+[\w+-]+", block.text, re.MULTILINE)) for block in inner)
        assert len(opened) == len(list(blocks(name, page(name)))) + nested, f"{name}: a block that isn't read"


def test_nothing_is_left_untried_for_no_reason() -> None:
    texts = [block.text for name in PAGES for block in blocks(name, page(name))]
    for start, reason in UNTRIED.items():
        assert len(reason) > 20
        assert any(re.search(rf"(?:^|\$ |run: |- ){re.escape(start)}", text, re.MULTILINE) for text in texts), start


def test_installs_name_extras_that_there_are() -> None:
    extras = re.findall(r"^(\w+) = \[", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    tried = (ROOT / "noxfile.py").read_text(encoding="utf-8")
    lines = [line for name in PAGES for line in re.findall(r"pip install (.*)", page(name))]
    assert len(lines) > 3
    for project, extra in (match for line in lines for match in re.findall(r"([\w-]+)(?:\[(\w+)\])?", line)):
        assert project == "mkdocs-perfcase" or f'"{project}' in tried
        assert not extra or extra in extras


def test_the_verbs_of_dev_are_there() -> None:
    source = (ROOT / "dev.py").read_text(encoding="utf-8")
    named = {verb for name in PAGES for verb in re.findall(r"python dev\.py (\w+)", page(name))}
    assert {"serve", "test", "build"} <= named
    for one in named:
        assert f'"{one}": {one}' in source


# The reference is whole


def test_every_verb_has_its_place_and_an_example() -> None:
    told = re.findall(r"^## (\w+)\n\n<!-- options: (\w+) -->$", COMMAND_LINE, re.MULTILINE)
    assert [name for name, _ in told] == [name for _, name in told] == list(VERBS)
    consoles = [block.text for block in blocks("", COMMAND_LINE) if block.language == "console"]
    assert {command.split()[1] for text in consoles for command, _ in commands(text)} == set(VERBS)


def test_every_option_is_told() -> None:
    told = with_verbs(COMMAND_LINE)
    assert "<!-- options:" not in told
    assert "&lt;!-- perfcase: index --&gt;" in told, "what is told of a directive must not be one"
    for name in VERBS:
        section = re.split(rf"^## {name}\n", told, flags=re.MULTILINE)[1].split("\n## ")[0]
        options = [one for one in verb(name).params if isinstance(one, click.Option) and not one.hidden]
        assert section.count("\n- `") == len(options)
        for option in options:
            assert re.search(rf"^- `.*{option.opts[0]}\b.*`: \S", section, re.MULTILINE)


def rows(name: str, heading: str) -> list[list[str]]:
    """The rows of a page's table, told by the first cell of its head."""
    table = re.search(rf"^\| {re.escape(heading)} \|.*\n\|[ -|]+\n((?:\|.*\n)+)", page(name), re.MULTILINE)
    assert table
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table[1].splitlines()]


def fields(value: Any, path: str = "") -> Iterator[str]:
    """The paths of all plain values in JSON."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from fields(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for inner in value:
            yield from fields(inner, f"{path}[]")
    else:
        yield path


def test_every_field_of_the_exports_is_told(setting: None) -> None:
    told = [cells[0].strip("` ") for cells in rows("docs/exports.md", "field")]
    exported = invoked("export").output
    assert told == list(dict.fromkeys(fields(json.loads(exported))))
    assert exported.strip() in page("docs/exports.md")
    header, *lines = invoked("export", "--format", "csv").output.splitlines()
    columns = [name for cells in rows("docs/exports.md", "column") for name in re.findall(r"`(\w+)`", cells[0])]
    assert sorted(columns) == sorted(header.split(","))
    assert all(line in page("docs/exports.md") for line in lines)


def test_the_record_to_copy_is_the_one_that_stands_in_the_examples() -> None:
    (block,) = [one for one in blocks("", page("docs/get-started.md")) if one.language == "markdown"]
    assert block.text == open_record() == RECORD


def test_every_colour_and_class_is_one() -> None:
    assets = ROOT / "mkdocs_perfcase/assets"
    css = (assets / "perfcase.css").read_text(encoding="utf-8")
    colours = {cells[0].strip("` ") for cells in rows("docs/themes.md", "variable")}
    assert colours == set(re.findall(r"var\((--perfcase-\w+)", css))
    templates = (path.read_text(encoding="utf-8") for path in (ROOT / "mkdocs_perfcase/templates/perfcase").iterdir())
    made = css + "".join(templates)
    for cells in rows("docs/themes.md", "class"):
        for name in re.findall(r"`(perfcase-[\w-]+)`", " ".join(cells)):
            assert name in made or re.sub("--.*", "--{{", name) in made, name


def test_every_template_is_told_with_what_it_is_given() -> None:
    told = {cells[0].strip("` "): cells[-1] for cells in rows("docs/templates.md", "template")}
    there = sorted((ROOT / "mkdocs_perfcase/templates/perfcase").iterdir())
    assert sorted(told) == [path.name for path in there]
    for path in there:
        source = path.read_text(encoding="utf-8")
        given = re.search(r"Given: (.*?)\. #}", source)
        names = re.findall(r"[a-z_]+", re.sub(r"\(.*?\)", "", given[1])) if given else []
        assert re.findall(r"`(\w+)`", told[path.name]) == names


def test_what_the_example_of_a_template_uses_is_there() -> None:
    used = set(re.findall(r"record\.(\w+)", page("docs/templates.md")))
    assert used - {"path"} <= {field.name for field in dataclasses.fields(RecordView)} | set(vars(RecordView))


def test_every_argument_of_a_table_is_told() -> None:
    assert sorted(cells[0].strip("` ") for cells in rows("docs/tables.md", "argument")) == sorted(TABLE_ARGUMENTS)


def test_every_key_of_evidence_is_told() -> None:
    assert sorted(re.findall(r"`(\w+)`", " ".join(cells[0] for cells in rows("docs/evidence.md", "key")))) == sorted(
        KEYS
    )


def test_every_tool_is_told() -> None:
    told = with_tools(page("docs/evidence.md"))
    assert "<!-- tools -->" not in told
    assert all(f"| [{one.tool}]({one.source}) | " in told for one in READERS)


def test_every_role_is_told() -> None:
    for role in Role:
        assert f"*{role.value}*" in " ".join(page("docs/template.md").split())


@pytest.mark.parametrize("cells", rows("docs/verdicts.md", "metric"), ids=lambda cells: " ".join(cells[:4]))
def test_every_verdict_is_reached(cells: list[str]) -> None:
    name, before, after, stated, verdict, told = cells
    head = "### Before/After Comparison\n\n| Metric | Before | After | Improvement |\n| --- | --- | --- | --- |\n"
    studied = study(with_section(f"{head}| {name} | {before} | {after} | {stated} |\n"))
    assert studied
    assert studied.form
    (measurement,) = studied.form.measurements
    assert measurement.verdict == verdict
    line = measurement.line
    found = [finding.code for finding in studied.findings if finding.line == line]
    assert found == ([told] if told else [])


# What has to agree with what stands elsewhere


def assert_valid(command: str) -> None:
    """That a command line names a verb and takes only what that has."""
    program, name, *arguments = shlex.split(command, comments=True)
    assert program == "perfcase"
    assert name in VERBS
    with contextlib.suppress(click.exceptions.Exit):  # as --help ends
        verb(name).make_context(name, arguments).close()


def yaml_file(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def yaml_of(source: str, containing: str) -> Any:
    (found,) = [b.text for b in blocks("", source) if b.language == "yaml" and containing in b.text]
    return yaml.safe_load(found)


def test_workflows_have_what_github_wants() -> None:
    workflows = [b for b in blocks("", CI) if b.title.startswith(".github/workflows/") and "jobs:" in b.text]
    assert len(workflows) == 2
    for block in workflows:
        data = yaml.safe_load(block.text)
        assert data[True] == ["push", "pull_request"]  # YAML reads a bare `on` as true
        for job in data["jobs"].values():
            assert job["runs-on"]
            assert all(("uses" in step) != ("run" in step) for step in job["steps"])


def test_reports_are_written_where_they_are_taken_up() -> None:
    gitlab = yaml_of(CI, "codequality")["perfcase"]
    report = gitlab["artifacts"]["reports"]["codequality"]
    assert any(line.endswith(f"--format gitlab --output {report}") for line in gitlab["script"])
    scan = yaml_of(CI, "sarif_file")["jobs"]["scan"]["steps"]
    assert scan[-2]["run"].endswith(f"--format sarif --output {scan[-1]['with']['sarif_file']}")


def test_the_hooks_named_are_those_offered() -> None:
    (repo,) = yaml_of(CI, "repos:")["repos"]
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    entries = {hook["id"]: hook["entry"] for hook in offered}
    assert {hook["id"] for hook in repo["hooks"]} == set(entries)
    assert repo["rev"] == f"v{__version__}"
    for hook in repo["hooks"]:
        assert_valid(" ".join([entries[hook["id"]], *hook.get("args", [])]))


def test_the_written_pages_marks_are_the_real_ones() -> None:
    assert any(f"\n{START}\n…\n{END}\n" in block.text for block in blocks("", COMMAND_LINE))


def test_the_catalogues_entry_names_this_project() -> None:
    (entry,) = yaml_of(page("CONTRIBUTING.md"), "github_id")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'name = "{entry["pypi_id"]}"' in project
    assert f"{entry['name']} = " in project.split('[project.entry-points."mkdocs.plugins"]')[1]
    assert list(entry) == ["name", "github_id", "pypi_id", "labels", "category"]


# Links


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation as it is published."""
    folder = tmp_path_factory.mktemp("site")
    code, printed = ran(
        f"mkdocs build --strict --config-file {shlex.quote(str(ROOT / 'mkdocs.yml'))} --site-dir {folder}"
    )
    assert code == 0, printed
    assert "WARNING" not in printed
    return folder


def test_links_within_the_site_lead_somewhere(site: Path) -> None:
    validation = yaml_file("mkdocs.yml")["validation"]
    assert validation == dict.fromkeys(["omitted_files", "absolute_links", "unrecognized_links", "anchors"], "warn")
    for path in DOCS.glob("*.md"):
        built = site / ("" if path.stem == "index" else path.stem) / "index.html"
        html = built.read_text(encoding="utf-8")
        assert "<!-- export" not in html, path.name
    for name in RULES:
        assert (site / "rules" / name / "index.html").is_file()


def test_buttons_copy_what_is_to_be_run(site: Path) -> None:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright, served(site) as address:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = browser.new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
        page.goto(f"{address}get-started/")
        page.locator("details summary").click()
        copied = []
        for button in page.locator("[data-clipboard-target]").all()[:4]:
            button.click()
            copied.append(page.evaluate("navigator.clipboard.readText()"))
        browser.close()
    assert copied[0] == "pip install mkdocs-perfcase\nmkdocs new prices\ncd prices"
    assert copied[2].rstrip() == RECORD.rstrip()
    assert copied[3].strip() == "mkdocs build --strict"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_between_files(name: str) -> None:
    inner = [link for link in links(page(name)) if not urlsplit(link).scheme]
    for link in inner:
        assert (ROOT / link.partition("#")[0]).is_file(), link


def test_external_links_are_well_formed() -> None:
    found = [link for name in PAGES for link in links(page(name)) if urlsplit(link).scheme]
    assert len(found) > 15
    for link in found:
        parts = urlsplit(link)
        local = parts.hostname == "127.0.0.1"
        assert parts.scheme == ("http" if local else "https"), link
        assert local or re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", parts.hostname or ""), link


def test_no_file_of_the_documentation_is_left_over() -> None:
    text = "".join(page(name) for name in PAGES)
    for path in (DOCS / "images").iterdir():
        assert f"images/{path.name}" in text, path.name
        assert path.stat().st_size < 200_000, path.name
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for path in DOCS.glob("*.md"):
        assert f": {path.name}\n" in nav, path.name


# That all this can fail


def untold(source: str) -> str:
    with pytest.raises((AssertionError, ValueError)) as caught:
        Story("page.md", UNTRIED).play(source)
    return str(caught.value)


@pytest.mark.parametrize(
    "source",
    [
        "```console\n$ perfcase check --format xml\n```\n",
        "```console\n$ perfcase check --quiet\nall is well\n```\n",
        "```console\n$ rm -r docs\n```\n",
        "```yaml\nplugins: [perfcase]\n```\n",
        '```yaml title="mkdocs.yml"\nplugins:\n  - perfcase: {recods: []}\n```\n',
        '```yaml title=".gitlab-ci.yml"\npages: {script: ["perfcase chek"]}\n```\n',
        '```markdown title="docs/a.md"\n[nowhere](b.md)\n```\n',
        "```markdown\n### User Impact\n\nTBD\n```\n",
        '```diff title="docs/index.md"\n-# Pries\n+# Prices\n```\n',
        "```python\nfrom mkdocs_perfcase import load_record\n```\n",
        "```json\n{\n```\n",
        "```ruby\nputs 1\n```\n",
        "```\nwhat?\n```\n",
        "??? note\n\n    ```console\n    $ perfcase chek\n    ```\n",
    ],
    ids=lambda source: source.split("\n")[1][:40],
)
def test_a_wrong_block_would_be_found(source: str, setting: None) -> None:
    assert untold(source)


def test_a_wrong_command_would_be_found() -> None:
    for command in ("perfcase check --format xml", "perfcase check --fromat json", "perfcase index --check=yes"):
        with pytest.raises(click.UsageError):
            assert_valid(command)
    assert not shows(["a", "c"], ["a", "b"])
    assert shows(["a…", "…", "d"], ["ab", "c", "d"])
    assert list(steps({"jobs": {"a": {"steps": [{"run": "b\nc"}, {"uses": "d"}]}}})) == ["b", "c"]
    assert [block.text for block in blocks("", "  ```a\n  b\n  ```\n")] == ["b\n"]
    assert isinstance(next(blocks("", "```a\n```\n")), Block)

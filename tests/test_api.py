"""The public API: what it promises, and that the package stays cheap to import and free of hosts."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import COMPLETE, ROOT, Run, write

import mkdocs_perfcase
from mkdocs_perfcase import Finding, Record, Severity, SiteError, api, check_records, load_records

OPEN = COMPLETE.replace("- [x] No reg", "- [ ] No reg")
DOCUMENTED = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def test_what_is_public() -> None:
    assert mkdocs_perfcase.__all__ == api.__all__ == sorted(api.__all__, key=lambda name: (name.islower(), name))
    assert set(mkdocs_perfcase.__all__) <= set(dir(mkdocs_perfcase))
    for name in mkdocs_perfcase.__all__:
        public = getattr(mkdocs_perfcase, name)
        assert public is getattr(api, name)
        assert public.__doc__
        assert f"`{name}" in DOCUMENTED, f"{name} is documented"
    with pytest.raises(AttributeError, match="has no attribute 'load_record'"):
        mkdocs_perfcase.load_record  # noqa: B018
    assert (Path(mkdocs_perfcase.__file__).parent / "py.typed").is_file()


@pytest.mark.parametrize("name", ["Record", "Change", "TargetView", "OpenCriterion", "Progress", "Finding", "Report"])
def test_the_documented_fields_are_there(name: str) -> None:
    row = next(line for line in DOCUMENTED.splitlines() if line.startswith(f"| `{name}` |"))
    told = set(re.findall(r"`(\w+)`", row)) - {name}
    public = getattr(mkdocs_perfcase, name)
    there = {field.name for field in dataclasses.fields(public)} | set(vars(public))
    assert told
    assert told <= there


def test_records(run: Run) -> None:
    write("docs/performance/prices.md", OPEN)
    write("docs/basket.md", "---\nstatus: proposed\n---\n" + COMPLETE.replace("# Cache the price list", "# Basket"))
    first, second = load_records()
    assert (first.path, second.path) == ("basket.md", "performance/prices.md")
    assert isinstance(second, Record)
    assert (first.title, first.status, second.stage) == ("Basket", "proposed", "measured")
    assert second.headline
    assert (second.headline.metric, second.headline.percent) == ("Response Time", "−73%")
    assert load_records("mkdocs.yml") == load_records(Path("mkdocs.yml")) == (first, second)


def test_findings(run: Run) -> None:
    write("docs/performance/prices.md", OPEN)
    write("mkdocs.yml", "plugins:\n  - perfcase:\n      rules: {gone: off}\n")
    report = check_records()
    assert report.failed
    assert [(f.path, f.code, f.severity) for f in report.findings] == [
        ("mkdocs.yml", "PC902", Severity.WARNING),
        ("performance/prices.md", "PC301", Severity.WARNING),
    ]
    assert all(isinstance(finding, Finding) for finding in report.findings)
    assert report.summary == "perfcase: 1 open acceptance criterion in 1 record, 1 other finding"
    write("mkdocs.yml", "plugins:\n  - perfcase:\n      strict: false\n")
    assert not check_records().failed


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("mkdocs.yml", "plugins: [\n", "mkdocs.yml is not valid YAML"),
        ("mkdocs.yml", "plugins:\n  - perfcase: {recods: []}\n", "did you mean 'records'?"),
        ("docs/a.md", b"\xff\xfe\x00", "cannot read docs/a.md: it is not UTF-8 text"),
    ],
)
def test_what_cannot_be_used_is_one_error(run: Run, name: str, content: str | bytes, told: str) -> None:
    write("docs/performance/prices.md", COMPLETE)
    write(name, content)
    for function in (load_records, check_records):
        with pytest.raises(SiteError, match=re.escape(told)):
            function()


def test_the_documented_examples_run(run: Run) -> None:
    write("docs/performance/prices.md", OPEN)
    codes = re.findall(r"```python\n(.*?)```", DOCUMENTED, re.DOTALL)
    assert codes
    for code in codes:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        assert "prices" in done.stdout


def test_importing_the_package_is_cheap() -> None:
    code = "import sys; before = set(sys.modules); import mkdocs_perfcase; print(*sorted(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in loaded if name.startswith("mkdocs_perfcase")] == ["mkdocs_perfcase"]
    assert "markdown" not in loaded


def test_everything_but_the_plugin_works_without_mkdocs(run: Run) -> None:
    write("docs/performance/prices.md", OPEN)
    blocked = (
        "import sys\nfor host in ('mkdocs', 'properdocs', 'zensical', 'material'):\n    sys.modules[host] = None\n"
    )
    tried = """
import importlib, pathlib, markdown, mkdocs_perfcase
for path in pathlib.Path(mkdocs_perfcase.__file__).parent.rglob("*.py"):
    name = ".".join(path.relative_to(pathlib.Path(mkdocs_perfcase.__file__).parents[1]).with_suffix("").parts)
    if path.stem not in ("plugin", "__main__"):
        importlib.import_module(name.removesuffix(".__init__"))
print(mkdocs_perfcase.load_records()[0].path)
print("perfcase-summary" in markdown.markdown(pathlib.Path("docs/performance/prices.md").read_text(), extensions=["perfcase"]))
mkdocs_perfcase.cli.main(["check", "--quiet", "--no-show-source"])
"""
    done = subprocess.run([sys.executable, "-c", blocked + tried], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("performance/prices.md\nTrue\ndocs/performance/prices.md:")

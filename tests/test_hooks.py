"""The hooks of `.pre-commit-hooks.yaml`, run by pre-commit itself from this repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import COMPLETE, ROOT

from mkdocs_perfcase.cli import VERBS


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"PRE_COMMIT_HOME": str(folder.parent / "pre-commit"), "NO_COLOR": "1"}
    return subprocess.run(
        arguments, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


def without(what: str) -> None:
    """Skip by name, except in CI, where nothing may be wanting."""
    if os.environ.get("CI"):
        pytest.fail(f"no {what}")
    pytest.skip(f"no {what} here")


def try_hooks(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command(repository, "git", "add", "--all")
    tried = command(repository, sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), *arguments)
    if "Installing environment" in tried.stdout and tried.returncode not in (0, 1):
        download = command(
            repository.parent, sys.executable, "-m", "pip", "download", "--no-deps", "--dest", "wheels", "hatchling"
        )
        if download.returncode:
            without("package index")
    return tried


def test_each_hook_is_a_verb() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["perfcase-check", "perfcase-fix"]
    for hook in hooks:
        program, verb = hook["entry"].split()
        assert program == "perfcase"
        assert hook["id"] == f"perfcase-{verb}"
        assert verb in VERBS


def test_pre_commit_runs_them(tmp_path: Path) -> None:
    if shutil.which("git") is None or command(ROOT, "git", "rev-parse", "--verify", "HEAD").returncode:
        without("git repository")
    repository = tmp_path / "repository"
    shutil.copytree(ROOT / "example_site", repository, ignore=shutil.ignore_patterns("site", ".cache"))
    command(repository, "git", "init", "--quiet")
    passed = try_hooks(repository, "perfcase-check", "--all-files")
    assert "perfcase check" in passed.stdout, passed.stdout
    assert passed.returncode == 0, passed.stdout

    record = COMPLETE.replace("- [x] No reg", "- [ ] No reg").replace("- [x] User", "- [X] User")
    (repository / "mkdocs.yml").write_text("site_name: Larder\n", encoding="utf-8")  # records may be anywhere
    (repository / "notes").mkdir()
    outside = repository / "notes" / "prices.md"
    outside.write_text(record, encoding="utf-8")
    failed = try_hooks(repository, "--files", "notes/prices.md", "docs/index.md", "mkdocs.yml")
    assert failed.returncode == 1, failed.stdout
    assert 'PC301 unchecked acceptance criterion: "No regression in other areas"' in failed.stdout
    assert "files were modified by this hook" in failed.stdout
    assert "notes/prices.md: " in failed.stdout
    assert "- [x] User experience improved" in outside.read_text(encoding="utf-8")

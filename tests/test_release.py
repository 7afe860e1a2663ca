"""What is released: the wheel and the sdist away from the source tree, the same bytes each time, and the workflow."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import COMPLETE, ROOT, invoked

from mkdocs_perfcase import __version__

WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"


def run(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return subprocess.run(
        command,
        cwd=folder,
        env={**environment, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def build(source: Path, target: Path, **variables: str) -> list[Path]:
    """The sdist, and the wheel made from it."""
    done = run(source, sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target), **variables)
    assert done.returncode == 0, done.stdout
    return sorted(target.iterdir())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return build(ROOT, tmp_path_factory.mktemp("dist"), SOURCE_DATE_EPOCH="1700000000")


def of_kind(ending: str, built: list[Path]) -> Path:
    (found,) = [path for path in built if path.name.endswith(ending)]
    return found


def installed(tmp_path: Path, package: Path) -> Path:
    """An environment with a package, whose dependencies are those of the environment that runs the tests."""
    run(tmp_path, sys.executable, "-m", "venv", "--without-pip", "env")
    scripts = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    target = next((tmp_path / "env").rglob("site-packages"))
    options = ["--no-deps", "--no-build-isolation", "--target", str(target)]
    install = run(tmp_path, sys.executable, "-m", "pip", "install", *options, str(package))
    assert install.returncode == 0, install.stdout
    # a path in a .pth file brings the other environment's packages, and not its editable installs
    (target / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return scripts / "python"


@pytest.mark.parametrize("ending", [".whl", ".tar.gz"])
def test_first_steps(ending: str, built: list[Path], tmp_path: Path) -> None:
    python = str(installed(tmp_path, of_kind(ending, built)))
    where = run(tmp_path, python, "-c", "import mkdocs_perfcase; print(mkdocs_perfcase.__file__)").stdout
    assert str(tmp_path) in where
    version = run(tmp_path, python, "-m", "mkdocs_perfcase", "--version").stdout
    assert version.split()[-1] == __version__
    assert run(tmp_path, python, "-m", "mkdocs", "new", "prices").returncode == 0
    site = tmp_path / "prices"
    with (site / "mkdocs.yml").open("a", encoding="utf-8") as config:
        config.write("plugins:\n  - search\n  - perfcase\n")
    made = run(site, python, "-m", "mkdocs_perfcase", "new", "Cache the price list")
    record = site / made.stdout.splitlines()[0]
    blank = run(site, python, "-m", "mkdocs", "build", "--strict")
    assert blank.returncode == 1
    assert blank.stdout.count("PC106") > 50
    record.write_text(COMPLETE, encoding="utf-8")
    passed = run(site, python, "-m", "mkdocs", "build", "--strict")
    assert passed.returncode == 0, passed.stdout
    record.write_text(COMPLETE.replace("- [x] No reg", "- [ ] No reg"), encoding="utf-8")
    failed = run(site, python, "-m", "mkdocs", "build", "--strict")
    assert failed.returncode == 1
    line = re.search(r"performance/cache-the-price-list\.md:(\d+): PC301 .*No regression in other areas", failed.stdout)
    assert line
    assert "No regression" in record.read_text(encoding="utf-8").splitlines()[int(line[1]) - 1]


def test_the_same_source_makes_the_same_bytes(built: list[Path], tmp_path: Path) -> None:
    shutil.unpack_archive(of_kind(".tar.gz", built), tmp_path)
    (source,) = tmp_path.iterdir()
    for path in source.rglob("*"):
        os.utime(path)
    again = build(source, tmp_path / "dist", SOURCE_DATE_EPOCH="1700000000")
    assert [path.name for path in again] == [path.name for path in built]
    assert len(again) == 2
    for one, other in zip(built, again, strict=True):
        assert digest(one) == digest(other), one.name


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_index_would_take_them(built: list[Path], tmp_path: Path) -> None:
    checked = run(tmp_path, sys.executable, "-m", "twine", "check", "--strict", *map(str, built))
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.count("PASSED") == 2


def test_the_sdist_holds_what_its_tests_read(built: list[Path], tmp_path: Path) -> None:
    shutil.unpack_archive(of_kind(".tar.gz", built), tmp_path)
    (root,) = tmp_path.iterdir()
    missing = {
        name
        for path in (ROOT / "tests").glob("*.py")
        for name in re.findall(r'ROOT / "([^"]+)"', path.read_text(encoding="utf-8"))
        if (ROOT / name).exists() and not (root / name).exists()
    }
    assert missing - {"artefacts"} == set()


def test_every_version_agrees() -> None:
    assert invoked("--version").output.split()[-1] == __version__
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'dynamic = ["version"]' in project, "the package's own version is the only one"
    assert 'path = "mkdocs_perfcase/__init__.py"' in project
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0].split()[0] == __version__
    for heading in headings:
        assert re.fullmatch(r"\d+\.\d+\.\d+ \((?:unreleased|\d{4}-\d{2}-\d{2})\)", heading), heading
    versions = [tuple(map(int, heading.split()[0].split("."))) for heading in headings]
    assert versions == sorted(set(versions), reverse=True)


def jobs() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
    return found


def test_actions_are_pinned() -> None:
    used = re.findall(r"uses: (.*)", WORKFLOW.read_text(encoding="utf-8"))
    assert len(used) > 5
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_what_is_published_is_what_was_tried() -> None:
    assert list(jobs()) == ["build", "try", "publish"]
    assert jobs()["publish"]["needs"] == ["build", "try"]
    assert sum("python -m build" in step.get("run", "") for job in jobs().values() for step in job["steps"]) == 1
    assert [name for name, job in jobs().items() if "id-token" in job["permissions"]] == ["publish"]
    assert not any("run" in step for step in jobs()["publish"]["steps"]), "nothing of ours runs where it may publish"


def test_scripts_of_the_workflow_are_scripts(tmp_path: Path) -> None:
    for step in (step for job in jobs().values() for step in job["steps"] if "run" in step):
        script = tmp_path / "script.sh"
        script.write_text(step["run"], encoding="utf-8")
        assert run(tmp_path, "bash", "-n", str(script)).returncode == 0, step["run"]

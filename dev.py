"""Set up and run: `python dev.py serve` shows the example site, `python dev.py test` runs every check.

`hosts` tries each host and its neighbours in an environment of its own, `build` builds the example site and the
documentation strictly, `screenshots` takes the documentation's pictures.

Needs nothing but Python: the first run makes a virtual environment in `.venv` and installs the project into it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed"


def set_up() -> None:
    """Make the environment, or bring it up to date when `pyproject.toml` changed."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == project:
        return
    if not PYTHON.exists():
        venv.create(VENV, with_pip=True)
    run("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", ".[dev]")
    STAMP.write_text(project, encoding="utf-8")


def run(*arguments: str, folder: Path = ROOT) -> None:
    """Run the environment's Python; stop with its exit code if it fails."""
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    code = subprocess.run([str(PYTHON), *arguments], cwd=folder, env=environment, check=False).returncode
    if code:
        sys.exit(code)


def serve(arguments: list[str]) -> None:
    """Serve the example site."""
    run("-m", "mkdocs", "serve", *arguments, folder=ROOT / "example_site")


def test(arguments: list[str]) -> None:
    """Lint, check the types, and run the tests."""
    run("-m", "ruff", "check", ".")
    run("-m", "ruff", "format", "--check", ".")
    run("-m", "mypy")
    run("-m", "pytest", *arguments)


def hosts(arguments: list[str]) -> None:
    """Try the built wheel on each host, beside its neighbours."""
    run("-m", "nox", "-s", "hosts", *(["--", *arguments] if arguments else []))


def build(_: list[str]) -> None:
    """Build the example site and the documentation strictly."""
    run("-m", "mkdocs", "build", "--strict", folder=ROOT / "example_site")
    run("-m", "mkdocs", "build", "--strict")


def screenshots(_: list[str]) -> None:
    """Take the pictures of the example site that the documentation shows."""
    run("tests/screenshots.py")


COMMANDS = {"serve": serve, "test": test, "hosts": hosts, "build": build, "screenshots": screenshots}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"usage: python dev.py {'|'.join(COMMANDS)} [arguments]")
    set_up()
    COMMANDS[sys.argv[1]](sys.argv[2:])

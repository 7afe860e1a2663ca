"""What the project is tried on: Pythons, dependencies and hosts, each in an environment of its own under `.nox`.

`nox` runs all that this machine has the Pythons for, and names those it skips. `nox -s hosts` runs the matrix of hosts.
"""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_existing_virtualenvs = True

ROOT = Path(__file__).resolve().parent
PROJECT = nox.project.load_toml("pyproject.toml")["project"]
for folder in Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/3.*/bin"):
    os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"  # pyenv's own shims offer only the chosen version
PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]
NEIGHBOURS = (
    "mkdocs-awesome-nav",
    "mkdocs-awesome-pages-plugin",
    "mkdocs-gen-files",
    "mkdocs-git-revision-date-localized-plugin",
    "mkdocs-literate-nav",
    "mkdocs-macros-plugin",
    "mkdocs-material[imaging]",
    "mkdocs-minify-plugin",
    "mkdocs-section-index",
    "mkdocs-static-i18n",
)
HOSTS = {
    "mkdocs": ("mkdocs==1.6.1", "mike<2.1.4", *NEIGHBOURS),  # later ones bring ProperDocs, and build with it
    "properdocs": (
        *("properdocs>=1.6.7", "properdocs-theme-mkdocs", "properdocs-theme-readthedocs", "mike>=2.2"),
        *NEIGHBOURS,
    ),
    "zensical": ("zensical>=0.0.73",),
}


@functools.cache
def wheel() -> str:
    """The wheel, built once for all that it is tried on."""
    folder = ROOT / ".nox" / "dist"
    for old in folder.glob("*.whl"):
        old.unlink()
    command = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (built,) = folder.glob("*.whl")
    return str(built)


@nox.session
@nox.parametrize("host", [nox.param(name, id=name) for name in HOSTS])
def hosts(session: nox.Session, host: str) -> None:
    """One host with its neighbours: the cells of its column in `docs/hosts.md`."""
    session.install(wheel(), *HOSTS[host], "pytest", "pytest-xdist", "beautifulsoup4", "pyyaml")
    if host == "zensical":
        session.run("uv", "pip", "uninstall", "--quiet", "mkdocs", external=True)  # nothing there may need it
    environment = {"PERFCASE_HOST": host, "NO_MKDOCS_2_WARNING": "1"}
    session.run("pytest", "hosts", *session.posargs, env=environment)


@nox.session(python=PYTHONS)
@nox.parametrize("dependencies", [nox.param(name, id=name) for name in ("highest", "lowest")])
def tests(session: nox.Session, dependencies: str) -> None:
    """The tests, with the newest dependencies or with the oldest that are allowed."""
    oldest = [re.sub(r">=([\d.]+)[^;]*", r"==\1", name) for name in PROJECT["dependencies"]]
    session.install("--editable", ".[dev]", "pip", *(oldest if dependencies == "lowest" else ()))
    session.run("pytest", *session.posargs, env={"NO_MKDOCS_2_WARNING": "1"})


@nox.session(default=False)
def links(session: nox.Session) -> None:
    """Ask whether what the documentation links to is there. Needs the network."""
    session.install("--editable", ".[dev]")
    session.run("python", "tests/links.py")

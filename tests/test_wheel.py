"""The built wheel, away from the source tree: the first steps that the documentation tells."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

from conftest import COMPLETE, ROOT


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


def installed(tmp_path: Path) -> Path:
    """An environment with the wheel, whose dependencies are those of the environment that runs the tests."""
    build = run(ROOT, sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path))
    assert build.returncode == 0, build.stdout
    (wheel,) = tmp_path.glob("*.whl")
    run(tmp_path, sys.executable, "-m", "venv", "--without-pip", "env")
    scripts = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    target = next((tmp_path / "env").rglob("site-packages"))
    install = run(tmp_path, sys.executable, "-m", "pip", "install", "--no-deps", "--target", str(target), str(wheel))
    assert install.returncode == 0, install.stdout
    # a path in a .pth file brings the other environment's packages, and not its editable installs
    (target / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return scripts / "python"


def test_first_steps(tmp_path: Path) -> None:
    python = str(installed(tmp_path))
    where = run(tmp_path, python, "-c", "import mkdocs_perfcase; print(mkdocs_perfcase.__file__)").stdout
    assert str(tmp_path) in where
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

"""The benchmarks run, at their smallest size; what they print is for people to judge."""

from __future__ import annotations

import subprocess
import sys

import pytest
from conftest import ROOT, study

BENCHMARKS = ROOT / "benchmarks"


def test_all_of_them_print_tables() -> None:
    sizes = ["--records", "1", "--others", "1", "--check", "1", "--growth", "2", "3", "--runs", "1"]
    run = subprocess.run(
        [sys.executable, str(BENCHMARKS / "all.py"), *sizes],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "HOME": str(ROOT)},
    )
    assert run.returncode == 0, run.stdout + run.stderr
    about, *tables = run.stdout.strip().split("\n\n")
    assert "cores" in about
    cells = [[line.strip("| ").split(" | ") for line in table.splitlines()] for table in tables]
    assert [table[0][0] for table in cells] == ["pages", "command", "records"]
    assert [row[0] for row in cells[0][2:]] == ["1 records", "1 other pages"]
    assert [row[0] for row in cells[2][2:]] == ["2", "3"]
    for row in cells[0][2:]:
        assert float(row[4]) > 0
        assert all(float(cell.removesuffix(" ms")) >= 0 for cell in row[6:9])


def test_the_records_measured_differ_and_are_without_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from corpus import record

    studied = [study(record(number)) for number in (1, 2)]
    assert [found.form is not None and not found.findings for found in studied if found] == [True, True]
    assert record(1) != record(2)


def test_needs_have_a_records_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from needs import restructured

    text = restructured("# A\n\n- `b`\n\n| c | d |\n|---|---|\n| e | f |\n\n```python\ng()\n```\n")
    folded = "A == - ``b`` .. list-table:: :header-rows: 1 * - c - d * - e - f .. code-block:: python g()"
    assert " ".join(text.split()) == folded

"""The table of hosts: made from the tests that fill it, so that it can't say what none of them shows."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT
from table import COLUMNS, declared, table

PAGE = ROOT / "docs" / "hosts.md"
PLACE = re.compile(r"(<!-- made from the tests -->\n).*(<!-- end -->)", re.DOTALL)


def test_the_table_is_what_the_tests_declare(request: pytest.FixtureRequest) -> None:
    text = PAGE.read_text(encoding="utf-8")
    made, count = PLACE.subn(lambda match: f"{match[1]}\n{table()}\n\n{match[2]}", text)
    assert count == 1
    if request.config.getoption("--update-golden"):
        PAGE.write_text(made, encoding="utf-8")
    assert made == PAGE.read_text(encoding="utf-8")


def test_every_test_of_hosts_fills_a_cell() -> None:
    marks = dict(declared())
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "hosts").glob("test_*.py")]
    defined = {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}
    assert defined == set(marks)
    assert {host for mark in marks.values() for host in mark.args[1]} == set(COLUMNS)


def test_no_cell_is_skipped() -> None:
    for path in (ROOT / "hosts").glob("*.py"):
        assert not re.search(r"\b(skip|skipif|xfail|importorskip)\b", path.read_text(encoding="utf-8")), path.name

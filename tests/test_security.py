"""The threat model: each row names the tests that hold it, and they exist."""

from __future__ import annotations

import ast
import re

from conftest import ROOT, TESTS

PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
_HELD = "held by"


def rows() -> list[list[str]]:
    """The cells of the rows of all tables whose last column names tests."""
    found = []
    held = False
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            held = False
        elif cells[-1] == _HELD:
            held = True
        elif held and set(line) - set("| -"):
            found.append(cells)
    return found


def names_of_tests() -> set[str]:
    """The names of all tests."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in TESTS.glob("test_*.py"))
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_row_names_tests_that_exist() -> None:
    assert len(rows()) > 20
    known = names_of_tests()
    for cells in rows():
        named = re.findall(r"`(test_\w+)`", cells[-1])
        assert len(cells) == 3, cells
        assert named, cells
        assert not [name for name in named if name not in known]


def test_the_page_is_in_the_navigation_and_the_policy_leads_to_it() -> None:
    assert "security.md" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert "(docs/security.md)" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")

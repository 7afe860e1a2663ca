"""One way through: no module imports one to its right, and only the adapters import a host."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "mkdocs_perfcase"
ORDER = [
    "expression",
    "fences",
    "text",
    "json_text",
    "telling",
    "source",
    "options",
    "lines",
    "tree",
    "directives",
    "outline",
    "template",
    "recognition",
    "criteria",
    "record",
    "new_record",
    "units",
    "figures",
    "quantity",
    "change",
    "metrics",
    "evidence",
    "comparison",
    "scenarios",
    "shares",
    "targets",
    "form",
    "support",
    "claims",
    "findings",
    "fingerprint",
    "baseline",
    "rules",
    "check",
    "mend",
    "schema",
    "examples",
    "report",
    "formats",
    "writing",
    "cache",
    "evidence_view",
    "change_view",
    "views",
    "timeline",
    "index_view",
    "index_page",
    "export",
    "resources",
    "render",
    "code_pairs",
    "enrich",
    "zensical",
    "quick",
    "site",
    "publishing",
    "extension",
    "languages",
    "plugin",
    "files",
    "editor",
    "lsp",
    "pages",
    "api",
    "cli",
    "reference",
    "__main__",
]
PACKAGES = {"evidence", "rules", "mend", "formats", "editor", "cli"}
HOSTS = {"mkdocs", "properdocs", "zensical", "material", "pygls", "lsprotocol"}
MAY_IMPORT = {"plugin": {"mkdocs"}, "lsp": {"pygls", "lsprotocol"}, "cli": {"click"}}


def module_name(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names |= {
                f"{node.module}.{alias.name}" if node.module == "mkdocs_perfcase" else str(node.module)
                for alias in node.names
            }
    return names


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_left(path: Path) -> None:
    own = module_name(path)
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "mkdocs_perfcase":
            imported = parts[1] if len(parts) > 1 else "__init__"
            allowed = imported in ("__init__", "__version__") or ORDER.index(imported) < ORDER.index(own)
            assert allowed or (own == imported and own in PACKAGES), (
                f"{own} imports {imported}, which stands to its right"
            )
        elif parts[0] in HOSTS | {"click"}:
            assert parts[0] in MAY_IMPORT.get(own, set()), f"{own} imports {parts[0]}"


def test_every_module_has_its_place() -> None:
    assert {module_name(path) for path in FILES} == set(ORDER)

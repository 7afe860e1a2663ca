"""MkDocs hooks of this project's own documentation: what is generated from the code, and from files beside the docs."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from mkdocs_perfcase.json_text import as_json
from mkdocs_perfcase.reference import options_page, rule_page, rules_page, with_exports, with_tools, with_verbs
from mkdocs_perfcase.rules import RULES
from mkdocs_perfcase.schema import FILE, config_schema

ROOT = Path(__file__).parent


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are generated: options, rules, and those about the project."""
    pages = {"options.md": options_page(), "rules/index.md": rules_page()}
    pages |= {FILE: as_json(config_schema())}
    pages |= {f"rules/{rule.name}.md": rule_page(rule) for rule in RULES.values()}
    pages |= {f"{name.lower()}.md": _beside_docs(f"{name}.md") for name in ("CONTRIBUTING", "CHANGELOG")}
    for name, text in pages.items():
        files.append(File.generated(config, name, content=text))
    return files


def _beside_docs(name: str) -> str:
    """A page that lies beside the docs folder, its links as seen from within."""
    return (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](")


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Tell every verb's options and every tool, and show the example's exports, where a page asks for them."""
    return with_tools(with_exports(with_verbs(markdown)))

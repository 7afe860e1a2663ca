"""MkDocs hooks of this project's own documentation: the reference pages, generated from the code."""

from __future__ import annotations

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from mkdocs_perfcase.json_text import as_json
from mkdocs_perfcase.reference import options_page, rule_page, rules_page, with_verbs
from mkdocs_perfcase.rules import RULES
from mkdocs_perfcase.schema import FILE, config_schema


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for the options with their schema, one for the list of rules, and one for each rule."""
    pages = {"options.md": options_page(), "rules/index.md": rules_page()}
    pages |= {FILE: as_json(config_schema())}
    pages |= {f"rules/{rule.name}.md": rule_page(rule) for rule in RULES.values()}
    for name, text in pages.items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Tell every verb's options where the page on the command line asks for them."""
    return with_verbs(markdown)

"""A JSON Schema of the options, for editors that check and complete `mkdocs.yml`, from their declarations."""

from __future__ import annotations

from typing import Any

from mkdocs_perfcase.options import Declared, declared
from mkdocs_perfcase.rules import RULES

FILE = "perfcase.schema.json"


def config_schema() -> dict[str, Any]:
    """The schema of a `mkdocs.yml`: it minds the plugin's options, however plugins are listed, and no others."""
    entry = {"properties": {"perfcase": {"anyOf": [{"$ref": "#/definitions/perfcase"}, {"type": "null"}]}}}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "mkdocs.yml with the plugin perfcase",
        "type": "object",
        "properties": {"plugins": {"items": entry, **entry}},
        "definitions": {"perfcase": _options_schema()},
    }


def _options_schema() -> dict[str, Any]:
    return {
        "title": "Options of the plugin perfcase",
        "description": "How performance optimization records are recognised and checked. All may be left out.",
        "type": "object",
        "properties": {option.name: _option_schema(option) for option in declared()},
        "additionalProperties": False,
    }


def _option_schema(option: Declared) -> dict[str, Any]:
    schema = {"title": option.name, "description": option.doc, "default": option.default, **option.kind.schema}
    return {**schema, **_of_rules(schema["additionalProperties"])} if option.name == "rules" else schema


def _of_rules(severity: dict[str, Any]) -> dict[str, Any]:
    """Every rule as an editor may offer it, by name and by code."""
    rules = sorted(RULES.values(), key=lambda rule: rule.code)
    named = [(name, rule) for rule in rules for name in (rule.name, rule.code)]
    told = {name: {"description": f"{rule.code} {rule.name}: {rule.summary}", **severity} for name, rule in named}
    return {"properties": told, "additionalProperties": False}

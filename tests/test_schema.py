"""The options' JSON Schema: it takes what the plugin takes, and refuses what the plugin refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, Run
from jsonschema import Draft7Validator

from mkdocs_perfcase.options import OptionError, declared, read_options
from mkdocs_perfcase.rules import RULES
from mkdocs_perfcase.schema import config_schema

SCHEMA = config_schema()
VALIDATOR = Draft7Validator(SCHEMA)


def problems(config: Any) -> list[str]:
    return [error.json_path for error in VALIDATOR.iter_errors(config)]


def is_valid(options: Any) -> bool:
    """Whether options are valid, in either way of listing plugins."""
    listed, mapped = ({"plugins": plugins} for plugins in (["search", {"perfcase": options}], {"perfcase": options}))
    assert bool(problems(listed)) == bool(problems(mapped))
    return not problems(listed)


def is_accepted(options: dict[str, Any]) -> bool:
    try:
        read_options(options)
    except OptionError:
        return False
    return True


def test_it_is_a_schema_and_is_printed(run: Run) -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert json.loads(run("schema").stdout) == SCHEMA
    assert run("schema", "--output", "perfcase.schema.json").stdout == ""
    assert json.loads(Path("perfcase.schema.json").read_text(encoding="utf-8")) == SCHEMA


def test_every_option_is_told() -> None:
    options = SCHEMA["definitions"]["perfcase"]["properties"]
    assert list(options) == [option.name for option in declared()]
    for option in declared():
        assert options[option.name]["description"] == option.doc
        assert is_valid({option.name: option.default})
    rules = options["rules"]["properties"]
    assert set(rules) == {*RULES, *(rule.code for rule in RULES.values())}
    assert rules["PC301"]["enum"] == ["error", "warning", "info", "off", False]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"records": ["performance/*.md"], "exclude": []},
        {"template": "templates/own.md", "baseline": "../old.json"},
        {"index": "a/b.md", "export": "data/perfcase.json"},
        {"index": "a..b/c.md"},
        {"index": None, "export": None, "template": None, "baseline": None, "strict": None},
        {"strict": False, "exempt": ["Draft"]},
        {"rules": {"PC301": "error", "missing-section": "off", "PC101": False}},
        {"headings": {"Overview": ["Überblick", "Kurz"]}, "metrics": {"Apdex": "higher"}},
        {"recods": []},
        {"records": "performance/*.md"},
        {"records": [1]},
        {"template": ""},
        {"template": 5},
        {"index": "performance"},
        {"index": "/performance/index.md"},
        {"index": "a/../../index.md"},
        {"index": "..\\index.md"},
        {"index": "C:/index.md"},
        {"index": "performance/.md"},
        {"index": ".md"},
        {"export": "perfcase.csv"},
        {"strict": "yes"},
        {"exempt": {"draft": True}},
        {"rules": {"PC301": "fatal"}},
        {"rules": ["PC301"]},
        {"headings": {"Overview": "Überblick"}},
        {"metrics": {"Apdex": "up"}},
        {"metrics": {"Apdex": False}},
        {"baseline": []},
    ],
)
def test_it_takes_what_the_plugin_takes(options: dict[str, Any]) -> None:
    assert is_valid(options) == is_accepted(options)


def test_rules_that_do_not_exist_are_refused() -> None:
    assert not is_valid({"rules": {"missing-sections": "error"}})


@pytest.mark.parametrize(("site", "wrong"), [("example_site", []), ("failing_site", ["$.plugins[0].perfcase"])])
def test_whole_configurations(site: str, wrong: list[str]) -> None:
    class Loader(yaml.SafeLoader):
        pass

    Loader.add_multi_constructor("", lambda loader, suffix, node: None)
    config = yaml.load((ROOT / site / "mkdocs.yml").read_text(encoding="utf-8"), Loader)
    assert problems(config) == wrong


def test_other_plugins_and_a_bare_name_are_fine() -> None:
    assert not problems({"plugins": ["perfcase", {"tags": {"anything": 1}}, {"perfcase": None}]})
    assert not problems({"site_name": "Prices"})
    assert problems({"plugins": [{"perfcase": 5}]})

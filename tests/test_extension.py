"""The Markdown extension by itself, as hosts without plugins use it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from conftest import COMPLETE
from markdown import Markdown, markdown

from mkdocs_perfcase.options import OptionError


def test_a_record_is_enriched() -> None:
    page = BeautifulSoup(markdown(COMPLETE, extensions=["tables", "fenced_code", "perfcase"]), "html.parser")
    assert "−73%" in page.select(".perfcase-summary")[0].get_text()
    assert len(page.select("li input[checked]")) == 9


def test_another_page_is_left_alone() -> None:
    text = "# List\n\n- [ ] mine\n"
    assert markdown(text, extensions=["perfcase"]) == markdown(text)


def test_an_instance_serves_many_pages() -> None:
    md = Markdown(extensions=["tables", "perfcase"])
    first, other, again = md.convert(COMPLETE), md.reset().convert("# Other\n"), md.reset().convert(COMPLETE)
    assert first == again
    assert "perfcase" not in other


def test_options() -> None:
    page = markdown(
        COMPLETE,
        extensions=["tables", "perfcase"],
        extension_configs={"perfcase": {"metrics": {"Throughput": "lower"}}},
    )
    assert "regressed" in page
    with pytest.raises(OptionError, match="did you mean 'metrics'"):
        markdown(COMPLETE, extensions=["perfcase"], extension_configs={"perfcase": {"metric": {}}})


def test_the_core_and_the_extension_import_no_host() -> None:
    code = "import sys, mkdocs_perfcase.extension; sys.exit('mkdocs' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

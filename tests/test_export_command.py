"""`perfcase export` and the plugin's own export: one shape, the same data."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import COMPLETE, ROOT, Run, Site, write
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.structure.files import File

from mkdocs_perfcase.export import page_url


@pytest.mark.parametrize("directories", [True, False])
@pytest.mark.parametrize("site", ["example_site", "failing_site"])
def test_the_same_data_as_the_plugin(run: Run, tmp_path: Path, site: str, directories: bool) -> None:
    shutil.copytree(ROOT / site / "docs", tmp_path / "docs")
    config: dict[str, Any] = yaml.safe_load((ROOT / site / "mkdocs.yml").read_text(encoding="utf-8"))
    built = Site(tmp_path, {**config, "theme": "mkdocs", "use_directory_urls": directories}).build()
    before = sorted(tmp_path.rglob("*"))
    as_json, as_csv = ((built.output / f"perfcase.{form}").read_bytes().decode("utf-8") for form in ("json", "csv"))
    assert run("export", "--format", "csv").stdout == as_csv
    exported = json.loads(run("export").stdout)
    assert exported["records"]
    assert exported == json.loads(as_json)
    assert len(as_json.splitlines()) == len(exported["records"]) + 2, "a record a line"
    assert sorted(tmp_path.rglob("*")) == before, "exporting only reads"


_NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C",), exclude_characters="/\\"), min_size=1)


@given(st.lists(_NAMES, max_size=2), _NAMES | st.sampled_from(["index", "README", "a.b"]), st.booleans())
def test_urls_are_those_of_mkdocs(folders: list[str], name: str, directories: bool) -> None:
    path = "/".join([*(folder.replace(".", "-") for folder in folders), f"{name}.md"])
    assert page_url(path, directories=directories) == File(path, "docs", "site", directories).url


def test_to_a_file(run: Run) -> None:
    write("docs/prices.md", COMPLETE)
    result = run("export", "--format", "csv", "--output", "records.csv")
    assert (result.exit_code, result.output) == (0, "")
    rows = list(csv.DictReader(io.StringIO(Path("records.csv").read_text(encoding="utf-8"))))
    assert {row["url"] for row in rows} == {"prices/"}
    assert {row["metric"] for row in rows} >= {"Response Time", "Throughput"}


def test_a_site_without_records(run: Run) -> None:
    write("docs/index.md", "# Home\n")
    assert json.loads(run("export").stdout) == {"version": 1, "records": []}
    assert run("export", "--format", "csv").stdout.count("\n") == 1


def test_nothing_is_exported_while_a_page_cannot_be_read(run: Run) -> None:
    write("docs/prices.md", COMPLETE)
    write("docs/broken.md", b"\xff\xfe\x00\x9f" * 50)
    result = run("export", "--output", "out.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "perfcase: cannot read docs/broken.md: it is not UTF-8 text",
        "perfcase: nothing is written while a page can't be read",
    ]
    assert not Path("out.json").exists()


def test_wrong_use(run: Run) -> None:
    assert run("export").stderr.startswith("perfcase: cannot read docs: no such file or folder\n")
    write("docs/index.md", "# Home\n")
    assert (
        "cannot write no/such/folder.json: No such file or directory"
        in run("export", "--output", "no/such/folder.json").stderr
    )
    assert run("export", "--format", "xml").exit_code == 2


def test_nothing_of_a_page_reaches_the_terminal_raw(run: Run) -> None:
    write("docs/prices.md", COMPLETE.replace("# Cache", "# \x1b[31mCache\u202e", 1))
    for form, kept in (("json", set()), ("csv", {"\u202e"})):  # CSV has no escapes, and direction marks are text
        printed = run("export", "--format", form).stdout
        assert {"\x1b", "\u202e"} & set(printed) == kept
        assert "Cache" in printed

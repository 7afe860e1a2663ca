"""Result files carry host names, paths and command lines: no built site holds one, unless it is told to."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import COMPLETE, Run, Site, write
from records_with_evidence import PAGE, QUICK, TIMES, entry, record, rounds, told
from test_serve import page, served, until

SECRET = "build-7"
"""The host that the result files name."""


def copies(site: Site) -> list[str]:
    """The files of a built site that hold what is in a result file."""
    found = (path for path in site.output.rglob("*") if path.is_file())
    return sorted(path.relative_to(site.output).as_posix() for path in found if SECRET.encode() in path.read_bytes())


BESIDE = {
    "performance/runs/before.json": rounds(TIMES),
    "performance/runs/after.json": rounds(QUICK),
    "data/other.json": '{"node": "build-7"}',
}


def a_record(before: Any = "runs/before.json", after: Any = "runs/after.json") -> str:
    return record([entry(before=before, after=after)], "| Response Time | | | |")


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    """A site with a record whose result files lie beside it, and a file that is none."""
    return make_site({"performance/prices.md": a_record(), **BESIDE})


def test_no_result_file_is_published(site: Site) -> None:
    assert site.build().error is None
    assert copies(site) == ["data/other.json"]
    assert "450 ms" in (site.output / "performance" / "prices" / "index.html").read_text(encoding="utf-8")


def test_unless_the_site_wants_it(site: Site) -> None:
    site.config["plugins"] = [{"perfcase": {"publish_evidence": True}}]
    site.build()
    assert copies(site) == ["data/other.json", "performance/runs/after.json", "performance/runs/before.json"]


def test_a_link_to_one_is_told_of(site: Site) -> None:
    site.write({"performance/prices.md": f"{a_record()}\n[raw figures](runs/after.json)\n"})
    told = [text for _, text in site.build().log if "runs/after.json" in text]
    assert len(told) == 1
    assert "excluded from the built site" in told[0]


NAMED: dict[str, Any] = {
    "a glob": [entry(before="runs/*.json", after="runs/*")],
    "any depth": [entry(before="/docs/**/before.json", after="/docs/performance/**/*.json")],
    "upwards": [entry(before="../performance/runs/before.json", after="x/../runs/*.json")],
    "upwards in the site": [entry(before="/x/../docs/performance/runs/before.json", after="./runs/./after.json")],
    "an unknown key": [{"metric": "x", "befor": "runs/before.json", "aftre": "runs/after.json"}],
    "no list": {"before": "runs/before.json", "after": "runs/after.json"},
    "a list with a slip": [entry(before=["runs/before.json", 3], after=[["runs/after.json"]])],
    "a trend": [entry(before="gone", after="gone", trend=["runs/before.json", "runs/after.json"])],
    "texts": ["runs/before.json", "runs/after.json"],
    "backslashes": [entry(before="runs\\before.json", after="\\docs\\performance\\runs\\after.json")],
}


@pytest.mark.parametrize("named", NAMED.values(), ids=NAMED)
def test_however_they_are_named(named: Any, site: Site) -> None:
    site.write({"performance/prices.md": record(named)})
    site.build()
    assert copies(site) == ["data/other.json"]


def test_a_metric_or_what_is_measured_names_no_result_file(site: Site) -> None:
    named = [{**entry("data/other.json"), "select": "*", "measures": "/docs/data/*", "after": "runs/*.json"}]
    site.write({"performance/prices.md": record([*named, entry(before="runs/*", after="runs/*")])})
    site.build()
    assert copies(site) == ["data/other.json"]


def test_also_by_a_page_that_is_no_record_or_no_page(site: Site) -> None:
    front = yaml.safe_dump({"perfcase_evidence": [entry(before="runs/before.json", after="runs/after.json")]})
    for page_name, config in (("performance/notes.md", {}), ("performance/draft.md", {"draft_docs": "draft.md\n"})):
        site.write({"performance/prices.md": COMPLETE, page_name: f"---\n{front}---\n\n# Notes\n"})
        site.config.update(config)
        assert site.build().error is None
        assert copies(site) == ["data/other.json"]
        (site.folder / "docs" / page_name).unlink()


def test_files_that_can_not_be_read_stay_back_too(site: Site) -> None:
    site.write({"performance/runs/broken.json": f'{{"node": "{SECRET}"'})
    site.write({"performance/prices.md": a_record(after="runs/broken.json"), "performance/runs/after.json": "{}"})
    site.build()
    assert site.findings() != []
    assert copies(site) == ["data/other.json"]


def test_too_many_files_stay_back_too(site: Site) -> None:
    site.write({f"performance/runs/{number}.json": rounds(QUICK) for number in range(501)})
    site.write({"performance/prices.md": a_record(before="runs/*.json", after="runs/*.json")})
    site.build()
    assert any("it matches more than 500 files" in line for line in site.findings())
    assert copies(site) == ["data/other.json"]


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_no_link_leads_a_result_file_into_the_site(site: Site, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    kept = tmp_path / "bench"
    kept.mkdir()
    (kept / "after.json").write_text(rounds(QUICK), encoding="utf-8")
    (site.folder / "docs" / "linked.json").symlink_to(kept / "after.json")
    (site.folder / "docs" / "folder").symlink_to(kept)
    site.write({"performance/prices.md": a_record(after="/bench/after.json"), "performance/runs/after.json": "{}"})
    assert site.build().error is None
    assert copies(site) == ["data/other.json"]


def test_dirty_builds(site: Site) -> None:
    front = site.folder / "docs" / "performance" / "prices.md"
    front.write_text(COMPLETE, encoding="utf-8")
    site.build(dirty=True)
    assert len(copies(site)) == 3
    front.write_text(a_record(), encoding="utf-8")
    later = front.stat().st_mtime + 5
    os.utime(front, (later, later))
    site.build(dirty=True)  # the copies of the build before go, too
    assert copies(site) == ["data/other.json"]
    built = site.output / "performance" / "prices" / "index.html"
    os.utime(built, (later + 5, later + 5))
    os.utime(site.folder / "docs" / "performance" / "runs" / "after.json", (later + 9, later + 9))
    site.build(dirty=True)  # the page isn't rendered
    assert copies(site) == ["data/other.json"]


def test_a_server_publishes_none_and_builds_anew_for_a_changed_one(make_site: Callable[..., Site]) -> None:
    site = make_site({"performance/prices.md": a_record(after="/bench/after/*.json"), **BESIDE})
    (site.folder / ".git").mkdir()
    results = site.folder / "bench" / "after"
    results.mkdir(parents=True)
    with served(site) as (url, log):
        until(lambda: "PC601" in log.read_text(encoding="utf-8"), "the missing file's finding")
        until(lambda: "Serving on" in log.read_text(encoding="utf-8"), "the server")
        (results / "1.json").write_text(rounds(QUICK), encoding="utf-8")
        until(lambda: "120 ms" in page(f"{url}/performance/prices/"), "the new file's figure")
        (results / "1.json").write_text(rounds((0.3, 0.3)), encoding="utf-8")
        until(lambda: "300 ms" in page(f"{url}/performance/prices/"), "the changed file's figure")
        assert SECRET in page(f"{url}/data/other.json")
        with pytest.raises(OSError, match="404"):
            page(f"{url}/performance/runs/before.json")


ZENSICAL = '[project]\nsite_name = "Prices"\n'


def test_zensical_publishes_them_and_the_check_says_so(run: Run) -> None:
    for name, text in {**BESIDE, "performance/prices.md": a_record()}.items():
        write(f"docs/{name}", text)
    Path("mkdocs.yml").unlink()
    write("zensical.toml", ZENSICAL)
    said = run("check").stderr
    assert said == (
        "perfcase: docs/performance/runs/after.json and 1 more would be published by Zensical, and result files hold "
        "host names and paths; keep them outside the docs folder, or set `publish_evidence: true` for perfcase\n"
    )
    assert run("check").stderr == said  # whatever the cache holds
    assert run("check", "-q").stderr == ""
    assert told(run) == []
    options = "\n[project.markdown_extensions.perfcase]\npublish_evidence = true\n"
    write("zensical.toml", ZENSICAL + options)
    assert run("check").stderr == ""
    write("zensical.toml", ZENSICAL)
    Path("docs/performance/runs").rename("runs")
    write(PAGE, a_record("/runs/before.json", "/runs/after.json"))
    assert run("check").stderr == ""

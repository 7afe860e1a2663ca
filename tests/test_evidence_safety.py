"""Hostile evidence: nothing outside is read, nothing runs away, and every slip is one finding."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Run, Site, write
from records_with_evidence import (
    AFTER,
    BEFORE,
    PAGE,
    QUICK,
    TIMES,
    Said,
    benchmarks,
    entry,
    exported,
    one_a_side,
    record,
    rounds,
    told,
)

ROW = "| Response Time | 450 ms | 12 ms | |"
"""A typed value that the result files never bear out: whatever is read shows."""
PATIENCE = 10  # seconds, of a busy machine


@contextmanager
def soon() -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < PATIENCE


def of_after(run: Run, path: object) -> Said:
    """The one finding of a record whose file after is this."""
    with soon():
        [found] = told(run, record([entry(after=path)], ROW))
    assert found.line == 3
    assert found.text.isprintable()
    return found


@pytest.fixture
def inside(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository within the working folder, and beside it a file that nothing may read; the latter's folder."""
    (tmp_path / "repo").mkdir()
    monkeypatch.chdir(tmp_path / "repo")
    write("mkdocs.yml", "site_name: Prices\n")
    one_a_side()
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "after.json").write_text(rounds(QUICK), encoding="utf-8")
    return secrets


OUTSIDE = [
    "../../../secrets/after.json",
    "/../secrets/after.json",
    "/bench/../../secrets/after.json",
    "/bench/../bench/after.json",  # leads nowhere, but only a resolved path would tell
    "..\\..\\..\\secrets\\after.json",
    "\\..\\secrets\\after.json",
    "/..",
    "..",
    "/../secrets/*.json",
    "/bench/*/../../../secrets/*.json",
    "//secrets/after.json",
    "\\\\server\\share\\after.json",
    "C:\\secrets\\after.json",
    "c:/secrets/after.json",
    "C:after.json",
    "/bench/after.json\0.txt",
    "/bench/\0",
]


@pytest.mark.parametrize("path", OUTSIDE, ids=repr)
def test_paths_that_lead_out(path: str, run: Run, inside: Path) -> None:
    found = of_after(run, path)
    assert found.code == "PC601"
    assert "below the docs folder or the repository's root only" in found.text


def test_absolute_paths_start_at_the_repository(run: Run, inside: Path) -> None:
    for path in (str(inside / "after.json"), "/etc/passwd", "/", "~/after.json", "~", ".", "/bench", "/bench/"):
        assert of_after(run, path).code in ("PC601", "PC602")


def test_a_folder_is_told_as_such(run: Run, inside: Path) -> None:
    assert of_after(run, "/bench").text == "evidence bench can't be read: it is a folder"


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_links_that_lead_out(run: Run, inside: Path) -> None:
    Path("bench/link.json").symlink_to(inside / "after.json")
    Path("bench/folder").symlink_to(inside)
    Path("bench/up").symlink_to("..")
    Path("bench/deep").mkdir()
    Path("bench/deep/link.json").symlink_to("../link.json")
    for path in ("/bench/link.json", "/bench/folder/after.json", "/bench/folder/*.json", "/bench/deep/*", "/bench/l*"):
        found = of_after(run, path)
        assert found.code == "PC601"
        assert found.text.endswith("leads out of the docs folder and the repository")
    assert of_after(run, "/bench/up/secrets/after.json").code == "PC601"
    Path("bench/two").symlink_to("../..")
    assert of_after(run, "/bench/two/secrets/*.json").text.endswith("leads out of the docs folder and the repository")


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_links_within_are_read(run: Run, inside: Path) -> None:
    Path("bench/latest.json").symlink_to("after.json")
    Path("docs").mkdir()
    Path("docs/bench").symlink_to("../bench")
    for path in ("/bench/latest.json", "../bench/latest.json", "/docs/bench/late*.json"):
        codes = [one.code for one in told(run, record([entry(after=path)], ROW))]
        assert codes == (["PC601"] if ".." in path else ["PC603"])


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_links_in_a_circle(run: Run, inside: Path) -> None:
    Path("bench/a.json").symlink_to("b.json")
    Path("bench/b.json").symlink_to("a.json")
    Path("bench/round").symlink_to(".")
    assert of_after(run, "/bench/a.json").code == "PC601"
    assert [one.code for one in told(run, record([entry(after="/bench/**/after.json")], ROW))] == ["PC603"]


def test_a_file_that_is_too_large(run: Run, inside: Path) -> None:
    with Path(f".{AFTER}").open("r+b") as file:
        file.truncate(20_000_001)
    assert of_after(run, AFTER) == ("PC602", 3, "evidence bench/after.json can't be read: it is larger than 20 MB")
    write("mkdocs.yml", "site_name: Prices\nplugins:\n  - perfcase:\n      evidence_limit: 0.001\n")
    write(f".{AFTER}", rounds(QUICK * 100))
    assert of_after(run, AFTER).text.endswith("it is larger than 0.001 MB")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
def test_a_pipe_or_device(run: Run, inside: Path) -> None:
    os.mkfifo("bench/pipe.json")
    assert of_after(run, "/bench/pipe.json").text == "evidence bench/pipe.json can't be read: it is no file"
    Path("bench/zero").symlink_to("/dev/zero")
    assert of_after(run, "/bench/zero").code == "PC601"
    assert of_after(run, "/bench/pip*").code == "PC601"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is forbidden here")
def test_a_file_that_may_not_be_read(run: Run, inside: Path) -> None:
    Path(f".{AFTER}").chmod(0)
    assert of_after(run, AFTER).text == "evidence bench/after.json can't be read: Permission denied"


def test_a_file_that_fails_to_be_read(run: Run, inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def fail(path: Path, *arguments: object, **more: object) -> object:
        if path.name == "after.json":
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", fail)
    assert of_after(run, AFTER).text == "evidence bench/after.json can't be read: Permission denied"


def test_thousands_of_files(run: Run, inside: Path) -> None:
    folder = Path("bench/many")
    folder.mkdir()
    for number in range(2_000):
        (folder / f"{number}.json").touch()
    found = of_after(run, "/bench/many/*.json")
    assert (found.code, found.text) == (
        "PC601",
        'evidence "/bench/many/*.json" is not read: it matches more than 500 files',
    )


def test_a_deep_tree(run: Run, inside: Path) -> None:
    folder = Path("bench", *(["d"] * 300))
    folder.mkdir(parents=True)
    (folder / "last.json").write_text(rounds((0.3,)), encoding="utf-8")
    source = record([entry(after="/bench/**/last.json")], ROW)
    with soon():
        [found] = told(run, source)
    assert (found.code, "is 300 ms" in found.text) == ("PC603", True)


def test_paths_that_are_too_long_or_odd(run: Run, inside: Path) -> None:
    for path in ("/" + "a" * 5000, "/" + "a/" * 3000, "/[", "/[]", "/[!", "/***", "/**x", "?" * 300, "*" * 300, "/./."):
        assert of_after(run, path).code in ("PC601", "PC602")


NAMES = [
    "two\nlines.json",
    "\x1b[31mred.json",
    "<img src=x onerror=alert(1)>.json",
    "a|b`c.json",
    "\u202ereversed.json",
]


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_hostile_names_of_files(name: str, run: Run, inside: Path) -> None:
    write(f"bench/odd/{name}", "{}")
    of_after(run, "/bench/odd/*.json")
    said = run("check", PAGE).stdout
    assert len([line for line in said.splitlines() if "PC60" in line]) == 1
    assert "\x1b" not in said
    assert "\u202e" not in said


ODD = {
    "html": "<script>alert(1)</script>",
    "lines": "a\nb",
    "escapes": "\x1b]0;x\x07",
    "long": "x" * 10_000,
    "none": "",
}


@pytest.mark.parametrize("name", ODD.values(), ids=ODD)
def test_hostile_names_of_benchmarks(name: str, run: Run, inside: Path, make_site: Callable[..., Site]) -> None:
    of = {name: TIMES, "other": QUICK}
    for path in (BEFORE, AFTER):
        write(f".{path}", benchmarks(of))
    for one in ([entry()], [entry(select="othr")]):
        [found] = told(run, record(one, ROW))
        assert found.text.isprintable()
        assert len(found.text) < 2000
    whole = record([{"before": BEFORE, "after": AFTER}], below="<!-- perfcase: evidence -->")
    exported(run, whole)
    site = make_site({"performance/prices.md": whole})
    for path in (BEFORE, AFTER):
        target = site.folder / path[1:]
        target.parent.mkdir(exist_ok=True)
        target.write_text(benchmarks(of), encoding="utf-8")
    assert site.build().error is None
    built = (site.output / "performance" / "prices" / "index.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in built


def test_a_million_samples(run: Run, inside: Path) -> None:
    write(f".{AFTER}", rounds((120 + number % 7) / 1000 for number in range(1_000_000)))
    source = record([entry()], "| Response Time | | | |")
    with soon():
        assert told(run, source) == []
    assert exported(run)["Response Time"]["after"]["text"] == "123 ms"


def test_depth_and_width(run: Run, inside: Path) -> None:
    wide = ",".join(f"c{number}" for number in range(100_000))
    deep = "[" * 200_000 + "]" * 200_000
    objects = '{"a":' * 100_000 + "1" + "}" * 100_000
    for content in (wide, f"{wide}\n{wide}\n", deep, objects, "1" * 1_000_000, '"' * 100_001, "[" + "9" * 5000 + "]"):
        write(f".{AFTER}", content)
        assert of_after(run, AFTER).code == "PC602"


def test_paths_of_windows_name_the_same_files(run: Run, inside: Path) -> None:
    write("docs/performance/runs/after.json", rounds((0.3,)))
    source = record([entry(before="\\bench\\before.json", after="runs\\*.json")], ROW)
    [found] = told(run, source)
    assert found.code == "PC603"
    assert "in docs/performance/runs/after.json is 300 ms" in found.text
    write(PAGE, source.replace("\n", "\r\n"))
    assert told(run) == [found]


def test_a_page_elsewhere_has_its_evidence_at_the_root(run: Run, inside: Path) -> None:
    source = record([entry()], ROW)
    write("notes/prices.md", source)
    result = run("check", "notes", "--format", "json", "--select", "PC6")
    [found] = json.loads(result.stdout)["findings"]
    assert found["code"] == "PC603"

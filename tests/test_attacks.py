"""What a stranger may try with a page, a link or a file in a pull request, and that nothing comes of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import COMPLETE, Run, Site, write

from mkdocs_perfcase.cache import digest
from mkdocs_perfcase.source import split_front_matter
from mkdocs_perfcase.template import SHIPPED

MakeSite = Callable[..., Site]
TEMPLATE = SHIPPED.read_text(encoding="utf-8")
OPEN = COMPLETE.replace("- [x] No reg", "- [ ] No reg")
FORGED = "\x1b[2K\x1b]0;owned\x07\x9b31m\u202e\u2028::error::forged ##[error]forged \x85INFO"
LAUGHS = "\n".join(
    ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))]
)  # fmt: skip
KEYS = ("title", "owner", "date", "tags", "status", "perfcase", "perfcase_ignore", "perfcase_evidence")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ---- Lines of logs


def test_a_record_forges_no_line_of_the_log(make_site: MakeSite) -> None:
    page = COMPLETE.replace("- [x] No regression", f"- [ ] {FORGED} No regression")
    site = make_site({"performance/a.md": page}).build()
    assert "No regression" in str(site.findings())
    assert all(said.isprintable() for said in site.findings())


def test_a_record_forges_no_line_of_a_strict_build(make_site: MakeSite, tmp_path: Path) -> None:
    page = COMPLETE.replace("- [x] No regression", f"- [ ] {FORGED} No regression")
    make_site({"performance/a.md": page}).build()
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(tmp_path / "mkdocs.yml")]
    environment = {**os.environ, "GITHUB_ACTIONS": "true", "NO_COLOR": "1"}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode
    assert "No regression" in said
    assert not re.search("[\x07\x1b\x85\x9b\u2028\u202e]", said)
    assert not re.search(r"^(?:::error|##\[)", said, re.MULTILINE)


def test_a_name_of_a_file_forges_nothing(run: Run) -> None:
    write("docs/a\n::error::forged\x1b[2K.md", OPEN)
    for form in ("text", "github", "gitlab", "json", "junit", "sarif"):
        printed = run("check", "--format", form).stdout
        assert "PC301" in printed
        assert "\x1b" not in printed
        assert not re.search(r"^::error::forged", printed, re.MULTILINE)


# ---- Front matter


@pytest.mark.parametrize("key", KEYS)
def test_a_billion_laughs_are_not_told(make_site: MakeSite, run: Run, key: str) -> None:
    site = make_site({"performance/a.md": f"---\n{LAUGHS}\n{key}: *a11\n---\n{OPEN}"})
    if key != "title":  # which MkDocs itself writes out, with this plugin or without
        assert site.build().error is None
        assert len((site.output / "performance/a/index.html").read_bytes()) < 100_000
        assert len((site.output / "perfcase.json").read_bytes()) < 100_000
    for arguments in (["check"], ["export"], ["export", "--format", "csv"], ["index"], ["fix", "--diff"]):
        result = run(*arguments)
        assert result.exit_code in (0, 1)
        assert len(result.output) < 100_000


@pytest.mark.parametrize(
    "value",
    ["0x" + "f" * 5_000, "-0b" + "1" * 20_000, ".inf", "-.nan", '"\\ud800"', '"\\0\\e[2K"', "2026-01-01T00:00:00Z"],
)
@pytest.mark.parametrize("key", ["title", "owner", "date", "status"])
def test_odd_values_of_front_matter_are_shown_or_left_out(run: Run, key: str, value: str) -> None:
    write("docs/performance/a.md", f"---\n{key}: {value}\n---\n{OPEN}")
    for arguments in (["check"], ["export"], ["export", "--format", "csv"], ["index"]):
        result = run(*arguments)
        assert result.exit_code in (0, 1)
        assert "\x1b" not in result.output
        assert "\0" not in result.output


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5_000,
        "{a: " * 5_000,
        "- " * 20_000,
        "&a [*a]",
        "? " * 5_000,
        "!!python/object/apply:os.system [touch owned]",
        "!!python/name:os.system",
    ],
)
def test_front_matter_runs_nothing_and_may_be_deep(run: Run, text: str) -> None:
    write("docs/a.md", f"---\nperfcase: true\nx: {text}\n---\n{OPEN}")
    result = run("check")
    assert result.exit_code in (1, 2)
    assert not isinstance(result.exception, RecursionError)
    assert not Path("owned").exists()
    assert split_front_matter("---\nx: !!python/name:os.system\n---\n")[1] == {}


def test_a_long_criterion_is_soon_held_against_a_wording_with_placeholders(run: Run) -> None:
    wording = "- [ ] No regression in other areas"
    assert wording in TEMPLATE
    write("mkdocs.yml", "site_name: Prices\nplugins:\n  - perfcase:\n      template: own.md\n")
    write("own.md", TEMPLATE.replace(wording, r"- [ ] No \[A\] in \[B\] or \[C\] at all"))
    for criterion, code in ((" in or" * 10_000, 1), ("thing in a place or b at all", 0)):
        write("docs/a.md", COMPLETE.replace("- [x] No regression in other areas", f"- [x] No x {criterion}"))
        begun = time.process_time()
        assert run("check").exit_code == code
        assert time.process_time() - begun < 10


# ---- Places that are not a page's


@pytest.mark.parametrize(
    ("option", "value"),
    [
        (option, value.format(ending))
        for option, ending in (("index", ".md"), ("export", ".json"))
        for value in (
            "../escaped{}",
            "/escaped{}",
            "a/../../escaped{}",
            "..\\escaped{}",
            "C:/escaped{}",
            "C:\\escaped{}",
            "\\\\host\\escaped{}",
        )
    ],
)
def test_no_option_writes_outside_of_the_site(make_site: MakeSite, tmp_path: Path, option: str, value: str) -> None:
    site = make_site({"performance/a.md": COMPLETE}, {option: value})
    site.build()
    assert site.error is not None
    assert not [path for path in tmp_path.parent.rglob("escaped.*") if path.is_file()]


def test_a_directive_reads_no_file(make_site: MakeSite, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("hidden words", encoding="utf-8")
    page = '# T\n\n<!-- perfcase: table type="../../secret.md" -->\n\n<!-- perfcase: index ../../secret.md -->\n'
    site = make_site({"t.md": page, "performance/a.md": COMPLETE}).build()
    assert not [name for name, data in files(site.output).items() if b"hidden words" in data]


@pytest.mark.parametrize(
    "name", [".cache", ".cache/perfcase", ".cache/perfcase/check.json", ".cache/perfcase/.gitignore"]
)
def test_a_link_in_the_caches_place_leads_nowhere(
    run: Run, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "mine").write_text("mine", encoding="utf-8")
    write("docs/a.md", OPEN)
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).symlink_to(outside / "mine" if Path(name).suffix or name.endswith("ignore") else outside)
    first, again = run("check"), run("check")
    assert first.output == again.output == run("check", "--no-cache").output
    assert files(outside) == {"mine": b"mine"}


def test_fix_changes_no_file_that_is_no_record(run: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    kept = {"key": b"- [X] secret\n", "binary": bytes(range(256)), "notes.md": b"# Notes\n\ntext\n- a\n- b\n"}
    for name, data in kept.items():
        (outside / name).write_bytes(data)
        write("docs/index.md", "# Home\n")
        Path(f"docs/{name}.md").symlink_to(outside / name)
    run("fix")
    assert files(outside) == kept


def test_checking_and_building_leave_the_docs_folder_alone(make_site: MakeSite, run: Run, tmp_path: Path) -> None:
    site = make_site({"performance/a.md": OPEN, "t.md": "<!-- perfcase: index -->\n"})
    before = files(tmp_path / "docs")
    site.build()
    for verb in (["check"], ["export"], ["index"], ["fix", "--diff"], ["baseline"]):
        run(*verb)
    assert files(tmp_path / "docs") == before


# ---- The cache


def test_the_clock_is_not_asked_what_is_new(run: Run) -> None:
    write("docs/a.md", COMPLETE)
    os.utime("docs/a.md", (2_000_000_000, 2_000_000_000))
    assert run("check").exit_code == 0
    write("docs/a.md", OPEN)
    os.utime("docs/a.md", (1, 1))
    os.utime(".cache/perfcase/check.json", (2_000_000_000, 2_000_000_000))
    assert run("check").exit_code == 1


def test_a_cache_from_elsewhere_passes_nothing(run: Run) -> None:
    write("docs/a.md", COMPLETE)
    run("check")
    write("docs/b.md", OPEN)
    run("check")
    cache = Path(".cache/perfcase/check.json")
    key, entries = cache.read_text(encoding="utf-8").split("\n")
    pages = json.loads(entries)
    assert pages["b.md"][2]
    pages["b.md"][2] = []
    forged = json.dumps(pages)
    for seal in (key, key[::-1], digest(forged), digest(key + forged)):
        cache.write_text(f"{seal}\n{forged}", encoding="utf-8")
        assert run("check").exit_code == 1


@pytest.mark.parametrize("kind", ["folder", "huge", "deep", "digits"])
def test_whatever_stands_in_the_caches_place(run: Run, kind: str) -> None:
    write("docs/a.md", OPEN)
    first = run("check")
    cache = Path(".cache/perfcase/check.json")
    cache.unlink()
    if kind == "folder":
        cache.mkdir()
    else:
        write(str(cache), {"huge": b" " * 50_000_000, "deep": b'{"pages":' * 100_000, "digits": b"9" * 1_000_000}[kind])
    assert run("check").output == first.output


# ---- Pages that are no text


ENCODED: Mapping[str, tuple[bytes, int]] = {
    "UTF-16 with a mark": (OPEN.encode("utf-16"), 2),
    "UTF-16 without one": (OPEN.encode("utf-16-le"), 0),
    "UTF-32": (OPEN.encode("utf-32"), 2),
    "Latin-1": (OPEN.replace("Price", "Größe").encode("latin-1"), 2),
    "overlong": (OPEN.encode() + b"\xc0\x80", 2),
    "a surrogate": (OPEN.encode() + b"\xed\xa0\x80", 2),
    "a mark": (b"\xef\xbb\xbf" + OPEN.encode(), 1),
    "NUL bytes": (OPEN.replace("\n\n", "\n\n\0\n\n").encode(), 1),
}


@pytest.mark.parametrize("name", ENCODED)
def test_encodings(run: Run, name: str) -> None:
    data, code = ENCODED[name]
    write("docs/a.md", data)
    result = run("check")
    assert result.exit_code == code
    assert result.stderr == ("perfcase: cannot read docs/a.md: it is not UTF-8 text\n" if code == 2 else "")
    assert code != 1 or "PC301" in result.stdout


@pytest.mark.parametrize("figure", ["55554e55554e5/4e5", "0e999999999", "1e309", "-1e-400", "9" * 190 + "e290"])
def test_figures_beyond_any_measure(run: Run, figure: str) -> None:
    assert "450 ms" in COMPLETE
    write("docs/a.md", COMPLETE.replace("450 ms", f"{figure} ms"))
    for arguments in (["check"], ["export"], ["index"]):
        assert run(*arguments).exit_code in (0, 1)

"""`perfcase check` in use: what is chosen, where it reads and writes, and what it keeps for the next run."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from conftest import COMPLETE, ROOT, invoked

from mkdocs_perfcase.writing import write_whole

OPEN = COMPLETE.replace("- [x] No reg", "- [ ] No reg")
LINE = next(n for n, line in enumerate(OPEN.splitlines(), 1) if "No regression" in line)
TBD = COMPLETE.replace("One Redis", "TBD, [fill in] one Redis")
COMMAND = [sys.executable, "-m", "mkdocs_perfcase", "check"]
CACHE = Path(".cache/perfcase/check.json")


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    write("mkdocs.yml", "site_name: Prices\n")
    return tmp_path


def write(name: str, text: str | bytes) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return invoked("check", *arguments, stdin=stdin)


def fired(*arguments: str) -> list[str]:
    return re.findall(r"^\S+: (PC\d+)", run("--no-show-source", *arguments).stdout, re.MULTILINE)


# ---- What counts


def test_rules_are_chosen_by_name_code_or_the_codes_first_characters() -> None:
    write("docs/a.md", TBD.replace("- [x] No reg", "- [ ] No reg").replace("- [x] Monitor", "- [ ] Monitor"))
    assert fired() == ["PC106", "PC301", "PC305"]
    assert fired("--select", "PC3") == ["PC301", "PC305"]
    assert fired("--select", "pc301,placeholder-left") == ["PC106", "PC301"]
    assert fired("--select", "PC1", "--select", "PC305") == ["PC106", "PC305"]
    assert fired("--ignore", "PC3") == ["PC106"]
    assert fired("--select", "PC3", "--ignore", "unchecked-acceptance-criterion") == ["PC305"]
    assert run("--ignore", "PC1,PC301").exit_code == 0
    assert "0 records" not in run("--select", "PC9").stdout
    result = run("--select", "missing-sections")
    assert (result.exit_code, result.stderr) == (
        2,
        "perfcase: no rule 'missing-sections'; did you mean missing-section?\n",
    )
    assert run("--ignore", ",").exit_code == 2


def test_quiet_is_nothing_but_findings() -> None:
    write("docs/a.md", OPEN)
    assert run("-q", "--no-show-source").stdout.count("\n") == 1
    write("docs/a.md", COMPLETE)
    assert run("--quiet").stdout == ""


# ---- What is read


def test_standard_input() -> None:
    write("docs/performance/prices.md", COMPLETE)
    result = run("-", "--stdin-filename", "docs/performance/prices.md", "--no-show-source", stdin="\ufeff" + OPEN)
    assert result.exit_code == 1
    assert result.stdout.startswith(f"docs/performance/prices.md:{LINE}:1: PC301 ")
    assert run("-", stdin=OPEN).stdout.startswith(f"-:{LINE}:1: PC301 ")
    both = run("docs", "-", "--stdin-filename", "docs/performance/prices.md", stdin=OPEN)
    assert "1 open acceptance criterion in 1 record" in both.stdout
    assert run("-", stdin=b"\xff\xfe").stderr == "perfcase: cannot read -: it is not UTF-8 text\n"
    wrong = run("--stdin-filename", "docs/a.md")
    assert (wrong.exit_code, wrong.stderr.count("\n")) == (2, 1)
    assert "add - to the paths" in wrong.stderr


def test_standard_input_is_listed_by_the_name_that_it_stands_for() -> None:
    write("mkdocs.yml", "plugins:\n  - perfcase:\n      records: [tuning/*.md]\n")
    write("docs/tuning/index.md", "---\nperfcase: false\n---\n")
    assert "PC109" in run("-", "--stdin-filename", "docs/tuning/new.md", stdin="# New\n").stdout
    assert "PC109" not in run("-", "--stdin-filename", "docs/other/new.md", stdin="# New\n").stdout


def test_globs_that_no_shell_expanded() -> None:
    for name in ("a/x.md", "a/y.md", "b/z.md", "b/[draft].md"):
        write(f"docs/{name}", OPEN)
    write("docs/a/logo.png", b"\x89PNG\xff")

    def paths(*arguments: str) -> list[str]:
        return re.findall(r"^(\S+):\d+:1: PC", run(*arguments).stdout, re.MULTILINE)

    assert paths("docs/a/*") == ["docs/a/x.md", "docs/a/y.md"]
    assert paths("docs/**/[xz].md") == ["docs/a/x.md", "docs/b/z.md"]
    assert paths("docs/b/[draft].md") == ["docs/b/[draft].md"]
    assert paths("docs/*", "docs/a") == [f"docs/{n}.md" for n in ("a/x", "a/y", "b/[draft]", "b/z")]
    result = run("docs/c/*.md")
    assert (result.exit_code, result.stderr) == (2, "perfcase: cannot read docs/c/*.md: no such file or folder\n")


def test_without_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    write("docs/shut/a.md", OPEN)
    write("docs/b.md", COMPLETE)
    scandir = os.scandir

    def refusing(path: str) -> object:  # since root may enter every folder
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    result = run()
    assert (result.exit_code, result.stderr) == (2, "perfcase: cannot read docs/shut: Permission denied\n")
    assert result.stdout == "perfcase: nothing found in 1 record\n"


def test_names_that_would_move_the_cursor() -> None:
    write("docs/\x1b[2J\nperf.md", OPEN)
    write(os.fsdecode(b"docs/\xff.md"), b"\xff\xff")
    result = run("--no-show-source")
    assert result.stdout.splitlines()[0].startswith(rf"docs/\x1b[2J\nperf.md:{LINE}:1: PC301 ")
    assert result.stderr == "perfcase: cannot read docs/\ufffd.md: it is not UTF-8 text\n"


# ---- Where it writes


def test_an_output_file_is_written_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch, site: Path) -> None:
    write("docs/a.md", COMPLETE)
    write("out/report.json", "old")
    Path("out/report.json").chmod(0o640)
    Path("out/link.json").symlink_to("report.json")
    assert run("--format", "json", "--output", "out/link.json").exit_code == 0
    assert json.loads(Path("out/report.json").read_text(encoding="utf-8"))["records"] == 1
    assert Path("out/link.json").is_symlink()
    assert stat.S_IMODE(Path("out/report.json").stat().st_mode) == 0o640

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = Path("out/report.json").read_bytes()
    monkeypatch.setattr(os, "replace", full)
    result = run("--output", "out/report.json", "--no-cache")
    assert (result.exit_code, result.stderr) == (2, "perfcase: cannot write out/report.json: No space left on device\n")
    assert Path("out/report.json").read_bytes() == before
    assert sorted(path.name for path in Path("out").iterdir()) == ["link.json", "report.json"]
    with pytest.raises(OSError, match="No space"):
        write_whole(site / "new.txt", b"new")
    assert not Path("new.txt").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no such device")
@pytest.mark.parametrize("arguments", [["check"], ["rules"], ["explain", "PC301"], ["new", "Faster"]])
def test_a_full_disk(arguments: list[str]) -> None:
    write("docs/a.md", OPEN)
    with open("/dev/full", "w") as full:
        done = subprocess.run([*COMMAND[:-1], *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "perfcase: cannot go on: No space left on device\n")


def test_a_closed_pipe() -> None:
    for n in range(40):
        write(f"docs/{n}.md", OPEN)
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        assert "PC301" in process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 1


SLOW = """
import multiprocessing, pathlib, sys, time
from mkdocs_perfcase.cli import main
from mkdocs_perfcase.pages import Pages
multiprocessing.set_start_method("fork")
study = Pages.study
def slow(*arguments):
    pathlib.Path("begun").touch()
    time.sleep(0.05)
    return study(*arguments)
Pages.study = slow
main(["check", *sys.argv[1:]], prog_name="perfcase")
"""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_run(jobs: str) -> None:
    for n in range(100):
        write(f"docs/{n}.md", COMPLETE)
    command = [sys.executable, "-c", SLOW, "--jobs", jobs, "--output", "report.txt"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        while not Path("begun").exists():
            assert process.poll() is None
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, "perfcase: interrupted\n")
    assert not Path("report.txt").exists()


# ---- On a terminal


def on_terminal(*command: str, **environment: str) -> str:
    """What a command writes when both its streams are a terminal."""
    ours, theirs = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "TERM")}
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, env={**kept, "TERM": "xterm", **environment})
    os.close(theirs)
    written = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other side is closed
            part = b""
        if not part:
            break
        written += part
    process.wait()
    os.close(ours)
    return written.decode("utf-8")


def test_colours_are_for_terminals() -> None:
    write("docs/a.md", OPEN)
    assert "\x1b[1;33mPC301\x1b[0m" in on_terminal(*COMMAND)
    assert "\x1b" not in on_terminal(*COMMAND, NO_COLOR="1")
    assert "\x1b" not in on_terminal(*COMMAND, TERM="dumb")
    assert "\x1b" not in run().stdout


@pytest.mark.parametrize(("environment", "colored"), [({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "0"}, False), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False), ({}, False)])  # fmt: skip
def test_colours_are_forced_and_refused(
    environment: dict[str, str], colored: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    write("docs/a.md", OPEN)
    assert ("\x1b" in run().stdout) is colored
    run("--output", "out.txt")
    assert "\x1b" not in Path("out.txt").read_text(encoding="utf-8")


def test_a_long_run_shows_progress_on_a_terminal() -> None:
    for n in range(110):
        write(f"docs/{n}.md", "# Short\n\n## Overview\n\n## Metrics\n\n## Symptoms\n\nNothing more.\n")
    assert "Checking" not in on_terminal(*COMMAND, "--no-cache", "--quiet")
    assert re.search(r"Checking .*100%", on_terminal(*COMMAND))
    assert "Checking" not in on_terminal(*COMMAND)  # all of it is known now
    done = subprocess.run([*COMMAND, "--no-cache"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# ---- What is kept


def kept_pages() -> list[str]:
    """The pages in the cache, which holds the configuration's findings, too."""
    kept = json.loads(CACHE.read_text(encoding="utf-8").partition("\n")[2])
    return sorted(name for name in kept if name.endswith(".md"))


def forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    def study(*_: object) -> None:
        raise AssertionError("studied again")

    monkeypatch.setattr("mkdocs_perfcase.pages.Pages.study", study)


def test_what_is_known_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    write("docs/a.md", OPEN)
    write("docs/b.md", TBD)
    write("docs/index.md", "# Home\n")
    first = run()
    assert Path(".cache/perfcase/.gitignore").read_text(encoding="utf-8") == "*\n"
    with monkeypatch.context() as patch:
        forbid(patch)
        again = run()
        assert (again.exit_code, again.output) == (first.exit_code, first.output)
        assert run("docs/a.md", "--select", "PC301", "--fail-on", "error").exit_code == 0
        with pytest.raises(AssertionError):
            run("--no-cache")
        write("docs/b.md", COMPLETE)
        with pytest.raises(AssertionError):
            run()
    assert "PC106" not in run().stdout


def test_a_run_on_a_few_pages_forgets_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    write("docs/a.md", OPEN)
    write("docs/b.md", TBD)
    run()
    write("docs/a.md", COMPLETE)
    run("docs/a.md")
    with monkeypatch.context() as patch:
        forbid(patch)
        run()
    Path("docs/b.md").unlink()
    write("docs/c.md", COMPLETE)
    run()
    assert kept_pages() == ["a.md", "c.md"]


@pytest.mark.parametrize(
    "change",
    [
        lambda: write("mkdocs.yml", "plugins:\n  - perfcase:\n      rules:\n        PC301: error\n"),
        lambda: write("mkdocs.yml", "plugins:\n  - perfcase:\n      exclude: [a.md]\n"),
        lambda: write("mkdocs.yml", "plugins:\n  - perfcase:\n      template: mine.md\n"),
        lambda: write("mkdocs.yml", "markdown_extensions: [md_in_html]\n"),
    ],
)
def test_other_settings_read_everything_anew(change: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    write("docs/a.md", OPEN)
    write("mine.md", "# Mine\n\n## Overview\n\n## Acceptance Criteria\n\n- [ ] p99\n")
    run()
    change()
    anew = run("--no-cache").output
    with monkeypatch.context() as patch:
        forbid(patch)
        with pytest.raises(AssertionError):
            run()
    assert run().output == run().output == anew


def test_a_changed_template_reads_everything_anew() -> None:
    write("mkdocs.yml", "plugins:\n  - perfcase:\n      template: mine.md\n")
    write("mine.md", "# Mine\n\n## Overview\n\n## Acceptance Criteria\n\n- [ ] p99\n")
    write("docs/a.md", "# A\n\n## Overview\n\nWords.\n\n## Acceptance Criteria\n\n- [x] p99\n")
    assert fired() == []
    write("mine.md", "# Mine\n\n## Overview\n\n## Acceptance Criteria\n\n- [ ] p99\n- [ ] p50\n")
    assert fired() == ["PC302"]


def test_pages_that_include_files_are_always_read() -> None:
    write("mkdocs.yml", "markdown_extensions:\n  - pymdownx.snippets:\n      base_path: [!relative $config_dir]\n")
    write("docs/a.md", COMPLETE.replace("- [x] Resource", '--8<-- "more.md"\n- [x] Resource'))
    write("more.md", "- [x] p99 is fine\n")
    assert fired() == []
    write("more.md", "- [ ] p99 is fine\n")
    assert fired() == ["PC301"]


def test_what_is_said_beside_the_findings_is_said_again() -> None:
    write("mkdocs.yml", "markdown_extensions: [no.such.extension]\n")
    write("docs/a.md", OPEN)
    write("docs/b.md", b"\xff")
    first, again = run(), run()
    assert again.stderr == first.stderr
    assert again.stderr.count("\n") == 2


BROKEN: list[Callable[[str], str | bytes]] = [
    lambda text: "",
    lambda text: text[: len(text) // 2],
    lambda text: b"\x80\x04pickle",
    lambda text: "[" * 100_000,
    lambda text: "[]",
    lambda text: text.replace("\n{", "\n[{") + "]",
    lambda text: re.sub(r'"a.md": \[.*?\]\]\]', '"a.md": 5', text),
    lambda text: re.sub(r'"a.md": \["(\w+)".*?\]\]\]', r'"a.md": ["\1", true, [[1]]]', text),
    lambda text: text.replace("true", "7"),
    lambda text: text.replace("PC301", "PC999"),
    lambda text: text.replace("unchecked-acceptance-criterion", "no-such-rule"),
    lambda text: text.replace(", 2, ", ", 9, "),
    lambda text: text.replace(f"[{LINE}, ", f'["{LINE}", '),
]


@pytest.mark.parametrize("number", range(len(BROKEN)))
def test_a_broken_cache_is_mended_in_silence(number: int) -> None:
    write("docs/a.md", OPEN)
    first = run()
    whole = CACHE.read_bytes()
    broken = BROKEN[number](whole.decode())
    assert broken != whole.decode()
    write(str(CACHE), broken)
    again = run()
    assert (again.exit_code, again.output) == (1, first.output)
    assert CACHE.read_bytes() == whole


def test_no_place_for_a_cache() -> None:
    write("docs/a.md", OPEN)
    write(".cache", "a file")
    first, again = run(), run()
    assert first.output == again.output == run("--no-cache").output
    assert Path(".cache").read_text(encoding="utf-8") == "a file"
    Path(".cache").unlink()
    run("--no-cache")
    assert not Path(".cache").exists()


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_does_not_see_the_cache(site: Path) -> None:
    write("docs/a.md", COMPLETE)
    run()
    subprocess.run(["git", "init", "--quiet"], check=True)
    seen = subprocess.run(["git", "status", "--porcelain", "-uall"], capture_output=True, text=True, check=True).stdout
    assert seen.split() == ["??", "docs/a.md", "??", "mkdocs.yml"]


def test_runs_side_by_side() -> None:
    for n in range(12):
        write(f"docs/{n}.md", OPEN.replace("price list", f"price list {n}"))
    expected = run("--no-cache").stdout
    runs = [subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(4)]
    assert [process.communicate()[0] for process in runs] == [expected] * 4
    assert len(kept_pages()) == 12
    assert sorted(path.name for path in CACHE.parent.iterdir()) == [".gitignore", "check.json"]


# ---- On several processors


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_find_what_one_finds(method: str, site: Path) -> None:
    shutil.copytree(ROOT / "failing_site" / "docs", site / "docs")
    config = (ROOT / "failing_site" / "mkdocs.yml").read_text(encoding="utf-8")
    write("mkdocs.yml", config.replace("markdown_extensions:", "markdown_extensions:\n  - no.such.extension"))
    write("docs/bad.md", b"\xff")
    write("docs/deep.md", "---\nperfcase: true\n---\n# Deep\n\n" + "- " * 3000 + "x\n")
    code = (
        "import multiprocessing, sys; from mkdocs_perfcase.cli import main\n"
        "if __name__ == '__main__':\n"
        f"    multiprocessing.set_start_method({method!r}); main(['check', *sys.argv[1:]], prog_name='perfcase')\n"
    )
    done = [
        subprocess.run([sys.executable, "-c", code, "--no-cache", "--jobs", jobs], capture_output=True, text=True, check=False)
        for jobs in ("1", "2")
    ]  # fmt: skip
    assert done[0].stdout == done[1].stdout
    assert sorted(done[0].stderr.splitlines()) == sorted(done[1].stderr.splitlines())
    assert [line.split(":")[1] for line in sorted(done[0].stderr.splitlines())] == [
        " cannot read docs/bad.md", " cannot read docs/deep.md", " the Markdown extension no.such.extension can't be loaded here; pages are read without it",
    ]  # fmt: skip
    assert done[0].returncode == done[1].returncode == 2
    assert "mkdocs.yml" in done[0].stdout

"""Mends: what each does to a record, and what none of them ever does, over mutants of filled records."""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from random import Random

import pytest
from conftest import COMPLETE, ROOT, Run, replaced, with_section, write
from mutants import mutant

from mkdocs_perfcase.check import Page, Project, Study
from mkdocs_perfcase.criteria import Criterion
from mkdocs_perfcase.mend import mend
from mkdocs_perfcase.site import load_site
from mkdocs_perfcase.source import split_front_matter
from mkdocs_perfcase.tree import parse

EXTENSIONS = "markdown_extensions: [admonition, md_in_html, pymdownx.superfences, pymdownx.tasklist, pymdownx.tabbed, attr_list]\n"
TABLE = """### Before/After Comparison

| Metric | Before | After | Improvement |
| --- | --- | --- | --- |
"""
FULL = replaced(
    "### Before/After Comparison",
    TABLE + "| Response Time | 450 ms | 120 ms | 73% |\n| Throughput | 120 rps | 310 rps | 2.6x |\n",
)
"""A record in which nothing is to be mended."""
CRITERIA = "- [x] User experience improved\n- [x] Resource utilization optimal\n"


def fixed(run: Run, text: str | bytes, *, code: int = 0) -> str:
    """A page's text after `perfcase fix`, which changes nothing when it runs again."""
    write("docs/prices.md", text)
    assert run("fix").exit_code == code
    once = Path("docs/prices.md").read_bytes()
    assert run("fix").stdout == "perfcase: nothing to mend\n"
    assert Path("docs/prices.md").read_bytes() == once
    return once.decode("utf-8")


@pytest.mark.parametrize(
    ("others", "before", "after"),
    [
        # empty cells, filled as the column has it
        (["A | 450 ms | 120 ms | 73%"], "Latency | 450 ms | 100 ms | |", "Latency | 450 ms | 100 ms | 78% |"),
        (["A | 450 ms | 120 ms | -73%"], "Latency | 450 ms | 100 ms |   |", "Latency | 450 ms | 100 ms | -78% |"),
        (["A | 450 ms | 120 ms | ↓ 73%"], "Latency | 450 ms | 100 ms |          |", "Latency | 450 ms | 100 ms | ↓ 78%    |"),
        (["A | 450 ms | 120 ms | 73.3%"], r"Latency | 450 ms | 100 ms | \[Z%\] |", "Latency | 450 ms | 100 ms | 77.8% |"),
        (["A | 450 ms | 120 ms | 3.8x"], "Latency | 450 ms | 100 ms | |", "Latency | 450 ms | 100 ms | 4.5x |"),
        (["A | 450 ms | 120 ms | 73%"], "Latency | 450 ms | 100 ms |", "Latency | 450 ms | 100 ms | 78% |"),
        # where the others don't say how it would be written, as pages show it
        ([], "Latency | 450 ms | 120 ms | |", "Latency | 450 ms | 120 ms | −73% |"),
        (["A | 450 ms | 120 ms | 73% faster"], "Memory | 450 MB | 100 MB | |", "Memory | 450 MB | 100 MB | −78% |"),
        (["A | 450 ms | 120 ms | 73% (warm)"], "Latency | 450 ms | 100 ms | |", "Latency | 450 ms | 100 ms | −78% |"),
        (["A | 450 ms | 120 ms | -73%"], "Throughput | 120 rps | 310 rps | |", "Throughput | 120 rps | 310 rps | +158% |"),
        (["A | 450 ms | 120 ms | 73%"], "Memory | 210 MB | 290 MB | |", "Memory | 210 MB | 290 MB | +38% |"),
        # what doesn't follow, corrected with everything around it kept
        ([], "Latency | 450 ms | 120 ms | 85% |", "Latency | 450 ms | 120 ms | 73% |"),
        ([], "Latency | 450 ms | 120 ms | **-85%**  |", "Latency | 450 ms | 120 ms | **-73%**  |"),
        ([], "Latency | 450 ms | 120 ms | ↓ 85.5 % 🎉 |", "Latency | 450 ms | 120 ms | ↓ 73.3 % 🎉 |"),
        ([], "Latency | 450 ms | 120 ms | 8x faster |", "Latency | 450 ms | 120 ms | 3.8x faster |"),
        ([], "Latency | 450 ms | 120 ms | ~85% less (p95) |", "Latency | 450 ms | 120 ms | ~73% less (p95) |"),
        ([], "Latency | 450 ms | 120 ms | 84,5% |", "Latency | 450 ms | 120 ms | 73,3% |"),
        ([], "Latency | 450 ms | 120 ms | -200 ms |", "Latency | 450 ms | 120 ms | -330 ms |"),
        ([], "CPU | 80% | 45% | 60 points |", "CPU | 80% | 45% | 35 points |"),
        ([], "Memory | 210 MB | 290 MB | -60% |", "Memory | 210 MB | 290 MB | +38% |"),
        ([], "Memory | 210 MB | 290 MB | 60% |", "Memory | 210 MB | 290 MB | +38% |"),
        ([], "`p99 \\| max` | 450 ms | 120 ms | 85% |", "`p99 \\| max` | 450 ms | 120 ms | 73% |"),
    ],
)  # fmt: skip
def test_improvements(run: Run, others: list[str], before: str, after: str) -> None:
    for lead, bars in (("| ", " |\n"), ("", "\n")):
        rows = [f"| {row} |\n" for row in others]
        record = with_section(
            f"{TABLE}{''.join(rows)}{lead}{before}{bars if not before.endswith('|') else chr(10)}", FULL
        )
        wanted = with_section(
            f"{TABLE}{''.join(rows)}{lead}{after}{bars if not after.endswith('|') else chr(10)}", FULL
        )
        if not before.endswith("| |") or lead:
            assert fixed(run, record) == wanted


@pytest.mark.parametrize(
    "row",
    [
        "| Latency | 450 ms | 120 ms | 73% |",
        "| Latency | 450 ms | 120 ms | - |",
        "| Latency | 450 ms | 120 ms | n/a |",
        "| Latency | 450 ms | 120 ms | 85% slower |",
        "| Latency | 450 ms | 120 ms | 85% more |",
        "| Latency | 450 ms | 120 ms | 85% (5x) |",
        "| Latency | 450 ms | 120 ms | see below |",
        "| Latency | 400–500 ms | 120 ms | |",
        "| Latency | 450 ms | <120 ms | |",
        "| Latency | 450 ms | | |",
        "| Latency | 0 ms | 120 ms | |",
        "| Latency | 450 ms | 120 MB | |",
        "| Latency | p50 450 ms, p99 900 ms | p50 120 ms, p99 300 ms | |",
    ],
)
def test_improvements_that_are_left_alone(run: Run, row: str) -> None:
    record = with_section(f"{TABLE}{row}\n", FULL)
    assert fixed(run, record) == record


@pytest.mark.parametrize(
    ("section", "wanted"),
    [
        ("Asked:\n- [x] fewer tickets\n- [ ] faster", "Asked:\n\n- [x] fewer tickets\n- [ ] faster"),
        ("Asked:\n- plain\n- [ ] faster", "Asked:\n\n- plain\n- [ ] faster"),
        ("One.\n* [ ] a\n\nTwo.\n* [ ] b", "One.\n\n* [ ] a\n\nTwo.\n\n* [ ] b"),
        ("By month:\n| Month | Tickets |\n| --- | --- |\n| May | 41 |", "By month:\n\n| Month | Tickets |\n| --- | --- |\n| May | 41 |"),
        ("> Asked:\n> - [ ] faster", "> Asked:\n>\n> - [ ] faster"),
        ("!!! note\n    Asked:\n    - [ ] faster", "!!! note\n    Asked:\n\n    - [ ] faster"),
        ("- [X] fewer\n- [x] faster\n    * [X] much", "- [x] fewer\n- [x] faster\n    * [x] much"),
        ("1.  [X] `[X]` is a tick", "1.  [x] `[X]` is a tick"),
    ],
)  # fmt: skip
def test_what_did_not_show(run: Run, section: str, wanted: str) -> None:
    write("mkdocs.yml", f"site_name: Prices\n{EXTENSIONS}")
    heading = "### User Impact\n\n"
    assert fixed(run, with_section(f"{heading}{section}\n", FULL)) == with_section(f"{heading}{wanted}\n", FULL)


@pytest.mark.parametrize(
    "section",
    [
        "- [x ] almost",
        "- [ X] almost",
        "- ✅ done",
        "- [x]no space",
        "Asked:\n    - [ ] would be code",
        "Asked:\n| Month | Tickets |\n| --- |\n| May | 41 |",
        "```\nAsked:\n- [X] in code\n```",
        "<!-- perfcase: ignore unrendered-checkbox shown as typed -->\n\nAsked:\n- [ ] faster",
    ],
)
def test_what_is_left_as_it_shows(run: Run, section: str) -> None:
    record = with_section(f"### User Impact\n\n{section}\n", FULL)
    assert fixed(run, record) == record


def test_a_tick_that_nobody_saw_is_not_brought_to_light(run: Run) -> None:
    section = "### Acceptance Criteria\n\nAll of these:\n- [{}] All benchmarks meet or exceed targets\n- [ ] No regression in other areas\n"
    ticked = with_section(section.format("x") + CRITERIA, FULL)
    assert fixed(run, ticked) == ticked
    assert "All of these:\n\n- [ ]" in fixed(run, with_section(section.format(" ") + "\n" + CRITERIA, FULL))


@pytest.mark.parametrize(
    ("heading", "scaffold"),
    [
        ("### Symptoms", "### Symptoms\n\n*   \\[Observable problem 1\\]\n*   \\[Observable problem 2\\]\n"),
        ("### User Impact", "### User Impact\n\n\\[How this affects end users\\]\n"),
        ("### Lessons Learned", "### Lessons Learned\n\n\\[What worked, what didn't, what to try next time\\]\n"),
        ("## Risk Assessment", "## Risk Assessment\n\n### Potential Risks\n\n*   **Risk 1:** \\[Mitigation strategy\\]\n*   **Risk 2:** \\[Mitigation strategy\\]\n\n### Monitoring Plan\n\n*   **Metrics to watch:** \\[List\\]\n*   **Alert thresholds:** \\[Values\\]\n*   **Monitoring duration:** \\[How long\\]\n"),
        ("### Verification Steps", "### Verification Steps\n\n- [ ] Run benchmark suite\n- [ ] Compare metrics to baseline\n- [ ] Verify no functionality broken\n- [ ] Load test in staging\n- [ ] Monitor production metrics\n"),
        ("## Overview", "## Overview\n\n*   **Optimization Type:** \\[Database Query | API Endpoint | Frontend Load Time | Cache Strategy | Infrastructure\\]\n*   **Component:** \\[Specific component being optimized\\]\n*   **Current Performance:** \\[Current metrics\\]\n*   **Target Performance:** \\[Desired metrics\\]\n"),
    ],
)  # fmt: skip
def test_a_missing_section_is_added_unfilled(run: Run, heading: str, scaffold: str) -> None:
    lacking = re.sub(r"\n+\Z", "\n", replaced(heading, "", FULL).replace("\n\n\n\n", "\n\n"))
    wanted = re.sub(r"\n+\Z", "\n", replaced(heading, scaffold, FULL))
    assert fixed(run, lacking) == wanted
    found = run("check", "--fail-on", "info")
    assert found.exit_code == 1
    assert set(re.findall(r"PC\d{3}", found.stdout)) <= {"PC106", "PC305", "PC505"}


def test_a_heading_above_its_own_sections(run: Run) -> None:
    lacking = FULL.replace("## Risk Assessment\n\n", "")
    assert fixed(run, lacking) == FULL
    deeper = re.sub("^#", "##", lacking, flags=re.MULTILINE)
    assert fixed(run, deeper) == re.sub("^#", "##", FULL, flags=re.MULTILINE)


def test_sections_of_the_authors_own_stay_where_they_belong(run: Run) -> None:
    own = FULL.replace(
        "## Performance Targets", "#### Soak test\n\nA night.\n\n<!-- for the next -->\n\n## Performance Targets"
    )
    lacking = own.replace("### Load Testing", "### Load Testing of old").replace("## Testing &", "## Testing and")
    lacking = replaced("### Benchmark Scenarios", "", own)
    text = fixed(run, lacking)
    assert text.index("## Testing") < text.index("### Benchmark Scenarios") < text.index("### Load Testing")
    no_targets = replaced("## Performance Targets", "", own)
    text = fixed(run, no_targets)
    assert text.index("A night.") < text.index("## Performance Targets") < text.index("## Risk Assessment")


def test_lost_sections_come_back_where_they_were() -> None:
    read = Reader()
    headings = re.findall(r"^##+ .*$", FULL, re.MULTILINE)
    for number in range(60):
        rng = Random(f"lost {number}")
        text = FULL
        for heading in rng.sample(headings, rng.randint(1, 12)):
            if rng.random() < 0.3:
                text = text.replace(f"{heading}\n\n", "", 1)
            elif f"{heading}\n" in text:
                text = replaced(heading, "", text)
        study = read(mend(text, read).text)
        assert study
        assert study.form
        assert not {f.code for f in study.findings} & {"PC101", "PC103", "PC104", "PC302"}, number
        assert len(study.form.record.by_key) >= len(headings) - 3  # of which three may be absent


def test_a_record_with_nothing_but_its_title(run: Run) -> None:
    write("docs/prices.md", "---\nperfcase: true\n---\n# Faster\n")
    assert run("fix").stdout.startswith("docs/prices.md: 11 sections\n")
    found = run("check", "--no-show-source", "--quiet", "--fail-on", "info").stdout
    assert set(re.findall(r" (PC\d{3}) ", found)) == {"PC106", "PC108", "PC301", "PC305"}


@pytest.mark.parametrize(
    "record",
    [
        FULL.replace("## Risk Assessment", "## Risks"),  # for its author to rename
        replaced("### Symptoms", '{% include "symptoms.md" %}\n', FULL),  # may be there once the site is built
        replaced("### Symptoms", '--8<-- "symptoms.md"\n', FULL),
        "---\nperfcase_ignore: [missing-section]\n---\n" + replaced("### Symptoms", "", FULL),
        FULL.replace("- [x] No regression in other areas", "- [x] No regressions elsewhere"),
        "# Not a record\n\n## Overview\n\n- [X] this\n",
    ],
)
def test_what_is_for_its_author_is_left_alone(run: Run, record: str) -> None:
    assert fixed(run, record) == record


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- [x] No regression in other areas\n", "- [ ] No regression in other areas\n"),
        ("- [x] No regression in other areas\n    - measured twice\n", "    - measured twice\n- [ ] No regression in other areas\n"),
    ],
)  # fmt: skip
def test_a_missing_criterion_is_added_open(run: Run, before: str, after: str) -> None:
    section = "### Acceptance Criteria\n\n- [x] All benchmarks meet or exceed targets\n" + CRITERIA
    rest = before.removeprefix("- [x] No regression in other areas\n")
    assert fixed(run, with_section(section + rest, FULL)) == with_section(section + after, FULL)
    assert 'PC301 unchecked acceptance criterion: "No regression in other areas"' in run("check").stdout


def test_criteria_are_listed_as_their_author_lists(run: Run) -> None:
    section = (
        "### Acceptance Criteria\n\n1.  [x] All benchmarks meet or exceed targets\n2.  [x] User experience improved\n"
    )
    added = "3.  [ ] No regression in other areas\n4.  [ ] Resource utilization optimal\n"
    assert fixed(run, with_section(section, FULL)) == with_section(section + added, FULL)
    empty = with_section("### Acceptance Criteria\n", FULL)
    assert fixed(run, empty).count("- [ ] ") == 4


def test_the_projects_own_template(run: Run) -> None:
    write("mkdocs.yml", "site_name: Prices\nplugins:\n  - perfcase:\n      template: mine.md\n")
    mine = "# Title\n\n## What\n\n\\[words\\]\n\nGains\n-----\n\n*   **Much:** \\[how much\\]\n\n## Acceptance Criteria\n\n- [x] p99 below \\[X\\] ms\n"
    write("mine.md", mine)
    text = fixed(
        run, "---\nperfcase: true\n---\n# Faster\n\n## What\n\nAll of it.\n\n## Acceptance Criteria\n\n- [x] Ours\n"
    )
    assert text == (
        "---\nperfcase: true\n---\n# Faster\n\n## What\n\nAll of it.\n\n## Gains\n\n*   **Much:** \\[how much\\]\n\n"
        "## Acceptance Criteria\n\n- [x] Ours\n- [ ] p99 below \\[X\\] ms\n"
    )
    text = fixed(run, "---\nperfcase: true\n---\n# Faster\n\n## What\n\nAll of it.\n\n## Gains\n\n*   **Much:** it\n")
    assert text.endswith("it\n\n## Acceptance Criteria\n\n- [ ] p99 below \\[X\\] ms\n")


def test_snippets_are_left_alone(run: Run) -> None:
    write("mkdocs.yml", "site_name: Prices\nmarkdown_extensions:\n  - pymdownx.snippets:\n      base_path: [inc]\n")
    write("inc/impact.md", "Asked:\n- [ ] faster\n\n- [X] fewer tickets\n")
    record = with_section('### User Impact\n\n--8<-- "impact.md"\n', FULL)
    assert fixed(run, record) == record


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_everything_else_stays_byte_for_byte(run: Run, end: str, mark: str) -> None:
    untidy = FULL.replace("Buyers waited", "Buyers  \x0c\u2028 waited").replace(
        "## Documentation", "## Documentation  "
    )
    lacking = (
        replaced("### Lessons Learned", "", untidy)
        .rstrip("\n")
        .replace("half a second for every price.", "half:\n- [ ] a\t")
    )
    wanted = (
        lacking.replace("half:\n", "half:\n\n")
        + "\n\n### Lessons Learned\n\n\\[What worked, what didn't, what to try next time\\]"
    )
    text = fixed(run, (mark + lacking).replace("\n", end).encode())
    assert text == (mark + wanted).replace("\n", end)


def test_what_is_printed(run: Run) -> None:
    write("docs/prices.md", replaced("### Lessons Learned", "", COMPLETE).replace("- [x] Mon", "- [X] Mon"))
    write("docs/more.md", with_section("### Acceptance Criteria\n\n" + CRITERIA, FULL))
    assert run("fix").stdout == (
        "docs/more.md: 2 criteria\ndocs/prices.md: 1 box, 3 improvements, 1 section\nperfcase: 7 mends in 2 files\n"
    )


def test_diff(run: Run) -> None:
    before = "\ufeff" + with_section(TABLE + "| Latency | 450 ms | 120 ms | 85% |\n", FULL).rstrip("\n")
    write("docs/prices.md", before)
    result = run("fix", "--diff")
    assert result.exit_code == 1
    assert Path("docs/prices.md").read_text(encoding="utf-8") == before
    assert result.stderr == "perfcase: 1 mend in 1 file, not written; run it without --diff to do so\n"
    assert result.stdout.startswith("--- a/docs/prices.md\n+++ b/docs/prices.md\n@@ ")
    changed = [line for line in result.stdout.splitlines()[3:] if line[0] in "+-"]
    assert changed == ["-| Latency | 450 ms | 120 ms | 85% |", "+| Latency | 450 ms | 120 ms | 73% |"]
    run("fix")
    assert run("fix", "--diff").exit_code == 0


def test_files_that_cannot_be_mended(run: Run) -> None:
    write("docs/a.md", b"\xff\xfe")
    write("docs/b.md", COMPLETE)
    result = run("fix")
    assert result.exit_code == 2
    assert result.stderr == "perfcase: cannot read docs/a.md: it is not UTF-8 text\n"
    assert "docs/b.md: 3 improvements" in result.stdout
    assert run("fix", "gone.md").exit_code == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_file_without_rights(run: Run) -> None:
    write("docs/a.md", COMPLETE)
    Path("docs/a.md").chmod(0o444)
    result = run("fix")
    assert (result.exit_code, result.stderr) == (2, "perfcase: cannot write docs/a.md: Permission denied\n")
    assert Path("docs/a.md").read_text(encoding="utf-8") == COMPLETE


def test_a_full_disk_leaves_the_file_whole(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    write("docs/a.md", COMPLETE)
    monkeypatch.setattr(os, "replace", lambda *_: full(_))
    result = run("fix")
    assert (result.exit_code, result.stderr) == (2, "perfcase: cannot write docs/a.md: No space left on device\n")
    assert Path("docs/a.md").read_text(encoding="utf-8") == COMPLETE
    assert os.listdir("docs") == ["a.md"]


def test_links_and_rights_stay(run: Run) -> None:
    write("elsewhere/a.md", COMPLETE)
    Path("elsewhere/a.md").chmod(0o640)
    Path("docs").mkdir()
    Path("docs/a.md").symlink_to("../elsewhere/a.md")
    assert run("fix").exit_code == 0
    assert Path("docs/a.md").is_symlink()
    assert stat.S_IMODE(Path("elsewhere/a.md").stat().st_mode) == 0o640
    assert "2.6x" not in COMPLETE
    assert "158%" in Path("elsewhere/a.md").read_text(encoding="utf-8")


# ---- Over mutants

MUTANTS = int(os.environ.get("PERFCASE_MUTANTS", "400"))
CHUNKS = 8
OF_SCAFFOLD = {"PC106", "PC108", "PC301", "PC305"}


class Reader:
    """Studies a page as the example site's own."""

    def __init__(self) -> None:
        self._markdown, _ = load_site(ROOT / "example_site" / "mkdocs.yml", ROOT).markdown()
        self._project = Project()

    def __call__(self, text: str) -> Study | None:
        body, meta = split_front_matter(text)
        page = Page("performance/mutant.md", {**meta, "perfcase": True}, lambda: text)
        return self._project.study(page, parse(self._markdown, body), self._markdown.htmlStash)


def spoiled(number: int) -> str:
    """A mutant that also lacks some criteria, ticks with capitals and states changes that don't follow."""
    rng = Random(f"fix {number}")
    text = mutant(number).file
    text = re.sub(r"^- \[x\]", lambda m: rng.choice((m[0], m[0], "- [X]")), text, flags=re.MULTILINE)
    text = re.sub(r"^- \[.\] No regression.*\n", lambda m: rng.choice((m[0], "")), text, flags=re.MULTILINE)
    return re.sub(
        r"(?<=\| )([+−-]?)\d+(?= ?%[^|\n]*\|\r?$)",
        lambda m: m[1] + rng.choice(("7", "1", "61")),
        text,
        flags=re.MULTILINE,
    )


def lines_of(text: str) -> list[str]:
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)


def added_lines(before: str, after: str) -> set[int]:
    """The lines that are new. All others are there as they were, but for a cell or the letter in a box."""
    old = lines_of(before)
    place = 0
    added: set[int] = set()
    for number, line in enumerate(lines_of(after), 1):
        if place < len(old) and _is_mended(old[place], line):
            place += 1
        else:
            added.add(number)
    assert place == len(old), old[place]
    return added


def _is_mended(old: str, new: str) -> bool:
    """Whether a line differs in one cell alone, in a box's letter, or in the end that a last line hasn't got."""
    if old.rstrip("\r\n") == new.rstrip("\r\n") or old.replace("[X]", "[x]", 1) == new:
        return True
    cells, others = old.split("|"), new.split("|")
    differing = sum(a != b for a, b in zip(cells, others, strict=False))
    return len(cells) > 1 and 0 <= len(others) - len(cells) <= 1 and differing <= 1


def states(study: Study, without: Collection[int] = ()) -> list[tuple[str, bool]]:
    assert study.form
    found: list[Criterion] = [*study.form.record.criteria, *study.form.record.verification]
    return [(criterion.text, criterion.is_open) for criterion in found if criterion.line not in without]


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_no_mend_does_harm(chunk: int) -> None:
    read = Reader()
    kinds: Counter[str] = Counter()
    for number in range(chunk, MUTANTS, CHUNKS):
        before = spoiled(number)
        after, edits = mend(before, read)
        kinds.update(edit.kind for edit in edits)
        assert mend(after, read) == (after, ()), number
        assert bool(edits) == (after != before)
        old, new = read(before), read(after)
        assert old
        assert new
        added = added_lines(before, after)
        assert states(new, without=added) == states(old)
        assert all(is_open for _, is_open in (Counter(states(new)) - Counter(states(old))))
        slips = Counter(f.code for f in new.findings if not (f.line in added and f.code in OF_SCAFFOLD))
        assert slips <= Counter(f.code for f in old.findings), number
        assert len(re.findall(r"\[[xX]\]", after)) == len(re.findall(r"\[[xX]\]", before))
        assert after.startswith("\ufeff") == before.startswith("\ufeff")
        assert Counter(re.findall(r"\r?\n", after)).keys() == Counter(re.findall(r"\r?\n", before)).keys()
    assert kinds.keys() == {"blank line", "box", "improvement", "section", "criterion"}

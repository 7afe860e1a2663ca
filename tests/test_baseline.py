"""Accepted findings: what the baseline keeps out, what it doesn't, and what becomes of its file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import COMPLETE, Run, Site, replaced, with_section, write
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_perfcase.baseline import Baseline, read_baseline
from mkdocs_perfcase.fingerprint import Slip

CONFIG = "site_name: Prices\nplugins:\n  - perfcase:\n      baseline: old.json\n"
TBD = "### User Impact\n\nBuyers waited (TBD) for every price.\n"
OLD = replaced("### Symptoms", "", with_section(TBD, COMPLETE)).replace("| 120 ms | 73% |", "| 120 ms | 85% |")
"""A record with a slip of each sort: something missing, something left, and something wrong."""
OPEN = COMPLETE.replace("- [x] No reg", "- [ ] No reg")
FOUND = {"missing-section", "placeholder-left", "improvement-mismatch"}


@pytest.fixture
def accepted(run: Run) -> Run:
    """A site that has accepted what is found on its one page."""
    write("mkdocs.yml", CONFIG)
    write("docs/prices.md", OLD)
    assert run("baseline").stdout == "old.json: 3 accepted findings in 1 page\n"
    return run


def rules_of(run: Run, *arguments: str) -> list[str]:
    found = json.loads(run("check", "--format", "json", *arguments).stdout)["findings"]
    return sorted(finding["rule"] for finding in found)


def test_what_is_accepted_is_left_out(accepted: Run) -> None:
    assert accepted("check", "--fail-on", "info").exit_code == 0
    write("mkdocs.yml", "site_name: Prices\n")
    assert set(rules_of(accepted)) == FOUND


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# Cache the price list\n", "---\nowner: Ada\n---\n\n# Cache the price list\n\nFirst of all, this.\n"),
        ("## Performance Issue\n", "## Background\n\nOf old.\n\n## 2. Performance Issue\n"),
        ("Buyers waited (TBD)", "   Buyers  waited (TBD)"),
        ("\n", "\r\n"),
    ],
)
def test_edits_elsewhere_revive_nothing(accepted: Run, old: str, new: str) -> None:
    assert old in OLD
    write("docs/prices.md", OLD.replace(old, new))
    assert rules_of(accepted) == []


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("Buyers waited (TBD) for every price.\n", "Buyers waited (TBD) for every price.\n\n" * 2, ["placeholder-left"]),
        ("- [x] No reg", "- [ ] No reg", ["unchecked-acceptance-criterion"]),
        ("| 120 ms | 85% |", "| 120 ms | 86% |", ["improvement-mismatch", "unused-ignore"]),
        ("**Tool:** k6 1.3", "**Tool:** TBD", ["placeholder-left"]),
    ],
)  # fmt: skip
def test_a_new_slip_fails(accepted: Run, old: str, new: str, rules: list[str]) -> None:
    write("docs/prices.md", OLD.replace(old, new))
    assert rules_of(accepted) == rules
    assert accepted("check").exit_code == 1


def test_what_was_mended_can_be_removed(accepted: Run) -> None:
    write("docs/prices.md", OLD.replace("(TBD)", "a second").replace("| 85% |", "| 73% |"))
    result = accepted("check", "--no-show-source")
    assert result.exit_code == 0
    message = (
        "PC901 2 accepted findings of improvement-mismatch, placeholder-left are gone; "
        "`perfcase baseline` writes old.json anew without them"
    )
    assert message in result.stdout
    assert accepted("baseline").stdout == "old.json: 1 accepted finding in 1 page\n"
    assert rules_of(accepted) == []


def test_a_page_without_slips_or_without_a_record_is_looked_at(accepted: Run) -> None:
    write("docs/prices.md", "# Prices\n\nWe have stopped writing this down.\n")
    assert "3 accepted findings of" in accepted("check").stdout
    Path("docs/prices.md").unlink()
    assert "mkdocs.yml:4" in accepted("check").stdout
    assert "3 accepted findings on prices.md are gone" in accepted("check").stdout
    assert accepted("check").exit_code == 0


def test_open_criteria_are_accepted_only_by_name(run: Run) -> None:
    write("mkdocs.yml", CONFIG)
    write("docs/prices.md", OPEN)
    printed = "old.json: 0 accepted findings in 0 pages\nNot among them: 1 open acceptance criterion; --include-gate accepts those, too.\n"
    assert run("baseline").stdout == printed
    assert rules_of(run) == ["unchecked-acceptance-criterion"]
    assert run("baseline", "--include-gate").stdout == "old.json: 1 accepted finding in 1 page\n"
    assert rules_of(run) == []
    write("docs/prices.md", OPEN.replace("- [x] User", "- [ ] User"))
    assert rules_of(run) == ["unchecked-acceptance-criterion"]


def test_pages_show_accepted_criteria_as_open(run: Run, make_site: Callable[..., Site]) -> None:
    site = make_site({"prices.md": OPEN}, {"baseline": "old.json"}, theme="mkdocs")
    write("mkdocs.yml", CONFIG)
    run("baseline", "--include-gate")
    site.build(strict=True)
    assert site.error is None
    assert site.findings() == []
    assert "No regression in other areas" in site.page("performance/index.html").get_text()
    assert site.page("prices/index.html").find(id="perfcase-criterion-2")
    record = json.loads((site.output / "perfcase.json").read_text(encoding="utf-8"))["records"][0]
    assert [criterion["text"] for criterion in record["acceptance"]["open"]] == ["No regression in other areas"]
    site.write({"prices.md": OPEN.replace("- [x] User", "- [ ] User")})
    site.build(strict=True)
    assert site.error is not None
    assert ["User experience improved" in finding for finding in site.findings()] == [True]


def test_the_build_says_what_check_says(accepted: Run, make_site: Callable[..., Site]) -> None:
    site = make_site({"prices.md": OLD.replace("(TBD)", "a second")}, {"baseline": "old.json"}, theme="mkdocs")
    site.build(strict=True)
    assert site.error is None
    assert [finding.split(" ", 1)[1] for finding in site.findings("INFO")] == [
        "PC901 an accepted finding of placeholder-left is gone; `perfcase baseline` writes old.json anew without it"
    ]


def test_fix_leaves_what_is_accepted(accepted: Run) -> None:
    accepted("fix")
    text = Path("docs/prices.md").read_text(encoding="utf-8")
    assert "| 120 ms | 85% |" in text
    assert "### Symptoms" not in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot read old.json: No such file or directory; `perfcase baseline` writes it"),
        (b"\xff\xfe", "cannot read old.json: it is not UTF-8 text"),
        ("{", "cannot use old.json: it is not valid JSON: Expecting property name"),
        ("[]", "cannot use old.json: it is no list of accepted findings"),
        ('{"version": 2, "pages": {}}', 'expected "version": 1 and "pages"'),
        ('{"version": 1, "pages": {"a.md": {}}}', 'an entry of "a.md" is no accepted finding'),
        ('{"version": 1, "pages": {"a.md": ["x"]}}', 'an entry of "a.md" is no accepted finding'),
        ('{"version": 1, "pages": {"a.md": [{"rule": "x", "message": "", "source": "", "count": true}]}}', "and a count"),
        ("[" * 100_000, "it is not valid JSON"),
    ],
)  # fmt: skip
def test_a_missing_or_broken_file_is_one_line(
    run: Run, make_site: Callable[..., Site], text: str | bytes | None, message: str
) -> None:
    write("mkdocs.yml", CONFIG)
    write("docs/prices.md", COMPLETE)
    if text is not None:
        write("old.json", text)
    for verb in ("check", "fix"):
        result = run(verb)
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1
        assert "option 'baseline'" in result.stderr
        assert message in result.stderr
    assert make_site({}, {"baseline": "old.json"}, theme="mkdocs").build().error is not None
    write("mkdocs.yml", CONFIG)
    assert run("baseline").exit_code == 0
    assert run("check").exit_code == 0


def test_the_file_is_the_same_each_time_and_in_order(accepted: Run) -> None:
    first = Path("old.json").read_bytes()
    write("docs/a/more.md", OLD.replace("Buyers", "Käufer"))
    accepted("baseline")
    second = Path("old.json").read_text(encoding="utf-8")
    accepted("baseline")
    assert Path("old.json").read_text(encoding="utf-8") == second
    assert list(json.loads(second)["pages"]) == ["a/more.md", "prices.md"]
    assert len(second.splitlines()) == 1 + 2 * (1 + 3 + 1) + 1
    Path("docs/a/more.md").unlink()
    accepted("baseline")
    assert Path("old.json").read_bytes() == first


def test_where_it_is_written(run: Run) -> None:
    write("docs/prices.md", OLD)
    assert run("baseline").stdout == (
        "perfcase-baseline.json: 3 accepted findings in 1 page\n"
        "Name it in mkdocs.yml, under the plugin perfcase: `baseline: perfcase-baseline.json`.\n"
    )
    write("mkdocs.yml", CONFIG.replace("old.json", "no/such/old.json"))
    result = run("baseline")
    assert (result.exit_code, result.stderr) == (
        2,
        "perfcase: cannot write no/such/old.json: No such file or directory\n",
    )
    Path("mkdocs.yml").unlink()
    assert "there is no mkdocs.yml here" in run("baseline").stderr


def test_nothing_is_forgotten_for_a_page_that_cannot_be_read(accepted: Run) -> None:
    before = Path("old.json").read_bytes()
    write("docs/prices.md", b"\xff\xfe")
    result = accepted("baseline")
    assert result.exit_code == 2
    assert "no baseline is written while a page can't be read" in result.stderr
    assert Path("old.json").read_bytes() == before


TEXTS = st.text(max_size=20)
SLIPS = st.builds(Slip, TEXTS, TEXTS, TEXTS)


@given(st.dictionaries(TEXTS, st.dictionaries(SLIPS, st.integers(1, 9), min_size=1), max_size=4))
def test_what_is_written_is_read(pages: dict[str, dict[Slip, int]]) -> None:
    text = Baseline(pages).text()
    assert read_baseline(text) == Baseline(pages)
    assert read_baseline(text).text() == text

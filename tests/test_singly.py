"""Changes that are offered one by one: what each settles, and that each holds without the others."""

from __future__ import annotations

import pytest
from conftest import COMPLETE, replaced, study, with_section
from mutants import mutant

from mkdocs_perfcase.fingerprint import slips
from mkdocs_perfcase.mend import PROPOSALS
from mkdocs_perfcase.mend.page import Page
from mkdocs_perfcase.mend.singly import Single, ignoring, singly


def page(text: str) -> Page:
    read = Page.read(text, study)
    assert read is not None
    return read


def singles(text: str) -> list[Single]:
    return list(singly(page(text), study, PROPOSALS))


def test_each_mend_settles_what_it_mends() -> None:
    text = with_section("### Lessons Learned\n", replaced("### User Impact", "")).replace("| 73% |", "| 85% |")
    text = text.replace("- [x] User experience improved\n", "")
    found = {(one.edit.kind, tuple(finding.rule for finding in one.settles)) for one in singles(text)}
    assert found >= {
        ("improvement", ("improvement-mismatch",)),
        ("section", ("missing-section",)),
        ("criterion", ("missing-acceptance-criterion",)),
    }


def test_a_mend_without_a_finding_stands_on_its_own_line() -> None:
    (box,) = [one for one in singles(COMPLETE.replace("- [x] No reg", "- [X] No reg")) if one.edit.kind == "box"]
    line = next(n for n, text in enumerate(COMPLETE.splitlines(), 1) if "No regression" in text)
    assert (box.settles, box.lines) == ((), {line})
    assert box.text == COMPLETE


@pytest.mark.parametrize("number", range(40))
def test_each_holds_without_the_others(number: int) -> None:
    text = mutant(number).file
    if (before := Page.read(text, study)) is None:
        return
    for one in singly(before, study, PROPOSALS):
        after = page(one.text)
        assert [c.state for c in after.record.criteria if not c.is_open] == [
            c.state for c in before.record.criteria if not c.is_open
        ]
        assert not set(slips(one.settles)) & set(slips(after.findings))


@pytest.mark.parametrize(
    ("section", "rule"),
    [
        ("### Approach\n\nTBD\n", "placeholder-left"),
        ("### Load Testing\n\n* **Tool:** k6\n* **Test duration:** 1 s\n* **Concurrent users:** TBD\n* **Expected results:** ok\n", "placeholder-left"),
        ("### Load Testing\n\n* **Tool:** k6\n* **Test duration:** 1 s\n* **Expected results:** ok\n", "missing-field"),
        ("### Before/After Comparison\n\n| Metric | Before | After | Improvement |\n| --- | --- | --- | --- |\n| Latency | 4 s | 1 s | 80% |\n", "improvement-mismatch"),
        ("### Benchmark Scenarios\n\n**A full basket**\n\n* **Test conditions:** 40 items\n* **Before optimization:** 450 ms\n", "missing-field"),
        ("### User Impact\n", "empty-section"),
    ],
)  # fmt: skip
def test_an_ignore_settles_once_it_has_a_reason(section: str, rule: str) -> None:
    before = page(with_section(section))
    finding = next(finding for finding in before.findings if finding.rule == rule)
    ignored = ignoring(before, study, finding)
    assert ignored is not None
    unsettled = page(ignored.text)
    assert rule in {finding.rule for finding in unsettled.findings}
    assert "unused-ignore" in {finding.rule for finding in unsettled.findings}
    settled = page(ignored.text.replace("REASON", "as agreed in June"))
    assert finding in ignored.settles
    assert rule not in {finding.rule for finding in settled.findings}
    assert settled.told() == before.told()


def test_what_a_page_cannot_ignore() -> None:
    text = COMPLETE.replace("- [x] No reg", "- [ ] No reg")
    text = text.replace("## Overview", "<!-- perfcase: ignore missing-field once needed -->\n\n## Overview", 1)
    before = page(text)
    assert {finding.rule for finding in before.findings} >= {"unchecked-acceptance-criterion", "unused-ignore"}
    assert [ignoring(before, study, finding) for finding in before.findings] == [None] * len(before.findings)

"""Each rule, by its own examples: the bad one fires it and nothing else, the good one fires nothing."""

from __future__ import annotations

import pytest
from conftest import COMPLETE, found, replaced, study, with_section

from mkdocs_perfcase.examples import findings
from mkdocs_perfcase.findings import Rule, Severity
from mkdocs_perfcase.reference import rule_page
from mkdocs_perfcase.rules import RULES

ALL = sorted(RULES.values(), key=lambda rule: rule.code)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_examples(rule: Rule) -> None:
    assert {finding.rule for finding in findings(rule, rule.bad)} == {rule.name}
    assert findings(rule, rule.good) == ()


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_the_rules_page_shows_its_message(rule: Rule) -> None:
    shown = rule_page(rule)
    assert rule.bad in shown
    assert f" {rule.code} " in shown
    assert findings(rule, rule.bad)[0].message in shown


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_is_told(rule: Rule) -> None:
    assert rule.summary.endswith(".")
    assert "\n" not in rule.summary
    assert len(rule.explanation) > 60
    assert rule.severity > Severity.OFF
    assert rule.bad != rule.good


def test_codes_and_names_as_published() -> None:
    assert {rule.code: rule.name for rule in ALL} == {
        "PC101": "missing-section",
        "PC102": "empty-section",
        "PC103": "section-out-of-order",
        "PC104": "duplicate-section",
        "PC105": "missing-field",
        "PC106": "placeholder-left",
        "PC107": "unknown-choice",
        "PC108": "template-code-left",
        "PC109": "unrecognised-record",
        "PC110": "almost-a-record",
        "PC201": "unrendered-checkbox",
        "PC202": "unrendered-table",
        "PC203": "unclosed-fence",
        "PC301": "unchecked-acceptance-criterion",
        "PC302": "missing-acceptance-criterion",
        "PC303": "unknown-checkbox-state",
        "PC304": "waiver-without-reason",
        "PC305": "unchecked-verification-step",
        "PC401": "unreadable-value",
        "PC402": "incompatible-units",
        "PC403": "improvement-mismatch",
        "PC404": "missing-measurement",
        "PC405": "unknown-direction",
        "PC501": "target-missed",
        "PC502": "regression",
        "PC503": "contradicted-criterion",
        "PC504": "inconsistent-baseline",
        "PC505": "target-unmeasured",
        "PC601": "evidence-missing",
        "PC602": "evidence-unreadable",
        "PC603": "evidence-mismatch",
        "PC604": "evidence-insignificant",
        "PC605": "evidence-stale",
        "PC901": "unused-ignore",
        "PC902": "unknown-rule",
    }


def test_the_complete_record_has_no_findings() -> None:
    assert found(COMPLETE) == []


def line_of(text: str, record: str) -> int:
    return next(number for number, line in enumerate(record.splitlines(), 1) if text in line)


@pytest.mark.parametrize(
    ("section", "expected", "at"),
    [
        ("### Symptoms\n", "empty-section", "### Symptoms"),
        ("### Load Testing\n\n* **Tool:** k6\n* **Test duration:** TBD\n* **Concurrent users:** 5\n* **Expected results:** ok\n", "placeholder-left", "TBD"),
        ("### Load Testing\n\n* **Tool:** k6\n* **Test duration:** 5 min\n* **Concurrent users:** ___\n* **Expected results:** ok\n", "placeholder-left", "___"),
        ("### Load Testing\n\n* **Tool:** [FILL IN]\n* **Test duration:** 5 min\n* **Concurrent users:** 9\n* **Expected results:** ok\n", "placeholder-left", "FILL"),
        ("### Load Testing\n\n* **Tool:** k6\n* **Test duration:**\n* **Concurrent users:** 9\n* **Expected results:** ok\n", "missing-field", "duration"),
        ("### Approach\n\nTODO: write this\n", "placeholder-left", "TODO"),
        ("### Caching Strategy\n\n* **Cache layer:** Rediss\n* **Cache key:** k\n* **TTL:** 1 s\n* **Invalidation strategy:** none\n", "unknown-choice", "Rediss"),
        ("### Caching Strategy\n", "empty-section", "### Caching"),
    ],
)  # fmt: skip
def test_lines_are_exact(section: str, expected: str, at: str) -> None:
    record = with_section(section)
    assert found(record) == [(expected, line_of(at, record))]


@pytest.mark.parametrize(
    "section",
    [
        "### Approach\n\nThe TODO list of the shop is read once.\n",
        "### Approach\n\nSee `TBD` in `__init__` and ___really___ not more.\n",
        "### Approach\n\nWe filled in the gaps; x86 and arrays like `a[X]` were left alone.\n",
        "### Symptoms\n\n*   [X] is slow, see [the report](https://example.org/fill)\n",
        "### Load Testing\n\nTool: k6\n\nTest duration: 5 min\n\nConcurrent users: 5\n\nExpected results: fine\n",
        "### Load Testing\n\n- **Tool**: k6\n- **Test duration** - 5 min\n- __Concurrent users:__ 5\n- Expected results: fine\n",
        "### Load Testing\n\n**Tool:** k6\n**Test duration:** 5 min\n**Concurrent users:** 5\n**Expected results:** fine\n",
        "### Caching Strategy\n\n* **Cache layer:** Redis 7 (cluster) and CDN, for a day\n* **Cache key:** k\n* **TTL:** 1 s\n* **Invalidation strategy:** none\n",
        "### Code Changes\n\n* **Files modified:**\n    * a.py\n    * b.py\n* **Functions affected:**\n  - f\n  - g\n* **Algorithm changes:** none\n",
        "### Acceptance Criteria\n\n- [x] All benchmarks meet or exceed targets<sup>1</sup>\n- [x] No regression in other areas @ada\n- [x] User experience improved since tickets halved\n- [x] Resource utilization optimal at 45% CPU\n\nSigned off:\n\n- Ada\n- Bob\n",
        "### Acceptance Criteria\n\n- [x] All benchmarks meet or exceed targets\n- [x] No regression in other areas\n- [x] User experience improved\n- [x] Resource utilization optimal\n\n| Page | Target | Status |\n|---|---|---|\n| checkout | 150 ms | ✅ |\n",
        "### Acceptance Criteria\n\n- [x] All benchmarks meet or exceed targets\n- [x] No regression in other areas\n- [ ] User experience improved\n\n    <!-- perfcase: waive a nightly job -->\n\n- [x] Resource utilization optimal\n",
        "### Load Testing\n\nNot done: the job runs at night, alone.\n",
        "### Caching Strategy\n\nN/A - nothing is cached.\n",
        "### Load Testing\n\n| Field | Value |\n|---|---|\n| Tool | k6 |\n| Test duration | 5 min |\n| Concurrent users | 5 |\n| Expected results | fine |\n",
        "### Load Testing\n\n* *Tool:* k6\n* *Test durations:* 5 min\n* *Concurrent users (peak):* 5\n* *Expected results:*\n\n    | a | b |\n    |---|---|\n    | 1 | 2 |\n",
        "### Proposed Changes\n\n**One query**\n\n```diff\n- a\n+ b\n```\n\n* **Expected improvement:** 60%\n* **Tradeoffs:** none\n\n**Note**\n\nNothing else changed.\n",
        "### Caching Strategy\n\n* **Cache layer:** Redis\n* **Cache key:** {your tenant}:prices:<your id>\n* **TTL:** 1 s\n* **Invalidation strategy:** a {placeholder} in the URL\n",
        "### Lessons Learned\n\n#### Approach\n\nCount queries.\n\n#### Metrics\n\nMeasure.\n",
    ],
)  # fmt: skip
def test_what_people_write_is_not_accused(section: str) -> None:
    assert found(with_section(section)) == []


@pytest.mark.parametrize(
    "heading",
    ["## 8. Risk Assessment", "## ⚠️ RISK ASSESSMENT:", "## **Risk Assessment**", "## 8.1 Risk assessment (done)", "#### Risk Assessment ✅", "Risk Assessment\n---", "## Risk Assessment { #risks .x }", "## :warning: Risk Assessment", "## Part 3: Risk Assessment", "## § 3 Risk Assessment", "## h) Risk Assessment"],
)  # fmt: skip
def test_decorated_headings_match(heading: str) -> None:
    assert found(COMPLETE.replace("## Risk Assessment", heading)) == []


def test_a_title_named_like_a_section() -> None:
    record = COMPLETE.replace("# Cache the price list", "# Overview")
    assert found(record) == []
    result = study(record)
    assert result is not None
    assert result.form is not None
    assert result.form.record.title == "Overview"


def test_a_missing_section_tells_those_below_it() -> None:
    record = replaced("## Rollback Plan", "", COMPLETE)
    assert [rule for rule, _ in found(record)] == ["missing-section"]


def test_moving_one_section_is_one_finding() -> None:
    lessons = "### Lessons Learned\n\nCount queries in tests.\n"
    record = replaced("### Lessons Learned", "", COMPLETE).replace(
        "## Performance Issue", f"{lessons}\n## Performance Issue"
    )
    assert [rule for rule, _ in found(record)] == ["section-out-of-order"]


def test_ignores() -> None:
    section = "### Approach\n\n<!-- perfcase: ignore placeholder-left,PC102 until June -->\n\nTBD\n\nTBD\n"
    assert {rule for rule, _ in found(with_section(section))} == {"placeholder-left", "unused-ignore"}
    front = "---\nperfcase_ignore: [PC106]\n---\n"
    assert found(front + with_section("### Approach\n\nTBD\n")) == []
    assert found("---\nperfcase_ignore: [nonsense]\n---\n" + COMPLETE) == [("unknown-rule", 2)]


def test_a_comment_in_code_ignores_nothing() -> None:
    section = "### Approach\n\nTBD, as `<!-- perfcase: ignore placeholder-left it is an example -->` says\n"
    assert {rule for rule, _ in found(with_section(section))} == {"placeholder-left"}


def test_the_gate_cannot_be_ignored() -> None:
    open_record = COMPLETE.replace("- [x] User", "- [ ] User")
    front = "---\nperfcase_ignore: [unchecked-acceptance-criterion]\n---\n"
    assert {rule for rule, _ in found(front + open_record)} == {"unchecked-acceptance-criterion", "unused-ignore"}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("- [x] done <!-- perfcase: waive it is done -->", "unused-ignore"),
        ("Text.\n\n<!-- perfcase: waive for no criterion -->", "unused-ignore"),
        ("Text. <!-- perfcase: waived because -->", "unknown-rule"),
    ],
)
def test_waivers_of_nothing(text: str, rule: str) -> None:
    assert {name for name, _ in found(with_section(f"### User Impact\n\n{text}\n"))} == {rule}


def test_an_inline_ignore_covers_its_own_block() -> None:
    section = "### Symptoms\n\n* TBD <!-- perfcase: ignore placeholder-left, missing-field the vendor's word -->\n"
    assert found(with_section(section)) == [("unused-ignore", 14)]


def test_an_ignore_below_a_heading_covers_it() -> None:
    section = "### Load Testing\n\n<!-- perfcase: ignore missing-field no users here -->\n\n* **Tool:** k6\n* **Test duration:** 1 s\n* **Expected results:** ok\n"
    assert found(with_section(section)) == []


def test_a_misspelt_status_is_told() -> None:
    assert found("---\nstatus: proposd\n---\n" + COMPLETE) == [("unknown-rule", 1)]
    assert found("---\nstatus: done\n---\n" + COMPLETE) == []


@pytest.mark.parametrize("reason", ["", "REASON", "- todo", "tbd."])
def test_an_ignore_needs_a_reason(reason: str) -> None:
    section = f"### Approach\n\n<!-- perfcase: ignore placeholder-left {reason} -->\n\nTBD\n"
    assert {rule for rule, _ in found(with_section(section))} == {"placeholder-left", "unused-ignore"}

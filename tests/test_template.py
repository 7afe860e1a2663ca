"""The template is the schema: a team's own file changes every requirement."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import COMPLETE, Site, replaced, study, with_section

from mkdocs_perfcase.template import SHIPPED, Role, TemplateError, read_template

MakeSite = Callable[..., Site]
TEXT = SHIPPED.read_text(encoding="utf-8")


def test_the_shipped_template() -> None:
    template = read_template(TEXT)
    assert len(template.headings) == 36
    assert [form.title for form in template.sections.values() if form.optional] == [
        "Database Optimizations",
        "Caching Strategy",
        "Infrastructure Changes",
    ]
    assert template.sections["overview"].fields[0].choices == (
        "Database Query",
        "API Endpoint",
        "Frontend Load Time",
        "Cache Strategy",
        "Infrastructure",
    )
    changes = template.sections["proposed changes"]
    assert [form.name for form in changes.item_fields] == [
        "Current implementation",
        "Optimized implementation",
        "Expected improvement",
        "Trade-offs",
    ]
    assert changes.item_fields[2].choices == ()
    assert template.sections["potential risks"].fields == ()
    assert template.sections["before after comparison"].columns == ("Metric", "Before", "After", "Improvement")
    assert all(template.role(role) for role in Role)


OWN = (
    replaced("## Rollback Plan", "", TEXT)
    .replace("*   **Component:**", "*   **Reviewer:** \\[Who signs it off\\]\n*   **Component:**")
    .replace("- [ ] Resource utilization optimal", "- [ ] Resource utilization optimal\n- [ ] Costs stay within budget")
    .replace("Database Query | API Endpoint", "Storage | Service")
)


def test_every_finding_follows_a_teams_own_template(make_site: MakeSite, tmp_path: Path) -> None:
    (tmp_path / "own.md").write_text(OWN, encoding="utf-8")
    record = replaced("## Rollback Plan", "")
    site = make_site({"performance/prices.md": record}, {"template": "own.md"})
    assert site.build(strict=True).error is not None
    assert [finding.partition(": ")[2].partition(";")[0] for finding in site.findings("WARNING")] == [
        'PC105 missing field "Reviewer" in "Overview"',
        'PC107 unknown choice "Database Query" in "Optimization Type"',
        'PC302 missing acceptance criterion: "Costs stay within budget"',
    ]
    met = (
        record.replace("Database Query, Cache Strategy", "Storage, Cache Strategy")
        .replace("*   **Component:**", "*   **Reviewer:** Ada\n*   **Component:**")
        .replace("- [x] Resource", "- [x] Costs stay within budget\n- [x] Resource")
    )
    site.write({"performance/prices.md": met})
    assert site.build(strict=True).error is None


def test_a_template_in_another_language(make_site: MakeSite, tmp_path: Path) -> None:
    (tmp_path / "own.md").write_text(TEXT.replace("### Acceptance Criteria", "### Abnahmekriterien"), encoding="utf-8")
    record = COMPLETE.replace("### Acceptance Criteria", "### Abnahmekriterien").replace("[x] No", "[ ] No")
    headings = {"Acceptance Criteria": ["Abnahmekriterien"]}
    site = make_site({"performance/prices.md": record}, {"template": "own.md", "headings": headings})
    assert site.build(strict=True).error is not None
    assert "PC301" in site.findings("WARNING")[0]


GATED = """## Overview

\\[What\\]

## Acceptance Criteria

- [ ] p95 below \\[X ms\\]

### Storage (if applicable)

- [ ] All copies are gone
"""


@pytest.mark.parametrize(
    ("criteria", "dropped"),
    [
        ("- [x] p95 below 120 ms\n", []),
        ("- [x] p99 below 120 ms\n", ["p95 below [X ms]"]),
        ("- [x] p95 below 120 ms\n\n### Storage\n\n- [x] All copies are gone\n", []),
        ("- [x] p95 below 120 ms\n\n### Storage\n\n- [x] Most copies\n", ["All copies are gone"]),
    ],
    ids=["without an optional section", "of another metric", "with an optional section", "with one that drops it"],
)
def test_criteria_of_a_teams_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, criteria: str, dropped: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.md").write_text(GATED, encoding="utf-8")
    page = f"---\nperfcase: true\n---\n# Prices\n\n## Overview\n\nCached.\n\n## Acceptance Criteria\n\n{criteria}"
    result = study(page, template="own.md")
    assert result is not None
    assert result.form is not None
    assert list(result.form.record.dropped_criteria) == dropped


def test_a_template_whose_gate_is_gone_is_said(make_site: MakeSite, tmp_path: Path) -> None:
    (tmp_path / "own.md").write_text(TEXT.replace("### Acceptance Criteria", "### Abnahmekriterien"), encoding="utf-8")
    site = make_site({}, {"template": "own.md"}).build()
    assert any("mkdocs.yml" in finding and "nothing is gated" in finding for finding in site.findings("WARNING"))


def test_headings_of_another_language() -> None:
    from conftest import found

    record = COMPLETE.replace("### Before/After Comparison", "### Vorher/Nachher-Vergleich")
    assert [rule for rule, _ in found(record)] == ["missing-section"]
    assert found(record, headings={"Before/After Comparison": ["Vorher/Nachher-Vergleich"]}) == []


def test_placeholders_of_a_teams_own_template() -> None:
    template = read_template("## Summary\n\n*   **Owner:** \\[Team | Person\\]\n\n### Steps\n\n1. \\[First step\\]\n")
    assert template.sections["summary"].fields[0].choices == ("Team", "Person")
    assert list(template.sections["steps"].placeholders) == ["first step"]
    assert template.sections["steps"].parent == "summary"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no ## heading"),
        ("# Only a title\n", "no ## heading"),
        ("## One\n\n## One\n", 'line 3: the heading "One" appears twice'),
    ],
)
def test_unusable_templates(text: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        read_template(text)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"template": "gone.md"}, "option 'template': cannot read gone.md: No such file or directory"),
        ({"headings": {"Nothing": ["Nichts"]}}, 'option \'headings\': the template has no section "Nothing"'),
        ({"recods": []}, "option 'recods': unknown option; did you mean 'records'?"),
        ({"records": "performance"}, "option 'records': expected a list of texts, got 'performance'"),
        ({"strict": "yes"}, "option 'strict': expected true, false or null, got 'yes'"),
        ({"index": "../index.md"}, "option 'index': expected a path inside the site, got '../index.md'"),
        ({"rules": {"missing-section": "loud"}}, "option 'rules': expected one of error, warning, info, off, got 'loud'"),
    ],
)  # fmt: skip
def test_unusable_options_are_one_line(
    make_site: MakeSite, caplog: pytest.LogCaptureFixture, options: dict[str, object], message: str
) -> None:
    site = make_site({}, options).build()
    assert site.error is not None
    lines = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert lines == [f"Config value 'plugins': Plugin 'perfcase' {message}"]


def test_a_bare_off_in_yaml_is_off(make_site: MakeSite) -> None:
    site = make_site({"performance/prices.md": with_section("### Symptoms\n")}, {"rules": {"PC102": False}})
    assert site.build(strict=True).error is None

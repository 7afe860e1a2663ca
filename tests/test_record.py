"""The record model keeps every part of the template, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import COMPLETE, found, replaced, study, with_section

from mkdocs_perfcase.record import Record
from mkdocs_perfcase.template import SHIPPED, Role


def record_of(source: str = COMPLETE, **options: str) -> Record:
    result = study(source, **options)
    assert result is not None
    assert result.form is not None
    return result.form.record


def record_with(*extensions: str) -> Record:
    result = study(COMPLETE, extensions=extensions)
    assert result is not None
    assert result.form is not None
    return result.form.record


RECORD = record_with("pymdownx.superfences")
LINES = COMPLETE.splitlines()


def values(section: str) -> dict[str, str]:
    found = RECORD.section(section)
    assert found is not None
    for field in found.fields.values():
        assert field.key in LINES[field.line - 1]
    return {field.key: field.value for field in found.fields.values()}


def texts(section: str) -> list[str]:
    found = RECORD.section(section)
    assert found is not None
    for entry in found.body.entries:
        assert entry.text in LINES[entry.line - 1]
    return [entry.text for entry in found.body.entries]


def items(section: str) -> dict[str | None, dict[str, str]]:
    found = RECORD.section(section)
    assert found is not None
    for item in found.items:
        assert LINES[item.line - 1] == f"**{item.name}**"
    return {item.name: {field.key: field.value for field in item.fields} for item in found.items}


def codes(section: str) -> list[tuple[str, str]]:
    found = RECORD.section(section)
    assert found is not None
    blocks = [code for group in found.body.groups for code in group.codes]
    return [(code.text, LINES[code.line - 1].strip()) for code in blocks]


def test_overview() -> None:
    assert RECORD.title == "Cache the price list"
    assert RECORD.types == ("Database Query", "Cache Strategy")
    assert RECORD.component == "Price list"
    assert values("Overview")["Current Performance"] == "450 ms response time at 120 requests/sec"
    assert values("Overview")["Target Performance"] == "150 ms response time"


def test_performance_issue() -> None:
    assert texts("Symptoms") == ["Checkout waited for prices", "The price database ran at 80% CPU"]
    assert values("Metrics") == {
        "Current response time": "450 ms",
        "Current throughput": "120 requests/sec",
        "Current resource usage": "80% CPU",
    }
    assert texts("User Impact") == ["Buyers waited half a second for every price."]


def test_profiling() -> None:
    assert values("Profiling Tools Used") == {"py-spy": "CPU time by function", "pg_stat_statements": "time by query"}
    assert items("Bottlenecks Identified") == {
        "A query for every price": {
            "Location": "prices.py, load_price",
            "Impact": "70% of total time",
            "Root cause": "prices were read one by one",
        },
        "JSON of the whole list": {
            "Location": "views.py, render",
            "Impact": "15% of total time",
            "Root cause": "unchanged prices were rendered again",
        },
    }
    assert texts("Supporting Data") == ["4,100 calls of load_price in a profile of one minute"]


def test_strategy() -> None:
    assert texts("Approach") == ["Read all prices at once, and keep them for a minute."]
    changes = items("Proposed Changes")
    assert list(changes) == ["One query for all prices", "A cache in front of it"]
    assert changes["One query for all prices"]["Expected improvement"] == "60% faster"
    assert changes["One query for all prices"]["Trade-offs"] == "a larger result set"
    section = RECORD.section("Proposed Changes")
    assert section is not None
    fields = {(item.name, field.key): field for item in section.items for field in item.fields}
    before = fields["One query for all prices", "Current implementation"]
    after = fields["One query for all prices", "Optimized implementation"]
    nested = fields["A cache in front of it", "Optimized implementation"]
    assert [code.text for code in before.codes] == ["prices = [load_price(sku) for sku in skus]"]
    assert [code.text for code in after.codes] == ["prices = load_prices(skus)"]
    assert [code.text for code in nested.codes] == ['prices = cache.get_or_set("prices", load_prices, 60)']


def test_implementation() -> None:
    assert values("Code Changes") == {
        "Files modified": "prices.py, views.py",
        "Functions affected": "load_price, render",
        "Algorithm changes": "one query in place of n",
    }
    assert codes("Database Optimizations") == [
        ("CREATE INDEX CONCURRENTLY idx_prices_sku ON prices (sku);", "```sql"),
    ]
    assert values("Caching Strategy") == {
        "Cache layer": "Redis",
        "Cache key": "prices:v1",
        "TTL": "60 s",
        "Invalidation strategy": "on every import of prices",
    }
    assert texts("Infrastructure Changes") == ["One Redis instance more"]


def test_benchmarks() -> None:
    assert items("Benchmark Scenarios") == {
        "A full basket": {
            "Test conditions": "40 items, 200 users",
            "Before optimization": "450 ms",
            "After optimization": "120 ms",
        }
    }
    assert values("Load Testing") == {
        "Tool": "k6 1.3",
        "Test duration": "30 min",
        "Concurrent users": "500",
        "Expected results": "response time below 200 ms, no errors",
    }


def test_targets() -> None:
    assert texts("Success Metrics") == ["Response time reduced by 70%", "Throughput increased by 100%"]
    assert next((c.text, c.state, LINES[c.line - 1]) for c in RECORD.criteria) == (
        "All benchmarks meet or exceed targets",
        "checked",
        "- [x] All benchmarks meet or exceed targets",
    )
    assert len(RECORD.criteria) == 4


def test_risks_and_rollback() -> None:
    assert values("Potential Risks") == {
        "Stale prices": "entries expire after 60 s",
        "Redis is down": "prices are read from the database",
    }
    assert values("Monitoring Plan")["Alert thresholds"] == "hit rate below 80% for 10 min"
    assert texts("Rollback Triggers") == ["Performance degradation", "Wrong prices in any order"]
    assert texts("Rollback Steps") == [
        "Set PRICE_CACHE=off",
        "Restart the workers",
        "Compare the response time with the baseline",
    ]


def test_validation_and_documentation() -> None:
    assert [step.text for step in RECORD.verification][-1] == "Monitor production metrics"
    (section,) = RECORD.having(Role.COMPARISON)
    (table,) = section.body.tables
    assert [row.cells for row in table.rows][:2] == [
        ("Metric", "Before", "After", "Improvement"),
        ("Response Time", "450 ms", "120 ms", "73%"),
    ]
    assert all(row.cells[0] in LINES[row.line - 1] for row in table.rows)
    assert texts("Performance Notes") == ["The list is read with one query and kept for a minute."]
    assert texts("Lessons Learned") == ["Counting queries in tests would have shown it earlier."]


def test_every_section_of_the_template_is_kept() -> None:
    assert set(RECORD.by_key) == set(RECORD.template.sections)
    for section in RECORD.sections:
        assert section.form.title in LINES[section.line - 1]


def test_a_title_is_found_without_a_heading() -> None:
    assert record_of(COMPLETE.replace("# Cache the price list\n", "")).title == "Prices"
    assert record_of("---\ntitle: Faster prices\n---\n" + COMPLETE).title == "Faster prices"


UNTITLED = COMPLETE.replace("# Cache the price list\n", "")


@pytest.mark.parametrize(
    ("source", "title", "unknown"),
    [
        (COMPLETE.replace("# Cache the price list", "# Implementation"), "Implementation", ["Implementation"]),
        (COMPLETE.replace("# Cache the price list", "# Rollback Steps"), "Rollback Steps", ["Rollback Steps"]),
        (
            UNTITLED.replace("## Performance Issue", "# Prices, faster\n\n## Performance Issue"),
            "Prices, faster",
            ["Prices, faster"],
        ),
        (UNTITLED.replace("## Overview", "## Overview\n\n# Validation", 1), "Prices", []),
        (UNTITLED.replace("\n## ", "\n# ").replace("### ", "## "), "Overview", []),
    ],
    ids=[
        "like a section",
        "like one without others in it",
        "below a section",
        "a section's, below one",
        "no title among sections of its level",
    ],
)
def test_a_title_is_told_from_sections(source: str, title: str, unknown: list[str]) -> None:
    record = record_of(source)
    assert (record.title, [section.title for section in record.others]) == (title, unknown)
    assert set(record.by_key) == set(record.template.sections)


@pytest.mark.parametrize(
    ("title", "others"),
    [
        ("# Overview", []),  # which is the section, so what stands below it belongs to it
        ("# Overview\n\n# Overview", ["Overview"]),
        ("# Prices\n\n# Overview", ["Prices"]),
    ],
)
def test_a_heading_of_the_authors_own_belongs_to_the_section_above_it(title: str, others: list[str]) -> None:
    source = UNTITLED.replace("## Overview", title).replace("\n## ", "\n# ").replace("### ", "## ")
    source = source.replace("\n# Performance Issue", "\n## Remarks\n\nNone.\n\n# Performance Issue", 1)
    assert [section.title for section in record_of(source).others] == others


@pytest.mark.parametrize(("path", "title"), [("price-list.md", "Price list"), ("a/b_c.md", "B c")])
def test_a_page_without_a_title_is_called_as_its_file(path: str, title: str) -> None:
    result = study(UNTITLED, path=path)
    assert result is not None
    assert result.form is not None
    assert result.form.record.title == title


def test_rows_of_a_table_of_two_columns_may_be_fields() -> None:
    rows = "| {} |\n| --- | --- |\n| **Component** | Price list |\n| Owner | Ada |\n"
    record = record_of(with_section("## Overview\n\n" + rows.format("Field | Value")))
    section = record.section("Overview")
    assert section is not None
    assert [(field.key, field.value, field.line) for field in section.fields.values()] == [
        ("Component", "Price list", 7)
    ]
    assert record.component == "Price list"
    three = "## Overview\n\n| Field | Value | By |\n| --- | --- | --- |\n| Component | Price list | Ada |\n"
    assert record_of(with_section(three)).component == ""


LOCATION = "*   **Location:** prices.py\n"


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (LOCATION, [None]),
        ("None so far.\n", []),
        (f"{LOCATION}\n**One**\n\n{LOCATION}\n**Two**\n", ["One"]),
    ],
    ids=["fields below the heading", "prose", "a name and nothing below it"],
)
def test_items_are_what_has_a_name_or_fields(body: str, names: list[str | None]) -> None:
    section = record_of(with_section(f"### Bottlenecks Identified\n\n{body}")).section("Bottlenecks Identified")
    assert section is not None
    assert [item.name for item in section.items] == names


@pytest.mark.parametrize(
    ("row", "filled"), [("", False), ("| | | |\n", False), ("| Response Time | 450 ms | 120 ms |\n", True)]
)
def test_a_table_that_holds_nothing_leaves_its_section_empty(row: str, filled: bool) -> None:
    source = with_section(f"### Before/After Comparison\n\n| Metric | Before | After |\n| --- | --- | --- |\n{row}")
    assert ("empty-section" in [rule for rule, _ in found(source)]) is not filled


def test_a_bold_line_may_stand_for_the_heading_of_criteria() -> None:
    for box in ("[ ] ", ""):
        elsewhere = with_section(f"### Rollback Steps\n\n1. Restart\n\n**Acceptance Criteria**\n\n- {box}own\n")
        assert [one.text for one in record_of(elsewhere).open_criteria] == ["own"]
    below = with_section("### Acceptance Criteria\n\n**More acceptance criteria**\n\n- [ ] own\n")
    assert [one.text for one in record_of(below).criteria] == ["own"]


def test_a_section_that_is_spelt_almost_so_is_read_as_it() -> None:
    record = record_of(COMPLETE.replace("### Supporting Data", "### Supportng Data").replace("## Val", "## Vall"))
    assert [(one.form.title, one.body.title) for one in record.sections if one.renamed] == [
        ("Supporting Data", "Supportng Data"),
        ("Validation", "Vallidation"),
    ]
    titled = COMPLETE.replace("# Cache the price list", "# Supportng Data").replace("### Supporting", "### Other")
    assert not [section for section in record_of(titled).sections if section.renamed]


def test_only_sections_that_are_missing_are_looked_for_under_other_names() -> None:
    second = COMPLETE.replace("### Symptoms", "### Supportng Data\n\n*   a\n\n### Symptoms")
    optional = COMPLETE.replace("### Database Optimizations", "### Databse Optimizations")
    for source in (second, optional):
        record = record_of(source)
        assert source != COMPLETE
        assert not [section for section in record.sections if section.renamed]
        assert len(record.others) == 2  # the title, and it


def test_a_section_within_itself_is_told() -> None:
    source = COMPLETE.replace("### User Impact", "#### Metrics\n\n*   **Hits:** 5 a day\n\n### User Impact")
    twice = [line for rule, line in found(source) if rule == "duplicate-section"]
    assert [source.splitlines()[line - 1] for line in twice] == ["#### Metrics"]


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("Acceptence Criteria", True),
        ("More acceptance criteria", True),
        ("Criteria", True),
        ("Acceptable", False),
        ("Wishes", False),
    ],
)
def test_a_further_section_that_is_like_acceptance_criteria_is_read_as_one(title: str, read: bool) -> None:
    source = COMPLETE.replace("### Rollback Triggers", f"### {title}\n\n- [ ] own\n\n### Rollback Triggers")
    assert bool(record_of(source).open_criteria) is read


def test_without_acceptance_criteria_in_the_template_no_section_is_like_them(tmp_path: Path) -> None:
    template = tmp_path / "own.md"
    template.write_text(replaced("### Acceptance Criteria", "", SHIPPED.read_text(encoding="utf-8")), encoding="utf-8")
    source = replaced("### Acceptance Criteria", "### Wishes\n\n- [ ] own\n")
    assert record_of(source, template=str(template)).criteria == ()


def test_only_boxes_are_verification_steps() -> None:
    record = record_of(with_section("### Verification Steps\n\n- [x] Run benchmark suite\n- Compare metrics\n"))
    assert [step.text for step in record.verification] == ["Run benchmark suite"]


def test_a_section_without_items_has_none() -> None:
    section = RECORD.section("Overview")
    assert section is not None
    assert section.items == ()


TYPES = "*   **Optimization Type:** Database Query, Cache Strategy\n"
CHOICES = next(line for line in SHIPPED.read_text(encoding="utf-8").splitlines(True) if "Optimization Type" in line)


@pytest.mark.parametrize(
    ("field", "types"),
    [
        (TYPES, ("Database Query", "Cache Strategy")),
        (TYPES.replace("Database Query", "cache strategy"), ("Cache Strategy",)),
        (TYPES.replace("Database Query", "Rewrite"), ("Cache Strategy",)),
        (CHOICES, ()),
        ("", ()),
    ],
)
def test_types_are_those_that_a_record_chose(field: str, types: tuple[str, ...]) -> None:
    assert record_of(COMPLETE.replace(TYPES, field)).types == types


def test_types_may_be_a_list_of_boxes() -> None:
    boxes = "Type:**\n    *   [ ] API Endpoint\n    *   [x] Cache Strategy\n    *   Database Query\n"
    source = COMPLETE.replace("Type:** Database Query, Cache Strategy\n", boxes)
    assert record_of(source).types == ("Cache Strategy", "Database Query")


@pytest.mark.parametrize(
    ("typed", "status", "ended"),
    [("Draft", "draft", False), ("' Superseded '", "superseded", True), ("''", None, False), ("7", None, False)],
)
def test_status(typed: str, status: str | None, ended: bool) -> None:
    record = record_of(f"---\nstatus: {typed}\n---\n{COMPLETE}")
    assert (record.status, record.ended) == (status, ended)


def test_lines_survive_front_matter_comments_and_fences() -> None:
    source = "---\nowner: Ada\n---\n\n" + COMPLETE.replace(
        "Buyers waited",
        "<!--\n- [x] User experience improved\n-->\n\n```text\n- [x] User experience improved\n```\n\nBuyers waited",
    )
    places = [number for number, line in enumerate(source.splitlines(), 1) if line == "- [x] User experience improved"]
    criterion = next(c for c in record_of(source).criteria if c.text == "User experience improved")
    assert criterion.line == places[-1]


@pytest.mark.parametrize(
    ("value", "known"),
    [
        ("Database Query", True),
        ("Database Query tuning", True),
        ("our Cache Strategy and an API Endpoint", True),
        ("Database", False),
        ("Query Database", False),
        ("Database Query, Rewrite", False),
    ],
)
def test_a_choice_may_stand_among_other_words(value: str, known: bool) -> None:
    source = COMPLETE.replace("Database Query, Cache Strategy", value)
    assert source != COMPLETE
    assert ("unknown-choice" not in [rule for rule, _ in found(source)]) is known


def test_a_field_is_known_by_a_name_that_is_nearly_its_own() -> None:
    typed, nearly = (
        "**Target Performance:** 150 ms response time",
        "**Target Performances:** response time below 100 ms",
    )
    source = COMPLETE.replace(typed, nearly)
    assert source != COMPLETE
    assert "target-missed" in [rule for rule, _ in found(source)]

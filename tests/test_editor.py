"""What an editor shows and offers, without an editor: positions, hovers, completions, symbols, actions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import COMPLETE, replaced, study, with_section
from editing import with_ends
from hypothesis import given
from hypothesis import strategies as st
from mutants import mutant

from mkdocs_perfcase.check import Project
from mkdocs_perfcase.directives import VERBS
from mkdocs_perfcase.editor.actions import mend_all, quick_fixes
from mkdocs_perfcase.editor.completion import Suggestion, completions
from mkdocs_perfcase.editor.document import Document
from mkdocs_perfcase.editor.hover import hover
from mkdocs_perfcase.editor.positions import Change, Place, Span, changes, column, span_of, units
from mkdocs_perfcase.editor.symbols import Symbol, symbols
from mkdocs_perfcase.options import read_options
from mkdocs_perfcase.rules import RULES

TABLE = "### Before/After Comparison\n\n| Metric | Before | After | Improvement |\n| --- | --- | --- | --- |\n"


def document(text: str, **options: Any) -> Document:
    return Document(text, Project.load(read_options(options), Path()), lambda source: study(source, **options))


def cursor(text: str) -> tuple[str, Place]:
    """A text without the `¦` in it, and its place."""
    before, _, after = text.partition("¦")
    return before + after, Place(before.count("\n"), len(before) - before.rfind("\n") - 1)


# positions

CHARACTERS = st.text(st.sampled_from("ab é語😀\t\x0c\u2028"), max_size=12)
LINES = st.lists(
    st.tuples(st.sampled_from(["", "a", "語😀", "b\u2028c\x0c"]), st.sampled_from(["\n", "\r\n", "\r"])), max_size=8
)
TEXTS = st.builds(lambda lines, last: "".join(map("".join, lines)) + last, LINES, st.sampled_from(["", "a", "😀"]))


@pytest.mark.parametrize(("encoding", "codec", "width"), [("utf-8", "utf-8", 1), ("utf-16", "utf-16-le", 2), ("utf-32", "utf-32-le", 4)])  # fmt: skip
@given(line=CHARACTERS, data=st.data())
def test_columns_are_those_of_the_encoding(
    encoding: str, codec: str, width: int, line: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(line)))
    assert units(line, place, encoding) == len(line[:place].encode(codec)) // width
    assert column(line, units(line, place, encoding), encoding) == place


def test_columns_that_are_none() -> None:
    assert column("a😀b", 2, "utf-16") == 1
    assert column("a😀b", 99, "utf-16") == 3
    assert column("\ud800b", 1, "utf-16") == 1
    assert units("\ud800b", 2, "utf-8") == 4


def carried_out(text: str, made: list[Change]) -> str:
    lines = with_ends(text)
    for change in reversed(made):
        start, end = (sum(map(len, lines[: place.line])) + place.column for place in change.span)
        text = text[:start] + change.text + text[end:]
    return text


@given(TEXTS, TEXTS)
def test_changes_make_one_text_of_another(old: str, new: str) -> None:
    assert carried_out(old, list(changes(old, new))) == new


def test_changes_leave_alone_what_stays() -> None:
    (change,) = changes("a\r\nb\r\nc", "a\r\nb\r\nnew\r\nc")
    assert change == Change(Span(Place(2, 0), Place(2, 0)), "new\r\n")


@pytest.mark.parametrize(("mark", "end"), [("", "\n"), ("\ufeff", "\r\n"), ("", "\r")])
def test_a_finding_spans_its_line(mark: str, end: str) -> None:
    text = mark + with_section("### Approach\n\n  TBD 😀  \n").replace("\n", end)
    page = document(text)
    (finding,) = [finding for finding in page.findings if finding.rule == "placeholder-left"]
    span = span_of(finding, page.lines)
    assert page.line(span.start.line)[span.start.column : span.end.column] == "TBD 😀"


def test_a_finding_on_the_first_line_behind_a_mark() -> None:
    text = "\ufeff" + COMPLETE.replace("## Overview", "## Overvieu", 1).replace("# Cache", "  # Cache", 1)
    spans = [span_of(finding, document(text).lines) for finding in document(text).findings]
    assert all(span.start.column == 0 for span in spans)
    first = document("\ufeff---\nstatus: proposd\n---\n" + COMPLETE)
    (finding,) = first.findings
    assert span_of(finding, first.lines) == (Place(0, 1), Place(0, 4))


# hovers


def row(cells: str, place: str = "¦", **options: Any) -> str:
    """What is shown of a row of the comparison."""
    text, at = cursor(with_section(f"{TABLE}| {place}{cells} |\n"))
    return hover(document(text, **options), at) or ""


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("Response Time | 450 ms | 120 ms | 73%", ["**Response Time** −73%, 3.8× as fast: improved", "(120 ms − 450 ms) / 450 ms = −73%", "lower is better", "stated: 73%, which follows", "target ≤ 135 ms, met"]),
        ("Response Time | 450 ms | 120 ms | 85%", ["stated: 85%, which doesn't follow", "**PC403 improvement-mismatch** (warning)"]),
        ("Throughput | 120 rps | 100 rps |", ["−17%: regressed", "higher is better", "no change is stated; the page shows the computed one", "target ≥ 240 req/s, missed"]),
        ("Load time | 1.2 s | 300 ms |", ["1.2 s → 300 ms, in one unit 1,200 ms → 300 ms", "(300 ms − 1,200 ms) / 1,200 ms = −75%"]),
        ("Latency | 61–148 ms | 20–30 ms |", ["over all that the two may be, −86% to −51%"]),
        ("Errors | 0 | 3 |", ["no change can be computed", "a change from zero has no percentage"]),
        ("Size | 450 ms | 3 MB |", ["450 ms and 3 MB are of different kinds", "no change is stated\n"]),
        ("Speed | \\*quick\\* | 3 MB |", ["“\\*quick\\*” can't be read as one value"]),
        ("Latency | 450 ms | |", ["there is no value after the change yet"]),
        ("Wobble | 4 | 8 |", ["whether lower or higher is better isn't known", "+100%"]),
        ("Latency | 450 ms | 120 ms | a lot", ["stated: a lot, which can't be held against the values"]),
    ],
)  # fmt: skip
def test_a_row_shows_its_change_and_how(cells: str, expected: list[str]) -> None:
    shown = row(cells) + "\n"
    for part in expected:
        assert part in shown


def test_a_row_of_a_sites_own_metric() -> None:
    assert "higher is better" in row("Wobble | 4 | 8 |", metrics={"Wobble": "higher"})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (with_section("### Approach\n\n<!-- perfcase: ignore place¦holder-left as agreed -->\n\nTBD\n"), "PC106 placeholder-left"),
        (with_section("### Approach\n\n<!-- perfcase: ignore\nPC106¦ as agreed -->\n\nTBD\n"), "PC106 placeholder-left"),
        ("---\nperfcase_ignore: [¦PC403]\n---\n" + COMPLETE, "PC403 improvement-mismatch"),
        (with_section("### Approach\n\nT¦BD\n"), "PC106 placeholder-left"),
        (with_section("### Approach\n\n¦placeholder-left is a rule\n"), None),
        ("---\nowner: PC4¦03\n---\n" + COMPLETE, None),
        ("# Notes\n\n<!-- perfcase: ignore PC¦403 here -->\n", "PC403 improvement-mismatch"),
        ("# Notes\n\nHello ¦\n", None),
    ],
)  # fmt: skip
def test_a_rule_is_explained_where_it_is_named_or_found(text: str, shown: str | None) -> None:
    text, at = cursor(text)
    said = hover(document(text), at)
    assert said is None if shown is None else shown in (said or "")
    if shown and said:
        rule = RULES[shown.split()[1]]
        assert rule.explanation in said
        assert rule.good.rstrip() in said


def test_a_severity_is_that_of_the_site() -> None:
    text, at = cursor(with_section("### Approach\n\nT¦BD\n"))
    assert "PC106 placeholder-left** (error)" in (hover(document(text, rules={"PC106": "error"}), at) or "")


# completions


def suggested(text: str, **options: Any) -> list[Suggestion]:
    text, at = cursor(text)
    return completions(document(text, **options), at)


def written(text: str, label: str) -> str:
    """The cursor's line with a suggestion in it."""
    bare, at = cursor(text)
    one = next(one for one in suggested(text) if one.label == label)
    line = bare.split("\n")[at.line]
    assert one.start <= at.column <= one.end
    return line[: one.start] + one.text + line[one.end :]


def labels(text: str, **options: Any) -> list[str]:
    return [one.label for one in suggested(text, **options)]


WITHOUT = replaced("### User Impact", "### ¦")


def test_headings_that_are_missing() -> None:
    assert labels(WITHOUT)[0] == "User Impact"
    assert written(WITHOUT, "User Impact") == "### User Impact"
    assert written(WITHOUT.replace("### ¦", "#¦ Use"), "User Impact") == "### User Impact"
    assert "Symptoms" not in labels(WITHOUT)
    optional = replaced("### Caching Strategy", "##¦")
    assert labels(optional) == ["Caching Strategy"]
    assert suggested(optional)[0].detail == "optional section"
    assert labels("# Notes\n\n## ¦\n") == []
    assert labels(with_section("### Approach\n\n```sh\n# ¦\n```\n", replaced("### User Impact", ""))) == []


def test_headings_are_as_deep_as_the_records() -> None:
    deeper = WITHOUT.replace("\n#", "\n##").replace("##### ¦", "#¦")
    assert written(deeper.replace("#### ¦", "#¦"), "User Impact") == "#### User Impact"


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("*   **¦", "*   **Concurrent users:** "),
        ("- **Con¦", "- **Concurrent users:** "),
        ("¦", "*   **Concurrent users:** "),
        ("con¦", "*   **Concurrent users:** "),
        ("    *   ¦", "    *   **Concurrent users:** "),
    ],
)
def test_fields_that_are_missing(typed: str, line: str) -> None:
    text = with_section(
        f"### Load Testing\n\n*   **Tool:** k6\n*   **Test duration:** 30 min\n\n{typed}\n\n*   **Expected results:** ok\n"
    )
    assert labels(text) == ["Concurrent users"]
    assert written(text, "Concurrent users") == line


def test_fields_of_a_named_item() -> None:
    text = with_section("### Bottlenecks Identified\n\n**A query**\n\n*   **Location:** prices.py\n*   **¦\n")
    assert labels(text) == ["Impact", "Root cause"]
    assert labels(with_section("### User Impact\n\nNobody ¦\n")) == []


@pytest.mark.parametrize(
    ("value", "choice", "line"),
    [
        (r"¦\[Database Query | API Endpoint | Frontend Load Time | Cache Strategy | Infrastructure\]", "API Endpoint", "API Endpoint"),
        (r"\[Database ¦Query | API Endpoint | Frontend Load Time | Cache Strategy | Infrastructure\]", "API Endpoint", "API Endpoint"),
        ("Ca¦", "Cache Strategy", "Cache Strategy"),
        ("Cache Strategy, ¦", "Database Query", "Cache Strategy, Database Query"),
        ("Cache Strategy, A¦", "API Endpoint", "Cache Strategy, API Endpoint"),
    ],
)  # fmt: skip
def test_choices(value: str, choice: str, line: str) -> None:
    text = COMPLETE.replace("Database Query, Cache Strategy", value)
    assert written(text, choice) == f"*   **Optimization Type:** {line}"
    assert ("Cache Strategy" in labels(text)) == (not value.startswith("Cache Strategy,"))
    assert labels(COMPLETE.replace("Price list", "Pri¦", 1)) == []


def test_rules_that_can_be_ignored() -> None:
    text = with_section("### Approach\n\n<!-- perfcase: ignore pla¦ -->\n\nTBD\n")
    offered = suggested(text)
    assert offered[0].label == "placeholder-left"
    assert "found on this page" in offered[0].detail
    assert {one.label for one in offered} == {rule.name for rule in RULES.values() if not (rule.firm or rule.last)}
    assert written(text, "target-missed") == "<!-- perfcase: ignore target-missed -->"
    assert written("<!-- perfcase: ignore PC403, ¦", "target-missed") == "<!-- perfcase: ignore PC403, target-missed"
    assert labels("<!-- perfcase: ignore PC403 the reason is ¦") == []


@pytest.mark.parametrize("typed", ["<!-- perfcase: ¦", "<!-- ¦", "<!--¦", "text <!-- perf¦"])
def test_directives(typed: str) -> None:
    assert labels(typed) == [f"perfcase: {verb}" for verb in VERBS]
    assert all(one.documentation for one in suggested(typed))
    assert written("<!-- perfcase: ig¦", "perfcase: ignore") == "<!-- perfcase: ignore"
    assert labels("<!-- perfcase: ig¦") == ["perfcase: ignore"]


def test_arguments_of_a_table() -> None:
    assert labels("<!-- perfcase: table ¦ -->") == ["metric", "type", "stage", "tag", "owner", "component"]
    assert written('<!-- perfcase: table metric="x" ty¦', "type") == '<!-- perfcase: table metric="x" type=""'
    assert "metric" not in labels('<!-- perfcase: table metric="x" ¦')
    assert labels('<!-- perfcase: table type="¦" -->')[:2] == ["Database Query", "API Endpoint"]
    assert labels('<!-- perfcase: table stage="¦" -->') == ["draft", "planned", "measured", "accepted", "verified"]
    assert labels('<!-- perfcase: table metric="¦"', metrics={"Apdex": "higher"}) == [
        "Response Time", "Throughput", "CPU Usage", "Memory Usage", "Apdex",
    ]  # fmt: skip
    assert labels('<!-- perfcase: table owner="¦"') == []


# symbols


def names(found: tuple[Symbol, ...]) -> list[Any]:
    return [[one.name, *([names(one.below)] if one.below else [])] for one in found]


def test_symbols(golden: Callable[[str, str], None]) -> None:
    found = symbols(document(COMPLETE.replace("- [x] No reg", "- [ ] No reg")))
    golden("symbols.json", json.dumps(names(found), indent=1) + "\n")
    targets = next(one for one in found[0].below if one.name == "Performance Targets")
    criteria = next(one for one in targets.below if one.name == "Acceptance Criteria")
    assert [(one.kind, one.detail) for one in criteria.below] == [
        ("criterion", state) for state in ("checked", "open", "checked", "checked")
    ]
    assert symbols(document("# Notes\n\n## Overview\n")) == ()


def nested(one: Symbol) -> bool:
    return one.first <= one.last and all(one.first <= b.first and b.last <= one.last and nested(b) for b in one.below)


def test_symbols_stand_in_each_other() -> None:
    text = with_section("### Acceptance Criteria\n\n**Ours**\n\n- [ ] a\n\n**Theirs**\n\n- [x] b\n\n## **\n")
    found = symbols(document(text))
    assert all(map(nested, found))
    assert all(one.name for one in found[0].below)


# actions


def lines_with(text: str, part: str) -> range:
    number = next(n for n, line in enumerate(text.split("\n")) if part in line)
    return range(number, number + 1)


def test_quick_fixes_are_those_of_the_line() -> None:
    text = COMPLETE.replace("| 73% |", "| 85% |").replace("### User Impact", "### TBD", 1)
    (mend, ignore) = quick_fixes(document(text), lines_with(text, "85%"))
    assert (mend.title, mend.preferred) == ('Write the computed change of "Response Time"', True)
    assert carried_out(text, list(mend.changes)) == text.replace("85%", "73%")
    assert ignore.title.startswith("Ignore improvement-mismatch")
    assert "<!-- perfcase: ignore improvement-mismatch REASON -->" in carried_out(text, list(ignore.changes))
    assert list(quick_fixes(document(text), lines_with(text, "Read all prices"))) == []
    assert list(quick_fixes(document("# Notes\n\nTBD\n"), range(9))) == []


def test_nothing_ticks_a_box() -> None:
    text = COMPLETE.replace("- [x]", "- [ ]").replace("- [ ] No regression in other areas\n", "")
    page = document(text)
    for action in quick_fixes(page, range(len(page.lines))):
        assert "[x]" not in carried_out(text, list(action.changes))
    everything = mend_all(page)
    assert everything is not None
    after = carried_out(text, list(everything.changes))
    assert "- [ ] No regression in other areas" in after
    assert "[x]" not in after
    assert mend_all(document(after)) is None
    assert mend_all(document("# Notes\n")) is None


@pytest.mark.parametrize("number", range(30))
def test_a_page_may_be_in_any_state(number: int) -> None:
    random = Random(number)
    text = mutant(number).file
    text = (
        text[: random.randrange(len(text))]
        + random.choice(["", "<!-- ", "```", "**", "# ", "| ", "\x00"])
        + text[random.randrange(len(text)) :]
    )
    page = document(text)
    assert all(map(nested, symbols(page)))
    for line in random.sample(range(len(page.lines)), 12):
        at = Place(line, random.randrange(len(page.line(line)) + 1))
        assert hover(page, at) != ""
        for one in completions(page, at):
            assert 0 <= one.start <= at.column <= one.end <= len(page.line(line))
    for action in quick_fixes(page, range(random.randrange(len(page.lines)))):
        assert carried_out(text, list(action.changes)) != text

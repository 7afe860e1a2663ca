"""What stands as an acceptance criterion, in which state, and in which line."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import COMPLETE, found, replaced, study, with_section

from mkdocs_perfcase.criteria import carries
from mkdocs_perfcase.template import SHIPPED

TICKED = """### Acceptance Criteria

- [x] All benchmarks meet or exceed targets
- [x] No regression in other areas
- [x] User experience improved
- [x] Resource utilization optimal
"""
TEXTS = [line.partition("] ")[2] for line in TICKED.splitlines() if "]" in line]
Told = list[tuple[str, str, str, str]]


def told(source: str) -> Told:
    """Of each criterion that isn't the template's: its text, its line as typed, its state and its mark."""
    result = study(source, extensions=("pymdownx.superfences", "md_in_html"))
    assert result is not None
    assert result.form is not None
    lines = source.splitlines()
    own = [criterion for criterion in result.form.record.criteria if criterion.text not in TEXTS]
    return [(one.text, lines[one.line - 1].strip(), one.state, one.mark) for one in own]


ALIKE: dict[str, tuple[str, Told]] = {
    "code": (
        "```\nso far\n- [ ] it is fast\n- [x] it is small\n```",
        [("it is fast", "- [ ] it is fast", "unrendered", "[ ]")],
    ),
    "a list in raw HTML": (
        "<ul>\n<li>[ ] it is fast</li>\n<li>[x] it is small</li>\n</ul>",
        [
            ("it is fast", "<li>[ ] it is fast</li>", "unrendered", "[ ]"),
            ("it is small", "<li>[x] it is small</li>", "unrendered", "[x]"),
        ],
    ),
    "a list in one line of raw HTML": (
        "<ul><li>[ ] it is fast</li><li>&#9744; it is small</li></ul>",
        [
            ("it is fast", "<ul><li>[ ] it is fast</li><li>&#9744; it is small</li></ul>", "unrendered", "[ ]"),
            ("it is small", "<ul><li>[ ] it is fast</li><li>&#9744; it is small</li></ul>", "unrendered", "&#9744;"),
        ],
    ),
    "checkboxes in raw HTML": (
        '<div>\n<input type="checkbox" checked> it is fast\n<input type="checkbox">\nit is small\n</div>',
        [
            ("it is fast", '<input type="checkbox" checked> it is fast', "unrendered", ""),
            ("it is small", "it is small", "unrendered", ""),
        ],
    ),
    "a box in raw HTML, and nothing behind it": ("<p>\n<td>☐</td>\n</p>", [("", "<td>☐</td>", "unrendered", "☐")]),
    "a list that Markdown leaves alone": (
        "<div>\n- [x] it is fast\n* [ ] it is small\n</div>",
        [
            ("it is fast", "- [x] it is fast", "unrendered", "[x]"),
            ("it is small", "* [ ] it is small", "unrendered", "[ ]"),
        ],
    ),
    "rows without a state": (
        "| Criterion | Owner |\n| --- | --- |\n| it is fast | Ada |\n| it is small | pending |",
        [("it is small", "| it is small | pending |", "unknown", "pending")],
    ),
    "one below a label": ("- Speed\n    - [ ] it is fast", [("it is fast", "- [ ] it is fast", "open", "[ ]")]),
    "two below a label": (
        "- Speed\n    - [ ] it is fast\n    - [x] it is small",
        [("it is fast", "- [ ] it is fast", "open", "[ ]"), ("it is small", "- [x] it is small", "checked", "[x]")],
    ),
    "far below labels": (
        "- Speed\n    - p99\n        - [ ] it is fast\n- [x] it is small",
        [("it is fast", "- [ ] it is fast", "open", "[ ]"), ("it is small", "- [x] it is small", "checked", "[x]")],
    ),
    "beside a label": ("- Speed:\n- [x] it is fast", [("it is fast", "- [x] it is fast", "checked", "[x]")]),
    "before one, and no label": (
        "- it is small\n- [x] it is fast",
        [("it is small", "- it is small", "unknown", ""), ("it is fast", "- [x] it is fast", "checked", "[x]")],
    ),
    "behind another list": (
        "Where:\n\n- prices\n- baskets\n\nHow:\n\n- [x] it is fast",
        [("it is fast", "- [x] it is fast", "checked", "[x]")],
    ),
    "below one that is ticked": (
        "- [x] it is fast\n    - in all regions\n    - [ ] it is small\n- it is tidy",
        [
            ("it is fast", "- [x] it is fast", "checked", "[x]"),
            ("it is small", "- [ ] it is small", "open", "[ ]"),
            ("it is tidy", "- it is tidy", "unknown", ""),
        ],
    ),
    "in a sentence": ("It is [ ] not fast.", [("not fast.", "It is [ ] not fast.", "unrendered", "[ ]")]),
    "below a line, without a blank one": (
        "So far:\n- it is fast\n- [x] it is small",
        [("it is fast", "- it is fast", "unknown", ""), ("it is small", "- [x] it is small", "unrendered", "[x]")],
    ),
    "behind breaks": (
        "- [x] own<br>[ ] it is fast<br/>[ ] it is small",
        [
            ("own [ ] it is fast [ ] it is small", "- [x] own<br>[ ] it is fast<br/>[ ] it is small", "checked", "[x]"),
            ("it is fast [ ] it is small", "- [x] own<br>[ ] it is fast<br/>[ ] it is small", "unrendered", "[ ]"),
            ("it is small", "- [x] own<br>[ ] it is fast<br/>[ ] it is small", "unrendered", "[ ]"),
        ],
    ),
    "among all that boxes are written with": (
        "- [x] own &amp; <b>good</b> :white_check_mark:<br>[ ] it is fast",
        [
            (
                "own & good :white_check_mark: [ ] it is fast",
                "- [x] own &amp; <b>good</b> :white_check_mark:<br>[ ] it is fast",
                "checked",
                "[x]",
            ),
            (
                "it is fast",
                "- [x] own &amp; <b>good</b> :white_check_mark:<br>[ ] it is fast",
                "unrendered",
                "[ ]",
            ),
        ],
    ),
    "in an entry's second line": (
        "- [x] own\n  and more\n  [ ] it is fast",
        [
            ("own and more [ ] it is fast", "- [x] own", "checked", "[x]"),
            ("it is fast", "[ ] it is fast", "unrendered", "[ ]"),
        ],
    ),
    "a fence that opened nothing": (
        "- [x] it is fast\n~~~\n",
        [("it is fast ~~~", "- [x] it is fast", "checked", "[x]")],
    ),
    "struck in part": ("- [x] it is ~~fast\n", [("it is ~~fast", "- [x] it is ~~fast", "unknown", "[x]")]),
    "struck and waived": (
        "- [x] ~~it is fast~~ <!-- perfcase: waive no user -->",
        [("it is fast", "- [x] ~~it is fast~~ <!-- perfcase: waive no user -->", "waived", "[x]")],
    ),
    "checkboxes typed as HTML": (
        '- <input type="checkbox" checked> it is fast',
        [("it is fast", '- <input type="checkbox" checked> it is fast', "unknown", "")],
    ),
}
"""What reads alike beside ticked criteria and by itself."""


@pytest.mark.parametrize("name", ALIKE)
@pytest.mark.parametrize("lead", [TICKED, "### Acceptance Criteria\n"], ids=["beside ticked ones", "alone"])
def test_criteria(name: str, lead: str) -> None:
    typed, expected = ALIKE[name]
    assert told(with_section(f"{lead}\n{typed}\n")) == expected


TABLE = "| Criterion | Status |\n| --- | --- |\n| it is fast | ✅ |\n| it is small | ❌ |\n| | |\n| it is tidy | |"
OPEN_ROWS = [
    ("it is small", "| it is small | ❌ |", "unknown", "❌"),
    ("it is tidy", "| it is tidy | |", "unknown", ""),
]
FIRST = "| Done | Criterion |\n| --- | --- |\n| [x] | it is fast |\n| [ ] | it is small |"
SHORT_ROW = (
    "<table markdown><tr markdown><th>Criterion</th><th>Status</th></tr><tr markdown><td>it is fast</td></tr></table>"
)
FAST_ROW = ("it is fast", "| it is fast | ✅ |", "unknown", "✅")


@pytest.mark.parametrize(
    ("lead", "typed", "expected"),
    [
        (TICKED, TABLE, OPEN_ROWS),
        ("### Acceptance Criteria\n", TABLE, [FAST_ROW, *OPEN_ROWS]),
        (TICKED, FIRST, [("it is small", "| [ ] | it is small |", "unknown", "[ ]")]),
        (
            "### Acceptance Criteria\n",
            FIRST,
            [
                ("it is fast", "| [x] | it is fast |", "unknown", "[x]"),
                ("it is small", "| [ ] | it is small |", "unknown", "[ ]"),
            ],
        ),
        (
            "### Acceptance Criteria\n",
            "| Before | After |\n| --- | --- |\n| ❌ | ✅ |",
            [("❌", "| ❌ | ✅ |", "unknown", "❌")],
        ),
        (TICKED, "| Status |\n| --- |\n| [ ] fast |", [("[ ] fast", "| [ ] fast |", "unknown", "[ ] fast")]),
        (TICKED, SHORT_ROW, [("it is fast", SHORT_ROW, "unknown", "")]),
        (TICKED, "    - [ ] it is fast", [("it is fast", "- [ ] it is fast", "open", "[ ]")]),
        (
            "### Acceptance Criteria\n",
            "    so far\n    - [ ] it is fast",
            [("it is fast", "- [ ] it is fast", "unrendered", "[ ]")],
        ),
        (
            "### Acceptance Criteria\n",
            "- it is fast\n    - by p99",
            [("it is fast", "- it is fast", "unknown", ""), ("by p99", "- by p99", "unknown", "")],
        ),
    ],
)
def test_criteria_where_others_tell_what_counts(lead: str, typed: str, expected: Told) -> None:
    assert told(with_section(f"{lead}\n{typed}\n")) == expected


def test_a_line_of_many_boxes_is_open_once_for_each_of_ten() -> None:
    assert len(told(with_section(f"{TICKED}\n- [x] own {'[ ] one more ' * 12}\n"))) == 11


@pytest.mark.parametrize(
    ("text", "wanted", "same"),
    [
        ("p95 below 5 ms", "p95 below [X] ms", True),
        ("p95 below 250 ms", "p95 below [X] ms", True),
        ("p95 below ms", "p95 below [X] ms", False),
        ("p95 below  ms", "p95 below [X] ms", False),
        ("Cost below $", "Cost below $[X]", False),
        ("p99 below 5 ms", "p95 below [X] ms", False),
        ("p95 below 5 s", "p95 below [X] ms", False),
        ("p95 below 5 ms at 40 users", "p95 below [X] ms at [N] users", True),
        ("p95 below 5 ms at peak", "p95 below [X] ms at [N] users", False),
        ("Search is fast", "[Name] is fast", True),
        ("All is fast and small", "[Name] is fast and [what]", True),
        ("All is fast and", "[Name] is fast and [what]", False),
        ("p95 below 5 ms", "p95 below [X][ms]", True),
        ("P95  below 5 MS.", "p95 below [X] ms", True),
        ("Cheap", "Cheap", True),
        ("Cheap (compared all suites)", "Cheap", True),
        ("Cheap since May", "Cheap", True),
        ("Cheaper", "Cheap", False),
        ("Cheap or dear", "Cheap", False),
        ("Not cheap", "Cheap", False),
    ],
)
def test_wording(text: str, wanted: str, same: bool) -> None:
    assert carries(text, wanted) is same


def test_every_message_of_the_gate() -> None:
    source = with_section(
        "### Acceptance Criteria\n\n- [ ] All benchmarks meet or exceed targets\n- [N/A] No regression in other areas\n"
        "- Cheap\n- [ ] User experience improved <!-- perfcase: waive -->\n- [x] Resources fine\n\n```\n- [ ] tidy\n```\n"
    )
    result = study(source, extensions=("pymdownx.superfences",))
    assert result is not None
    lines = source.splitlines()
    messages = [(lines[one.line - 1], one.code, one.message, one.hint) for one in result.findings if one.gate]
    waive = "waive it with a reason: <!-- perfcase: waive REASON -->"
    write = f'write "- [x]" if it holds, "- [ ]" if not, or {waive}'
    assert messages == [
        (
            "### Acceptance Criteria",
            "PC302",
            'missing acceptance criterion: "Resource utilization optimal"',
            'add "- [ ] Resource utilization optimal" under "Acceptance Criteria"',
        ),
        (
            "- [ ] All benchmarks meet or exceed targets",
            "PC301",
            'unchecked acceptance criterion: "All benchmarks meet or exceed targets"',
            f"tick it once it holds, or {waive}",
        ),
        (
            "- [N/A] No regression in other areas",
            "PC303",
            'unknown checkbox state "[N/A]": "No regression in other areas"',
            write,
        ),
        ("- Cheap", "PC303", 'acceptance criterion without a checkbox: "Cheap"', write),
        (
            "- [ ] User experience improved <!-- perfcase: waive -->",
            "PC304",
            'waiver without a reason: "User experience improved"',
            "write the reason behind `waive`",
        ),
        (
            "- [ ] tidy",
            "PC301",
            'acceptance criterion without a checkbox that shows: "tidy"',
            "it counts as open until the page shows it ticked",
        ),
    ]


def test_a_criterion_that_reads_almost_as_the_templates_is_told() -> None:
    source = with_section(TICKED.replace("No regression", "No regressions"))
    result = study(source)
    assert result is not None
    (only,) = [one for one in result.findings if one.gate]
    assert source.splitlines()[only.line - 1] == "- [x] No regressions in other areas"
    assert f'line {only.line}, "No regressions in other areas", looks like it' in only.message


def without(heading: str, source: str) -> str:
    return replaced(heading, "", source)


SHIPPED_TEXT = SHIPPED.read_text(encoding="utf-8")
DEEPER, DEEPER_TEMPLATE = (text.replace("### Acceptance", "#### Acceptance") for text in (COMPLETE, SHIPPED_TEXT))


@pytest.mark.parametrize(
    ("source", "template", "line"),
    [
        (with_section("### Acceptance Criteria\n"), SHIPPED_TEXT, "### Acceptance Criteria"),
        (
            without("### Acceptance Criteria", without("### Supporting Data", COMPLETE)),
            SHIPPED_TEXT,
            "### Success Metrics",
        ),
        (without("## Performance Targets", DEEPER), DEEPER_TEMPLATE, "# Cache the price list"),
    ],
    ids=["an empty section", "no section", "nothing of three levels"],
)
def test_criteria_that_are_missing_are_told_where_they_should_stand(
    source: str, template: str, line: str, tmp_path: Path
) -> None:
    own = tmp_path / "own.md"
    own.write_text(template, encoding="utf-8")
    missing = [at for rule, at in found(source, template=str(own)) if rule == "missing-acceptance-criterion"]
    assert [source.splitlines()[at - 1] for at in missing] == [line] * 4

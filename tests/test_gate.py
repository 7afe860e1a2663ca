"""The acceptance gate in built sites: every way around it that we know of fails a strict build, and says where."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import COMPLETE, ROOT, Site, found, replaced, with_section

MakeSite = Callable[..., Site]

ALL_BUT_ONE = """### Acceptance Criteria

- [x] All benchmarks meet or exceed targets
- [x] User experience improved
- [x] Resource utilization optimal
"""
OPEN = "- [ ] No regression in other areas"
EXTENSIONS = [
    "tables",
    "admonition",
    "md_in_html",
    "pymdownx.details",
    "pymdownx.superfences",
    {"pymdownx.tabbed": {"alternate_style": True}},
    "pymdownx.tasklist",
    "pymdownx.snippets",
    "pymdownx.blocks.admonition",
    "pymdownx.blocks.details",
    "pymdownx.blocks.tab",
]


def criteria(more: str) -> str:
    return with_section(f"{ALL_BUT_ONE}\n{more}\n")


DODGES: dict[str, tuple[str, str]] = {
    "open": (criteria(OPEN), "No regression"),
    "no task list extension": (COMPLETE.replace("- [x] No reg", "- [ ] No reg"), "No regression"),
    "admonition": (criteria(f"!!! note\n    {OPEN}"), "No regression"),
    "collapsed admonition": (criteria(f"??? note\n    {OPEN}"), "No regression"),
    "content tab": (criteria(f'=== "More"\n\n    {OPEN}'), "No regression"),
    "details": (criteria(f"<details markdown>\n<summary>More</summary>\n\n{OPEN}\n\n</details>"), "No regression"),
    "raw details": (criteria(f"<details>\n<summary>More</summary>\n\n{OPEN}\n\n</details>"), "No regression"),
    "block details": (criteria(f"/// details | More\n{OPEN}\n///"), "No regression"),
    "block tab": (criteria(f"/// tab | More\n{OPEN}\n///"), "No regression"),
    "quote": (criteria(f"> {OPEN}"), "No regression"),
    "glued to the paragraph above": (criteria(f"Still to do:\n{OPEN}"), "No regression"),
    "glued and ticked": (criteria("Done:\n- [x] No regression in other areas"), "No regression"),
    "no list": (criteria("[x] No regression in other areas"), "No regression"),
    "no space": (criteria("- [x]No regression in other areas"), "No regression"),
    "nested": (with_section(ALL_BUT_ONE + "    - [ ] No regression in other areas\n"), "No regression"),
    "star beside dash": (with_section(ALL_BUT_ONE + "*   [ ] No regression in other areas\n"), "No regression"),
    "numbered": (criteria("1. [ ] No regression in other areas"), "No regression"),
    "N/A": (criteria("- [N/A] No regression in other areas"), "No regression"),
    "dash": (criteria("- [-] No regression in other areas"), "No regression"),
    "check mark": (criteria("- ✅ No regression in other areas"), "No regression"),
    "tick character": (criteria("- [✓] No regression in other areas"), "No regression"),
    "empty brackets": (criteria("- [] No regression in other areas"), "No regression"),
    "no box": (criteria("- No regression in other areas"), "No regression"),
    "label": (criteria("- Areas\n    - [ ] No regression in other areas"), "No regression"),
    "status table": (criteria("| Criterion | Status |\n| --- | --- |\n| No regression in other areas | ✅ |"), "No regression"),
    "deleted": (with_section(ALL_BUT_ONE), "No regression"),
    "reworded": (criteria("- [x] No regression in other areas that matter"), "No regression"),
    "struck": (criteria("- [x] ~~No regression~~ in other places"), "No regression"),
    "commented out": (criteria(f"<!--\n{OPEN}\n-->"), "No regression"),
    "in code": (criteria(f"```\n{OPEN}\n```"), "No regression"),
    "own criterion": (COMPLETE.replace("- [x] Resource", "- [ ] p95 below 200 ms\n- [x] Resource"), "p95 below 200 ms"),
    "second section": (
        COMPLETE.replace("## Risk Assessment", f"### Acceptance Criteria\n\n{OPEN}\n\n## Risk Assessment"),
        "No regression",
    ),
    "section gone": (replaced("### Acceptance Criteria", ""), "No regression"),
    "section renamed": (COMPLETE.replace("### Acceptance Criteria", "### Acceptance").replace("[x] No", "[ ] No"), "No regression"),
    "section under another": (
        replaced("### Acceptance Criteria", "").replace("### Potential Risks", f"### Acceptance Criteria\n\n{OPEN}\n\n### Potential Risks"),
        "No regression",
    ),
    "waived without reason": (criteria(f"{OPEN} <!-- perfcase: waive -->"), "No regression"),
    "ignored": (criteria(f"<!-- perfcase: ignore PC301 later -->\n\n{OPEN}"), "No regression"),
    "ignored in front matter": ("---\nperfcase_ignore: [PC301]\n---\n" + criteria(OPEN), "No regression"),
    "title gone": (COMPLETE.replace("# Cache the price list\n", "").replace("[x] No", "[ ] No"), "No regression"),
    "headings changed": (
        COMPLETE.replace("## Overview", "## About").replace("## Performance Issue", "## Trouble").replace("[x] No", "[ ] No"),
        "No regression",
    ),
    "only criteria left": ("# Prices\n\n## Performance Targets\n\n### Acceptance Criteria\n\n" + OPEN + "\n\n## Validation\n", "No regression"),
    "CRLF": (criteria(OPEN).replace("\n", "\r\n"), "No regression"),
    "BOM": ("\ufeff" + criteria(OPEN), "No regression"),
    "BOM, CRLF and front matter": ("\ufeff---\r\nowner: Ada\r\n---\r\n" + criteria(OPEN).replace("\n", "\r\n"), "No regression"),
    "tabs": (criteria("-\t[ ] No regression in other areas"), "No regression"),
    "non-breaking space": (criteria("- [\u00a0] No regression in other areas"), "No regression"),
}  # fmt: skip
# Criteria of the author's own, behind the template's four ticked ones, in every form that isn't a ticked checkbox.
OWN = {
    "no space behind the dash": "-[ ] p99 is fine",
    "en dash": "– [ ] p99 is fine",
    "middle dot": "· [ ] p99 is fine",
    "letter": "a. [ ] p99 is fine",
    "second line": "Still to do\n[ ] p99 is fine",
    "behind a break": "- [x] own<br>[ ] p99 is fine",
    "escaped": "\\[ \\] p99 is fine",
    "bold": "**[ ] p99 is fine**",
    "entity": "&#9744; p99 is fine",
    "shortcode": ":white_large_square: p99 is fine",
    "input": '<input type="checkbox"> p99 is fine<br>',
    "label": '<label><input type="checkbox"> p99 is fine</label>',
    "raw list": "<ul><li>[ ] p99 is fine</li></ul>",
    "raw list with a sign": "<ul>\n<li>☐ p99 is fine</li>\n</ul>",
    "box in the first column": "| Done | Criterion |\n| --- | --- |\n| [ ] | p99 is fine |",
    "sign in the first column": "| | Criterion |\n| --- | --- |\n| ☐ | p99 is fine |",
    "pending": "| Criterion | Target | Check |\n| --- | --- | --- |\n| p99 is fine | 200 ms | pending |",
    "code span": "- [x] own\n    - `[ ]` p99 is fine",
    "full width": "- [x] own\n    - ［ ］ p99 is fine",
    "fence": "```\n- [ ] p99 is fine\n```",
    "second box": "- [x] [ ] p99 is fine",
    "struck": "- [x] ~~p99 is fine~~",
    "subheading named like a section": "#### Database Optimizations\n\n- [ ] p99 is fine",
    "another section of the kind": "### Additional Acceptance Criteria\n\n- [ ] p99 is fine",
    "look-alike letter": "### A\u0441ceptance Criteria\n\n- [ ] p99 is fine",
    "soft hyphen": "### Accep\u00adtance Criteria\n\n- [ ] p99 is fine",
    "attributes": "### Acceptance Criteria { #more .x }\n\n- [ ] p99 is fine",
    "bold heading": "**Acceptance Criteria**\n\n- [ ] p99 is fine",
    "waived for REASON": "- [ ] p99 is fine <!-- perfcase: waive REASON -->",
    "waived for nothing": "- [ ] p99 is fine <!-- perfcase: waive ... -->",
    "waived later": "- [ ] p99 is fine <!-- perfcase: waive: TODO -->",
}


@pytest.mark.parametrize("name", OWN)
def test_own_criteria_cannot_be_slipped_past(make_site: MakeSite, name: str) -> None:
    record = COMPLETE.replace(
        "- [x] Resource utilization optimal\n", f"- [x] Resource utilization optimal\n\n{OWN[name]}\n"
    )
    site = make_site({"performance/prices.md": record}, markdown_extensions=EXTENSIONS)
    assert site.build(strict=True).error is not None
    gating = [finding for finding in site.findings("WARNING") if " PC30" in finding]
    assert "p99 is fine" in gating[0]
    line = next(number for number, text in enumerate(record.splitlines(), 1) if "p99 is fine" in text)
    assert gating[0].startswith(f"performance/prices.md:{line}:")


def test_attributes_on_every_heading(make_site: MakeSite) -> None:
    record = re.sub(r"^(#+ .*)$", r"\1 { .section data-x='y' }", criteria(OPEN), flags=re.MULTILINE)
    site = make_site({"prices.md": record}, markdown_extensions=["attr_list"])
    assert site.build(strict=True).error is not None
    assert [finding for finding in site.findings("WARNING") if "PC301" in finding]


def test_a_record_at_the_indexs_path(make_site: MakeSite) -> None:
    site = make_site({"performance/index.md": criteria(OPEN)})
    assert site.build(strict=True).error is not None


def test_a_table_of_records_hides_no_record(make_site: MakeSite) -> None:
    record = "# Prices\n\n**Acceptance Criteria**\n\n- [ ] All\n\n<!-- perfcase: table -->\n"
    site = make_site({"performance/prices.md": record}, {"records": ["performance/*.md"]})
    assert site.build(strict=True).error is not None


@pytest.mark.parametrize("glob", ["perfomance/*.md", "docs/performance/*.md", "Performance/*.md", "performance"])
def test_a_glob_that_matches_nothing(make_site: MakeSite, glob: str) -> None:
    site = make_site({"performance/prices.md": criteria(OPEN)}, {"records": [glob]})
    assert site.build(strict=True).error is not None
    assert f'mkdocs.yml:5: PC109 records: "{glob}" matches no page' in site.findings("WARNING")[0]


def test_a_folder_is_a_glob(make_site: MakeSite) -> None:
    site = make_site({"performance/deep/prices.md": criteria(OPEN)}, {"records": ["performance/"]})
    assert "PC301" in site.build(strict=True).findings("WARNING")[0]


def test_a_fragment_rendered_in_between_leaves_the_page_alone(make_site: MakeSite, tmp_path: Path) -> None:
    (tmp_path / "hook.py").write_text(
        "import markdown\n"
        "def on_page_content(html, page, config, files):\n"
        "    return html + markdown.Markdown(extensions=config.markdown_extensions, "
        "extension_configs=config.mdx_configs).convert('# Aside')\n",
        encoding="utf-8",
    )
    site = make_site(
        {"performance/prices.md": criteria(OPEN)}, {"records": ["performance/*.md"]}, hooks=[str(tmp_path / "hook.py")]
    )
    assert site.build(strict=True).error is not None
    assert [finding.split(";")[0] for finding in site.findings("WARNING")] == [
        'performance/prices.md:144: PC301 unchecked acceptance criterion: "No regression in other areas"'
    ]


def test_a_template_with_criteria_under_subheadings(make_site: MakeSite, tmp_path: Path) -> None:
    text = "## Overview\n\n\\[What\\]\n\n## Acceptance Criteria\n\n### Functional\n\n- [ ] All tests pass\n"
    (tmp_path / "own.md").write_text(text, encoding="utf-8")
    site = make_site({"a.md": "# A\n\n" + text.replace("\\[What\\]", "Prices")}, {"template": "own.md"})
    assert site.build(strict=True).error is not None
    assert 'PC301 unchecked acceptance criterion: "All tests pass"' in site.findings("WARNING")[0]


SAID_OF_THE_SECTION = ("deleted", "commented out", "in code", "section gone", "section under another", "status table")


@pytest.mark.parametrize("name", DODGES)
def test_cannot_be_slipped_past(make_site: MakeSite, name: str) -> None:
    record, criterion = DODGES[name]
    extensions = [] if name == "no task list extension" else EXTENSIONS
    site = make_site(
        {"performance/prices.md": record}, {"records": ["performance/*.md"]}, markdown_extensions=extensions
    )
    assert site.build(strict=True).error is not None
    findings = site.findings("WARNING")
    assert any(criterion in finding for finding in findings), findings
    numbers = [number for number, line in enumerate(record.splitlines(), 1) if criterion in line]
    if name not in SAID_OF_THE_SECTION:
        places = {f"performance/prices.md:{number}" for number in numbers}
        assert any(finding.rsplit(": PC", 1)[0] in places for finding in findings), findings
    assert not site.output.exists() or not list(site.output.rglob("*.html"))


def test_a_page_made_by_a_snippet(make_site: MakeSite, tmp_path: Path) -> None:
    (tmp_path / "criteria.md").write_text(OPEN + "\n", encoding="utf-8")
    record = criteria('--8<-- "criteria.md"')
    snippets = {"pymdownx.snippets": {"base_path": [str(tmp_path)]}}
    site = make_site({"performance/prices.md": record}, markdown_extensions=[*EXTENSIONS[:-4], snippets])
    assert site.build(strict=True).error is not None
    line = next(n for n, text in enumerate(record.splitlines(), 1) if "Resource" in text)
    assert f"performance/prices.md:{line}: PC301" in site.findings("WARNING")[0]  # the nearest line before the snippet


def test_a_page_made_by_macros(make_site: MakeSite) -> None:
    record = criteria("- [{{ ' ' }}] {{ 'No regression in other areas' }}")
    site = make_site({"performance/prices.md": record})
    site.config["plugins"] = ["macros", "perfcase"]
    assert site.build(strict=True).error is not None
    assert "PC301" in site.findings("WARNING")[0]


def test_a_dodge_without_enough_form_is_named(make_site: MakeSite) -> None:
    site = make_site({"performance/prices.md": "# Prices\n\nFaster now.\n"}, {"records": ["performance/*.md"]})
    assert site.build(strict=True).error is not None
    assert "performance/prices.md:1: PC109" in site.findings("WARNING")[0]


def test_passes_when_all_is_ticked(make_site: MakeSite) -> None:
    site = make_site({"performance/prices.md": COMPLETE}).build(strict=True)
    assert site.error is None
    assert site.findings() == []


@pytest.mark.parametrize("status", ["draft", "proposed", "rolled-back", "superseded", "abandoned"])
def test_a_status_exempts_visibly(make_site: MakeSite, status: str) -> None:
    record = f"---\nstatus: {status}\n---\n" + criteria(OPEN)
    site = make_site({"performance/prices.md": record}).build(strict=True)
    assert site.error is None
    assert len(site.findings("INFO")) == 1
    for page in ("performance/prices/index.html", "performance/index.html"):
        assert f"don't fail the build while the status is {status}" in site.page(page).get_text()


def test_another_status_does_not_exempt(make_site: MakeSite) -> None:
    site = make_site({"performance/prices.md": "---\nstatus: accepted\n---\n" + criteria(OPEN)})
    assert site.build(strict=True).error is not None


def test_exempt_is_an_option(make_site: MakeSite) -> None:
    record = "---\nstatus: Proposed\n---\n" + criteria(OPEN)
    site = make_site({"performance/prices.md": record}, {"exempt": []})
    assert site.build(strict=True).error is not None


def test_a_waiver_is_shown(make_site: MakeSite) -> None:
    record = criteria(f"{OPEN} <!-- perfcase: waive a nightly job -->")
    site = make_site({"performance/prices.md": record}).build(strict=True)
    assert site.error is None
    page = site.page("performance/prices/index.html")
    assert page.select_one("li .perfcase-waived").get_text() == "waived: a nightly job"  # type: ignore[union-attr]
    assert "(1 waived)" in page.select_one(".perfcase-summary").get_text()  # type: ignore[union-attr]


def test_without_strict_it_warns_and_builds(make_site: MakeSite) -> None:
    site = make_site({"performance/prices.md": criteria(OPEN)}).build(strict=False)
    assert site.error is None
    assert len(site.findings("WARNING")) == 1
    assert (site.output / "performance/prices/index.html").is_file()


def test_the_options_own_strict(make_site: MakeSite) -> None:
    site = make_site({"performance/prices.md": criteria(OPEN)}, {"strict": True})
    assert site.build(strict=False).error is not None
    site.config["plugins"] = [{"perfcase": {"strict": False}}]
    assert site.build(strict=True).error is None
    assert len(site.findings("INFO")) == 1


def test_every_finding_is_printed_before_the_build_stops(make_site: MakeSite) -> None:
    pages = {f"performance/p{n}.md": criteria(OPEN) for n in range(3)}
    pages["performance/p1.md"] = pages["performance/p1.md"].replace("k6 1.3", "TBD")
    site = make_site(pages).build(strict=True)
    assert [finding.split(":")[0] for finding in site.findings()] == [
        "performance/p0.md",
        "performance/p1.md",
        "performance/p1.md",
        "performance/p2.md",
    ]
    assert str(site.error) == "perfcase: 3 open acceptance criteria in 3 records, 1 other finding"


@pytest.mark.parametrize("flags", [["--strict"], ["-q", "--strict"]], ids=" ".join)
def test_the_command_fails(make_site: MakeSite, flags: list[str]) -> None:
    site = make_site({"performance/prices.md": criteria(OPEN)})
    site.build()
    run = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", *flags],
        cwd=site.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stdout.strip().splitlines()[-1] == "perfcase: 1 open acceptance criterion in 1 record"
    assert "Traceback" not in run.stdout


def test_the_example_site_passes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT / "example_site", check=True)


def test_a_waiver_in_code_is_text() -> None:
    record = COMPLETE.replace(
        "[x] No regression in other areas", "[ ] No regression in other areas `<!-- perfcase: waive by decree -->`"
    )
    assert [rule for rule, _ in found(record)] == ["unchecked-acceptance-criterion"]

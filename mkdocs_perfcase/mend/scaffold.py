"""What the template asks for and a record lacks, put in as the template has it: unfilled, and every box open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mkdocs_perfcase.mend.edits import Edit
from mkdocs_perfcase.mend.page import Page
from mkdocs_perfcase.outline import Entry, Section
from mkdocs_perfcase.record import RecordSection
from mkdocs_perfcase.template import SectionForm
from mkdocs_perfcase.text import name_key, plain, quoted

_INCLUDES = re.compile(r"\{[%{!]|-8<-")  # macros, and snippets that nothing here resolves: what is missing may be there
_COMMENT = re.compile(r"\s*<!--.*-->\s*")
_TICK = re.compile(r"^(\s*(?:[-*+]|\d+[.)])\s+\[)[xX](?=\] )", re.MULTILINE)
_ITEM = re.compile(r"(?P<lead>[\s>]*)(?P<number>\d{0,9})(?P<marker>[-*+.)])(?P<gap>\s+)\[.\] ")
_CRITERION = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+\[[ xX]\]\s+(.*)$", re.MULTILINE)
MOST_LEVELS = 6
"""Of headings."""


def sections(page: Page) -> Iterator[Edit]:
    """Each missing section, with those missing below it. One that goes by a like name is for its author to rename."""
    if _INCLUDES.search(page.record.text):
        return
    for form, _, _, alike in page.form.missing_sections:
        if alike is None and page.reports("missing-section", f'"{form.title}"'):
            for run in _runs(page, form):
                line, shift = place_of(page, run[0])
                if line:
                    yield Edit("section", run[0].title, line, page.spaced(line, list(_scaffold(run, shift))))


def _runs(page: Page, form: SectionForm) -> Iterator[list[SectionForm]]:
    """A missing section with those missing below it, cut where one is there."""
    run: list[SectionForm] = []
    for one in page.record.template.below(form):
        if one.key in page.record.by_key:
            if run:
                yield run
            run = []
        elif not one.optional:
            run.append(one)
    if run:
        yield run


def place_of(page: Page, form: SectionForm) -> tuple[int, int]:
    """The line above which a missing section belongs, 0 where that isn't known; and how much deeper headings are."""
    present = page.record.by_key
    first = next((present[one.key] for one in page.record.template.below(form) if one.key in present), None)
    near = first or _before(page, form) or min(page.record.sections, key=lambda s: s.line, default=None)
    shift = near.body.level - near.form.level if near else 0
    following = near.body if near else None
    if near and near is not first and _is_before(page, near.form, form):
        following = heading_after(page, near, form.level + shift)
    return line_above(page, following) or 0, shift


def _scaffold(forms: Iterable[SectionForm], shift: int) -> Iterator[str]:
    """Sections as in the template, no box ticked, their headings as deep as the record's."""
    for form in forms:
        level = min(max(form.level + shift, 1), MOST_LEVELS)
        yield from (f"{'#' * level} {form.title}", "")
        if form.body:
            yield from (*_TICK.sub(r"\1 ", form.body).split("\n"), "")


def _is_before(page: Page, one: SectionForm, other: SectionForm) -> bool:
    return page.record.template.order[one.key] < page.record.template.order[other.key]


def _before(page: Page, form: SectionForm) -> RecordSection | None:
    """The section that the record has and that comes closest before a missing one in the template."""
    earlier = [section for section in page.record.by_key.values() if _is_before(page, section.form, form)]
    return max(earlier, key=lambda section: page.record.template.order[section.form.key], default=None)


def heading_after(page: Page, before: RecordSection, level: int) -> Section | None:
    """The next heading that isn't below a section of that level; what stands before it belongs to the one before."""
    body = page.record.body
    place = next(place for place, section in enumerate(body) if section is before.body)
    return next((section for section in body[place + 1 :] if section.level <= level), None)


def line_above(page: Page, following: Section | None) -> int | None:
    """The line above which to add a section; None where the heading isn't in this file."""
    if following is None:
        return next((n + 1 for n in range(len(page.lines), 0, -1) if page.line(n).strip()), None)
    line = following.line
    if name_key(page.line(line).strip().strip("#")) != name_key(following.title):
        return None
    return _above_comments(page, line)


def _above_comments(page: Page, line: int) -> int:
    """A comment right above a heading may be about it."""
    place = line
    while place > 1 and (not page.line(place - 1).strip() or _COMMENT.fullmatch(page.line(place - 1))):
        place -= 1
        if page.line(place).strip():
            line = place
    return line


def criteria(page: Page) -> Iterator[Edit]:
    """The template's criteria that a record dropped, open, at the end of its list; one of a like wording is left."""
    if _INCLUDES.search(page.record.text):
        return
    missing = [
        text
        for text, alike in page.form.missing_criteria
        if alike is None and page.reports("missing-acceptance-criterion", quoted(text))
    ]
    for section in page.record.by_key.values():
        texts = [text for text in section.form.criteria if text in missing]
        if texts:
            yield from _criteria(page, section, texts)


def _criteria(page: Page, section: RecordSection, texts: list[str]) -> Iterator[Edit]:
    typed = {plain(text): text for text in _CRITERION.findall(section.form.body)}
    items = [f"[ ] {typed.get(text, text)}" for text in texts]
    boxed = [entry for entry in section.body.entries if entry.box in ("open", "checked")]
    if boxed:
        line, lines = _at_end_of_list(page, section, boxed, items)
    else:
        line = line_above(page, heading_after(page, section, MOST_LEVELS)) or 0
        lines = page.spaced(line, [f"- {item}" for item in items])
    if line:
        yield Edit("criterion", section.form.title, line, lines, size=len(items))


def _at_end_of_list(
    page: Page, section: RecordSection, boxed: list[Entry], items: list[str]
) -> tuple[int, tuple[str, ...]]:
    """Where to add items to the list of boxes that comes last, and how they look there; 0 where that isn't known."""
    listed = [entry for entry in section.body.entries if entry.top == boxed[-1].top]
    level = min(entry.level for entry in boxed if entry.top == boxed[-1].top)
    like = max(entry.line for entry in boxed if entry.level == level)
    match = _ITEM.match(page.line(like))
    if match is None:
        return 0, ()
    line = max(entry.line + entry.text.count("\n") for entry in listed)
    while _continues(page.line(line + 1)):
        line += 1
    number = match["number"]
    starts = [f"{int(number) + count}" if number else "" for count in range(1, len(items) + 1)]
    return line + 1, tuple(
        f"{match['lead']}{start}{match['marker']}{match['gap']}{item}"
        for start, item in zip(starts, items, strict=True)
    )


def _continues(line: str) -> bool:
    """Whether a line below a list's item still belongs to it."""
    return bool(line.strip(" \t>")) and not line.lstrip().startswith("#")

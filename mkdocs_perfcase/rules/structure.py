"""PC101 to PC105: has the record the template's sections and fields, in their order?"""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_perfcase.findings import Problem, Severity, Subject, rule
from mkdocs_perfcase.text import plain, quoted


@rule(
    "PC101",
    "missing-section",
    Severity.WARNING,
    bad="""
    ## Risks

    ### Potential Risks

    *   **Stale prices:** entries expire after 60 s

    ### Monitoring Plan

    *   **Metrics to watch:** cache hit rate, p95 latency
    *   **Alert thresholds:** hit rate below 80% for 10 min
    *   **Monitoring duration:** two weeks
    """,
    good="""
    ## Risk Assessment

    ### Potential Risks

    *   **Stale prices:** entries expire after 60 s

    ### Monitoring Plan

    *   **Metrics to watch:** cache hit rate, p95 latency
    *   **Alert thresholds:** hit rate below 80% for 10 min
    *   **Monitoring duration:** two weeks
    """,
)
def missing_section(subject: Subject) -> Iterator[Problem]:
    """A heading that the template requires is absent.

    Readers look for the same parts in every record, and the checks find them by their headings. Case, numbering, an
    emoji, bold type or a remark in brackets don't matter; other names are declared under `headings` in the
    configuration. A heading that looks like the missing one is named, and its content is read in its place.
    """
    for form, below, line, alike in subject.form.missing_sections:
        if alike is not None:
            yield Problem(
                line,
                f'missing section "{form.title}"; line {line}, {quoted(plain(alike.title))}, looks like it',
                f'rename that heading to "{form.title}"',
            )
            continue
        with_those = f" (with {', '.join(quoted(child.title) for child in below)})" if below else ""
        yield Problem(
            line,
            f'missing section "{form.title}"{with_those}',
            f'add the heading "{"#" * form.level} {form.title}" and fill it in',
        )


@rule(
    "PC102",
    "empty-section",
    Severity.WARNING,
    bad="""
    ### User Impact
    """,
    good="""
    ### User Impact

    Buyers waited half a second for every price.
    """,
)
def empty_section(subject: Subject) -> Iterator[Problem]:
    """A heading has nothing under it.

    An empty section reads as "nobody looked". Where there is nothing to say, say so in a sentence, or delete the
    heading if the template marks it "(if applicable)".
    """
    for section in subject.form.empty_sections:
        hint = (
            "fill it in or delete the heading"
            if section.form.optional
            else "fill it in, or say in a sentence why there is nothing"
        )
        yield Problem(section.line, f'empty section "{section.form.title}"', hint)


@rule(
    "PC103",
    "section-out-of-order",
    Severity.INFO,
    bad="""
    ## Rollback Plan

    ### Rollback Steps

    1. Set `PRICE_CACHE=off` and restart the workers.

    ### Rollback Triggers

    *   Performance degradation
    """,
    good="""
    ## Rollback Plan

    ### Rollback Triggers

    *   Performance degradation

    ### Rollback Steps

    1. Set `PRICE_CACHE=off` and restart the workers.
    """,
)
def section_out_of_order(subject: Subject) -> Iterator[Problem]:
    """A section stands elsewhere than in the template.

    The order is the one in which a reader needs the parts: what was slow, why, what was done, what came of it.
    """
    order = subject.template.order
    for section, neighbour in subject.form.out_of_order:
        side = "before" if order[section.form.key] < order[neighbour.form.key] else "after"
        yield Problem(
            section.line,
            f'section "{section.form.title}" is out of order',
            f'it stands {side} "{neighbour.form.title}" in the template',
        )


@rule(
    "PC104",
    "duplicate-section",
    Severity.WARNING,
    bad="""
    ### User Impact

    Buyers waited half a second for every price.

    ### User Impact

    Support had nine tickets a week.
    """,
    good="""
    ### User Impact

    Buyers waited half a second for every price. Support had nine tickets a week.
    """,
)
def duplicate_section(subject: Subject) -> Iterator[Problem]:
    """A section of the template appears twice.

    One of the two goes unread, by people and by tools. (Acceptance criteria are read from both.)
    """
    for section, first in subject.form.duplicates:
        yield Problem(
            section.line, f'duplicate section "{section.form.title}"', f"merge it into the one in line {first.line}"
        )


@rule(
    "PC105",
    "missing-field",
    Severity.WARNING,
    bad="""
    ### Load Testing

    *   **Tool:** k6 1.3
    *   **Test duration:** 30 min
    *   **Users:** 500
    *   **Expected results:** p95 below 200 ms, no errors
    """,
    good="""
    ### Load Testing

    *   **Tool:** k6 1.3
    *   **Test duration:** 30 min
    *   **Concurrent users:** 500
    *   **Expected results:** p95 below 200 ms, no errors
    """,
)
def missing_field(subject: Subject) -> Iterator[Problem]:
    """A field of the template is absent from its section or named item, or has no value.

    The index, the summary and the checks take their facts from fields. A field reads `*   **Name:** value`.
    """
    for form, where, line, empty, alike in subject.form.missing_fields:
        if empty:
            yield Problem(line, f'field "{form.name}" in "{where}" has no value', "give it one")
        elif alike is not None:
            yield Problem(
                line,
                f'missing field "{form.name}" in "{where}"; line {line}, {quoted(alike)}, looks like it',
                f'rename that field to "{form.name}"',
            )
        else:
            yield Problem(line, f'missing field "{form.name}" in "{where}"', f'add "*   **{form.name}:** …"')
    for section in subject.form.unnamed_items:
        fields = ", ".join(form.name for form in section.form.item_fields)
        yield Problem(
            section.line,
            f'no item in "{section.form.title}"',
            f"name one in a paragraph of bold text, with its fields below ({fields})",
        )

"""PC1xx: is it all there, in the template's form, and filled in?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from mkdocs_perfcase.findings import Problem, Severity, Subject, rule
from mkdocs_perfcase.form import Form
from mkdocs_perfcase.record import COMPONENT, choices_named
from mkdocs_perfcase.text import look_alike, plain


def _form(subject: Subject) -> Form:
    return cast(Form, subject.form)  # these rules run on records only


def quoted(text: str, longest: int = 100) -> str:
    """A text from a record, in one line and in quotes."""
    line = " ".join(text.split())
    return f'"{line if len(line) <= longest else line[: longest - 1] + "…"}"'


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
    for form, below, line, alike in _form(subject).missing_sections:
        if alike is not None:
            yield Problem(
                line,
                f'missing section "{form.title}"; line {line}, {quoted(plain(alike.title))}, looks like it',
                f'rename that heading to "{form.title}"',
            )
            continue
        with_those = f" (with {', '.join(quoted(child.title) for child in below)})" if below else ""
        yield Problem(line, f'missing section "{form.title}"{with_those}', f'add the heading "{"#" * form.level} {form.title}" and fill it in')


@rule(
    "PC102",
    "empty-section",
    Severity.WARNING,
    bad="""
    ### User Impact

    ### Bottlenecks of the rollout

    None.
    """,
    good="""
    ### User Impact

    Buyers waited half a second for every price.

    ### Bottlenecks of the rollout

    None.
    """,
)
def empty_section(subject: Subject) -> Iterator[Problem]:
    """A heading has nothing under it.

    An empty section reads as "nobody looked". Where there is nothing to say, say so in a sentence, or delete the
    heading if the template marks it "(if applicable)".
    """
    for section in _form(subject).empty_sections:
        hint = "fill it in or delete the heading" if section.form.optional else "fill it in, or say in a sentence why there is nothing"
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
    for section, neighbour in _form(subject).out_of_order:
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
    for section, first in _form(subject).duplicates:
        yield Problem(section.line, f'duplicate section "{section.form.title}"', f"merge it into the one in line {first.line}")


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
    for form, where, line, empty, alike in _form(subject).missing_fields:
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
    for section in _form(subject).unnamed_items:
        fields = ", ".join(form.name for form in section.form.item_fields)
        yield Problem(
            section.line,
            f'no item in "{section.form.title}"',
            f"name one in a paragraph of bold text, with its fields below ({fields})",
        )


@rule(
    "PC106",
    "placeholder-left",
    Severity.WARNING,
    bad=r"""
    ### Load Testing

    *   **Tool:** \[Load testing tool\]
    *   **Test duration:** 30 min
    *   **Concurrent users:** 500
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
def placeholder_left(subject: Subject) -> Iterator[Problem]:
    """A placeholder was never filled in.

    Found are the template's own placeholders where the template has them, and the usual ones anywhere: `TBD`,
    `TODO:`, `___`, `[FILL IN]`, `(fill)`, `{ }`. Code is never searched, and neither is the *Improvement* of a
    comparison, which is computed.
    """
    for text, where, line, choices, _measured, spare in _form(subject).unfilled:
        if spare:
            yield Problem(line, f'further item {quoted(text)} of "{where}" left from the template', "fill it in or delete it")
        elif choices:
            yield Problem(line, f'placeholder left in "{where}"', f"choose from {', '.join(choices)}")
        else:
            yield Problem(line, f'placeholder left in "{where}": {quoted(text)}', "fill it in")


@rule(
    "PC107",
    "unknown-choice",
    Severity.WARNING,
    bad="""
    ## Overview

    *   **Optimization Type:** Databse Query
    *   **Component:** Price list
    *   **Current Performance:** 450 ms at the median
    *   **Target Performance:** 150 ms at the median
    """,
    good="""
    ## Overview

    *   **Optimization Type:** Database Query
    *   **Component:** Price list
    *   **Current Performance:** 450 ms at the median
    *   **Target Performance:** 150 ms at the median
    """,
)
def unknown_choice(subject: Subject) -> Iterator[Problem]:
    """A field with choices names something else.

    Filters and tables group records by these values, so a misspelt one drops out of them. Several choices may be
    named, separated by commas, and remarks may stand beside them.
    """
    unfilled = {u.line for u in _form(subject).unfilled}
    for section in subject.record.by_key.values():
        for form in section.form.fields:
            field = section.fields.get(form.key)
            if not form.choices or field is None or field.line in unfilled:
                continue
            parts = list(choices_named(field, form))
            matched = any(known for _, _, known in parts)
            for part, line, known in parts:
                if known is None and (not matched or _is_named(part)):
                    alike = look_alike(part, form.choices)
                    hint = f'did you mean "{alike}"?' if alike else f"choose from {', '.join(form.choices)}"
                    yield Problem(line, f'unknown choice {quoted(part)} in "{form.name}"', hint)


def _is_named(part: str) -> bool:
    """Beside a known choice, only what is written like one is taken for another; the rest is a remark."""
    words = part.split()
    return len(words) <= 3 and all(word.isalpha() and word[0].isupper() for word in words)


@rule(
    "PC108",
    "template-code-left",
    Severity.WARNING,
    bad="""
    ### Database Optimizations

    ```sql
    -- New index
    CREATE INDEX [idx_name] ON [table]([columns]);

    -- Query optimization
    [Optimized query]
    ```
    """,
    good="""
    ### Database Optimizations

    ```sql
    CREATE INDEX CONCURRENTLY idx_prices_sku ON prices (sku);
    ```
    """,
)
def template_code_left(subject: Subject) -> Iterator[Problem]:
    """The template's example code is still there.

    The code before and after is what the next reader learns from.
    """
    for code in _form(subject).template_code:
        first = code.text.strip().partition("\n")[0]
        yield Problem(code.line, f"example code left from the template: {quoted(first, 60)}", "put the real code here, or delete the section if it does not apply")


@rule(
    "PC109",
    "unrecognised-record",
    Severity.WARNING,
    whole_page=True,
    bad="""
    # Faster prices

    We put a cache in front of the price list, and it is much faster now.
    """,
    good="""
    ---
    perfcase: false
    ---

    # How we write records

    One page per optimization, in the template.
    """,
)
def unrecognised_record(subject: Subject) -> Iterator[Problem]:
    """A page that the option `records` names isn't a record.

    Otherwise a record could escape the gate by losing its headings. A page that is meant to be none says
    `perfcase: false` in its front matter, or is named under `exclude`.
    """
    if subject.form is None and subject.listed:
        yield Problem(
            1,
            f"not a record: it has {subject.headings} of the template's {len(subject.template.headings)} headings",
            "write it in the template, or set `perfcase: false` in its front matter",
        )


@rule(
    "PC110",
    "almost-a-record",
    Severity.INFO,
    whole_page=True,
    bad="""
    # Faster prices

    ## Overview

    Prices come from a cache now.

    ## Performance Issue

    ### Symptoms

    *   Checkout waited for prices.

    ### User Impact

    Buyers gave up.
    """,
    good="""
    ---
    perfcase: false
    ---

    # Faster prices

    ## Overview

    Prices come from a cache now.

    ## Performance Issue

    ### Symptoms

    *   Checkout waited for prices.

    ### User Impact

    Buyers gave up.
    """,
)
def almost_a_record(subject: Subject) -> Iterator[Problem]:
    """A page narrowly misses being recognised as a record.

    It is checked for nothing, which may not be what its author expects. Front matter settles it either way.
    """
    if subject.form is None and subject.almost and not subject.listed:
        yield Problem(
            1,
            f"almost a record: it has {subject.headings} of the template's {len(subject.template.headings)} headings",
            "set `perfcase: true` in its front matter to have it checked, or `false` to settle that it is none",
        )


__all__ = ["COMPONENT", "quoted"]

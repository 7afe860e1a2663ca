"""PC106 to PC108: is what the template asks for filled in?"""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_perfcase.findings import Problem, Severity, Subject, rule
from mkdocs_perfcase.record import choices_named
from mkdocs_perfcase.text import look_alike, quoted


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
    for text, where, line, choices, _measured, spare in subject.form.unfilled:
        if spare:
            yield Problem(
                line, f'further item {quoted(text)} of "{where}" left from the template', "fill it in or delete it"
            )
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
    unfilled = {u.line for u in subject.form.unfilled}
    for section in subject.record.by_key.values():
        for form in (form for form in section.form.fields if form.choices):
            field = section.fields.get(form.key)
            if field is None or field.line in unfilled:
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
    for code in subject.form.template_code:
        first = code.text.strip().partition("\n")[0]
        yield Problem(
            code.line,
            f"example code left from the template: {quoted(first, 60)}",
            "put the real code here, or delete the section if it does not apply",
        )

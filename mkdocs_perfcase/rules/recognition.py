"""PC109 and PC110: is the page a record, and is it meant to be one?"""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_perfcase.findings import Problem, Severity, Subject, rule


@rule(
    "PC109",
    "unrecognised-record",
    Severity.WARNING,
    scope="others",
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
    if subject.signs.listed:
        yield Problem(
            1,
            f"not a record: it has {subject.signs.headings} of the template's {subject.signs.of_headings} headings",
            "write it in the template, or set `perfcase: false` in its front matter",
        )


@rule(
    "PC110",
    "almost-a-record",
    Severity.INFO,
    scope="others",
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
    """A page narrowly misses being recognised as a record, or lies where none are expected.

    It is checked for nothing, which may not be what its author expects. Front matter settles it either way.
    """
    found = subject.signs
    if found.listed or not found.almost:
        return
    if found.elsewhere:
        yield Problem(
            1,
            "a record by its form, but the option `records` doesn't name it",
            "add it there to have it checked, or settle it with `perfcase: true` or `false` in its front matter",
        )
    else:
        yield Problem(
            1,
            f"almost a record: it has {found.headings} of the template's {found.of_headings} headings",
            "set `perfcase: true` in its front matter to have it checked, or `false` to settle that it is none",
        )

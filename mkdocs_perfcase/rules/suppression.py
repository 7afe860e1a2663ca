"""PC9xx: do the suppressions still suppress something?"""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_perfcase.directives import TABLE_ARGUMENTS, VERBS, table_arguments
from mkdocs_perfcase.findings import RULES, Problem, Severity, Subject, find_rule, rule
from mkdocs_perfcase.record import TERMINAL
from mkdocs_perfcase.text import look_alike, quoted, written


@rule(
    "PC901",
    "unused-ignore",
    Severity.WARNING,
    last=True,
    bad="""
    ### User Impact

    <!-- perfcase: ignore placeholder-left the figure comes in June -->

    Buyers waited half a second for every price.
    """,
    good="""
    ### User Impact

    <!-- perfcase: ignore placeholder-left the figure comes in June -->

    Buyers waited (TBD) for every price.
    """,
)
def unused_ignore(subject: Subject) -> Iterator[Problem]:
    """An ignore suppresses nothing.

    Left standing, it would hide the next slip. It has no effect either without a reason, or on a rule that guards
    acceptance criteria: those are waived, one by one. A waiver that belongs to no open criterion is told, too. So is,
    as mere information, what the baseline accepts and the pages no longer have.
    """
    for ignore, why in subject.unused:
        yield Problem(
            ignore.line,
            f"ignore of {quoted(ignore.rule)} has no effect: {why}",
            "delete it" if "finds nothing" in why else "",
        )
    for line in _idle_waivers(subject):
        yield Problem(
            line, "waiver of no open criterion", "write it at the end of the criterion's own line, or delete it"
        )


def _idle_waivers(subject: Subject) -> Iterator[int]:
    """Waivers that stand by themselves, or on something that isn't an open criterion."""
    yield from (directive.line for directive in subject.directives if directive.verb == "waive")
    if subject.is_record:
        waived = {criterion.line for criterion in subject.record.criteria if criterion.state != "checked"}
        entries = (entry for section in subject.record.body for entry in section.entries)
        yield from (entry.line for entry in entries if entry.waiver is not None and entry.line not in waived)


@rule(
    "PC902",
    "unknown-rule",
    Severity.WARNING,
    scope="all",
    bad="""
    ### User Impact

    <!-- perfcase: ignore placeholder-lost the figure comes in June -->

    Buyers waited half a second for every price.
    """,
    good="""
    ### User Impact

    <!-- perfcase: ignore placeholder-left the figure comes in June -->

    Buyers waited (TBD) for every price.
    """,
)
def unknown_rule(subject: Subject) -> Iterator[Problem]:
    """An ignore, a setting or a directive names something that doesn't exist.

    It does nothing, and its author believes that it does. A name that looks like it is suggested.
    """
    for ignore in subject.ignores:
        if find_rule(ignore.rule) is None:
            yield unknown_rule_problem(ignore.rule, ignore.line)
    yield from _unknown_status(subject)
    for directive in subject.directives:
        if directive.verb == "table" and (unknown := table_arguments(directive.argument)[1]):
            known = ", ".join(TABLE_ARGUMENTS)
            yield Problem(
                directive.line,
                f"unknown argument {quoted(unknown)} of a table",
                f'there are {known}, each as name="value"',
            )
        elif directive.verb not in VERBS:
            alike = look_alike(directive.verb, VERBS)
            yield Problem(
                directive.line,
                f"unknown directive {quoted(directive.verb)}",
                f'did you mean "{alike}"?' if alike else f"there are {', '.join(VERBS)}",
            )


def _unknown_status(subject: Subject) -> Iterator[Problem]:
    """A status that is almost one that exempts would fail a build for a letter."""
    status = written(subject.meta.get("status") or "").strip().lower()
    known = (*subject.options.exempt, *TERMINAL)
    if subject.is_record and status and status not in known and (alike := look_alike(status, known, at_least=0.8)):
        yield Problem(1, f"unknown status {quoted(status)}", f'did you mean "{alike}"?')


def unknown_rule_problem(name: str, line: int) -> Problem:
    """What to say of a name that is no rule's."""
    alike = look_alike(name, RULES, at_least=0.6)
    return Problem(
        line, f"unknown rule {quoted(name)}", f'did you mean "{alike}"?' if alike else "`perfcase rules` lists them"
    )

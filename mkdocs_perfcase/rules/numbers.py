"""PC4xx: can the figures be read, and do they follow from each other?"""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_perfcase.change import percent_text
from mkdocs_perfcase.comparison import Measurement, declined_tables, has_stated_change, says_nothing
from mkdocs_perfcase.findings import Problem, Severity, Subject, rule
from mkdocs_perfcase.template import Role
from mkdocs_perfcase.text import quoted


@rule(
    "PC401",
    "unreadable-value",
    Severity.INFO,
    bad="""
    ### Before/After Comparison

    | Metric | Before | After | Improvement |
    | --- | --- | --- | --- |
    | Response Time | 450 ms | 120 ms | |
    | Throughput | 120 rps | 310 rps | |
    | Job Duration | 5.550 ms | 1.200 ms | |
    """,
    good="""
    ### Before/After Comparison

    | Metric | Before | After | Improvement |
    | --- | --- | --- | --- |
    | Response Time | 450 ms | 120 ms | |
    | Throughput | 120 rps | 310 rps | |
    | Job Duration | 5,550 ms | 1,200 ms | |
    | Query plan | Seq Scan | Index Scan | |
    """,
)
def unreadable_value(subject: Subject) -> Iterator[Problem]:
    """A value of the comparison can't be read, so nothing about it is checked.

    Read are a number and its unit, ranges, bounds (`<100 ms`, `200+`), approximations (`~5 s`), several values with
    their statistics (`p50 12 ms, p99 40 ms`). What isn't understood to its end isn't read at all: `5.550 ms` may be
    five and a half milliseconds or five thousand. A text without a figure is taken for a remark.
    """
    for table in declined_tables(subject.record):
        yield Problem(table.line, f"comparison table not read: {table.reason}", "name one column Before and one After")
    for measurement in subject.form.measurements:
        for text, quantity, side in (
            (measurement.before_text, measurement.before, "before"),
            (measurement.after_text, measurement.after, "after"),
        ):
            if quantity is None and any(c.isdigit() for c in text) and not says_nothing(text):
                yield Problem(
                    measurement.line,
                    f"value {side} of {quoted(measurement.name)} can't be read: {quoted(text)}",
                    "write a number and its unit; remarks go in brackets",
                )


@rule(
    "PC402",
    "incompatible-units",
    Severity.WARNING,
    bad="""
    ### Before/After Comparison

    | Metric | Before | After | Improvement |
    | --- | --- | --- | --- |
    | Response Time | 450 ms | 120 ms | |
    | Throughput | 120 rps | 310 rps | |
    | Job Duration | 450 ms | 120 MB | |
    """,
    good="""
    ### Before/After Comparison

    | Metric | Before | After | Improvement |
    | --- | --- | --- | --- |
    | Response Time | 450 ms | 120 ms | |
    | Throughput | 120 rps | 310 rps | |
    | Job Duration | 1.2 s | 340 ms | |
    """,
)
def incompatible_units(subject: Subject) -> Iterator[Problem]:
    """The values before and after have units that can't be compared.

    Units of one kind are converted: seconds and milliseconds, KB (1000 bytes) and KiB (1024 bytes), requests a second
    and a minute.
    """
    for m in subject.form.measurements:
        if m.before and m.after and not m.comparable and _of_known_kinds(m):
            yield Problem(
                m.line,
                f"incompatible units of {quoted(m.name)}: {m.before_text} before, {m.after_text} after",
                "measure the same thing on both sides",
            )


def _of_known_kinds(measurement: Measurement) -> bool:
    """Things are counted under many names; only units proper tell that two values differ in kind."""
    units = [quantity.unit for quantity in (measurement.before, measurement.after) if quantity]
    return all(unit is not None and not unit.countable and " per " not in unit.family for unit in units) and not all(
        unit and unit.family.startswith("rate of ") for unit in units
    )


@rule(
    "PC403",
    "improvement-mismatch",
    Severity.WARNING,
    bad="""
    ### Before/After Comparison

    | Metric | Before | After | Improvement |
    | --- | --- | --- | --- |
    | Response Time | 450 ms | 120 ms | 85% |
    | Throughput | 120 rps | 310 rps | 2.6x |
    """,
    good="""
    ### Before/After Comparison

    | Metric | Before | After | Improvement |
    | --- | --- | --- | --- |
    | Response Time | 450 ms | 120 ms | 73% |
    | Throughput | 120 rps | 310 rps | 2.6x |
    | CPU Usage | 80% | 45% | 35 points |
    """,
)
def improvement_mismatch(subject: Subject) -> Iterator[Problem]:
    """The stated change doesn't follow from the two values.

    Any usual way of stating it is accepted: `73%`, `-73%`, `↓ 73%`, `3.8x`, `3.8x faster`, `+175 ms (+8%)`,
    `35 points`; within the precision that the values and the statement are written in. Where a range, a bound or
    coarse rounding leaves it open, nothing is said.
    """
    for m in subject.form.measurements:
        percent = m.change_percent
        if m.agreement != "differs" or percent is None or not has_stated_change(m, _placeholders(subject)):
            continue
        yield Problem(
            m.line,
            f"stated change of {quoted(m.name)} doesn't follow: {quoted(m.stated)}, but from {m.before_text} to "
            f"{m.after_text} it is {percent_text(percent)}{_factor(m)}",
            "correct the values or the change, or leave the change empty and it is computed",
        )


def _placeholders(subject: Subject) -> frozenset[str]:
    form = subject.template.role(Role.COMPARISON)
    return frozenset(form.placeholders) if form else frozenset()


def _factor(measurement: Measurement) -> str:
    """The change as a factor, where that is how it was stated."""
    if "%" in measurement.stated or not measurement.pair:
        return ""
    before, after = measurement.pair
    larger, smaller = max(before.base, after.base), min(before.base, after.base)
    return f" ({larger / smaller:.3g}x)" if smaller > 0 else ""


@rule(
    "PC404",
    "missing-measurement",
    Severity.INFO,
    bad="""
    ### Before/After Comparison

    | Metric | Before | After | Improvement |
    | --- | --- | --- | --- |
    | Response Time | 450 ms | 120 ms | |
    | Throughput | 120 rps | 310 rps | |
    | CPU Usage | 80% | - | |
    """,
    good="""
    ### Before/After Comparison

    | Metric | Before | After | Improvement |
    | --- | --- | --- | --- |
    | Response Time | 450 ms | 120 ms | |
    | Throughput | 120 rps | 310 rps | |
    | CPU Usage | 80% | 45% | |
    """,
)
def missing_measurement(subject: Subject) -> Iterator[Problem]:
    """A metric has a value before and none after.

    That is as it should be while the change is planned, and it keeps the record's stage there.
    """
    for m in subject.form.measurements:
        if m.before and not m.measured:
            yield Problem(
                m.line, f"no value after the change for {quoted(m.name)}", "measure it again once the change is made"
            )


@rule(
    "PC405",
    "unknown-direction",
    Severity.INFO,
    bad="""
    ### Before/After Comparison

    | Metric | Before | After | Improvement |
    | --- | --- | --- | --- |
    | Response Time | 450 ms | 120 ms | |
    | Throughput | 120 rps | 310 rps | |
    | Wobble | 12 widgets | 20 widgets | |
    """,
    good="""
    ### Before/After Comparison

    | Metric | Before | After | Improvement |
    | --- | --- | --- | --- |
    | Response Time | 450 ms | 120 ms | |
    | Throughput | 120 rps | 310 rps | |
    | Cache Hit Rate | 35% | 85% | |
    """,
)
def unknown_direction(subject: Subject) -> Iterator[Problem]:
    """It isn't known whether higher or lower values of a metric are better, so no verdict is given.

    Declare it in the configuration: `metrics: {"Wobble": lower}`.
    """
    for m in subject.form.measurements:
        if m.polarity == "unknown" and m.change_percent:
            yield Problem(
                m.line,
                f"direction of {quoted(m.name)} isn't known",
                f'say under `metrics` whether it is better "higher" or "lower": "{m.name}": lower',
            )

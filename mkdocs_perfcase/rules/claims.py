"""PC5xx: do the record's own numbers bear out what it claims?"""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_perfcase.claims import reached, went
from mkdocs_perfcase.findings import Problem, Severity, Subject, rule
from mkdocs_perfcase.text import quoted


@rule(
    "PC501",
    "target-missed",
    Severity.WARNING,
    outcome=True,
    bad="""
    ### Success Metrics

    *   Response time reduced by 70%
    *   Memory usage reduced by 40%

    ### Acceptance Criteria

    - [x] All benchmarks meet or exceed targets (except for memory)
    - [x] No regression in other areas
    - [x] User experience improved
    - [x] Resource utilization optimal
    """,
    good="""
    ### Success Metrics

    *   Response time reduced by 70%
    *   Response time below 150 ms

    ### Acceptance Criteria

    - [x] All benchmarks meet or exceed targets
    - [x] No regression in other areas
    - [x] User experience improved
    - [x] Resource utilization optimal
    """,
)
def target_missed(subject: Subject) -> Iterator[Problem]:
    """A target isn't reached by the comparison.

    Targets are read from the success metrics and from the overview's target performance: a metric with a change
    (`reduced by 40%`, `increased by 2x`) or a bound (`below 200 ms`, `at least 95%`). One is missed only where a row of
    the comparison certainly measures it, and no rounding of its values could meet it. In a record that was rolled back,
    superseded or abandoned, this is told and fails nothing.
    """
    for one in subject.claims.missed:
        yield Problem(
            one.target.line,
            f"target missed: {quoted(one.target.text)}; {reached(one)}",
            "reach it, or change the target and say why in Lessons Learned",
        )


@rule(
    "PC502",
    "regression",
    Severity.WARNING,
    outcome=True,
    bad="""
    ### Acceptance Criteria

    - [x] All benchmarks meet or exceed targets
    - [x] No regression in other areas, apart from allocations
    - [x] User experience improved
    - [x] Resource utilization optimal

    ### Before/After Comparison

    | Metric | Before | After | Improvement |
    | --- | --- | --- | --- |
    | Response Time | 450 ms | 120 ms | |
    | Throughput | 120 rps | 310 rps | |
    | Allocations | 2,100 | 3,900 | |
    """,
    good="""
    ### Acceptance Criteria

    - [x] All benchmarks meet or exceed targets
    - [x] No regression in other areas, apart from allocations
    - [x] User experience improved
    - [x] Resource utilization optimal

    ### Before/After Comparison

    <!-- perfcase: ignore regression more allocations are the price of fewer queries -->

    | Metric | Before | After | Improvement |
    | --- | --- | --- | --- |
    | Response Time | 450 ms | 120 ms | |
    | Throughput | 120 rps | 310 rps | |
    | Allocations | 2,100 | 3,900 | |
    """,
)
def regression(subject: Subject) -> Iterator[Problem]:
    """A metric got worse, by more than rounding and noise (1%).

    A trade-off that was made knowingly is ignored with its reason. In a record that was rolled back, superseded or
    abandoned, a regression is told and fails nothing.
    """
    for m in subject.claims.regressions:
        yield Problem(
            m.line,
            f"{quoted(m.name)} got worse: {went(m)}, {m.polarity} is better",
            "if that is accepted: <!-- perfcase: ignore regression REASON --> above the table",
        )


@rule(
    "PC503",
    "contradicted-criterion",
    Severity.ERROR,
    bad="""
    ### Acceptance Criteria

    - [x] All benchmarks meet or exceed targets
    - [x] No regression in other areas
    - [x] User experience improved
    - [x] Resource utilization optimal
    - [x] Response time below 100 ms
    """,
    good="""
    ### Acceptance Criteria

    - [x] All benchmarks meet or exceed targets
    - [x] No regression in other areas
    - [x] User experience improved
    - [x] Resource utilization optimal
    - [x] Response time below 150 ms
    """,
)
def contradicted_criterion(subject: Subject) -> Iterator[Problem]:
    """A criterion is ticked, and the record's own numbers say otherwise.

    That all benchmarks meet their targets, while one is missed; that nothing regressed, while a row got worse; a bound
    of its own (`p95 below 200 ms`), while the comparison shows more. Only a certain match counts, and a criterion that
    names an exception is left to its readers.
    """
    for criterion, because in subject.claims.contradictions:
        yield Problem(
            criterion.line,
            f"ticked, but not so: {quoted(criterion.text)}; {because}",
            "untick it, or correct the numbers",
        )


@rule(
    "PC504",
    "inconsistent-baseline",
    Severity.WARNING,
    bad="""
    ### Metrics

    *   **Current response time:** 540 ms
    *   **Current throughput:** 120 requests/sec
    *   **Current resource usage:** 80% CPU
    """,
    good="""
    ### Metrics

    *   **Current response time:** 0.45 s
    *   **Current throughput:** 120 requests/sec
    *   **Current resource usage:** 80% CPU
    """,
)
def inconsistent_baseline(subject: Subject) -> Iterator[Problem]:
    """The overview, *Metrics* and the comparison start from different values of the same metric.

    One of them was measured at another time or in another place, and the improvement hangs on which.
    """
    for baseline, m in subject.claims.conflicts:
        yield Problem(
            baseline.line,
            f"inconsistent baseline: {quoted(baseline.text)} in {baseline.where}, but the comparison's {m.name} starts "
            f"from {m.before_text} (line {m.line})",
            "use one measurement for both",
        )


@rule(
    "PC505",
    "target-unmeasured",
    Severity.INFO,
    bad="""
    ### Success Metrics

    *   Response time reduced by 70%
    *   Error rate below 0.1%
    """,
    good="""
    ### Success Metrics

    *   Response time reduced by 70%
    *   Throughput increased by 2x
    """,
)
def target_unmeasured(subject: Subject) -> Iterator[Problem]:
    """A success metric that no row of the comparison measures.

    Nobody can tell whether it was reached. Rows are found by their metric's name, in its usual spellings.
    """
    for one in subject.claims.unmeasured:
        yield Problem(
            one.target.line,
            f"target not measured: {quoted(one.target.text)}",
            f'add a row "{one.target.shown_metric}" to the comparison, named as in the target',
        )

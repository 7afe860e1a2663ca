"""PC3xx: is every acceptance criterion met, or waived for a reason?"""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_perfcase.criteria import Criterion
from mkdocs_perfcase.findings import Problem, Severity, Subject, rule
from mkdocs_perfcase.template import Role
from mkdocs_perfcase.text import quoted

_WAIVE = "waive it with a reason: <!-- perfcase: waive REASON -->"


@rule(
    "PC301",
    "unchecked-acceptance-criterion",
    Severity.WARNING,
    gate=True,
    bad="""
    ### Acceptance Criteria

    - [x] All benchmarks meet or exceed targets
    - [ ] No regression in other areas
    - [x] User experience improved
    - [x] Resource utilization optimal
    """,
    good="""
    ### Acceptance Criteria

    - [x] All benchmarks meet or exceed targets
    - [x] No regression in other areas
    - [ ] User experience improved <!-- perfcase: waive a nightly job, no user sees it -->
    - [x] Resource utilization optimal
    """,
)
def unchecked_acceptance_criterion(subject: Subject) -> Iterator[Problem]:
    """An acceptance criterion is open. A strict build fails.

    Tick it once it holds. Where it can't apply, waive it with a reason, which the page shows. While the work is
    under way, `status: draft` or `status: proposed` in the front matter keeps the criterion visible and the build
    green.
    """
    for criterion in subject.record.criteria:
        if _reasonless(criterion):
            continue
        if criterion.state == "open":
            yield Problem(
                criterion.line,
                f"unchecked acceptance criterion: {quoted(criterion.text)}",
                f"tick it once it holds, or {_WAIVE}",
            )
        elif criterion.state == "unrendered":
            yield Problem(
                criterion.line,
                f"acceptance criterion without a checkbox that shows: {quoted(criterion.text)}",
                "it counts as open until the page shows it ticked",
            )


def _reasonless(criterion: Criterion) -> bool:
    return criterion.waiver == "" and criterion.is_open


@rule(
    "PC302",
    "missing-acceptance-criterion",
    Severity.WARNING,
    gate=True,
    bad="""
    ### Acceptance Criteria

    - [x] All benchmarks meet or exceed targets
    - [x] No regressions elsewhere
    - [x] User experience improved
    - [x] Resource utilization optimal
    """,
    good="""
    ### Acceptance Criteria

    - [x] All benchmarks meet or exceed targets
    - [x] No regression in other areas (compared all suites)
    - [x] User experience improved
    - [x] Resource utilization optimal
    """,
)
def missing_acceptance_criterion(subject: Subject) -> Iterator[Problem]:
    """A criterion that the template asks of every record was dropped or reworded. A strict build fails.

    Criteria keep the template's wording, so that a tick means the same in every record; a remark may follow it. A
    record may add criteria of its own. One that can't apply is waived, not deleted.
    """
    record = subject.record
    form = record.template.role(Role.ACCEPTANCE)
    sections = record.having(Role.ACCEPTANCE)
    missing = (m.line for m in subject.form.missing_sections if form in (m.form, *m.below))
    line = sections[0].line if sections else next(missing, 1)
    for text, alike in subject.form.missing_criteria:
        if alike is not None:
            yield Problem(
                alike.line,
                f"missing acceptance criterion: {quoted(text)}; line {alike.line}, {quoted(alike.text)}, looks like it",
                "keep the template's wording; a remark may follow it",
            )
        else:
            yield Problem(
                line,
                f"missing acceptance criterion: {quoted(text)}",
                f'add "- [ ] {text}" under "{form.title if form else ""}"',
            )


@rule(
    "PC303",
    "unknown-checkbox-state",
    Severity.WARNING,
    gate=True,
    bad="""
    ### Acceptance Criteria

    - [x] All benchmarks meet or exceed targets
    - [x] No regression in other areas
    - [N/A] User experience improved
    - [x] Resource utilization optimal
    """,
    good="""
    ### Acceptance Criteria

    - [x] All benchmarks meet or exceed targets
    - [x] No regression in other areas
    - [ ] User experience improved <!-- perfcase: waive a nightly job, no user sees it -->
    - [x] Resource utilization optimal
    """,
)
def unknown_checkbox_state(subject: Subject) -> Iterator[Problem]:
    """A criterion is neither ticked nor open: `[N/A]`, `[-]`, `✅`, a row of a table. A strict build fails.

    Only `[x]` is a tick. Anything else leaves open what was decided, and by whom.
    """
    for criterion in subject.record.criteria:
        if criterion.state != "unknown" or _reasonless(criterion):
            continue
        if criterion.mark:
            message = f"unknown checkbox state {quoted(criterion.mark)}: {quoted(criterion.text)}"
        else:
            message = f"acceptance criterion without a checkbox: {quoted(criterion.text)}"
        yield Problem(criterion.line, message, f'write "- [x]" if it holds, "- [ ]" if not, or {_WAIVE}')


@rule(
    "PC304",
    "waiver-without-reason",
    Severity.WARNING,
    gate=True,
    bad="""
    ### Acceptance Criteria

    - [x] All benchmarks meet or exceed targets
    - [x] No regression in other areas
    - [ ] User experience improved <!-- perfcase: waive -->
    - [x] Resource utilization optimal
    """,
    good="""
    ### Acceptance Criteria

    - [x] All benchmarks meet or exceed targets
    - [x] No regression in other areas
    - [ ] User experience improved <!-- perfcase: waive a nightly job, no user sees it -->
    - [x] Resource utilization optimal
    """,
)
def waiver_without_reason(subject: Subject) -> Iterator[Problem]:
    """A criterion is waived and no reason is given. A strict build fails.

    The reason is what the next reader, and the reviewer, need; the page shows it beside the criterion.
    """
    for criterion in subject.record.criteria:
        if _reasonless(criterion):
            yield Problem(
                criterion.line, f"waiver without a reason: {quoted(criterion.text)}", "write the reason behind `waive`"
            )


@rule(
    "PC305",
    "unchecked-verification-step",
    Severity.INFO,
    bad="""
    ### Verification Steps

    - [x] Run benchmark suite
    - [x] Compare metrics to baseline
    - [x] Verify no functionality broken
    - [x] Load test in staging
    - [ ] Monitor production metrics
    """,
    good="""
    ### Verification Steps

    - [x] Run benchmark suite
    - [x] Compare metrics to baseline
    - [x] Verify no functionality broken
    - [x] Load test in staging
    - [x] Monitor production metrics
    """,
)
def unchecked_verification_step(subject: Subject) -> Iterator[Problem]:
    """A verification step is open.

    It fails nothing: monitoring goes on after a change is accepted. The record counts as verified once all are done.
    """
    for step in subject.record.verification:
        if step.is_open and step.state != "unrendered":
            yield Problem(step.line, f"unchecked verification step: {quoted(step.text)}", "tick it once it is done")

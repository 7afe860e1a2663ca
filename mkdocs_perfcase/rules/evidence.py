"""PC6xx: do the benchmark's own files bear out what the record says?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from mkdocs_perfcase.comparison import says_nothing
from mkdocs_perfcase.findings import Problem, Severity, Subject, rule
from mkdocs_perfcase.form import Support
from mkdocs_perfcase.quantity import Quantity
from mkdocs_perfcase.text import quoted

if TYPE_CHECKING:
    from mkdocs_perfcase.evidence.measured import Measured

_ROOM = 0.01  # of a value: figures are copied from reports that round, and run to run they differ by more
_ABOUT = 0.05  # the same where the author writes "~"
_CENTRAL = ("median", "mean", "p50")
_GOOD = """
    ---
    perfcase_evidence:
      - metric: Response Time
        before: /bench/before.json
        after: /bench/after.json
    ---
    """
_PROPER = ("time", "size", "percent")  # kinds of units that can't be taken for one another


@rule(
    "PC601",
    "evidence-missing",
    Severity.WARNING,
    bad="""
    ---
    perfcase_evidence:
      - metric: Response Time
        before: /bench/before.json
        after: /bench/aftr.json
    ---
    """,
    good=_GOOD,
)
def evidence_missing(subject: Subject) -> Iterator[Problem]:
    """A result file that the record names isn't there.

    Paths are relative to the page's folder, or with a leading slash to the repository's root; `*` and `**` match
    several files. Files are read below the docs folder and the repository's root, and nowhere else.
    """
    yield from (Problem(one.line, one.message, one.hint) for one in subject.form.troubles if one.missing)


@rule(
    "PC602",
    "evidence-unreadable",
    Severity.WARNING,
    bad="""
    ---
    perfcase_evidence:
      - metric: Response Time
        before: /bench/before.json
        after: /bench/notes.txt
    ---
    """,
    good=_GOOD,
)
def evidence_unreadable(subject: Subject) -> Iterator[Problem]:
    """Evidence can't be used: a file isn't any known tool's, or doesn't hold what is asked of it.

    `perfcase evidence FILE` lists what a file holds, and without a file the tools that are known.
    """
    yield from (Problem(one.line, one.message, one.hint) for one in subject.form.troubles if not one.missing)


@rule(
    "PC603",
    "evidence-mismatch",
    Severity.WARNING,
    bad="""
    ---
    perfcase_evidence:
      - metric: Response Time
        before: /bench/before.json
        after: /bench/later.json
    ---
    """,
    good=_GOOD,
)
def evidence_mismatch(subject: Subject) -> Iterator[Problem]:
    """A typed value isn't what the result files say.

    Accepted are the files' statistic as rounded by the author, any value between those of several files, and where
    the record names no statistic, median and mean alike. Leave the cell empty, and the files' value is shown.
    """
    for support in subject.form.supports:
        for typed, line, side in mismatches(support):
            yield mismatch(support.measured, typed, line, side)


def mismatches(support: Support) -> Iterator[tuple[Quantity, int, int]]:
    """The author's values that the files don't bear out, each with its line and its side: 0 before, 1 after."""
    for typed, line, side in _typed(support):
        if not _borne_out(typed, support.measured, _figures(support.measured, side)):
            yield typed, line, side


def _typed(support: Support) -> Iterator[tuple[Quantity, int, int]]:
    """The author's own values, each with its line and its side: 0 before, 1 after."""
    row, scenario = support.row, support.scenario
    if row:
        found = [(row.before_text, row.before), (row.after_text, row.after)]
        yield from ((q, row.line, side) for side, (text, q) in enumerate(found) if q and not says_nothing(text))
    if scenario:
        for side, values in enumerate((scenario.before, scenario.after)):
            if len(values) == 1:
                yield values[0], scenario.target_line, side


def _figures(measured: Measured, side: int) -> list[list[float]]:
    """The files' figures that a value may be, each statistic's by itself."""
    asked = [measured.statistic] if measured.entry.statistic else [measured.statistic, *_CENTRAL]
    found = (measured.sides(statistic)[side] for statistic in dict.fromkeys(asked))
    return [figures for figures in found if figures]


def _borne_out(typed: Quantity, measured: Measured, figures: Iterable[list[float]]) -> bool:
    """Whether any statistic of the files bears a value out, or whether that can't be told."""
    family = measured.unit.family if measured.unit else ""
    if typed.family != family:
        return not {typed.family, family} <= set(_PROPER)
    part = _ABOUT if typed.kind == "about" else _ROOM
    for values in figures:
        room = typed.slack + part * max(map(abs, values))
        if typed.low - room <= max(values) and min(values) <= typed.high + room:
            return True
    return False


def mismatch(measured: Measured, typed: Quantity, line: int, side: int) -> Problem:
    """What to say of a value that the files don't bear out."""
    count = len((measured.before, measured.after)[side])
    files = f"{count} files" if count > 1 else measured.files[0 if side == 0 else -1].name
    return Problem(
        line,
        f"{('before', 'after')[side]}-value of {quoted(measured.name)} is {quoted(typed.text)}, but the "
        f"{measured.statistic} in {files} is {measured.texts[side]}",
        "correct it, or leave the cell empty and the files' value is shown",
    )


@rule(
    "PC604",
    "evidence-insignificant",
    Severity.WARNING,
    outcome=True,
    bad="""
    ---
    perfcase_evidence:
      - metric: Cold Start
        before: /bench/cold-before.json
        after: /bench/cold-after.json
    ---

    ### Before/After Comparison

    | Metric | Before | After | Improvement |
    | --- | --- | --- | --- |
    | Response Time | 450 ms | 120 ms | 73% |
    | Throughput | 120 rps | 310 rps | |
    | Cold Start | 452 ms | 441 ms | |
    """,
    good="""
    ---
    perfcase_evidence:
      - metric: Cold Start
        before: /bench/before.json
        after: /bench/after.json
    ---

    ### Before/After Comparison

    | Metric | Before | After | Improvement |
    | --- | --- | --- | --- |
    | Response Time | 450 ms | 120 ms | 73% |
    | Throughput | 120 rps | 310 rps | |
    | Cold Start | 450 ms | 120 ms | |
    """,
)
def evidence_insignificant(subject: Subject) -> Iterator[Problem]:
    """An improvement is claimed that the result files' own scatter covers.

    Of four or more files a side, the interval of the difference includes no change at all. Of one file a side it is
    the scatter within that run, and runs differ by more than that.
    """
    for support in subject.form.supports:
        row, measured = support.row, support.measured
        if row and not row.filled and measured.within_noise and row.verdict == "improved":
            more = "more runs" if measured.effect.basis == "files" else "four or more runs a side"
            yield Problem(
                row.line,
                f"improvement of {quoted(row.name)} is within the noise: {measured.told}, {measured.runs}",
                f"measure in {more}, or don't call it an improvement",
            )


@rule(
    "PC605",
    "evidence-stale",
    Severity.WARNING,
    bad="""
    ---
    perfcase_evidence:
      - metric: Response Time
        before: /bench/before.json
        after: /bench/branch.json
    ---
    """,
    good=_GOOD,
)
def evidence_stale(subject: Subject) -> Iterator[Problem]:
    """Evidence is older than what it measures, or of a commit that isn't in the history.

    Looked for where the option `evidence_history` is on and git is there; never in a shallow clone. `measures` in the
    record's evidence names the files whose speed it is about.
    """
    told = set()
    for support in subject.form.supports:
        entry = support.measured.entry
        if support.stale and entry.line not in told:
            told.add(entry.line)
            yield Problem(
                entry.line, f"evidence is stale: {support.stale}", "measure again, and commit the result files"
            )

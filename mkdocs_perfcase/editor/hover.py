"""What is shown about the place that a reader points at, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mkdocs_perfcase.change import certain
from mkdocs_perfcase.change_view import Change, change, goals_of
from mkdocs_perfcase.comparison import Measurement, has_stated_change
from mkdocs_perfcase.directives import COMMENT
from mkdocs_perfcase.editor.document import Document
from mkdocs_perfcase.editor.positions import Place
from mkdocs_perfcase.evidence_view import Goal
from mkdocs_perfcase.findings import Rule, Severity, find_rule
from mkdocs_perfcase.rules import RULES
from mkdocs_perfcase.source import split_front_matter, unified
from mkdocs_perfcase.template import Role
from mkdocs_perfcase.text import plain

_WORD = re.compile(r"[\w-]+")
_SYNTAX = re.compile(r"([\\`*_\[\]<>|~#])")
_AGREEMENT = {"agrees": "which follows", "differs": "which doesn't follow", "unclear": "which may follow or not"}
_BETTER = {
    "lower": "lower is better",
    "higher": "higher is better",
    "unknown": "whether lower or higher is better isn't known; the option `metrics` can tell",
}
_MET = {True: "met", False: "missed", None: "which can't be told"}


def hover(document: Document, place: Place) -> str | None:
    """What to show at a place: a row's change and how it is computed, and the rules that are named or found there."""
    rules = dict.fromkeys([*_named(document, place), *(RULES[f.rule] for f in document.findings_at(place))])
    parts = [*_rows(document, place), *(explained(rule, document.project.severities[rule.name]) for rule in rules)]
    return "\n\n---\n\n".join(parts) or None


def explained(rule: Rule, severity: Severity) -> str:
    """A rule with its explanation and its good example."""
    head = f"**{rule.code} {rule.name}** ({severity.name.lower()})"
    return f"{head}\n\n{rule.summary}\n\n{rule.explanation}\n\nGood:\n\n````markdown\n{rule.good.rstrip()}\n````"


def _named(document: Document, place: Place) -> Iterator[Rule]:
    """The rule that the word at a place names, in a comment or in the front matter."""
    line = document.line(place.line)
    word = next((word for word in _WORD.finditer(line) if word.start() <= place.column <= word.end()), None)
    rule = find_rule(word[0]) if word else None
    if rule and (_is_in_comment(document, place) or _is_in_front_matter(document, place)):
        yield rule


def _is_in_comment(document: Document, place: Place) -> bool:
    """Whether a place is within a directive."""
    text = "\n".join(document.lines)
    offset = sum(len(line) + 1 for line in document.lines[: place.line]) + place.column
    return any(match.start() <= offset <= match.end() for match in COMMENT.finditer(text))


def _is_in_front_matter(document: Document, place: Place) -> bool:
    text, meta = split_front_matter(document.text)
    front = unified(document.text).removesuffix(text)
    return "perfcase_ignore" in meta and place.line < front.count("\n")


def _rows(document: Document, place: Place) -> Iterator[str]:
    if document.study is None or document.study.claims is None:
        return
    form = document.project.template.role(Role.COMPARISON)
    for measurement in document.study.claims.measurements:
        if measurement.line == place.line + 1:
            goals = goals_of(measurement, document.study.claims.outcomes)
            yield _row(measurement, goals, form.placeholders if form else ())


def _row(measurement: Measurement, goals: Iterable[Goal], placeholders: Iterable[str]) -> str:
    shown = change(measurement, goals)
    parts = [part for part in (shown.percent, shown.factor) if part]
    result = f"{', '.join(parts)}: {shown.verdict}" if parts else "no change can be computed"
    lines = [*_how(measurement, shown), _BETTER[measurement.polarity], _stated(measurement, shown, placeholders)]
    lines += [f"{goal.text}, {_MET[goal.met]}" for goal in goals]
    return "\n".join([f"**{_typed(measurement.name)}** {result}", "", *(f"- {line}" for line in lines)])


def _how(measurement: Measurement, shown: Change) -> Iterator[str]:
    """How the change comes about, or why there is none."""
    if measurement.pair is None:
        yield _why_not(measurement)
        return
    typed = [_typed(measurement.before_text), _typed(measurement.after_text)]
    before, after = _typed(shown.before), _typed(shown.after)
    if typed != [before, after]:
        yield f"{typed[0]} → {typed[1]}, in one unit {before} → {after}"
    if not shown.percent:
        yield f"{before} → {after}: a change from zero has no percentage"
    elif all(map(certain, measurement.pair)):
        yield f"({after} − {before}) / {before} = {shown.percent}"
    else:
        yield f"{before} → {after}: over all that the two may be, {shown.percent}"


def _why_not(measurement: Measurement) -> str:
    if not measurement.measured:
        return "there is no value after the change yet"
    for text, quantity in ((measurement.before_text, measurement.before), (measurement.after_text, measurement.after)):
        if quantity is None:
            return f"“{_typed(text)}” can't be read as one value"
    return f"{_typed(measurement.before_text)} and {_typed(measurement.after_text)} are of different kinds"


def _stated(measurement: Measurement, shown: Change, placeholders: Iterable[str]) -> str:
    if not has_stated_change(measurement, placeholders):
        return f"no change is stated{'; the page shows the computed one' if shown.percent else ''}"
    said = _AGREEMENT[measurement.agreement] if measurement.agreement else "which can't be held against the values"
    return f"stated: {_typed(plain(measurement.stated))}, {said}"


def _typed(text: str) -> str:
    """An author's text, with nothing in it that Markdown would take for its own."""
    return _SYNTAX.sub(r"\\\1", text)

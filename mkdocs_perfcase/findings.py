"""What checking yields: findings, and the rules that yield them. A rule is declared once, with `@rule`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from mkdocs_perfcase.expression import expression

if TYPE_CHECKING:  # findings are told, cached and counted where nothing of a page is read
    from mkdocs_perfcase.claims import Claims
    from mkdocs_perfcase.directives import Directive
    from mkdocs_perfcase.form import Form
    from mkdocs_perfcase.options import Options
    from mkdocs_perfcase.recognition import Signs
    from mkdocs_perfcase.record import Record
    from mkdocs_perfcase.template import Template
    from mkdocs_perfcase.tree import Block


class Severity(IntEnum):
    """How grave a finding is; a strict build fails from `WARNING` on."""

    OFF = 0
    INFO = 1
    WARNING = 2
    ERROR = 3


_LINE_NUMBER = expression(r"\bline \d+")


@dataclass(frozen=True)
class Finding:
    """One thing found on a page. Line and column are 1-based."""

    path: str
    line: int
    column: int
    code: str
    rule: str
    severity: Severity
    message: str
    """What is wrong, in a few words that name it."""
    hint: str = ""
    """What to do about it."""
    source: str = ""
    """The line as it stands in the file."""
    gate: bool = False
    """Whether its rule guards the acceptance criteria."""

    @property
    def text(self) -> str:
        """Message and hint in one line."""
        return f"{self.message}; {self.hint}" if self.hint else self.message

    @property
    def gist(self) -> str:
        """The message without the numbers of lines in it, which edits elsewhere change."""
        return _LINE_NUMBER.sub("line", self.message)

    @property
    def is_absence(self) -> bool:
        """Whether it is about something that is in no line; its own is that of a neighbour."""
        return self.rule.startswith("missing-")

    @property
    def place(self) -> tuple[str, int, int, str]:
        """What findings are sorted by."""
        return self.path, self.line, self.column, self.code

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.code} {self.text}"


class Problem(NamedTuple):
    """What a rule's check yields: a line, what is wrong and what to do."""

    line: int
    message: str
    hint: str = ""


class Ignore(NamedTuple):
    """A rule suppressed in a page: by a comment for some lines, or by the front matter for all of them."""

    rule: str
    line: int
    covers: range | None
    reason: str


class Subject(NamedTuple):
    """What a rule's check is given: a page, and the record on it if it is one."""

    path: str
    meta: Mapping[str, Any]
    template: Template
    options: Options
    blocks: list[Block]
    held: Form | None
    """The record, held against the template; None for a page that is none."""
    claimed: Claims | None
    """What it claims, with the same reserve."""
    signs: Signs
    directives: tuple[Directive, ...]
    ignores: tuple[Ignore, ...] = ()
    unused: tuple[tuple[Ignore, str], ...] = ()
    """Ignores that suppressed nothing, each with the reason. Known to rules with `last` only."""

    @property
    def is_record(self) -> bool:
        """Whether the page is a record."""
        return self.held is not None

    @property
    def form(self) -> Form:
        """The record's form; rules for pages that are no records must not ask."""
        if self.held is None:
            raise ValueError(f"{self.path} is no record")
        return self.held

    @property
    def record(self) -> Record:
        """The record, with the same reserve."""
        return self.form.record

    @property
    def claims(self) -> Claims:
        """The record's claims, with the same reserve."""
        if self.claimed is None:
            raise ValueError(f"{self.path} is no record")
        return self.claimed

    def spares(self, rule: Rule) -> bool:
        """Whether the record's status makes a rule's findings mere information."""
        if not self.is_record:
            return False
        return (rule.gate and is_exempt(self.record, self.options)) or (rule.outcome and self.record.ended)


def is_exempt(record: Record, options: Options) -> bool:
    """Whether a record's status (a draft's, or a terminal one) exempts it from the acceptance gate."""
    return record.status in options.exempt or record.ended


Scope = Literal["records", "others", "all"]
Check = Callable[[Subject], Iterator[Problem]]


class Rule(NamedTuple):
    """A rule with all that is told of it."""

    code: str
    name: str
    severity: Severity
    summary: str
    """What it finds, in a line."""
    explanation: str
    bad: str
    """An example that fires it: a section (or the front matter, or a whole page) as it should not be."""
    good: str
    check: Check
    gate: bool
    """Whether it guards the acceptance criteria: a waiver, not an ignore, is the way around it."""
    scope: Scope
    """Which pages it looks at. The examples of a rule for other pages than records are whole pages."""
    outcome: bool
    """Whether it is about how a change came out, which a record with a terminal status only has to tell."""
    last: bool
    """Whether it runs after all others, on what they left."""

    @property
    def firm(self) -> bool:
        """Whether a page can't ignore it: criteria are waived, and what is no record says so in its front matter."""
        return self.gate or self.scope == "others"


RULES: dict[str, Rule] = {}
"""Every rule by name."""


def rule(
    code: str,
    name: str,
    severity: Severity,
    *,
    bad: str,
    good: str,
    gate: bool = False,
    scope: Scope = "records",
    outcome: bool = False,
    last: bool = False,
) -> Callable[[Check], Check]:
    """Declare a check as a rule. Its docstring is the explanation, the first line the summary."""

    def declare(check: Check) -> Check:
        doc = inspect.cleandoc(check.__doc__ or "")
        summary, _, explanation = doc.partition("\n")
        RULES[name] = Rule(
            code,
            name,
            severity,
            summary,
            explanation.strip(),
            _example(bad),
            _example(good),
            check,
            gate,
            scope,
            outcome,
            last,
        )
        return check

    return declare


def _example(text: str) -> str:
    return inspect.cleandoc(text) + "\n"


def find_rule(name_or_code: str) -> Rule | None:
    """The rule of a name or code, in any case."""
    wanted = name_or_code.strip().casefold()
    return RULES.get(wanted) or next((r for r in RULES.values() if r.code.casefold() == wanted), None)

"""From a page's tree to its findings: recognise, read, hold against the template, apply every rule."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import Element

from markdown.util import HtmlStash

from mkdocs_perfcase import rules
from mkdocs_perfcase.baseline import Baseline, BaselineError, read_baseline
from mkdocs_perfcase.claims import Claims
from mkdocs_perfcase.directives import Directive, given_reason, read_directives
from mkdocs_perfcase.evidence import KEY as EVIDENCE
from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.findings import Finding, Ignore, Problem, Rule, Severity, Subject, find_rule
from mkdocs_perfcase.form import Form, held_against_template
from mkdocs_perfcase.options import OptionError, Options, matches
from mkdocs_perfcase.recognition import Signs, count_fields, holds_index, may_be_possible, signs
from mkdocs_perfcase.record import read_record
from mkdocs_perfcase.rules.suppression import unknown_rule_problem
from mkdocs_perfcase.source import unified
from mkdocs_perfcase.template import SHIPPED, Role, Template, TemplateError, read_template
from mkdocs_perfcase.text import quoted
from mkdocs_perfcase.tree import Block, read_blocks

if TYPE_CHECKING:
    from mkdocs_perfcase.evidence.library import Library


class Page(NamedTuple):
    """A page as its host gives it. `source` reads the file, front matter and all, and is called for records only."""

    path: str
    meta: Mapping[str, Any]
    source: Callable[[], str]


class Study(NamedTuple):
    """What a page yielded: its record, if it is one, and the findings in order."""

    path: str
    form: Form | None
    claims: Claims | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Project:
    """What all pages of a site are held to: its options, and the template that they name."""

    options: Options = field(default_factory=Options)
    template: Template = field(default_factory=lambda: read_template(SHIPPED.read_text(encoding="utf-8")))
    template_path: Path | None = None
    baseline: Baseline = field(default_factory=Baseline)
    baseline_path: Path | None = None
    folder: Path = Path()
    """The configuration file's folder."""
    docs: Path | None = None
    """The docs folder, which result files may be named from; None where pages have no place among files."""

    @staticmethod
    def load(options: Options, folder: Path, docs: Path | None = None, *, accepting: bool = True) -> Project:
        """A project whose files, where the options name any, are relative to a folder.

        Args:
            options: the options.
            folder: the folder.
            docs: the docs folder, which result files may be named from.
            accepting: whether to leave out the findings that the baseline accepts.

        Raises:
            OptionError: the template or the baseline can't be read or used.
        """
        path = (folder / options.template) if options.template else SHIPPED
        try:
            template = read_template(_text_of("template", path, str(options.template)), options.headings)
        except TemplateError as error:
            named = "headings" if str(error).startswith("headings: ") else "template"
            raise OptionError([(named, str(error).removeprefix("headings: "))]) from None
        template_path = path.resolve() if options.template else None
        project = Project(options, template, template_path, folder=folder, docs=docs)
        return project._with_baseline(options.baseline, folder) if options.baseline and accepting else project

    def _with_baseline(self, name: str, folder: Path) -> Project:
        try:
            baseline = read_baseline(_text_of("baseline", folder / name, name, "; `perfcase baseline` writes it"))
        except BaselineError as error:
            raise OptionError([("baseline", f"cannot use {name}: {error}")]) from None
        return replace(self, baseline=baseline, baseline_path=(folder / name).resolve())

    @cached_property
    def severities(self) -> Mapping[str, Severity]:
        """Each rule's severity, as the options set it."""
        severities = {rule.name: rule.severity for rule in rules.RULES.values()}
        for name, severity in self.options.rules.items():
            if rule := find_rule(name):
                severities[rule.name] = Severity[severity.upper()]
        return severities

    def check_settings(self, path: str, source: str) -> tuple[Finding, ...]:
        """Findings on the configuration itself: rules that don't exist, a template without a gate.

        Args:
            path: the configuration file, as findings name it.
            source: its text, in which the lines are looked up.
        """
        problems = [
            unknown_rule_problem(name, line_of(name, source, behind="rules:"))
            for name in self.options.rules
            if find_rule(name) is None
        ]
        if self.options.template and not any(form.criteria for form in self.template.having(Role.ACCEPTANCE)):
            line = line_of(self.options.template, source, behind="template:")
            title = Role.ACCEPTANCE.value
            what = (
                f'has no "- [ ]" under "{title}"'
                if self.template.role(Role.ACCEPTANCE)
                else f'has no section "{title}"'
            )
            hint = "add the criteria there, or name the section that holds them under `headings`"
            problems.append(Problem(line, f"the template {self.options.template} {what}, so nothing is gated", hint))
        found = (self._finding(rules.RULES["unknown-rule"], path, problem) for problem in problems)
        return placed((finding for finding in found if finding.severity), source)

    def check_pages(self, pages: Iterable[str], path: str, source: str) -> tuple[Finding, ...]:
        """Findings on settings about pages that the site hasn't.

        Args:
            pages: the paths of all of the site's pages.
            path: the configuration file, as findings name it.
            source: its text, in which the lines are looked up.
        """
        pages = set(pages)
        return placed([*self._check_globs(pages, path, source), *self._check_baseline(pages, path, source)], source)

    def _check_baseline(self, pages: Collection[str], path: str, source: str) -> Iterator[Finding]:
        line = line_of("baseline:", source)
        for page, accepted in self.baseline.pages.items():
            if page not in pages:
                yield from self._gone(path, line, f"on {page}", sum(accepted.values()))

    def _check_globs(self, pages: Collection[str], path: str, source: str) -> Iterator[Finding]:
        """A misspelt glob under `records` would gate nothing."""
        rule = rules.RULES["unrecognised-record"]
        unmatched = (glob for glob in self.options.records if not any(matches(page, [glob]) for page in pages))
        found = (
            self._finding(
                rule,
                path,
                Problem(
                    line_of(glob, source, behind="records:"),
                    f"records: {quoted(glob)} matches no page",
                    "globs are relative to the docs folder",
                ),
            )
            for glob in unmatched
        )
        return (finding for finding in found if finding.severity)

    def may_concern(self, page: Page, text: str) -> bool:
        """Whether `study` may yield anything for a page, told from its Markdown without a parse.

        A no holds where the page's headings come from lines of its own text.
        """
        return page.path in self.baseline.pages or may_be_possible(
            page.path, page.meta, text, self.template, self.options
        )

    def study(self, page: Page, root: Element, stash: HtmlStash) -> Study | None:
        """Recognise, read and check a page from its tree; None for a page of no concern.

        Args:
            page: the page.
            root: its block tree, before inline processing.
            stash: the raw HTML that the tree refers to.
        """
        found = signs(page.path, page.meta, root, self.template, self.options)
        if not found.possible and not _has_directives(stash) and page.path not in self.baseline.pages:
            return None
        blocks = read_blocks(root, stash, page.source())
        if not found.by_form:
            found = found._replace(fields=count_fields(blocks, self.template))
        if not found.headings and holds_index(blocks):
            found = found._replace(excluded=True, listed=False)
        return self._check(page, blocks, found)

    def _check(self, page: Page, blocks: list[Block], found: Signs) -> Study:
        form = None
        if found.is_record:
            record = read_record(blocks, self.template, page.path, page.meta)
            form = self._with_evidence(held_against_template(record, self.options.metrics), page)
        directives = form.record.directives if form else tuple(read_directives(blocks))
        claims = Claims(form.record, form.measurements) if form else None
        subject = Subject(
            path=page.path,
            meta=page.meta,
            template=self.template,
            options=self.options,
            blocks=blocks,
            held=form,
            claimed=claims,
            signs=found,
            directives=directives,
            ignores=tuple(_ignores(page, directives)),
        )
        return Study(
            page.path,
            form,
            claims,
            self._not_accepted(page, placed(_in_order(self._findings(subject)), page.source())),
        )

    def _with_evidence(self, form: Form, page: Page) -> Form:
        if EVIDENCE not in page.meta or self.library is None:
            return form
        from mkdocs_perfcase.support import with_evidence

        return with_evidence(form, page.source(), self.library, self.options)

    @cached_property
    def library(self) -> Library | None:
        """Where records' result files are looked for, if pages have a place among files."""
        from mkdocs_perfcase.evidence.history import History  # few records name any
        from mkdocs_perfcase.evidence.library import Library, find_root

        if self.docs is None:
            return None
        limit = round(self.options.evidence_limit * 1e6)
        root = find_root(self.folder)
        history = History(root) if self.options.evidence_history else None
        return Library(Path(os.path.abspath(self.docs)), root, limit, history)

    def _not_accepted(self, page: Page, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """A page's findings without the accepted ones; in place of those that are gone, one that says so."""
        left, gone = self.baseline.sift(page.path, found)
        if not gone:
            return left
        which = f"of {', '.join(sorted({slip.rule for slip in gone}))}"
        return tuple(_in_order([*placed(self._gone(page.path, 1, which, gone.total()), page.source()), *left]))

    def _gone(self, path: str, line: int, which: str, number: int) -> Iterator[Finding]:
        """What to say of accepted findings that are there no more: mere information, since mending them is welcome."""
        what = f"{number} accepted findings {which} are gone" if number > 1 else f"an accepted finding {which} is gone"
        hint = f"`perfcase baseline` writes {self.options.baseline} anew without {'them' if number > 1 else 'it'}"
        finding = self._finding(rules.RULES["unused-ignore"], path, Problem(line, what, hint), spared=True)
        if finding.severity:
            yield finding

    def _findings(self, subject: Subject) -> Iterator[Finding]:
        used: set[Ignore] = set()
        ignores: dict[str, list[Ignore]] = defaultdict(list)
        for ignore in subject.ignores:
            if (named := find_rule(ignore.rule)) and ignore.reason and not named.firm:
                ignores[named.name].append(ignore)
        for rule in (rule for rule in rules.RULES.values() if not rule.last):
            if rule.scope == ("others" if subject.is_record else "records"):
                continue
            for finding in self._apply(rule, subject):
                covering = (i for i in ignores[rule.name] if i.covers is None or finding.line in i.covers)
                if by := next(covering, None):
                    used.add(by)
                else:
                    yield finding
        unused = tuple(
            (ignore, why) for ignore in subject.ignores if ignore not in used and (why := _why_unused(ignore))
        )
        for rule in (rule for rule in rules.RULES.values() if rule.last):
            yield from self._apply(rule, subject._replace(unused=unused))

    def _apply(self, rule: Rule, subject: Subject) -> Iterator[Finding]:
        if self.severities[rule.name]:
            for problem in rule.check(subject):
                yield self._finding(rule, subject.path, problem, subject.spares(rule))

    def _finding(self, rule: Rule, path: str, problem: Problem, spared: bool = False) -> Finding:
        severity = self.severities[rule.name]
        if spared:
            severity = min(severity, Severity.INFO)
        line, message, hint = problem
        return Finding(path, line, 1, rule.code, rule.name, severity, message, hint, gate=rule.gate)


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.place)


def _text_of(option: str, path: Path, name: str, hint: str = "") -> str:
    """The text of a file that an option names."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise OptionError([(option, f"cannot read {name}: {reason}{hint}")]) from None


def _has_directives(stash: HtmlStash) -> bool:
    return any(isinstance(raw, str) and "perfcase:" in raw for raw in stash.rawHtmlBlocks)


_NAMES = expression(r"([\w-]+(?:\s*,\s*[\w-]+)*)\s*(.*)", re.DOTALL)


def _ignores(page: Page, directives: Iterable[Directive]) -> Iterator[Ignore]:
    for directive in directives:
        if directive.verb == "ignore" and (match := _NAMES.match(directive.argument)):
            for name in match[1].split(","):
                yield Ignore(name.strip(), directive.line, directive.covers, given_reason(match[2]))
    given = page.meta.get("perfcase_ignore") or ()
    names = (
        given.split(",") if isinstance(given, str) else given if isinstance(given, list) else [given] if given else ()
    )
    for name in names:
        shown = name.strip() if isinstance(name, str) else type(name).__name__
        yield Ignore(shown, line_of(shown, page.source(), behind="perfcase_ignore"), None, "front matter")


def _why_unused(ignore: Ignore) -> str | None:
    rule = find_rule(ignore.rule)
    if rule is None:
        return None  # told by its own rule
    if rule.gate:
        return "acceptance criteria are waived, not ignored"
    if rule.firm:
        return "front matter settles it, with `perfcase: true` or `false`"
    return "the rule finds nothing there" if ignore.reason else "it gives no reason; write one behind the rule's name"


def placed(findings: Iterable[Finding], source: str) -> tuple[Finding, ...]:
    """Findings with the line that each is about, and the column at which that begins."""
    findings = tuple(findings)
    lines = unified(source).split("\n") if findings else []
    return tuple(_placed(finding, lines) for finding in findings)


def _placed(finding: Finding, lines: list[str]) -> Finding:
    line = lines[finding.line - 1] if finding.line <= len(lines) else ""
    text = line.lstrip()
    return replace(finding, column=len(line) - len(text) + 1 if text else 1, source=line)


def line_of(text: str, source: str, *, behind: str = "") -> int:
    """The line of a text's first appearance in a file, from a key on; that of the key, or 1, where it has none."""
    start = max(source.find(behind), 0)
    place = source.find(text, start)
    return source.count("\n", 0, place if place >= 0 else start) + 1

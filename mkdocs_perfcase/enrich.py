"""What is added to a record's own page, in its tree: summary, computed changes, charts, anchors and waivers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.util import AtomicString

from mkdocs_perfcase.change_view import Change, scenario_changes
from mkdocs_perfcase.code_pairs import pair_code
from mkdocs_perfcase.comparison import Columns, Measurement, comparison_tables, has_stated_change, says_nothing
from mkdocs_perfcase.directives import COMMENT, EVIDENCE
from mkdocs_perfcase.form import Form
from mkdocs_perfcase.record import Record
from mkdocs_perfcase.render import Renderer
from mkdocs_perfcase.scenarios import Scenario, section_scenarios
from mkdocs_perfcase.shares import BOTTLENECKS, shares
from mkdocs_perfcase.template import Role
from mkdocs_perfcase.tree import Block, Row, own_text
from mkdocs_perfcase.views import RecordView, anchors

_TABS = ("pymdownx.tabbed", "pymdownx.blocks.tab")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def enrich(root: Element, form: Form, view: RecordView, renderer: Renderer, md: Markdown) -> None:
    """Add to a record's tree what its page shows beyond the author's text, which stays as it is.

    Args:
        root: the page's tree, before inline processing.
        form: the record on it, read from this very tree.
        view: the record as it is shown.
        renderer: renders what is added.
        md: the Markdown instance that renders the page.
    """
    page = _Page(root, md)
    _mark_criteria(form.record)
    _show_comparison(page, form, view, renderer)
    _show_scenarios(page, form.record, renderer)
    _show_evidence(page, form, view, renderer)
    if section := form.record.section(BOTTLENECKS):
        for one in reversed(shares(form.record)):
            page.insert_behind(section.body.element, renderer.shares(one))
    pair_code(form.record, page.parents, tabs=_has_tabs(md))
    first = next((place for place, child in enumerate(root) if child.tag == "h1"), None)
    root.insert(0 if first is None else first + 1, page.holder(renderer.summary(view)))


def _has_tabs(md: Markdown) -> bool:
    """Whether the site has content tabs, in the form that themes style."""
    return any(
        type(extension).__module__ in _TABS and extension.getConfig("alternate_style")
        for extension in md.registeredExtensions
    )


class _Page:
    """The tree that is added to."""

    def __init__(self, root: Element, md: Markdown) -> None:
        self.parents = {child: parent for parent in root.iter() for child in parent}
        self._stash = md.htmlStash

    def holder(self, html: str) -> Element:
        """A block that is shown as the HTML given."""
        holder = Element("p")
        holder.text = self._stash.store(html)
        return holder

    def inline(self, html: str) -> AtomicString:
        """Text that is shown as the HTML given."""
        return AtomicString(self._stash.store(html))

    def replace_directive(self, verb: str, html: str) -> bool:
        """Show HTML in place of the first comment that asks for it; whether there is one."""
        blocks = self._stash.rawHtmlBlocks
        for place, raw in enumerate(blocks):
            match = COMMENT.fullmatch(raw.strip()) if isinstance(raw, str) and "perfcase:" in raw else None
            if match and match[1].lower() == verb:
                blocks[place] = html
                return True
        return False

    def insert_behind(self, element: Element | None, html: str) -> None:
        """Add HTML behind an element; behind a table's wrapper, if it has one."""
        parent = self.parents.get(element) if element is not None else None
        if html and element is not None and parent is not None:
            parent.insert(list(parent).index(element) + 1, self.holder(html))

    def insert_at_end(self, heading: Element | None, html: str) -> None:
        """Add HTML at the end of what a heading heads."""
        parent = self.parents.get(heading) if heading is not None else None
        if not html or heading is None or parent is None:
            return
        children = list(parent)
        start = children.index(heading) + 1
        ends = (n for n, child in enumerate(children[start:], start) if child.tag in _HEADINGS[: int(heading.tag[1])])
        parent.insert(next(ends, len(children)), self.holder(html))


def _mark_criteria(record: Record) -> None:
    """Give each criterion its anchor, and show a waiver's reason, which is a comment otherwise."""
    places = anchors(record)
    for criterion in record.criteria:
        anchor = places.get(id(criterion.element))
        if anchor:
            criterion.element.set("id", anchor)
        if criterion.state == "waived" and criterion.waiver:
            note = _mark(own_text(criterion.element), "perfcase-waived")
            note.text = AtomicString(f"waived: {criterion.waiver}")


def _mark(holder: Element, classes: str) -> Element:
    """A remark behind an element's own text, and before any nested list."""
    holder.text = f"{holder.text or ''} "
    mark = Element("span", {"class": classes})
    mark.tail = " " if len(holder) and holder[0].tag == "span" else None
    holder.insert(0, mark)
    return mark


def _show_evidence(page: _Page, form: Form, view: RecordView, renderer: Renderer) -> None:
    """Show what result files say: where the page asks for it, or else at the end of the comparison."""
    if not view.evidence:
        return
    plot = renderer.evidence(view.evidence)
    made = [change for measured, change in zip(form.measurements, view.changes, strict=True) if measured.made]
    table = renderer.evidence_table(view.evidence)
    chart = renderer.chart("Before and after", made)
    if page.replace_directive(EVIDENCE, f"{table}\n{chart}\n{plot}"):
        return
    sections = form.record.having(Role.COMPARISON) or form.record.having(Role.SCENARIOS)
    page.insert_at_end(sections[-1].body.element if sections else None, plot)


def _show_comparison(page: _Page, form: Form, view: RecordView, renderer: Renderer) -> None:
    """Show each computed change in its cell, and a chart below the table; a table without a column for it gets one."""
    rows = list(zip(form.measurements, view.changes, strict=True))
    comparison = form.record.template.role(Role.COMPARISON)
    placeholders = comparison.placeholders if comparison else {}
    completed = {id(table): columns for table, columns in comparison_tables(form.record)}
    for section in form.record.having(Role.COMPARISON):
        for table in section.body.tables:
            lines = {row.line for row in table.rows}
            own = [(measured, change) for measured, change in rows if measured.line in lines]
            chart = renderer.chart("Before and after", (change for _, change in own))
            page.insert_behind(table.element, chart)
            if id(table) in completed:
                bars = _inline_bars(page, renderer)
                _complete_table(table, completed[id(table)], own, placeholders, bars)


ShowBars = Callable[[Change], AtomicString | None]


def _inline_bars(page: _Page, renderer: Renderer) -> ShowBars:
    return lambda change: page.inline(renderer.bars(change)) if change.bars else None


def _complete_table(
    table: Block,
    columns: tuple[Columns, ...],
    rows: list[tuple[Measurement, Change]],
    placeholders: Iterable[str],
    bars: ShowBars,
) -> None:
    by_line = {measured.line: (measured, change) for measured, change in rows}
    if len(columns) > 1 or len(by_line) < len(rows):
        return  # several changes a row have no one cell to stand in
    header, *others = table.rows
    adds = columns[0].change is None
    if adds:
        _add_cell(header.elements[0], table.element, 0, "th").text = "Improvement"
    for number, row in enumerate(others, 1):
        measured, change = by_line.get(row.line, (None, None))
        cell = _add_cell(row.elements[0], table.element, number, "td") if adds else None
        if measured and change:
            _fill_values(row, columns[0], measured)
            target = cell if adds else measured.change_cell
            if target is not None:
                _show_change(target, measured, change, has_stated_change(measured, placeholders), bars)


def _fill_values(row: Row, columns: Columns, measured: Measurement) -> None:
    """Show the result files' values where the author typed none."""
    sides = ((columns.before, measured.before_text), (columns.after, measured.after_text))
    for place, text in sides if measured.filled else ():
        if place < len(row.elements) and says_nothing(row.cells[place]):
            row.elements[place].text = AtomicString(text)


def _add_cell(first: Element, table: Element, number: int, tag: str) -> Element:
    style = {"style": first.get("style", "")} if first.get("style") else {}
    return SubElement(list(table.iter("tr"))[number], tag, style)


def _show_change(cell: Element, measured: Measurement, change: Change, stated: bool, bars: ShowBars) -> None:
    """Fill an empty or placeholder cell with the computed change; behind a stated one, say what it amounts to."""
    remark = "; KB is 1000 bytes, KiB 1024" if measured.mixes_sizes else ""
    if stated and change.percent and change.verdict != "unknown":
        _fill(_mark(cell, _classes(change)), change, f"computed: {change.percent}{remark}", percent=False)
    elif not stated and change.percent:
        cell.text = ""
        _fill(SubElement(cell, "span", {"class": _classes(change)}), change, f"computed from before and after{remark}")
    if drawn := bars(change):
        SubElement(cell, "span").text = drawn


def _classes(change: Change) -> str:
    return f"perfcase-change perfcase-change--{change.verdict}"


def _fill(mark: Element, change: Change, title: str, *, percent: bool = True) -> None:
    """Percentage and verdict, as far as they are known and wanted."""
    mark.set("title", title)
    known = change.verdict != "unknown"
    if percent:
        mark.text = AtomicString(change.percent + (" " if known else ""))
    if known:
        SubElement(mark, "span", {"class": "perfcase-word"}).text = AtomicString(change.verdict)


def _show_scenarios(page: _Page, record: Record, renderer: Renderer) -> None:
    """Say behind each scenario's result what it amounts to, and draw all of them at the end of their section."""
    for section in record.having(Role.SCENARIOS):
        drawn: list[Change] = []
        for scenario in section_scenarios(section):
            changes = scenario_changes(scenario)
            drawn += changes
            if scenario.result is not None:
                _tell_result(scenario.result, scenario, changes)
        page.insert_at_end(section.body.element, renderer.chart("Benchmark scenarios", drawn))


def _tell_result(result: Element, scenario: Scenario, changes: tuple[Change, ...]) -> None:
    """Each change behind the result's own text; of several, with the statistic that it is of."""
    statistics = [measured.after.label if measured.after else "" for measured in scenario.measurements]
    for statistic, change in reversed([*zip(statistics, changes, strict=True)]):
        if change.percent:
            mark = _mark(own_text(result), _classes(change))
            _fill(mark, change, "computed from before and after")
            mark.text = AtomicString(f"{statistic} {mark.text}" if len(changes) > 1 else mark.text)

"""What is added to a record's own page, in its tree: the summary, computed changes, anchors and waivers."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.util import AtomicString

from mkdocs_perfcase.comparison import Measurement, comparison_tables, has_stated_change
from mkdocs_perfcase.form import Form
from mkdocs_perfcase.record import Record
from mkdocs_perfcase.template import Role
from mkdocs_perfcase.views import anchors, change


def enrich(root: Element, form: Form, summary: str, md: Markdown) -> None:
    """Add to a record's tree what its page shows beyond the author's text, which stays as it is.

    Args:
        root: the page's tree, before inline processing.
        form: the record on it, read from this very tree.
        summary: the summary as HTML.
        md: the Markdown instance that renders the page.
    """
    _mark_criteria(form.record)
    _complete_tables(form)
    holder = Element("p")
    holder.text = md.htmlStash.store(summary)
    first = next((place for place, child in enumerate(root) if child.tag == "h1"), None)
    root.insert(0 if first is None else first + 1, holder)


def _mark_criteria(record: Record) -> None:
    """Give each criterion its anchor, and show a waiver's reason, which is a comment otherwise."""
    places = anchors(record)
    for criterion in record.criteria:
        anchor = places.get(id(criterion.element))
        if anchor:
            criterion.element.set("id", anchor)
        if criterion.state == "waived" and criterion.waiver:
            holder = criterion.element
            if not (holder.text or "").strip() and len(holder) and holder[0].tag == "p":
                holder = holder[0]  # an item of a loose list
            _note(holder, f"waived: {criterion.waiver}", "perfcase-waived")


def _note(holder: Element, text: str, kind: str) -> None:
    """A remark behind an element's own text, and before any nested list."""
    holder.text = (holder.text or "") + " "
    note = Element("span", {"class": kind})
    note.text = AtomicString(text)
    holder.insert(0, note)


def _complete_tables(form: Form) -> None:
    """Show each computed change in its cell; a table without a column for it gets one."""
    comparison = form.record.template.role(Role.COMPARISON)
    placeholders = comparison.placeholders if comparison else {}
    for table, columns in comparison_tables(form.record):
        lines = {row.line for row in table.rows}
        rows = {m.line: m for m in form.measurements if m.line in lines}
        if len(columns) > 1 or len(rows) < sum(m.line in lines for m in form.measurements):
            continue  # several changes a row have no one cell to stand in
        header, *others = table.rows
        if columns[0].change is None:
            _add_cell(header.elements[0], table.element, 0, "th").text = "Improvement"
        for number, row in enumerate(others, 1):
            measurement = rows.get(row.line)
            cell = measurement.change_cell if measurement and columns[0].change is not None else None
            if columns[0].change is None:
                cell = _add_cell(row.elements[0], table.element, number, "td")
            if measurement is not None and cell is not None:
                _show_change(cell, measurement, has_stated_change(measurement, placeholders))


def _add_cell(first: Element, table: Element, number: int, tag: str) -> Element:
    return SubElement(
        list(table.iter("tr"))[number], tag, {"style": first.get("style", "")} if first.get("style") else {}
    )


def _show_change(cell: Element, measurement: Measurement, stated: bool) -> None:
    """Fill an empty or placeholder cell with the computed change; behind a stated one, say what it amounts to."""
    shown = change(measurement)
    if not shown.percent:
        return
    classes = f"perfcase-change perfcase-change--{shown.verdict}"
    if stated:
        if shown.verdict != "unknown":
            cell.text = f"{cell.text or ''} "
            mark = Element("span", {"class": classes, "title": f"computed: {shown.percent}{_remark(measurement)}"})
            cell.insert(0, mark)
            _word(mark, shown.verdict)
        return
    cell.text = ""
    mark = SubElement(
        cell, "span", {"class": classes, "title": f"computed from before and after{_remark(measurement)}"}
    )
    mark.text = AtomicString(shown.percent + (" " if shown.verdict != "unknown" else ""))
    if shown.verdict != "unknown":
        _word(mark, shown.verdict)


def _remark(measurement: Measurement) -> str:
    return "; KB is 1000 bytes, KiB 1024" if measurement.mixes_sizes else ""


def _word(mark: Element, verdict: str) -> None:
    word = SubElement(mark, "span", {"class": "perfcase-word"})
    word.text = AtomicString(verdict)

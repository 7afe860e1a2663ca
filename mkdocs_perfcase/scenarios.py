"""Benchmark scenarios: what was measured before and after, and the target that a result states beside itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from mkdocs_perfcase.comparison import Measurement
from mkdocs_perfcase.expression import expression
from mkdocs_perfcase.metrics import polarity
from mkdocs_perfcase.outline import Entry, Field, Group
from mkdocs_perfcase.quantity import LONGEST, Quantity, read_quantities, read_quantity, read_transition
from mkdocs_perfcase.record import Record, RecordSection
from mkdocs_perfcase.template import Role
from mkdocs_perfcase.text import name_key


class Scenario(NamedTuple):
    """A benchmark scenario's values, where they can be read."""

    name: str
    line: int
    before: tuple[Quantity, ...]
    after: tuple[Quantity, ...]
    target: Quantity | None
    """The target that the result states beside itself."""
    target_line: int
    result: Element | None
    """The element that gives the result, where it holds nothing else."""

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """What is given on both sides: the two values, or one pair for each statistic.

        Which way is better follows from the unit alone: a scenario's name says what was tried, not what was measured.
        """
        pairs = [(b, a) for b in self.before for a in self.after if b.label == a.label]
        if len(self.before) == len(self.after) == 1:
            pairs = [(self.before[0], self.after[0])]
        if len({b.label for b, _ in pairs}) < len(pairs):
            return ()
        return tuple(self._measurement(before, after) for before, after in pairs)

    def _measurement(self, before: Quantity, after: Quantity) -> Measurement:
        return Measurement(
            name=f"{self.name}, {after.label or before.label}".removesuffix(", "),
            before_text=before.text,
            after_text=after.text,
            stated="",
            line=self.target_line,
            before=before,
            after=after,
            polarity=polarity("", after, {}),
        )


_TARGET = expression(
    r"[(\[,;]?\s*\b(?:target|goal|ziel|objetivo)(?:\s*(?:was|is|of))?\s*[:=]?\s*(?P<target>[^()\[\],;]+?)\s*[)\]]?\s*$",
    re.IGNORECASE,
)


def scenarios(record: Record) -> Iterator[Scenario]:
    """The benchmark scenarios: their values before and after, and the target stated beside the result."""
    for section in record.having(Role.SCENARIOS):
        yield from section_scenarios(section)


def section_scenarios(section: RecordSection) -> Iterator[Scenario]:
    """The scenarios of one section."""
    return (_scenario(section, item) for item in section.items)


def _scenario(section: RecordSection, item: Group) -> Scenario:
    fields = {name_key(field.key).partition(" ")[0]: field for field in item.fields}
    before, after = fields.get("before"), fields.get("after")
    text = " ".join(after.value.split()) if after else ""
    target = None
    if len(text) <= LONGEST and (match := _TARGET.search(text)):
        target = read_quantity(match["target"])
        text = text[: match.start()]
    line = after.line if after else item.line
    transition = read_transition(text)
    values = (transition[1],) if transition else read_quantities(text)
    return Scenario(
        item.name or section.form.title,
        item.line,
        read_quantities(before.value) if before else (),
        values,
        target,
        line,
        next((entry.element for entry in item.entries if after and _gives_alone(entry, after)), None),
    )


def _gives_alone(entry: Entry, field: Field) -> bool:
    alone = not entry.glued and "\n" not in (entry.element.text or "")
    return alone and (entry.line, entry.key) == (field.line, field.key)

"""Benchmark scenarios: values before and after, and the target that a result states beside itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mkdocs_perfcase.outline import Group
from mkdocs_perfcase.quantity import Quantity, read_quantities, read_quantity, read_transition
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


_TARGET = re.compile(
    r"[(\[,;]?\s*\b(?:target|goal|ziel|objetivo)(?:\s*(?:was|is|of))?\s*[:=]?\s*(?P<target>[^()\[\],;]+?)\s*[)\]]?\s*$",
    re.IGNORECASE,
)


def scenarios(record: Record) -> Iterator[Scenario]:
    """The benchmark scenarios: their values before and after, and the target stated beside the result."""
    for section in record.having(Role.SCENARIOS):
        for item in section.items:
            yield _scenario(section, item)


def _scenario(section: RecordSection, item: Group) -> Scenario:
    fields = {name_key(field.key).partition(" ")[0]: field for field in item.fields}
    before, after = fields.get("before"), fields.get("after")
    text = after.value if after else ""
    target = None
    if match := _TARGET.search(text):
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
    )

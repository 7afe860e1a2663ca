"""Every regular expression of the package, under texts that are made to keep it busy.

All of them are found by themselves, so that a new one is attacked as well. Time is the process's own, and what is allowed
is far from what a linear search takes and from what any other would.
"""

from __future__ import annotations

import ast
import re
import time

import pytest
from adversary import Expression, attacks, calls_of_re, expressions, modules, spelt

SIZE = 100_000
ALLOWED = (
    1.0  # seconds of CPU for a text of that size; most take a thousandth, and what is quadratic takes ten and more
)
KEPT = 3  # texts that are tried at full size
Attack = tuple[str, str, str]
CUT = {
    "change": 120,  # `read_stated`
    "targets": 200,  # `read_target`, `_named_value`
    "quantity": 200,  # `read_quantities`, `unit_in_heading`
    "scenarios": 200,  # `_scenario`
    "text": 4_000,  # `plain`, `name_key`, `name_keys`, `generic_placeholder`
    "editor.completion": 500,  # `completions`
}
"""The modules that leave longer texts alone, with the most characters that they take, and where they look."""
FOLDED = {"change", "targets", "quantity", "scenarios", "record"}
"""The modules whose texts have no two spaces in a row."""
OF_SETTINGS = {"options": 200, "template": 4_000, "mend.scaffold": 4_000, "new_record": 4_000}
"""The modules that are given nothing but what is in a configuration or its template."""
BUILT = {"examples", "figures", "new_record", "units"}
"""The modules that build expressions of what a function is given, from words of their own."""
FOUND = expressions()


def name_of(module: str) -> str:
    return module.removeprefix("mkdocs_perfcase.")


def text_of(expression: Expression, start: str, body: str, size: int) -> str:
    text = start + body * (size // len(body))
    return " ".join(text.split()) if name_of(expression.module) in FOLDED else text


def seconds(pattern: re.Pattern[str], method: str, text: str) -> float:
    begun = time.process_time()
    if method == "finditer":
        for _ in pattern.finditer(text):
            pass
    else:
        getattr(pattern, method)(text)
    return time.process_time() - begun


def slow(expression: Expression) -> str | None:
    """A text that takes an expression too long, told by how it is made: all are tried small, the worst also large."""
    name = name_of(expression.module)
    largest = CUT.get(name) or OF_SETTINGS.get(name) or SIZE
    worst: list[tuple[float, Attack]] = [(0.0, attack) for attack in attacks(expression.pattern)]
    for size, kept in ((24, len(worst)), (600, KEPT), (1_500, KEPT), (6_000, KEPT), (largest, 1)):
        taken = [(longest(expression, attack, min(size, largest)), attack) for _, attack in worst]
        worst = sorted(taken, reverse=True)[:kept]
        if worst and worst[0][0] > ALLOWED:
            return f"{expression.pattern.pattern!r} takes {worst[0][0]:.1f} s for {size} characters of {worst[0][1]}"
    return None


def longest(expression: Expression, attack: Attack, size: int) -> float:
    """The most that a text takes, with an end that fits nothing and without one, in any way of use."""
    start, body, end = attack
    text = text_of(expression, start, body, size)
    return max(seconds(expression.pattern, method, one) for method in expression.methods for one in (text, text + end))


@pytest.mark.parametrize("module", sorted({one.module for one in FOUND}))
def test_no_text_keeps_an_expression_busy(module: str) -> None:
    assert [told for one in FOUND if one.module == module and (told := slow(one))] == []


def test_every_expression_is_found() -> None:
    found = {one.pattern.pattern for one in FOUND}
    assert len(found) > 100
    for module in modules():
        for call in calls_of_re(module):
            pattern = spelt(call, module)
            if pattern is None:
                assert name_of(module.__name__) in BUILT, ast.unparse(call)
            else:
                assert pattern.pattern in found


@pytest.mark.parametrize(
    "pattern",
    [r"(?:a+)+$", r"(?:a|a)*b", r"x*x*z"],
)
def test_a_slow_one_would_be_found(pattern: str) -> None:
    assert slow(Expression(re.compile(pattern), "mkdocs_perfcase.none", frozenset({"finditer"})))


@pytest.mark.parametrize("pattern", [r"(?<!\s)\s+$", r"<!--(?:(?!<!--|-->).)*-->", r"\w+", r"^\s*x"])
def test_a_fast_one_is_let_be(pattern: str) -> None:
    assert slow(Expression(re.compile(pattern), "mkdocs_perfcase.none", frozenset({"finditer"}))) is None

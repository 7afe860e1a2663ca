"""Every regular expression of the package, under texts that are made to keep it busy.

All of them are found by themselves, so that a new one is attacked as well. Time is the process's own. Texts grow step by
step, and only those that could turn out too slow go on: what a text would take at full size is told from what it takes now.
"""

from __future__ import annotations

import ast
import itertools
import re
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from adversary import Expression, attacks, calls_of_re, declarations, expressions, modules, spelt

SIZE = 100_000
OF_RESULT_FILES = 400_000  # these may be far larger, and what is slow in them is slow enough to be told at this size
ALLOWED = 2.0
"""Seconds of CPU for a text of full size; most take a hundredth, and what is quadratic takes ten and more."""
TOLD = 0.001  # seconds below which nothing is said to be slow: a clock can't tell
REPEATS = (6, 12, 18, 24, 32)  # of a text's body: what is exponential is slow by then, and yet comes to an end
SIZES = (600, 2_500, 10_000, 40_000)
STRAIGHT = 10_000  # characters from which on the time for a fourth of them tells how it grows
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
BUILT = {"examples", "expression", "figures", "new_record", "options", "units"}
"""The modules that build expressions of what a function is given, from words of their own."""
FOUND = expressions()


def name_of(module: str) -> str:
    return module.removeprefix("mkdocs_perfcase.")


def texts_of(expression: Expression, attack: Attack, size: int) -> tuple[str, str]:
    """A text of about a size, without an end that fits nothing, and with one."""
    start, body, end = attack
    text = start + body * max(size // len(body), 1)
    if name_of(expression.module) in FOLDED:
        text = " ".join(text.split())
    return text, text + end


def seconds(pattern: re.Pattern[str], method: str, text: str) -> float:
    begun = time.process_time()
    if method == "finditer":
        for _ in pattern.finditer(text):
            pass
    else:
        getattr(pattern, method)(text)
    return time.process_time() - begun


def longest(expression: Expression, attack: Attack, size: int) -> float:
    """The most that a text takes in any way of use."""
    texts = texts_of(expression, attack, size)
    return max(seconds(expression.pattern, method, text) for method in expression.methods for text in texts)


def largest_of(expression: Expression) -> int:
    name = name_of(expression.module)
    full = OF_RESULT_FILES if name.startswith("evidence.readers") or name == "evidence.content" else SIZE
    return CUT.get(name) or OF_SETTINGS.get(name) or full


def sizes_of(body: str, largest: int) -> Iterator[int]:
    sizes = sorted({*(repeats * len(body) for repeats in REPEATS), *SIZES})
    yield from (size for size in sizes if size < largest)
    yield largest


def too_slow(expression: Expression, attack: Attack, largest: int) -> str | None:
    """How long an attack takes, where it is too long; it stops as soon as that is sure, or is out of the question."""
    before = size_before = 0.0
    for size in sizes_of(attack[1], largest):
        taken = longest(expression, attack, size)
        growth = largest / size
        least = max(TOLD, ALLOWED / growth)  # even if it went on in a straight line
        if taken > least:  # again, to be fair: a machine has other things to do
            taken = min(taken, *(longest(expression, attack, size) for _ in range(3)))
        if taken > least:
            return f"{expression.pattern.pattern!r} takes {taken:.4f} s for {size} characters of {attack}"
        straight = size >= STRAIGHT and taken < 1.5 * before * size / size_before
        if straight or (size > max(REPEATS) * len(attack[1]) and taken * growth**2 < ALLOWED):
            return None
        before, size_before = taken, size
    return None


def slow(expression: Expression) -> str | None:
    """A text that takes an expression too long, told by how it is made."""
    largest = largest_of(expression)
    return next((told for one in attacks(expression.pattern) if (told := too_slow(expression, one, largest))), None)


@pytest.mark.parametrize("module", sorted({one.module for one in FOUND}))
def test_no_text_keeps_an_expression_busy(module: str) -> None:
    assert [told for one in FOUND if one.module == module and (told := slow(one))] == []


def test_every_expression_is_found() -> None:
    found = {one.pattern.pattern for one in FOUND}
    assert len(found) > 100
    for module in modules():
        for call in itertools.chain(calls_of_re(module), declarations(module)):
            pattern = spelt(call, module)
            if pattern is None:
                assert name_of(module.__name__) in BUILT, ast.unparse(call)
            else:
                assert pattern.pattern in found


def test_none_is_compiled_before_a_page_is_checked() -> None:
    """Compiling all of them would take as long as checking a page."""
    look = """if True:
        import re, sys
        own, compiled = re.compile, []

        def compile(*arguments):
            compiled.append((sys._getframe(1).f_globals["__name__"], *arguments))
            return own(*arguments)

        re.compile = compile
        import mkdocs_perfcase.cli.check, mkdocs_perfcase.cli.studying, mkdocs_perfcase.quick
        sys.exit([one for one in compiled if one[0].startswith("mkdocs_perfcase")] or None)
    """
    subprocess.run([sys.executable, "-c", look], check=True)


@pytest.mark.parametrize(
    "pattern",
    [r"(?:a+)+$", r"(?:a|a)*b", r"x*x*z"],
)
def test_a_slow_one_would_be_found(pattern: str) -> None:
    assert slow(Expression(re.compile(pattern), "mkdocs_perfcase.none", frozenset({"finditer"})))


@pytest.mark.parametrize("pattern", [r"(?<!\s)\s+$", r"<!--(?:(?!<!--|-->).)*-->", r"\w+", r"^\s*x"])
def test_a_fast_one_is_let_be(pattern: str) -> None:
    assert slow(Expression(re.compile(pattern), "mkdocs_perfcase.none", frozenset({"finditer"}))) is None

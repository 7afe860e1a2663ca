"""Mutation testing of gate and numbers: `python tests/mutation.py [seconds] [seed]`.

Each mutant is the package with one small slip in it: a comparison turned, a condition negated, a figure off by one. The tests
that belong to its module have to notice. Those that they don't are printed; what is known to change nothing that anyone can
see is listed in `mutation-survivors.md`, with the reason. Mutants are drawn by chance, and by the same one for a seed.
"""

from __future__ import annotations

import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
PACKAGE = "mkdocs_perfcase"
KNOWN = Path(__file__).with_name("mutation-survivors.md")
LONGEST = 300  # seconds that tests may take: a mutant may never come to an end
_GATE = ("test_record", "test_candidates", "test_check", "test_gate")
_NUMBERS = ("test_change", "test_quantity", "test_comparison", "test_claims", "test_charts")
_EVIDENCE = ("test_evidence", "test_effect")
TESTS = {
    "criteria": _GATE,
    "rules/gate": _GATE,
    "record": _GATE,
    "change": _NUMBERS,
    "quantity": _NUMBERS,
    "units": _NUMBERS,
    "figures": _NUMBERS,
    "targets": _NUMBERS,
    "evidence/effect": _EVIDENCE,
    "evidence/intervals": _EVIDENCE,
}
"""The modules that are mutated, and the tests that have to notice."""

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Pow: ast.Mult,
    ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


class Mutant(NamedTuple):
    """A module with one slip."""

    module: str
    line: int
    slip: str
    """What was, and what is."""
    source: str


class Place(NamedTuple):
    """Where a slip can be made: the node of a module, and which of the node's slips."""

    module: str
    node: int
    slip: int


def tree_of(module: str) -> ast.Module:
    return ast.parse((ROOT / PACKAGE / f"{module}.py").read_text(encoding="utf-8"))


def places(module: str) -> Iterator[Place]:
    """Every place of a module."""
    tree = tree_of(module)
    silent = set(_silent(tree))
    for number, node in enumerate(ast.walk(tree)):
        if id(node) not in silent:
            yield from (Place(module, number, slip) for slip in range(len(list(_slips(node)))))


def mutant(place: Place) -> Mutant:
    """The module with a slip in a place."""
    tree = tree_of(place.module)
    node: Any = next(islice(ast.walk(tree), place.node, None))
    was = ast.unparse(node)
    list(_slips(node))[place.slip]()
    slip = f"`{_one_line(was)}` → `{_one_line(ast.unparse(node))}`"
    return Mutant(place.module, node.lineno, slip, ast.unparse(ast.fix_missing_locations(tree)))


def _one_line(code: str) -> str:
    return " ".join(code.split())[:150].replace("`", "'")


def _silent(tree: ast.AST) -> Iterator[int]:
    """What is said of types, and how many answers a function keeps: a slip there changes nothing."""
    for node in ast.walk(tree):
        held = [getattr(node, "annotation", None), getattr(node, "returns", None), *getattr(node, "decorator_list", ())]
        yield from (id(inner) for one in held if one for inner in ast.walk(one))


def _slips(node: Any) -> Iterator[Callable[[], None]]:
    """The ways to change a node in place, each to be called."""
    if isinstance(node, ast.Compare):
        for at, one in enumerate(node.ops):
            yield partial(node.ops.__setitem__, at, COMPARISONS[type(one)]())
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield lambda: setattr(node, "op", other)
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        yield lambda: setattr(node, "op", OPERATORS[type(node.op)]())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        turned: Any = ast.UAdd() if isinstance(node.op, ast.USub) else ast.Not()
        operand = ast.UnaryOp(ast.Not(), node.operand) if isinstance(node.op, ast.Not) else node.operand
        yield lambda: node.__dict__.update(op=turned, operand=operand)
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.Return) and node.value is not None and not _is(node.value, None):
        yield lambda: setattr(node, "value", ast.Constant(None))
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):  # a truth is an int as well
        yield partial(setattr, node, "value", _other(node.value))


def _other(value: bool | int | float) -> bool | int | float:
    """Another figure: the next one, or of large ones, of which that is hardly another, the double."""
    if isinstance(value, bool):
        return not value
    return value + 1 if abs(value) < 1000 else value * 2


def _is(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def survives(mutant: Mutant, folder: Path) -> bool:
    """Whether the tests of a mutant's module notice nothing."""
    path = folder / PACKAGE / f"{mutant.module}.py"
    kept = path.read_bytes()
    tests = [f"tests/{name}.py" for name in TESTS[mutant.module]]
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": str(folder), "NO_MKDOCS_2_WARNING": "1", "PYTHONHASHSEED": "0"}
    path.write_text(mutant.source, encoding="utf-8")
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return False
    finally:
        path.write_bytes(kept)
    return done.returncode == 0


def main(seconds: str = "600", seed: str = "1") -> None:
    """Try mutants for a while."""
    known = KNOWN.read_text(encoding="utf-8")
    every = [place for module in TESTS for place in places(module)]
    random.Random(int(seed)).shuffle(every)
    end = time.monotonic() + float(seconds)
    counted: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "copy"
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".*", "site", "artefacts", "corpus"))
        for place in every:
            if time.monotonic() > end:
                break
            one = mutant(place)
            state = "killed"
            if survives(one, folder):
                state = "explained" if f"{one.module}.py: {one.slip}" in known else "survived"
                print(f"{state}: {one.module}.py:{one.line}: {one.slip}", flush=True)
            counted[state] += 1
    print(f"{sum(counted.values())} of {len(every)} mutants: {dict(counted)}")


if __name__ == "__main__":
    main(*sys.argv[1:3])

"""Mutation testing of gate and numbers: `python tests/mutation.py [modules] [options]`; `--help` lists them.

Each mutant is the package with one small slip in it: a comparison turned, a condition negated, a figure off by one. The tests
that belong to its module have to notice. Those that they don't are printed; what is known to change nothing that anyone can
see is listed in `mutation-survivors.md`, with the reason. Mutants are drawn by chance, and by the same one for a seed.

Every mutant has a forked process (so not on Windows) that has the libraries imported already, but nothing of the package.
Those processes work in copies of the project that are made at the start; it can be edited while they do.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import math
import multiprocessing
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from functools import cache, partial
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = "mkdocs_perfcase"
KNOWN = Path(__file__).with_name("mutation-survivors.md")
LONGEST = 90  # seconds that tests may take: a mutant may never come to an end
IMPORTED = "ignore:Module already imported"
LIBRARIES = (
    "bs4",
    "click.testing",
    "hypothesis",
    "jinja2",
    "mkdocs.commands.build",
    "pymdownx.superfences",
    "scipy.stats",
)
_GATE = ("test_criteria", "test_record", "test_template", "test_rules", "test_extension")
_CHANGES = ("test_change", "test_claims", "test_comparison")
_NUMBERS = ("test_quantity", *_CHANGES)
_EVIDENCE = ("test_effect",)
TESTS = {
    "criteria": _GATE,
    "rules/gate": _GATE,
    "record": _GATE,
    "change": _CHANGES,
    "quantity": _NUMBERS,
    "units": _NUMBERS,
    "figures": _NUMBERS,
    "targets": ("test_claims", "test_charts", "test_evidence_targets"),
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
    within: str
    """The function that it is in, or the constant."""
    slip: str
    """What was, and what is."""
    source: str


class Place(NamedTuple):
    """Where a slip can be made: the node of a module, and which of the node's slips."""

    module: str
    node: int
    slip: int


@cache
def source_of(module: str) -> str:
    return (ROOT / PACKAGE / f"{module}.py").read_text(encoding="utf-8")


def tree_of(module: str) -> ast.Module:
    return ast.parse(source_of(module))


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
    return Mutant(
        place.module, node.lineno, _within(tree, node.lineno), slip, ast.unparse(ast.fix_missing_locations(tree))
    )


def _within(tree: ast.Module, line: int) -> str:
    """The name of the innermost function around a line; outside of any, what is assigned there."""
    around = [node for node in ast.walk(tree) if line in range(getattr(node, "lineno", 0), _end(node) + 1)]
    named = [node.name for node in around if isinstance(node, ast.FunctionDef)]
    return (
        named[-1]
        if named
        else next((ast.unparse(node.targets[0]) for node in around if isinstance(node, ast.Assign)), "")
    )


def _end(node: ast.AST) -> int:
    return getattr(node, "end_lineno", None) or 0


def _one_line(code: str) -> str:
    return " ".join(code.split())[:150].replace("`", "'")


def _silent(tree: ast.AST) -> Iterator[int]:
    """What is said of types, and how many answers a function keeps: a slip there changes nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield id(node)
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
    elif isinstance(node, ast.Return) and node.value is not None and not _is_no(node.value):
        yield lambda: setattr(node, "value", ast.Constant(None))
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):  # a truth is an int as well
        yield partial(setattr, node, "value", _other(node.value))


def _other(value: bool | int | float) -> bool | int | float:
    """Another figure: the next one, or of large ones, of which that is hardly another, the double."""
    if isinstance(value, bool):
        return not value
    return value + 1 if abs(value) < 1000 else value * 2


def _is_no(node: ast.expr) -> bool:
    """Whether it is as good as None where a yes or a no is wanted."""
    return isinstance(node, ast.Constant) and (node.value is None or node.value is False)


Copies = SimpleQueue[Path]
"""Copies of the project, one for each mutant that is tried at a time."""


def copied(project: Path, folder: Path) -> Path:
    """A copy of the project."""
    ignored = shutil.ignore_patterns(".*", "site", "artefacts", "corpus", "*.png")
    return Path(shutil.copytree(project, folder, ignore=ignored))


def survives(mutant: Mutant, copies: Copies, compiled_is_kept: bool = False) -> bool:
    """Whether the tests of a mutant's module notice nothing, in a process and a copy of the project of its own."""
    folder = copies.get()
    file = folder / PACKAGE / f"{mutant.module}.py"
    file.write_text(mutant.source, encoding="utf-8")
    process = multiprocessing.get_context("fork").Process(
        target=_test, args=(folder, TESTS[mutant.module], compiled_is_kept)
    )
    process.start()
    process.join(LONGEST)
    process.kill()  # where it doesn't come to an end
    process.join()
    file.write_text(source_of(mutant.module), encoding="utf-8")
    copies.put(folder)
    return process.exitcode == 0


def _test(folder: Path, names: Iterable[str], compiled_is_kept: bool) -> None:
    """Run tests of a copy of the project, and end with their exit code."""
    os.chdir(folder)
    sys.path[:0] = [str(folder), str(folder / "tests")]
    os.environ["PYTHONPATH"] = str(folder)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"  # what is kept of one mutant would be taken for the next one
    sys.dont_write_bytecode = not compiled_is_kept
    tests = [f"tests/{name}.py" for name in names]
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        os._exit(pytest.main(["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-W", IMPORTED, *tests]))


def drawn(modules: Sequence[str], seed: int) -> list[Place]:
    """The place of every mutant of some modules, in the order in which they are tried."""
    every = [place for module in modules for place in places(module)]
    random.Random(seed).shuffle(every)
    return every


def judged(place: Place, copies: Copies) -> tuple[str, str]:
    """What became of a mutant, and how it is told."""
    one = mutant(place)
    if not survives(one, copies):
        return "killed", ""
    state = "explained" if named(one) in KNOWN.read_text(encoding="utf-8") else "survived"
    return state, f"{state}: {one.module}.py:{one.line}: {one.within}: {one.slip}"


def holds(module: str, copies: Copies) -> bool:
    """Whether a module's tests pass where there is no slip; a slip that they notice would say nothing otherwise."""
    return survives(Mutant(module, 0, "", "", ast.unparse(tree_of(module))), copies, compiled_is_kept=True)


def named(mutant: Mutant) -> str:
    """What a mutant is known by, wherever its line moves."""
    return f"{mutant.module}.py: {mutant.within}: {mutant.slip}"


def told(output: Path) -> set[str]:
    """The mutants that an earlier run's output names."""
    found = re.findall(r"^survived: (\S+\.py):\d+(: .*)$", output.read_text(encoding="utf-8"), re.MULTILINE)
    return {file + slip for file, slip in found}


def main() -> None:
    """Try mutants for a while."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("modules", nargs="*", choices=[[], *TESTS], help="by default all")
    parser.add_argument("--seconds", type=float, default=math.inf, help="how long to go on")
    parser.add_argument("--seed", type=int, default=1, help="what draws the order")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--again", type=Path, metavar="FILE", help="only those that an earlier run printed there")
    given = parser.parse_args()
    for library in LIBRARIES:
        importlib.import_module(library)
    every = drawn(given.modules or list(TESTS), given.seed)
    if given.again:
        wanted = told(given.again)
        every = [place for place in every if named(mutant(place)) in wanted]
    end = time.monotonic() + given.seconds
    counted: Counter[str] = Counter()
    copies: Copies = SimpleQueue()
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(given.processes) as pool:
        first = copied(ROOT, Path(name) / "0")
        copies.put(first)
        for module in {TESTS[place.module]: place.module for place in every}.values():
            if not holds(module, copies):
                sys.exit(f"the tests of {module}.py fail without any slip")
        for number in range(1, given.processes):
            copies.put(copied(first, Path(name) / str(number)))
        for state, line in pool.map(partial(judged, copies=copies), every):
            counted[state] += 1
            if line:
                print(line, flush=True)
            if time.monotonic() > end:
                pool.shutdown(cancel_futures=True)
                break
    print(f"{sum(counted.values())} of {len(every)} mutants: {dict(counted)}")


if __name__ == "__main__":
    main()

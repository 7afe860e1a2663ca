"""Every regular expression of the package, and texts made to keep each busy."""

from __future__ import annotations

import ast
import importlib
import itertools
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import mkdocs_perfcase
from mkdocs_perfcase.expression import Lazy, expression

if sys.version_info >= (3, 11):
    from re import _constants as c
    from re import _parser as parser
else:
    import sre_constants as c
    import sre_parse as parser

_SEARCHES = ("search", "sub", "subn", "split", "findall", "finditer")
_METHODS = {"match": "match", "fullmatch": "fullmatch", **dict.fromkeys(_SEARCHES, "finditer")}
_WAYS = frozenset(_METHODS.values())
_MANY = 5  # pumps of an expression that are also tried in pairs
_FILLERS = ("a", "0", " ", "\n", ".", "é")
_NEVER = "\0"
Parsed = Any  # what the standard library parses an expression to has no public name


def modules() -> Iterator[ModuleType]:
    """Every module of the package."""
    for found in pkgutil.walk_packages(mkdocs_perfcase.__path__, "mkdocs_perfcase."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


class Expression(NamedTuple):
    """A regular expression, the module that it was found in, and how it is used."""

    pattern: re.Pattern[str]
    module: str
    methods: frozenset[str]


def expressions() -> list[Expression]:
    """Every regular expression of the package; one whose use can't be told is taken to be used in every way."""
    where: dict[re.Pattern[str], str] = {}
    how: dict[re.Pattern[str], set[str]] = {}
    for module in modules():
        for pattern in _held(list(vars(module).values()), set()):
            where.setdefault(pattern, module.__name__)
        for pattern, method in _used(module):
            where.setdefault(pattern, module.__name__)
            how.setdefault(pattern, set()).add(method)
    return [Expression(one, name, frozenset(how.get(one, _WAYS))) for one, name in where.items() if _is_of_text(one)]


def _is_of_text(pattern: re.Pattern[Any]) -> bool:
    return isinstance(pattern.pattern, str)


def _held(value: Any, seen: set[int]) -> Iterator[re.Pattern[str]]:
    """The expressions in a value, be it a container, or an object of the package."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if pattern := _compiled(value):
        yield pattern
    for part in _parts(value):
        yield from _held(part, seen)


def _compiled(value: Any) -> re.Pattern[str] | None:
    """The expression that a value is, be it compiled yet or not."""
    if isinstance(value, Lazy):
        return value.compiled()
    return value if isinstance(value, re.Pattern) else None


def _parts(value: Any) -> Iterable[Any]:
    """What a value holds; only what lives as long as it does, so that nothing new has the identity of what was seen."""
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, field.name) for field in fields(value)]
    if isinstance(value, type) and value.__module__.startswith("mkdocs_perfcase"):
        return list(vars(value).values())
    return ()


def _used(module: ModuleType) -> Iterator[tuple[re.Pattern[str], str]]:
    """The expressions that a module names or spells where it uses them, each with the method."""
    for node in ast.walk(tree_of(module)):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in _METHODS):
            continue
        if named := _compiled(vars(module).get(node.value.id)):
            yield named, _METHODS[node.attr]
    for call in calls_of_re(module):
        pattern = spelt(call, module)
        if pattern is not None and call.func.attr in _METHODS:
            yield pattern, _METHODS[call.func.attr]


def tree_of(module: ModuleType) -> ast.Module:
    """A module's source, parsed."""
    return ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))


def calls_of_re(module: ModuleType) -> Iterator[Any]:
    """The places where a module hands an expression to `re`."""
    for node in ast.walk(tree_of(module)):
        function = node.func if isinstance(node, ast.Call) else None
        of_re = (
            isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "re"
        )
        if of_re and function.attr in {*_METHODS, "compile"}:
            yield node


def declarations(module: ModuleType) -> Iterator[Any]:
    """The places where a module declares an expression that is compiled when it is used."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == expression.__name__:
            yield node


def spelt(call: ast.Call, module: ModuleType) -> re.Pattern[str] | None:
    """The expression that is handed to `re`; None where it depends on what a function is given."""
    try:
        return re.compile(eval(compile(ast.Expression(call.args[0]), "", "eval"), vars(module)))
    except NameError:
        return None


def attacks(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Texts for an expression, each as a start, what is repeated, and an end that fits nothing."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    pumps = list(dict.fromkeys(itertools.chain(_pumps(tree, ""), (("", char) for char in _literals(tree)))))
    bodies = list(dict.fromkeys(body for _, body in pumps if body))
    starts = {(start, body) for start, body in pumps if body}
    starts |= {("", start + body) for start, body in starts}
    starts |= {("", one + other) for one, other in itertools.permutations(bodies[:_MANY], 2)}
    starts |= {("", filler) for filler in _FILLERS}
    for start, body in sorted(starts):
        yield start, body, _NEVER


def _pumps(tree: Parsed, before: str) -> Iterator[tuple[str, str]]:
    """Each repeated part of an expression as texts that it takes, with a text that leads to it."""
    for kind, argument in tree:
        if kind in (c.MAX_REPEAT, c.MIN_REPEAT, getattr(c, "POSSESSIVE_REPEAT", None)):
            least, most, body = argument
            if most > 3:
                yield from ((before, text) for text in _texts(body))
                for inner_start, inner in _pumps(body, ""):
                    yield before, inner_start + inner * 3
                    yield before, inner_start + inner * 3 + _NEVER
            yield from _pumps(body, before)
            before += _text(body) * max(least, 1 if most else 0)
            continue
        for inner in _inner(kind, argument):
            yield from _pumps(inner, before)
        before += _text([(kind, argument)])


def _inner(kind: Any, argument: Any) -> Iterable[Parsed]:
    if kind is c.SUBPATTERN:
        return [argument[3]]
    if kind is c.BRANCH:
        return list(argument[1])
    if kind in (c.ASSERT, c.ASSERT_NOT):
        return [argument[1]]
    if kind is getattr(c, "ATOMIC_GROUP", None):
        return [argument]
    if kind is c.GROUPREF_EXISTS:
        return [one for one in argument[1:] if one]
    return []


def _texts(tree: Parsed) -> list[str]:
    """A few texts that a part of an expression takes."""
    nodes = list(tree)
    if len(nodes) == 1:
        kind, argument = nodes[0]
        if kind is c.BRANCH:
            return [text for one in argument[1] for text in _texts(one)]
        if kind is c.SUBPATTERN:
            return _texts(argument[3])
        if kind is c.IN:
            return list(dict.fromkeys(_chars(argument)))[:6]
        if kind in (c.ANY, c.NOT_LITERAL):
            return [_text(nodes)]
    return [_text(nodes)]


def _text(tree: Parsed) -> str:
    """One text that a part of an expression takes, with each thing in it that may be repeated there once."""
    text = ""
    for kind, argument in tree:
        if kind is c.LITERAL:
            text += chr(argument)
        elif kind is c.NOT_LITERAL:
            text += "a" if argument != ord("a") else "b"
        elif kind is c.ANY:
            text += "a"
        elif kind is c.IN:
            text += next(iter(_chars(argument)), "a")
        elif kind in (c.MAX_REPEAT, c.MIN_REPEAT, getattr(c, "POSSESSIVE_REPEAT", None)):
            text += _text(argument[2]) * max(argument[0], min(argument[1], 1))
        elif kind not in (c.ASSERT, c.ASSERT_NOT):
            text += _text(next(iter(_inner(kind, argument)), []))
    return text


def _chars(items: Iterable[Any]) -> Iterator[str]:
    """Characters of a class."""
    items = list(items)
    if items and items[0][0] is c.NEGATE:
        refused = re.compile(_class_of(items[1:]))
        yield from (char for char in "a0 \n.-[]()*`<>\"'" if not refused.match(char))
        return
    for kind, argument in items:
        if kind is c.LITERAL:
            yield chr(argument)
        elif kind is c.RANGE:
            yield chr(argument[0])
        elif kind is c.CATEGORY:
            yield from {c.CATEGORY_SPACE: " \n\t", c.CATEGORY_DIGIT: "01", c.CATEGORY_WORD: "a_0"}.get(argument, "-a")


_CATEGORIES = {
    c.CATEGORY_SPACE: r"\s", c.CATEGORY_DIGIT: r"\d", c.CATEGORY_WORD: r"\w",
    c.CATEGORY_NOT_SPACE: r"\S", c.CATEGORY_NOT_DIGIT: r"\D", c.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


def _class_of(items: Iterable[Any]) -> str:
    """A class as it is written."""
    written = ""
    for kind, argument in items:
        if kind is c.LITERAL:
            written += re.escape(chr(argument))
        elif kind is c.RANGE:
            written += "-".join(re.escape(chr(end)) for end in argument)
        elif kind is c.CATEGORY:
            written += _CATEGORIES[argument]
    return f"[{written}]"


def _literals(tree: Parsed) -> Iterator[str]:
    """Each character that an expression spells."""
    for kind, argument in tree:
        if kind is c.LITERAL:
            yield chr(argument)
        elif kind is c.IN:
            yield from (chr(one) for what, one in argument if what is c.LITERAL)
        elif kind in (c.MAX_REPEAT, c.MIN_REPEAT, getattr(c, "POSSESSIVE_REPEAT", None)):
            yield from _literals(argument[2])
        else:
            for inner in _inner(kind, argument):
                yield from _literals(inner)

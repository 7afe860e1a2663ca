"""The options that a site sets, declared once: names, types, defaults and meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from mkdocs_perfcase.text import look_alike

SEVERITY_NAMES = ("error", "warning", "info", "off")
POLARITY_NAMES = ("higher", "lower")


class OptionError(Exception):
    """An option that can't be used. `problems` pairs each option's name with what is wrong, in one line."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"option '{name}': {problem}" for name, problem in problems))
        self.problems = problems


class Kind(NamedTuple):
    """A kind of value: how one is read, which raises a `ValueError` for another kind, and its JSON Schema."""

    read: Callable[[Any], Any]
    schema: Mapping[str, Any]


def _read_text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"expected a text, got {value!r}")
    return value


_TEXT = Kind(_read_text, {"type": "string", "pattern": r"\S"})


def _path_ending(ending: str) -> Kind:
    def read(value: Any) -> str:
        path = _read_text(value).replace("\\", "/")
        if path.startswith("/") or ".." in path.split("/") or re.match(r"[A-Za-z]:", path):
            raise ValueError(f"expected a path inside the site, got {value!r}")
        if not path.endswith(ending) or path.rpartition("/")[2] == ending:
            raise ValueError(f"expected a path that ends in {ending}, got {value!r}")
        return path

    inside = r"^(?![\\/]|[A-Za-z]:|(?:.*[\\/])?\.\.[\\/]).*[^\\/]"
    return Kind(read, {"type": "string", "pattern": f"{inside}{re.escape(ending)}$"})


def _maybe(kind: Kind) -> Kind:
    return Kind(
        lambda value: None if value is None else kind.read(value), {"anyOf": [dict(kind.schema), {"type": "null"}]}
    )


def _read_flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"expected true, false or null, got {value!r}")
    return value


def _read_switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, got {value!r}")
    return value


_FLAG = Kind(_read_flag, {"type": "boolean"})


def _read_texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"expected a list of texts, got {value!r}")
    return tuple(value)


_TEXTS = Kind(_read_texts, {"type": "array", "items": {"type": "string"}})
_LOWERED = Kind(lambda value: tuple(text.strip().lower() for text in _read_texts(value)), _TEXTS.schema)


def _mapping(kind: Kind) -> Kind:
    def read(value: Any) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise ValueError(f"expected names with a value each, got {value!r}")
        return MappingProxyType({str(name): kind.read(item) for name, item in value.items()})

    return Kind(read, {"type": "object", "additionalProperties": dict(kind.schema)})


def _one_of(names: tuple[str, ...]) -> Kind:
    def read(value: Any) -> str:
        name = "off" if value is False else str(value).strip().lower()  # YAML reads a bare `off` as false
        if name not in names:
            raise ValueError(f"expected one of {', '.join(names)}, got {value!r}")
        return name

    return Kind(read, {"enum": [*names, *([False] if "off" in names else [])]})


def _amount(least: float, most: float) -> Kind:
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise ValueError(f"expected a number from {least:g} to {most:g}, got {value!r}")
        return float(value)

    return Kind(read, {"type": "number", "minimum": least, "maximum": most})


_SWITCH = Kind(_read_switch, {"type": "boolean"})


def _option(default: Any, kind: Kind, doc: str) -> Any:
    metadata = {"kind": kind, "doc": doc}
    if isinstance(default, dict):
        return field(default_factory=lambda: MappingProxyType(default), metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Options:
    """The plugin's options, as under `plugins: - perfcase:` in `mkdocs.yml`."""

    records: tuple[str, ...] = _option(
        (),
        _TEXTS,
        "Globs, relative to the docs folder, whose pages must all be records; empty: recognised by form, anywhere.",
    )
    exclude: tuple[str, ...] = _option((), _TEXTS, "Globs of pages that are never taken for records.")
    template: str | None = _option(
        None, _maybe(_TEXT), "A Markdown file, relative to the configuration file, that replaces the shipped template."
    )
    index: str | None = _option(
        "performance/index.md",
        _maybe(_path_ending(".md")),
        "Where the index page is generated, unless the site has a page there; null: nowhere.",
    )
    strict: bool | None = _option(
        None, _maybe(_FLAG), "Whether findings fail the build; null follows the host's own strict mode."
    )
    exempt: tuple[str, ...] = _option(
        ("draft", "proposed"), _LOWERED, "Values of a record's `status` whose open criteria don't fail a strict build."
    )
    rules: Mapping[str, str] = _option(
        {}, _mapping(_one_of(SEVERITY_NAMES)), "A rule's name or code, and its severity: error, warning, info or off."
    )
    headings: Mapping[str, tuple[str, ...]] = _option(
        {}, _mapping(_TEXTS), "A heading of the template, and other names that records give it."
    )
    metrics: Mapping[str, str] = _option(
        {}, _mapping(_one_of(POLARITY_NAMES)), "A metric's name, and whether higher or lower values are better."
    )
    baseline: str | None = _option(
        None,
        _maybe(_TEXT),
        "A file of accepted old findings, relative to the configuration file; `perfcase baseline` writes it.",
    )
    export: str | None = _option(
        "perfcase.json", _maybe(_path_ending(".json")), "The records as JSON, in the built site; null: none."
    )
    min_effect: float = _option(
        5, _amount(0, 100), "The percentage that a change shown by evidence must exceed to be told as one."
    )
    evidence_limit: float = _option(20, _amount(0.001, 1000), "The size, in MB, up to which a result file is read.")
    evidence_history: bool = _option(
        False,
        _SWITCH,
        "Whether evidence is held against git's history: its commits must be in it, and what it measures no newer.",
    )
    publish_evidence: bool = _option(
        False, _SWITCH, "Whether result files that lie in the docs folder are copied into the built site."
    )


class Declared(NamedTuple):
    """An option as it is declared: its name, its default as YAML has it, its kind and its meaning."""

    name: str
    default: Any
    kind: Kind
    doc: str


def declared() -> Iterator[Declared]:
    """Every option in order."""
    defaults = Options()
    for option in fields(Options):
        default = getattr(defaults, option.name)
        plain = (
            list(default) if isinstance(default, tuple) else dict(default) if isinstance(default, Mapping) else default
        )
        yield Declared(option.name, plain, option.metadata["kind"], option.metadata["doc"])


def read_options(given: Mapping[str, Any]) -> Options:
    """Options from a configuration's mapping.

    Raises:
        OptionError: for unknown names and wrong types, all of them at once.
    """
    known = {option.name: option for option in declared()}
    problems: list[tuple[str, str]] = []
    values: dict[str, Any] = {}
    for name, value in given.items():
        option = known.get(str(name))
        if option is None:
            alike = look_alike(str(name), known)
            meant = f"; did you mean '{alike}'?" if alike else f"; the options are {', '.join(known)}"
            problems.append((str(name), f"unknown option{meant}"))
            continue
        try:
            values[option.name] = option.kind.read(value)
        except ValueError as error:
            problems.append((option.name, str(error)))
    if problems:
        raise OptionError(problems)
    return Options(**values)


@lru_cache(maxsize=256)
def _glob(pattern: str) -> re.Pattern[str]:
    """`*` and `?` within a folder, `**` across folders, `[…]` as usual."""
    translated = ""
    for token in re.findall(r"\*\*/|\*\*|\*|\?|\[[^\]]+\]|.", pattern.replace("\\", "/"), re.DOTALL):
        translated += {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(
            token, token.replace("[!", "[^") if len(token) > 1 else re.escape(token)
        )
    try:
        return re.compile(translated)
    except re.error:
        return re.compile(re.escape(pattern))


def matches(path: str, globs: Iterable[str]) -> bool:
    """Whether a path, relative to the docs folder, is matched by any of the globs."""
    return any(
        _glob(pattern.removeprefix("./") + ("**" if pattern.endswith("/") else "")).fullmatch(path) for pattern in globs
    )

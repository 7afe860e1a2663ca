"""A site's configuration without its host: the plugin's options, the docs folder, the Markdown extensions.

Nothing of the site is executed: no plugin, no hook, and no Python name that its YAML mentions.
"""

from __future__ import annotations

import html
import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from mkdocs_perfcase.evidence import KEY as EVIDENCE
from mkdocs_perfcase.zensical import CONFIG as ZENSICAL
from mkdocs_perfcase.zensical import read_config

if TYPE_CHECKING:
    from markdown import Markdown
    from pathspec.gitignore import GitIgnoreSpec

NAMES = ("mkdocs.yml", "mkdocs.yaml", "properdocs.yml", "properdocs.yaml", ZENSICAL)
"""How a configuration file may be called, in the order of looking."""
NAME = "perfcase"
"""The plugin, and the Markdown extension."""
_ALWAYS = ("toc", "tables", "fenced_code")  # as in MkDocs
_MARKDOWN = (
    "abbr admonition attr_list codehilite def_list extra fenced_code footnotes legacy_attrs legacy_em md_in_html meta "
    "nl2br sane_lists smarty tables toc wikilinks"
)
_PYMDOWNX = (
    "arithmatex b64 betterem blocks.admonition blocks.caption blocks.definition blocks.details blocks.html blocks.tab "
    "bracketspan caret details emoji escapeall extra fancylists highlight inlinehilite keys magiclink mark "
    "pathconverter progressbar quotes saneheaders smartsymbols snippets striphtml superfences tabbed tasklist tilde"
)
_LOCAL = frozenset([*_MARKDOWN.split(), *(f"pymdownx.{name}" for name in _PYMDOWNX.split())])
"""Extensions that make a page of nothing but its own text, snippets aside."""
_WITH_FENCES = "pymdownx.extra"
"""Brings an extension for fences along."""
_SNIPPET = "8<-"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class SiteError(Exception):
    """A configuration that can't be used; the message is one line."""


@dataclass(frozen=True)
class Site:
    """What checking needs to know of a site. `docs` is absolute."""

    folder: Path
    docs: Path
    config: Path | None = None
    source: str = ""
    """The configuration file's text."""
    options: Mapping[str, Any] = field(default_factory=dict)
    extensions: tuple[str, ...] = _ALWAYS
    extension_configs: Mapping[str, Any] = field(default_factory=dict)
    excluded: str = ""
    """Patterns, in the way of `.gitignore`, of pages that the site doesn't build."""
    directory_urls: bool = True
    """Whether a page's URL ends in a folder."""
    files: tuple[Path, ...] = ()
    """The configuration file, and those that it inherits from."""
    plugin: bool = False
    """Whether the plugin is listed."""
    gate: bool = False
    """Whether the Markdown extension is listed, and told to stop a build."""

    @property
    def of_zensical(self) -> bool:
        """Whether Zensical builds it, as far as can be told: by the file's name, or since it is installed here."""
        named = self.config is not None and self.config.suffix == ".toml"
        return named or (self.config is not None and _installed("zensical"))

    def markdown(self) -> tuple[Markdown, tuple[str, ...]]:
        """A Markdown instance for the block phase, and the site's extensions that aren't installed here."""
        # takes long to import, and pages known from an earlier run need none
        from mkdocs_perfcase.quick import QuickMarkdown, can_wait

        missing = []
        usual = self._extension_names <= _LOCAL - {_WITH_FENCES} and can_wait(self.extension_configs)
        md = QuickMarkdown(extensions=list(_ALWAYS), waiting=usual)
        for name in self.extensions:
            try:
                md.registerExtensions([name], dict(self.extension_configs))
            except Exception:  # whatever an extension of somebody else's raises, the pages are still to be read
                missing.append(name)
        md.leave_uncoloured()
        return md, tuple(missing)

    def text_of(self, file: Any) -> str | None:
        """The text of a file that an option names; None where it names none, or none that can be read."""
        try:
            return Path(self.folder, file).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeError, TypeError):
            return None

    def stands_alone(self, text: str) -> bool:
        """Whether a page is made of nothing but its text: no file is included or read, no extension unknown."""
        return _SNIPPET not in text and EVIDENCE not in text and self._local

    @cached_property
    def _local(self) -> bool:
        snippets = self.extension_configs.get("pymdownx.snippets") or {}
        return self._extension_names <= _LOCAL and not snippets.get("auto_append")

    @property
    def _extension_names(self) -> set[str]:
        return {name.removeprefix("markdown.extensions.") for name in self.extensions}

    def publishes(self, path: str) -> bool:
        """Whether a page, by its path relative to the docs folder, is built."""
        return not self._unpublished.match_file(path)

    @cached_property
    def _unpublished(self) -> GitIgnoreSpec:
        from pathspec.gitignore import GitIgnoreSpec  # takes long to import, and files that are named don't ask for it

        return GitIgnoreSpec.from_lines([".*", "/templates/", *self.excluded.splitlines()])


def _installed(host: str) -> bool:
    return importlib.util.find_spec(host) is not None


def find_config(start: Path) -> Path | None:
    """The configuration file in a folder or the nearest one above it."""
    for folder in (start, *start.parents):
        for name in NAMES:
            if (folder / name).is_file():
                return folder / name
    return None


def load_site(config: Path | None, start: Path) -> Site:
    """The site of a configuration file; without one, a folder whose pages are in `docs`, if there is such.

    Raises:
        SiteError: the file can't be read, isn't YAML (or TOML), or is no mapping.
    """
    if config is None:
        docs = start / "docs"
        return Site(start, docs if docs.is_dir() else start)
    files: list[Path] = []
    data = _read(config, files)
    folder = config.resolve().parent
    plugin = _options_of("plugin", data.get("plugins"))
    extension = _options_of("Markdown extension", data.get("markdown_extensions"))
    docs = (folder / str(data.get("docs_dir") or "docs")).resolve()
    extensions, configs = _extensions(_located(data.get("markdown_extensions"), folder, docs))
    return Site(
        folder=folder,
        docs=docs,
        config=config,
        source=config.read_text(encoding="utf-8", errors="replace"),
        options={**(plugin or {}), **own_options(extension or {})},
        extensions=extensions,
        extension_configs=configs,
        excluded=f"{data.get('exclude_docs') or ''}\n{data.get('draft_docs') or ''}",
        directory_urls=data.get("use_directory_urls") is not False,
        files=tuple(files),
        plugin=plugin is not None,
        gate=extension is not None and extension.get("gate") is True,
    )


def _read(path: Path, files: list[Path]) -> dict[str, Any]:
    """A configuration file with what it inherits; each file that is read is added to those read so far."""
    files.append(path.resolve())
    language, loaded = ("TOML", read_config) if path.suffix == ".toml" else ("YAML", _from_yaml)
    try:
        data = loaded(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SiteError(f"cannot read {path}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeError, RecursionError, ValueError) as error:
        raise SiteError(f"{path} is not valid {language}: {' '.join(str(error).split())}") from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise SiteError(f"{path} is no configuration: expected names with a value each")
    parent = data.pop("INHERIT", None)
    if parent is None:
        return data
    parent_path = (path.parent / str(parent)).resolve()
    if parent_path in files:
        raise SiteError(f"{path} inherits from itself")
    return _merged(_read(parent_path, files), data)


def _from_yaml(text: str) -> Any:
    return yaml.load(text, _SiteLoader)


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for name, value in above.items():
        both = isinstance(value, dict) and isinstance(merged.get(name), dict)
        merged[name] = _merged(merged[name], value) if both else value
    return merged


def _named(entries: object) -> list[tuple[str, Any]]:
    """Plugins or extensions with their options, from either way of listing them."""
    if isinstance(entries, dict):
        return [(str(name), options) for name, options in entries.items()]
    found: list[tuple[str, Any]] = []
    for entry in entries if isinstance(entries, list) else ():
        found += [(str(n), o) for n, o in entry.items()] if isinstance(entry, dict) else [(str(entry), None)]
    return found


def _options_of(kind: str, entries: object) -> Mapping[str, Any] | None:
    """The options of ours among plugins or extensions; None where it isn't listed."""
    for name, options in _named(entries):
        if name == NAME:
            if options is not None and not isinstance(options, dict):
                raise SiteError(f"the options of the {kind} {NAME} are no names with a value each: {options!r}")
            return options or {}
    return None


def own_options(extension: Mapping[str, Any]) -> dict[str, Any]:
    """What the Markdown extension is given besides the plugin's options, and before them: all but its own `gate`."""
    return {name: value for name, value in extension.items() if name != "gate"}


def _extensions(entries: object) -> tuple[tuple[str, ...], dict[str, Any]]:
    names = list(_ALWAYS)
    configs: dict[str, Any] = {}
    for name, options in _named(entries):
        if name == NAME:
            continue
        names.append(name)
        if isinstance(options, dict):
            configs[name] = {key: value for key, value in options.items() if not isinstance(value, _Named)}
    for name in ("codehilite", "markdown.extensions.codehilite"):
        if name in names:
            configs.setdefault(name, {})["use_pygments"] = False
    return tuple(dict.fromkeys(names)), configs


class _Relative(str):
    """A path that is relative to a folder of the site."""


def _located(value: Any, folder: Path, docs: Path) -> Any:
    """A configuration value with its relative paths in place."""
    if isinstance(value, dict):
        return {name: _located(item, folder, docs) for name, item in value.items()}
    if isinstance(value, list):
        return [_located(item, folder, docs) for item in value]
    if not isinstance(value, _Relative):
        return value
    start, _, rest = value.partition("/")
    return str((folder if start == "$config_dir" else docs) / rest)


class _Named:
    """Stands for a Python object that the YAML names. As a fence's formatter it shows the code."""

    def __repr__(self) -> str:
        return "a Python object"

    def __call__(self, *args: Any, **_: Any) -> str:
        return f"<pre><code>{html.escape(str(args[0]))}</code></pre>" if args else ""


class _SiteLoader(_Loader):  # type: ignore[misc]
    """Safe YAML with the tags that MkDocs knows."""


def _environment(loader: Any, node: yaml.Node) -> Any:
    """`!ENV NAME` or `!ENV [NAME, OTHER, default]`; a value is read as YAML."""
    if isinstance(node, yaml.SequenceNode):
        *names, default = loader.construct_sequence(node)
    else:
        names, default = [loader.construct_scalar(node)], None
    value = next((os.environ[str(name)] for name in names if str(name) in os.environ), None)
    return default if value is None else yaml.safe_load(value)


_SiteLoader.add_constructor("!ENV", _environment)
_SiteLoader.add_constructor("!relative", lambda loader, node: _Relative(node.value or ""))
_SiteLoader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: _Named())

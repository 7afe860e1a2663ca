"""A quicker start and block phase with the same result: where only what a page's blocks are is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from xml.etree.ElementTree import Element, ElementTree

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.extensions import Extension

from mkdocs_perfcase.fences import NAME, PRIORITY, IndentedCode, PlainFences, code

_NEEDED = {
    "markdown.blockprocessors.ListIndentProcessor": "    ",
    "markdown.blockprocessors.HashHeaderProcessor": "#",
    "markdown.blockprocessors.SetextHeaderProcessor": "\n",
    "markdown.blockprocessors.BlockQuoteProcessor": ">",
    "markdown.blockprocessors.ReferenceProcessor": "]:",
    "markdown.extensions.tables.TableProcessor": "|",
    "pymdownx.superfences.SuperFencesCodeBlockProcessor": "    ",
    "mkdocs_perfcase.fences.IndentedCode": "    ",
}
"""What a block must hold for a processor to make anything of it. Others, and what is derived from these, are asked."""

_STARTS: Mapping[str, Callable[[str], bool]] = {
    "markdown.blockprocessors.OListProcessor": str.isdecimal,
    "markdown.blockprocessors.UListProcessor": "*+-".__contains__,
}
"""The same of what stands first in a block, behind spaces."""

_FAMILIES = ("markdown.extensions.", "pymdownx.")
_FENCED_CODE = "markdown.extensions.fenced_code"
_SUPERFENCES = "pymdownx.superfences"
_HIGHLIGHT = "pymdownx.highlight"
_OF_LOOKS = frozenset(
    ["anchor_linenums", "auto_title", "line_spans", "linenums", "pygments_lang_class", "use_pygments"]
)
"""What is set of `_HIGHLIGHT` as a rule: nothing that a plain fence asks for."""


def can_wait(configs: Mapping[str, Any]) -> bool:
    """Whether plain fences can be read without the extensions for them: nothing unusual is set of those."""
    fences, looks = (configs.get(name) or {} for name in (_SUPERFENCES, _HIGHLIGHT))
    custom = fences.get("custom_fences") or []
    return (
        fences.keys() <= {"custom_fences"}
        and all(isinstance(fence, dict) and str(fence.get("name", "*")) != "*" for fence in custom)
        and looks.keys() <= _OF_LOOKS
        and all(isinstance(value, bool) or name == "line_spans" for name, value in looks.items())
        and not configs.keys() & {"fenced_code", _FENCED_CODE}
    )


class _Parser(BlockParser):
    """Python-Markdown's own parser, which sorts and asks all processors anew for each block."""

    def parseDocument(self, lines: Iterable[str]) -> ElementTree:  # noqa: N802  (Python-Markdown's name)
        names = {one: f"{type(one).__module__}.{type(one).__name__}" for one in self.blockprocessors}
        self._processors = [(_NEEDED.get(n, ""), _STARTS.get(n), one.test, one.run) for one, n in names.items()]
        return super().parseDocument(lines)

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:  # noqa: N802
        while blocks:
            start = blocks[0].lstrip(" ")[:1]
            for needed, may_start, test, run in self._processors:
                if needed not in blocks[0] or (may_start and not may_start(start)):
                    continue
                if test(parent, blocks[0]):
                    if run(parent, blocks) is not False:
                        break
                    start = blocks[0].lstrip(" ")[:1]


class QuickMarkdown(Markdown):
    """Python-Markdown with that parser, which finds the usual extensions without a search of all installed packages."""

    def __init__(self, *, waiting: bool = False, **options: Any) -> None:
        """Make an instance.

        Args:
            waiting: whether the extensions for fences are only loaded when a page has one that isn't plain.
            options: as for Python-Markdown.
        """
        self._waiting = waiting
        self._awaited: list[_Awaited] = []
        super().__init__(**options)

    def build_parser(self) -> QuickMarkdown:
        """Take the quicker parser: processors hold on to the instance, so it changes its class."""
        super().build_parser()
        self.parser.__class__ = _Parser
        return self

    def build_extension(self, ext_name: str, configs: Mapping[str, Any]) -> Extension:
        """An extension by its name."""
        module = f"markdown.extensions.{ext_name}" if ext_name.isidentifier() else ext_name
        if not module.startswith(_FAMILIES) or ":" in module or not find_spec(module):
            return super().build_extension(ext_name, configs)
        if self._waiting and module in (_FENCED_CODE, _SUPERFENCES, _HIGHLIGHT):
            return _Awaited(module, configs)
        made: Extension = import_module(module).makeExtension(**configs)
        return made

    def wait_for(self, awaited: _Awaited) -> None:
        """Read plain fences in an extension's place."""
        self._awaited.append(awaited)
        if awaited.module == _HIGHLIGHT:
            return
        nested = awaited.module == _SUPERFENCES
        fences = PlainFences(self, self._load_awaited, nested=nested, special=awaited.languages)
        self.preprocessors.register(fences, NAME, PRIORITY)
        if nested:
            self.parser.blockprocessors.register(IndentedCode(self, fences), "code", 80)

    def _load_awaited(self) -> None:
        self._waiting = False
        for awaited in self._awaited:
            self.registerExtensions([awaited.module], {awaited.module: awaited.settings})
        self.leave_uncoloured()

    def leave_uncoloured(self) -> None:
        """Have no code coloured: that costs most of the time and changes nothing that is read."""
        for extension in self.registeredExtensions:
            if hasattr(extension, "get_pymdownx_highlighter"):
                extension.get_pymdownx_highlighter = _plain_highlighter


class _Awaited(Extension):
    """Stands for an extension that may never be needed."""

    def __init__(self, module: str, settings: Mapping[str, Any]) -> None:
        super().__init__()
        self.module, self.settings = module, dict(settings)
        self.languages = frozenset(str(fence["name"]) for fence in self.settings.get("custom_fences") or ())

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        if isinstance(md, QuickMarkdown):
            md.wait_for(self)


def _plain_highlighter() -> type:
    from pymdownx.highlight import Highlight

    class Plain(Highlight):  # type: ignore[misc]
        def highlight(self, src: str, *_: Any, **__: Any) -> str:
            return code(src)

    return Plain

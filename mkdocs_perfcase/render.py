"""Views as HTML, by Jinja templates that a theme can override under `perfcase/`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from markupsafe import escape

from mkdocs_perfcase.change_view import Change
from mkdocs_perfcase.evidence_view import EvidenceView
from mkdocs_perfcase.index_view import IndexView, stage_rank
from mkdocs_perfcase.resources import SCRIPT, STYLESHEET
from mkdocs_perfcase.shares import Shares
from mkdocs_perfcase.views import RecordView

RecordUrl = Callable[[str], str]


class Renderer:
    """Renders views.

    Args:
        folders: where a site's own templates are looked for first, each as `perfcase/NAME.html` below one of them.
    """

    def __init__(self, folders: Iterable[str] = ()) -> None:
        self._folders = tuple(folders)

    @cached_property
    def _environment(self) -> Environment:
        loaders = [FileSystemLoader(list(self._folders)), PackageLoader("mkdocs_perfcase")]
        environment = Environment(
            loader=ChoiceLoader(loaders),
            autoescape=True,
            undefined=StrictUndefined,
            optimized=False,  # folding what is constant takes longer than it saves
            auto_reload=False,  # each build has a renderer of its own, and needn't ask the disk for every page
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(part=_part, rank=stage_rank)
        return environment

    def _macros(self, name: str) -> Any:
        """The macros of one template: few sites need them all, and compiling them is most of what a small one takes."""
        return self._environment.get_template(f"perfcase/{name}.html").module

    def summary(self, record: RecordView) -> str:
        """The card at the top of a record's page."""
        return self._environment.get_template("perfcase/summary.html").render(record=record)

    def bars(self, change: Change) -> str:
        """Before and after as two small bars, for a cell beside the numbers; empty where they can't be drawn."""
        return str(self._macros("macros").bars(change)) if change.bars else ""

    def chart(self, title: str, changes: Iterable[Change]) -> str:
        """A chart of several metrics' changes; empty where none of them can be drawn."""
        drawn = [change for change in changes if change.bars]
        return str(self._macros("chart").changes(title, drawn)) if drawn else ""

    def evidence(self, views: Iterable[EvidenceView]) -> str:
        """What result files say, metric by metric, as dots with their intervals; empty where they say nothing."""
        shown = list(views)
        return str(self._macros("plot").evidence(shown)) if shown else ""

    def evidence_table(self, views: Iterable[EvidenceView]) -> str:
        """The same in numbers, for a page that has no table of them."""
        return self._environment.get_template("perfcase/evidence.html").render(rows=list(views))

    def shares(self, shares: Shares) -> str:
        """A stacked bar of the parts of a whole."""
        return str(self._macros("shares").shares(shares))

    def index(self, index: IndexView, record_url: RecordUrl, downloads: Iterable[tuple[str, str]] = ()) -> str:
        """The index of all records.

        Args:
            index: the records.
            record_url: the address of a record's page, by its path, as seen from the page that shows the index.
            downloads: the exports, each a name and an address as seen from that page.
        """
        template = self._environment.get_template("perfcase/index.html")
        return template.render(index=index, record_url=record_url, downloads=list(downloads))

    def changes(self, rows: Iterable[tuple[RecordView, Change]], record_url: RecordUrl, with_metric: bool) -> str:
        """A table of improvements of chosen records."""
        template = self._environment.get_template("perfcase/changes.html")
        return template.render(rows=list(rows), record_url=record_url, with_metric=with_metric)


def _part(value: float, scale: float = 100) -> str:
    """A part of a whole as an SVG length, such as `58%` or `12.35%`."""
    return f"{value * scale:.2f}".rstrip("0").rstrip(".") + "%"


def links(up: Callable[[str], str], *, script: bool) -> str:
    """What a page with views needs, to stand before them: the stylesheet, and the script where it has tables.

    It stands in the page's content, not in its head, so that themes which swap contents without loading a page (as
    Material's instant navigation does) bring it along.

    Args:
        up: the address of an asset, by its path in the site, as seen from the page.
        script: whether the page has tables to sort or filter.
    """
    found = f'<link rel="stylesheet" href="{escape(up(STYLESHEET))}">'
    return f'{found}<script src="{escape(up(SCRIPT))}" defer></script>' if script else found

"""Views as HTML, by Jinja templates that a theme can override under `perfcase/`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined

from mkdocs_perfcase.views import Change, IndexView, RecordView

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
        return Environment(loader=ChoiceLoader(loaders), autoescape=True, undefined=StrictUndefined)

    def summary(self, record: RecordView) -> str:
        """The card at the top of a record's page."""
        return self._environment.get_template("perfcase/summary.html").render(record=record)

    def index(self, index: IndexView, record_url: RecordUrl) -> str:
        """The index of all records.

        Args:
            index: the records.
            record_url: the address of a record's page, by its path, as seen from the page that shows the index.
        """
        return self._environment.get_template("perfcase/index.html").render(index=index, record_url=record_url)

    def changes(self, rows: Iterable[tuple[RecordView, Change]], record_url: RecordUrl, with_metric: bool) -> str:
        """A table of improvements of chosen records."""
        template = self._environment.get_template("perfcase/changes.html")
        return template.render(rows=list(rows), record_url=record_url, with_metric=with_metric)


def stylesheet() -> str:
    """The stylesheet of all views."""
    return files("mkdocs_perfcase").joinpath("assets/perfcase.css").read_text(encoding="utf-8")

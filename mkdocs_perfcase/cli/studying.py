"""Pages' findings: those known from an earlier run, and the others, on several processors where they are many."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import click

from mkdocs_perfcase.cache import Cache, Yield
from mkdocs_perfcase.cli.opening import open_site
from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.pages import Pages

_MANY = 150  # pages to read; for fewer, starting processes takes longer than they save
_LONG = 100  # pages to read from which on a person likes to see progress
_BATCH = 8  # pages that a process is handed at a time


class Source(NamedTuple):
    """A page's file and text."""

    file: Path
    text: str


class _Studied(NamedTuple):
    result: Yield
    told: tuple[str, ...]
    """What could not be read, or not as it should."""
    unreadable: bool
    keeps: bool
    """Whether the same text yields the same in a later run."""


def study_all(
    pages: Pages, sources: Iterable[Source], cache: Cache | None, jobs: int | None, quiet: bool
) -> Iterator[tuple[Path, Yield]]:
    """What each page yields, in no certain order.

    Args:
        pages: the site's pages.
        sources: the pages to study.
        cache: what earlier runs found, if it is to be used.
        jobs: how many processes to use; None for as many as pay.
        quiet: whether to show no progress.
    """
    todo: list[Source] = []
    for source in sources:
        known = cache.get(pages.name(source.file), source.text) if cache else None
        if known is None:
            todo.append(source)
        else:
            yield source.file, known
    jobs = jobs or _paying(len(todo))
    studied = _in_processes(pages, todo, jobs) if jobs > 1 else _here(pages, todo)
    told: set[str] = set()
    for source, one in _watched(zip(todo, studied, strict=True), len(todo), quiet):
        for line in sorted({*one.told} - told):  # each process finds that an extension is missing
            pages.tell(line)
        told.update(one.told)
        pages.unreadable |= one.unreadable
        if cache and one.keeps:
            cache.put(pages.name(source.file), source.text, one.result)
        yield source.file, one.result


def _paying(count: int) -> int:
    """How many processes save more than they take to start."""
    return min(count // (_MANY // 2), os.cpu_count() or 1) if count >= _MANY else 1


def _watched(studied: Iterator[tuple[Source, _Studied]], count: int, quiet: bool) -> Iterator[tuple[Source, _Studied]]:
    """The same, with a progress bar for a person who would wait."""
    if quiet or count < _LONG or not sys.stderr.isatty():
        yield from studied
        return
    with click.progressbar(studied, length=count, label="Checking", file=sys.stderr) as bar:
        yield from bar


def _here(pages: Pages, todo: list[Source]) -> Iterator[_Studied]:
    told: list[str] = []
    own = Pages(pages.site, pages.project, tell=told.append)
    for source in todo:
        yield _study(own, told, source)


def _in_processes(pages: Pages, todo: list[Source], jobs: int) -> Iterator[_Studied]:
    from concurrent.futures import ProcessPoolExecutor  # few runs need it, and it takes long to import
    from concurrent.futures.process import BrokenProcessPool

    pool = ProcessPoolExecutor(jobs, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN))
    try:
        yield from pool.map(partial(_study_there, pages.site.config), todo, chunksize=_BATCH)
    except BrokenProcessPool:
        raise Usage("a process ended before its pages were read; try --jobs 1") from None
    finally:
        pool.shutdown(cancel_futures=True)


@lru_cache(maxsize=1)
def _opened(config: Path | None) -> tuple[Pages, list[str]]:
    """The site, opened once in each process."""
    told: list[str] = []
    return Pages(*open_site(config), tell=told.append), told


def _study_there(config: Path | None, source: Source) -> _Studied:
    return _study(*_opened(config), source)


def _study(pages: Pages, told: list[str], source: Source) -> _Studied:
    told.clear()
    pages.unreadable = False
    study = pages.study(source.file, source.text)
    result = Yield(study is not None and study.form is not None, study.findings if study else ())
    keeps = not pages.unreadable and not pages.missing and pages.site.stands_alone(source.text)
    return _Studied(result, tuple(told), pages.unreadable, keeps)

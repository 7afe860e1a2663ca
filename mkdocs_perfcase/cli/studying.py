"""Pages' findings: those known from an earlier run, and the others, on several processors where they are many."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from mkdocs_perfcase.cache import Cache, Yield
from mkdocs_perfcase.check import Project
from mkdocs_perfcase.cli.opening import open_site
from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.files import Files, Source
from mkdocs_perfcase.pages import Pages
from mkdocs_perfcase.site import Site

_MANY = 150  # pages to read; for fewer, starting processes takes longer than they save
_LONG = 100  # pages to read from which on a person likes to see progress
_BATCH = 8  # pages that a process is handed at a time


class _Studied(NamedTuple):
    result: Yield
    told: tuple[str, ...]
    """What could not be read, or not as it should."""
    unreadable: bool
    keeps: bool
    """Whether the same text yields the same in a later run."""


def study_all(
    files: Files, project: Project, todo: list[Source], cache: Cache | None, jobs: int | None, quiet: bool
) -> Iterator[tuple[Path, Yield]]:
    """What each page yields, and the settings.

    Args:
        files: the site's files, which tell what can't be read.
        project: what they are held to.
        todo: the pages to study.
        cache: where to keep what they yield.
        jobs: how many processes to use; None for as many as pay.
        quiet: whether to show no progress.
    """
    jobs = jobs or _paying(len(todo))
    reader = _Reader(files.site, project)
    studied = _in_processes(reader, todo, jobs) if jobs > 1 else map(reader, todo)
    told: set[str] = set()
    for source, one in _watched(zip(todo, studied, strict=True), len(todo), quiet):
        for line in sorted({*one.told} - told):  # each process finds that an extension is missing
            files.tell(line)
        told.update(one.told)
        files.unreadable |= one.unreadable
        if cache and one.keeps:
            cache.put(files.name(source.file), source.text, one.result)
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


class _Reader:
    """Studies pages, in a process of its own or not."""

    def __init__(self, site: Site, project: Project) -> None:
        self.config = site.config
        self._told: list[str] = []
        self._pages = Pages(site, project, tell=self._told.append)

    def __call__(self, source: Source) -> _Studied:
        pages = self._pages
        self._told.clear()
        pages.unreadable = False
        if not source.is_page:
            return _Studied(Yield(False, tuple(pages.of_settings())), (), False, keeps=True)
        study = pages.study(source.file, source.text)
        result = Yield(study is not None and study.form is not None, study.findings if study else ())
        keeps = not pages.unreadable and not pages.missing and pages.site.stands_alone(source.text)
        return _Studied(result, tuple(self._told), pages.unreadable, keeps)


def _in_processes(reader: _Reader, todo: list[Source], jobs: int) -> Iterator[_Studied]:
    from concurrent.futures import ProcessPoolExecutor  # few runs need it, and it takes long to import
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_start_method

    first, *others = todo
    yield reader(first)  # what is imported and compiled for it, forked processes have as well
    inherited = reader if get_start_method() == "fork" else None
    pool = ProcessPoolExecutor(jobs, initializer=_begin, initargs=(inherited, reader.config))
    try:
        yield from pool.map(_study_there, others, chunksize=_BATCH)
    except BrokenProcessPool:
        raise Usage("a process ended before its pages were read; try --jobs 1") from None
    finally:
        pool.shutdown(cancel_futures=True)


_reader: _Reader
"""That of a process which `_in_processes` started."""


def _begin(inherited: _Reader | None, config: Path | None) -> None:
    """Start a process: with the site as it was opened, where a process has the memory of the one that starts it."""
    global _reader
    import signal  # as above

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _reader = inherited or _Reader(*open_site(config))


def _study_there(source: Source) -> _Studied:
    return _reader(source)

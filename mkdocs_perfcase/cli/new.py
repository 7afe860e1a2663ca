"""`perfcase new`: a record from the template."""

from __future__ import annotations

import datetime
import os
import re
import shlex
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import click

from mkdocs_perfcase.check import Project
from mkdocs_perfcase.cli.opening import config_option, open_site
from mkdocs_perfcase.cli.usage import Usage
from mkdocs_perfcase.new_record import Meta, new_record
from mkdocs_perfcase.options import matches
from mkdocs_perfcase.recognition import declared
from mkdocs_perfcase.record import COMPONENT, TYPES
from mkdocs_perfcase.site import Site
from mkdocs_perfcase.source import split_front_matter
from mkdocs_perfcase.telling import shown, tell
from mkdocs_perfcase.template import FieldForm, Role
from mkdocs_perfcase.text import look_alike, name_key
from mkdocs_perfcase.writing import create_whole

_LONGEST = 60  # characters of a file's name


@click.command("new")
@click.argument("title")
@config_option
@click.option("--type", "types", multiple=True, metavar="TYPE", help="What was optimized, as the template names it.")
@click.option("--component", help="The component that is optimized.")
@click.option("--dir", "folder", help="The folder, relative to the docs folder. [default: where records are]")
@click.option("--owner", help="Who answers for it. [default: git's user.name]")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="[default: today]")
def command(
    title: str,
    config_file: Path | None,
    types: tuple[str, ...],
    component: str | None,
    folder: str | None,
    owner: str | None,
    day: datetime.datetime | None,
) -> None:
    """Start a record from the template, in the docs folder. Never overwrites a file.

    On a terminal, and without any of these options but --config-file, it asks for type and component.
    """
    site, project = open_site(config_file)
    title = _line(title)
    path = _path(site, project, title, folder)
    fields = {TYPES: ", ".join(_choices(project, types)), COMPONENT: _line(component or "")}
    if not (types or component or folder or owner or day) and sys.stdin.isatty() and sys.stderr.isatty():
        fields = _asked_for(project)
    asked: Meta = {"date": (day or datetime.datetime.now()).date(), **_owned_by(owner or "")}
    known = _owned_by(_of_git(site.folder))
    made = new_record(project.template, title, {name: text for name, text in fields.items() if text}, asked, known)
    _create(path, made.text)
    for name in made.left_out:
        tell(f"the template has no place for {name}; it is left out")
    if why := _why_no_record(project, path.relative_to(site.docs).as_posix(), made.text):
        tell(f"{shown(path)} isn't taken for a record: {why}")
    click.echo(f"{shown(path)}\nFill it in; `{shlex.join(['perfcase', 'check', shown(path)])}` tells what is left.")


def _line(text: str) -> str:
    """A text in one line, without what can't be shown."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


def _path(site: Site, project: Project, title: str, folder: str | None) -> Path:
    """Where the record goes: never outside the docs folder, and never onto the index."""
    words = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFKC", title).lower()).strip("-_")
    slug = words if len(words) <= _LONGEST else words[: _LONGEST + 1].rpartition("-")[0] or words[:_LONGEST]
    if not slug:
        raise Usage("the title has no letters to name a file by")
    place = Path(os.path.normpath(site.docs / (_folder_of_records(project) if folder is None else folder)))
    if not (place.is_relative_to(site.docs) and place.resolve().is_relative_to(site.docs.resolve())):
        raise Usage(f"{shown(place)} is outside the docs folder, {shown(site.docs)}; --dir is relative to that")
    path = place / f"{slug}.md"
    if path.relative_to(site.docs).as_posix() == project.options.index:
        raise Usage(f"{shown(path)} is the index's own page; choose another title")
    _refuse_existing(path)  # before anything is asked
    return path


def _refuse_existing(path: Path) -> None:
    if os.path.lexists(path):
        raise Usage(f"{shown(path)} exists already")


def _folder_of_records(project: Project) -> str:
    """Where the first glob of `records` looks for them, else where the index is."""
    for glob in project.options.records:
        fixed = re.split(r"[*?\[]", glob, maxsplit=1)[0]
        return fixed.rpartition("/")[0]
    return (project.options.index or "performance/index.md").rpartition("/")[0]


def _choices(project: Project, given: Iterable[str]) -> list[str]:
    """Choices of the template's type field in its own spelling; a field that offers none takes any text."""
    form = project.template.field(Role.OVERVIEW, TYPES)
    texts = [text for part in given for text in map(_line, part.split(",")) if text]
    return [_choice(form, text) for text in texts] if form and form.choices else texts


def _choice(form: FieldForm, text: str) -> str:
    named = {name_key(choice): choice for choice in form.choices}
    named |= {str(number): choice for number, choice in enumerate(form.choices, 1)}
    if (choice := named.get(name_key(text))) is not None:
        return choice
    alike = look_alike(text, form.choices)
    meant = f"did you mean {alike}?" if alike else f"choose from {', '.join(form.choices)}"
    raise Usage(f"{text!r} is no {form.name} of the template; {meant}")


def _asked_for(project: Project) -> dict[str, str]:
    """Type and component as somebody types them in, as far as the template has them; nothing for what is left open."""
    fields: dict[str, str] = {}

    def chosen(text: str) -> str:
        try:
            return ", ".join(_choices(project, [text]))
        except Usage as error:
            raise click.BadParameter(error.format_message()) from None

    for name, read in ((TYPES, chosen), (COMPONENT, _line)):
        if form := project.template.field(Role.OVERVIEW, name):
            for number, choice in enumerate(form.choices, 1):
                click.echo(f"  {number} {choice}", err=True)
            question = f"{form.name} (empty: later)"
            fields[name] = click.prompt(question, default="", show_default=False, value_proc=read, err=True)
    return fields


def _owned_by(owner: str) -> Meta:
    return {"owner": name} if (name := _line(owner)) else {}


def _of_git(folder: Path) -> str:
    """The user's name as git knows it; empty where it doesn't."""
    try:
        asked = subprocess.run(["git", "config", "user.name"], cwd=folder, capture_output=True, check=False)
    except OSError:
        return ""
    return asked.stdout.decode("utf-8", "replace")


def _create(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        create_whole(path, text.encode("utf-8"))
    except OSError as error:
        _refuse_existing(path)  # somebody else was faster
        raise Usage(f"cannot write {shown(path)}: {error.strerror}") from None


def _why_no_record(project: Project, path: str, text: str) -> str:
    """Why the site would not take the new page for a record; empty where it would."""
    says = declared(split_front_matter(text)[1])
    if says is False:
        return "the template's front matter says `perfcase: false`; take that line out"
    if says or not (project.options.records or project.options.exclude):
        return ""
    if matches(path, project.options.exclude):
        return "the option `exclude` names it"
    return "" if matches(path, project.options.records or ["**"]) else "the option `records` names other pages"

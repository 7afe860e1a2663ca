"""`text`, for people: a line for each finding, the line of the page that it is about, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mkdocs_perfcase.findings import Finding, Severity
from mkdocs_perfcase.formats.registry import Look, format_of
from mkdocs_perfcase.report import Report
from mkdocs_perfcase.telling import printable

_LONGEST = 120  # characters of a line that are shown
_BOLD, _BLUE, _CYAN = "1", "1;34", "36"
_GRAVE = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}

Paint = Callable[[str, str], str]


@format_of("text")
def text(report: Report, look: Look) -> str:
    """Findings with their place, then the summary."""
    paint = _colored if look.color else _plain
    lines = [line for finding in report.findings for line in _finding(finding, look.source, paint)]
    return "".join(f"{line}\n" for line in [*lines, *([report.summary] if look.summary else [])])


def _plain(text: str, _: str) -> str:
    return text


def _colored(text: str, color: str) -> str:
    return f"\x1b[{color}m{text}\x1b[0m"


def _finding(finding: Finding, with_source: bool, paint: Paint) -> Iterator[str]:
    place = f"{paint(printable(finding.path), _BOLD)}:{finding.line}:{finding.column}:"
    said = printable(finding.message if with_source else finding.text)
    yield f"{place} {paint(finding.code, _GRAVE[finding.severity])} {said}"
    if with_source:
        yield from _source(finding, paint)
        yield ""


def _source(finding: Finding, paint: Paint) -> Iterator[str]:
    """The line under its number, a caret under its beginning, and the hint."""
    line = printable(finding.source.expandtabs(4).rstrip())
    number = str(finding.line) if line else ""
    margin = " " * len(number)
    bar = paint("|", _BLUE)
    if line:
        shown = line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
        yield f"{margin} {bar}"
        yield f"{paint(number, _BLUE)} {bar} {shown}"
        yield f"{margin} {bar} {' ' * (len(line) - len(line.lstrip()))}{paint('^', _GRAVE[finding.severity])}"
    if finding.hint:
        yield f"{margin} {paint('=', _BLUE)} {paint('help:', _CYAN)} {printable(finding.hint)}"

"""As many Sphinx-Needs objects as records: each a page with the text of a record, and a table of all of them."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from corpus import Taken, record, taken

CONFIG = """
project = "Prices"
extensions = ["sphinx_needs"]
needs_fields = {"component": {}, "before": {}, "after": {}, "change": {}}
needs_types = [{"directive": "record", "title": "Record", "prefix": "R_", "color": "#fff", "style": "node"}]
needs_id_regex = "^[A-Z0-9_]+$"
suppress_warnings = ["needs"]
"""
INDEX = """
Prices
======

.. needtable::
   :columns: id, title, component, before, after, change, status

.. toctree::
   :glob:

   page-*
"""
NEED = """
.. record:: {title}
   :id: R_{number}
   :status: accepted
   :component: Price list {number}
   :before: 450 ms
   :after: 120 ms
   :change: -73%

{body}
"""
UNDERLINES = "=-~^"


def restructured(markdown: str) -> str:
    """A record's Markdown as reStructuredText: headings, tables and code; lists and bold text are written alike."""
    lines: list[str] = []
    fenced = False
    for line in markdown.split("\n"):
        if line.startswith("```"):
            fenced = not fenced
            lines += ["", f".. code-block:: {line[3:] or 'text'}", ""] if fenced else [""]
        elif fenced:
            lines.append(f"   {line}")
        elif match := re.match(r"(#+) (.*)", line):
            lines += [match[2], UNDERLINES[len(match[1]) - 1] * (2 * len(match[2])), ""]
        elif line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            lines += _table_row(cells, first=not (lines and lines[-1].startswith("     - ")))
        else:
            lines.append(line.replace("`", "``"))
    return "\n".join(lines)


def _table_row(cells: list[str], *, first: bool) -> list[str]:
    if all(set(cell) <= set("-: ") for cell in cells):
        return []
    row = [f"   {'*' if place == 0 else ' '} - {cell}" for place, cell in enumerate(cells)]
    return ["", ".. list-table::", "   :header-rows: 1", "", *row] if first else row


def installed(folder: Path) -> str:
    """Install Sphinx-Needs in an environment of its own; its Python."""
    venv.create(folder, with_pip=True)
    python = str(next(path for path in (folder / "bin/python", folder / "Scripts/python.exe") if path.exists()))
    subprocess.run([python, "-m", "pip", "install", "--quiet", "sphinx-needs"], check=True, stderr=subprocess.DEVNULL)
    return python


def built(python: str, needs: int) -> Taken:
    """Build a site of so many needs with this Python."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "conf.py").write_text(CONFIG, encoding="utf-8")
        (folder / "index.rst").write_text(INDEX, encoding="utf-8")
        for number in range(needs):
            title, _, rest = restructured(record(number)).partition("\n")
            need = NEED.format(title=title, number=number, body="   Measured.")
            text = f"{title}\n{rest.lstrip().partition(chr(10))[0]}\n{need}\n{rest.partition(chr(10))[2]}"
            (folder / f"page-{number}.rst").write_text(text, encoding="utf-8")
        return taken([python, "-m", "sphinx", "-q", "-E", "-b", "html", ".", "out"], folder)


def version(python: str) -> str:
    """The version of Sphinx-Needs that this Python has."""
    command = [python, "-c", "from importlib.metadata import version; print(version('sphinx-needs'))"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    print(built(sys.argv[1], int(sys.argv[2])))

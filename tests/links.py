"""The documentation's links: `python tests/links.py` asks whether what they lead to is there."""

from __future__ import annotations

import re
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent
_LINK = re.compile(r"\]\(([^)\s]+)\)|<(https?://[^>]+)>")
_CODE = re.compile(r"^( *)(```+).*?^\1\2 *$|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def links(source: str) -> list[str]:
    """What a page links to, outside of code."""
    return [one or other for one, other in _LINK.findall(_CODE.sub("", source))]


def external() -> list[str]:
    """Every page elsewhere that a page of the documentation links to."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    found = {link for path in pages for link in links(path.read_text(encoding="utf-8"))}
    return sorted(link for link in found if urlsplit(link).scheme == "https")


def trouble(link: str) -> str | None:
    """Why a page can't be reached; None where it can."""
    request = urllib.request.Request(link, headers={"User-Agent": "mkdocs-perfcase"})
    try:
        with urllib.request.urlopen(request, timeout=20):
            return None
    except OSError as error:
        return str(error)


if __name__ == "__main__":
    broken = {link: why for link in external() if (why := trouble(link))}
    for link, why in broken.items():
        print(f"{link}: {why}")
    print(f"{len(external())} links, {len(broken)} of them broken")
    sys.exit(1 if broken else 0)

"""A build and `perfcase check` find the same, line for line: sites of mutated records, built and checked.

Run more of them with `PERFCASE_MUTANTS=20000`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Site, invoked
from mkdocs.utils.yaml import yaml_load
from mutants import mutant

MUTANTS = int(os.environ.get("PERFCASE_MUTANTS", "200"))
SITES = 4
FINDINGS_PER_MUTANT = 3  # in the mean at least, or the mutants have become too tame to prove anything

CONFIG = Path(__file__).parent.parent / "example_site" / "mkdocs.yml"
PAGE = "{% for path in extra_css %}{% endfor %}{{ page.content }}"  # the theme's part costs time and finds nothing
OPTIONS = {
    "records": ["performance/*.md", "performance/*.markdown"],  # the second matches no page
    "rules": {"PC305": "warning", "PC404": "off", "no-such-rule": "error"},
}


@pytest.fixture
def site(request: pytest.FixtureRequest, make_site: Callable[..., Site], tmp_path: Path) -> Site:
    """A part of the mutants, and the markup of the example site, in a theme that shows no more than the page."""
    theme = tmp_path / "theme"
    theme.mkdir()
    (theme / "main.html").write_text(PAGE, encoding="utf-8")
    with CONFIG.open("rb") as file:
        extensions = yaml_load(file)["markdown_extensions"]
    own = range(request.param * MUTANTS // SITES, (request.param + 1) * MUTANTS // SITES)
    pages = {f"performance/m{n}.md": mutant(n).file for n in own}
    return make_site(pages, OPTIONS, markdown_extensions=extensions, theme={"name": None, "custom_dir": str(theme)})


def checked(*arguments: str) -> list[str]:
    """What `check` finds in the working folder, as the build tells it."""
    report = json.loads(invoked("check", "--no-cache", "--format", "json", *arguments).stdout)
    return [
        "{} {}:{}: {} {}".format(
            f["severity"].upper(), f["path"].removeprefix("docs/"), f["line"], f["code"], f["message"]
        )
        for f in report["findings"]
    ]


@pytest.mark.parametrize("site", range(SITES), indirect=True)
def test_check_finds_what_the_build_finds(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.build()
    assert site.error is None
    built = [f"{level} {text}" for level, text in site.log if text in site.findings()]
    monkeypatch.chdir(site.folder)
    found = list(
        dict.fromkeys(checked("--jobs", "1"))
    )  # of two places that are alike in all it says, a build tells one
    of_settings = [line for line in found if " mkdocs.yml:" in line]
    of_pages = [line for line in found if " performance/" in line]
    assert len(of_settings) == 2
    assert len(of_pages) >= FINDINGS_PER_MUTANT * len(pages_of(site))
    assert built == of_settings + of_pages


def pages_of(site: Site) -> list[Path]:
    return list((site.folder / "docs" / "performance").glob("m*.md"))

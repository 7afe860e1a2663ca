"""What is Zensical's own, without it: its configuration, its page, and the gate as an exception."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from conftest import COMPLETE, Run, write
from markdown import Markdown, markdown

from mkdocs_perfcase.extension import OpenCriteria
from mkdocs_perfcase.options import OptionError
from mkdocs_perfcase.zensical import read_config

OPEN = COMPLETE.replace("- [x] No reg", "- [ ] No reg")
LINE = OPEN.splitlines().index("- [ ] No regression in other areas") + 1
Render = Callable[..., str]


def test_the_gate_names_every_open_criterion_of_a_page() -> None:
    with pytest.raises(OpenCriteria) as raised:
        markdown(OPEN.replace("- [x] User", "- [ ] User"), extensions=["tables", "perfcase"], extension_configs={"perfcase": {"gate": True}})  # fmt: skip
    first, *criteria = str(raised.value).splitlines()
    assert first == "2 open acceptance criteria; `perfcase check` lists all of the site's"
    assert [line.split(": ")[0] for line in criteria] == [f"  this page:{LINE}", f"  this page:{LINE + 1}"]


@pytest.mark.parametrize("source", [COMPLETE, "---\n---\n# List\n\n- [ ] mine\n"])
def test_the_gate_lets_others_pass(source: str) -> None:
    assert markdown(source, extensions=["tables", "perfcase"], extension_configs={"perfcase": {"gate": True}})


def test_the_gate_is_on_or_off() -> None:
    with pytest.raises(OptionError, match="option 'gate': expected true or false, got 'yes'"):
        markdown("", extensions=["perfcase"], extension_configs={"perfcase": {"gate": "yes"}})


@pytest.fixture
def render(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Render:
    """Renders a page as Zensical does, telling of it in the same way."""
    context: dict[str, Any] = {}
    module = ModuleType("zensical.extensions.context")
    module.ContextPreprocessor = SimpleNamespace(from_markdown=lambda _: context["now"])  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "zensical.extensions.context", module)

    def rendered(path: str, *texts: str, **options: Any) -> str:
        page = type("Page", (), {"path": path, "meta": {}})()
        config = {"root_dir": str(tmp_path), "docs_dir": "docs", "theme": {"custom_dir": "own"}}
        context["now"] = SimpleNamespace(page=page, config=config)
        configs = {"perfcase": options}
        return "\n".join(
            Markdown(extensions=["tables", "perfcase"], extension_configs=configs).convert(t) for t in texts
        )

    return rendered


def test_the_page_is_known_by_its_path(run: Run, render: Render) -> None:
    write("docs/performance/prices.md", "---\nstatus: agreed\n---\n" + OPEN)
    assert "perfcase-summary" not in render("performance/prices.md", OPEN, exclude=["performance/*"])
    with pytest.raises(OpenCriteria, match=rf"performance/prices\.md:{LINE + 3}: PC301"):
        render("performance/prices.md", OPEN, gate=True)


def test_fragments_within_a_page_are_left_alone(run: Run, render: Render) -> None:
    write("docs/performance/prices.md", COMPLETE)
    once = render("performance/prices.md", COMPLETE, "# A fragment\n", COMPLETE, records=["performance/*"])
    assert once.count('class="perfcase-summary"') == 1


def test_options_and_templates_come_from_the_site(run: Run, render: Render) -> None:
    write("docs/prices.md", COMPLETE)
    write("mkdocs.yml", "plugins:\n  - perfcase:\n      metrics: {Throughput: lower}\n")
    write("own/perfcase/summary.html", "<p>{{ record.title }}, mine</p>")
    page = render("prices.md", COMPLETE)
    assert "regressed" in page
    assert "<p>Cache the price list, mine</p>" in page
    assert "regressed" not in render("prices.md", COMPLETE, metrics={"Throughput": "higher"})
    write("zensical.toml", "[project]\n")  # what Zensical reads, where there are both
    assert "regressed" not in render("prices.md", COMPLETE)


@pytest.mark.parametrize("broken", [None, SimpleNamespace(), SimpleNamespace(page=SimpleNamespace(), config={})])
def test_what_is_not_told_is_done_without(broken: object, monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("zensical.extensions.context")
    module.ContextPreprocessor = SimpleNamespace(from_markdown=lambda _: broken)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "zensical.extensions.context", module)
    assert "perfcase-summary" in markdown(COMPLETE, extensions=["tables", "perfcase"])


def test_a_configuration_in_toml() -> None:
    config = read_config(
        '[project]\nsite_name = "P"\n[project.markdown_extensions.pymdownx.blocks.tab]\nalternate_style = true\n'
        "[project.markdown_extensions.zensical.extensions.preview]\n[project.markdown_extensions.pymdownx.superfences]\n"
        'custom_fences = [{name = "mermaid", format = "a.b"}]\n[project.markdown_extensions.toc]\nslugify = "a.b"\n'
    )
    assert config["markdown_extensions"] == {
        "pymdownx.superfences": {"custom_fences": [{"name": "mermaid"}]},
        "pymdownx.blocks.tab": {"alternate_style": True},
        "zensical.extensions.preview": {},
        "toc": {},
    }
    assert "admonition" in read_config('[project]\nsite_name = "P"\n')["markdown_extensions"]


def test_a_zensical_site_is_checked(run: Run) -> None:
    Path("mkdocs.yml").unlink()
    write("zensical.toml", '[project]\nsite_name = "P"\ndocs_dir = "pages"\n[project.plugins.perfcase]\n')
    write("pages/prices.md", OPEN.replace("- [ ] No", "!!! note\n\n    - [ ] No"))
    result = run("check", "--no-show-source")
    assert result.exit_code == 1
    assert f"pages/prices.md:{LINE + 2}:5: PC301" in result.stdout
    assert "zensical.toml lists the plugin perfcase, but Zensical loads no plugins" in result.stderr
    assert not run("check", "--quiet").stderr
    write("zensical.toml", "project = 3\n")
    assert run("check").exit_code == 2
    assert run("check").stderr == f"perfcase: {Path('zensical.toml').absolute()} is no configuration: expected names with a value each\n"  # fmt: skip


def test_a_site_of_properdocs_is_found(run: Run) -> None:
    Path("mkdocs.yml").unlink()
    write("properdocs.yml", "docs_dir: pages\n")
    write("pages/prices.md", OPEN)
    assert f"pages/prices.md:{LINE}:1: PC301" in run("check", "--no-show-source").stdout

"""The language server, driven by a client of the protocol over standard input and output."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import COMPLETE, Run, with_section
from editing import Editor, applied
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from mkdocs_perfcase.template import SHIPPED

OPEN = COMPLETE.replace("- [x] No reg", "- [ ] No reg")
WRONG = COMPLETE.replace("| 73% |", "| 85% |")


@pytest.fixture(scope="module")
def session() -> Iterator[Editor]:
    """One session for all tests, as for one user with many sites."""
    editor = Editor()
    yield editor
    assert editor.quit() == 0


@pytest.fixture
def editor(session: Editor) -> Iterator[Editor]:
    """The session, in which nothing is open, and nothing goes wrong that a test doesn't provoke."""
    yield session
    session.close_all()
    assert session.log == []


@pytest.fixture
def site(tmp_path: Path) -> Path:
    write(tmp_path / "mkdocs.yml", "site_name: Prices\n")
    (tmp_path / "docs").mkdir()
    return tmp_path


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    if path.name != "page.md":  # a change within a tick of the clock is one all the same
        os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + len(text)))


def codes(found: list[types.Diagnostic]) -> list[Any]:
    return [diagnostic.code for diagnostic in found]


def line_with(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.split("\n")) if part in line)


def test_findings_as_you_type(editor: Editor, site: Path) -> None:
    page = site / "docs" / "page.md"
    write(page, COMPLETE)  # what counts is what the editor has
    (found,) = editor.open(page, OPEN)
    line = line_with(OPEN, "No regression")
    assert found.range == types.Range(types.Position(line, 0), types.Position(line, 34))
    assert (found.severity, found.code, found.source) == (types.DiagnosticSeverity.Warning, "PC301", "perfcase")
    assert found.message.startswith('unchecked acceptance criterion: "No regression in other areas"; tick it')
    assert editor.shown[page.as_uri()].version == 1
    assert editor.change(page, COMPLETE) == []
    assert editor.shown[page.as_uri()].version == 2
    assert codes(editor.change(page, WRONG)) == ["PC403"]
    assert codes(editor.save(page)) == ["PC403"]
    assert editor.close(page) == []
    assert editor.messages == []


def test_only_the_last_of_many_keystrokes_is_shown(editor: Editor, site: Path) -> None:
    page = site / "docs" / "page.md"
    editor.open(page, COMPLETE)
    for text in (OPEN, WRONG, OPEN):
        editor.type(page, text)
    assert editor.change(page, WRONG) != []
    assert editor.shown[page.as_uri()].version == 5
    assert codes(editor.save(page)) == ["PC403"]
    assert editor.times[page.as_uri()] < 6  # each keystroke would have made it so; three, unless the machine is slow


def test_severities_and_pages_that_are_no_records(editor: Editor, site: Path) -> None:
    page = site / "docs" / "page.md"
    assert editor.open(page, "# Notes\n\n- [ ] buy milk, TBD\n") == []
    (told,) = editor.change(page, COMPLETE.replace("- [x] Monitor", "- [ ] Monitor"))
    assert (told.code, told.severity) == ("PC305", types.DiagnosticSeverity.Information)
    failed = COMPLETE.replace("by 70%", "by 90%")
    graves = {found.severity for found in editor.change(page, failed)}
    assert graves == {types.DiagnosticSeverity.Warning, types.DiagnosticSeverity.Error}
    assert editor.open(site / "docs" / "script.py", OPEN, "python") == []
    assert editor.open("untitled:Untitled-1", OPEN) == []


def test_the_sites_configuration_counts(editor: Editor, site: Path) -> None:
    page = site / "docs" / "page.md"
    assert codes(editor.open(page, OPEN)) == ["PC301"]
    write(site / "base.yml", "plugins:\n  - perfcase:\n      rules: {PC301: error}\n")
    write(site / "mkdocs.yml", "INHERIT: base.yml\n")
    (found,) = editor.touched(site / "mkdocs.yml", page)
    assert found.severity == types.DiagnosticSeverity.Error
    write(site / "base.yml", "plugins:\n  - perfcase:\n      rules: {PC301: off}\n")
    assert editor.touched(site / "base.yml", page) == []
    write(site / "base.yml", "plugins:\n  - perfcase:\n      template: ours.md\n")
    ours = SHIPPED.read_text(encoding="utf-8")
    write(site / "ours.md", ours + "\n## Ours\n\nx\n")
    assert codes(editor.touched(site / "base.yml", page)) == ["PC301", "PC101"]
    write(site / "ours.md", ours)
    assert codes(editor.touched(site / "ours.md", page)) == ["PC301"]
    assert editor.open(site / "ours.md", ours) == []
    nearer = site / "docs" / "mkdocs.yml"
    write(nearer, "site_name: Nearer\ndocs_dir: .\n")
    assert codes(editor.save(page)) == ["PC301"]
    assert editor.messages == []


def test_a_baseline_counts(editor: Editor, site: Path, run: Run) -> None:
    page = site / "docs" / "page.md"
    write(page, WRONG)
    assert run("baseline").exit_code == 0
    assert codes(editor.open(page, WRONG)) == ["PC403"]
    write(site / "mkdocs.yml", "plugins: [perfcase: {baseline: perfcase-baseline.json}]\n")
    assert editor.save(page) == []
    write(site / "perfcase-baseline.json", '{"version": 1, "pages": {}}')
    assert codes(editor.touched(site / "perfcase-baseline.json", page)) == ["PC403"]


def test_what_a_page_includes_counts(editor: Editor, site: Path) -> None:
    page = site / "docs" / "page.md"
    write(site / "mkdocs.yml", "markdown_extensions: [pymdownx.snippets: {base_path: [!relative $config_dir]}]\n")
    write(site / "more.md", "- [x] p99 is fine\n")
    text = COMPLETE.replace("- [x] Resource", '--8<-- "more.md"\n- [x] Resource')
    assert editor.open(page, text) == []
    write(site / "more.md", "- [ ] p99 is fine\n")
    assert codes(editor.touched(site / "more.md", page)) == ["PC301"]


def test_a_broken_configuration_is_told_once(editor: Editor, site: Path) -> None:
    page = site / "docs" / "page.md"
    before = len(editor.messages)
    write(site / "mkdocs.yml", "plugins:\n  - perfcase:\n      recods: []\n")
    assert editor.open(page, OPEN) == []
    assert editor.change(page, OPEN + "\n") == []
    assert editor.at("hover", page, 0, 0) is None
    assert editor.at("completion", page, 0, 0) == []
    assert editor.actions(page, 0) == editor.symbols(page) == []
    expected = f"perfcase: {site}/mkdocs.yml: option 'recods': unknown option; did you mean 'records'?"
    assert editor.messages[before:] == [expected]
    write(site / "mkdocs.yml", "plugins:\n  - perfcase:\n      records: []\n")
    assert codes(editor.save(page)) == ["PC301"]
    write(site / "mkdocs.yml", "plugins:\n  - perfcase:\n      recods: []\n")
    assert editor.save(page) == []
    assert editor.messages[before:] == [expected, expected]
    del editor.messages[before:]


def test_several_roots_and_none(editor: Editor, tmp_path: Path) -> None:
    for name, severity in (("one", "error"), ("two", "info"), ("three", "")):
        (tmp_path / name / "docs").mkdir(parents=True)
        if severity:
            write(tmp_path / name / "mkdocs.yml", f"plugins: [perfcase: {{rules: {{PC301: {severity}}}}}]\n")
    found = [editor.open(tmp_path / name / "docs" / "page.md", OPEN)[0] for name in ("one", "two", "three")]
    assert [one.severity for one in found] == [
        types.DiagnosticSeverity.Error,
        types.DiagnosticSeverity.Information,
        types.DiagnosticSeverity.Warning,
    ]
    again = editor.change(tmp_path / "one" / "docs" / "page.md", OPEN + "\n")
    assert again[0].severity == types.DiagnosticSeverity.Error


def test_pages_that_are_not_built(editor: Editor, site: Path) -> None:
    write(site / "mkdocs.yml", "exclude_docs: old/\n")
    assert editor.open(site / "docs" / "old" / "page.md", OPEN) == []
    assert codes(editor.open(site / "docs" / "new" / "page.md", OPEN)) == ["PC301"]
    assert codes(editor.open(site / "elsewhere.md", OPEN)) == ["PC301"]


@pytest.mark.parametrize("uri", ["file:///c%3A/Users/me/My%20docs/%E8%AA%9E/page.md", "file:///C:/Users/me/page.md", "file://server/share/page.md"])  # fmt: skip
def test_addresses_of_windows(editor: Editor, uri: str) -> None:
    assert codes(editor.open(uri, OPEN)) == ["PC301"]  # shown under the address as the editor writes it
    assert editor.change(uri, COMPLETE) == []


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_wide_characters_and_line_ends(editor: Editor, site: Path, end: str) -> None:
    page = site / "docs" / "語 😀" / "page.md"
    text = WRONG.replace("| Response Time |", "| 😀語 <!-- 😀 --> Response Time |").replace("- [x] No", "  - [ ] 😀 No")
    text = text.replace("\n", end)
    found = {one.code: one for one in editor.open(page, text)}
    line = text.split(end)[found["PC403"].range.start.line]
    assert found["PC403"].range.end.character == len(line.encode("utf-16-le")) // 2 > len(line)
    assert found["PC301"].range.start.character == 2
    (mend,) = [one for one in editor.actions(page, found["PC403"].range.start.line) if one.is_preferred]
    assert applied(text, mend) == text.replace("85%", "73%")
    typed = text.replace("Price list", "😀 Price list <!-- perfcase: ")
    editor.change(page, typed)
    number = line_with(typed, "Price list")
    character = len(typed.split(end)[number].encode("utf-16-le")) // 2
    item = editor.at("completion", page, number, character)[0]
    start = types.Position(number, character - len("perfcase: "))
    assert item.text_edit.range == types.Range(start, types.Position(number, character))


@pytest.mark.parametrize(("encoding", "codec"), [("utf-8", "utf-8"), ("utf-32", "utf-32-le")])
def test_an_editor_that_counts_otherwise(site: Path, encoding: str, codec: str) -> None:
    editor = Editor(encoding=encoding, versions=False)
    page = site / "docs" / "page.md"
    text = WRONG.replace("| Response Time |", "| 😀語 Response Time |")
    (found,) = (one for one in editor.open(page, text) if one.code == "PC403")
    width = {"utf-8": 1, "utf-32": 4}[encoding]
    assert found.range.end.character == len(text.split("\n")[found.range.start.line].encode(codec)) // width
    (mend,) = [one for one in editor.actions(page, found.range.start.line) if one.is_preferred]
    assert list(mend.edit.changes) == [page.as_uri()]
    assert applied(text, mend, codec) == text.replace("85%", "73%")
    assert editor.quit() == 0


def test_hover(editor: Editor, site: Path) -> None:
    page = site / "docs" / "page.md"
    editor.open(page, WRONG)
    shown = editor.at("hover", page, line_with(WRONG, "Response Time |"), 5).contents
    assert shown.kind == types.MarkupKind.Markdown
    assert "(120 ms − 450 ms) / 450 ms = −73%" in shown.value
    assert "PC403 improvement-mismatch" in shown.value
    assert editor.at("hover", page, line_with(WRONG, "Read all prices"), 5) is None


def test_completion(editor: Editor, site: Path) -> None:
    page = site / "docs" / "page.md"
    text = COMPLETE.replace("*   **Concurrent users:** 500", "*   **Con")
    editor.open(page, text)
    (item,) = editor.at("completion", page, line_with(text, "**Con\n".strip()), 9)
    assert (item.label, item.detail, item.filter_text) == (
        "Concurrent users",
        "field of Load Testing",
        "**Concurrent users",
    )
    assert item.text_edit.new_text == "**Concurrent users:** "
    assert item.text_edit.range.start.character == 4
    assert '"' in editor.server.capabilities.completion_provider.trigger_characters


def test_actions(editor: Editor, site: Path) -> None:
    page = site / "docs" / "page.md"
    text = with_section("### User Impact\n", WRONG).replace("- [x] User experience improved\n", "")
    found = editor.open(page, text)
    line = line_with(text, "85%")
    mend, ignore, everything = editor.actions(page, line)
    assert mend.kind == ignore.kind == "quickfix"
    assert [one.code for one in mend.diagnostics] == ["PC403"]
    assert mend.edit.document_changes[0].text_document.version == 1
    assert codes(editor.change(page, applied(text, mend))) == [one.code for one in found if one.code != "PC403"]
    waiting = applied(text, ignore)
    assert codes(editor.change(page, waiting)) == ["PC102", "PC302", "PC901", "PC403"]
    assert "PC403" not in codes(editor.change(page, waiting.replace("REASON", "measured anew in June")))
    assert everything.kind == "source.fixAll.perfcase"
    mended = applied(text, everything)
    assert "- [ ] User experience improved" in mended
    assert codes(editor.change(page, mended)) == ["PC102", "PC301"]
    acceptance = line_with(mended, "- [ ] User experience improved")
    assert [one.kind for one in editor.actions(page, acceptance)] == []  # nothing ticks or ignores a criterion


@pytest.mark.parametrize(
    ("context", "kinds"),
    [
        ({"only": ["quickfix"]}, {"quickfix"}),
        ({"only": ["source"]}, {"source.fixAll.perfcase"}),
        ({"only": ["source.fixAll"]}, {"source.fixAll.perfcase"}),
        ({"only": ["source.fixAll.perfcase"]}, {"source.fixAll.perfcase"}),
        ({"only": ["source.fixAll.other", "refactor"]}, set()),
        ({"only": [""]}, {"quickfix", "source.fixAll.perfcase"}),
        ({"trigger_kind": types.CodeActionTriggerKind.Invoked}, {"quickfix", "source.fixAll.perfcase"}),
        ({"trigger_kind": types.CodeActionTriggerKind.Automatic}, {"quickfix"}),
    ],
)
def test_kinds_of_actions(editor: Editor, site: Path, context: dict[str, Any], kinds: set[str]) -> None:
    page = site / "docs" / "page.md"
    editor.open(page, WRONG)
    assert {one.kind for one in editor.actions(page, line_with(WRONG, "85%"), **context)} == kinds


def test_symbols(editor: Editor, site: Path) -> None:
    page = site / "docs" / "page.md"
    editor.open(page, OPEN)
    (title,) = editor.symbols(page)
    assert (title.name, title.kind) == ("Cache the price list", types.SymbolKind.String)
    targets = next(one for one in title.children if one.name == "Performance Targets")
    states = [(one.name, one.detail) for one in targets.children[1].children]
    assert ("No regression in other areas", "open") in states
    assert targets.selection_range.end.character == len("## Performance Targets")


def test_pages_beyond_measure(editor: Editor, site: Path) -> None:
    page = site / "docs" / "page.md"
    before = len(editor.messages)
    assert editor.open(page, COMPLETE * 1500) == []
    assert editor.change(page, COMPLETE * 1501) == []
    assert editor.messages[before:] == [
        f"perfcase: {page} is too long to be read while it is written; `perfcase check` reads it"
    ]
    deep = "---\nperfcase: true\n---\n# Deep\n\n" + "- " * 3000 + "x\n"
    assert editor.change(page, deep) == []
    assert editor.messages[before + 1 :] == [f"perfcase: cannot read {page}: its lists or quotes are nested too deeply"]
    assert editor.at("completion", page, 4, 6000) == []
    assert codes(editor.change(page, OPEN)) == ["PC301"]
    strange = "\ufeff" + OPEN.replace("Price list", "\x00\x1b\ud800 \u2028\x0c list")
    assert codes(editor.change(page, strange)) == ["PC301"]
    del editor.messages[before:]


def test_a_request_that_fails_ends_nothing(editor: Editor, site: Path) -> None:
    page = site / "docs" / "page.md"
    gone = site / "docs" / "gone.md"
    editor.open(page, OPEN)
    with pytest.raises(JsonRpcException):
        editor.at("hover", gone, 0, 0)
    with pytest.raises(JsonRpcException):
        editor.ask("textDocument/unheardOf", None)
    editor.send({"method": "textDocument/didChange", "params": {"textDocument": 5}})
    editor.send({"id": 77, "method": "textDocument/hover", "params": {"position": {"line": -1, "character": 0}}})
    editor.send("no message")
    editor.wait(lambda: len(editor.log) >= 5)
    assert editor.at("hover", page, 10**6, 10**6) is None
    assert editor.at("completion", page, 10**6, 10**6) == []
    assert codes(editor.change(page, WRONG)) == ["PC403"]
    editor.log.clear()


def test_a_page_that_cannot_be_shown_ends_nothing(editor: Editor, site: Path) -> None:
    uri = "file:///docs/%00/page.md"
    item = types.TextDocumentItem(uri, "markdown", 1, OPEN)
    editor.tell("textDocument/didOpen", types.DidOpenTextDocumentParams(item))
    editor.wait(lambda: len(editor.log) == 1)
    page = types.VersionedTextDocumentIdentifier(uri=uri, version=2)
    whole = types.TextDocumentContentChangeWholeDocument(WRONG)
    editor.tell("textDocument/didChange", types.DidChangeTextDocumentParams(page, [whole]))
    editor.wait(lambda: len(editor.log) == 2)
    assert editor.log[0].startswith("ValueError: ")
    editor.log.clear()
    assert codes(editor.open(site / "docs" / "page.md", OPEN)) == ["PC301"]
    editor.tell("textDocument/didClose", types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))


def test_what_an_extension_prints_does_not_get_between(site: Path) -> None:
    noise = "from markdown.extensions.tables import TableExtension\n\n\ndef makeExtension(**_):\n    print('Content-Length: 5000', end='\\r\\n' * 2, flush=True)\n    return TableExtension()\n"
    write(site / "noise.py", noise)
    write(site / "mkdocs.yml", "markdown_extensions: [noise, not.there]\n")
    editor = Editor(PYTHONPATH=str(site))
    assert codes(editor.open(site / "docs" / "page.md", OPEN)) == ["PC301"]
    told = "perfcase: the Markdown extension not.there can't be loaded here; pages are read without it"
    assert editor.messages == [told]
    assert editor.registered == ["workspace/didChangeWatchedFiles"]
    assert editor.quit() == 0


def test_a_configuration_that_is_named(tmp_path: Path) -> None:
    write(tmp_path / "other.yml", "plugins: [perfcase: {rules: {PC301: info}}]\n")
    editor = Editor("--config-file", str(tmp_path / "other.yml"))
    (found,) = editor.open(tmp_path / "docs" / "page.md", OPEN)
    assert found.severity == types.DiagnosticSeverity.Information
    assert editor.quit() == 0


def test_it_ends_when_the_editor_is_gone(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "mkdocs_perfcase", "lsp"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)  # fmt: skip
    assert (done.returncode, done.stdout) == (0, b"")


def test_without_the_extra(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] in ("pygls", "lsprotocol")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "mkdocs_perfcase.lsp", raising=False)
    monkeypatch.setitem(sys.modules, "pygls", None)
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    result = run("lsp")
    assert result.exit_code == 2
    assert result.stderr == 'perfcase: the language server needs pygls: pip install "mkdocs-perfcase[lsp]"\n'

"""Adapter to editors: a language server over standard input and output. It holds no knowledge of records."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from mkdocs_perfcase import __version__
from mkdocs_perfcase.editor.actions import Action, mend_all, quick_fixes
from mkdocs_perfcase.editor.completion import Suggestion, completions
from mkdocs_perfcase.editor.document import Document
from mkdocs_perfcase.editor.hover import hover
from mkdocs_perfcase.editor.positions import Place, Span, column, span_of, units
from mkdocs_perfcase.editor.symbols import Symbol, symbols
from mkdocs_perfcase.findings import Finding, Severity

Tell = Callable[[str], None]
"""Shows the user a line."""
Open = Callable[[Path, str], Document | None]
"""A file's text as a page of its site; None where it isn't one."""

_PAUSE = 0.2  # seconds without a keystroke after which findings are shown
_FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.perfcase"
_SEVERITIES = {
    Severity.INFO: types.DiagnosticSeverity.Information,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.ERROR: types.DiagnosticSeverity.Error,
}
_KINDS = {
    "section": types.SymbolKind.String,
    "item": types.SymbolKind.Object,
    "criterion": types.SymbolKind.Boolean,
}
_WATCHED = "**/*.{yml,yaml,md,json}"  # configurations, templates, baselines

Handler = Callable[..., Any]
_HANDLERS: list[tuple[str, Any, Handler]] = []


def _handles(method: str, options: Any = None) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        _HANDLERS.append((method, options, handler))
        return handler

    return register


class Server(LanguageServer):
    """The server. Texts come whole with each change, so that nobody has to agree on what a line is."""

    def __init__(self, open_with: Callable[[Tell], Open]) -> None:
        super().__init__("perfcase", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self._open = open_with(self._tell)
        self._pending: dict[str, asyncio.TimerHandle] = {}
        for method, options, handler in _HANDLERS:
            self.feature(method, options)(handler)

    def document(self, uri: str) -> Document | None:
        """A page as its editor has it; None for a file that is no page."""
        path = to_fs_path(uri)
        return self._open(Path(path), self.workspace.get_text_document(uri).source) if path else None

    def span(self, document: Document, span: types.Range) -> Span:
        """An editor's range, in characters."""
        return Span(self.place(document, span.start), self.place(document, span.end))

    def place(self, document: Document, position: types.Position) -> Place:
        """An editor's position, in characters."""
        return Place(position.line, column(document.line(position.line), position.character, self._encoding))

    def range(self, document: Document, span: Span) -> types.Range:
        """A span, as the editor counts."""
        return types.Range(*(self._position(document, place) for place in span))

    def _position(self, document: Document, place: Place) -> types.Position:
        return types.Position(place.line, units(document.line(place.line), place.column, self._encoding))

    @property
    def _encoding(self) -> str:
        return str(self.workspace.position_encoding or "utf-16")

    def show_soon(self, uris: Iterable[str], pause: float = _PAUSE) -> None:
        """Show the findings of pages once nothing has happened for a while."""
        for uri in uris:
            self.stop(uri)
            self._pending[uri] = asyncio.get_running_loop().call_later(pause, self.show, uri)

    def stop(self, uri: str) -> None:
        """Show nothing of a page that was about to be shown."""
        if pending := self._pending.pop(uri, None):
            pending.cancel()

    def show(self, uri: str) -> None:
        """Show the findings of a page."""
        self.stop(uri)
        try:
            document = self.document(uri)
            found = [diagnostic(self, document, finding) for finding in document.findings] if document else []
            self.publish(uri, found)
        except Exception as error:  # outside of any request; a page that can't be shown must not end the session
            self.report_server_error(error, Exception)

    def publish(self, uri: str, found: list[types.Diagnostic]) -> None:
        """Replace what is shown of a page."""
        version = self.workspace.get_text_document(uri).version
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))

    @property
    def open_pages(self) -> list[str]:
        """The pages that are open."""
        return [document.uri for document in self.workspace.text_documents.values()]

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Write an error to the editor's log: a message at every keystroke would be in the way."""
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, f"{type(error).__name__}: {error}"))

    def _tell(self, line: str) -> None:
        self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, f"perfcase: {line}"))


def serve(open_with: Callable[[Tell], Open]) -> None:
    """Serve one editor until it goes. What is printed meanwhile goes to standard error, not between the messages."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    Server(open_with).start_io(stdout=output)


@_handles(types.INITIALIZED)
def _initialized(ls: Server, _: types.InitializedParams) -> None:
    """Ask to be told of changes to files that aren't open."""
    workspace = ls.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace else None
    if watching and watching.dynamic_registration:
        watchers = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(_WATCHED)])
        asked = types.Registration("perfcase-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, watchers)
        ls.client_register_capability(types.RegistrationParams([asked]))


@_handles(types.TEXT_DOCUMENT_DID_OPEN)
def _opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    ls.show(params.text_document.uri)


@_handles(types.TEXT_DOCUMENT_DID_CHANGE)
def _changed(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    ls.show_soon([params.text_document.uri])


@_handles(types.TEXT_DOCUMENT_DID_SAVE)
def _saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """The page that was saved may be the template of others."""
    ls.show(params.text_document.uri)
    ls.show_soon(uri for uri in ls.open_pages if uri != params.text_document.uri)


@_handles(types.TEXT_DOCUMENT_DID_CLOSE)
def _closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    ls.stop(params.text_document.uri)
    ls.publish(params.text_document.uri, [])


@_handles(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
def _files_changed(ls: Server, _: types.DidChangeWatchedFilesParams) -> None:
    ls.show_soon(ls.open_pages)


@_handles(types.TEXT_DOCUMENT_HOVER)
def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    document = ls.document(params.text_document.uri)
    text = hover(document, ls.place(document, params.position)) if document else None
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text)) if text else None


@_handles(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=["#", "*", " ", ":", ",", '"']))
def _completion(ls: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
    document = ls.document(params.text_document.uri)
    if document is None:
        return []
    place = ls.place(document, params.position)
    return [_item(ls, document, place.line, *numbered) for numbered in enumerate(completions(document, place))]


def _item(ls: Server, document: Document, line: int, number: int, suggestion: Suggestion) -> types.CompletionItem:
    span = Span(Place(line, suggestion.start), Place(line, suggestion.end))
    return types.CompletionItem(
        label=suggestion.label,
        kind=types.CompletionItemKind.Field,
        detail=suggestion.detail,
        documentation=types.MarkupContent(types.MarkupKind.Markdown, suggestion.documentation),
        sort_text=f"{number:03}",
        filter_text=suggestion.filter or suggestion.label,
        text_edit=types.TextEdit(ls.range(document, span), suggestion.text),
    )


@_handles(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
def _symbols(ls: Server, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    document = ls.document(params.text_document.uri)
    return [_symbol(ls, document, symbol) for symbol in symbols(document)] if document else []


def _symbol(ls: Server, document: Document, symbol: Symbol) -> types.DocumentSymbol:
    start = Place(symbol.first, 0)
    first, last = (Place(line, len(document.line(line))) for line in (symbol.first, symbol.last))
    return types.DocumentSymbol(
        name=symbol.name,
        detail=symbol.detail,
        kind=_KINDS[symbol.kind],
        range=ls.range(document, Span(start, last)),
        selection_range=ls.range(document, Span(start, first)),
        children=[_symbol(ls, document, below) for below in symbol.below],
    )


@_handles(
    types.TEXT_DOCUMENT_CODE_ACTION,
    types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, _FIX_ALL]),
)
def _actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    document = ls.document(params.text_document.uri)
    if document is None:
        return []
    made: list[types.CodeAction] = []
    if _asks_for(types.CodeActionKind.QuickFix.value, params.context):
        span = ls.span(document, params.range)
        lines = range(span.start.line, span.end.line + 1)
        fixes = quick_fixes(document, lines)
        made += [_action(ls, params, document, fix, types.CodeActionKind.QuickFix) for fix in fixes]
    if _asks_for(_FIX_ALL, params.context) and (everything := mend_all(document)):
        made.append(_action(ls, params, document, everything, _FIX_ALL))
    return made


def _asks_for(kind: str, context: types.CodeActionContext) -> bool:
    """Whether a kind of action is wanted. Where none is named all are, but only a user's own request mends it all."""
    if context.only is None:
        return kind != _FIX_ALL or context.trigger_kind != types.CodeActionTriggerKind.Automatic
    return any(not wanted or f"{kind}.".startswith(wanted + ".") for wanted in context.only)


def _action(
    ls: Server, params: types.CodeActionParams, document: Document, action: Action, kind: str
) -> types.CodeAction:
    settled = [diagnostic(ls, document, finding) for finding in action.settles]
    return types.CodeAction(
        title=action.title,
        kind=kind,
        diagnostics=[given for given in params.context.diagnostics if _is_among(given, settled)] or None,
        is_preferred=action.preferred or None,
        edit=_edit(ls, params.text_document.uri, document, action),
    )


def _is_among(given: types.Diagnostic, settled: list[types.Diagnostic]) -> bool:
    return any((one.range, one.code, one.message) == (given.range, given.code, given.message) for one in settled)


def _edit(ls: Server, uri: str, document: Document, action: Action) -> types.WorkspaceEdit:
    """A change of the page, of the version that it is for where the editor can tell versions apart."""
    edits = [types.TextEdit(ls.range(document, change.span), change.text) for change in action.changes]
    workspace = ls.client_capabilities.workspace
    if not (workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes):
        return types.WorkspaceEdit(changes={uri: edits})
    version = ls.workspace.get_text_document(uri).version
    page = types.OptionalVersionedTextDocumentIdentifier(uri, version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(page, edits)])


def diagnostic(ls: Server, document: Document, finding: Finding) -> types.Diagnostic:
    """A finding as editors know it."""
    return types.Diagnostic(
        range=ls.range(document, span_of(finding, document.lines)),
        message=finding.text,
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        source="perfcase",
    )

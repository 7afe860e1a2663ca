"""An editor for tests: pygls's own client, with the server in a process of its own, as editors start it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import threading
from collections import defaultdict
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

T = TypeVar("T")
_LONGEST = 30  # seconds that anything may take on a busy machine


class Editor:
    """Opens and changes pages, and knows what the server shows of them."""

    def __init__(self, *arguments: str, encoding: str = "utf-16", versions: bool = True, **environment: str) -> None:
        self.shown: dict[str, types.PublishDiagnosticsParams] = {}
        self.messages: list[str] = []
        self.log: list[str] = []
        self.registered: list[str] = []
        self.times: dict[str, int] = defaultdict(int)
        self._versions: dict[str, int] = {}
        self._loop = asyncio.new_event_loop()
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.client = self._client()
        command = (sys.executable, "-m", "mkdocs_perfcase", "lsp", "--stdio", *arguments)
        self._do(self.client.start_io(*command, env={**os.environ, **environment}))
        workspace = types.WorkspaceClientCapabilities(
            workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=versions),
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
        )
        general = types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind(encoding)])
        capabilities = types.ClientCapabilities(workspace=workspace, general=general)
        self.server = self.ask("initialize", types.InitializeParams(capabilities))
        self.tell("initialized", types.InitializedParams())

    def _client(self) -> LanguageClient:
        client = LanguageClient("editor", "1")

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _(params: types.PublishDiagnosticsParams) -> None:
            with self._news:
                self.shown[params.uri] = params
                self.times[params.uri] += 1
                self._news.notify_all()

        @client.feature(types.WINDOW_SHOW_MESSAGE)
        def _(params: types.ShowMessageParams) -> None:
            self._note(self.messages, params.message)

        @client.feature(types.WINDOW_LOG_MESSAGE)
        def _(params: types.LogMessageParams) -> None:
            self._note(self.log, params.message)

        @client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def _(params: types.RegistrationParams) -> None:
            for registration in params.registrations:
                self._note(self.registered, registration.method)

        return client

    def _note(self, notes: list[str], text: str) -> None:
        with self._news:
            notes.append(text)
            self._news.notify_all()

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_LONGEST)

    def ask(self, method: str, params: Any) -> Any:
        async def asked() -> Any:
            return await self.client.protocol.send_request_async(method, params)

        return self._do(asked())

    def tell(self, method: str, params: Any) -> None:
        async def told() -> None:
            self.client.protocol.notify(method, params)

        self._do(told())

    def send(self, message: Any) -> None:
        """Send what no client should."""

        async def sent() -> None:
            body = json.dumps({"jsonrpc": "2.0", **message} if isinstance(message, dict) else message).encode()
            self.client.protocol.writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

        self._do(sent())

    def wait(self, known: Any) -> None:
        """Until something is so that the server's messages bring about."""
        with self._news:
            assert self._news.wait_for(known, _LONGEST)

    def open(self, uri: str | Path, text: str, language: str = "markdown") -> list[types.Diagnostic]:
        uri = uri.as_uri() if isinstance(uri, Path) else uri
        self._versions[uri] = 1
        item = types.TextDocumentItem(uri, language, 1, text)
        return self._showing(uri, "textDocument/didOpen", types.DidOpenTextDocumentParams(item))

    def change(self, uri: str | Path, text: str) -> list[types.Diagnostic]:
        return self._showing(*self._changed(uri, text))

    def type(self, uri: str | Path, text: str) -> None:
        """Change a page without waiting for what is found."""
        self.tell(*self._changed(uri, text)[1:])

    def _changed(self, uri: str | Path, text: str) -> tuple[str, str, types.DidChangeTextDocumentParams]:
        uri = uri.as_uri() if isinstance(uri, Path) else uri
        self._versions[uri] += 1
        page = types.VersionedTextDocumentIdentifier(uri=uri, version=self._versions[uri])
        whole = types.TextDocumentContentChangeWholeDocument(text)
        return uri, "textDocument/didChange", types.DidChangeTextDocumentParams(page, [whole])

    def save(self, path: Path) -> list[types.Diagnostic]:
        page = types.TextDocumentIdentifier(path.as_uri())
        return self._showing(path.as_uri(), "textDocument/didSave", types.DidSaveTextDocumentParams(page))

    def close(self, path: str | Path) -> list[types.Diagnostic]:
        uri = path.as_uri() if isinstance(path, Path) else path
        del self._versions[uri]
        page = types.TextDocumentIdentifier(uri)
        return self._showing(uri, "textDocument/didClose", types.DidCloseTextDocumentParams(page))

    def close_all(self) -> None:
        for uri in list(self._versions):
            assert self.close(uri) == []

    def touched(self, path: Path, page: Path) -> list[types.Diagnostic]:
        """Tell that a file which isn't open was changed; what is then shown of a page."""
        event = types.FileEvent(path.as_uri(), types.FileChangeType.Changed)
        watched = types.DidChangeWatchedFilesParams([event])
        return self._showing(page.as_uri(), "workspace/didChangeWatchedFiles", watched)

    def _showing(self, uri: str, method: str, params: Any) -> list[types.Diagnostic]:
        before = self.times[uri]
        self.tell(method, params)
        self.wait(lambda: self.times[uri] > before)
        return list(self.shown[uri].diagnostics)

    def at(self, method: str, path: Path, line: int, character: int) -> Any:
        """Ask about a place, by its line and character from 0."""
        page = types.TextDocumentIdentifier(path.as_uri())
        ask = types.CompletionParams if method == "completion" else types.HoverParams
        return self.ask(f"textDocument/{method}", ask(page, types.Position(line, character)))

    def actions(self, path: Path, line: int, **context: Any) -> list[types.CodeAction]:
        page = types.TextDocumentIdentifier(path.as_uri())
        given = [d for d in self.shown[path.as_uri()].diagnostics if d.range.start.line == line]
        span = types.Range(types.Position(line, 0), types.Position(line, 0))
        wanted = types.CodeActionContext(diagnostics=given, **context)
        return list(self.ask("textDocument/codeAction", types.CodeActionParams(page, span, wanted)))

    def symbols(self, path: Path) -> list[types.DocumentSymbol]:
        page = types.TextDocumentIdentifier(path.as_uri())
        return list(self.ask("textDocument/documentSymbol", types.DocumentSymbolParams(page)))

    def quit(self) -> int:
        """End the session as editors do; the process's exit code."""
        self.ask("shutdown", None)
        self.tell("exit", None)
        server = self.client._server
        assert server is not None
        code = self._do(asyncio.wait_for(server.wait(), _LONGEST))
        self._do(self.client.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_LONGEST)
        self._loop.close()
        return int(code)


def applied(text: str, action: types.CodeAction, encoding: str = "utf-16-le") -> str:
    """A page's text with an action's edits, carried out as the protocol says, by encoded offsets."""
    assert action.edit is not None
    if action.edit.document_changes:
        (change,) = action.edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        edits = list(change.edits)
    else:
        (edits,) = map(list, (action.edit.changes or {}).values())
    width = {"utf-8": 1, "utf-16-le": 2, "utf-32-le": 4}[encoding]
    lines = [line.encode(encoding) for line in with_ends(text)]
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    data = text.encode(encoding)

    def offset(position: types.Position) -> int:
        return min(starts[min(position.line, len(lines))] + position.character * width, len(data))

    for edit in sorted(edits, key=lambda edit: offset(edit.range.start), reverse=True):
        assert isinstance(edit, types.TextEdit)
        data = data[: offset(edit.range.start)] + edit.new_text.encode(encoding) + data[offset(edit.range.end) :]
    return data.decode(encoding)


def with_ends(text: str) -> list[str]:
    """A text's lines with their ends, as the protocol has them."""
    return [line for line in re.split(r"(?<=\n)|(?<=\r)(?!\n)", text) if line]

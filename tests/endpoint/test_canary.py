"""A typed key, through a whole chat and a test: it is sent, and then found nowhere."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground import retrying
from playground.azure_endpoint import AzureEndpoint
from playground.chat import Chat, run_for
from playground.checkup import checkup
from playground.connections import Connection
from playground.conversation import new_id
from playground.generations import Generations
from playground.limits import LimitedEndpoint, LimitKeeper
from playground.parameters import Parameters
from playground.store.sql import open_store
from playground.transfer.html_export import html_document
from playground.transfer.json_export import json_document
from playground.transfer.markdown_export import markdown_document
from playground.typed_connections import TypedConnections, secrets_lines, typed_connection
from tests.endpoint.asking import KEY
from tests.endpoint.fault_server import FaultServer, answering
from tests.endpoint.test_secrets import ECHOES

OWNER = "local"
MODEL = "Phi-3-mini-4k-instruct"


@pytest.fixture
def typed(server: FaultServer) -> Connection:
    fields = {"endpoint": server.url, "credential": KEY, "label": "Typed", "idle_timeout": 5}
    return typed_connection(fields, allowed=True)


@pytest.fixture
def held(typed: Connection) -> Iterator[TypedConnections]:
    connections = TypedConnections()
    connections.add(typed, LimitedEndpoint(AzureEndpoint(typed), typed, LimitKeeper()))
    yield connections
    connections.close()


@pytest.mark.parametrize("name", ECHOES)
def test_a_typed_key_is_in_no_database_export_log_or_traceback(
    server: FaultServer,
    typed: Connection,
    held: TypedConnections,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """The server sends the key back in every way it can."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(retrying, "WAITS", (0.0, 0.0))
    server.script(*[ECHOES[name]] * 3)
    store = open_store(f"sqlite:///{(tmp_path / 'chat.db').as_posix()}", tmp_path)
    generations = Generations()
    chat = Chat(store, generations, held.endpoint)
    run = run_for(typed, MODEL, Parameters(), "Be short.")
    conversation = chat.ask(OWNER, new_id(), "Hi", run)
    assert conversation is not None
    generation = generations.get(conversation.leaf or "")
    assert generation is not None
    assert generation.join(10)
    kept = store.get(OWNER, conversation.id)
    assert kept is not None
    generations.close()
    store.close()
    assert f"Bearer {KEY}" in str(server.requests[0].headers), "the key went out"

    exports = [json_document(kept), markdown_document(kept, at=0), html_document(kept, at=0)]
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert any(b"Typed" in data for data in files), "the database is read"
    shown = f"{kept!r} {typed!r} {held!r} {vars(held)} {secrets_lines(typed)} {caplog.text}"
    assert all(KEY.encode() not in data for data in (*files, *exports))
    assert KEY not in shown


@pytest.mark.parametrize("name", ["message", "detail", "html", "redirect", "no-stream", "json"])
def test_a_test_of_a_connection_shows_no_key_either(
    server: FaultServer, typed: Connection, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script(ECHOES[name], ECHOES[name])
    results = list(checkup(typed))
    told = [repr(results), caplog.text]
    for result in results:
        if result.error is not None:
            lines = traceback.TracebackException.from_exception(result.error, capture_locals=True)
            told += [*lines.format(), str(vars(result.error))]
    assert all(KEY not in text for text in told)


def test_names_in_a_list_of_models_show_no_key(server: FaultServer, typed: Connection) -> None:
    listed = answering(f'{{"data": [{{"id": "phi-{KEY}"}}]}}', headers=[f"server: {KEY}"])
    server.script(listed, ECHOES["message"])
    assert KEY not in repr(list(checkup(typed)))

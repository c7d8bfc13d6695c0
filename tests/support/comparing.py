"""Comparing, and all it stands on, with servers that answer as a test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from playground.catalog import load_catalog
from playground.chat import Chat
from playground.comparing import Asked, Comparing
from playground.comparison import Comparison, Pane
from playground.connections import Connection, Connections
from playground.conversation import Conversation
from playground.copying import Copying
from playground.endpoint import Endpoint
from playground.events import StreamEvent
from playground.generations import Generations
from playground.reply import Reply
from playground.request import ChatRequest
from playground.stop import StopSignal
from playground.store import MemoryStore
from tests.support.sources import PATIENCE

MODELS = load_catalog().names()


class Served:
    """An endpoint that answers as it is told; each connection has one."""

    def __init__(self, answer: Callable[[ChatRequest, StopSignal], Iterator[StreamEvent]]) -> None:
        self.answer = answer
        self.requests: list[ChatRequest] = []

    def stream(self, request: ChatRequest, stop: StopSignal) -> Iterator[StreamEvent]:
        """Answer."""
        self.requests.append(request)
        return self.answer(request, stop)

    def close(self) -> None:
        """Nothing to give back."""


class Bench:
    """Comparing, and all it stands on: a connection for each pane."""

    def __init__(self, *endpoints: Endpoint, store: MemoryStore | None = None) -> None:
        names = [f"c{i}" for i in range(len(endpoints))]
        self.store = store or MemoryStore()
        self.generations = Generations()
        found = dict(zip(names, endpoints, strict=True))
        self.chat = Chat(self.store, self.generations, found.get)
        self.comparing = Comparing(self.store, self.chat, self.generations, load_catalog())
        self.copying = Copying(self.store, self.chat, load_catalog())
        self.connections = Connections(
            tuple(Connection(name, name.upper(), "http://127.0.0.1:1/v1") for name in names)
        )
        self.comparison = Comparison(
            tuple(Pane(MODELS[i % 6], name, f"pane{i}") for i, name in enumerate(names))
        )

    def ask(self, prompt: str | dict[str, str] = "Hello", **changes: object) -> Asked:
        self.comparison = replace(self.comparison, **changes)  # type: ignore[arg-type]  # fields
        asked = self.comparing.ask("anna", self.comparison, self.connections, prompt)
        assert asked is not None
        self.comparison = asked.comparison
        return asked

    def finished(self) -> dict[str, Conversation]:
        """Wait until nothing runs, and return the conversations by pane."""
        for conversation in self.panes().values():
            for run in self.comparing.running(conversation):
                assert run.join(PATIENCE)
        return self.panes()

    def panes(self) -> dict[str, Conversation]:
        return self.comparing.view("anna", self.comparison)

    def close(self) -> None:
        self.generations.close()


def last(conversation: Conversation) -> Reply:
    turn = conversation.turn(conversation.leaf)
    assert turn is not None
    assert turn.reply is not None
    return turn.reply

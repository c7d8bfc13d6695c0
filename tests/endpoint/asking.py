"""Asking an endpoint in a test, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from playground.azure_endpoint import AzureEndpoint
from playground.connections import Connection, Credential
from playground.errors import ChatError
from playground.events import (
    ChunkSkipped,
    Finished,
    FinishReason,
    KeepAlive,
    StreamEvent,
    TextDelta,
)
from playground.messages import Message, Role
from playground.parameters import Parameters
from playground.reply import Reply, ReplyFold
from playground.request import ChatRequest
from playground.stop import StopSignal

KEY = "canary-key-7Qm2xV9pLw4Z"


@dataclass
class Outcome:
    """Everything that came, and the error that ended it, if one did."""

    events: list[StreamEvent] = field(default_factory=list)
    error: ChatError | None = None
    reply: Reply = field(default_factory=Reply)

    @property
    def text(self) -> str:
        return "".join(e.text for e in self.events if isinstance(e, TextDelta))

    @property
    def finish(self) -> FinishReason | None:
        return next((e.reason for e in self.events if isinstance(e, Finished)), None)

    @property
    def skipped(self) -> int:
        return sum(isinstance(e, ChunkSkipped) for e in self.events)

    @property
    def keep_alives(self) -> int:
        return sum(isinstance(e, KeepAlive) for e in self.events)

    def raised(self) -> ChatError:
        assert self.error is not None, f"no error, but {self.events}"
        return self.error


def chat(text: str = "Hi", parameters: Parameters | None = None) -> ChatRequest:
    return ChatRequest("phi", (Message(Role.USER, text),), parameters or Parameters())


def collect(events: Iterable[StreamEvent], seen: Callable[[StreamEvent], None]) -> Outcome:
    """Fold `events`; whatever is raised but a ChatError fails the test."""
    outcome, fold = Outcome(), ReplyFold()
    try:
        for event in events:
            outcome.events.append(event)
            fold.apply(event)
            seen(event)
    except ChatError as error:
        outcome.error = error
    fold.end(error=outcome.error)
    outcome.reply = fold.snapshot()
    return outcome


class Asker:
    """Asks the server at `url` through one endpoint."""

    def __init__(self, url: str, **overrides: Any) -> None:
        self.url = url
        self._endpoints: list[AzureEndpoint] = []
        self.endpoint = self.connect(**overrides)

    def connect(self, **overrides: Any) -> AzureEndpoint:
        """Use a new endpoint with these fields of its connection from now on, and return it."""
        fields: dict[str, Any] = {
            "name": "test",
            "label": "Test",
            "endpoint": self.url,
            "credential": Credential(KEY),
        }
        self.connection = Connection(**(fields | overrides))
        self.endpoint = AzureEndpoint(self.connection)
        self._endpoints.append(self.endpoint)
        return self.endpoint

    def __call__(
        self,
        request: ChatRequest | None = None,
        stop: StopSignal | None = None,
        seen: Callable[[StreamEvent], None] = lambda _: None,
    ) -> Outcome:
        """Ask once and return what came; `seen` is called with each event."""
        return collect(self.endpoint.stream(request or chat(), stop or StopSignal()), seen)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for endpoint in self._endpoints:
            endpoint.close()

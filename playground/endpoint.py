"""The one seam to the outside: something that streams replies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from playground.events import StreamEvent
from playground.request import ChatRequest
from playground.stop import StopSignal


class Endpoint(Protocol):
    """A server of the chat-completions protocol, seen from inside."""

    def stream(self, request: ChatRequest, stop: StopSignal) -> Iterator[StreamEvent]:
        """Send `request` once and yield what comes back.

        Ends after `Finished`, or without it when the server closed early. Returns quietly once
        `stop` is set.

        Raises:
            ChatError: for everything that goes wrong; no foreign exception passes.
        """
        ...

    def close(self) -> None:
        """Give back the connections to the server."""
        ...

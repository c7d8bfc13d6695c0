"""One request and its answer, seen from the socket: how long it may take, and how it is stopped.

A time-out on a socket starts again with every byte, so a server that sends a keep-alive now and then
never runs into it. The exchange therefore keeps the moment at which its stage must be over, and each
single step on the socket gets what is left until then.

The stop signal comes from another thread and shuts the socket down: the server sees the end at once,
and a blocked read returns. Since not every platform wakes a reader that way, no step blocks for
longer than SLICE seconds before it looks up by itself.
"""

from __future__ import annotations

import contextlib
import enum
import socket
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from playground.connections import Connection
from playground.errors import (
    ChatError,
    EndpointUnreachable,
    FirstTokenTimeout,
    StreamStalled,
)
from playground.stop import StopSignal

#: Seconds after which a step that still blocks looks whether it should go on.
SLICE = 0.25
#: Seconds that the token counts may take to follow the finish reason.
AFTER_FINISH_SECONDS = 2.0
#: Seconds that the end of the body may take to follow the end of the stream.
DRAIN_SECONDS = 0.05

T = TypeVar("T")


class Stopped(Exception):
    """The run was told to end. Never leaves the endpoint."""


class Stage(enum.Enum):
    """What an exchange is waiting for."""

    CONNECTING = "a connection"
    WAITING = "the first text"
    STREAMING = "more text"
    ENDING = "what follows the finish reason"
    DRAINING = "the end of the body"


class Exchange:
    """The deadlines and the socket of one request."""

    def __init__(
        self,
        connection: Connection,
        stop: StopSignal,
        on_read: Callable[[], None] = lambda: None,
    ) -> None:
        self._connection = connection
        self._stop = stop
        #: Called after each read from the socket that brought something.
        self.on_read = on_read
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._seconds = {
            Stage.CONNECTING: connection.connect_timeout,
            Stage.WAITING: connection.first_token_timeout,
            Stage.STREAMING: connection.idle_timeout,
            Stage.ENDING: AFTER_FINISH_SECONDS,
            Stage.DRAINING: DRAIN_SECONDS,
        }
        self.enter(Stage.CONNECTING)

    @property
    def stopped(self) -> bool:
        """Whether the run was told to end."""
        return self._stop.stopped

    def enter(self, stage: Stage) -> None:
        """Begin `stage`, again if it is the present one: its time counts from now."""
        self.stage = stage
        self._due = time.monotonic() + self._seconds[stage]

    def left(self) -> float:
        """Return the seconds left in this stage; always more than 0.

        Raises:
            Stopped: if the run was told to end.
            ChatError: if there are none left.
        """
        if self._stop.stopped:
            raise Stopped
        left = self._due - time.monotonic()
        if left <= 0:
            raise self._overdue()
        return left

    def attempt(self, sock: socket.socket, step: Callable[[], T]) -> T:
        """Return what `step`, an operation on `sock`, returns, and give it the time that is left.

        Raises:
            Stopped: if the run was told to end.
            ChatError: if the stage took too long.
            OSError: if the operation failed.
        """
        while True:
            sock.settimeout(min(self.left(), SLICE))
            try:
                result = step()
            except TimeoutError:
                continue
            except OSError:
                # A socket that was shut down on purpose fails in many ways; none of them matters.
                if self._stop.stopped:
                    raise Stopped from None
                raise
            if self._stop.stopped:
                raise Stopped
            return result

    def hold(self, sock: socket.socket) -> None:
        """Use `sock` from now on, so that a stop reaches it. Raises Stopped if it came already."""
        with self._lock:
            self._socket = sock
        if self._stop.stopped:
            raise Stopped

    def release(self) -> None:
        """Let go of the socket: whatever happens to it now is no business of this exchange."""
        with self._lock:
            self._socket = None

    def wake(self) -> None:
        """Shut the socket down. May be called from any thread."""
        with self._lock, contextlib.suppress(OSError):
            if self._socket is not None:
                # Not the method of an SSLSocket, which takes the TLS layer from under the reader.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _overdue(self) -> ChatError:
        seconds = f"{self._seconds[self.stage]:g} seconds"
        match self.stage:
            case Stage.CONNECTING:
                host = self._connection.host
                return EndpointUnreachable(f"No connection to {host} came about in {seconds}.")
            case Stage.WAITING:
                return FirstTokenTimeout(f"The server sent no text within {seconds}.")
            case _:
                return StreamStalled(
                    f"No more text came for {seconds}, so the answer was given up."
                )

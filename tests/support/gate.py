"""Stands between a client and a server, and holds an answer back in its middle."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_BLOCK = 4096


class Gate:
    """A TCP proxy on this machine that passes so many bytes of the server's on, and no more.

    Attributes:
        url: its address, to be used instead of the server's.
        left: set when a client closes its connection, after that to the server was closed too.
    """

    def __init__(self, server: str, *, hold_after: int | None = None) -> None:
        """Stand before `server`, a URL; let everything pass if `hold_after`, bytes, is None."""
        self.lead_to(server)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.left = threading.Event()
        self._then: Callable[[], None] | None = None
        self._budget = hold_after
        self._changed = threading.Condition()
        self._closed = False
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, name="gate")]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.open()
        with self._changed:
            self._closed = True
        # Wakes the thread that accepts; closing a listener does not, on every platform.
        with contextlib.suppress(OSError):
            socket.create_connection(self._listener.getsockname(), 1).close()
        for sock in self._sockets:
            _shut(sock)
        for thread in self._threads:
            thread.join(5)
        for sock in (self._listener, *self._sockets):
            sock.close()

    def lead_to(self, server: str) -> None:
        """Stand before another server from the next connection on."""
        parts = urlsplit(server)
        self._server = (parts.hostname or "", parts.port or 80)

    def cut(self, after: int, then: Callable[[], None]) -> None:
        """Let so many bytes of the server's pass from now on; then do `then`, and let all pass."""
        with self._changed:
            self._budget, self._then = after, then

    def open(self) -> None:
        """Let everything pass from now on."""
        with self._changed:
            self._budget = None
            self._changed.notify_all()

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            with self._changed:
                if self._closed:
                    client.close()
                    return
                server = socket.create_connection(self._server)
                self._sockets += [client, server]
                for pump in (self._upstream, self._downstream):
                    thread = threading.Thread(target=pump, args=(client, server), name="gate")
                    self._threads.append(thread)
                    thread.start()

    def _upstream(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(_BLOCK):
                server.sendall(data)
        _shut(server)
        self.left.set()

    def _downstream(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(self._room()):
                client.sendall(data)
                self._passed(len(data))
        _shut(client)

    def _room(self) -> int:
        """Wait until bytes may pass, and return how many."""
        with self._changed:
            self._changed.wait_for(lambda: self._budget != 0)
            return min(_BLOCK, self._budget or _BLOCK)

    def _passed(self, count: int) -> None:
        with self._changed:
            if self._budget is not None:
                self._budget -= min(count, self._budget)
            if self._budget != 0 or self._then is None:
                return
            then, self._then = self._then, None
        then()
        self.open()


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)

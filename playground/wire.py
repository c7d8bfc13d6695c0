"""HTTP/1.1 to one server: kept-alive connections, answers read as they arrive.

Why not the SDK's own transport (requests over urllib3): it reads a body without chunks in blocks of
4,096 bytes, which holds the first tokens back for seconds; it cannot be stopped before the headers
have come, and many servers send these only with the first token; its time-outs start again with every
byte; and its session takes ~/.netrc over the key and sends localhost through a proxy. Here
`http.client` does the protocol over a socket that belongs to one exchange at a time, and nothing
from the environment has a say.
"""

from __future__ import annotations

import contextlib
import functools
import http.client
import io
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from email.message import Message
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from playground.dial import open_socket, tls_context
from playground.errors import ChatError
from playground.exchange import Exchange, Stage, Stopped

if TYPE_CHECKING:
    from typing_extensions import Buffer  # collections.abc has it from Python 3.12 on

#: Bytes asked for at once; a read returns with what is there.
BLOCK = 65_536
#: Kept-alive connections to one server; as many again may be open while they are busy.
MAX_IDLE = 64
#: Seconds after which an unused connection is not trusted any more: servers and the boxes
#: between drop them, some without a word.
IDLE_SECONDS = 30.0
#: A kept-alive connection that fails this soon was closed before the request reached the server.
AT_ONCE_SECONDS = 1.0

#: Only Linux has it, and it lasts for one acknowledgement or so.
_QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)


class TimedSocket:
    """What `http.client` needs of a socket, with every step timed by the exchange using it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._exchange: Exchange | None = None
        self.heard = False

    def serve(self, exchange: Exchange) -> None:
        """Belong to `exchange` from now on."""
        self._exchange = exchange
        self.heard = False
        exchange.hold(self._sock)

    def sendall(self, data: bytes) -> None:
        """Send all of `data`."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._attempt(functools.partial(self._sock.send, rest)) :]

    def receive(self, buffer: Buffer) -> int:
        """Read what is there into `buffer`; return how much, 0 at the end."""
        count = self._attempt(functools.partial(self._sock.recv_into, buffer))
        if _QUICK_ACK is not None:
            # Many servers leave Nagle's algorithm on, and then each small piece of a stream waits
            # for the acknowledgement of the last one, which Linux delays by 40 ms.
            self._sock.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)
        self.heard = self.heard or count > 0
        if count and self._exchange is not None:
            self._exchange.on_read()
        return count

    def makefile(self, mode: str, *_: object) -> io.BufferedReader:
        """Return a reader; like that of a real socket, it outlives close()."""
        del mode  # always "rb"
        return io.BufferedReader(_Reader(self, self._sock.makefile("rb", buffering=0)), BLOCK)

    def close(self) -> None:
        """Close the socket once its readers are closed."""
        self._sock.close()

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to read, which is how a usable idle connection looks."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._sock, selectors.EVENT_READ)
            return not selector.select(0)

    def _attempt(self, step: functools.partial[int]) -> int:
        if self._exchange is None:
            raise AssertionError("a socket is used by no exchange")
        return self._exchange.attempt(self._sock, step)


class _Reader(io.RawIOBase):
    """The raw reader beneath a response; `raw` keeps the socket open while it is in use."""

    def __init__(self, sock: TimedSocket, raw: socket.SocketIO) -> None:
        super().__init__()
        self._sock = sock
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        return self._sock.receive(buffer)

    def close(self) -> None:
        super().close()
        self._raw.close()


class Line:
    """One connection to the server, idle or in use by one exchange."""

    def __init__(self, host: str, port: int, sock: socket.socket, *, secure: bool) -> None:
        self.http = http.client.HTTPConnection(host, port)
        self.http.default_port = 443 if secure else 80
        self.http.auto_open = 0  # never connects by itself
        self.timed = TimedSocket(sock)
        self.http.sock = cast("socket.socket", self.timed)
        self.idle_since = 0.0

    @property
    def usable(self) -> bool:
        """Whether an idle line can be expected to be open at the other end still."""
        return time.monotonic() - self.idle_since < IDLE_SECONDS and self.timed.quiet

    def close(self) -> None:
        """Close the connection."""
        self.timed.close()
        self.http.close()


class Answer:
    """A response whose head has come; the body is read as it arrives."""

    def __init__(
        self, wire: Wire, line: Line, response: http.client.HTTPResponse, exchange: Exchange
    ) -> None:
        self._wire = wire
        self._line = line
        self._response = response
        self._exchange = exchange
        self._whole = False
        self.status = response.status
        self.reason = response.reason
        self.headers: Message = response.headers

    def blocks(self) -> Iterator[bytes]:
        """Yield the body as it arrives.

        Raises:
            Stopped, ChatError: as the exchange decides.
            OSError, http.client.HTTPException: if it breaks off.
        """
        while block := self._response.read1(BLOCK):
            yield block
        if self._response.length:
            raise http.client.IncompleteRead(b"", self._response.length)
        self._whole = True

    def drain(self) -> None:
        """Give the end of the body a moment to come, so that the connection can be kept."""
        self._exchange.enter(Stage.DRAINING)
        try:
            for _ in self.blocks():
                pass
        except (Stopped, ChatError, OSError, http.client.HTTPException):
            return

    def close(self) -> None:
        """Keep the connection if the body was read to its end; close it otherwise. Call it once."""
        self._exchange.release()
        keep = self._whole and not self._response.will_close
        self._response.close()
        if keep and not self._exchange.stopped:
            self._wire.keep(self._line)
        else:
            self._line.close()


class Wire:
    """The connections to one server. Any number of threads may send at once.

    Args:
        url: the server's base URL; the scheme, host and port are used.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if secure else 80)
        self._tls: ssl.SSLContext | None = tls_context() if secure else None
        self._lock = threading.Lock()
        self._idle: list[Line] = []
        self._closed = False

    def post(
        self, exchange: Exchange, target: str, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        """Send a request and return its answer once the head has come.

        Raises:
            Stopped, ChatError: as `exchange` decides.
            OSError, http.client.HTTPException: if it fails.
        """
        return self._send(exchange, "POST", target, headers, body)

    def get(self, exchange: Exchange, target: str, headers: Mapping[str, str]) -> Answer:
        """Ask for `target` and return the answer once its head has come. Raises as `post` does."""
        return self._send(exchange, "GET", target, headers, None)

    def _send(
        self,
        exchange: Exchange,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes | None,
    ) -> Answer:
        line = self._take()
        if line is not None:
            started = time.monotonic()
            try:
                return self._ask(line, exchange, method, target, headers, body)
            except ConnectionError:
                # The server closed the connection while the request was on its way, unless it
                # was heard of or took its time: then it may have begun to work.
                if line.timed.heard or time.monotonic() - started > AT_ONCE_SECONDS:
                    raise
        exchange.enter(Stage.CONNECTING)
        sock = open_socket(self._host, self._port, self._tls, exchange)
        line = Line(self._host, self._port, sock, secure=self._tls is not None)
        return self._ask(line, exchange, method, target, headers, body)

    def keep(self, line: Line) -> None:
        """Take back a line whose answer was read to the end."""
        line.idle_since = time.monotonic()
        with self._lock:
            if not self._closed and len(self._idle) < MAX_IDLE:
                self._idle.append(line)
                return
        line.close()

    def close(self) -> None:
        """Close the idle connections, and each busy one when its answer ends."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for line in idle:
            line.close()

    def _take(self) -> Line | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                line = self._idle.pop()
            if line.usable:
                return line
            line.close()

    def _ask(
        self,
        line: Line,
        exchange: Exchange,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes | None,
    ) -> Answer:
        try:
            line.timed.serve(exchange)
            exchange.enter(Stage.WAITING)
            # The server may have answered and closed without reading to the end.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                line.http.request(method, target, body, headers)
            response = line.http.getresponse()
        except BaseException:
            exchange.release()
            line.close()
            raise
        return Answer(self, line, response, exchange)

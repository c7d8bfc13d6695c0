"""A server on loopback whose every byte is under control of the test.

Each request is answered by the next script, a function that gets the connection and does with it
what servers and networks do at their worst. Nothing in here knows the protocol but the helpers that
build bytes.
"""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

#: Seconds after which a test that waits has failed. Nothing waits that long when all is well.
PATIENCE = 10.0

CERTIFICATE = Path(__file__).parent / "certificates" / "localhost.pem"
CERTIFICATE_KEY = Path(__file__).parent / "certificates" / "localhost-key.pem"

SSE = "text/event-stream"

Script = Callable[["Peer"], None]


@dataclass(frozen=True)
class Received:
    """One request as it came over the wire. Header names are in lower case."""

    connection: int
    method: str
    target: str
    headers: dict[str, list[str]]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value


class Peer:
    """The connection to one client, seen from the server."""

    def __init__(self, sock: socket.socket, number: int) -> None:
        self.sock = sock
        self.number = number
        self.keep = True
        self.gone = threading.Event()
        self._read = b""

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def trickle(self, data: bytes) -> None:
        """Send byte by byte, each in a packet of its own."""
        for i in range(len(data)):
            self.sock.sendall(data[i : i + 1])

    def close(self) -> None:
        """End the connection in order."""
        self.keep = False
        with contextlib.suppress(OSError):
            # close() alone does not say goodbye while another thread still reads.
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    def reset(self) -> None:
        """End the connection with a reset."""
        self.keep = False
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def wait_gone(self, seconds: float = PATIENCE) -> bool:
        """Wait until the client has closed the connection; return whether it did."""
        self.keep = False
        self.sock.settimeout(seconds)
        try:
            while self.sock.recv(65_536):
                pass
        except TimeoutError:
            return False
        except OSError:
            pass
        self.gone.set()
        return True

    def receive(self) -> Received | None:
        """Read one request; None when the client has gone."""
        while b"\r\n\r\n" not in self._read:
            if not self._more():
                return None
        head, _, self._read = self._read.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers: dict[str, list[str]] = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers.setdefault(name.lower(), []).append(value.strip())
        length = int(headers.get("content-length", ["0"])[0])
        while len(self._read) < length:
            if not self._more():
                return None
        body, self._read = self._read[:length], self._read[length:]
        return Received(self.number, method, target, headers, body)

    def _more(self) -> bool:
        data = self.sock.recv(65_536)
        self._read += data
        return bool(data)


@dataclass
class FaultServer:
    """Listens on a port of its own. Use as a context manager."""

    tls: bool = False
    host: str = "127.0.0.1"
    requests: list[Received] = field(default_factory=list)
    peers: list[Peer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._scripts: queue.Queue[Script] = queue.Queue()
        self._threads: list[threading.Thread] = []
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self._listener = socket.create_server((self.host, 0), family=family)
        self.port = self._listener.getsockname()[1]
        self._context: ssl.SSLContext | None = None
        if self.tls:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(CERTIFICATE, CERTIFICATE_KEY)

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}/v1"

    def script(self, *scripts: Script) -> Self:
        """Answer the next requests so, one script each."""
        for script in scripts:
            self._scripts.put(script)
        return self

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for peer in self.peers:
            with contextlib.suppress(OSError):
                peer.sock.shutdown(socket.SHUT_RDWR)
            peer.sock.close()
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), f"{thread.name} hangs"

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, name=str(target), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._start(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        try:
            if self._context:
                sock = self._context.wrap_socket(sock, server_side=True)
        except OSError:
            sock.close()
            return
        peer = Peer(sock, len(self.peers))
        self.peers.append(peer)
        try:
            while peer.keep and (received := peer.receive()):
                self.requests.append(received)
                self._scripts.get(timeout=PATIENCE)(peer)
            if peer.keep:
                peer.gone.set()
        except OSError:
            peer.gone.set()
        finally:
            sock.close()


@contextlib.contextmanager
def silent_listener() -> Iterator[tuple[str, int]]:
    """Yield an address that does not answer, as behind a firewall: the listener's queue is full."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.settimeout(0)
            filler.connect_ex(listener.getsockname())
        yield listener.getsockname()


# What to send.


def head(
    status: str = "200 OK", content_type: str = SSE, *more: str, chunked: bool = True
) -> bytes:
    """Return the head of a response: chunked, or else ended by the end of the connection."""
    lines = [f"HTTP/1.1 {status}"]
    if content_type:
        lines.append(f"Content-Type: {content_type}")
    lines.append("Transfer-Encoding: chunked" if chunked else "Connection: close")
    return ("\r\n".join([*lines, *more]) + "\r\n\r\n").encode()


def chunked(data: bytes) -> bytes:
    """Return `data` as one chunk of a chunked body; the last chunk for no data."""
    return b"%x\r\n%s\r\n" % (len(data), data)


def event(value: Any) -> bytes:
    """Return one event of a stream."""
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def delta(text: str, **more: Any) -> dict[str, Any]:
    """Return a chunk with some text."""
    return {"choices": [{"index": 0, "delta": {"content": text}, **more}]}


DONE = b"data: [DONE]\n\n"
FINISH = event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
HELLO = event(delta("Hel")) + event(delta("lo"))
#: A well-behaved stream.
CLEAN = HELLO + FINISH + DONE


def streaming(*pieces: bytes) -> Script:
    """Return a script that sends a chunked stream, a chunk for each piece, and ends it."""

    def script(peer: Peer) -> None:
        peer.send(head())
        for piece in pieces:
            peer.send(chunked(piece))
        peer.send(chunked(b""))

    return script


def answering(
    body: bytes | str,
    content_type: str = "application/json",
    status: str = "200 OK",
    headers: Iterable[str] = (),
) -> Script:
    """Return a script that sends a whole response with its length."""
    data = body.encode() if isinstance(body, str) else body

    def script(peer: Peer) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(data)}", *headers]
        if content_type:
            lines.append(f"Content-Type: {content_type}")
        peer.send(("\r\n".join(lines) + "\r\n\r\n").encode() + data)

    return script

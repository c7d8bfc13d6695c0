"""The SDK's pipeline ends here: its requests go over the wire, and clean streams come back.

The seam of the repair is the transport, not a policy in front of one: only the transport can time
and stop the wait for the head of an answer. The SDK's parser reads `iter_bytes()` and nothing else,
so this is where it gets one clean `data: {json}` after the other. What is no chunk for it, such as
a keep-alive, is left in `notes`, and an empty chunk makes the parser return so that it is seen.
"""

from __future__ import annotations

import collections
import contextlib
import http.client
import json
from collections.abc import Iterator, MutableMapping
from typing import Any, Self
from urllib.parse import urlsplit

from azure.core.exceptions import HttpResponseError
from azure.core.pipeline.transport import HttpTransport
from azure.core.rest import HttpRequest, HttpResponse
from azure.core.utils import case_insensitive_dict

from playground.answer import read_answer
from playground.connections import Connection
from playground.error_text import parse_json
from playground.errors import ChatError, ProtocolError, StreamStalled
from playground.events import ChunkSkipped, KeepAlive
from playground.exchange import Exchange, Stage
from playground.wire import Answer, Wire

#: Bytes of the body of a refusal that are read.
MAX_ERROR_BODY = 65_536

#: Headers that belong to the wire.
_OWN_HEADERS = {"content-length", "connection", "host", "transfer-encoding"}
_EMPTY_CHUNK = b'data: {"choices":[{"index":0,"delta":{}}]}\n\n'


class WireTransport(HttpTransport[HttpRequest, HttpResponse]):
    """Sends each request of the pipeline within the exchange given with it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._wire = Wire(connection.endpoint)

    def send(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Send `request`; `exchange` is the one keyword argument that matters."""
        exchange: Exchange = kwargs["exchange"]
        url = urlsplit(request.url)
        target = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
        headers = {k: v for k, v in request.headers.items() if k.lower() not in _OWN_HEADERS}
        body = request.content
        body = body.encode() if isinstance(body, str) else bytes(body or b"")
        answer = self._wire.post(exchange, target, headers, body)
        return WireResponse(request, answer, exchange, self._connection)

    def open(self) -> None:
        """Do nothing: a connection is opened when it is needed."""

    def close(self) -> None:
        """Close the connections to the server."""
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class WireResponse(HttpResponse):
    """An answer as the SDK knows it. `notes` holds what the SDK has no name for."""

    def __init__(
        self, request: HttpRequest, answer: Answer, exchange: Exchange, connection: Connection
    ) -> None:
        self._request = request
        self._answer = answer
        self._exchange = exchange
        self._connection = connection
        self._headers = case_insensitive_dict(answer.headers.items())
        self._content: bytes | None = None
        self._closed = False
        self._consumed = False
        self._encoding: str | None = None
        self.notes: collections.deque[KeepAlive | ChunkSkipped] = collections.deque()

    @property
    def request(self) -> HttpRequest:
        """The request this answers."""
        return self._request

    @property
    def status_code(self) -> int:
        """The HTTP status."""
        return self._answer.status

    @property
    def headers(self) -> MutableMapping[str, str]:
        """The headers; their names ignore case."""
        return self._headers

    @property
    def reason(self) -> str:
        """The words after the status."""
        return self._answer.reason

    @property
    def content_type(self) -> str | None:
        """The content type, with its parameters."""
        return self._headers.get("content-type")

    @property
    def is_closed(self) -> bool:
        """Whether close() was called."""
        return self._closed

    @property
    def is_stream_consumed(self) -> bool:
        """Whether the body was read, or is being read."""
        return self._consumed

    @property
    def encoding(self) -> str | None:
        """The encoding of text(); UTF-8 unless set."""
        return self._encoding

    @encoding.setter
    def encoding(self, value: str | None) -> None:
        self._encoding = value

    @property
    def url(self) -> str:
        """The URL that was asked."""
        return self._request.url

    @property
    def content(self) -> bytes:
        """The body as read so far; never raises."""
        return self._content or b""

    def text(self, encoding: str | None = None) -> str:
        """Return the body as text; what cannot be decoded becomes U+FFFD."""
        return self.content.decode(encoding or self._encoding or "utf-8-sig", "replace")

    def json(self) -> Any:
        """Return the body as parsed JSON. Raises ValueError."""
        return parse_json(self.content)

    def raise_for_status(self) -> None:
        """Raise HttpResponseError if the status is an error."""
        if self.status_code >= 400:
            raise HttpResponseError(response=self)

    def read(self) -> bytes:
        """Read and return the body, up to MAX_ERROR_BODY bytes and for a short time.

        The SDK calls this for refusals. Their status is what counts: a body that breaks off or
        never ends is taken as far as it came.
        """
        if self._content is None:
            content = bytearray()
            self._exchange.enter(Stage.ENDING)
            with (
                contextlib.closing(self),
                contextlib.suppress(ChatError, OSError, http.client.HTTPException),
            ):
                for block in self.iter_raw():
                    content += block
                    if len(content) > MAX_ERROR_BODY:
                        break
            self._content = bytes(content[:MAX_ERROR_BODY])
        return self._content

    def iter_raw(self, **_: Any) -> Iterator[bytes]:
        """Yield the body as it arrives."""
        self._consumed = True
        yield from self._answer.blocks()

    def iter_bytes(self, **_: Any) -> Iterator[bytes]:
        """Yield the stream as the SDK's parser wants it.

        Raises:
            Stopped, ChatError: as the exchange decides, or if the answer is an error or no stream.
            OSError, http.client.HTTPException: if the answer breaks off.
        """
        coding = self._headers.get("content-encoding", "identity").strip().casefold()
        if coding not in {"identity", ""}:
            raise ProtocolError(
                "The server's answer is compressed, which was not asked for.",
                advice="Switch off compression for event streams in the server or the gateway.",
            )
        items = read_answer(self.iter_raw(), self.content_type or "", self._connection, self._hurry)
        try:
            for item in items:
                if isinstance(item, dict):
                    yield b"data: " + json.dumps(item).encode() + b"\n\n"
                else:
                    self.notes.append(item)
                    yield _EMPTY_CHUNK
        except (StreamStalled, OSError, http.client.HTTPException):
            # Once the finish reason has come, nothing is missing but the token counts.
            if self._exchange.stage is not Stage.ENDING:
                raise
        else:
            self._answer.drain()

    def close(self) -> None:
        """Give the connection back, or close it if the body was not read to its end."""
        if not self._closed:
            self._closed = True
            self._answer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<WireResponse {self.status_code}>"

    def _hurry(self) -> None:
        self._exchange.enter(Stage.ENDING)

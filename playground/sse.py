"""The event stream, repaired on the wire and decoded.

The SDK's parser takes `data: {json}` lines that end in a bare line feed, and raises ValueError on
everything else servers send. What they send is brought into that shape here: any line end, a
byte-order mark, comments, `event:` lines, data without the space or over several lines, a last line
without an end, and events without the blank line between them.

The fields of an event are put together by httpx-sse. Its decoder is private, but its EventSource is
not, and takes any response; so the repaired bytes are given to it as the body of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from httpx_sse import EventSource, ServerSentEvent

from playground.error_text import parse_json
from playground.errors import ReplyTooLarge
from playground.events import ChunkSkipped, KeepAlive

#: Bytes one event may have; the longest real ones have some thousand.
MAX_EVENT = 1024 * 1024

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\n|\r")
_KEEP_ALIVE = "keep-alive"
_KEEP_ALIVE_NAMES = {_KEEP_ALIVE, "keepalive", "ping", "heartbeat"}


@dataclass(frozen=True, slots=True)
class Data:
    """The JSON value of one event; `error` if the server called the event so."""

    value: Any
    error: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """The server's `[DONE]`."""


Item = Data | Done | KeepAlive | ChunkSkipped


class LineSplitter:
    """Splits bytes into lines wherever the blocks begin and end."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0
        self._after_cr = False
        self._first = True

    def feed(self, block: bytes) -> list[bytes]:
        """Return the lines that `block` completes, without their ends.

        Raises:
            ReplyTooLarge: if a line is longer than MAX_EVENT.
        """
        if self._after_cr and block.startswith(b"\n"):
            block = block[1:]
            self._after_cr = False
        if not block:
            return []
        self._after_cr = block.endswith(b"\r")
        *complete, rest = _LINE_END.split(block)
        lines = []
        for line in complete:
            self._parts.append(line)
            lines.append(self._take())
        self._parts.append(rest)
        self._size += len(rest)
        if self._size > MAX_EVENT:
            raise _too_large()
        return lines

    def flush(self) -> list[bytes]:
        """Return the last line if it had no end."""
        rest = self._take()
        return [rest] if rest else []

    def _take(self) -> bytes:
        line = b"".join(self._parts)
        self._parts, self._size = [], 0
        if self._first:
            self._first = False
            line = line.removeprefix(_BOM)
        return line


def read_events(blocks: Iterable[bytes]) -> Iterator[Item]:
    """Yield what the stream in `blocks` says. The same, wherever the blocks begin and end.

    Raises:
        ReplyTooLarge: if an event is larger than MAX_EVENT.
        Exception: what `blocks` raises, after everything that came before it.
    """
    # The charset is fixed: the protocol has no other, and a wrong header must not choose one.
    headers = {"content-type": "text/event-stream; charset=utf-8"}
    response = httpx.Response(200, headers=headers, content=_repaired(blocks))
    for event in EventSource(response).iter_sse():
        yield from _items(event)


def _repaired(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of `blocks`, ended by line feeds, with a blank line after each event."""
    splitter, repair = LineSplitter(), _LineRepair()
    problem: Exception | None = None
    try:
        for block in blocks:
            yield b"".join(map(repair.line, splitter.feed(block)))
    except Exception as error:  # noqa: BLE001 - raised again when what had arrived is given out
        problem = error
    yield b"".join(map(repair.line, splitter.flush())) + b"\n\n"
    if problem is not None:
        raise problem


class _LineRepair:
    """Mends one line after the other; knows whether it is within an event."""

    def __init__(self) -> None:
        self._size = 0
        self._has_data = False

    def line(self, line: bytes) -> bytes:
        """Return what to pass on instead of `line`."""
        if not line:
            return self._end(b"\n")
        within = self._size > 0
        if line.startswith(b":"):
            # A comment within an event must not tear it apart.
            return b"" if within else f"event: {_KEEP_ALIVE}\n\n".encode()
        self._size += len(line)
        if self._size > MAX_EVENT:
            raise _too_large()
        if line.startswith(b"error:"):
            # llama.cpp's way: the error is the name of the field.
            return self._end(b"event: error\ndata:" + line.removeprefix(b"error:") + b"\n\n")
        if line.startswith(b"data:"):
            first, self._has_data = not self._has_data, True
            if first and _is_complete(line.removeprefix(b"data:").strip()):
                # Nothing can be added to it: waiting for a blank line that some servers never
                # send would only hold the text back.
                return self._end(line + b"\n\n")
        return line + b"\n"

    def _end(self, line: bytes) -> bytes:
        self._size = 0
        self._has_data = False
        return line


def _is_complete(data: bytes) -> bool:
    if data == b"[DONE]":
        return True
    if not (data.startswith(b"{") and data.endswith(b"}")):
        return False
    try:
        parse_json(data)
    except ValueError:
        return False
    return True


def _items(event: ServerSentEvent) -> Iterator[Item]:
    name, data = event.event.casefold(), event.data.strip()
    if name in _KEEP_ALIVE_NAMES:
        yield KeepAlive()
        return
    if not data:
        return
    item = _item(data, error=name == "error")
    if item is not None:
        yield item
        return
    if name == "error":
        yield Data(data, error=True)
        return
    lines = [_item(line.strip()) for line in data.split("\n") if line.strip()]
    if not any(lines):
        yield ChunkSkipped("not JSON")
        return
    for found in lines:
        yield found or ChunkSkipped("not JSON")


def _item(data: str, *, error: bool = False) -> Data | Done | None:
    if data == "[DONE]":
        return Done()
    try:
        return Data(parse_json(data), error=error)
    except ValueError:
        return None


def _too_large() -> ReplyTooLarge:
    return ReplyTooLarge("A single piece of the answer is over 1 MiB, which is the cap.")

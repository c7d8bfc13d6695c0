"""The chunks of one answer, brought into the one shape that the SDK's parser takes.

Servers agree on what a chunk means, but not on what may be missing, null or of another type in it.
The SDK's models raise foreign exceptions over that, so they only ever see what is built here.
"""

from __future__ import annotations

import logging
from typing import Any

from playground.connections import Connection
from playground.error_mapping import from_body, key_of
from playground.error_text import filters, plain
from playground.errors import ProtocolError, ReplyTooLarge, ServerFailed
from playground.events import FINISH_REASONS, ChunkSkipped, FinishReason, KeepAlive

#: Bytes (UTF-8) one reply may have: some 200 times the longest answer of these models.
MAX_REPLY = 1_000_000

#: Words with which servers say that they gave up instead of finishing.
_GIVEN_UP = {"error", "abort", "aborted", "cancelled", "insufficient_system_resource"}

_LOG = logging.getLogger(__name__)

Chunk = dict[str, Any]


class ChunkReader:
    """Reads the chunks of one answer in order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._bytes = 0
        self._half_pair = ""
        self.finished = False

    def read(self, value: Any, *, error: bool = False) -> list[Chunk | KeepAlive | ChunkSkipped]:
        """Return what the JSON value of one event says. `error` if the server called it so.

        Raises:
            ChatError: if it says that something went wrong.
            ReplyTooLarge: if the reply is over its cap already.
        """
        if self._bytes > MAX_REPLY:
            raise ReplyTooLarge("The answer is over 1 MB, which is the cap; it was cut there.")
        if not isinstance(value, dict):
            if error:
                raise self._reported({"error": value or "error"})
            return [ChunkSkipped("not a JSON object")]
        if error or value.get("error") or value.get("object") == "error":
            raise self._reported(value)
        choices, usage = value.get("choices"), _usage(value.get("usage"))
        if not isinstance(choices, list) and usage is None:
            return [ChunkSkipped("no choices")]
        chunk = _head(value, usage)
        choice = _first(choices)
        if choice is not None:
            why = self._add_choice(chunk, choice)
            if why:
                return [ChunkSkipped(why)]
        return [chunk]

    def done(self) -> list[Chunk]:
        """Return what is left to say after `[DONE]`, which is an ending by itself."""
        if self.finished:
            return []
        self.finished = True
        return [{"choices": [_choice("", FinishReason.STOP)]}]

    def _add_choice(self, chunk: Chunk, choice: Any) -> str:
        """Add the text and the finish reason of `choice`; return why it cannot be read, or ""."""
        if not isinstance(choice, dict):
            return "a choice is no object"
        given = choice.get("finish_reason")
        delta = choice.get("delta")
        message = choice.get("message") if delta is None else delta
        if message is None and not given and "delta" not in choice:
            return "a choice without delta"
        if message is None and not given:
            return "a null delta"
        text = _text(message)
        if text is None:
            return "content of an unknown type"
        reason = self._reason(given)
        chunk["choices"] = [_choice(self._capped(self._paired(text)), reason)]
        found = filters(choice.get("content_filter_results"))
        if reason is FinishReason.CONTENT_FILTER and found:
            key = key_of(self._connection)
            chunk["choices"][0]["filters"] = [plain(name, key, 60) for name in found[:9]]
        return ""

    def _reason(self, given: Any) -> FinishReason | None:
        if not isinstance(given, str) or not given or self.finished:
            return None
        if given.casefold() in _GIVEN_UP:
            raise ServerFailed(f"The server gave the answer up ({given}).")
        self.finished = True
        reason = FINISH_REASONS.get(given.casefold())
        if reason is None:
            _LOG.info("a server gave an unknown finish reason; it is taken as a normal end")
            return FinishReason.STOP
        return reason

    def _paired(self, text: str) -> str:
        """Return `text` without halves of characters.

        A character beyond the 16-bit range, escaped as two surrogates, may be cut in two by the
        server; its first half is kept for the next chunk. A half alone becomes U+FFFD.
        """
        text = self._half_pair + text
        self._half_pair = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._half_pair = text[:-1], text[-1]
        if text.isascii():
            return text
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _capped(self, text: str) -> str:
        room = MAX_REPLY - self._bytes
        self._bytes += len(text.encode())
        if self._bytes <= MAX_REPLY:
            return text
        return text.encode()[:room].decode("utf-8", "ignore")

    def _reported(self, value: dict[str, Any]) -> Exception:
        return from_body(value, self._connection) or ProtocolError()


def _head(value: dict[str, Any], usage: Chunk | None) -> Chunk:
    chunk: Chunk = {"choices": []}
    for name in ("model", "system_fingerprint"):
        if isinstance(value.get(name), str) and value[name]:
            chunk[name] = value[name]
    if usage is not None:
        chunk["usage"] = usage
    return chunk


def _first(choices: Any) -> Any:
    """Return the choice that is shown; others, which were not asked for, are left alone."""
    if not isinstance(choices, list):
        return None
    return next((c for c in choices if not isinstance(c, dict) or not c.get("index")), None)


def _choice(text: str, reason: FinishReason | None) -> Chunk:
    delta = {"content": text} if text else {}
    return {"index": 0, "delta": delta, "finish_reason": reason and reason.value}


def _text(message: Any) -> str | None:
    """Return the text of a delta; None if it is of a type that no server documents."""
    content = message.get("content") if isinstance(message, dict) else message
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return None
    parts = [part.get("text") if isinstance(part, dict) else part for part in content]
    return "".join(part for part in parts if isinstance(part, str))


def _usage(usage: Any) -> Chunk | None:
    if not isinstance(usage, dict):
        return None
    counts = {name: usage.get(f"{name}_tokens") for name in ("prompt", "completion")}
    if not all(type(count) is int and count >= 0 for count in counts.values()):
        return None
    total = sum(count for count in counts.values() if count is not None)
    return {f"{name}_tokens": count for name, count in counts.items()} | {"total_tokens": total}

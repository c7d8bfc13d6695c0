"""The JSON of the chat-completions protocol: chunks of a stream, and whole completions."""

from __future__ import annotations

import json
import secrets
import time
from typing import Any

from playground.demo.answers import Dialect, Fail, Finish, Garbage, KeepAlive, Refusal, Say
from playground.events import FinishReason

FINGERPRINT = "scripted-demo"

DONE = "[DONE]"
COMMENT = b": keep-alive\n\n"


def reported_name(asked: str) -> str:
    """Return the name a reply reports for the model `asked`, which no one takes for a model's."""
    return f"{FINGERPRINT}/{asked}"


def error_body(code: str | None, message: str, **extra: Any) -> dict[str, Any]:
    """Return the body of an error; without a code, the body has none."""
    named = {} if code is None else {"code": code}
    return {"error": {**named, "message": message, **extra}}


def refusal_body(refusal: Refusal) -> dict[str, Any]:
    """Return the body of `refusal`."""
    return error_body(refusal.code, refusal.message, **refusal.extra)


def encode(value: Any) -> bytes:
    """Return `value` as UTF-8 JSON; half a surrogate pair in it becomes a question mark."""
    return _dumps(value).encode("utf-8", "replace")


class Tally:
    """Counts what a reply uses."""

    def __init__(self, prompt_tokens: int) -> None:
        self.prompt_tokens = prompt_tokens
        self.completion_tokens = 0

    def usage(self) -> dict[str, int]:
        """Return the counts as the protocol writes them."""
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": self.prompt_tokens + self.completion_tokens,
        }


def _envelope(kind: str, model: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-demo-{secrets.token_hex(8)}",
        "object": kind,
        "created": int(time.time()),
        "model": model,
        "system_fingerprint": FINGERPRINT,
    }


def completion(model: str, text: str, finish: FinishReason | None, tally: Tally) -> dict[str, Any]:
    """Return the body of a whole completion."""
    message = {"role": "assistant", "content": text}
    return {
        **_envelope("chat.completion", model),
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": tally.usage(),
    }


class StreamWriter:
    """Writes played steps as server-sent events."""

    def __init__(self, model: str, tally: Tally, *, include_usage: bool) -> None:
        self._envelope = _envelope("chat.completion.chunk", model)
        self._tally = tally
        self._include_usage = include_usage
        self._begun = False
        # Only the text differs from token to token, so the rest of a chunk is written once.
        self._head, self._tail = self._chunk_json({"content": "\0"}, None).split(r'"\u0000"')

    def write(self, step: Say | KeepAlive | Garbage | Fail | Finish) -> bytes:
        """Return the events of `step`."""
        match step:
            case Say(tokens):
                self._tally.completion_tokens += len(tokens)
                return self._opening() + b"".join(map(self._text, tokens))
            case KeepAlive():
                return COMMENT
            case Garbage(data):
                return self._event(data)
            case Fail(code, message):
                return self._event(_dumps(error_body(code, message)))
            case Finish(reason):
                return self._opening() + self._event(self._chunk_json({}, reason))

    def end(self) -> bytes:
        """Return what follows the last step."""
        usage = b""
        if self._include_usage:
            chunk = {**self._envelope, "choices": [], "usage": self._tally.usage()}
            usage = self._event(_dumps(chunk))
        return usage + self._event(DONE)

    def _opening(self) -> bytes:
        if self._begun:
            return b""
        self._begun = True
        return self._event(self._chunk_json({"role": "assistant", "content": ""}, None))

    def _text(self, token: str) -> bytes:
        return self._event(self._head + json.dumps(token, ensure_ascii=False) + self._tail)

    def _chunk_json(self, delta: dict[str, str], finish: FinishReason | None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _dumps({**self._envelope, "choices": [choice]})

    def _event(self, data: str) -> bytes:
        return f"data: {data}\n\n".encode("utf-8", "replace")


class OrnateWriter(StreamWriter):
    """Writes the same in the most unusual way the format allows."""

    def __init__(self, model: str, tally: Tally, *, include_usage: bool) -> None:
        self._events = 0
        super().__init__(model, tally, include_usage=include_usage)

    def _event(self, data: str) -> bytes:
        self._events += 1
        start = "\ufeff: a comment" if self._events == 1 else f"id: {self._events}"
        # Data in two lines is joined by a line break, which JSON allows after a comma.
        data = data.replace(',"choices"', ',\r\ndata: "choices"', 1)
        return f"{start}\r\nevent: message\r\ndata:{data}\r\n\r\n".encode("utf-8", "replace")


class BareWriter(StreamWriter):
    """Writes the same without what should stand at the end."""

    def write(self, step: Say | KeepAlive | Garbage | Fail | Finish) -> bytes:
        """Return the events of `step`; nothing follows the last one, not even a line break."""
        written = super().write(step)
        return written.rstrip(b"\n") if isinstance(step, Finish) else written

    def end(self) -> bytes:
        """Return nothing."""
        return b""


WRITERS: dict[Dialect, type[StreamWriter]] = {
    Dialect.PLAIN: StreamWriter,
    Dialect.ORNATE: OrnateWriter,
    Dialect.BARE: BareWriter,
}


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

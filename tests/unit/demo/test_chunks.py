"""What goes over the wire, byte by byte."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.demo.answers import Dialect, Fail, Finish, Garbage, KeepAlive, Say
from playground.demo.chunks import WRITERS, Tally, completion
from playground.events import FinishReason


def written(dialect: Dialect, *steps: Any, include_usage: bool = True) -> bytes:
    writer = WRITERS[dialect]("scripted-demo/m", Tally(7), include_usage=include_usage)
    return b"".join(map(writer.write, steps)) + writer.end()


def parsed(stream: bytes) -> list[Any]:
    """Read a stream as the standard says: lines of any ending, events parted by a blank line."""
    text = stream.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    found: list[Any] = []
    for block in text.split("\n\n"):
        lines = [line[5:].removeprefix(" ") for line in block.split("\n") if line[:5] == "data:"]
        if lines:
            data = "\n".join(lines)
            found.append(data if data == "[DONE]" else json.loads(data))
    return found


STEPS = (Say(["Grüße, ", '"', "\n\\", "👩‍👩‍👧", "<|end|>"]), Finish(FinishReason.STOP))
TEXT = 'Grüße, "\n\\👩‍👩‍👧<|end|>'


@pytest.mark.parametrize("dialect", [Dialect.PLAIN, Dialect.ORNATE])
def test_a_stream_is_role_text_reason_usage_and_done(dialect: Dialect) -> None:
    role, *chunks, finish, usage, done = parsed(written(dialect, *STEPS))
    assert role["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert "".join(c["choices"][0]["delta"]["content"] for c in chunks) == TEXT
    assert len(chunks) == 5
    assert finish["choices"] == [{"index": 0, "delta": {}, "finish_reason": "stop"}]
    assert usage["choices"] == []
    assert usage["usage"] == {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}
    assert done == "[DONE]"
    for chunk in (role, *chunks, finish, usage):
        assert chunk["object"] == "chat.completion.chunk"
        assert chunk["model"] == "scripted-demo/m"
        assert chunk["system_fingerprint"] == "scripted-demo"
        assert chunk["id"] == role["id"]


def test_usage_comes_only_when_asked_for() -> None:
    assert b"usage" not in written(Dialect.PLAIN, *STEPS, include_usage=False)


def test_the_ornate_stream_is_as_unusual_as_can_be() -> None:
    stream = written(Dialect.ORNATE, *STEPS)
    assert stream.startswith("\ufeff: a comment\r\n".encode())
    assert b"\nevent: message\r\n" in stream
    assert b"\r\ndata:{" in stream, "no space after the colon"
    assert b',\r\ndata: "choices"' in stream, "data in two lines"
    assert b"\n" not in stream.replace(b"\r\n", b"")


def test_the_bare_stream_ends_without_done_and_line_break() -> None:
    stream = written(Dialect.BARE, *STEPS)
    assert stream.endswith(b'"finish_reason":"stop"}]}')
    assert b"DONE" not in stream


def test_half_a_surrogate_pair_does_not_break_the_stream() -> None:
    assert b'"content":"?"' in written(Dialect.PLAIN, Say(["\ud800"]))


def test_comments_garbage_and_errors_are_lines_of_their_own() -> None:
    stream = written(
        Dialect.PLAIN, KeepAlive(), Garbage("{"), Fail("code", "Why."), include_usage=False
    )
    assert stream.split(b"\n\n") == [
        b": keep-alive",
        b"data: {",
        b'data: {"error":{"code":"code","message":"Why."}}',
        b"data: [DONE]",
        b"",
    ]


def test_a_whole_completion_has_message_reason_and_usage() -> None:
    tally = Tally(3)
    tally.completion_tokens = 2
    body = completion("scripted-demo/m", "Hello.", FinishReason.LENGTH, tally)
    assert body["object"] == "chat.completion"
    assert body["choices"] == [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "Hello."},
            "finish_reason": "length",
        }
    ]
    assert body["usage"]["total_tokens"] == 5

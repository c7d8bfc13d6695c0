"""Chunks of any shape become chunks of one shape, or are skipped, or are errors; nothing else."""

from __future__ import annotations

import itertools
import json
import logging
from collections.abc import Iterator
from typing import Any, cast

import pytest
from azure.ai.inference.models import StreamingChatCompletions, StreamingChatCompletionsUpdate
from azure.core.rest import HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from playground import chunks
from playground.chunks import MAX_REPLY, Chunk, ChunkReader
from playground.connections import Connection
from playground.errors import ChatError, ProtocolError, ReplyTooLarge
from playground.events import ChunkSkipped, FinishReason

CONNECTION = Connection("c", "C", "http://127.0.0.1:1/v1")


class Response:
    """As much of a response as the SDK's parser needs."""

    def __init__(self, items: list[Chunk]) -> None:
        self.items = items

    def iter_bytes(self) -> Iterator[bytes]:
        for item in self.items:
            yield b"data: " + json.dumps(item).encode() + b"\n\n"

    def close(self) -> None:
        """Nothing to close."""


def parsed(items: list[Chunk]) -> list[StreamingChatCompletionsUpdate]:
    """Return what the SDK makes of `items`."""
    return list(StreamingChatCompletions(cast("HttpResponse", Response(items))))


def texts(reader: ChunkReader, *values: Any) -> list[str]:
    """Return the text of each chunk that `reader` makes of `values`."""
    items = itertools.chain.from_iterable(reader.read(value) for value in values)
    return [
        choice["delta"].get("content", "")
        for item in items
        if isinstance(item, dict)
        for choice in item["choices"]
    ]


def delta(content: Any, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": content}, **more}]}


_WORDS = ["stop", "length", "error", "hi", "", "\ud83d", "\ude00", "é", "text"]
_KEYS = ["choices", "delta", "message", "content", "finish_reason", "index", "usage", "model",
         "system_fingerprint", "prompt_tokens", "completion_tokens", "text", "type", "error",
         "object", "code"]  # fmt: skip
_ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(_WORDS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=5)
    ),
    max_leaves=12,
)
_DELTA = st.fixed_dictionaries({}, optional={"content": _ODD, "role": _ODD})
_CHOICE = st.fixed_dictionaries(
    {},
    optional={
        "delta": _DELTA | _ODD,
        "message": _DELTA | _ODD,
        "finish_reason": _ODD,
        "index": st.sampled_from([0, None, 1, "0"]),
    },
)
_CHUNK = st.fixed_dictionaries(
    {"choices": st.lists(_CHOICE | _ODD, max_size=3) | _ODD},
    optional={"usage": _ODD, "model": _ODD, "system_fingerprint": _ODD, "id": _ODD},
)


@given(st.lists(_CHUNK | _ODD, max_size=5), st.booleans())
def test_nothing_at_all_raises_anything_foreign(values: list[Any], error: bool) -> None:  # noqa: FBT001
    reader = ChunkReader(CONNECTION)
    good: list[Chunk] = []
    try:
        for value in values:
            items = reader.read(value, error=error)
            assert items
            good += [item for item in items if isinstance(item, dict)]
    except ChatError:
        pass
    good += reader.done()
    for update in parsed(good):
        for choice in update.choices:
            (choice.delta.content or "").encode()
            FinishReason(choice.finish_reason or "stop")
        if update.usage is not None:
            assert update.usage.prompt_tokens >= 0


@given(st.text(), st.lists(st.integers(0, 100)))
def test_text_escaped_as_surrogates_and_cut_anywhere_is_whole_again(
    text: str, cuts: list[int]
) -> None:
    units = "".join(chr(u) for u in memoryview(text.encode("utf-16-le")).cast("H"))
    bounds = sorted({0, len(units), *(cut % (len(units) + 1) for cut in cuts)})
    pieces = [units[a:b] for a, b in itertools.pairwise(bounds)]
    assert "".join(texts(ChunkReader(CONNECTION), *map(delta, pieces))) == text


def test_half_a_character_at_the_end_is_left_out() -> None:
    assert texts(ChunkReader(CONNECTION), delta("a\ud83d")) == ["a"]


def test_the_cap_on_a_reply_counts_bytes_and_keeps_whole_characters() -> None:
    reader = ChunkReader(CONNECTION)
    kept = texts(reader, delta("€" * (MAX_REPLY // 3)), delta("€€"))
    assert kept == ["€" * (MAX_REPLY // 3), ""]
    with pytest.raises(ReplyTooLarge, match="1 MB"):
        reader.read(delta("more"))


def test_a_reply_as_large_as_the_cap_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "MAX_REPLY", 6)
    reader = ChunkReader(CONNECTION)
    assert texts(reader, delta("abc"), delta("def"), delta("", finish_reason="stop")) == [
        "abc",
        "def",
        "",
    ]
    assert reader.finished


def test_only_the_first_finish_reason_counts() -> None:
    reader = ChunkReader(CONNECTION)
    reader.read(delta("", finish_reason="length"))
    (item,) = reader.read(delta("", finish_reason="stop"))
    assert isinstance(item, dict)
    assert item["choices"][0]["finish_reason"] is None
    assert reader.done() == []


def test_an_unknown_finish_reason_leaves_a_note(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    (item,) = ChunkReader(CONNECTION).read(delta("", finish_reason="tired"))
    assert isinstance(item, dict)
    assert item["choices"][0]["finish_reason"] == "stop"
    assert "unknown finish reason" in caplog.text


@pytest.mark.parametrize("value", ["", None, 0, {}, []])
def test_an_error_event_that_says_nothing_is_an_error(value: Any) -> None:
    with pytest.raises(ChatError):
        ChunkReader(CONNECTION).read(value, error=True)


def test_an_error_of_an_unknown_shape_is_a_protocol_error() -> None:
    with pytest.raises(ProtocolError):
        ChunkReader(CONNECTION).read({"odd": 1}, error=True)


def test_what_is_skipped_says_why() -> None:
    reader = ChunkReader(CONNECTION)
    wrong: list[Any] = [1, {}, {"choices": [1]}, {"choices": [{}]}, delta({})]
    reasons = [
        item.why for value in wrong for item in reader.read(value) if isinstance(item, ChunkSkipped)
    ]
    assert len(reasons) == len(set(reasons)) == 5

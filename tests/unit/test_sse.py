"""The repair of event streams: the same events, wherever the bytes are cut."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.errors import ReplyTooLarge
from playground.events import ChunkSkipped, KeepAlive
from playground.sse import MAX_EVENT, Data, Done, Item, LineSplitter, read_events

#: CRLF, CR and LF, a byte-order mark, comments, fields, data without a space and over several
#: lines, characters of two, three and four bytes, an error, the end, and a tail without an end.
TANGLED = (
    b"\xef\xbb\xbf: welcome\r\n\r\n"
    b"event: message\r\nid: 7\r\nretry: 100\r\n"
    b'data:{"a": "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"}\r\n\r\n'
    b'data: {"b": [\r\n: within\r\ndata: {}\r\ndata: ]}\r\n\r\n'
    b'data: {"c": 1}\ndata: {"d": 2}\n'
    b"data: nothing\n\n"
    b"event: ping\rdata: 5\r\r"
    b"\xff\xfe: odd\n\n"
    b"error: oh\n\n"
    b"data: [DONE]\n\n"
    b'data: {"tail": "\xc3\xa9"}'
)
MEANT: list[Item] = [
    KeepAlive(),
    Data({"a": "é€😀"}),
    Data({"b": [{}]}),
    Data({"c": 1}),
    Data({"d": 2}),
    ChunkSkipped("not JSON"),
    KeepAlive(),
    Data("oh", error=True),
    Done(),
    Data({"tail": "é"}),
]


def test_a_tangled_stream_in_one_piece() -> None:
    assert list(read_events([TANGLED])) == MEANT


@pytest.mark.parametrize("offset", range(len(TANGLED) + 1))
def test_a_tangled_stream_split_at_each_byte(offset: int) -> None:
    assert list(read_events([TANGLED[:offset], TANGLED[offset:]])) == MEANT


@pytest.mark.parametrize("size", range(1, 40))
def test_a_tangled_stream_in_pieces_of_any_size(size: int) -> None:
    pieces = [TANGLED[i : i + size] for i in range(0, len(TANGLED), size)]
    assert list(read_events(pieces)) == MEANT


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
_VALUES = st.dictionaries(st.text(), _JSON, max_size=4)
_ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def _streams(draw: st.DrawFn) -> tuple[bytes, list[Any]]:
    """Draw a valid stream, written as oddly as the format allows, and the values in it."""
    end = draw(_ENDS)
    values = draw(st.lists(_VALUES, max_size=5))
    out = draw(st.sampled_from(["", "\ufeff"]))
    for value in values:
        out += draw(st.sampled_from(["", f": ping{end}{end}", f":{end}{end}", end]))
        out += draw(st.sampled_from(["", f"event: message{end}", f"id: 1{end}", f"odd: 1{end}"]))
        text = json.dumps(
            value,
            ensure_ascii=draw(st.booleans()),
            indent=draw(st.sampled_from([None, 0, 2])),
        )
        space = draw(st.sampled_from(["", " "]))
        for line in text.split("\n"):
            out += f"data:{space}{line}{end}"
        out += end
    if draw(st.booleans()):
        out = out.removesuffix(end)
    return out.encode(), values


@given(_streams(), st.lists(st.integers(0, 2_000)))
def test_any_split_of_any_valid_stream_gives_the_same_values(
    stream: tuple[bytes, list[Any]], cuts: list[int]
) -> None:
    wire, values = stream
    bounds = sorted({0, len(wire), *(cut % (len(wire) + 1) for cut in cuts)})
    pieces = [wire[a:b] for a, b in itertools.pairwise(bounds)]
    items = list(read_events(pieces))
    assert [item.value for item in items if isinstance(item, Data)] == values
    assert items == list(read_events([wire]))
    assert all(isinstance(item, (Data, KeepAlive)) for item in items)


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_no_bytes_at_all_make_it_fail(blocks: list[bytes]) -> None:
    items = list(read_events(blocks))
    assert items == list(read_events([b"".join(blocks)]))


@given(st.text(alphabet=st.sampled_from(list("ab\r\n")), max_size=40), st.integers(0, 40))
def test_lines_are_those_of_the_specification(text: str, cut: int) -> None:
    splitter = LineSplitter()
    wire = text.encode()
    lines = splitter.feed(wire[:cut]) + splitter.feed(wire[cut:]) + splitter.flush()
    expected = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not expected[-1]:
        expected.pop()
    assert [line.decode() for line in lines] == expected


@pytest.mark.parametrize(
    ("wire", "items"),
    [
        (b"", []),
        (b"\n\n\n", []),
        (b"data\n\n", []),
        (b"data:\n\n", []),
        (b"id: 1\n\n\n\n", []),
        (b"event: done\n\n", []),
        (b"event: PING\ndata: {}\n\n", [KeepAlive()]),
        (b"event: heartbeat\n\n", [KeepAlive()]),
        (b"event: error\n: comment\ndata: x\n\n", [Data("x", error=True)]),
        (b'event: error\ndata: {"a": 1}\n\n', [Data({"a": 1}, error=True)]),
        (b"event: error\ndata: a\ndata: b\n\n", [Data("a\nb", error=True)]),
        (b"data: [DONE]", [Done()]),
        (b"data: [DONE]\r\n", [Done()]),
        (b"data:  [DONE] \n\n", [Done()]),
        (b'data: {"a":1}\ndata: [DONE]\n', [Data({"a": 1}), Done()]),
        (b"data: a\ndata: b\n\n", [ChunkSkipped("not JSON")]),
        (b"data: a\ndata: 1\ndata: b\n\n", [ChunkSkipped("not JSON"), Data(1),
         ChunkSkipped("not JSON")]),
        (b"data: 1\ndata: [DONE]\n\n", [Data(1), Done()]),
        ('data: {"a": "x\u2028y\u0085z"}\n\n'.encode(), [Data({"a": "x\u2028y\u0085z"})]),
        (b"data: {\n\n", [ChunkSkipped("not JSON")]),
        (b"data: " + b"[" * 99_999 + b"\n\n", [ChunkSkipped("not JSON")]),
        (b'data: {"a": ' + b"[" * 99_999 + b"}\n\n", [ChunkSkipped("not JSON")]),
        (b"data: " + b"1" * 9_999 + b"\n\n", [ChunkSkipped("not JSON")]),
    ],
)  # fmt: skip
def test_what_a_stream_says(wire: bytes, items: list[Item]) -> None:
    assert list(read_events([wire])) == items


def test_an_event_is_given_out_as_soon_as_its_line_has_ended() -> None:
    asked = []

    def blocks() -> Iterator[bytes]:
        for part in (b'data: {"a": 1}\n', b'\ndata: {"b": 2}\r', b"\r"):
            asked.append(part)
            yield part

    events = read_events(blocks())
    assert next(events) == Data({"a": 1})
    assert len(asked) == 1
    assert next(events) == Data({"b": 2})
    assert len(asked) == 2


def test_a_keep_alive_is_given_out_at_once() -> None:
    def blocks() -> Iterator[bytes]:
        yield b": ping\n"
        pytest.fail("asked for more before the keep-alive was given out")

    assert next(read_events(blocks())) == KeepAlive()


def test_what_came_before_a_break_is_given_out_before_it_is_raised() -> None:
    def blocks() -> Iterator[bytes]:
        yield b'data: {"a": 1}\n\ndata: {"b": 2}'
        raise ConnectionResetError

    events = read_events(blocks())
    assert [next(events), next(events)] == [Data({"a": 1}), Data({"b": 2})]
    with pytest.raises(ConnectionResetError):
        next(events)


def _endless(block: bytes) -> Iterator[bytes]:
    while True:
        yield block


@pytest.mark.parametrize(
    "blocks",
    [
        _endless(b"x" * 65_536),
        _endless(b"data: " + b"x" * 1_000 + b"\n"),
        _endless(b"id: " + b"x" * 1_000 + b"\r"),
        [b"data: " + b"x" * MAX_EVENT + b"\n\n"],
    ],
    ids=["a-line", "data", "fields", "one-event"],
)
def test_the_cap_on_an_event_is_kept_and_named(blocks: Iterable[bytes]) -> None:
    with pytest.raises(ReplyTooLarge, match="1 MiB"):
        list(read_events(blocks))


def test_an_event_just_below_the_cap_is_read() -> None:
    text = "x" * (MAX_EVENT - 100)
    assert list(read_events([b"data: " + json.dumps({"a": text}).encode()])) == [Data({"a": text})]


def test_many_small_events_are_under_no_cap() -> None:
    wire = b'data: {"a": 1}\n\n' * 100
    assert len(list(read_events([wire] * 1_000))) == 100_000


def test_a_large_line_in_small_pieces_takes_no_quadratic_time() -> None:
    """Joining the whole line at each byte would copy 100 GB."""
    wire = b"data: " + json.dumps({"a": "x" * 500_000}).encode() + b"\n\n"
    rng = random.Random(7)  # noqa: S311 - not for secrets
    pieces, at = [], 0
    while at < len(wire):
        size = rng.choice((1, 2, 3))
        pieces.append(wire[at : at + size])
        at += size
    assert len(list(read_events(pieces))) == 1

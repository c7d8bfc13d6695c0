"""Every fault of a stream that the playground promises to bear, over a real socket."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable

import pytest

from playground.errors import (
    ChatError,
    ConnectionLost,
    ContextTooLong,
    FirstTokenTimeout,
    ProtocolError,
    RateLimited,
    ReplyTooLarge,
    ServerFailed,
    StreamStalled,
)
from playground.events import (
    FinishReason,
    ModelReported,
    Opened,
    StreamEvent,
    TextDelta,
    Usage,
    UsageReported,
)
from playground.reply import Status
from tests.endpoint.asking import Asker
from tests.endpoint.fault_server import (
    CLEAN,
    DONE,
    FINISH,
    HELLO,
    PATIENCE,
    FaultServer,
    Peer,
    answering,
    chunked,
    delta,
    event,
    head,
    streaming,
)

WHOLE = json.dumps(
    {
        "model": "phi-3",
        "choices": [
            {"message": {"role": "assistant", "content": "Hello"}, "finish_reason": "length"}
        ],
        "usage": {"prompt_tokens": 3, "completion_tokens": 1},
    }
)

#: "Hello, é€😀!" in every way that servers write it.
TANGLED = (
    b"\xef\xbb\xbf: welcome\r\n\r\n"
    b"event: message\r\nid: 7\r\nretry: 100\r\n"
    b"data:"
    + json.dumps(delta("Hello, ")).encode()
    + b"\r\n\r\n"
    + b'data: {"choices": [{"index": 0,\r\ndata: "delta":\r\n: in between\r\n'
    + 'data: {"content": "é€"}}\r\ndata: ]}\r\n\r\n'.encode()
    + b"data: "
    + json.dumps(delta("😀")).encode()
    + b"\r\r"
    + b'data: {"choices":[{"delta":{"content":"!"},"finish_reason":"stop"}]}\n\n'
    b": ping - 1\n\ndata:[DONE]\n\n"
)


def test_a_clean_stream_is_opened_spoken_and_finished(ask: Asker, server: FaultServer) -> None:
    server.script(streaming(CLEAN))
    got = ask()
    assert [type(e).__name__ for e in got.events] == ["Opened", *["TextDelta"] * 2, "Finished"]
    assert (got.text, got.finish, got.error) == ("Hello", FinishReason.STOP, None)
    assert got.reply.status is Status.COMPLETED


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize(
    "extra",
    ["", ": ping\n\n", "event: message\n", "id: 1\n", "retry: 10\n", "\ufeff", ": within\n"],
)
def test_line_ends_and_extra_lines_do_not_change_the_text(
    ask: Asker, server: FaultServer, end: str, extra: str
) -> None:
    stream = (extra + CLEAN.decode()).replace("\n", end).encode()
    server.script(streaming(stream))
    got = ask()
    assert (got.text, got.finish, got.skipped, got.error) == ("Hello", FinishReason.STOP, 0, None)


def test_data_without_a_space_is_data(ask: Asker, server: FaultServer) -> None:
    server.script(streaming(CLEAN.replace(b"data: ", b"data:")))
    assert ask().text == "Hello"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 16, 64])
def test_a_tangled_stream_reads_the_same_in_pieces_of_any_size(
    ask: Asker, server: FaultServer, size: int
) -> None:
    pieces = [TANGLED[i : i + size] for i in range(0, len(TANGLED), size)]
    server.script(streaming(*pieces))
    got = ask()
    assert (got.text, got.finish, got.skipped) == ("Hello, é€😀!", FinishReason.STOP, 0)
    assert got.keep_alives == 2


@pytest.mark.parametrize("offset", range(0, len(TANGLED), 9))
def test_a_tangled_stream_reads_the_same_when_split_anywhere(
    ask: Asker, server: FaultServer, offset: int
) -> None:
    server.script(streaming(TANGLED[:offset] or b"\n", TANGLED[offset:]))
    got = ask()
    assert (got.text, got.finish, got.skipped) == ("Hello, é€😀!", FinishReason.STOP, 0)


def test_byte_by_byte_on_the_socket(ask: Asker, server: FaultServer) -> None:
    def script(peer: Peer) -> None:
        peer.trickle(head() + chunked(TANGLED[:200]) + chunked(TANGLED[200:]) + chunked(b""))

    server.script(script)
    assert ask().text == "Hello, é€😀!"


def test_events_without_blank_lines_come_as_they_are_sent(ask: Asker, server: FaultServer) -> None:
    seen = threading.Event()

    def script(peer: Peer) -> None:
        peer.send(head() + chunked(b"data: " + json.dumps(delta("Hel")).encode() + b"\n"))
        assert seen.wait(PATIENCE)
        peer.send(chunked(b"data: " + json.dumps(delta("lo")).encode() + b"\n" + FINISH))
        peer.send(chunked(b""))

    server.script(script)
    assert ask(seen=_on(TextDelta, seen.set)).text == "Hello"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"error": {"message": "boom", "code": "internal"}}, ServerFailed),
        ({"error": "boom"}, ServerFailed),
        ({"error": {"message": "boom", "code": 500}}, ServerFailed),
        ({"error": {"message": "slow down", "code": 429}}, RateLimited),
        ({"error": {"message": "slow down", "code": "RateLimitReached"}}, RateLimited),
        ({"error": {"message": "the context window is full"}}, ContextTooLong),
        ({"object": "error", "message": "boom", "code": 500}, ServerFailed),
        ({"error": {"message": "boom"}, "choices": []}, ServerFailed),
    ],
)
def test_an_error_within_the_stream_is_shown_and_the_text_is_kept(
    ask: Asker, server: FaultServer, error: dict[str, object], kind: type[ChatError]
) -> None:
    server.script(streaming(HELLO + event(error) + DONE))
    got = ask()
    assert type(got.raised()) is kind
    assert got.text == "Hello"
    assert got.reply.status is Status.INTERRUPTED
    assert got.raised().detail in ("boom", "slow down", "the context window is full")


@pytest.mark.parametrize(
    "wire",
    [
        b'event: error\ndata: {"message": "boom"}\n\n',
        b"event: error\ndata: boom\n\n",
        b'error: {"code": 500, "message": "boom", "type": "server_error"}\n\n',
        b"error: boom\n",
    ],
    ids=["named-json", "named-text", "llama.cpp", "llama.cpp-text"],
)
def test_an_error_event_is_an_error(ask: Asker, server: FaultServer, wire: bytes) -> None:
    server.script(streaming(HELLO + wire))
    got = ask()
    assert type(got.raised()) is ServerFailed
    assert (got.text, got.raised().detail) == ("Hello", "boom")


@pytest.mark.parametrize("word", ["error", "abort", "cancelled"])
def test_a_finish_reason_that_means_giving_up_is_no_finish(
    ask: Asker, server: FaultServer, word: str
) -> None:
    server.script(streaming(HELLO + event(delta("", finish_reason=word)) + DONE))
    got = ask()
    assert type(got.raised()) is ServerFailed
    assert got.reply.status is Status.INTERRUPTED


@pytest.mark.parametrize("chunks", [True, False], ids=["chunked", "to-the-end"])
def test_a_stream_without_an_ending_is_interrupted(
    ask: Asker, server: FaultServer, *, chunks: bool
) -> None:
    def script(peer: Peer) -> None:
        peer.send(head(chunked=chunks) + (chunked(HELLO) + chunked(b"") if chunks else HELLO))
        peer.close()

    server.script(script)
    got = ask()
    assert (got.text, got.finish) == ("Hello", None)
    assert got.reply.status is Status.INTERRUPTED


def test_done_without_a_finish_reason_is_an_ending(ask: Asker, server: FaultServer) -> None:
    server.script(streaming(HELLO + DONE))
    assert ask().reply.status is Status.COMPLETED


@pytest.mark.parametrize("cut", [1, 2], ids=["no-blank-line", "no-line-end"])
def test_the_tail_without_a_line_end_is_kept(ask: Asker, server: FaultServer, cut: int) -> None:
    server.script(streaming(HELLO + event(delta("!"))[:-cut]))
    got = ask()
    assert got.text == "Hello!"
    assert got.reply.status is Status.INTERRUPTED


def test_a_tail_cut_within_its_json_is_skipped(ask: Asker, server: FaultServer) -> None:
    server.script(streaming(HELLO + event(delta("!"))[:-9]))
    got = ask()
    assert (got.text, got.skipped) == ("Hello", 1)
    assert got.reply.status is Status.INTERRUPTED


ODD = {
    "bad-json": b'data: {"choices": [\n\n',
    "no-json": b"data: hello\n\n",
    "a-number": b"data: 1\n\n",
    "null": b"data: null\n\n",
    "a-list": b"data: []\n\n",
    "too-deep": b"data: " + b"[" * 100_000 + b"\n\n",
    "huge-number": b"data: " + b"9" * 5_000 + b"\n\n",
    "no-choices": event({"id": "x"}),
    "choices-of-text": event({"choices": "x"}),
    "a-choice-of-text": event({"choices": ["x"]}),
    "null-delta": event({"choices": [{"index": 0, "delta": None}]}),
    "no-delta": event({"choices": [{"index": 0}]}),
    "odd-content": event({"choices": [{"delta": {"content": {"a": 1}}}]}),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_chunk_that_cannot_be_read_is_skipped_and_counted(
    ask: Asker, server: FaultServer, odd: bytes
) -> None:
    server.script(streaming(event(delta("Hel")) + odd + event(delta("lo")) + FINISH + DONE))
    got = ask()
    assert (got.text, got.skipped, got.error) == ("Hello", 1, None)
    assert got.reply.status is Status.COMPLETED


def test_more_than_three_skipped_chunks_make_it_interrupted(
    ask: Asker, server: FaultServer
) -> None:
    server.script(streaming(HELLO + ODD["bad-json"] * 4 + FINISH + DONE))
    got = ask()
    assert got.reply.status is Status.INTERRUPTED
    assert got.reply.text == "Hello"


def test_invalid_utf8_becomes_replacement_characters(ask: Asker, server: FaultServer) -> None:
    bad = event(delta("a?b")).replace(b"a?b", b"a\xff\xe2\x82b")
    server.script(streaming(bad + FINISH + DONE))
    got = ask()
    assert (got.text, got.skipped) == ("a\ufffd\ufffdb", 0)


def test_half_a_surrogate_pair_waits_for_the_other_half(ask: Asker, server: FaultServer) -> None:
    halves = event(delta("\ud83d")) + event(delta("\ude00!")) + event(delta("\ude00?"))
    server.script(streaming(halves + FINISH + DONE))
    assert ask().text == "😀!\ufffd?"


NO_STREAMS = {
    "ok": (b"OK", "text/plain", "OK", "text/plain"),
    "html": (
        b"<!doctype html><title>Sign in</title><script>x()</script>",
        "text/html",
        "Sign in",
        "text/html",
    ),
    "json": (b'{"status": "ok"}', "application/json", '{"status": "ok"}', "application/json"),
    "ollama": (
        b'{"model":"phi3","done":false}\n{"done":true}\n',
        "application/x-ndjson",
        '{"model":"phi3","done":false} {"done":true}',
        "application/x-ndjson",
    ),
    "not-typed": (b"hello", "", "hello", "no content type"),
    "says-stream": (b"OK", "text/event-stream", "OK", "text/event-stream"),
    "says-stream-html": (b"<html>Hi</html>", "text/event-stream", "Hi", "text/event-stream"),
    "binary": (b"\x00\x01\x02\xff\xfe", "image/png", "\ufffd\ufffd", "image/png"),
    "no-chunk": (b"data: hello\n\n", "text/event-stream", "data: hello", "text/event-stream"),
}


@pytest.mark.parametrize(("body", "kind", "said", "named"), NO_STREAMS.values(), ids=NO_STREAMS)
def test_a_200_that_is_no_stream_says_what_came_back(
    ask: Asker, server: FaultServer, body: bytes, kind: str, said: str, named: str
) -> None:
    server.script(answering(body, kind))
    error = ask().raised()
    assert type(error) is ProtocolError
    assert error.detail == said
    assert named in error.happened
    assert "<" not in error.happened + error.detail


def test_what_came_back_is_told_in_80_characters(ask: Asker, server: FaultServer) -> None:
    server.script(answering("word " * 1000, "text/plain"))
    assert len(ask().raised().detail) <= 80


@pytest.mark.parametrize("kind", ["application/json", "text/event-stream"])
def test_an_empty_200_is_a_protocol_error(ask: Asker, server: FaultServer, kind: str) -> None:
    server.script(answering("", kind))
    error = ask().raised()
    assert type(error) is ProtocolError
    assert "empty" in error.happened


def test_a_text_that_never_ends_is_told_at_a_glance(ask: Asker, server: FaultServer) -> None:
    def script(peer: Peer) -> None:
        peer.send(head(content_type="text/plain") + chunked(b"x" * 10_000))
        peer.wait_gone()

    server.script(script)
    assert type(ask().raised()) is ProtocolError
    assert server.peers[0].gone.wait(PATIENCE)


def test_a_json_error_with_status_200_is_that_error(ask: Asker, server: FaultServer) -> None:
    server.script(answering('{"error": {"code": "RateLimitReached", "message": "wait 5 s"}}'))
    error = ask().raised()
    assert type(error) is RateLimited
    assert error.retry_after == 5


@pytest.mark.parametrize("kind", ["application/json", "text/event-stream"])
def test_a_whole_answer_in_one_piece_is_taken(ask: Asker, server: FaultServer, kind: str) -> None:
    server.script(answering(WHOLE, kind))
    got = ask()
    assert (got.text, got.finish) == ("Hello", FinishReason.LENGTH)
    assert ModelReported("phi-3") in got.events
    assert UsageReported(Usage(3, 1)) in got.events


def test_a_whole_answer_over_its_cap_ends_there(ask: Asker, server: FaultServer) -> None:
    server.script(answering(b'{"choices": "' + b"x" * 3_000_000, "application/json"))
    error = ask().raised()
    assert type(error) is ReplyTooLarge
    assert "2 MiB" in error.happened


def test_a_whole_answer_that_breaks_off_is_a_lost_connection(
    ask: Asker, server: FaultServer
) -> None:
    def script(peer: Peer) -> None:
        peer.send(head(content_type="application/json") + chunked(WHOLE[:40].encode()))
        peer.close()

    server.script(script)
    assert type(ask().raised()) is ConnectionLost


def test_text_that_breaks_off_is_told_as_far_as_it_came(ask: Asker, server: FaultServer) -> None:
    def script(peer: Peer) -> None:
        peer.send(head(content_type="text/plain") + chunked(b"good afternoon"))
        peer.close()

    server.script(script)
    error = ask().raised()
    assert (type(error), error.detail) == (ProtocolError, "good afternoon")


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "", "application/octet-stream"])
def test_a_stream_with_a_wrong_content_type_is_read(
    ask: Asker, server: FaultServer, kind: str
) -> None:
    server.script(answering(CLEAN, kind))
    assert ask().text == "Hello"


def test_a_compressed_answer_is_named(ask: Asker, server: FaultServer) -> None:
    server.script(answering(gzip.compress(CLEAN), headers=["Content-Encoding: gzip"]))
    error = ask().raised()
    assert type(error) is ProtocolError
    assert "compressed" in error.happened


@pytest.mark.parametrize("end", [b"\n\n", b""], ids=["whole", "endless"])
def test_a_huge_line_ends_at_the_cap(ask: Asker, server: FaultServer, end: bytes) -> None:
    def script(peer: Peer) -> None:
        peer.send(head() + chunked(HELLO + b"data: "))
        for _ in range(17):
            peer.send(chunked(b"x" * 65_536))
        peer.send(chunked(end or b"x"))
        peer.wait_gone()

    server.script(script)
    got = ask()
    assert type(got.raised()) is ReplyTooLarge
    assert "1 MiB" in got.raised().happened
    assert (got.text, got.reply.status) == ("Hello", Status.INTERRUPTED)


def test_an_event_of_many_lines_ends_at_the_cap(ask: Asker, server: FaultServer) -> None:
    server.script(streaming(HELLO, *[b"data: " + b"x" * 50_000 + b"\n"] * 22))
    got = ask()
    assert type(got.raised()) is ReplyTooLarge
    assert got.text == "Hello"


def test_an_endless_reply_ends_at_the_cap(ask: Asker, server: FaultServer) -> None:
    def script(peer: Peer) -> None:
        peer.send(head())
        for _ in range(1_000):
            peer.send(chunked(event(delta("é" * 1_000))))

    server.script(script)
    got = ask()
    assert type(got.raised()) is ReplyTooLarge
    assert "1 MB" in got.raised().happened
    assert got.text == "é" * 500_000
    assert server.peers[0].gone.wait(PATIENCE)


@pytest.mark.parametrize("chunks", [True, False], ids=["chunked", "length"])
@pytest.mark.parametrize("how", [Peer.reset, Peer.close], ids=["reset", "closed"])
def test_a_break_in_mid_stream_is_an_interruption(
    ask: Asker, server: FaultServer, how: Callable[[Peer], None], *, chunks: bool
) -> None:
    seen = threading.Event()

    def script(peer: Peer) -> None:
        if chunks:
            peer.send(head() + chunked(HELLO))
        else:
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nContent-Type: text/event-stream")
            peer.send(b"\r\n\r\n" + HELLO)
        assert seen.wait(PATIENCE)
        how(peer)

    server.script(script)

    def mark(event: StreamEvent) -> None:
        if event == TextDelta("lo"):
            seen.set()

    got = ask(seen=mark)
    assert type(got.raised()) is ConnectionLost
    assert (got.text, got.reply.status) == ("Hello", Status.INTERRUPTED)
    assert len(server.requests) == 1, "never retried by itself after the first token"


def test_text_before_a_break_is_kept_to_the_last_byte(ask: Asker, server: FaultServer) -> None:
    def script(peer: Peer) -> None:
        peer.send(head() + chunked(HELLO + event(delta("!"))[:-2]))
        peer.close()

    server.script(script)
    got = ask()
    assert type(got.raised()) is ConnectionLost
    assert got.text == "Hello!"


def test_a_break_after_the_finish_reason_does_not_matter(ask: Asker, server: FaultServer) -> None:
    def script(peer: Peer) -> None:
        peer.send(head() + chunked(HELLO + FINISH))
        peer.close()

    server.script(script)
    assert ask().reply.status is Status.COMPLETED


def test_silence_after_the_finish_reason_does_not_matter(
    ask: Asker, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.exchange.AFTER_FINISH_SECONDS", 0.1)

    def script(peer: Peer) -> None:
        peer.send(head() + chunked(HELLO + FINISH))
        peer.wait_gone()

    server.script(script)
    assert ask().reply.status is Status.COMPLETED
    assert server.peers[0].gone.wait(PATIENCE)


def test_the_token_counts_follow_the_finish_reason(ask: Asker, server: FaultServer) -> None:
    usage = {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 2}}
    server.script(streaming(HELLO + FINISH, event(usage), DONE))
    got = ask()
    assert got.events[-1] == UsageReported(Usage(5, 2))
    assert got.reply.usage == Usage(5, 2)


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        "many",
        {"prompt_tokens": 1},
        {"prompt_tokens": "1", "completion_tokens": 2},
        {"prompt_tokens": -1, "completion_tokens": 2},
        {"prompt_tokens": True, "completion_tokens": 2},
    ],
)
def test_odd_token_counts_are_left_alone(ask: Asker, server: FaultServer, usage: object) -> None:
    server.script(streaming(HELLO + event({"choices": [], "usage": usage}) + FINISH + DONE))
    got = ask()
    assert (got.text, got.skipped, got.reply.usage) == ("Hello", 0, None)


def test_token_counts_may_come_without_choices(ask: Asker, server: FaultServer) -> None:
    usage = {"choices": None, "usage": {"prompt_tokens": 5, "completion_tokens": 2}}
    server.script(streaming(HELLO + FINISH + event(usage) + DONE))
    assert ask().reply.usage == Usage(5, 2)


def test_the_model_is_reported_once(ask: Asker, server: FaultServer) -> None:
    first = {"model": "", "choices": [], "prompt_filter_results": []}
    named = {**delta("Hel"), "model": "phi-3-mini", "system_fingerprint": "fp_1"}
    server.script(streaming(event(first) + event(named) + event(named) + FINISH + DONE))
    got = ask()
    reported = [e for e in got.events if isinstance(e, ModelReported)]
    assert reported == [ModelReported("phi-3-mini", "fp_1")]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("stop", FinishReason.STOP),
        ("length", FinishReason.LENGTH),
        ("content_filter", FinishReason.CONTENT_FILTER),
        ("tool_calls", FinishReason.STOP),
        ("LENGTH", FinishReason.LENGTH),
        ("something-new", FinishReason.STOP),
    ],
)
def test_finish_reasons(ask: Asker, server: FaultServer, given: str, meant: FinishReason) -> None:
    server.script(streaming(HELLO + event(delta("", finish_reason=given)) + DONE))
    assert ask().finish is meant


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, ""),
        ("", ""),
        ([{"type": "text", "text": "a"}, {"type": "image"}, "b"], "ab"),
        ([], ""),
    ],
)
def test_content_may_be_null_or_a_list_of_parts(
    ask: Asker, server: FaultServer, content: object, text: str
) -> None:
    chunk = {"choices": [{"index": 0, "delta": {"role": "assistant", "content": content}}]}
    server.script(streaming(HELLO + event(chunk) + FINISH + DONE))
    got = ask()
    assert (got.text, got.skipped) == ("Hello" + text, 0)


def test_only_the_first_choice_is_shown(ask: Asker, server: FaultServer) -> None:
    two = {"choices": [{"index": 1, "delta": {"content": "no"}}]}
    server.script(streaming(HELLO + event(two) + FINISH + DONE))
    assert ask().text == "Hello"


@pytest.mark.parametrize("chunks", [True, False], ids=["chunked", "to-the-end"])
def test_the_first_token_is_never_held_back(
    ask: Asker, server: FaultServer, *, chunks: bool
) -> None:
    seen = threading.Event()

    def script(peer: Peer) -> None:
        first = event(delta("Hel"))
        peer.send(head(chunked=chunks) + (chunked(first) if chunks else first))
        assert seen.wait(PATIENCE), "the first token did not come before the second was sent"
        rest = event(delta("lo")) + FINISH + DONE
        peer.send(chunked(rest) + chunked(b"") if chunks else rest)
        peer.close()

    server.script(script)
    assert ask(seen=_on(TextDelta, seen.set)).text == "Hello"


def test_a_token_within_a_chunk_that_is_not_complete_is_not_held_back(
    ask: Asker, server: FaultServer
) -> None:
    seen = threading.Event()
    whole = chunked(CLEAN)

    def script(peer: Peer) -> None:
        peer.send(head() + whole[:90])
        assert seen.wait(PATIENCE)
        peer.send(whole[90:] + chunked(b""))

    server.script(script)
    assert ask(seen=_on(TextDelta, seen.set)).text == "Hello"


def _silent_at(sent: bytes) -> Callable[[Peer], None]:
    def script(peer: Peer) -> None:
        peer.send(sent)
        peer.wait_gone()

    return script


@pytest.mark.parametrize(
    "sent",
    [b"", b"HTTP/1.1 200", head(), head() + chunked(event(delta(""))), head() + b"5"],
    ids=["nothing", "half-a-head", "head", "role", "half-a-chunk-length"],
)
def test_no_first_token_in_time(ask: Asker, server: FaultServer, sent: bytes) -> None:
    ask.connect(first_token_timeout=0.15)
    server.script(_silent_at(sent))
    error = ask().raised()
    assert type(error) is FirstTokenTimeout
    assert "0.15 seconds" in error.happened
    assert server.peers[0].gone.wait(PATIENCE)


def test_silence_in_mid_answer(ask: Asker, server: FaultServer) -> None:
    ask.connect(idle_timeout=0.15)
    server.script(_silent_at(head() + chunked(HELLO)))
    got = ask()
    assert type(got.raised()) is StreamStalled
    assert (got.text, got.reply.status) == ("Hello", Status.INTERRUPTED)
    assert server.peers[0].gone.wait(PATIENCE)


def _pinging(before: bytes, ping: bytes) -> Callable[[Peer], None]:
    def script(peer: Peer) -> None:
        peer.send(head() + before)
        while not peer.gone.wait(0.02):
            peer.send(ping)

    return script


PINGS = {
    "comment": chunked(b": ping\n\n"),
    "event": chunked(b"event: ping\ndata: {}\n\n"),
    "empty-delta": chunked(event(delta(""))),
    "blank-lines": chunked(b"\n\n"),
    "bad-chunks": chunked(b"data: x\n\n"),
    "chunk-extension": b"1;a=b\r\n\n\r\n",
}


@pytest.mark.parametrize("ping", PINGS.values(), ids=PINGS)
@pytest.mark.parametrize(
    ("before", "kind"),
    [(b"", FirstTokenTimeout), (chunked(HELLO), StreamStalled)],
    ids=["before", "after"],
)
def test_keep_alives_are_no_tokens(
    ask: Asker, server: FaultServer, before: bytes, kind: type[ChatError], ping: bytes
) -> None:
    ask.connect(first_token_timeout=0.2, idle_timeout=0.2)
    server.script(_pinging(before, ping))
    assert type(ask().raised()) is kind


def test_single_bytes_of_a_chunk_length_do_not_extend_the_deadline(
    ask: Asker, server: FaultServer
) -> None:
    ask.connect(first_token_timeout=0.2)
    server.script(_pinging(b"1;", b"x"))
    assert type(ask().raised()) is FirstTokenTimeout


def test_the_callers_own_time_is_no_silence_of_the_server(ask: Asker, server: FaultServer) -> None:
    ask.connect(idle_timeout=0.2)
    server.script(streaming(event(delta("Hel")), event(delta("lo")), FINISH, DONE))
    pause = threading.Event()
    got = ask(seen=_on(TextDelta, lambda: pause.wait(0.3)))
    assert (got.text, got.error) == ("Hello", None)


def test_keep_alives_are_reported(ask: Asker, server: FaultServer) -> None:
    server.script(streaming(b": one\n\n", b"event: ping\ndata: 2\n\n", event(delta("")), CLEAN))
    got = ask()
    assert got.keep_alives == 3
    assert isinstance(got.events[0], Opened)


def _on(kind: type[StreamEvent], act: Callable[[], object]) -> Callable[[StreamEvent], None]:
    def seen(event: StreamEvent) -> None:
        if isinstance(event, kind):
            act()

    return seen

"""Events folded into a reply: what each does, and each way to end."""

from __future__ import annotations

import sys
import threading
import types
import typing
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.errors import (
    ChatError,
    ConnectionLost,
    ProtocolError,
    RateLimited,
    ServerFailed,
    StreamStalled,
)
from playground.events import (
    ChunkSkipped,
    Finished,
    FinishReason,
    KeepAlive,
    ModelReported,
    Opened,
    Queued,
    RetryScheduled,
    StreamEvent,
    TextDelta,
    Usage,
    UsageReported,
)
from playground.growth import Growth
from playground.reply import MAX_SKIPPED_CHUNKS, Phase, Reply, ReplyFold, Status
from tests.support.sources import DONE, PATIENCE


class Clock:
    """Stands for the module `time` in playground.reply."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return 1_795_000_000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("playground.reply.time", clock)
    return clock


def folded(*events: StreamEvent) -> ReplyFold:
    fold = ReplyFold()
    for event in events:
        fold.apply(event)
    return fold


def ended(*events: StreamEvent, stopped: bool = False, error: ChatError | None = None) -> Reply:
    fold = folded(*events)
    assert fold.end(stopped=stopped, error=error)
    return fold.snapshot()


# What each event does. The table is complete: the test after it says so.

EVENTS: list[tuple[StreamEvent, dict[str, object]]] = [
    (Opened("req-1"), {"phase": Phase.WAITING, "request_id": "req-1"}),
    (KeepAlive(), {}),
    (Queued(2), {"phase": Phase.QUEUED, "ahead": 2}),
    (
        TextDelta("Hi"),
        {
            "phase": Phase.STREAMING,
            "text": "Hi",
            "pieces": 1,
            "first_token_after": 0.0,
            "growth": Growth((0.0,), (2,)),
        },
    ),
    (ModelReported("phi3", "fp"), {"model_reported": "phi3", "fingerprint": "fp"}),
    (UsageReported(Usage(3, 4)), {"usage": Usage(3, 4)}),
    (DONE, {}),
    (ChunkSkipped("no JSON"), {"skipped": 1}),
    (RetryScheduled(ServerFailed(), 2.0, 1), {"phase": Phase.RETRYING, "retry_at": 2.0}),
]


@pytest.mark.parametrize(("event", "changes"), EVENTS, ids=lambda v: type(v).__name__)
def test_what_an_event_does_and_that_it_does_nothing_else(
    event: StreamEvent, changes: dict[str, object], clock: Clock
) -> None:
    before, after = ReplyFold().snapshot(), folded(event).snapshot()
    differing = {
        name: getattr(after, name)
        for name in Reply.__dataclass_fields__
        if getattr(after, name) != getattr(before, name) and name != "error"
    }
    assert differing == changes
    assert after.running


def test_the_table_of_events_is_complete() -> None:
    assert {type(event) for event, _ in EVENTS} == set(typing.get_args(StreamEvent))


def test_a_new_reply_is_running_and_connecting(clock: Clock) -> None:
    assert ReplyFold().snapshot() == Reply(started_at=clock.time())
    assert Reply().running


def test_text_is_joined_in_order_across_snapshots() -> None:
    fold = ReplyFold()
    for piece, so_far in [("Par", "Par"), ("is", "Paris"), (".", "Paris.")]:
        fold.apply(TextDelta(piece))
        assert fold.snapshot().text == so_far
        assert fold.snapshot().text == so_far


def test_growth_counts_from_the_request_and_ends_with_the_text(clock: Clock) -> None:
    fold = folded(Queued(1))
    clock.now += 60
    fold.apply(Queued(None))
    events: list[tuple[float, StreamEvent]] = [
        (0.5, RetryScheduled(ServerFailed(), 1.0, 1)),
        (1.5, TextDelta("One ")),
        (1.0, TextDelta("two")),
        (1.0, KeepAlive()),
    ]
    for pause, event in events:
        clock.now += pause
        fold.apply(event)
    assert fold.end(stopped=True)
    fold.apply(TextDelta(" three"))
    reply = fold.snapshot()
    assert reply.growth == Growth((2.0, 3.0), (4, 7)), "waiting in line is no server's time"
    assert (reply.text, reply.elapsed) == ("One two", 4.0)
    assert ended(Finished(FinishReason.STOP)).growth is None


def test_only_the_first_text_sets_its_time(clock: Clock) -> None:
    fold = folded(Opened())
    clock.now += 1.5
    fold.apply(TextDelta("a"))
    clock.now += 1
    fold.apply(TextDelta("b"))
    assert fold.snapshot().first_token_after == 1.5
    assert fold.snapshot().elapsed == 2.5


def test_waiting_in_line_makes_no_server_look_slow(clock: Clock) -> None:
    fold = folded(Queued(2))
    clock.now += 60
    assert fold.snapshot().elapsed == 60
    fold.apply(Queued(None))
    assert (fold.snapshot().phase, fold.snapshot().ahead) == (Phase.CONNECTING, None)
    clock.now += 2
    fold.apply(TextDelta("Hi"))
    assert fold.snapshot().first_token_after == 2


def test_waiting_in_line_between_two_attempts_counts(clock: Clock) -> None:
    fold = folded(RetryScheduled(ServerFailed(), 2.0, 1))
    clock.now += 2
    fold.sent_again()
    for event in (Queued(0), Queued(None), TextDelta("Hi")):
        clock.now += 1
        fold.apply(event)
    assert fold.snapshot().first_token_after == 5


def test_who_is_stopped_in_line_waits_no_more() -> None:
    assert ended(Queued(2), stopped=True).ahead is None


def test_a_piece_without_text_is_no_token() -> None:
    """Servers open with an empty piece; it must not stop the clock of the first token."""
    reply = ended(TextDelta(""), error=ConnectionLost())
    assert (reply.status, reply.pieces) == (Status.FAILED, 0)
    assert reply.first_token_after is None


def test_a_scheduled_retry_shows_its_reason_until_it_starts(clock: Clock) -> None:
    problem = RateLimited()
    clock.now += 0.5
    fold = folded()
    clock.now += 1
    fold.apply(RetryScheduled(problem, 5.0, 1))
    waiting = fold.snapshot()
    assert (waiting.phase, waiting.error, waiting.retry_at) == (Phase.RETRYING, problem, 6.0)
    fold.sent_again()
    again = fold.snapshot()
    assert (again.phase, again.error, again.retry_at) == (Phase.CONNECTING, None, None)


# Endings.


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (FinishReason.STOP, Status.COMPLETED),
        (FinishReason.LENGTH, Status.TRUNCATED),
        (FinishReason.CONTENT_FILTER, Status.FILTERED),
    ],
)
@pytest.mark.parametrize("text", ["", "Paris."])
def test_a_finish_reason_ends_it_with_text_or_without(
    reason: FinishReason, status: Status, text: str
) -> None:
    reply = ended(Opened(), TextDelta(text), Finished(reason))
    assert (reply.status, reply.text, reply.error) == (status, text, None)
    assert not reply.running


@pytest.mark.parametrize(("text", "status"), [("", Status.FAILED), ("Par", Status.INTERRUPTED)])
def test_without_a_finish_reason_it_is_never_complete(text: str, status: Status) -> None:
    reply = ended(Opened(), TextDelta(text))
    assert (reply.status, reply.text) == (status, text)
    assert type(reply.error) is ConnectionLost
    assert ("Continue" in reply.error.advice) == bool(text), "there is nothing to go on from"


@pytest.mark.parametrize(("text", "status"), [("", Status.FAILED), ("Par", Status.INTERRUPTED)])
def test_an_error_keeps_the_text_and_is_told(text: str, status: Status) -> None:
    error = StreamStalled()
    reply = ended(TextDelta(text), error=error)
    assert (reply.status, reply.text) == (status, text)
    assert reply.error is error


@pytest.mark.parametrize("events", [(), (TextDelta("Par"),), (TextDelta("Paris."), DONE)])
def test_stopped_is_stopped_whatever_came(events: tuple[StreamEvent, ...]) -> None:
    reply = ended(*events, stopped=True, error=ConnectionLost())
    assert (reply.status, reply.error) == (Status.STOPPED, None)


def test_stopping_a_retry_leaves_no_error_and_no_countdown() -> None:
    reply = ended(RetryScheduled(RateLimited(), 5.0, 1), stopped=True)
    assert (reply.status, reply.error, reply.retry_at) == (Status.STOPPED, None, None)


def test_three_unreadable_pieces_are_forgiven_and_a_fourth_is_not() -> None:
    skipped = [ChunkSkipped("no JSON")] * MAX_SKIPPED_CHUNKS
    assert ended(TextDelta("Paris."), *skipped, DONE).status is Status.COMPLETED
    reply = ended(TextDelta("Paris."), *skipped, ChunkSkipped("no JSON"), DONE)
    assert (reply.status, reply.text, reply.skipped) == (Status.INTERRUPTED, "Paris.", 4)
    assert isinstance(reply.error, ProtocolError)
    assert reply.error.happened == "4 pieces of the answer could not be read."


def test_an_error_that_ended_it_is_told_before_unreadable_pieces() -> None:
    reply = ended(TextDelta("Par"), *[ChunkSkipped("")] * 9, error=StreamStalled())
    assert isinstance(reply.error, StreamStalled)


def test_it_ends_once() -> None:
    fold = folded(TextDelta("Paris."), DONE)
    assert fold.end()
    assert not fold.end(stopped=True)
    assert not fold.end(error=ConnectionLost())
    assert fold.snapshot().status is Status.COMPLETED


@pytest.mark.parametrize("event", [event for event, _ in EVENTS], ids=lambda e: type(e).__name__)
def test_what_comes_after_the_end_is_dropped(event: StreamEvent) -> None:
    fold = folded(TextDelta("Par"))
    fold.end(error=ConnectionLost())
    before = fold.snapshot()
    fold.apply(event)
    fold.sent_again()
    assert fold.snapshot() == before


def test_the_time_stands_still_after_the_end(clock: Clock) -> None:
    fold = folded(TextDelta("Hi"), DONE)
    clock.now += 2
    assert fold.snapshot().elapsed == 2
    fold.end()
    clock.now += 100
    assert fold.snapshot().elapsed == 2


# Figures.


def test_pieces_are_counted_until_the_server_states_its_count() -> None:
    assert Reply(pieces=7).completion_tokens == (7, False)
    assert Reply(pieces=7, usage=Usage(3, 9)).completion_tokens == (9, True)
    assert Reply(pieces=7, usage=Usage(3, 0)).completion_tokens == (0, True)


@pytest.mark.parametrize(
    ("reply", "speed"),
    [
        (Reply(pieces=11, first_token_after=1.0, elapsed=3.0), 5.0),
        (Reply(pieces=2, usage=Usage(1, 21), first_token_after=1.0, elapsed=3.0), 10.0),
        (Reply(pieces=0), None),
        (Reply(pieces=1, first_token_after=1.0, elapsed=3.0), None),
        (Reply(pieces=9, first_token_after=1.0, elapsed=1.0), None),
        (Reply(pieces=9, usage=Usage(1, 9), elapsed=3.0), None),
    ],
    ids=["pieces", "counted", "nothing", "one token", "no time", "no text"],
)
def test_the_speed_counts_from_the_first_token_to_the_end(
    reply: Reply, speed: float | None
) -> None:
    assert reply.tokens_per_second == speed


# Any sequence, and many threads.

ANY_EVENT = st.one_of(
    st.text(max_size=5).map(TextDelta),
    st.just(KeepAlive()),
    st.just(Opened()),
    st.just(ChunkSkipped("x")),
    st.sampled_from(FinishReason).map(Finished),
    st.just(UsageReported(Usage(1, 2))),
)


@given(
    st.lists(ANY_EVENT),
    st.tuples(st.booleans(), st.sampled_from([None, ConnectionLost()])),
)
def test_whatever_comes_the_text_is_kept_and_complete_means_the_server_said_so(
    events: list[StreamEvent], how: tuple[bool, ChatError | None]
) -> None:
    reply = ended(*events, stopped=how[0], error=how[1])
    assert reply.text == "".join(e.text for e in events if isinstance(e, TextDelta))
    assert not reply.running
    if reply.status in (Status.COMPLETED, Status.TRUNCATED, Status.FILTERED):
        assert any(isinstance(e, Finished) for e in events)
        assert reply.error is None
    if reply.status in (Status.INTERRUPTED, Status.FAILED):
        assert reply.error is not None
    if reply.status is Status.FAILED:
        assert not reply.text


@pytest.fixture
def _eager_switching() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_eager_switching")
def test_many_readers_never_lose_or_double_text_while_it_grows() -> None:
    fold = ReplyFold()
    pieces = [f"{number} " for number in range(3000)]
    whole = "".join(pieces)
    wrong: list[str] = []
    written = threading.Event()

    def read() -> None:
        last = ""
        while not written.is_set():
            reply = fold.snapshot()
            expected = "".join(pieces[: reply.pieces])
            if reply.text != expected or not reply.text.startswith(last):
                wrong.append(reply.text)
                return
            last = reply.text

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for piece in pieces:
        fold.apply(TextDelta(piece))
    written.set()
    for reader in readers:
        reader.join(PATIENCE)
    assert wrong == []
    assert fold.snapshot().text == whole


def test_a_piece_that_arrives_as_another_thread_ends_it_comes_before_the_end_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Otherwise a stopped reply would grow by one piece after it was kept."""
    fold = ReplyFold()
    writing, go_on = threading.Event(), threading.Event()
    ended_with: list[str] = []

    def monotonic() -> float:
        if threading.current_thread() is writer:
            writing.set()
            go_on.wait(PATIENCE)
        return 0.0

    def end() -> None:
        fold.end(stopped=True)
        ended_with.append(fold.snapshot().text)

    writer = threading.Thread(target=fold.apply, args=(TextDelta("late"),))
    ender = threading.Thread(target=end)
    monkeypatch.setattr("playground.reply.time", types.SimpleNamespace(monotonic=monotonic))
    writer.start()
    assert writing.wait(PATIENCE)
    ender.start()
    ender.join(0.1)  # it would be done by then if it did not wait for the writer
    go_on.set()
    writer.join(PATIENCE)
    ender.join(PATIENCE)
    assert ended_with == [fold.snapshot().text]

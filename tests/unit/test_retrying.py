"""When a request is sent again, how often, and how soon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from playground import errors
from playground.errors import ChatError
from playground.events import (
    Finished,
    FinishReason,
    KeepAlive,
    Opened,
    RetryScheduled,
    StreamEvent,
    TextDelta,
)
from playground.messages import Message, Role
from playground.request import ChatRequest
from playground.retrying import MAX_WAIT, stream_with_retries
from playground.stop import StopSignal

REQUEST = ChatRequest("phi", (Message(Role.USER, "Hi"),))
DONE: list[StreamEvent] = [Opened(), TextDelta("Hello"), Finished(FinishReason.STOP)]


class Scripted:
    """An endpoint whose attempts go as told: events, and then perhaps an error."""

    def __init__(self, *attempts: Sequence[StreamEvent | ChatError]) -> None:
        self.attempts = list(attempts)
        self.asked = 0

    def stream(self, request: ChatRequest, stop: StopSignal) -> Iterator[StreamEvent]:
        assert request is REQUEST
        self.asked += 1
        for event in self.attempts.pop(0):
            if isinstance(event, ChatError):
                raise event
            yield event

    def close(self) -> None:
        """Nothing to close."""


class Clock(StopSignal):
    """A stop signal in whose world no time passes; `stops_at` is the wait that is stopped."""

    def __init__(self, stops_at: int = 0) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.stops_at = stops_at

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        if len(self.waits) == self.stops_at:
            self.stop()
        return self.stopped


def run(endpoint: Scripted, stop: StopSignal) -> tuple[list[StreamEvent], ChatError | None]:
    events: list[StreamEvent] = []
    try:
        for event in stream_with_retries(endpoint, REQUEST, stop):
            events.append(event)  # noqa: PERF402 - what came before the error counts
    except ChatError as error:
        return events, error
    return events, None


def limited(wait: float | None = None, status: int | None = 429) -> ChatError:
    return errors.RateLimited(status=status, retry_after=wait)


def failed(status: int | None = 503) -> ChatError:
    return errors.ServerFailed(status=status)


def test_what_succeeds_is_sent_once() -> None:
    endpoint, clock = Scripted(DONE), Clock()
    assert run(endpoint, clock) == (DONE, None)
    assert clock.waits == []


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 599])
def test_a_passing_failure_is_sent_again_after_one_second_and_seen(status: int) -> None:
    error = limited(status=status) if status == 429 else failed(status)
    endpoint, clock = Scripted([error], DONE), Clock()
    events, raised = run(endpoint, clock)
    assert events == [RetryScheduled(error, 1.0, 1), KeepAlive(), *DONE]
    assert raised is None
    assert clock.waits == [1.0]


def test_after_two_more_attempts_it_is_given_up() -> None:
    last = failed()
    endpoint, clock = Scripted([failed()], [failed()], [last], DONE), Clock()
    events, raised = run(endpoint, clock)
    assert raised is last
    assert [e.attempt for e in events if isinstance(e, RetryScheduled)] == [1, 2]
    assert clock.waits == [1.0, 2.0]
    assert endpoint.asked == 3


@pytest.mark.parametrize("wait", [0.0, 0.5, 7.0, MAX_WAIT])
def test_a_wait_that_the_server_names_is_kept(wait: float) -> None:
    endpoint, clock = Scripted([limited(wait)], DONE), Clock()
    events, raised = run(endpoint, clock)
    assert raised is None
    assert clock.waits == [wait]
    assert isinstance(events[0], RetryScheduled)
    assert events[0].wait == wait


@pytest.mark.parametrize("wait", [MAX_WAIT + 0.1, 46.0, 52_220.0])
def test_a_long_wait_is_not_waited_but_shown(wait: float) -> None:
    error = limited(wait)
    endpoint, clock = Scripted([error]), Clock()
    assert run(endpoint, clock) == ([], error)
    assert error.retry_after == wait


def test_after_the_first_text_nothing_is_sent_again() -> None:
    error = failed()
    endpoint, clock = Scripted([Opened(), TextDelta("Hel"), error]), Clock()
    events, raised = run(endpoint, clock)
    assert events == [Opened(), TextDelta("Hel")]
    assert raised is error


def test_what_is_no_text_does_not_stand_in_the_way() -> None:
    endpoint, clock = Scripted([Opened(), KeepAlive(), failed()], DONE), Clock()
    events, raised = run(endpoint, clock)
    assert raised is None
    assert events[-3:] == DONE


def test_text_in_an_earlier_attempt_cannot_be() -> None:
    """Each attempt is judged by its own text; one that spoke is never repeated."""
    error = failed()
    endpoint, clock = Scripted([failed()], [TextDelta("Hel"), error]), Clock()
    assert run(endpoint, clock)[1] is error
    assert endpoint.asked == 2


@pytest.mark.parametrize(
    "error",
    [
        errors.AuthenticationFailed(status=401),
        errors.BadRequest(status=400),
        errors.ModelRetired(status=410),
        errors.AccessDenied(status=429),
        errors.ContentFiltered(status=400),
        errors.EndpointUnreachable(),
        errors.FirstTokenTimeout(),
        errors.ConnectionLost(),
        errors.ProtocolError(),
        failed(None),
        limited(status=400),
        ChatError(),
    ],
    ids=lambda error: f"{error.name}-{error.status}",
)
def test_other_errors_are_not_sent_again(error: ChatError) -> None:
    endpoint, clock = Scripted([error]), Clock()
    assert run(endpoint, clock) == ([], error)
    assert clock.waits == []


def test_a_stop_during_the_wait_ends_it() -> None:
    endpoint, clock = Scripted([failed()], DONE), Clock(stops_at=1)
    events, raised = run(endpoint, clock)
    assert [type(e) for e in events] == [RetryScheduled]
    assert raised is None
    assert endpoint.asked == 1


def test_the_real_signal_wakes_the_wait() -> None:
    stop = StopSignal()
    endpoint = Scripted([limited(MAX_WAIT)], DONE)
    events = stream_with_retries(endpoint, REQUEST, stop)
    assert isinstance(next(events), RetryScheduled)
    stop.stop()
    assert list(events) == []

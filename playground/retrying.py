"""Sending a request again, in the open: few times, soon, and never after the first text.

The SDK's own retries are off, because it sleeps for as long as a server says, which for a daily limit
is many hours, and nobody sees it. Here each wait is an event, and can be stopped.
"""

from __future__ import annotations

from collections.abc import Iterator

from playground.endpoint import Endpoint
from playground.error_mapping import PASSING_STATUSES
from playground.errors import ChatError, RateLimited, ServerFailed
from playground.events import KeepAlive, RetryScheduled, StreamEvent, TextDelta
from playground.request import ChatRequest
from playground.stop import StopSignal

#: Seconds to wait before each further attempt, where the server names no time.
WAITS = (1.0, 2.0)
#: A longer wait than this, in seconds, is for a person to decide.
MAX_WAIT = 30.0


def stream_with_retries(
    endpoint: Endpoint, request: ChatRequest, stop: StopSignal
) -> Iterator[StreamEvent]:
    """Yield the events of `endpoint.stream`, asking again where the server may soon be able.

    Raises:
        ChatError: of the last attempt.
    """
    attempts = 0
    while True:
        spoken = False
        try:
            for event in endpoint.stream(request, stop):
                spoken = spoken or isinstance(event, TextDelta)
                yield event
        except ChatError as error:
            if attempts == len(WAITS) or spoken or not passing(error):
                raise
            wait = WAITS[attempts] if error.retry_after is None else error.retry_after
            if wait > MAX_WAIT:
                raise
            problem = error
        else:
            return
        attempts += 1
        yield RetryScheduled(problem, wait, attempts)
        if stop.wait(wait):
            return
        yield KeepAlive()  # the wait is over: whoever counts it down sees that


def passing(error: ChatError) -> bool:
    """Return whether `error` is one that a server gets over by itself."""
    return isinstance(error, (RateLimited, ServerFailed)) and error.status in PASSING_STATUSES

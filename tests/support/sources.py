"""Sources of events that a test opens, feeds and ends by hand."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator

from playground.events import Finished, FinishReason, StreamEvent, TextDelta
from playground.generation import Generation
from playground.request import ChatRequest
from playground.stop import StopSignal

#: Seconds after which something that should have come is given up.
PATIENCE = 10.0

DONE = Finished(FinishReason.STOP)


class Tap:
    """A source that yields what the test puts in, and blocks while there is nothing.

    A deaf one is not woken by the stop signal.
    """

    def __init__(self, *, deaf: bool = False) -> None:
        self._deaf = deaf
        self._items: queue.SimpleQueue[StreamEvent | BaseException | None] = queue.SimpleQueue()
        self.opened = threading.Event()
        self.left = threading.Event()
        self.times_opened = 0

    def __call__(self, stop: StopSignal) -> Iterator[StreamEvent]:
        self.times_opened += 1
        self.opened.set()
        with contextlib.ExitStack() as stack:
            stack.callback(self.left.set)
            if not self._deaf:
                stack.enter_context(stop.woken_by(lambda: self._items.put(None)))
            while (item := self._items.get(timeout=PATIENCE)) is not None:
                if isinstance(item, BaseException):
                    raise item
                yield item

    def put(self, *items: StreamEvent | BaseException) -> Tap:
        """Let these come next; an exception is raised by the source."""
        for item in items:
            self._items.put(item)
        return self

    def say(self, *texts: str) -> Tap:
        """Let these pieces of text come next."""
        return self.put(*map(TextDelta, texts))

    def end(self) -> Tap:
        """Let the source end there."""
        self._items.put(None)
        return self

    def done(self) -> Tap:
        """Let the source end there as a complete answer."""
        return self.put(DONE).end()


class ScriptedEndpoint:
    """An endpoint that keeps the requests it gets, and answers each with a tap."""

    def __init__(self) -> None:
        self.requests: list[ChatRequest] = []
        self.taps: list[Tap] = []

    def answer(self, text: str | None = None) -> Tap:
        """Return the tap of the request after the last one known; with `text`, complete it."""
        tap = Tap()
        self.taps.append(tap)
        return tap if text is None else tap.say(text).done()

    def stream(self, request: ChatRequest, stop: StopSignal) -> Iterator[StreamEvent]:
        """Answer with the next tap."""
        self.requests.append(request)
        return self.taps[len(self.requests) - 1](stop)

    def close(self) -> None:
        """Nothing to give back."""


def until(generation: Generation, holds: Callable[[], bool]) -> None:
    """Wait until `holds` does, looking each time something happened in the run."""
    version = 0
    while not holds():
        seen = generation.wait(version, PATIENCE)
        assert seen > version, "nothing happened in the run"
        version = seen

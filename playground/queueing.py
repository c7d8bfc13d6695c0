"""Waiting for one's turn at a server: so many requests at once, and in line whoever comes after.

The line is fair among those who ask: each owner who waits is served in turn, so that six panes of one
person do not keep another waiting for all six.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from playground.endpoint import Endpoint
from playground.events import Queued, StreamEvent
from playground.request import ChatRequest
from playground.stop import StopSignal

#: Requests at once where a connection states nothing.
DEFAULT_PLACES = 5


@dataclass(eq=False, slots=True)
class _Waiter:
    """One request: in line, or with a place."""

    owner: str
    placed: bool = False


@dataclass(slots=True)
class _Line:
    """One connection's places and who waits for them, by owner; the owner served last is last."""

    taken: int = 0
    waiting: OrderedDict[str, deque[_Waiter]] = field(default_factory=OrderedDict)

    def serve(self, places: int) -> None:
        """Give the places that are free to those in front."""
        while self.taken < places and self.waiting:
            owner, waiters = next(iter(self.waiting.items()))
            waiters.popleft().placed = True
            self.taken += 1
            if waiters:
                self.waiting.move_to_end(owner)
            else:
                del self.waiting[owner]

    def ahead(self, waiter: _Waiter) -> int:
        """Return how many are served before this one."""
        place = self.waiting[waiter.owner].index(waiter)
        found, before = 0, True
        for owner, waiters in self.waiting.items():
            if owner == waiter.owner:
                found, before = found + place, False
            else:
                found += min(len(waiters), place + before)
        return found

    def drop(self, waiter: _Waiter) -> None:
        """Take out one that waits."""
        waiters = self.waiting[waiter.owner]
        waiters.remove(waiter)
        if not waiters:
            del self.waiting[waiter.owner]


class Queue:
    """The lines before all connections. Any thread may call.

    Args:
        places: tells how many requests a connection takes at once, by its name; None for
            DEFAULT_PLACES.
    """

    def __init__(self, places: Callable[[str], int | None] = lambda _: None) -> None:
        self._places = places
        self._changed = threading.Condition()
        self._lines: dict[str, _Line] = {}

    def stream(
        self,
        endpoint: Endpoint,
        connection: str,
        owner: str,
        request: ChatRequest,
        stop: StopSignal,
    ) -> Iterator[StreamEvent]:
        """Yield the events of `endpoint.stream` as soon as there is a place; until then, Queued.

        Ends quietly when `stop` is set while waiting. Raises ChatError as the endpoint does.
        """
        waiter = self._enter(connection, owner)
        try:
            yield from self._wait(connection, waiter, stop)
            if waiter.placed and not stop.stopped:
                yield from endpoint.stream(request, stop)
        finally:
            self._leave(connection, waiter)

    def waiting(self, connection: str) -> int:
        """Return how many are in line before a connection."""
        with self._changed:
            line = self._lines.get(connection)
            return sum(map(len, line.waiting.values())) if line else 0

    def _enter(self, connection: str, owner: str) -> _Waiter:
        waiter = _Waiter(owner)
        with self._changed:
            line = self._lines.setdefault(connection, _Line())
            line.waiting.setdefault(owner, deque()).append(waiter)
            line.serve(self._limit(connection))
            # Who came from behind may have got in front of others.
            self._changed.notify_all()
        return waiter

    def _wait(self, connection: str, waiter: _Waiter, stop: StopSignal) -> Iterator[StreamEvent]:
        told: int | None = None
        with stop.woken_by(self._wake):
            while True:
                with self._changed:
                    ahead = self._ahead(connection, waiter)
                    while ahead is not None and ahead == told and not stop.stopped:
                        self._changed.wait()
                        ahead = self._ahead(connection, waiter)
                if stop.stopped:
                    return
                if ahead is None:
                    break
                told = ahead
                yield Queued(ahead)
        if told is not None:
            yield Queued(None)

    def _ahead(self, connection: str, waiter: _Waiter) -> int | None:
        return None if waiter.placed else self._lines[connection].ahead(waiter)

    def _leave(self, connection: str, waiter: _Waiter) -> None:
        with self._changed:
            line = self._lines[connection]
            if waiter.placed:
                line.taken -= 1
            else:
                line.drop(waiter)
            line.serve(self._limit(connection))
            if not line.taken and not line.waiting:
                del self._lines[connection]
            self._changed.notify_all()

    def _limit(self, connection: str) -> int:
        stated = self._places(connection)
        return max(1, DEFAULT_PLACES if stated is None else stated)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()


class QueuedEndpoint:
    """An endpoint before which one owner waits in line. Implements `playground.endpoint.Endpoint`."""

    def __init__(self, endpoint: Endpoint, queue: Queue, connection: str, owner: str) -> None:
        self._endpoint = endpoint
        self._queue = queue
        self._connection = connection
        self._owner = owner

    def stream(self, request: ChatRequest, stop: StopSignal) -> Iterator[StreamEvent]:
        """Send `request` when it is its turn. Raises ChatError."""
        return self._queue.stream(self._endpoint, self._connection, self._owner, request, stop)

    def close(self) -> None:
        """Close the endpoint behind."""
        self._endpoint.close()

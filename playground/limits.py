"""Keeping a connection's limits before its server has to refuse, and remembering what it said of them.

The counts are those of this process: they begin anew when the playground does, and what other programs
ask the server is not in them. The server's own refusal is told as before. How many run at once is the
affair of `queueing`.
"""

from __future__ import annotations

import collections
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playground.connections import Connection, Connections
from playground.endpoint import Endpoint
from playground.errors import ChatError, RateLimited
from playground.events import Opened, StreamEvent
from playground.kinds import facts
from playground.rate_limits import Per, RateLimit
from playground.request import ChatRequest
from playground.stop import StopSignal
from playground.waits import spell_seconds

MINUTE, DAY = 60.0, 86_400.0
#: A wait of more than this many seconds belongs to a limit per day, whatever else is said.
LONG_WAIT = 900.0


@dataclass(frozen=True, slots=True)
class Said:
    """The limits a server told of last, and when: seconds since the epoch."""

    limits: tuple[RateLimit, ...]
    at: float


class LimitKeeper:
    """Counts the requests of every connection. Any thread may call.

    Args:
        clock: seconds that only go forward.
        now: seconds since the epoch.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._clock = clock
        self._now = now
        self._lock = threading.Lock()
        self._sent: dict[str, collections.deque[float]] = {}
        self._said: dict[str, Said] = {}

    def admit(self, connection: Connection) -> None:
        """Count one request that is about to be sent.

        Raises:
            RateLimited: if it would be one too many; then it is not counted.
        """
        if connection.requests_per_minute is None and connection.requests_per_day is None:
            return
        with self._lock:
            sent = self._recent(connection.name)
            for most, window, per in (
                (connection.requests_per_day, DAY, Per.DAY),
                (connection.requests_per_minute, MINUTE, Per.MINUTE),
            ):
                recent = [at for at in sent if at > self._clock() - window]
                if most is not None and len(recent) >= most:
                    # Free again when so many of them are over that one more fits.
                    wait = recent[len(recent) - most] + window - self._clock()
                    raise _over(most, per, wait)
            sent.append(self._clock())

    def left(self, connection: Connection) -> tuple[RateLimit, ...]:
        """Return what is left of the limits stated for `connection`."""
        with self._lock:
            sent = tuple(self._recent(connection.name))
            found = []
            for most, window, per in (
                (connection.requests_per_minute, MINUTE, Per.MINUTE),
                (connection.requests_per_day, DAY, Per.DAY),
            ):
                if most is None:
                    continue
                recent = [at for at in sent if at > self._clock() - window]
                reset = recent[0] + window - self._clock() if recent else None
                remaining = max(most - len(recent), 0)
                found.append(RateLimit("requests", per, most, remaining, reset))
        return tuple(found)

    def heard(self, name: str, limits: tuple[RateLimit, ...]) -> None:
        """Remember what the server of the connection called `name` said."""
        if limits:
            with self._lock:
                self._said[name] = Said(limits, self._now())

    def said(self, name: str) -> Said | None:
        """Return what the server of the connection called `name` said last, if it ever did."""
        return self._said.get(name)

    def _recent(self, name: str) -> collections.deque[float]:
        sent = self._sent.setdefault(name, collections.deque())
        while sent and sent[0] <= self._clock() - DAY:
            sent.popleft()
        return sent


class LimitedEndpoint:
    """An endpoint whose connection's limits are kept. Implements `playground.endpoint.Endpoint`."""

    def __init__(self, endpoint: Endpoint, connection: Connection, keeper: LimitKeeper) -> None:
        self._endpoint = endpoint
        self._connection = connection
        self._keeper = keeper

    def stream(self, request: ChatRequest, stop: StopSignal) -> Iterator[StreamEvent]:
        """Send `request` if the limits allow it. Raises ChatError."""
        self._keeper.admit(self._connection)
        name = self._connection.name
        try:
            for event in self._endpoint.stream(request, stop):
                if isinstance(event, Opened):
                    self._keeper.heard(name, event.limits)
                yield event
        except ChatError as error:
            self._keeper.heard(name, error.limits)
            raise

    def close(self) -> None:
        """Close the endpoint behind."""
        self._endpoint.close()


def daily(error: ChatError | None) -> bool:
    """Whether `error` says that a limit per day is reached, so that waiting is no answer."""
    if not isinstance(error, RateLimited):
        return False
    told = any(limit.per is Per.DAY and limit.remaining == 0 for limit in error.limits)
    return told or (error.retry_after or 0.0) > LONG_WAIT


def free_at(error: ChatError | None, told_at: float) -> dt.datetime | None:
    """Return when the server takes requests again, in local time; None if it does not say.

    Args:
        error: what ended the reply.
        told_at: when it did, in seconds since the epoch (a reply's `started_at + elapsed`).
    """
    if error is None or error.retry_after is None:
        return None
    return dt.datetime.fromtimestamp(told_at + error.retry_after).astimezone()


def other_connections(connections: Connections, model: str, besides: str) -> tuple[Connection, ...]:
    """Return the usable connections that are said to serve `model`, but for the one `besides`.

    They stand in the order of preference. Nothing is used by itself: whoever asked picks one.
    """
    return tuple(
        c
        for c in connections.usable
        if c.name != besides and c.states(model) and (model in c.named or can_serve(c, model))
    )


def can_serve(connection: Connection, model: str) -> bool:
    """Whether this kind of server can serve `model` (a catalog name) at all."""
    return model in facts(connection.kind).serves


def _over(most: int, per: Per, wait: float) -> RateLimited:
    limit = RateLimit("requests", per, most, 0, wait)
    requests = "request" if most == 1 else "requests"
    error = RateLimited(
        f"This connection's limit of {most:,} {requests} a {per.value} is reached, so nothing was "
        f"sent. There is room again in {spell_seconds(wait)}.",
        retry_after=wait,
    )
    error.limits = (limit,)
    return error

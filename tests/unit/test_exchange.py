"""Deadlines and the stop, as each step on a socket meets them."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from playground.connections import Connection
from playground.errors import ChatError, EndpointUnreachable, FirstTokenTimeout, StreamStalled
from playground.exchange import Exchange, Stage, Stopped
from playground.stop import StopSignal

CONNECTION = Connection(
    "c", "C", "http://host.test/v1", connect_timeout=1, first_token_timeout=2, idle_timeout=3
)


class Clock:
    """Stands in for the time module."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("playground.exchange.time", clock)
    return clock


@pytest.fixture
def stop() -> StopSignal:
    return StopSignal()


@pytest.fixture
def exchange(stop: StopSignal, clock: Clock) -> Exchange:
    return Exchange(CONNECTION, stop)


@pytest.fixture
def sock() -> Iterator[socket.socket]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours


@pytest.mark.parametrize(
    ("stage", "seconds", "kind"),
    [
        (Stage.CONNECTING, 1, EndpointUnreachable),
        (Stage.WAITING, 2, FirstTokenTimeout),
        (Stage.STREAMING, 3, StreamStalled),
        (Stage.ENDING, 2, StreamStalled),
        (Stage.DRAINING, 0.05, StreamStalled),
    ],
)
def test_each_stage_has_its_time(
    exchange: Exchange, clock: Clock, stage: Stage, seconds: float, kind: type[ChatError]
) -> None:
    exchange.enter(stage)
    assert exchange.left() == pytest.approx(seconds)
    clock.now += seconds - 0.01
    assert exchange.left() == pytest.approx(0.01)
    clock.now += 0.02
    with pytest.raises(kind, match=f"{seconds:g} seconds"):
        exchange.left()


def test_a_stage_entered_again_begins_anew(exchange: Exchange, clock: Clock) -> None:
    exchange.enter(Stage.STREAMING)
    clock.now += 2
    exchange.enter(Stage.STREAMING)
    assert exchange.left() == pytest.approx(3)


def test_a_step_is_repeated_until_the_stage_is_over(
    exchange: Exchange, clock: Clock, sock: socket.socket
) -> None:
    timeouts: list[float | None] = []

    def step() -> None:
        timeouts.append(sock.gettimeout())
        clock.now += 0.4
        raise TimeoutError

    with pytest.raises(EndpointUnreachable):
        exchange.attempt(sock, step)
    assert timeouts == pytest.approx([0.25, 0.25, 0.2])


def test_a_step_returns_what_it_returns(exchange: Exchange, sock: socket.socket) -> None:
    assert exchange.attempt(sock, lambda: 5) == 5


def test_a_step_that_fails_fails(exchange: Exchange, sock: socket.socket) -> None:
    with pytest.raises(ConnectionResetError):
        exchange.attempt(sock, _reset)


def test_a_step_that_fails_after_the_stop_was_stopped(
    exchange: Exchange, stop: StopSignal, sock: socket.socket
) -> None:
    def step() -> None:
        stop.stop()
        _reset()

    with pytest.raises(Stopped):
        exchange.attempt(sock, step)


def test_a_step_that_ends_after_the_stop_was_stopped(
    exchange: Exchange, stop: StopSignal, sock: socket.socket
) -> None:
    """A socket that was shut down reads as if the other side had ended."""
    with pytest.raises(Stopped):
        exchange.attempt(sock, stop.stop)


def test_no_step_begins_after_the_stop(
    exchange: Exchange, stop: StopSignal, sock: socket.socket
) -> None:
    stop.stop()
    with pytest.raises(Stopped):
        exchange.attempt(sock, lambda: pytest.fail("began"))


def test_a_socket_is_refused_after_the_stop(
    exchange: Exchange, stop: StopSignal, sock: socket.socket
) -> None:
    stop.stop()
    with pytest.raises(Stopped):
        exchange.hold(sock)


def test_waking_shuts_the_socket_that_is_held(exchange: Exchange, sock: socket.socket) -> None:
    exchange.wake()
    exchange.hold(sock)
    exchange.wake()
    assert sock.recv(1) == b""
    exchange.wake()


def test_waking_leaves_a_socket_alone_that_was_released(
    exchange: Exchange, sock: socket.socket
) -> None:
    exchange.hold(sock)
    exchange.release()
    exchange.wake()
    sock.sendall(b"x")


def _reset() -> None:
    raise ConnectionResetError

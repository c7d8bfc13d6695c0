"""Stopping a run from another thread, at every point, against a server that says nothing."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

import pytest

from playground.events import StreamEvent, TextDelta
from playground.stop import StopSignal
from tests.endpoint.asking import Asker, Outcome
from tests.endpoint.fault_server import (
    CERTIFICATE,
    CLEAN,
    HELLO,
    PATIENCE,
    FaultServer,
    Peer,
    chunked,
    delta,
    event,
    head,
    silent_listener,
    streaming,
)

#: Seconds within which the server must see the end of the connection.
PROMISED = 1.0

SILENCES = {
    "before-the-head": b"",
    "in-the-head": b"HTTP/1.1 200 OK\r\nContent-",
    "before-the-first-text": head(),
    "after-a-keep-alive": head() + chunked(b": ping\n\n"),
    "in-mid-answer": head() + chunked(HELLO),
    "in-a-chunk": head() + b"500\r\n" + HELLO,
    "without-chunks": head(chunked=False) + HELLO,
    "in-an-error-body": head("500 Oh") + chunked(b"it"),
}


class Stopping:
    """Asks in a thread of its own; the server says `sent` and then nothing."""

    def __init__(self, ask: Asker, server: FaultServer, sent: bytes) -> None:
        self.stop = StopSignal()
        self.silent = threading.Event()
        self.gone_after = PATIENCE
        self.outcome: Outcome | None = None
        self._stopped_at = 0.0

        def script(peer: Peer) -> None:
            peer.send(sent)
            self.silent.set()
            assert peer.wait_gone()
            self.gone_after = time.monotonic() - self._stopped_at

        def run() -> None:
            self.outcome = ask(stop=self.stop)

        server.script(script)
        self._thread = threading.Thread(target=run)
        self._thread.start()

    def now(self, server: FaultServer) -> Outcome:
        """Stop, and return what came when both ends have seen it."""
        assert self.silent.wait(PATIENCE)
        self._stopped_at = time.monotonic()
        self.stop.stop()
        self._thread.join(PATIENCE)
        ended_after = time.monotonic() - self._stopped_at
        assert server.peers[-1].gone.wait(PATIENCE)
        assert max(ended_after, self.gone_after) < PROMISED
        assert self.outcome is not None
        return self.outcome


@pytest.mark.parametrize("sent", SILENCES.values(), ids=SILENCES)
def test_stop_ends_the_run_and_closes_the_connection(
    ask: Asker, server: FaultServer, sent: bytes
) -> None:
    got = Stopping(ask, server, sent).now(server)
    assert got.error is None
    assert got.finish is None


@pytest.mark.parametrize("sent", SILENCES.values(), ids=SILENCES)
def test_stop_reaches_a_kept_connection(ask: Asker, server: FaultServer, sent: bytes) -> None:
    server.script(streaming(CLEAN))
    ask()
    Stopping(ask, server, sent).now(server)
    assert len(server.peers) == 1


@pytest.mark.parametrize("sent", SILENCES.values(), ids=SILENCES)
def test_stop_works_where_a_shutdown_wakes_no_reader(
    ask: Asker, server: FaultServer, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.exchange.Exchange.wake", lambda _: None)
    assert Stopping(ask, server, sent).now(server).error is None


def test_stop_over_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with FaultServer(tls=True) as server, Asker(server.url) as ask:
        Stopping(ask, server, head() + chunked(HELLO)).now(server)


def test_the_text_before_the_stop_has_come(ask: Asker, server: FaultServer) -> None:
    stop = StopSignal()

    def script(peer: Peer) -> None:
        peer.send(head() + chunked(HELLO))
        peer.wait_gone()

    def seen(event: StreamEvent) -> None:
        if event == TextDelta("lo"):
            threading.Thread(target=stop.stop).start()

    server.script(script)
    got = ask(stop=stop, seen=seen)
    assert (got.text, got.error) == ("Hello", None)


def test_stop_in_the_middle_of_a_block_ends_there(ask: Asker, server: FaultServer) -> None:
    stop = StopSignal()
    server.script(streaming(event(delta("a")) * 100 + CLEAN))
    got = ask(stop=stop, seen=_on_text(stop.stop))
    assert got.text == "a"
    assert got.error is None


def test_a_stop_before_the_start_sends_nothing(ask: Asker, server: FaultServer) -> None:
    stop = StopSignal()
    stop.stop()
    got = ask(stop=stop)
    assert got.events == []
    assert got.error is None
    assert server.requests == []


def test_a_stop_after_the_end_leaves_the_kept_connection_alone(
    ask: Asker, server: FaultServer
) -> None:
    stop = StopSignal()
    server.script(streaming(CLEAN), streaming(CLEAN))
    ask(stop=stop)
    stop.stop()
    assert ask().text == "Hello"
    assert len(server.peers) == 1


def test_stopping_one_of_many_leaves_the_others(ask: Asker, server: FaultServer) -> None:
    go = threading.Event()

    def patient(peer: Peer) -> None:
        peer.send(head() + chunked(HELLO))
        assert go.wait(PATIENCE)
        peer.send(chunked(CLEAN[len(HELLO) :]) + chunked(b""))

    server.script(patient)
    outcomes: list[Outcome] = []
    began = threading.Event()
    other = threading.Thread(target=lambda: outcomes.append(ask(seen=_on_text(began.set))))
    other.start()
    assert began.wait(PATIENCE)
    Stopping(ask, server, head()).now(server)
    go.set()
    other.join(PATIENCE)
    assert [o.text for o in outcomes] == ["Hello"]
    assert outcomes[0].error is None


def test_stop_while_connecting() -> None:
    with (
        silent_listener() as address,
        Asker(f"http://127.0.0.1:{address[1]}", connect_timeout=PATIENCE) as ask,
    ):
        took, got = _stopped_while_waiting(ask)
    assert got.error is None
    assert took < PROMISED


def test_stop_while_looking_up_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: release.wait(PATIENCE) and [])
    with Asker("http://localhost:1/v1", connect_timeout=PATIENCE) as ask:
        took, got = _stopped_while_waiting(ask)
    release.set()
    assert got.error is None
    assert took < PROMISED


def test_stop_during_the_tls_handshake() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        with Asker(url, connect_timeout=PATIENCE) as ask:
            took, got = _stopped_while_waiting(ask)
    assert got.error is None
    assert took < PROMISED


def _stopped_while_waiting(ask: Asker) -> tuple[float, Outcome]:
    stop = StopSignal()
    timer = threading.Timer(0.15, stop.stop)
    timer.start()
    started = time.monotonic()
    got = ask(stop=stop)
    timer.join()
    return time.monotonic() - started - 0.15, got


def _on_text(act: Callable[[], object]) -> Callable[[StreamEvent], None]:
    def seen(event: StreamEvent) -> None:
        if isinstance(event, TextDelta):
            act()

    return seen

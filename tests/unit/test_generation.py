"""One run in the background: how it ends, what is kept of it, and who is woken."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

import pytest

from playground.errors import AuthenticationFailed, ChatError, ConnectionLost, ProtocolError
from playground.events import KeepAlive, Opened, RetryScheduled, StreamEvent, TextDelta
from playground.generation import Generation, Source
from playground.reply import Phase, Reply, Status
from playground.stop import StopSignal
from tests.support.sources import PATIENCE, Tap, until

NEVER = 1e9


class Kept:
    """A recorder that remembers what it was given."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []

    def __call__(self, reply: Reply) -> None:
        self.replies.append(reply)

    @property
    def statuses(self) -> list[Status]:
        return [reply.status for reply in self.replies]


def begun(
    source: Source, record: Callable[[Reply], None], *, save_interval: float = NEVER
) -> Generation:
    generation = Generation(source, record, save_interval=save_interval)
    generation.start()
    return generation


def finished(
    source: Source, record: Callable[[Reply], None], *, save_interval: float = NEVER
) -> Generation:
    generation = begun(source, record, save_interval=save_interval)
    assert generation.join(PATIENCE)
    return generation


# How it ends.


def test_a_run_folds_what_its_source_yields() -> None:
    generation = finished(Tap().put(Opened("r-1")).say("Par", "is.").done(), Kept())
    reply = generation.snapshot()
    assert (reply.status, reply.text, reply.request_id) == (Status.COMPLETED, "Paris.", "r-1")
    assert not generation.running
    assert generation.ended_at is not None


def test_a_run_goes_on_until_its_source_ends() -> None:
    tap, kept = Tap().say("Par"), Kept()
    generation = begun(tap, kept)
    until(generation, lambda: generation.snapshot().text == "Par")
    assert generation.running
    assert generation.ended_at is None
    assert not generation.join(0)
    assert kept.replies == []
    tap.say("is.").done()
    assert generation.join(PATIENCE)


def test_a_source_that_ends_early_interrupts_the_run() -> None:
    reply = finished(Tap().say("Par").end(), Kept()).snapshot()
    assert reply.status is Status.INTERRUPTED
    assert isinstance(reply.error, ConnectionLost)


@pytest.mark.parametrize(("texts", "status"), [([], Status.FAILED), (["P"], Status.INTERRUPTED)])
def test_an_error_of_the_source_is_the_runs(texts: list[str], status: Status) -> None:
    error = AuthenticationFailed(status=401)
    reply = finished(Tap().say(*texts).put(error), Kept()).snapshot()
    assert reply.status is status
    assert reply.error is error


@pytest.mark.parametrize(("texts", "status"), [([], Status.FAILED), (["P"], Status.INTERRUPTED)])
def test_a_foreign_exception_becomes_an_error_for_people_and_is_logged(
    texts: list[str], status: Status, caplog: pytest.LogCaptureFixture
) -> None:
    reply = finished(Tap().say(*texts).put(ZeroDivisionError("a bug")), Kept()).snapshot()
    assert (reply.status, reply.text) == (status, "".join(texts))
    assert type(reply.error) is ProtocolError
    assert "a bug" not in f"{reply.error} {reply.error.detail} {reply.error.advice}"
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)


def test_a_source_that_cannot_even_be_opened_fails_the_run(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def source(stop: StopSignal) -> Iterator[StreamEvent]:
        raise LookupError

    assert finished(source, Kept()).snapshot().status is Status.FAILED
    assert len(caplog.records) == 1


def test_a_retry_is_shown_as_waiting_and_then_as_connecting() -> None:
    tap, problem = Tap(), ConnectionLost()
    generation = begun(tap.put(RetryScheduled(problem, 2.0, 1)), Kept())
    until(generation, lambda: generation.snapshot().phase is Phase.RETRYING)
    assert generation.snapshot().error is problem
    tap.put(KeepAlive())
    until(generation, lambda: generation.snapshot().phase is Phase.CONNECTING)
    assert generation.snapshot().error is None
    tap.say("Paris.").done()
    assert generation.join(PATIENCE)
    assert generation.snapshot().status is Status.COMPLETED


# Stopping.


def test_stop_shows_at_once_while_the_source_blocks_and_nothing_grows_after_it() -> None:
    tap, kept = Tap(deaf=True).say("Par"), Kept()
    generation = begun(tap, kept)
    until(generation, lambda: generation.snapshot().text == "Par")
    generation.stop()
    stopped = generation.snapshot()
    assert (stopped.status, stopped.text, stopped.error) == (Status.STOPPED, "Par", None)
    assert not generation.running
    assert not generation.join(0)
    assert kept.replies == [stopped]
    tap.say("is.").done()
    assert generation.join(PATIENCE)
    assert generation.snapshot() == stopped
    assert kept.replies == [stopped]


def test_stop_wakes_a_source_that_listens() -> None:
    tap = Tap()
    generation = begun(tap, Kept())
    assert tap.opened.wait(PATIENCE)
    generation.stop()
    assert tap.left.wait(PATIENCE)
    assert generation.join(PATIENCE)


def test_stop_reaches_the_source_before_the_reply_is_kept() -> None:
    """A store that hangs must not hold the socket open."""
    tap = Tap()
    left: list[bool] = []
    generation = begun(tap, lambda reply: left.append(tap.left.wait(PATIENCE / 4)))
    assert tap.opened.wait(PATIENCE)
    generation.stop()
    assert left == [True]


def test_stop_before_the_source_is_opened_ends_the_run_as_stopped() -> None:
    tap, kept = Tap(), Kept()
    generation = Generation(tap, kept)
    generation.stop()
    generation.start()
    assert generation.join(PATIENCE)
    assert kept.statuses == [Status.STOPPED]


def test_stop_after_the_end_changes_nothing() -> None:
    kept = Kept()
    generation = finished(Tap().say("Paris.").done(), kept)
    before, ended_at = generation.snapshot(), generation.ended_at
    generation.stop()
    assert generation.snapshot() == before
    assert generation.ended_at == ended_at
    assert kept.replies == [before]


def test_an_error_after_stop_changes_nothing() -> None:
    tap, kept = Tap(deaf=True), Kept()
    generation = begun(tap, kept)
    generation.stop()
    tap.put(ConnectionLost())
    assert generation.join(PATIENCE)
    assert kept.statuses == [Status.STOPPED]
    assert generation.snapshot().error is None


def test_twenty_threads_that_stop_it_end_it_once() -> None:
    kept, ready = Kept(), threading.Barrier(20)
    generation = begun(Tap(), kept)

    def stop() -> None:
        ready.wait(PATIENCE)
        generation.stop()

    threads = [threading.Thread(target=stop) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert generation.join(PATIENCE)
    assert kept.statuses == [Status.STOPPED]


# What is kept.


@pytest.mark.parametrize("last", [None, ConnectionLost()], ids=["ends early", "fails"])
def test_the_final_reply_is_kept_once_however_it_ends(last: ChatError | None) -> None:
    tap, kept = Tap().say("Par"), Kept()
    if last is None:
        tap.end()
    else:
        tap.put(last)
    generation = finished(tap, kept)
    assert kept.statuses == [Status.INTERRUPTED]
    assert kept.replies == [generation.snapshot()]


def test_while_it_grows_the_reply_is_kept_at_intervals_and_then_once_as_it_ended() -> None:
    kept = Kept()
    finished(Tap().say("a", "b", "c").done(), kept, save_interval=0.0)
    assert [reply.text for reply in kept.replies] == ["a", "ab", "abc", "abc", "abc"]
    assert kept.statuses == [Status.RUNNING] * 4 + [Status.COMPLETED]


def test_within_an_interval_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock:
        now = 0.0

        def monotonic(self) -> float:
            return self.now

    clock, kept = Clock(), Kept()
    monkeypatch.setattr("playground.generation.time", clock)

    def source(stop: StopSignal) -> Iterator[StreamEvent]:
        for seconds, text in [(0.4, "a"), (0.8, "b"), (1.0, "c"), (1.9, "d"), (2.0, "e")]:
            clock.now = seconds
            yield TextDelta(text)

    finished(source, kept, save_interval=1.0)
    assert [reply.text for reply in kept.replies] == ["abc", "abcde", "abcde"]


def test_no_growing_reply_is_kept_after_the_one_that_ended() -> None:
    """A slow store, and a stop meanwhile: the last word must be that it was stopped."""
    keeping, stopped = threading.Event(), threading.Event()
    kept = Kept()
    tap = Tap()

    def source(stop: StopSignal) -> Iterator[StreamEvent]:
        with stop.woken_by(stopped.set):
            yield from tap(stop)

    def record(reply: Reply) -> None:
        if reply.running:
            keeping.set()
            assert stopped.wait(PATIENCE)
        kept(reply)

    generation = begun(source, record, save_interval=0.0)
    tap.say("Par")
    assert keeping.wait(PATIENCE)
    generation.stop()
    assert generation.join(PATIENCE)
    assert kept.statuses == [Status.RUNNING, Status.STOPPED]


def test_a_growing_reply_that_ended_meanwhile_is_not_kept_twice() -> None:
    """The source looks away while it is stopped, and yields one event more."""
    kept = Kept()
    generation: Generation | None = None

    def source(stop: StopSignal) -> Iterator[StreamEvent]:
        yield TextDelta("Par")
        assert generation is not None
        generation.stop()
        yield TextDelta("is.")

    generation = Generation(source, kept, save_interval=0.0)
    generation.start()
    assert generation.join(PATIENCE)
    assert kept.statuses == [Status.RUNNING, Status.STOPPED]


def test_a_store_that_fails_does_not_end_the_run(caplog: pytest.LogCaptureFixture) -> None:
    def record(reply: Reply) -> None:
        raise OSError("no space left")

    generation = finished(Tap().say("Par", "is.").done(), record, save_interval=0.0)
    assert generation.snapshot().status is Status.COMPLETED
    assert generation.snapshot().text == "Paris."
    assert [r.getMessage() for r in caplog.records] == ["a reply could not be kept"] * 4


# Who is woken.


def test_wait_returns_at_once_what_was_missed() -> None:
    generation = finished(Tap().say("a", "b").done(), Kept())
    assert generation.wait(0, PATIENCE) == 4  # two texts, the finish reason, the end


def test_wait_gives_up_in_time_when_nothing_comes() -> None:
    generation = begun(Tap(), Kept())
    assert generation.wait(0, 0.01) == 0
    generation.stop()
    assert generation.join(PATIENCE)


@pytest.mark.parametrize("how", ["text", "end", "stop"])
def test_every_waiter_is_woken(how: str) -> None:
    tap = Tap()
    generation = begun(tap, Kept())
    waiting = threading.Semaphore(0)
    versions: list[int] = []

    def wait() -> None:
        waiting.release()
        versions.append(generation.wait(0, PATIENCE))

    threads = [threading.Thread(target=wait) for _ in range(5)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert waiting.acquire(timeout=PATIENCE)
    {"text": lambda: tap.say("a"), "end": tap.end, "stop": generation.stop}[how]()
    for thread in threads:
        thread.join(PATIENCE)
    assert versions == [1] * 5
    tap.end()
    assert generation.join(PATIENCE)


def test_the_end_is_visible_to_whoever_it_wakes() -> None:
    tap = Tap()
    generation = begun(tap, Kept())
    seen: list[tuple[bool, Status]] = []

    def wait() -> None:
        generation.wait(0, PATIENCE)
        seen.append((generation.running, generation.snapshot().status))

    thread = threading.Thread(target=wait)
    thread.start()
    generation.stop()
    thread.join(PATIENCE)
    assert seen == [(False, Status.STOPPED)]
    assert generation.join(PATIENCE)

"""The signal that ends a run from another thread."""

from __future__ import annotations

import threading

import pytest

from playground.stop import StopSignal


def test_it_is_set_once_and_for_all() -> None:
    stop = StopSignal()
    assert not stop.stopped
    stop.stop()
    stop.stop()
    assert stop.stopped


def test_wait_ends_by_itself_or_by_the_stop() -> None:
    stop = StopSignal()
    assert stop.wait(0) is False
    threading.Timer(0.02, stop.stop).start()
    assert stop.wait(10) is True
    assert stop.wait(10) is True


def test_a_waker_is_called_once_by_the_stop() -> None:
    stop, calls = StopSignal(), []
    with stop.woken_by(lambda: calls.append(1)):
        assert calls == []
        stop.stop()
        assert calls == [1]
    assert calls == [1]


def test_a_waker_that_comes_too_late_is_called_at_once() -> None:
    stop, calls = StopSignal(), []
    stop.stop()
    with stop.woken_by(lambda: calls.append(1)):
        assert calls == [1]


def test_a_waker_is_forgotten_afterwards() -> None:
    stop, calls = StopSignal(), []
    with stop.woken_by(lambda: calls.append(1)):
        pass
    stop.stop()
    assert calls == []


def test_a_waker_is_forgotten_even_after_an_error() -> None:
    stop, calls = StopSignal(), []
    with pytest.raises(ValueError, match="oh"), stop.woken_by(lambda: calls.append(1)):
        raise ValueError("oh")
    stop.stop()
    assert calls == []


def test_a_waker_that_fails_keeps_no_other_from_waking() -> None:
    stop, calls = StopSignal(), []

    def fail() -> None:
        raise OSError("gone already")

    with stop.woken_by(fail), stop.woken_by(lambda: calls.append(1)):
        stop.stop()
    assert calls == [1]


def test_a_late_waker_that_fails_does_not_fail_its_run() -> None:
    stop = StopSignal()
    stop.stop()

    def fail() -> None:
        raise OSError("gone already")

    with stop.woken_by(fail):
        pass


def test_the_same_waker_may_be_registered_twice() -> None:
    stop, calls = StopSignal(), []

    def wake() -> None:
        calls.append(1)

    with stop.woken_by(wake):
        with stop.woken_by(wake):
            pass
        stop.stop()
    assert calls == [1]


def test_many_threads_may_stop_at_once() -> None:
    stop, calls = StopSignal(), []
    with stop.woken_by(lambda: calls.append(1)):
        threads = [threading.Thread(target=stop.stop) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert calls
    assert stop.stopped

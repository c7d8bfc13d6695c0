"""All runs of the process: found again, limited, and forgotten."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Iterator

import pytest

from playground.errors import TooManyRunning
from playground.events import StreamEvent
from playground.generation import Generation
from playground.generations import Generations
from playground.reply import Reply, Status
from playground.stop import StopSignal
from tests.support.sources import DONE, PATIENCE, Tap


class Clock:
    """The monotonic clock, and whatever a test adds to it."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


def forget(reply: Reply) -> None:
    """Record nothing."""


def at_once(stop: StopSignal) -> Iterator[StreamEvent]:
    yield DONE


def finished(generations: Generations, turn_id: str, owner: str = "anna") -> Generation:
    generation = generations.start(owner, turn_id, at_once, forget)
    assert generation.join(PATIENCE)
    return generation


@pytest.fixture
def generations(clock: Clock) -> Iterator[Generations]:
    made = Generations(max_running=5, max_per_owner=2, keep_finished=300.0, clock=clock)
    yield made
    made.close()


def test_a_run_is_found_by_its_turn(generations: Generations) -> None:
    run = generations.start("anna", "t-1", Tap(), forget)
    assert generations.get("t-1") is run
    assert generations.get("t-2") is None


def test_a_hundred_threads_start_one_run_of_a_turn(generations: Generations) -> None:
    tap, ready = Tap(), threading.Barrier(100)
    runs: list[Generation] = []

    def start() -> None:
        ready.wait(PATIENCE)
        runs.append(generations.start("anna", "t-1", tap, forget))

    threads = [threading.Thread(target=start) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(runs) == 100
    assert len(set(runs)) == 1
    assert tap.opened.wait(PATIENCE)
    assert tap.times_opened == 1
    assert generations.running == 1


def test_a_run_that_was_started_can_be_joined_by_anyone(generations: Generations) -> None:
    """Whoever finds a run finds one whose thread has begun, also in the instant of its start."""
    found: list[bool] = []

    def source(stop: StopSignal) -> Iterator[StreamEvent]:
        yield DONE

    for number in range(50):
        generations.start("anna", f"t-{number}", source, forget)
        run = generations.get(f"t-{number}")
        assert run is not None
        found.append(run.join(PATIENCE))
    assert all(found)


def test_a_finished_turn_is_not_run_again(generations: Generations) -> None:
    run, tap = finished(generations, "t-1"), Tap()
    assert generations.start("anna", "t-1", tap, forget) is run
    assert tap.times_opened == 0


# Limits.


def test_an_owner_has_so_many_runs_at_once_and_others_are_not_concerned(
    generations: Generations,
) -> None:
    taps = [Tap(), Tap()]
    for number, tap in enumerate(taps):
        generations.start("anna", f"a-{number}", tap, forget)
    with pytest.raises(TooManyRunning, match="2 answers of yours are running"):
        generations.check("anna")
    with pytest.raises(TooManyRunning, match="2 answers of yours are running"):
        generations.start("anna", "a-2", Tap(), forget)
    assert generations.get("a-2") is None
    generations.check("bert")
    generations.start("bert", "b-0", Tap(), forget)


def test_at_the_limit_a_run_that_is_there_is_still_returned(generations: Generations) -> None:
    runs = [generations.start("anna", f"a-{n}", Tap(), forget) for n in range(2)]
    assert generations.start("anna", "a-0", Tap(), forget) is runs[0]


def test_everybody_together_has_so_many_runs_at_once(generations: Generations) -> None:
    for number in range(5):
        generations.start(f"owner-{number}", f"t-{number}", Tap(), forget)
    assert generations.running == 5
    with pytest.raises(TooManyRunning, match="5 answers are running here"):
        generations.check("anna")
    with pytest.raises(TooManyRunning, match="5 answers are running here"):
        generations.start("anna", "a-0", Tap(), forget)


@pytest.mark.parametrize("how", ["end", "stop"])
def test_a_run_that_ends_makes_room(generations: Generations, how: str) -> None:
    tap = Tap()
    run = generations.start("anna", "a-0", tap, forget)
    generations.start("anna", "a-1", Tap(), forget)
    if how == "end":
        tap.done()
        assert run.join(PATIENCE)
    else:
        run.stop()
    assert generations.running == 1
    generations.check("anna")
    generations.start("anna", "a-2", Tap(), forget)


def test_a_run_that_was_stopped_makes_room_although_its_source_still_blocks(
    generations: Generations,
) -> None:
    tap = Tap(deaf=True)
    generations.start("anna", "a-0", tap, forget).stop()
    assert generations.running == 0
    generations.check("anna")
    tap.end()


def test_of_a_hundred_at_once_no_more_start_than_allowed() -> None:
    generations = Generations(max_running=10, max_per_owner=100)
    ready, refused = threading.Barrier(100), threading.Semaphore(0)

    def start(number: int) -> None:
        ready.wait(PATIENCE)
        try:
            generations.start("anna", f"t-{number}", Tap(), forget)
        except TooManyRunning:
            refused.release()

    threads = [threading.Thread(target=start, args=(n,)) for n in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert generations.running == 10
    for _ in range(90):
        assert refused.acquire(blocking=False)
    generations.close()


def test_a_machine_without_threads_is_a_limit_too_and_takes_no_place(
    generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_thread(run: Generation) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(Generation, "start", no_thread)
        with pytest.raises(TooManyRunning, match="no thread left"):
            generations.start("anna", "t-1", Tap(), forget)
    assert generations.running == 0
    assert generations.get("t-1") is None
    assert finished(generations, "t-1").snapshot().status is Status.COMPLETED


# Forgetting.


def test_a_finished_run_is_found_for_a_while_and_then_forgotten(
    generations: Generations, clock: Clock
) -> None:
    run = finished(generations, "t-1")
    clock.ahead = 299
    assert generations.get("t-1") is run
    clock.ahead = 301
    assert generations.get("t-1") is None


def test_a_run_that_goes_on_is_never_forgotten(generations: Generations, clock: Clock) -> None:
    run = generations.start("anna", "t-1", Tap(), forget)
    clock.ahead = 1e6
    assert generations.get("t-1") is run


def test_of_too_many_finished_runs_the_oldest_are_forgotten_early(clock: Clock) -> None:
    generations = Generations(max_finished=3, clock=clock)
    lasting = generations.start("anna", "lasting", Tap(), forget)
    for number in range(5):
        finished(generations, f"t-{number}")
    found = [n for n in range(5) if generations.get(f"t-{n}")]
    assert found == [2, 3, 4]
    assert generations.get("lasting") is lasting
    generations.close()


def test_ten_thousand_finished_runs_leave_nothing_behind(clock: Clock) -> None:
    generations = Generations(max_finished=100, clock=clock)
    made: weakref.WeakSet[Generation] = weakref.WeakSet()
    threads = threading.active_count()
    for number in range(10_000):
        made.add(finished(generations, f"t-{number}"))
    gc.collect()
    assert len(made) <= 101
    clock.ahead = 301
    assert generations.get("t-9999") is None
    gc.collect()
    assert len(made) == 0
    assert threading.active_count() == threads


# Closing.


def test_close_stops_every_run_and_waits_for_its_thread(generations: Generations) -> None:
    taps = [Tap() for _ in range(5)]
    runs = [generations.start(f"o-{n}", f"t-{n}", tap, forget) for n, tap in enumerate(taps)]
    for tap in taps:
        assert tap.opened.wait(PATIENCE)
    generations.close()
    assert [run.snapshot().status for run in runs] == [Status.STOPPED] * 5
    assert all(tap.left.is_set() for tap in taps)
    assert all(run.join(0) for run in runs)


def test_close_waits_for_all_runs_together_no_longer_than_for_one(
    generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    taps = [Tap(deaf=True) for _ in range(4)]
    for number, tap in enumerate(taps):
        generations.start(f"o-{number}", f"t-{number}", tap, forget)
    joined: list[float] = []
    spent = Clock()

    def join(run: Generation, timeout: float) -> bool:
        joined.append(timeout)
        spent.ahead += timeout
        return False

    with monkeypatch.context() as patch:
        patch.setattr(Generation, "join", join)
        patch.setattr("playground.generations.time.monotonic", lambda: 100.0 + spent.ahead)
        generations.close()
    assert len(joined) == 4
    assert sum(joined) == pytest.approx(1.0)
    for tap in taps:
        tap.end()


def test_close_may_be_called_without_runs_and_twice() -> None:
    generations = Generations()
    generations.close()
    generations.close()
    assert generations.running == 0

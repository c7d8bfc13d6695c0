"""Scripts are played in time: no drift, no flood, for ever stays for ever."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from typing import TypeVar

import pytest

from playground.demo.answers import FOREVER, Finish, KeepAlive, Pause, Say, Script, Tempo
from playground.demo.playing import BATCH, Due, Metronome, play

T = TypeVar("T")

WORDS = Say(["word"] * 100)


class Clock:
    """A loop's clock that only moves when someone sleeps."""

    def __init__(self, lateness: float = 0.0) -> None:
        self.now = 100.0
        self.lateness = lateness
        self.sleeps = 0

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.sleeps += 1
        self.now += seconds + (self.lateness if seconds else 0.0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("playground.demo.playing.asyncio.sleep", clock.sleep)
    monkeypatch.setattr("playground.demo.playing.asyncio.get_running_loop", lambda: clock)
    return clock


def run(coroutine: Coroutine[object, object, T]) -> T:
    """Run to the end; the clock stands in for the loop, so there is nothing to wait for."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("it waited for something")


async def _timed(steps: AsyncIterator[Due], clock: Clock) -> list[tuple[float, Due]]:
    return [(round(clock.now - 100.0, 6), step) async for step in steps]


def played(script: Script, tempo: Tempo, pace: float, clock: Clock) -> list[tuple[float, Due]]:
    return run(_timed(play(script, tempo, pace), clock))


def test_tokens_come_one_by_one_at_their_rate(clock: Clock) -> None:
    due = played(Script((WORDS, Finish())), Tempo(0.5, 50), 1, clock)
    says = [(at, step) for at, step in due if isinstance(step, Say)]
    assert len(says) == 100
    assert says[0][0] == 0.5
    assert says[-1][0] == pytest.approx(0.5 + 99 / 50)
    assert due[-1] == (says[-1][0], Finish())


def test_pace_stretches_both_delays(clock: Clock) -> None:
    due = played(Script((WORDS,)), Tempo(0.5, 50), 3, clock)
    assert due[0][0] == 1.5
    assert due[-1][0] == pytest.approx(1.5 + 3 * 99 / 50)


def test_lateness_does_not_add_up(clock: Clock) -> None:
    clock.lateness = 0.03
    due = played(Script((WORDS,)), Tempo(0, 50), 1, clock)
    tokens = sum(len(step.tokens) for _, step in due if isinstance(step, Say))
    assert tokens == 100
    assert due[-1][0] < 99 / 50 + 0.05, "one lateness, not one a token"
    assert clock.sleeps < 70, "tokens that are due together come together"


def test_a_script_with_a_tempo_of_its_own_ignores_the_models_and_the_pace(clock: Clock) -> None:
    script = Script((WORDS,), tempo=Tempo(rate=100, scaled=False))
    assert played(script, Tempo(5, 1), 7, clock)[-1][0] == pytest.approx(99 / 100)


def test_at_pace_0_everything_is_due_at_once_in_batches(clock: Clock) -> None:
    due = played(Script((WORDS,)), Tempo(0.5, 50), 0, clock)
    assert [len(step.tokens) for _, step in due if isinstance(step, Say)] == [BATCH, 100 - BATCH]
    assert due[-1][0] == 0


def test_a_pause_is_stretched_and_filled_with_comments(clock: Clock) -> None:
    due = played(Script((Pause(8, keep_alive=2), Finish())), Tempo(), 1, clock)
    assert due == [(at, KeepAlive()) for at in (0, 2, 4, 6)] + [(8, Finish())]
    due = played(Script((Pause(8),)), Tempo(), 0.5, clock)
    assert due == []


def test_a_short_pause_has_one_comment_at_pace_0(clock: Clock) -> None:
    due = played(Script((Pause(8, keep_alive=2), Finish())), Tempo(), 0, clock)
    assert due == [(0, KeepAlive()), (0, Finish())]


def test_for_ever_is_for_ever_at_any_pace_and_comments_are_no_flood(clock: Clock) -> None:
    async def first(count: int) -> list[float]:
        steps = play(Script((Pause(FOREVER, keep_alive=2),)), Tempo(), 0)
        found: list[float] = []
        async for step in steps:
            assert step == KeepAlive()
            found.append(round(clock.now - 100, 6))
            if len(found) == count:
                break
        return found

    assert run(first(3)) == [0, 0.05, 0.1]


def test_silence_for_ever_does_not_end_at_pace_0() -> None:
    async def look() -> bool:
        waiting = asyncio.ensure_future(anext(play(Script((Pause(FOREVER),)), Tempo(), 0)))
        done, _ = await asyncio.wait({waiting}, timeout=0.05)
        waiting.cancel()
        return bool(done)

    assert not asyncio.run(look())


def test_the_metronome_of_a_real_loop_keeps_time() -> None:
    async def measure() -> float:
        metronome = Metronome(1 / 400)
        start = time.monotonic()
        given = 0
        while given < 200:
            given += await metronome.due()
        return time.monotonic() - start

    # 199 intervals of 1/400 s; the upper bound is for a busy machine.
    assert 0.497 < asyncio.run(measure()) < 1

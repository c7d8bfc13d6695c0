"""Plays a script in time: which of its steps is due when."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator

from playground.demo.answers import (
    Drop,
    Fail,
    Finish,
    Garbage,
    KeepAlive,
    Pause,
    Say,
    Script,
    Tempo,
)

#: What a player hands out: steps that are to be sent now.
Due = Say | KeepAlive | Garbage | Fail | Drop | Finish

#: At most this many tokens are sent at once, so that one fast reply does not hold up the others.
BATCH = 64

#: Seconds between comments, at the least: pace 0 must not become a flood.
_KEEP_ALIVE_AT_LEAST = 0.05


async def play(script: Script, tempo: Tempo, pace: float) -> AsyncIterator[Due]:
    """Yield the steps of `script` when they are due; tokens that are due together come together.

    Args:
        script: what to play.
        tempo: used where the script has none of its own.
        pace: stretches the delays, except those of a tempo that is not to be scaled.
    """
    tempo = script.tempo or tempo
    scale = pace if tempo.scaled else 1.0
    await asyncio.sleep(tempo.first_token * scale)
    for step in script.steps:
        match step:
            case Say(tokens):
                metronome = Metronome(scale / tempo.rate)
                sent = 0
                while sent < len(tokens):
                    due = await metronome.due()
                    yield Say(tokens[sent : sent + due])
                    sent += due
            case Pause(seconds, keep_alive):
                async for comment in _pause(seconds, keep_alive, pace):
                    yield comment
            case _:
                yield step


async def _pause(seconds: float, keep_alive: float | None, pace: float) -> AsyncIterator[KeepAlive]:
    loop = asyncio.get_running_loop()
    # For ever stays for ever at pace 0.
    end = loop.time() + (seconds if seconds == math.inf else seconds * pace)
    interval = math.inf if keep_alive is None else max(keep_alive * pace, _KEEP_ALIVE_AT_LEAST)
    if keep_alive is not None:
        yield KeepAlive()
    while (left := end - loop.time()) > 0:
        if (wait := min(interval, left)) == math.inf:
            await asyncio.Event().wait()
        await asyncio.sleep(wait)
        if wait < left:
            yield KeepAlive()


class Metronome:
    """Tells how many tokens are due. Its schedule is absolute, so lateness does not add up."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._loop = asyncio.get_running_loop()
        self._start = self._loop.time()
        self._given = 0

    async def due(self) -> int:
        """Wait until a token is due and return how many are, at most BATCH."""
        if not self._interval:
            await asyncio.sleep(0)
            return BATCH
        next_at = self._start + self._given * self._interval
        late = self._loop.time() - next_at
        if late < 0:
            await asyncio.sleep(-late)
            late = max(0.0, self._loop.time() - next_at)
        count = min(BATCH, 1 + int(late / self._interval))
        self._given += count
        return count

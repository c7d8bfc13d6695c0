"""Scenarios in which one has to wait, some of them for ever."""

from __future__ import annotations

from playground.demo.answers import FOREVER, Answer, Finish, Pause, Script, Silence, Tempo
from playground.demo.scenarios.scenario import Call, Scenario

#: Seconds until the first token of `slow-start`, and between the comments meanwhile.
SLOW_START = 8.0
KEEP_ALIVE = 2.0


def _stall(call: Call) -> Answer:
    return Script((call.halves()[0], Pause(FOREVER)))


def _slow_start(call: Call) -> Answer:
    pause = Pause(SLOW_START, keep_alive=KEEP_ALIVE)
    return Script((pause, *call.halves(), Finish()), tempo=Tempo(rate=40))


def _silent(_: Call) -> Answer:
    return Silence()


def _keep_alive_only(_: Call) -> Answer:
    return Script((Pause(FOREVER, keep_alive=KEEP_ALIVE),))


SCENARIOS = (
    Scenario("stall", "The server goes silent in mid-answer, for ever.", _stall),
    Scenario(
        "slow-start",
        f"The first token comes after {SLOW_START:g} seconds, with comments meanwhile.",
        _slow_start,
    ),
    Scenario("silent", "The server takes the request and never answers.", _silent),
    Scenario("keep-alive-only", "Comments keep coming, but no token ever.", _keep_alive_only),
)

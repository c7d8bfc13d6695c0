"""Scenarios that differ in how the reply ends."""

from __future__ import annotations

from playground.demo.answers import Answer, Dialect, Drop, Fail, Finish, Script
from playground.demo.scenarios.scenario import Call, Scenario
from playground.events import FinishReason


def _plain(call: Call) -> Answer:
    return Script((*call.halves(), Finish()))


def _truncated(call: Call) -> Answer:
    return Script((call.halves()[0], Finish(FinishReason.LENGTH)))


def _filtered(call: Call) -> Answer:
    return Script((call.halves()[0], Finish(FinishReason.CONTENT_FILTER)))


def _cut(call: Call) -> Answer:
    return Script((call.halves()[0], Drop()))


def _no_finish(call: Call) -> Answer:
    return Script((call.halves()[0],), dialect=Dialect.BARE)


def _no_done(call: Call) -> Answer:
    return Script((*call.halves(), Finish()), dialect=Dialect.BARE)


def _in_band_error(call: Call) -> Answer:
    error = Fail("server_error", "The model crashed in the middle of its answer.")
    return Script((call.halves()[0], error))


def _empty(_: Call) -> Answer:
    return Script((Finish(),))


SCENARIOS = (
    Scenario("plain", "An ordinary reply, to compare the others with.", _plain),
    Scenario("truncated", "The reply reaches its limit in mid-answer (`length`).", _truncated),
    Scenario(
        "filtered",
        "The host's filter ends the reply in mid-answer (`content_filter`).",
        _filtered,
    ),
    Scenario("cut", "The connection breaks in mid-answer.", _cut),
    Scenario("no-finish", "The stream ends in mid-answer and does not say why.", _no_finish),
    Scenario(
        "no-done",
        "The stream ends without `[DONE]` and without its last line break.",
        _no_done,
    ),
    Scenario("in-band-error", "An error arrives inside the stream, in mid-answer.", _in_band_error),
    Scenario("empty", "The reply ends well but has no text.", _empty),
)

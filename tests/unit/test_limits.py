"""A connection's stated limits are kept before its server has to refuse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from playground.connections import Connection, Connections, Kind
from playground.errors import ChatError, RateLimited, ServerFailed
from playground.events import Finished, FinishReason, Opened, StreamEvent
from playground.limits import (
    LimitedEndpoint,
    LimitKeeper,
    Said,
    daily,
    free_at,
    other_connections,
)
from playground.messages import Message, Role
from playground.parameters import Parameters
from playground.rate_limits import Per, RateLimit
from playground.request import ChatRequest
from playground.retrying import stream_with_retries
from playground.stop import StopSignal

FREE = Connection("free", "Free", "http://127.0.0.1:1/v1")
LIMITED = replace(FREE, name="lab", requests_per_minute=2, requests_per_day=3)
ASKED = ChatRequest("phi", (Message(Role.USER, "Hi"),), Parameters())
SAID = (RateLimit("requests", Per.MINUTE, 15, 14, 40.0),)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Told:
    """An endpoint that answers with `limits`, or fails with `error`."""

    def __init__(self, error: ChatError | None = None) -> None:
        self.error = error
        self.asked = 0
        self.closed = False

    def stream(self, request: ChatRequest, stop: StopSignal) -> Iterator[StreamEvent]:
        self.asked += 1
        if self.error is not None:
            raise self.error
        yield Opened(limits=SAID)
        yield Finished(FinishReason.STOP)

    def close(self) -> None:
        self.closed = True


def admitted(keeper: LimitKeeper, connection: Connection = LIMITED) -> RateLimited | None:
    try:
        keeper.admit(connection)
    except RateLimited as error:
        return error
    return None


def test_one_too_many_a_minute_waits_until_the_first_is_a_minute_old() -> None:
    clock = Clock()
    keeper = LimitKeeper(clock)
    assert admitted(keeper) is None
    clock.now += 20
    assert admitted(keeper) is None
    clock.now += 10
    refused = admitted(keeper)
    assert refused is not None
    assert refused.retry_after == 30.0
    assert refused.happened == (
        "This connection's limit of 2 requests a minute is reached, so nothing was sent. There is "
        "room again in 30 seconds."
    )
    assert refused.limits == (RateLimit("requests", Per.MINUTE, 2, 0, 30.0),)
    assert not daily(refused)
    clock.now += 30
    assert admitted(keeper) is None, "what was refused is not counted"


def test_the_limit_of_a_day_is_told_before_that_of_a_minute() -> None:
    clock = Clock()
    keeper = LimitKeeper(clock)
    for _ in range(3):
        assert admitted(keeper) is None
        clock.now += 40
    refused = admitted(keeper)
    assert refused is not None
    assert "limit of 3 requests a day" in refused.happened
    assert refused.retry_after == 86_400 - 120
    assert daily(refused)
    clock.now += 86_400
    assert admitted(keeper) is None


def test_a_connection_without_limits_and_another_one_are_not_held_up() -> None:
    keeper = LimitKeeper(Clock())
    assert all(admitted(keeper, FREE) is None for _ in range(100))
    admitted(keeper)
    admitted(keeper)
    assert admitted(keeper) is not None
    assert admitted(keeper, replace(LIMITED, name="other")) is None


def test_what_is_left_is_told_with_the_time_until_there_is_more() -> None:
    clock = Clock()
    keeper = LimitKeeper(clock)
    assert [limit.words for limit in keeper.left(LIMITED)] == [
        "2 of 2 requests a minute left",
        "3 of 3 requests a day left",
    ]
    keeper.admit(LIMITED)
    clock.now += 10
    assert keeper.left(LIMITED) == (
        RateLimit("requests", Per.MINUTE, 2, 1, 50.0),
        RateLimit("requests", Per.DAY, 3, 2, 86_390.0),
    )
    assert keeper.left(FREE) == ()


def test_nothing_is_sent_beyond_the_limit_and_what_the_server_said_is_remembered() -> None:
    keeper, inner = LimitKeeper(Clock(), now=lambda: 77.0), Told()
    endpoint = LimitedEndpoint(inner, replace(LIMITED, requests_per_minute=1), keeper)
    assert len(list(endpoint.stream(ASKED, StopSignal()))) == 2
    assert keeper.said("lab") == Said(SAID, 77.0)
    with pytest.raises(RateLimited):
        list(endpoint.stream(ASKED, StopSignal()))
    assert inner.asked == 1
    endpoint.close()
    assert inner.closed


def test_the_limits_in_a_refusal_are_remembered_too() -> None:
    error = RateLimited(status=429)
    error.limits = SAID
    keeper = LimitKeeper()
    with pytest.raises(RateLimited):
        list(LimitedEndpoint(Told(error), FREE, keeper).stream(ASKED, StopSignal()))
    said = keeper.said("free")
    assert said is not None
    assert said.limits == SAID
    assert keeper.said("other") is None


def test_a_limit_that_was_kept_here_is_told_at_once_and_not_waited_for_out_of_sight() -> None:
    keeper = LimitKeeper()
    endpoint = LimitedEndpoint(Told(), replace(LIMITED, requests_per_day=1), keeper)
    list(endpoint.stream(ASKED, StopSignal()))
    with pytest.raises(RateLimited, match="a day"):
        list(stream_with_retries(endpoint, ASKED, StopSignal()))


@pytest.mark.parametrize(
    ("error", "is_daily"),
    [
        (RateLimited(retry_after=46), False),
        (RateLimited(retry_after=52_220), True),
        (RateLimited(), False),
        (ServerFailed(retry_after=52_220), False),
        (None, False),
    ],
)
def test_a_long_wait_is_a_daily_limit(error: ChatError | None, is_daily: bool) -> None:  # noqa: FBT001 - a column of the table
    assert daily(error) is is_daily


def test_until_when_a_limit_lasts_counts_from_when_it_was_told() -> None:
    told = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC).timestamp()
    free = free_at(RateLimited(retry_after=52_220), told)
    assert free is not None
    assert free.astimezone(dt.UTC) == dt.datetime(2026, 11, 25, 0, 0, 20, tzinfo=dt.UTC)
    assert free_at(RateLimited(), told) is None
    assert free_at(None, told) is None


def test_the_other_connections_that_serve_a_model_are_offered_in_their_order() -> None:
    mini, small = "Phi-3-mini-4k-instruct", "Phi-3-small-8k-instruct"
    connections = Connections(
        (
            replace(FREE, name="spent"),
            replace(FREE, name="ollama", kind=Kind.OLLAMA),
            replace(FREE, name="named", deployments={mini: "m"}),
            replace(FREE, name="other", deployments={"Phi-3-medium-4k-instruct": "m"}),
            replace(FREE, name="gone", retired="It is gone."),
            replace(FREE, name="vllm", kind=Kind.VLLM),
        )
    )

    def offered(model: str) -> list[str]:
        return [c.name for c in other_connections(connections, model, "spent")]

    assert offered(mini) == ["ollama", "named", "vllm"]
    assert offered(small) == ["vllm"], "Ollama never had it"

"""One prompt, many panes: nothing of one pane ever reaches another, its trouble least of all."""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from playground.comparison import MAX_PANES
from playground.conversation import Conversation, Turn
from playground.errors import (
    AuthenticationFailed,
    ChatError,
    ConnectionLost,
    ContentFiltered,
    EndpointUnreachable,
    ModelNotServed,
    StreamStalled,
    TooManyRunning,
)
from playground.events import Opened, StreamEvent, TextDelta
from playground.messages import Role
from playground.parameters import Parameters
from playground.reply import Status
from playground.request import ChatRequest
from playground.stop import StopSignal
from playground.store import MemoryStore, StoreError
from tests.support.comparing import MODELS, Bench, Served, last
from tests.support.sources import DONE, PATIENCE, ScriptedEndpoint, until

#: What goes wrong in each of six panes: six kinds of errors, in six places.
FAULTS: tuple[tuple[type[Exception], int], ...] = (
    (AuthenticationFailed, 0),
    (ModelNotServed, 0),
    (EndpointUnreachable, 0),
    (ConnectionLost, 2),
    (StreamStalled, 1),
    (ZeroDivisionError, 1),
)


@pytest.fixture
def opened() -> Iterator[list[Bench]]:
    benches: list[Bench] = []
    yield benches
    for bench in benches:
        bench.close()


def texts(number: int, count: int = 5) -> list[str]:
    return [f"<{number}:{i}>" for i in range(count)]


def speaking(number: int, fault: int | None = None) -> Served:
    def answer(request: ChatRequest, stop: StopSignal) -> Iterator[StreamEvent]:
        kind, after = FAULTS[fault] if fault is not None else (None, -1)
        for place, text in enumerate(texts(number)):
            if kind is not None and place == after:
                raise kind("Something went wrong.")
            if place == 0:
                yield Opened()
            yield TextDelta(text)
        yield DONE

    return Served(answer)


@pytest.mark.parametrize("failing", [
    frozenset(subset)
    for count in range(MAX_PANES + 1)
    for subset in itertools.combinations(range(MAX_PANES), count)
], ids=lambda failing: "".join(map(str, sorted(failing))) or "none")  # fmt: skip
def test_whichever_panes_fail_the_others_complete(
    failing: frozenset[int], opened: list[Bench]
) -> None:
    bench = Bench(*(speaking(i, i if i in failing else None) for i in range(MAX_PANES)))
    opened.append(bench)
    assert bench.ask().errors == {}
    for number, conversation in enumerate(bench.finished().values()):
        reply = last(conversation)
        if number not in failing:
            assert (reply.status, reply.text) == (Status.COMPLETED, "".join(texts(number)))
            continue
        kind, after = FAULTS[number]
        assert reply.text == "".join(texts(number)[:after])
        assert reply.status is (Status.INTERRUPTED if after else Status.FAILED)
        if issubclass(kind, ChatError):
            assert isinstance(reply.error, kind)
        else:
            assert reply.error is not None


def test_no_token_is_ever_in_the_wrong_pane(opened: list[Bench]) -> None:
    """A hundred runs of six streams of distinct text at random speeds, watched while they grow."""
    chance = random.Random(6)  # noqa: S311 - the same speeds each time, and no secret
    for _ in range(100):
        waits = [[chance.choice([0.0, 0.0, 0.0005]) for _ in range(12)] for _ in range(6)]

        def answer(number: int, waits: list[float]) -> Served:
            def stream(request: ChatRequest, stop: StopSignal) -> Iterator[StreamEvent]:
                for text, wait in zip(texts(number, 12), waits, strict=True):
                    stop.wait(wait)
                    yield TextDelta(text)
                yield DONE

            return Served(stream)

        bench = Bench(*(answer(i, waits[i]) for i in range(6)))
        opened.append(bench)
        bench.ask()
        running = True
        while running:
            running = any(bench.comparing.running(c) for c in bench.panes().values())
            for number, conversation in enumerate(bench.panes().values()):
                assert "".join(texts(number, 12)).startswith(last(conversation).text)
        for number, conversation in enumerate(bench.finished().values()):
            assert last(conversation).text == "".join(texts(number, 12))
            assert last(conversation).status is Status.COMPLETED
        bench.close()


def test_each_pane_asks_its_model_with_its_settings(opened: list[Bench]) -> None:
    first, second = speaking(0), speaking(1)
    bench = Bench(first, second)
    opened.append(bench)
    rhyming = replace(
        bench.comparison.panes[1], parameters=Parameters(temperature=0.25), system_message="Rhyme."
    )
    bench.comparison = bench.comparison.changed(rhyming)
    bench.ask("Hello")
    bench.finished()
    bench.ask("And now?")
    bench.finished()
    assert [r.deployment for r in first.requests] == [MODELS[0]] * 2
    assert second.requests[0].parameters.temperature == 0.25
    said = [m.content for m in second.requests[1].messages]
    # This model's template drops system messages, so it stands at the head of the first prompt.
    assert said in (
        ["Rhyme.", "Hello", "".join(texts(1)), "And now?"],
        ["Rhyme.\n\nHello", "".join(texts(1)), "And now?"],
    )
    assert "".join(texts(0)) not in said, "each pane has its own history"


def test_a_mirrored_prompt_has_one_id_in_all_panes(opened: list[Bench]) -> None:
    bench = Bench(speaking(0), speaking(1))
    opened.append(bench)
    bench.ask("Capital of France?")
    first, second = bench.finished().values()
    assert first.turns[0].id == second.turns[0].id
    assert first.turns[1].id != second.turns[1].id
    assert bench.comparison.title == "Capital of France?"


def test_a_pane_with_its_own_prompt_is_asked_that_and_not_the_one_for_all(
    opened: list[Bench],
) -> None:
    bench = Bench(speaking(0), speaking(1))
    opened.append(bench)
    own = replace(bench.comparison.panes[1], own_prompt=True)
    bench.comparison = bench.comparison.changed(own)
    bench.ask("For all")
    bench.ask({"pane1": "For you alone", "unknown": "For nobody"})
    first, second = bench.finished().values()
    assert [t.text for t in first.turns if t.role is Role.USER] == ["For all"]
    assert [t.text for t in second.turns if t.role is Role.USER] == ["For you alone"]


def test_a_pane_that_cannot_be_asked_says_why_and_keeps_the_prompt(opened: list[Bench]) -> None:
    bench = Bench(speaking(0), speaking(1), speaking(2))
    opened.append(bench)
    gone, hot, _ = bench.comparison.panes
    bench.comparison = bench.comparison.changed(replace(gone, connection="nowhere")).changed(
        replace(hot, parameters=Parameters(temperature=1.5))
    )
    assert bench.ask("Hello").errors == {}
    first, second, third = bench.finished().values()
    for conversation in (first, second):
        assert [t.text for t in conversation.turns][:1] == ["Hello"]
        assert last(conversation).status is Status.FAILED
    assert "gone" in str(last(first).error)
    assert "Temperature" in str(last(second).error)
    assert last(third).status is Status.COMPLETED
    run = first.turns[1].run
    assert run is not None
    assert (run.model, run.connection) == (MODELS[0], "nowhere")


def test_a_store_that_fails_for_one_pane_leaves_the_others(opened: list[Bench]) -> None:
    class Failing(MemoryStore):
        def append(self, owner: str, conversation_id: str, *turns: Turn) -> Conversation | None:
            if conversation_id == "pane0":
                raise StoreError("The disk is full.")
            return super().append(owner, conversation_id, *turns)

    bench = Bench(speaking(0), speaking(1), store=Failing())
    opened.append(bench)
    errors = bench.ask().errors
    assert [(name, type(error)) for name, error in errors.items()] == [("pane0", StoreError)]
    assert last(bench.finished()["pane1"]).status is Status.COMPLETED


def test_prompts_are_kept_at_the_same_time_and_runs_started_in_order(opened: list[Bench]) -> None:
    """A store that keeps nothing until all want it kept: one after the other would wait for ever."""

    class Together(MemoryStore):
        all_here = threading.Barrier(3, timeout=PATIENCE)

        def append(self, owner: str, conversation_id: str, *turns: Turn) -> Conversation | None:
            self.all_here.wait()
            return super().append(owner, conversation_id, *turns)

    bench = Bench(speaking(0), speaking(1), speaking(2), store=Together())
    opened.append(bench)
    started: list[str] = []
    start = bench.generations.start

    def noted(owner: str, turn_id: str, *rest: Any) -> Any:
        started.append(turn_id)
        return start(owner, turn_id, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bench.generations, "start", noted)
        assert bench.ask().errors == {}
    finished = bench.finished()
    assert started == [finished[f"pane{i}"].leaf for i in range(3)]


def test_a_retry_touches_its_pane_only(opened: list[Bench]) -> None:
    bench = Bench(speaking(0, fault=0), speaking(1), speaking(2, fault=2))
    opened.append(bench)
    bench.ask()
    before = bench.finished()
    again = bench.comparing.retry("anna", bench.comparison, bench.connections, "pane0")
    assert again is not None
    after = bench.finished()
    assert len(after["pane0"].alternatives(after["pane0"].leaf or "")) == 2
    assert (after["pane1"], after["pane2"]) == (before["pane1"], before["pane2"])
    nothing = bench.comparing.retry("anna", bench.comparison, bench.connections, "unknown")
    assert nothing is None


def test_a_retry_asks_as_the_pane_is_set_up_now(opened: list[Bench]) -> None:
    first = speaking(0)
    bench = Bench(first, speaking(1))
    opened.append(bench)
    bench.ask()
    bench.finished()
    cooler = replace(bench.comparison.panes[0], parameters=Parameters(temperature=0.0))
    changed = bench.comparison.changed(cooler)
    assert bench.comparing.retry("anna", changed, bench.connections, "pane0")
    bench.finished()
    assert [r.parameters.temperature for r in first.requests] == [1.0, 0.0]


@pytest.mark.parametrize("times", [1, 3, 10])
def test_a_prompt_is_repeated_as_alternatives_of_the_first(times: int, opened: list[Bench]) -> None:
    bench = Bench(*(speaking(i) for i in range(6)))
    opened.append(bench)
    bench.ask(repeat=times)
    for conversation in bench.finished().values():
        first = conversation.path()[-1]
        answers = conversation.alternatives(first.id)
        assert answers[0] == first, "the first is on the page"
        assert len(answers) == times
        assert all(t.reply and t.reply.status is Status.COMPLETED for t in answers)
        assert len(conversation.turns) == times + 1


def test_one_pane_is_stopped_and_then_all(opened: list[Bench]) -> None:
    endpoints = [ScriptedEndpoint() for _ in range(3)]
    taps = [endpoint.answer().say("Half") for endpoint in endpoints]
    bench = Bench(*endpoints)
    opened.append(bench)
    bench.ask()
    for tap in taps:
        assert tap.opened.wait(PATIENCE)
    bench.comparing.stop("anna", bench.comparison, "pane1")
    states = [last(c).status for c in bench.panes().values()]
    assert states == [Status.RUNNING, Status.STOPPED, Status.RUNNING]
    with pytest.raises(TooManyRunning, match="still running"):
        bench.comparing.retry("anna", bench.comparison, bench.connections, "pane0")
    endpoints[1].answer().say("More")
    errors = bench.ask("More").errors
    assert sorted(errors) == ["pane0", "pane2"]
    bench.comparing.stop_all("anna", bench.comparison)
    assert {last(c).status for c in bench.panes().values()} == {Status.STOPPED}
    assert all(tap.left.wait(PATIENCE) for tap in taps)


def test_a_stopped_answer_goes_on_in_its_pane_only(opened: list[Bench]) -> None:
    """What there is of it is sent, and what comes is a part of its own below it."""
    endpoint, other = ScriptedEndpoint(), speaking(1)
    tap = endpoint.answer().say("The sky ")
    bench = Bench(endpoint, other)
    opened.append(bench)
    bench.ask("Why?")
    assert tap.opened.wait(PATIENCE)
    (run,) = bench.comparing.running(bench.panes()["pane0"])
    until(run, lambda: run.snapshot().text == "The sky ")
    with pytest.raises(TooManyRunning, match="still running"):
        bench.comparing.carry_on("anna", bench.comparison, bench.connections, "pane0")
    bench.comparing.stop("anna", bench.comparison, "pane0")
    before = bench.finished()
    endpoint.answer("is blue.")
    assert bench.comparing.carry_on("anna", bench.comparison, bench.connections, "pane0")
    after = bench.finished()
    assert [t.content for t in after["pane0"].path()] == ["Why?", "The sky ", "is blue."]
    assert last(after["pane0"]).status is Status.COMPLETED
    assert after["pane1"] == before["pane1"]
    assert [m.content for m in endpoint.requests[1].messages][-2:] == ["Why?", "The sky "]
    nothing = bench.comparing.carry_on("anna", bench.comparison, bench.connections, "unknown")
    assert nothing is None


def test_a_pane_that_is_removed_is_stopped(opened: list[Bench]) -> None:
    endpoints = [ScriptedEndpoint() for _ in range(3)]
    taps = [endpoint.answer().say("Half") for endpoint in endpoints]
    bench = Bench(*endpoints)
    opened.append(bench)
    bench.ask()
    assert all(tap.opened.wait(PATIENCE) for tap in taps)
    bench.comparing.save("anna", bench.comparison.without_pane("pane2"))
    assert taps[2].left.wait(PATIENCE)
    assert not taps[0].left.is_set()


def test_nobody_asks_in_anothers_comparison(opened: list[Bench]) -> None:
    bench = Bench(speaking(0), speaking(1))
    opened.append(bench)
    bench.ask()
    before = bench.finished()
    assert bench.comparing.ask("bert", bench.comparison, bench.connections, "Mine") is None
    assert bench.comparing.open("bert", bench.comparison.id) is None
    assert bench.comparing.open("anna", bench.comparison.id) == bench.comparison
    assert bench.panes() == before


def test_all_panes_are_sent_at_once(opened: list[Bench]) -> None:
    """None waits for another: each answers only when all have been asked."""
    together = threading.Barrier(6, timeout=PATIENCE)

    def answer(request: ChatRequest, stop: StopSignal) -> Iterator[StreamEvent]:
        together.wait()
        yield TextDelta("Here")
        yield DONE

    bench = Bench(*(Served(answer) for _ in range(6)))
    opened.append(bench)
    bench.ask()
    assert {last(c).text for c in bench.finished().values()} == {"Here"}


def test_the_errors_of_a_filter_stay_in_their_pane(opened: list[Bench]) -> None:
    def filtered(request: ChatRequest, stop: StopSignal) -> Iterator[StreamEvent]:
        if not stop.stopped:
            raise ContentFiltered
        yield DONE

    bench = Bench(Served(filtered), speaking(1))
    opened.append(bench)
    bench.ask()
    first, second = bench.finished().values()
    assert isinstance(last(first).error, ContentFiltered)
    assert last(second).error is None

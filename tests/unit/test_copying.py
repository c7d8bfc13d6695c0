"""Copies between chats and comparisons: whole, under ids of their own, with nothing running in them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from playground.catalog import load_catalog
from playground.connections import Connections
from playground.conversation import Conversation
from playground.errors import TooManyRunning
from playground.messages import Role
from playground.pane_run import pane_run
from playground.reply import Reply, Status
from playground.store import MemoryStore, SharedComparison
from tests.support.comparing import MODELS, Bench, last
from tests.support.sources import PATIENCE, ScriptedEndpoint


@pytest.fixture
def opened() -> Iterator[list[Bench]]:
    benches: list[Bench] = []
    yield benches
    for bench in benches:
        bench.close()


def answered(*texts: str) -> Bench:
    """Return a bench with a pane for each text, which was its answer to one prompt."""
    endpoints = [ScriptedEndpoint() for _ in texts]
    for endpoint, text in zip(endpoints, texts, strict=True):
        endpoint.answer(text)
        endpoint.answer("And more.")
    bench = Bench(*endpoints)
    bench.ask("Capital of France?")
    bench.finished()
    return bench


def begin_chat(bench: Bench) -> None:
    """Ask in the chat "chat" what the first pane would be asked."""
    run = pane_run(bench.comparison.panes[0], bench.connections, load_catalog())
    assert bench.chat.ask("anna", "chat", "Why?", run) is not None


def shared(bench: Bench) -> SharedComparison:
    """Return what somebody sees who gets a link to the comparison."""
    share = bench.store.share("anna", bench.comparison.id)
    assert share is not None
    found = bench.store.open_shared_comparison(share.token)
    assert found is not None
    return found


def test_continue_with_this_one_makes_a_chat_of_a_pane(opened: list[Bench]) -> None:
    bench = answered("Paris.", "It is Paris.")
    opened.append(bench)
    before = bench.panes()
    kept = bench.copying.as_chat("anna", bench.comparison, "pane1")
    assert kept is not None
    chat = bench.store.get("anna", kept)
    assert chat is not None
    assert [t.content for t in chat.path()] == ["Capital of France?", "It is Paris."]
    assert [(s.id, s.panes) for s in bench.store.recent("anna", 5)] == [
        (kept, 0),
        (bench.comparison.id, 2),
    ]
    assert bench.panes() == before
    assert bench.copying.as_chat("anna", bench.comparison, "unknown") is None
    assert bench.copying.as_chat("bert", bench.comparison, "pane1") is None


def test_a_chat_opens_in_compare_with_its_branch_in_both_panes(opened: list[Bench]) -> None:
    bench = answered("Paris.", "It is Paris.")
    opened.append(bench)
    chat_id = bench.copying.as_chat("anna", bench.comparison, "pane1") or ""
    made = bench.copying.as_comparison("anna", chat_id, bench.connections)
    assert made is not None
    first, second = made.panes
    assert (first.model, first.connection) == (MODELS[1], "c1")
    assert second.model != first.model
    assert made.title == "Capital of France?"
    one, two = bench.comparing.view("anna", made).values()
    assert one.turns[0].id == two.turns[0].id
    assert one.turns[1].id != two.turns[1].id, "an answer belongs to one pane"
    for conversation in (one, two):
        assert [t.content for t in conversation.path()] == [
            "Capital of France?",
            "It is Paris.",
        ]
    bench.comparison = made
    bench.ask("And Spain?")
    bench.finished()
    assert bench.store.get("anna", chat_id) is not None
    assert bench.copying.as_comparison("bert", chat_id, bench.connections) is None


def test_a_chat_is_not_compared_while_its_answer_runs(opened: list[Bench]) -> None:
    endpoint = ScriptedEndpoint()
    endpoint.answer().say("Half")
    bench = Bench(endpoint)
    opened.append(bench)
    begin_chat(bench)
    with pytest.raises(TooManyRunning, match="still running"):
        bench.copying.as_comparison("anna", "chat", bench.connections)
    assert bench.store.comparisons("anna") == ()


def test_a_chat_whose_end_is_not_kept_yet_is_compared_as_it_ended(opened: list[Bench]) -> None:
    """A copy of what the store still holds as running would run for ever."""
    ending, kept = threading.Event(), threading.Event()

    class Slow(MemoryStore):
        def save_reply(self, owner: str, conversation_id: str, turn_id: str, reply: Reply) -> None:
            if not reply.running:
                ending.set()
                assert kept.wait(PATIENCE)
            super().save_reply(owner, conversation_id, turn_id, reply)

    endpoint = ScriptedEndpoint()
    endpoint.answer("Because of scattering.")
    bench = Bench(endpoint, store=Slow())
    opened.append(bench)
    try:
        begin_chat(bench)
        assert ending.wait(PATIENCE)
        stored = bench.store.get("anna", "chat")
        assert stored is not None
        assert last(stored).running, "the store does not know of the end"
        made = bench.copying.as_comparison("anna", "chat", bench.connections)
    finally:
        kept.set()
    assert made is not None
    for pane in made.panes:
        copied = bench.store.get("anna", pane.id)
        assert copied is not None
        reply = last(copied)
        assert (reply.status, reply.text) == (Status.COMPLETED, "Because of scattering.")


def test_a_shared_comparison_becomes_ones_own_with_all_its_panes(opened: list[Bench]) -> None:
    """Each asks where it asked before; what is said further stays with whoever says it."""
    bench = answered("Paris.", "It is Paris.")
    opened.append(bench)
    before = bench.panes()
    made = bench.copying.as_own("bert", shared(bench), bench.connections)
    assert made is not None
    assert made.title == "Capital of France?"
    assert [(p.model, p.connection) for p in made.panes] == [(MODELS[0], "c0"), (MODELS[1], "c1")]
    assert not {p.id for p in made.panes} & before.keys()
    copies = bench.comparing.view("bert", made)
    assert [[t.content for t in c.path()] for c in copies.values()] == [
        ["Capital of France?", "Paris."],
        ["Capital of France?", "It is Paris."],
    ]
    one, two = copies.values()
    assert one.turns[0].id == two.turns[0].id, "the prompt is still one"
    assert not replies(one, two) & replies(*before.values())
    asked = bench.comparing.ask("bert", made, bench.connections, "And Spain?")
    assert asked is not None
    assert asked.errors == {}
    for conversation in bench.comparing.view("bert", made).values():
        for run in bench.comparing.running(conversation):
            assert run.join(PATIENCE)
        stored = bench.store.get("bert", conversation.id)
        assert stored is not None
        assert last(stored).text == "And more."
    assert bench.panes() == before


def test_a_pane_of_a_shared_comparison_asks_where_its_new_owner_can(opened: list[Bench]) -> None:
    """That is the first connection that says it serves the model, or else the default."""
    bench = answered("Paris.", "It is Paris.")
    opened.append(bench)
    first, second = bench.connections
    mine = Connections(
        (
            replace(first, name="small", deployments={MODELS[5]: "x"}),
            replace(second, name="large", deployments={MODELS[1]: "y"}),
        )
    )
    made = bench.copying.as_own("bert", shared(bench), mine)
    assert made is not None
    assert [pane.connection for pane in made.panes] == ["small", "large"]


def test_an_answer_that_runs_ends_in_the_copy_of_a_shared_comparison(opened: list[Bench]) -> None:
    """And goes on where it is, whatever is stopped in the copy."""
    endpoints = [ScriptedEndpoint(), ScriptedEndpoint()]
    taps = [endpoint.answer().say("Half") for endpoint in endpoints]
    bench = Bench(*endpoints)
    opened.append(bench)
    bench.ask("Why?")
    assert all(tap.opened.wait(PATIENCE) for tap in taps)
    made = bench.copying.as_own("bert", shared(bench), bench.connections)
    assert made is not None
    bench.comparing.stop_all("bert", made)
    copies = bench.comparing.view("bert", made).values()
    assert {last(c).status for c in copies} == {Status.INTERRUPTED}
    assert {last(c).status for c in bench.panes().values()} == {Status.RUNNING}


def replies(*conversations: Conversation) -> set[str]:
    return {t.id for c in conversations for t in c.turns if t.role is Role.ASSISTANT}

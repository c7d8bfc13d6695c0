"""From a prompt to a reply that is kept: asking, asking again, watching and stopping."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from playground.chat import Chat, run_for
from playground.connections import Connection
from playground.conversation import Conversation, Run, Turn
from playground.errors import AuthenticationFailed, ChatError, SettingsError, TooManyRunning
from playground.events import StreamEvent
from playground.generation import Generation
from playground.generations import Generations
from playground.messages import Message, Role
from playground.parameters import Parameters
from playground.reply import Reply, Status
from playground.request import ChatRequest
from playground.settings import demo_connection
from playground.stop import StopSignal
from playground.store import MemoryStore
from tests.support.sources import PATIENCE, ScriptedEndpoint, until

RUN = Run("Phi-3-mini-4k-instruct", "phi3:mini", "local", "Local", Parameters(seed=7), "Be short.")


class FullStore(MemoryStore):
    """A store that cannot keep anything."""

    def append(self, owner: str, conversation_id: str, *turns: Turn) -> Conversation | None:
        raise ChatError("The disk is full.")


class Racing(Generations):
    """Runs of which somebody takes the last place between the check and the start."""

    def check(self, owner: str) -> None:
        """Find a place."""


class Bench:
    """A chat, and all it stands on."""

    def __init__(
        self, store: MemoryStore | None = None, generations: Generations | None = None
    ) -> None:
        self.store = store or MemoryStore()
        self.generations = generations or Generations(max_per_owner=2)
        self.endpoint = ScriptedEndpoint()
        self.chat = Chat(self.store, self.generations, {"local": self.endpoint}.get)

    def ask(self, prompt: str, answer: str, conversation_id: str = "c") -> Conversation:
        """Ask, wait for the answer, and return the conversation as it is kept."""
        self.endpoint.answer(answer)
        asked = self.chat.ask("anna", conversation_id, prompt, RUN)
        assert asked is not None
        self.finish(asked)
        return self.kept(conversation_id)

    def finish(self, conversation: Conversation) -> None:
        generation = self.generations.get(conversation.leaf or "")
        assert generation is not None
        assert generation.join(PATIENCE)

    def kept(self, conversation_id: str = "c") -> Conversation:
        found = self.store.get("anna", conversation_id)
        assert found is not None
        return found

    def running(self, conversation: Conversation) -> Generation:
        generation = self.chat.run_of(conversation)
        assert generation is not None
        return generation


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.generations.close()


def reply_of(conversation: Conversation | None) -> Reply:
    """Return the reply at the end of the branch on the page."""
    assert conversation is not None
    turn = conversation.turn(conversation.leaf)
    assert turn is not None
    assert turn.reply is not None
    return turn.reply


# Asking.


def test_a_prompt_is_answered_and_both_are_kept(bench: Bench) -> None:
    kept = bench.ask("Capital of France?", "Paris.")
    assert [(t.role, t.content) for t in kept.path()] == [
        (Role.USER, "Capital of France?"),
        (Role.ASSISTANT, "Paris."),
    ]
    assert reply_of(kept).status is Status.COMPLETED
    assert kept.path()[1].run == RUN
    assert kept.title == "Capital of France?"


def test_prompt_and_running_reply_are_kept_before_the_request_leaves(bench: Bench) -> None:
    """Whoever is killed then finds the prompt at the next start."""
    seen: list[Conversation | None] = []
    endpoint = bench.endpoint.answer("Paris.")

    class Watching(ScriptedEndpoint):
        def stream(self, request: ChatRequest, stop: StopSignal) -> Iterator[StreamEvent]:
            seen.append(bench.store.get("anna", "c"))
            return endpoint(stop)

    chat = Chat(bench.store, bench.generations, lambda name: Watching())
    asked = chat.ask("anna", "c", "Hi", RUN)
    assert asked is not None
    bench.finish(asked)
    assert seen == [asked]
    assert reply_of(asked).running


def test_the_request_is_what_the_run_says(bench: Bench) -> None:
    bench.ask("Hi", "Hello.")
    [request] = bench.endpoint.requests
    assert request.deployment == "phi3:mini"
    assert request.parameters == Parameters(seed=7)
    assert request.messages == (Message(Role.SYSTEM, "Be short."), Message(Role.USER, "Hi"))


def test_the_request_holds_the_whole_history(bench: Bench) -> None:
    bench.ask("Capital of France?", "Paris.")
    bench.ask("And Spain?", "Madrid.")
    bench.ask("Thanks", "Welcome.")
    assert [(m.role.value, m.content) for m in bench.endpoint.requests[-1].messages] == [
        ("system", "Be short."),
        ("user", "Capital of France?"),
        ("assistant", "Paris."),
        ("user", "And Spain?"),
        ("assistant", "Madrid."),
        ("user", "Thanks"),
    ]


def test_the_request_holds_what_the_run_folds_and_leaves_out(bench: Bench) -> None:
    """What is kept of the run is enough to tell what was sent, and to send it again."""
    first = bench.ask("Capital of France?", "Paris.")
    run = dataclasses.replace(RUN, folded=True, left_out=tuple(t.id for t in first.path()))
    bench.endpoint.answer("Madrid.")
    asked = bench.chat.ask("anna", "c", "And of Spain?", run)
    assert asked is not None
    bench.finish(asked)
    sent = bench.endpoint.requests[-1].messages
    assert sent == (Message(Role.USER, "Be short.\n\nAnd of Spain?"),)
    kept = bench.kept()
    prompt, reply = kept.path()[-2:]
    assert reply.run == run
    assert (
        kept.messages(prompt.id, run.system_message, fold_system=True, leave_out=run.left_out)
        == sent
    )


def test_a_run_leaves_out_only_what_comes_before_on_its_own_branch(bench: Bench) -> None:
    """Whatever else was left out earlier: of another branch, of what is deleted, what is asked."""
    first = bench.ask("Capital of France?", "Paris.").path()
    last = bench.ask("And of Spain?", "Madrid.").path()
    run = dataclasses.replace(RUN, left_out=(*(t.id for t in reversed(last)), "long gone"))

    def sent(asked: Conversation | None) -> tuple[tuple[str, ...], list[str]]:
        assert asked is not None
        bench.finish(asked)
        reply = asked.turn(asked.leaf)
        assert reply is not None
        assert reply.run is not None
        return reply.run.left_out, [m.content for m in bench.endpoint.requests[-1].messages[1:]]

    chat, ids = bench.chat, tuple(turn.id for turn in first)
    for _ in range(6):
        bench.endpoint.answer("Lima.")
    assert sent(chat.ask("anna", "c", "And of Peru?", run, instead_of=last[2].id)) == (
        ids,
        ["And of Peru?"],
    )
    assert sent(chat.ask_again("anna", "c", last[3].id, run)) == (ids, ["And of Spain?"])
    assert sent(chat.carry_on("anna", "c", last[3].id, run)) == (ids, ["And of Spain?", "Madrid."])
    assert sent(chat.ask_again("anna", "c", first[1].id, run)) == ((), ["Capital of France?"])
    assert sent(chat.carry_on("anna", "c", first[1].id, run)) == (
        (),
        ["Capital of France?", "Paris."],
    )
    assert sent(chat.ask("anna", "c", "Peru?", run, instead_of=first[0].id)) == ((), ["Peru?"])


def test_an_error_ends_as_a_failed_reply_under_the_prompt(bench: Bench) -> None:
    error = AuthenticationFailed(status=401)
    bench.endpoint.answer().put(error)
    asked = bench.chat.ask("anna", "c", "Hi", RUN)
    assert asked is not None
    bench.finish(asked)
    reply = reply_of(bench.kept())
    assert (reply.status, reply.error) == (Status.FAILED, error)
    assert bench.kept().path()[0].content == "Hi"


# What cannot be started leaves nothing behind.


def test_another_owner_is_told_nothing_and_changes_nothing(bench: Bench) -> None:
    before = bench.ask("Hi", "Hello.")
    assert before.leaf is not None
    assert bench.chat.ask("bert", "c", "Mine now", RUN) is None
    assert bench.chat.ask_again("bert", "c", before.leaf, RUN) is None
    assert bench.chat.view("bert", "c") is None
    assert bench.kept() == before
    assert bench.generations.running == 0
    assert len(bench.endpoint.requests) == 1


def test_an_unknown_connection_is_named_and_nothing_is_kept(bench: Bench) -> None:
    gone = dataclasses.replace(RUN, connection="gone")
    with pytest.raises(SettingsError, match="no usable connection called gone"):
        bench.chat.ask("anna", "c", "Hi", gone)
    assert bench.store.get("anna", "c") is None


def test_asking_again_at_an_unknown_connection_keeps_nothing_either(bench: Bench) -> None:
    before = bench.ask("Hi", "Hello.")
    assert before.leaf is not None
    gone = dataclasses.replace(RUN, connection="gone")
    with pytest.raises(SettingsError):
        bench.chat.ask_again("anna", "c", before.leaf, gone)
    assert bench.kept() == before


def test_at_the_limit_nothing_is_kept(bench: Bench) -> None:
    for number in range(2):
        bench.endpoint.answer()
        bench.chat.ask("anna", f"busy-{number}", "Hi", RUN)
    with pytest.raises(TooManyRunning, match="2 answers of yours"):
        bench.chat.ask("anna", "c", "One more", RUN)
    assert bench.store.get("anna", "c") is None
    assert len(bench.store.recent("anna", 10)) == 2


def test_whoever_loses_the_last_place_keeps_the_prompt_with_a_failed_reply() -> None:
    bench = Bench(generations=Racing(max_running=0))
    asked = bench.chat.ask("anna", "c", "Hi", RUN)
    assert asked is not None
    assert asked == bench.kept()
    assert [t.content for t in asked.path()] == ["Hi", ""]
    assert reply_of(asked).status is Status.FAILED
    assert isinstance(reply_of(asked).error, TooManyRunning)
    assert bench.chat.run_of(asked) is None
    assert bench.endpoint.requests == []


def test_a_store_that_is_full_starts_nothing() -> None:
    bench = Bench(store=FullStore())
    with pytest.raises(ChatError, match="The disk is full"):
        bench.chat.ask("anna", "c", "Hi", RUN)
    assert bench.generations.running == 0
    assert bench.endpoint.requests == []


# Asking again.


def test_asking_again_adds_an_alternative_to_the_same_prompt(bench: Bench) -> None:
    first = bench.ask("Capital of France?", "Paris.")
    assert first.leaf is not None
    bench.endpoint.answer("It is Paris.")
    again = bench.chat.ask_again("anna", "c", first.leaf, RUN)
    assert again is not None
    bench.finish(again)
    kept = bench.kept()
    assert kept.leaf is not None
    assert [t.content for t in kept.path()] == ["Capital of France?", "It is Paris."]
    assert [t.content for t in kept.alternatives(kept.leaf)] == ["Paris.", "It is Paris."]
    assert bench.endpoint.requests[1] == bench.endpoint.requests[0]


def test_asking_again_in_the_middle_sends_only_what_was_said_before(bench: Bench) -> None:
    bench.ask("One", "1")
    first = bench.kept().path()[1].id
    bench.ask("Two", "2")
    bench.endpoint.answer("uno")
    again = bench.chat.ask_again("anna", "c", first, dataclasses.replace(RUN, system_message=""))
    assert again is not None
    bench.finish(again)
    assert [m.content for m in bench.endpoint.requests[-1].messages] == ["One"]
    assert [t.content for t in bench.kept().turns] == ["One", "1", "Two", "2", "uno"]


def test_only_a_reply_can_be_asked_for_again(bench: Bench) -> None:
    bench.ask("One", "1")
    before = bench.ask("Two", "2")
    for turn_id in (before.path()[0].id, before.path()[2].id, "unknown"):
        assert bench.chat.ask_again("anna", "c", turn_id, RUN) is None
    assert bench.chat.ask_again("anna", "unknown", before.path()[1].id, RUN) is None
    assert bench.kept() == before


# Watching and stopping.


def test_the_view_has_the_text_of_a_running_reply(bench: Bench) -> None:
    tap = bench.endpoint.answer().say("Par")
    asked = bench.chat.ask("anna", "c", "Capital?", RUN)
    assert asked is not None
    run = bench.running(asked)
    until(run, lambda: run.snapshot().text == "Par")
    seen = bench.chat.view("anna", "c")
    assert (reply_of(seen).text, reply_of(seen).status) == ("Par", Status.RUNNING)
    tap.say("is.").done()
    bench.finish(asked)
    seen = bench.chat.view("anna", "c")
    assert (reply_of(seen).text, reply_of(seen).status) == ("Paris.", Status.COMPLETED)
    assert seen == bench.kept()


def test_a_running_reply_of_another_process_stands_as_last_saved(bench: Bench) -> None:
    asked = Turn("q", None, Role.USER, "Hi")
    cut = Turn("a", "q", Role.ASSISTANT, run=RUN, reply=Reply(text="Hel"))
    bench.store.append("anna", "c", asked, cut)
    seen = bench.chat.view("anna", "c")
    assert (reply_of(seen).text, reply_of(seen).status) == ("Hel", Status.RUNNING)


def test_a_conversation_that_is_not_there_is_none(bench: Bench) -> None:
    assert bench.chat.view("anna", "c") is None


def test_stop_ends_the_run_of_the_branch_and_keeps_its_text(bench: Bench) -> None:
    tap = bench.endpoint.answer().say("Once upon")
    asked = bench.chat.ask("anna", "c", "A story", RUN)
    assert asked is not None
    run = bench.running(asked)
    until(run, lambda: run.snapshot().text == "Once upon")
    bench.chat.stop(asked)
    assert reply_of(bench.chat.view("anna", "c")).status is Status.STOPPED
    assert bench.chat.run_of(asked) is None
    assert tap.left.wait(PATIENCE)
    tap.say(" a time").done()
    bench.finish(asked)
    assert (reply_of(bench.kept()).status, reply_of(bench.kept()).text) == (
        Status.STOPPED,
        "Once upon",
    )


def test_stop_leaves_other_conversations_alone(bench: Bench) -> None:
    bench.endpoint.answer()
    bench.endpoint.answer()
    one = bench.chat.ask("anna", "one", "Hi", RUN)
    two = bench.chat.ask("anna", "two", "Hi", RUN)
    assert one is not None
    assert two is not None
    bench.chat.stop(one)
    assert bench.chat.run_of(one) is None
    assert bench.chat.run_of(two) is not None


def test_stop_without_a_run_does_nothing(bench: Bench) -> None:
    bench.chat.stop(Conversation())
    kept = bench.ask("Hi", "Hello.")
    bench.chat.stop(kept)
    assert bench.kept() == kept


def test_a_finished_run_is_no_longer_the_run_of_its_branch(bench: Bench) -> None:
    assert bench.chat.run_of(bench.ask("Hi", "Hello.")) is None
    assert bench.chat.run_of(Conversation()) is None


# What a run is made of.


def test_a_run_takes_the_connections_name_for_the_model() -> None:
    local = Connection(
        "local", "Local", "http://127.0.0.1:1/v1", deployments={RUN.model: "phi3:mini"}
    )
    assert run_for(local, RUN.model, Parameters(seed=7), "Be short.") == RUN
    assert not RUN.scripted


def test_a_run_at_the_demo_says_that_it_is_scripted() -> None:
    run = run_for(demo_connection("http://127.0.0.1:1"), RUN.model, Parameters(), "")
    assert run.scripted
    assert (run.deployment, run.connection_label) == (RUN.model, "Demo (scripted)")

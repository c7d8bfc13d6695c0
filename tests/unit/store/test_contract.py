"""What every store does, in memory, on SQLite, on PostgreSQL and behind the one that never fails."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from playground.conversation import Conversation, Turn, new_id
from playground.messages import Role
from playground.reply import Reply, Status
from playground.store import ConversationStore
from tests.support.conversations import RUN, answer, exchange, plain, prompt


def test_what_is_appended_is_there_as_it_was(store: ConversationStore) -> None:
    asked = prompt("What is the capital of France?")
    answered = answer("Paris.", asked.id)
    appended = store.append("me", "c", asked, answered)
    assert appended is not None
    assert plain(store.get("me", "c")) == plain(appended)
    assert plain(appended.turns) == plain((asked, answered))
    assert appended.leaf == answered.id
    assert appended.title == "What is the capital of France?"
    assert appended.updated_at == answered.created_at


def test_a_second_prompt_does_not_change_the_title(store: ConversationStore) -> None:
    first = prompt("First")
    store.append("me", "c", first)
    appended = store.append("me", "c", prompt("Second", first.id, at=2000.0))
    assert appended is not None
    assert (appended.title, appended.updated_at) == ("First", 2000.0)
    assert store.recent("me", 1)[0].preview == "First"


def test_a_turn_that_is_there_is_not_added_twice(store: ConversationStore) -> None:
    first = prompt("First")
    second = prompt("Second", first.id)
    store.append("me", "c", first)
    appended = store.append("me", "c", first, second, second)
    assert appended is not None
    assert [t.id for t in appended.turns] == [first.id, second.id]


def test_the_same_turn_id_in_another_conversation_is_another_turn(store: ConversationStore) -> None:
    turn = prompt("Mine")
    store.append("me", "c", turn)
    other = store.append("you", "d", replace(turn, text="Yours"))
    assert other is not None
    assert [t.text for t in other.turns] == ["Yours"]


def test_appending_to_anothers_conversation_changes_nothing(store: ConversationStore) -> None:
    store.append("me", "c", prompt("Mine"))
    assert store.append("you", "c", prompt("Yours")) is None
    assert store.get("you", "c") is None
    mine = store.get("me", "c")
    assert mine is not None
    assert [t.text for t in mine.turns] == ["Mine"]


def test_alternatives_keep_the_order_in_which_they_came(store: ConversationStore) -> None:
    asked = prompt("Tell me a joke")
    jokes = [answer(f"Joke {i}", asked.id, at=1000.0) for i in range(12)]
    store.append("me", "c", asked)
    for joke in jokes:
        store.append("me", "c", joke)
    found = store.get("me", "c")
    assert found is not None
    assert [t.id for t in found.alternatives(jokes[3].id)] == [t.id for t in jokes]


def test_a_reply_grows_and_ends(store: ConversationStore) -> None:
    asked = prompt("Tell me")
    running = Turn(new_id(), asked.id, Role.ASSISTANT, run=RUN, reply=Reply())
    store.append("me", "c", asked, running)
    store.save_reply("me", "c", running.id, Reply(text="Once"))
    assert _reply(store, running.id).text == "Once"
    store.save_reply("me", "c", running.id, Reply(text="Once upon", status=Status.STOPPED))
    assert _reply(store, running.id) == Reply(text="Once upon", status=Status.STOPPED)


def test_an_ended_reply_does_not_grow_back(store: ConversationStore) -> None:
    asked = prompt("Tell me")
    running = Turn(new_id(), asked.id, Role.ASSISTANT, run=RUN, reply=Reply())
    store.append("me", "c", asked, running)
    store.save_reply("me", "c", running.id, Reply(text="Once upon", status=Status.STOPPED))
    store.save_reply("me", "c", running.id, Reply(text="Once upon a time"))
    time.sleep(0.05)  # a late write would come from a thread
    assert _reply(store, running.id) == Reply(text="Once upon", status=Status.STOPPED)


def test_only_the_owner_saves_a_reply(store: ConversationStore) -> None:
    asked = prompt("Tell me")
    running = Turn(new_id(), asked.id, Role.ASSISTANT, run=RUN, reply=Reply(text="mine"))
    store.append("me", "c", asked, running)
    store.save_reply("you", "c", running.id, Reply(text="yours", status=Status.COMPLETED))
    assert _reply(store, running.id) == Reply(text="mine")


def test_saving_the_reply_of_what_is_not_there_does_nothing(store: ConversationStore) -> None:
    done = Reply(text="x", status=Status.COMPLETED)
    store.save_reply("me", "nowhere", "t", done)
    store.append("me", "c", prompt("Mine"))
    store.save_reply("me", "c", "no turn", done)
    found = store.get("me", "c")
    assert found is not None
    assert [t.reply for t in found.turns] == [None]


def test_a_reply_that_ends_after_its_conversation_was_deleted_comes_back_with_it(
    store: ConversationStore,
) -> None:
    asked = prompt("Tell me")
    running = Turn(new_id(), asked.id, Role.ASSISTANT, run=RUN, reply=Reply())
    store.append("me", "c", asked, running)
    store.delete("me", "c")
    store.save_reply("me", "c", running.id, Reply(text="done", status=Status.COMPLETED))
    store.undelete("me", "c")
    assert _reply(store, running.id).text == "done"


def test_another_branch_can_be_shown(store: ConversationStore) -> None:
    asked = prompt("Tell me")
    first, second = answer("one", asked.id), answer("two", asked.id)
    store.append("me", "c", asked, first, second)
    shown = store.set_leaf("me", "c", first.id)
    assert shown is not None
    assert shown.leaf == first.id
    again = store.get("me", "c")
    assert again is not None
    assert again.leaf == first.id
    assert store.set_leaf("me", "c", "no turn") is None
    assert store.set_leaf("you", "c", second.id) is None


def test_whole_conversations_are_added_as_they_are(store: ConversationStore) -> None:
    one = replace(exchange("One", "1"), title="Mine", title_edited=True, pinned=True)
    two = exchange("Two", "2")
    assert store.add("me", one, two) == (one.id, two.id)
    assert plain(store.get("me", one.id)) == plain(one)
    assert plain(store.get("me", two.id)) == plain(two)


def test_a_conversation_whose_id_is_taken_is_added_as_a_copy(store: ConversationStore) -> None:
    theirs = exchange("Theirs", "1")
    store.add("them", theirs)
    (new,) = store.add("me", theirs)
    assert new != theirs.id
    copy = store.get("me", new)
    assert copy is not None
    assert [t.content for t in copy.path()] == ["Theirs", "1"]
    assert plain(store.get("them", theirs.id)) == plain(theirs)


def test_a_copy_names_what_was_left_out_by_the_copys_own_ids(store: ConversationStore) -> None:
    first = exchange("One", "1")
    asked = prompt("Two", first.leaf, at=1002.0)
    answered = answer("2", asked.id, at=1003.0)
    run = replace(RUN, folded=True, left_out=(*(t.id for t in first.turns), "long gone"))
    made = first.with_turn(asked).with_turn(replace(answered, run=run))
    store.add("me", made)
    (new,) = store.add("me", made)
    copy = store.get("me", new)
    assert copy is not None
    assert copy.turns[3].run == replace(run, left_out=tuple(t.id for t in copy.turns[:2]))


def test_a_running_reply_that_is_added_is_interrupted(store: ConversationStore) -> None:
    asked = prompt("Tell me")
    half = answer("half", asked.id, status=Status.RUNNING)
    (added,) = store.add("me", Conversation().with_turn(asked).with_turn(half))
    found = store.get("me", added)
    assert found is not None
    reply = found.turns[1].reply
    assert reply is not None
    assert (reply.status, reply.text) == (Status.INTERRUPTED, "half")


@pytest.mark.parametrize(
    "wrong",
    [
        Conversation(turns=(prompt("x", "nowhere"),)),
        Conversation(turns=(prompt("x"),) * 2),
        Conversation(turns=(replace(prompt("x"), id="a", parent="a"),)),
        Conversation(leaf="nowhere"),
        Conversation(id=""),
    ],
    ids=["parent", "twice", "circle", "leaf", "id"],
)
def test_what_is_no_tree_is_refused_and_nothing_is_added(
    store: ConversationStore, wrong: Conversation
) -> None:
    with pytest.raises(ValueError, match="turn"):
        store.add("me", exchange("Good", "1"), wrong)
    assert store.recent("me", 10) == ()


def test_renaming_and_pinning(store: ConversationStore) -> None:
    store.append("me", "c", prompt("First"))
    assert store.rename("me", "c", "Better")
    assert store.pin("me", "c", pinned=True)
    found = store.get("me", "c")
    assert found is not None
    assert (found.title, found.title_edited, found.pinned) == ("Better", True, True)
    assert store.pin("me", "c", pinned=False)
    assert not store.recent("me", 1)[0].pinned
    assert not store.rename("you", "c", "Worse")
    assert not store.pin("you", "c", pinned=True)
    assert not store.rename("me", "unknown", "Worse")


def test_deleting_can_be_undone(store: ConversationStore) -> None:
    one, two, three = (exchange(name, "x") for name in ("One", "Two", "Three"))
    store.add("me", one, two, three)
    assert store.delete("me", one.id, two.id, two.id, "unknown") == 2
    assert store.delete("me", one.id) == 0
    assert store.get("me", one.id) is None
    assert [s.title for s in store.recent("me", 9)] == ["Three"]
    assert store.append("me", one.id, prompt("More")) is None
    assert not store.rename("me", one.id, "x")
    assert store.undelete("me", one.id, two.id, three.id) == 2
    assert plain(store.get("me", one.id)) == plain(one)


def test_delete_all_takes_only_what_is_the_owners(store: ConversationStore) -> None:
    mine, deleted, theirs = (exchange(name, "x") for name in ("Mine", "Deleted", "Theirs"))
    store.add("me", mine, deleted)
    store.add("them", theirs)
    store.delete("me", deleted.id)
    assert store.delete_all("me") == 2
    assert store.get("me", mine.id) is None
    assert store.undelete("me", deleted.id) == 0
    assert store.get("them", theirs.id) is not None


def test_everything_comes_oldest_first(store: ConversationStore) -> None:
    made = [exchange(f"Number {i}", "x", at=1000.0 + i) for i in range(5)]
    store.add("me", *reversed(made))
    store.add("them", exchange("Theirs", "x"))
    store.delete("me", made[2].id)
    assert plain(tuple(store.everything("me"))) == plain(tuple(made[:2] + made[3:]))


def test_models_that_were_asked(store: ConversationStore) -> None:
    store.add(
        "me", exchange("a", "b", model="Phi-3-mini"), exchange("a", "b", model="Phi-3-medium")
    )
    store.add("them", exchange("a", "b", model="Phi-3-small"))
    assert store.models("me") == ("Phi-3-medium", "Phi-3-mini")
    assert store.models("nobody") == ()


def test_the_health_check_holds_no_secret(store: ConversationStore) -> None:
    health = store.health()
    assert health["store"] in {"memory", "sqlite", "postgresql"}
    assert not any("/" in str(value) or "@" in str(value) for value in health.values())
    assert store.notice() is None


def _reply(store: ConversationStore, turn_id: str) -> Reply:
    found = store.get("me", "c")
    assert found is not None
    turn = found.turn(turn_id)
    assert turn is not None
    assert turn.reply is not None
    return turn.reply

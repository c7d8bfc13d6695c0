"""Conversations in memory: each only for its owner, and never more than so many."""

from __future__ import annotations

import threading

import pytest

from playground.conversation import Turn, new_id
from playground.messages import Role
from playground.reply import Reply, Status
from playground.store import MemoryStore
from tests.support.sources import PATIENCE


def user(turn_id: str, parent: str | None = None, text: str = "Hi", at: float = 1.0) -> Turn:
    return Turn(turn_id, parent, Role.USER, text, created_at=at)


def answer(turn_id: str, parent: str, at: float = 2.0) -> Turn:
    return Turn(turn_id, parent, Role.ASSISTANT, created_at=at, reply=Reply())


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def test_appending_makes_the_conversation_and_the_last_turn_its_leaf(store: MemoryStore) -> None:
    made = store.append("anna", "c-1", user("q"), answer("a", "q"))
    assert made is not None
    assert ([t.id for t in made.turns], made.leaf, made.title) == (["q", "a"], "a", "Hi")
    assert store.get("anna", "c-1") == made


def test_an_unknown_conversation_and_another_owners_look_the_same(store: MemoryStore) -> None:
    store.append("anna", "c-1", user("q"))
    assert store.get("bert", "c-1") is None
    assert store.get("anna", "c-2") is None


def test_another_owner_changes_nothing(store: MemoryStore) -> None:
    before = store.append("anna", "c-1", user("q"), answer("a", "q"))
    assert store.append("bert", "c-1", user("x")) is None
    store.save_reply("bert", "c-1", "a", Reply(text="stolen"))
    assert store.get("anna", "c-1") == before
    assert store.recent("bert", 10) == ()


def test_a_turn_is_added_once(store: MemoryStore) -> None:
    before = store.append("anna", "c-1", user("q", text="first"))
    assert store.append("anna", "c-1", user("q", text="second")) == before


def test_a_reply_is_replaced(store: MemoryStore) -> None:
    store.append("anna", "c-1", user("q"), answer("a", "q"))
    reply = Reply(Status.COMPLETED, text="Paris.")
    store.save_reply("anna", "c-1", "a", reply)
    kept = store.get("anna", "c-1")
    assert kept is not None
    assert [t.reply for t in kept.turns] == [None, reply]


def test_a_reply_for_what_is_not_there_makes_nothing(store: MemoryStore) -> None:
    before = store.append("anna", "c-1", user("q"))
    store.save_reply("anna", "c-1", "unknown", Reply())
    store.save_reply("anna", "c-2", "a", Reply())
    assert store.get("anna", "c-1") == before
    assert store.get("anna", "c-2") is None


def test_recent_lists_the_owners_newest_first(store: MemoryStore) -> None:
    for number, at in enumerate([5.0, 9.0, 7.0]):
        store.append("anna", f"c-{number}", user("q", text=f"prompt {number}", at=at))
    store.append("bert", "c-x", user("q", at=99.0))
    listed = store.recent("anna", 2)
    assert [(s.id, s.title, s.updated_at) for s in listed] == [
        ("c-1", "prompt 1", 9.0),
        ("c-2", "prompt 2", 7.0),
    ]


def test_beyond_the_limit_the_one_untouched_longest_goes_first() -> None:
    store = MemoryStore(max_conversations=2)
    store.append("anna", "c-1", user("q"), answer("a", "q"))
    store.append("anna", "c-2", user("q"))
    store.append("anna", "c-1", user("q2", "a"))
    store.append("bert", "c-3", user("q"))
    assert store.get("anna", "c-2") is None
    assert store.get("anna", "c-1") is not None
    assert store.get("bert", "c-3") is not None
    store.save_reply("anna", "c-2", "a", Reply())
    assert store.get("anna", "c-2") is None


def test_many_threads_lose_no_turn(store: MemoryStore) -> None:
    ready = threading.Barrier(20)

    def append() -> None:
        ready.wait(PATIENCE)
        for _ in range(20):
            store.append("anna", "c-1", user(new_id()))

    threads = [threading.Thread(target=append) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    kept = store.get("anna", "c-1")
    assert kept is not None
    assert len(kept.turns) == 400
    store.close()

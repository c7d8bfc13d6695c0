"""While the database fails, the chat goes on in memory; when it is back, all of it is saved."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.conversation import Turn, new_id
from playground.messages import Role
from playground.reply import Reply, Status
from playground.store import ConversationStore, StoreError, Wanted
from playground.store.errors import (
    StoreCorrupt,
    StoreFull,
    StoreOverflow,
    StoreReadOnly,
    StoreUnreachable,
)
from playground.store.journal import Appended, Journal, Replied, Shown, replay
from playground.store.link import CheckedStore, Link
from playground.store.memory import MemoryStore
from playground.store.resilient import ResilientStore
from tests.support.conversations import RUN, answer, exchange, plain, prompt

READS = {
    "get", "recent", "find", "models", "everything", "shares", "open_share", "health", "check",
}  # fmt: skip


class Database:
    """A database that works or fails as the test wants; what is in it stays."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.reads: StoreError | None = None
        self.writes: StoreError | None = None
        self.opens: StoreError | None = None
        self.opened = 0

    def open(self) -> Any:
        if self.opens is not None:
            raise type(self.opens)
        self.opened += 1
        return Connected(self)


class Connected:
    """What `open_store` returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __getattr__(self, name: str) -> Any:
        fails = self._database.reads if name in READS else self._database.writes
        if fails is not None and name != "close":
            raise type(fails)
        if name == "check":
            return lambda: None
        return getattr(self._database.store, name)


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def store(database: Database) -> Iterator[ResilientStore]:
    opened = resilient(database)
    yield opened
    opened.close()


def resilient(database: Database) -> ResilientStore:
    return ResilientStore(database.open, retry_interval=0.01, slow_retry_interval=0.01)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def recovered(store: ResilientStore) -> bool:
    return store.notice() is None


@pytest.mark.parametrize("readable", [True, False])
def test_a_chat_goes_on_and_is_saved_when_the_database_is_back(
    store: ResilientStore, database: Database, *, readable: bool
) -> None:
    asked = prompt("One")
    store.append("me", "c", asked)
    database.writes, database.reads = StoreFull(), None if readable else StoreFull()
    running = Turn(new_id(), asked.id, Role.ASSISTANT, run=RUN, reply=Reply())
    found = store.append("me", "c", running)
    assert found is not None
    assert [t.id for t in found.turns] == [asked.id, running.id]
    for text in ("O", "On", "Once"):
        store.save_reply("me", "c", running.id, Reply(text=text))
    assert _reply(store, running.id).text == "Once"
    store.save_reply("me", "c", running.id, Reply(text="Once.", status=Status.COMPLETED))
    more = prompt("Two", running.id)
    store.append("me", "c", more)
    store.set_leaf("me", "c", running.id)
    shown = store.get("me", "c")
    assert isinstance(store.notice(), StoreFull)
    assert store.health()["saving"] is False
    assert store.health()["problem"] == "StoreFull"
    assert database.store.get("me", "c") != shown

    database.writes = database.reads = None
    until(lambda: recovered(store))
    assert plain(database.store.get("me", "c")) == plain(shown)
    assert plain(store.get("me", "c")) == plain(shown)
    assert "problem" not in store.health()


def test_a_new_chat_begins_in_memory(store: ResilientStore, database: Database) -> None:
    database.writes = database.reads = StoreUnreachable()
    store.append("me", "new", prompt("Hello"))
    assert [s.title for s in store.recent("me", 5)] == ["Hello"]
    assert store.recent("you", 5) == ()
    assert store.get("you", "new") is None
    assert store.append("you", "new", prompt("Mine")) is None
    database.writes = database.reads = None
    until(lambda: recovered(store))
    assert [s.title for s in database.store.recent("me", 5)] == ["Hello"]
    assert database.store.recent("you", 5) == ()


def test_a_database_that_cannot_be_opened_is_opened_later(database: Database) -> None:
    database.opens = StoreReadOnly()
    store = resilient(database)
    assert isinstance(store.notice(), StoreReadOnly)
    assert store.health() == {
        "store": "memory", "saving": False, "problem": "StoreReadOnly", "waiting": 0,
    }  # fmt: skip
    store.append("me", "c", prompt("Hello"))
    with pytest.raises(StoreReadOnly):
        store.backup(Path("x"))
    database.opens = None
    until(lambda: recovered(store))
    assert database.store.get("me", "c") is not None
    store.close()


def test_a_damaged_database_is_opened_anew_and_read_through(
    store: ResilientStore, database: Database
) -> None:
    store.append("me", "c", prompt("One"))
    database.writes = StoreCorrupt()
    store.append("me", "c", prompt("Two"))
    assert isinstance(store.notice(), StoreCorrupt)
    until(lambda: database.opened > 2)
    database.writes = None
    until(lambda: recovered(store))
    found = database.store.get("me", "c")
    assert found is not None
    assert len(found.turns) == 2


def test_lists_and_searches_show_what_waits(store: ResilientStore, database: Database) -> None:
    old, changed = exchange("old word", "x", at=1000.0), exchange("changed", "x", at=2000.0)
    store.add("me", old, changed)
    database.writes = StoreFull()
    store.append("me", changed.id, prompt("word later", changed.leaf, at=4000.0))
    store.append("me", "new", prompt("new word", at=3000.0))
    assert [s.id for s in store.recent("me", 9)] == [changed.id, "new", old.id]
    assert [h.summary.id for h in store.find("me", Wanted(query="word")).hits] == [
        changed.id, "new", old.id,
    ]  # fmt: skip
    assert [c.id for c in store.everything("me")] == [old.id, changed.id, "new"]
    assert [len(c.turns) for c in store.everything("me")] == [2, 3, 1]
    assert store.models("me") == (RUN.model,)
    assert store.find("you").hits == ()


def test_what_cannot_be_read_is_not_called_everything(
    store: ResilientStore, database: Database
) -> None:
    store.append("me", "c", prompt("One"))
    database.reads = StoreUnreachable()
    with pytest.raises(StoreUnreachable):
        list(store.everything("me"))
    assert store.recent("me", 9)
    assert store.find("me", Wanted(query="one")).hits


@pytest.mark.parametrize(
    "action",
    [
        lambda s: s.rename("me", "c", "x"),
        lambda s: s.pin("me", "c", pinned=True),
        lambda s: s.delete("me", "c"),
        lambda s: s.undelete("me", "c"),
        lambda s: s.delete_all("me"),
        lambda s: s.share("me", "c"),
        lambda s: s.revoke("me", "c"),
        lambda s: s.add("me", exchange("a", "b")),
    ],
    ids=["rename", "pin", "delete", "undelete", "delete_all", "share", "revoke", "add"],
)
def test_what_is_not_chatting_is_refused_and_loses_nothing(
    store: ResilientStore, database: Database, action: Callable[[ConversationStore], object]
) -> None:
    database.writes = StoreFull()
    store.append("me", "c", prompt("One"))
    before = store.get("me", "c")
    with pytest.raises(StoreFull):
        action(store)
    assert store.get("me", "c") == before
    database.writes = None
    until(lambda: recovered(store))
    assert database.store.get("me", "c") == before


def test_a_conversation_that_was_deleted_meanwhile_is_kept_as_another(
    store: ResilientStore, database: Database
) -> None:
    first = prompt("One")
    store.append("me", "c", first)
    database.writes = StoreFull()
    store.append("me", "c", answer("two", first.id))
    database.store.delete("me", "c")
    database.writes = None
    until(lambda: recovered(store))
    (copy,) = database.store.recent("me", 5)
    assert copy.id != "c"
    assert copy.messages == 2


def test_closing_saves_what_waits_if_it_can(database: Database) -> None:
    store = ResilientStore(database.open, retry_interval=1000)
    database.writes = StoreFull()
    store.append("me", "c", prompt("One"))
    database.writes = None
    store.close()
    assert database.store.get("me", "c") is not None


def test_closing_says_what_was_lost(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    store = ResilientStore(database.open, retry_interval=1000)
    database.writes = StoreFull()
    store.append("me", "c", prompt("One"))
    store.close()
    assert "were not saved" in caplog.text


def test_nothing_is_lost_when_the_database_comes_and_goes(
    store: ResilientStore, database: Database
) -> None:
    """Many write while it fails and recovers over and over."""
    done = threading.Event()

    def toggle() -> None:
        while not done.wait(0.005):
            database.writes = None if database.writes else StoreFull()
        database.writes = None

    def write(name: int) -> None:
        parent = None
        for i in range(60):
            turn = prompt(f"{name}-{i}", parent)
            assert store.append("me", f"c{name}", turn) is not None
            parent = turn.id

    toggler = threading.Thread(target=toggle)
    writers = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for thread in [toggler, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    toggler.join()
    until(lambda: recovered(store))
    for name in range(6):
        found = database.store.get("me", f"c{name}")
        assert found is not None
        assert [t.text for t in found.turns] == [f"{name}-{i}" for i in range(60)]


def test_a_mistake_of_ours_does_not_end_the_attempts(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    database.opens = StoreReadOnly()
    store = resilient(database)
    working, broken = database.open, threading.Event()

    def fail() -> Any:
        broken.set()
        raise ZeroDivisionError

    store._link._open = fail
    assert broken.wait(20)
    database.opens, store._link._open = None, working
    until(lambda: recovered(store))
    store.close()
    assert "could not be brought back" in caplog.text


def test_nothing_is_put_aside_while_there_is_no_trouble(database: Database) -> None:
    """Between a failure and what is done about it, the store may have come back."""
    done: list[int] = []
    link = Link(database.open, lambda _: None, lambda: True, retry_interval=1000)
    assert not link.instead(lambda: done.append(1))
    database.writes = StoreFull()
    with pytest.raises(StoreFull):
        link.write(lambda store: store.append("me", "c"))
    assert link.instead(lambda: done.append(2))
    assert done == [2]
    database.writes = None
    link.close()


def test_what_comes_at_the_last_moment_is_written_before_all_is_called_well(
    database: Database,
) -> None:
    caught_up: list[object] = []
    link = Link(database.open, caught_up.append, lambda: len(caught_up) == 3, retry_interval=0.01)
    database.writes = StoreFull()
    with pytest.raises(StoreFull):
        link.write(lambda store: store.append("me", "c"))
    database.writes = None
    until(lambda: link.trouble is None)
    assert len(caught_up) == 3
    link.close()


def test_a_journal_is_bounded() -> None:
    journal = Journal(max_waiting=1000)
    reply = Replied(("me", "c"), "t", Reply(text="x" * 700))
    journal.put(reply)
    journal.put(Replied(("me", "c"), "t", Reply(text="y" * 700)))
    with pytest.raises(StoreOverflow):
        journal.put(Appended(("me", "c"), (prompt("z" * 200),)))
    assert len(journal) == 1
    journal.put(Replied(("me", "c"), "t", Reply(text="short")))
    journal.put(Appended(("me", "c"), (prompt("z" * 200),)))


def test_a_journal_keeps_the_order_and_of_a_reply_the_last() -> None:
    journal = Journal()
    turn = Turn("t", None, Role.ASSISTANT, run=RUN, reply=Reply())
    journal.put(Appended(("me", "c"), (turn,)))
    for text in "abc":
        journal.put(Replied(("me", "c"), "t", Reply(text=text)))
    journal.put(Shown(("me", "c"), "t"))
    assert len(journal) == 3
    assert journal.holds("me", "c")
    assert not journal.holds("you", "c")
    assert journal.waiting("me") == {"c"}
    store = MemoryStore()
    assert replay(journal, store) == []
    assert _reply(store, "t").text == "c"
    assert len(journal) == 0


def test_in_a_journal_too_an_ended_reply_does_not_grow_back() -> None:
    journal = Journal()
    ended = Replied(("me", "c"), "t", Reply(text="end", status=Status.STOPPED))
    journal.put(ended)
    journal.put(Replied(("me", "c"), "t", Reply(text="en")))
    assert journal.first() is ended


def test_a_mistake_of_ours_does_not_keep_the_rest_from_being_saved(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(MemoryStore):
        def set_leaf(self, *_: object) -> None:
            raise ZeroDivisionError

    journal, store = Journal(), Broken()
    journal.put(Shown(("me", "c"), "t"))
    journal.put(Appended(("me", "c"), (prompt("Hello"),)))
    replay(journal, store)
    assert store.get("me", "c") is not None
    assert "could not be written" in caplog.text


def _reply(store: ConversationStore, turn_id: str) -> Reply:
    found = store.get("me", "c")
    assert found is not None
    turn = found.turn(turn_id)
    assert turn is not None
    assert turn.reply is not None
    return turn.reply


def test_a_checked_store_is_what_is_opened(database: Database) -> None:
    opened: CheckedStore = database.open()
    opened.check()

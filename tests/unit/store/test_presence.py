"""A running reply belongs to a process, and ends as interrupted when that is gone."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from playground.conversation import Turn, new_id
from playground.messages import Role
from playground.reply import Reply, Status
from playground.store import Wanted
from playground.store.engine import Database
from playground.store.errors import StoreError
from playground.store.housekeeping import Housekeeping
from playground.store.lock import FileLock
from playground.store.migrate import migrate
from playground.store.presence import Heartbeats, Locks
from playground.store.sql import SqlStore, open_store
from tests.support.conversations import RUN, prompt


def abandon(store: SqlStore) -> None:
    """Leave a store as a killed process does: nothing is written, its locks are free."""
    store._housekeeping.close()
    store._saver.close()
    if store._database.path is not None:
        store._presence._lock.release()  # type: ignore[attr-defined] # that of Locks
    else:
        with store._database.write() as connection:
            connection.execute(sa.text("UPDATE processes SET heartbeat_at = heartbeat_at - 61"))
    store._database.close()


def start_reply(store: SqlStore, text: str = "Once upon") -> str:
    asked = prompt("Tell me")
    running = Turn(new_id(), asked.id, Role.ASSISTANT, run=RUN, reply=Reply())
    conversation_id = new_id()
    store.append("me", conversation_id, asked, running)
    store.save_reply("me", conversation_id, running.id, Reply(text=text, elapsed=1.5, pieces=2))
    deadline = time.monotonic() + 20
    while store._saver.waiting("me", conversation_id):
        assert time.monotonic() < deadline
        time.sleep(0.002)
    return conversation_id


def reply_in(store: SqlStore, conversation_id: str) -> Reply:
    found = store.get("me", conversation_id)
    assert found is not None
    assert found.turns[1].reply is not None
    return found.turns[1].reply


def test_a_killed_processes_reply_is_interrupted_at_the_next_start(
    url: str, tmp_path: Path
) -> None:
    killed = open_store(url, tmp_path)
    conversation_id = start_reply(killed)
    abandon(killed)
    store = open_store(url, tmp_path)
    reply = reply_in(store, conversation_id)
    assert (reply.status, reply.text, reply.elapsed, reply.pieces) == (
        Status.INTERRUPTED, "Once upon", 1.5, 2,
    )  # fmt: skip
    assert reply.error is not None
    assert "stopped" in reply.error.happened
    # What had arrived can be found.
    assert len(store.find("me", Wanted(query="upon")).hits) == 1
    store.close()


def test_a_start_does_not_interrupt_what_another_process_runs(url: str, tmp_path: Path) -> None:
    running = open_store(url, tmp_path)
    conversation_id = start_reply(running)
    running._saver.close()
    other = open_store(url, tmp_path)
    assert reply_in(other, conversation_id).status is Status.RUNNING
    assert other.interrupt_stale() == 0
    other.close()
    assert reply_in(running, conversation_id).status is Status.RUNNING
    running.close()


def test_a_process_interrupts_what_a_neighbour_left(url: str, tmp_path: Path) -> None:
    store, neighbour = open_store(url, tmp_path), open_store(url, tmp_path)
    conversation_id = start_reply(neighbour)
    abandon(neighbour)
    assert store.interrupt_stale() == 1
    assert reply_in(store, conversation_id).status is Status.INTERRUPTED
    assert store.interrupt_stale() == 0
    store.close()


def test_the_end_of_a_reply_that_was_thought_dead_counts(url: str, tmp_path: Path) -> None:
    """A machine that slept is taken for dead; what its process then says is the truth."""
    store, slept = open_store(url, tmp_path), open_store(url, tmp_path)
    conversation_id = start_reply(slept)
    with store._database.write() as connection:
        connection.execute(sa.text("UPDATE replies SET process = 'gone' WHERE process IS NOT NULL"))
    assert store.interrupt_stale() == 1
    found = store.get("me", conversation_id)
    assert found is not None
    slept.save_reply("me", conversation_id, found.turns[1].id, Reply(text="Once upon a time"))
    slept._saver.close()
    assert reply_in(store, conversation_id).status is Status.INTERRUPTED
    end = Reply(text="Once upon a time.", status=Status.COMPLETED)
    slept.save_reply("me", conversation_id, found.turns[1].id, end)
    assert reply_in(store, conversation_id) == end
    assert len(store.find("me", Wanted(query='"a time"')).hits) == 1
    slept.close()
    store.close()


def test_housekeeping_sees_what_a_neighbour_left(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.store.sql.HEARTBEAT_INTERVAL", 0.02)
    store, neighbour = open_store(url, tmp_path), open_store(url, tmp_path)
    conversation_id = start_reply(neighbour)
    abandon(neighbour)
    deadline = time.monotonic() + 20
    while reply_in(store, conversation_id).status is Status.RUNNING:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    store.close()


def test_a_store_that_is_closed_leaves_no_lock(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    folder = tmp_path / "data" / "playground.db.running"
    assert len(list(folder.iterdir())) == 1
    store.close()
    assert list(folder.iterdir()) == []


def test_locks_tell_who_is_alive(tmp_path: Path) -> None:
    one, two = Locks(tmp_path / "running", "one"), Locks(tmp_path / "running", "two")
    assert one.others() == ("two",)
    assert one.dead(["one", "two", "never was"]) == ("never was",)
    two._lock.release()
    assert one.dead(["two"]) == ("two",)
    assert one.others() == ()
    with pytest.raises(StoreError):
        Locks(tmp_path / "running", "one")
    one.close()
    two.close()


@pytest.fixture
def postgres_database(postgres_url: str, tmp_path: Path) -> Iterator[Database]:
    database = Database(postgres_url, tmp_path)
    migrate(database)
    yield database
    database.close()


def test_heartbeats_tell_who_is_alive(postgres_database: Database) -> None:
    one = Heartbeats(postgres_database, "one")
    two = Heartbeats(postgres_database, "two", dead_after=0.0)
    assert one.others() == ("two",)
    assert one.dead(["one", "two", "never was"]) == ("never was",)
    assert two.dead(["one"]) == ("one",)
    # It was only slow: it is back with its next sign.
    one.beat()
    assert Heartbeats(postgres_database, "three").dead(["one"]) == ()
    one.close()
    assert "one" not in Heartbeats(postgres_database, "four").others()


def test_housekeeping_goes_on_after_a_failure() -> None:
    tries: list[int] = []
    enough = threading.Event()

    def work() -> None:
        tries.append(1)
        if len(tries) == 3:
            enough.set()
        raise StoreError

    housekeeping = Housekeeping(work, 0.001)
    assert enough.wait(20)
    housekeeping.close()


def test_a_lock_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        FileLock(tmp_path / "no folder" / "lock").acquire(0)


def test_a_start_that_fails_half_way_leaves_no_lock(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: SqlStore) -> int:
        raise StoreError

    whole = SqlStore.interrupt_stale
    monkeypatch.setattr(SqlStore, "interrupt_stale", fail)
    with pytest.raises(StoreError):
        open_store(url, tmp_path)
    monkeypatch.setattr(SqlStore, "interrupt_stale", whole)
    store = open_store(url, tmp_path)
    assert store._presence.others() == ()
    store.close()


def test_a_file_lock_is_held_by_one(tmp_path: Path) -> None:
    one, two = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert one.acquire(0)
    assert not two.acquire(0)
    assert not two.acquire(0.05)
    one.release()
    assert two.acquire(0)
    two.release()
    two.release()
    assert (tmp_path / "lock").stat().st_size == 0

"""Growing text is written in the background: the newest, together, and again if it failed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from playground.conversation import Turn
from playground.messages import Role
from playground.reply import Reply, Status
from playground.store.errors import StoreError, StoreFull
from playground.store.saver import Place, Saver
from playground.store.sql import open_store
from tests.support.conversations import prompt

A, B = Place("me", "c", "a"), Place("me", "c", "b")


class Disk:
    """Takes what is written, when it may."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.busy = threading.Event()
        self.written: list[dict[Place, Reply]] = []
        self.fails: list[StoreError] = []

    def write(self, waiting: Mapping[Place, Reply]) -> None:
        self.busy.set()
        assert self.open.wait(20)
        if self.fails:
            raise self.fails.pop()
        self.written.append(dict(waiting))


def test_what_comes_while_the_disk_is_busy_is_written_together_and_only_the_newest() -> None:
    disk = Disk()
    saver = Saver(disk.write)
    saver.put(A, Reply(text="1"))
    assert disk.busy.wait(20)
    for i in range(2, 50):
        saver.put(A, Reply(text=str(i)))
    saver.put(B, Reply(text="b"))
    assert saver.waiting("me", "c") == {"a": Reply(text="49"), "b": Reply(text="b")}
    assert saver.waiting("you", "c") == {}
    disk.open.set()
    saver.close()
    assert disk.written == [{A: Reply(text="1")}, {A: Reply(text="49"), B: Reply(text="b")}]
    assert saver.waiting("me", "c") == {}


def test_what_comes_soon_after_a_write_waits_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.store.saver.PAUSE", 100.0)
    disk = Disk()
    disk.open.set()
    saver = Saver(disk.write)
    saver.put(A, Reply(text="1"))
    until_saved(saver)
    for i in range(2, 5):
        saver.put(A, Reply(text=str(i)))
        saver.put(B, Reply(text=f"b{i}"))
    # Closing does not wait for it.
    saver.close()
    assert disk.written == [{A: Reply(text="1")}, {A: Reply(text="4"), B: Reply(text="b4")}]


def until_saved(saver: Saver) -> None:
    deadline = time.monotonic() + 20
    while saver.waiting("me", "c"):
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_whoever_saves_next_is_told_that_it_failed_and_nothing_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("playground.store.saver.RETRY_INTERVAL", 100.0)
    disk = Disk()
    disk.fails = [StoreFull()]
    disk.open.set()
    saver = Saver(disk.write)
    saver.put(A, Reply(text="1"))
    with pytest.raises(StoreFull):
        _until_raised(lambda: saver.put(B, Reply(text="b")))
    saver.put(B, Reply(text="bb"))
    saver.close()
    assert disk.written == [{A: Reply(text="1"), B: Reply(text="bb")}]


def test_a_failed_write_is_tried_again_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.store.saver.RETRY_INTERVAL", 0.01)
    disk = Disk()
    disk.fails = [StoreFull(), StoreFull()]
    disk.open.set()
    saver = Saver(disk.write)
    saver.put(A, Reply(text="1"))
    deadline = time.monotonic() + 20
    while not disk.written:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    saver.close()
    assert disk.written == [{A: Reply(text="1")}]


def _until_raised(action: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        action()
        time.sleep(0.005)


def test_a_closed_saver_takes_nothing() -> None:
    disk = Disk()
    saver = Saver(disk.write)
    saver.close()
    with pytest.raises(StoreError):
        saver.put(A, Reply())


def test_the_maker_of_a_reply_never_waits_for_the_disk(url: str, tmp_path: Path) -> None:
    store = open_store(url, tmp_path)
    asked = prompt("Tell me")
    store.append("me", "c", asked, Turn("t", asked.id, Role.ASSISTANT, reply=Reply()))
    with store._database.write() as connection:
        # The one writer is taken for as long as this lasts.
        connection.exec_driver_sql("UPDATE replies SET pieces = 0")
        for i in range(100):
            store.save_reply("me", "c", "t", Reply(text=str(i)))
        found = store.get("me", "c")
        assert found is not None
        assert found.turns[1].reply == Reply(text="99")
    store.save_reply("me", "c", "t", Reply(text="end", status=Status.COMPLETED))
    store.close()
    again = open_store(url, tmp_path)
    found = again.get("me", "c")
    assert found is not None
    assert found.turns[1].reply == Reply(text="end", status=Status.COMPLETED)
    again.close()


def test_what_waited_when_a_reply_ended_does_not_come_back(url: str, tmp_path: Path) -> None:
    store = open_store(url, tmp_path)
    asked = prompt("Tell me")
    store.append("me", "c", asked, Turn("t", asked.id, Role.ASSISTANT, reply=Reply()))
    end = Reply(text="the end", status=Status.STOPPED)
    for i in range(50):
        store.save_reply("me", "c", "t", Reply(text=str(i)))
        store.save_reply("me", "c", "t", end)
        found = store.get("me", "c")
        assert found is not None
        assert found.turns[1].reply == end
    store._saver.close()
    found = store.get("me", "c")
    assert found is not None
    assert found.turns[1].reply == end
    store.close()


def test_closing_a_store_writes_what_waits(url: str, tmp_path: Path) -> None:
    store = open_store(url, tmp_path)
    asked = prompt("Tell me")
    store.append("me", "c", asked, Turn("t", asked.id, Role.ASSISTANT, reply=Reply()))
    store.save_reply("me", "c", "t", Reply(text="the last words"))
    store.close()
    again = open_store(url, tmp_path)
    found = again.get("me", "c")
    assert found is not None
    assert found.turns[1].reply is not None
    assert found.turns[1].reply.text == "the last words"
    assert found.turns[1].reply.status is Status.INTERRUPTED
    again.close()


def test_replies_that_are_saved_together_keep_to_what_each_may(url: str, tmp_path: Path) -> None:
    """Only its owner's, and none that has ended."""
    store = open_store(url, tmp_path)
    asked = prompt("Tell me")
    answers = [Turn(name, asked.id, Role.ASSISTANT, reply=Reply()) for name in "abc"]
    store.append("me", "c", asked, *answers)
    store.save_reply("me", "c", "b", Reply(text="end", status=Status.COMPLETED))
    store._save_growing(
        {
            Place("me", "c", "a"): Reply(text="grows"),
            Place("me", "c", "b"): Reply(text="too late"),
            Place("you", "c", "c"): Reply(text="not yours"),
            Place("me", "c", "gone"): Reply(text="gone"),
        }
    )
    found = store.get("me", "c")
    assert found is not None
    assert [turn.content for turn in found.turns[1:]] == ["grows", "end", ""]
    store.close()

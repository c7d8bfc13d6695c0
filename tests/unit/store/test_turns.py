"""Writers take turns: in order in one process, and without being starved by others."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest

from playground.store.engine import Database
from playground.store.errors import StoreLocked
from playground.store.migrate import migrate
from playground.store.turnstile import Turnstile


def test_the_turn_goes_to_whoever_waits_longest() -> None:
    turnstile = Turnstile()
    order: list[int] = []

    def enter(number: int) -> None:
        assert turnstile.enter(20)
        order.append(number)
        turnstile.leave()

    assert turnstile.enter(0)
    threads = []
    for number in range(8):
        threads.append(threading.Thread(target=enter, args=(number,)))
        threads[-1].start()
        while len(turnstile._waiting) <= number:
            time.sleep(0.001)
    turnstile.leave()
    for thread in threads:
        thread.join()
    assert order == list(range(8))
    assert turnstile.enter(0)


def test_whoever_waits_while_nothing_moves_gives_up() -> None:
    turnstile = Turnstile()
    assert turnstile.enter(0)
    assert not turnstile.enter(0.01)
    turnstile.leave()
    assert turnstile.enter(0)


def test_whoever_waits_while_others_move_goes_on_waiting() -> None:
    turnstile = Turnstile()
    assert turnstile.enter(0)
    entered: list[bool] = []
    thread = threading.Thread(target=lambda: entered.append(turnstile.enter(0.05)))
    thread.start()
    while not turnstile._waiting:
        time.sleep(0.001)
    # Others come before it for longer than its patience, which a queue would not allow.
    for _ in range(10):
        time.sleep(0.02)
        with turnstile._mutex:
            turnstile._moves += 1
    turnstile.leave()
    thread.join()
    assert entered == [True]


def test_a_writer_waits_for_others_as_long_as_they_get_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program writes over and over, with pauses that SQLite's own waiting would hardly find."""
    monkeypatch.setattr("playground.store.sqlite.BUSY_TIMEOUT", 0.2)
    database = Database("", tmp_path)
    migrate(database)
    assert database.path is not None
    other = sqlite3.connect(database.path, isolation_level=None, check_same_thread=False)
    done = threading.Event()
    began = threading.Event()

    def write() -> None:
        while not done.is_set():
            other.execute("BEGIN IMMEDIATE")
            began.set()
            other.execute("INSERT INTO conversation_models VALUES ('x', hex(randomblob(8)))")
            # Each holds the lock for some of our patience, and all together for much more.
            done.wait(0.1)
            other.execute("COMMIT")
            done.wait(0.01)

    other.execute("PRAGMA foreign_keys = OFF")
    thread = threading.Thread(target=write)
    thread.start()
    assert began.wait(20)
    try:
        for _ in range(3):
            with database.write() as connection:
                connection.exec_driver_sql("SELECT 1").close()
    finally:
        done.set()
        thread.join()
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreLocked), database.write():
        pass
    other.close()
    database.close()

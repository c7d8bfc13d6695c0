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
    """Another program writes without a pause: each change within our patience, all far beyond."""
    monkeypatch.setattr("playground.store.sqlite.BUSY_TIMEOUT", 0.5)
    database = Database("", tmp_path)
    migrate(database)
    assert database.path is not None
    other = sqlite3.connect(database.path, isolation_level=None, check_same_thread=False)
    other.execute("PRAGMA foreign_keys = OFF")
    other.execute("BEGIN IMMEDIATE")

    def write() -> None:
        for _ in range(6):
            other.execute("INSERT INTO conversation_models VALUES ('x', hex(randomblob(8)))")
            time.sleep(0.2)
            other.execute("COMMIT")
            other.execute("BEGIN IMMEDIATE")
        other.execute("COMMIT")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        with database.write() as connection:
            connection.exec_driver_sql("SELECT 1").close()
    finally:
        thread.join()
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreLocked), database.write():
        pass
    other.close()
    database.close()

"""A process is killed in mid-stream and mid-write: what it was told is safe, is there."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from playground.reply import Status
from playground.store.migrate import copies_folder
from playground.store.sql import SqlStore, open_store
from tests.faults import children as child
from tests.faults.children import OWNER, WORDS, Children, Safe
from tests.support.conversations import exchange, plain
from tests.support.steps import steps_with

#: Processes killed in each test, and tests: 100 in all where it is thorough, 24 else.
KILLS = 4
ROUNDS = 25 if os.environ.get("FAULTS_THOROUGH") else 6


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_nothing_acknowledged_is_lost(tmp_path: Path, children: Children, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same moments each time
    safe: list[Safe] = []
    for kill in range(KILLS):
        safe += _chat_until_killed(tmp_path, children, f"{seed}-{kill}", chance.uniform(0.0, 0.15))
        _check_file(tmp_path / "data" / "playground.db")
        store = open_store("", tmp_path)
        _check(store, safe)
        store.close()
    assert any(s.text is not None for s in safe)


def _chat_until_killed(root: Path, children: Children, name: str, after: float) -> list[Safe]:
    """Let a process chat; kill it this many seconds after the first reply; return what is safe."""
    process, receive = children.start(child.chat, "", root, name)
    said: list[Safe] = []
    deadline = None
    try:
        assert receive.poll(60)
        assert receive.recv() == "open"
        while deadline is None or time.monotonic() < deadline:
            if receive.poll(0.001):
                said.append(receive.recv())
            if deadline is None and any(s.text for s in said):
                deadline = time.monotonic() + after
    finally:
        process.kill()
        process.join()
    said += _rest(receive)
    receive.close()
    return said


def _rest(pipe: Connection) -> list[Safe]:
    """Return what was said before the end, and not half a word of it."""
    found: list[Safe] = []
    try:
        while pipe.poll(0):
            found.append(pipe.recv())
    except (EOFError, OSError):
        pass
    return found


def _check_file(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        # The index of words holds exactly what it should, too.
        connection.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")
        connection.rollback()


def _check(store: SqlStore, safe: list[Safe]) -> None:
    ended = {(s.conversation, s.turns[0]): s.text for s in safe if s.text is not None}
    for name in {s.conversation for s in safe}:
        found = store.get(OWNER, name)
        assert found is not None
        ids = [turn.id for turn in found.turns]
        promised = [i for s in safe if s.conversation == name and s.text is None for i in s.turns]
        # In the order in which they were said; one more pair may have been written.
        assert ids[: len(promised)] == promised
        assert len(ids) <= len(promised) + 2
        for turn in found.turns:
            if turn.reply is None:
                assert turn.text.endswith(WORDS)
                continue
            assert not turn.reply.running
            text = ended.get((name, turn.id))
            if text is not None:
                assert (turn.reply.status, turn.reply.text) == (Status.COMPLETED, text)
            else:
                assert turn.reply.status in {Status.INTERRUPTED, Status.COMPLETED}
                assert turn.reply.text == WORDS * (len(turn.reply.text) // len(WORDS))


SLOW_STEP = """
    from pathlib import Path
    import time
    op.execute("DELETE FROM shares")
    op.add_column("conversations", sa.Column("mood", sa.Text, nullable=False, server_default="fine"))
    op.create_table("moods", sa.Column("name", sa.Text, primary_key=True))
    op.execute("INSERT INTO moods VALUES ('fine')")
    if not Path({marker!r}).exists():
        Path({marker!r}).touch()
        time.sleep(600)
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_change_of_tables_that_is_killed_is_taken_back_and_repeated(
    kind: str, tmp_path: Path, children: Children, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_store_url") if kind == "postgresql" else ""
    made = exchange("Kept", "x")
    store = open_store(url, tmp_path)
    store.add("me", made)
    store.share("me", made.id)
    store.close()
    marker = tmp_path / "half-done"
    steps = steps_with(tmp_path, SLOW_STEP.format(marker=str(marker)))
    process, _ = children.start(child.migrate_slowly, url, tmp_path, steps)
    deadline = time.monotonic() + 60
    while not marker.exists():
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.kill()
    process.join()

    # The version before finds its tables as they were ...
    before = open_store(url, tmp_path)
    assert plain(before.get("me", made.id)) == plain(made)
    assert len(before.shares("me")) == 1
    before.close()
    # ... and the new one takes its step, this time to the end.
    after = open_store(url, tmp_path, steps=steps)
    assert plain(after.get("me", made.id)) == plain(made)
    assert after.shares("me") == ()
    after.close()
    if kind == "sqlite":
        assert list(copies_folder(tmp_path / "data" / "playground.db").iterdir())


def test_a_first_start_that_is_killed_is_repeated(tmp_path: Path, children: Children) -> None:
    marker = tmp_path / "half-done"
    steps = steps_with(tmp_path, SLOW_STEP.format(marker=str(marker)))
    process, _ = children.start(child.migrate_slowly, "", tmp_path, steps)
    deadline = time.monotonic() + 60
    while not marker.exists():
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.kill()
    process.join()
    store = open_store("", tmp_path)
    assert store.add("me", exchange("One", "1"))
    store.close()

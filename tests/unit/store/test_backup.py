"""A backup is one file that holds everything, and a restore checks it before it replaces anything."""

from __future__ import annotations

import contextlib
import errno
import io
import sqlite3
import threading
from pathlib import Path

import pytest

from playground.backup import main
from playground.store import MemoryStore, StoreError, Wanted
from playground.store.engine import Database
from playground.store.errors import (
    StoreCorrupt,
    StoreForeign,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
)
from playground.store.faults import told
from playground.store.restore import Backup, _put_aside
from playground.store.sql import SqlStore, open_store
from tests.support.conversations import answer, exchange, plain, prompt
from tests.support.steps import steps_with


def filled(url: str, root: Path) -> SqlStore:
    store = open_store(url, root)
    store.add("me", a := exchange("Die Straße", "x"), b := exchange("Deleted", "x"))
    store.add("them", exchange("Theirs", "x"))
    store.rename("me", a.id, "Zebra")
    store.delete("me", b.id)
    store.share("me", a.id)
    return store


def everything(store: SqlStore) -> object:
    owners = ("me", "them")
    return (
        [plain(tuple(store.everything(owner))) for owner in owners],
        [store.shares(owner) for owner in owners],
        [[h.summary for h in store.find("me", Wanted(query=q)).hits] for q in ("strasse", "zebra")],
        store.models("me"),
    )


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
def test_a_backup_of_each_database_is_restored_into_each(
    url: str, into: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    source = filled(url, tmp_path / "source")
    expected = everything(source)
    source.backup(tmp_path / "backup.db")
    source.close()
    target = request.getfixturevalue("postgres_url") if into == "postgresql" else ""
    other = open_store(target, tmp_path / "target")
    other.add("me", exchange("To be replaced", "x"))
    other.close()
    with Backup(tmp_path / "backup.db") as backup:
        assert (backup.contents.conversations, backup.contents.messages) == (3, 6)
        database = Database(target, tmp_path / "target")
        kept = backup.restore(database)
        database.close()
    restored = open_store(target, tmp_path / "target")
    assert everything(restored) == expected
    restored.append("me", "new", prompt("It can be written to"))
    restored.close()
    assert (kept is not None) == (into == "sqlite")
    if kept is not None:
        before = open_store(f"sqlite:///{kept}", tmp_path)
        assert [s.title for s in before.recent("me", 5)] == ["To be replaced"]
        before.close()


def test_a_backup_is_one_file_alone_in_its_folder(url: str, tmp_path: Path) -> None:
    store = filled(url, tmp_path / "source")
    folder = tmp_path / "backups"
    folder.mkdir()
    for _ in range(2):
        store.backup(folder / "backup.db")
    store.close()
    assert [p.name for p in folder.iterdir()] == ["backup.db"]
    assert (folder / "backup.db").stat().st_mode & 0o077 == 0
    with contextlib.closing(sqlite3.connect(folder / "backup.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert [p.name for p in folder.iterdir()] == ["backup.db"]


def test_a_backup_is_of_one_moment_while_others_write(url: str, tmp_path: Path) -> None:
    """A prompt and its reply are added together: a backup never holds one without the other."""
    store = open_store(url, tmp_path)
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            asked = prompt("question")
            store.append("me", "c", asked, answer("reply", asked.id))
            store.append("me", "d", answer("reply", asked.id), answer("reply", asked.id))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for i in range(5):
            store.backup(tmp_path / f"{i}.db")
    finally:
        done.set()
        thread.join()
        store.close()
    for i in range(5):
        copy = open_store(f"sqlite:///{i}.db", tmp_path)
        turns = [len(c.turns) for c in copy.everything("me")]
        copy.close()
        assert all(count % 2 == 0 for count in turns)


def test_a_backup_that_cannot_be_written_leaves_the_one_before(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = filled(url, tmp_path / "source")
    with pytest.raises(StoreReadOnly, match="backup cannot be written"):
        store.backup(tmp_path / "no such folder" / "backup.db")
    (tmp_path / "backup.db").write_text("the one before")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr("playground.store.snapshot.check_sqlite", fail)
    with pytest.raises(StoreFull, match="backup cannot be written"):
        store.backup(tmp_path / "backup.db")
    store.close()
    assert (tmp_path / "backup.db").read_text() == "the one before"
    assert not list(tmp_path.glob("backup-*"))


def _restore(path: Path, root: Path) -> None:
    database = Database("", root)
    try:
        with Backup(path) as backup:
            backup.restore(database)
    finally:
        database.close()


def test_a_restore_of_what_is_no_backup_changes_nothing(tmp_path: Path) -> None:
    store = filled("", tmp_path)
    expected = everything(store)
    good = tmp_path / "good.db"
    store.backup(good)
    store.close()
    torn = tmp_path / "torn.db"
    content = bytearray(good.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 9000] = b"\xff" * 9000
    torn.write_bytes(content)
    short = tmp_path / "short.db"
    short.write_bytes(good.read_bytes()[:5000])
    text = tmp_path / "text.db"
    text.write_text("not a database at all " * 100)
    other = tmp_path / "other.db"
    with contextlib.closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    newer = tmp_path / "newer.db"
    open_store("sqlite:///newer.db", tmp_path, steps=steps_with(tmp_path, "    pass")).close()
    for path, kind in (
        (torn, StoreCorrupt),
        (short, StoreCorrupt),
        (text, StoreCorrupt),
        (other, StoreForeign),
        (newer, StoreForeign),
        (tmp_path / "missing.db", StoreForeign),
        (tmp_path, StoreForeign),
    ):
        with pytest.raises(kind) as caught:
            _restore(path, tmp_path)
        assert path.name in caught.value.happened
    store = open_store("", tmp_path)
    assert everything(store) == expected
    store.close()


def test_a_restore_waits_until_the_playground_is_stopped(url: str, tmp_path: Path) -> None:
    store = filled(url, tmp_path)
    store.backup(tmp_path / "backup.db")
    database = Database(url, tmp_path)
    with (
        Backup(tmp_path / "backup.db") as backup,
        pytest.raises(StoreLocked, match="running"),
    ):
        backup.restore(database)
    store.close()
    database.close()


def test_a_damaged_database_is_put_aside_and_replaced(tmp_path: Path) -> None:
    store = filled("", tmp_path)
    expected = everything(store)
    store.backup(tmp_path / "backup.db")
    store.close()
    path = tmp_path / "data" / "playground.db"
    damaged = b"damaged " * 5000
    path.write_bytes(damaged)
    with pytest.raises(StoreCorrupt):
        open_store("", tmp_path)
    assert path.read_bytes() == damaged
    _restore(tmp_path / "backup.db", tmp_path)
    store = open_store("", tmp_path)
    assert everything(store) == expected
    store.close()
    (aside,) = (tmp_path / "data" / "before-update").iterdir()
    assert aside.read_bytes() == damaged


def test_a_locked_database_is_not_taken_for_a_damaged_one(tmp_path: Path) -> None:
    store = filled("", tmp_path)
    expected = everything(store)
    store.backup(tmp_path / "backup.db")
    store.close()
    path = tmp_path / "data" / "playground.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreLocked), told():
            _put_aside(path)
    store = open_store("", tmp_path)
    assert everything(store) == expected
    store.close()


def test_a_store_can_look_whether_it_is_whole(url: str, tmp_path: Path) -> None:
    store = filled(url, tmp_path)
    store.check()
    if store._database.path is not None:
        store._database.close()
        with store._database.path.open("r+b") as file:
            file.seek(4096 * 4)
            file.write(b"\xff" * 20000)
        with pytest.raises(StoreCorrupt):
            store.check()
        store._housekeeping.close()
        store._saver.close()
        store._presence.close()
        return
    store.close()


def test_the_backup_itself_is_only_read(tmp_path: Path) -> None:
    store = filled("", tmp_path)
    store.backup(tmp_path / "backup.db")
    store.close()
    before = (tmp_path / "backup.db").read_bytes()
    (tmp_path / "backup.db").chmod(0o400)
    _restore(tmp_path / "backup.db", tmp_path)
    assert (tmp_path / "backup.db").read_bytes() == before


def test_in_memory_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"backup\.db"):
        MemoryStore().backup(tmp_path / "backup.db")


def test_the_command_backs_up_and_restores(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = filled("", tmp_path)
    expected = everything(store)
    file = tmp_path / "backup.db"
    assert main([str(file)], tmp_path) == 0
    assert "3 conversations, 6 messages" in capsys.readouterr().out
    store.delete_all("me")
    # While the playground runs, with a sentence and without a traceback.
    assert main([str(file), "--restore", "--yes"], tmp_path) == 1
    assert "running" in capsys.readouterr().err
    store.close()
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    assert main([str(file), "--restore"], tmp_path) == 1
    assert "Nothing was changed" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert main([str(file), "--restore"], tmp_path) == 0
    assert "is kept in" in capsys.readouterr().out
    store = open_store("", tmp_path)
    assert everything(store) == expected
    store.close()


def test_the_command_says_that_there_is_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "backup.db")], tmp_path) == 1
    assert "no database" in capsys.readouterr().err
    assert not (tmp_path / "data" / "playground.db").exists()


def test_the_command_uses_the_configured_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], postgres_store_url: str
) -> None:
    filled(postgres_store_url, tmp_path).close()
    (tmp_path / ".env").write_text(f"PLAYGROUND_DATABASE_URL={postgres_store_url}\n")
    assert main([str(tmp_path / "backup.db")], tmp_path) == 0
    assert "3 conversations" in capsys.readouterr().out

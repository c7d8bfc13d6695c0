"""Deleted for a day, then for good; and `delete_all` leaves no trace in the files."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from playground.comparison import Comparison, Pane
from playground.store import Wanted
from playground.store.deletion import UNDO_SECONDS
from playground.store.migrate import copies_folder
from playground.store.schema import metadata
from playground.store.sql import SqlStore, open_store
from tests.support.conversations import exchange


def rows(store: SqlStore) -> dict[str, int]:
    with store._database.read() as connection:
        return {
            name: connection.execute(sa.text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in [*metadata.tables, "search_index"]
            if name != "processes"
        }


def test_what_was_deleted_over_a_day_ago_goes_for_good(
    sql_store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new, kept = (exchange(name, "x") for name in ("Old", "New", "Kept"))
    sql_store.add("me", old, new, kept)
    now = 1_000_000_000.0
    monkeypatch.setattr("playground.store.deletion.time.time", lambda: now)
    sql_store.delete("me", old.id)
    now += UNDO_SECONDS - 1
    sql_store.delete("me", new.id)
    assert sql_store.purge() == 0
    now += 2
    assert sql_store.purge() == 1
    assert sql_store.undelete("me", old.id, new.id) == 1
    assert {s.id for s in sql_store.recent("me", 9)} == {new.id, kept.id}


def test_nothing_is_left_in_any_table(sql_store: SqlStore) -> None:
    made = exchange("giraffe", "elephant")
    sql_store.add("me", made)
    sql_store.share("me", made.id)
    sql_store.rename("me", made.id, "Zebra")
    sql_store.save_preset("me", "Zebra", {})
    sql_store.save_comparison("me", Comparison((Pane("m", "c"), Pane("m", "c"))))
    assert all(count > 0 for count in rows(sql_store).values())
    sql_store.delete_all("me")
    assert all(count == 0 for count in rows(sql_store).values())


def test_no_trace_is_left_in_the_files(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    folder = tmp_path / "data"
    store.add("me", *(exchange(f"giraffe {i} canary{i}", "elephant " * 3000) for i in range(20)))
    store.add("them", theirs := exchange("theirs zebra", "x"))
    store.rename("me", store.recent("me", 1)[0].id, "another canary")
    store.save_preset("me", "A canary", {"system_message": "Sing like a canary."})
    store.save_preset("them", "A zebra", {})
    copies = copies_folder(folder / "playground.db")
    copies.mkdir()
    (copies / "playground-0000-20260101T000000.db").write_bytes(b"a canary in a copy")
    assert _found(folder, b"canary")
    before = _size(folder)
    store.delete_all("me")
    assert _found(folder, b"zebra")
    # With the store still open, so with the log of changes still there.
    assert not _found(folder, b"canary")
    assert not _found(folder, b"giraffe")
    assert _size(folder) < before / 2
    assert len(store.find("them", Wanted(query="zebra")).hits) == 1
    assert store.get("them", theirs.id) is not None
    assert [preset.name for preset in store.presets("them")] == ["A zebra"]
    store.close()


def test_what_is_deleted_for_good_is_overwritten(tmp_path: Path) -> None:
    """All but single words, which the index drops when it is next compacted."""
    store = open_store("", tmp_path)
    store.add("me", made := exchange("one canary, two canaries", "x"))
    store.delete("me", made.id)
    store._database.close()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("playground.store.deletion.UNDO_SECONDS", -1.0)
        assert store.purge() == 1
    store.close()
    assert not _found(tmp_path / "data", b"one canary, two canaries")


def _found(folder: Path, needle: bytes) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file() and needle in p.read_bytes()]


def _size(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())

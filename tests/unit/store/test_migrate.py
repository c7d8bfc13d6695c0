"""A database of every released version opens, and none is ever left in between."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import shutil
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from playground.comparison import Comparison, Pane
from playground.conversation import Conversation
from playground.reply import Status
from playground.store import StoreError, Wanted
from playground.store.engine import Database
from playground.store.errors import StoreForeign, StoreLocked, StoreNewer
from playground.store.lock import FileLock
from playground.store.migrate import KEEP_COPIES, copies_folder, migrate
from playground.store.migrations import RELEASED, VERSION_TABLE, Steps
from playground.store.schema import metadata, processes
from playground.store.sql import open_store
from tests.support.conversations import exchange, plain
from tests.support.postgres import PostgresServer
from tests.support.steps import steps_with
from tests.unit.store.fixtures.make import (
    FIXTURES,
    known_comparison,
    known_conversations,
    known_panes,
    known_presets,
)

STEP = """
    op.add_column("conversations", sa.Column("mood", sa.Text, nullable=False, server_default="fine"))
"""
BROKEN = (
    STEP
    + """
    op.execute("DELETE FROM conversations")
    op.execute("INSERT INTO nowhere VALUES (1)")
"""
)


@pytest.fixture
def database(url: str, tmp_path: Path) -> Any:
    made = Database(url, tmp_path)
    migrate(made)
    yield made
    made.close()


def test_the_released_versions_are_the_steps_there_are() -> None:
    config = Config()
    config.set_main_option("script_location", str(RELEASED.folder))
    found = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(found)) == RELEASED.versions


def test_the_steps_lead_to_the_tables_that_the_code_works_with(database: Database) -> None:
    wanted = metadata
    if database.path is not None:
        wanted = sa.MetaData()
        for table in metadata.sorted_tables:
            if table is not processes:
                table.to_metadata(wanted)

    def ours(thing: Any, name: str | None, kind: str, *_: Any) -> bool:
        return kind != "table" or not (name or "").startswith(("search_index", VERSION_TABLE))

    with database.engine.connect() as connection:
        options = {"compare_type": True, "include_object": ours, "version_table": VERSION_TABLE}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, wanted) == []
        # What the comparison does not look at: the names, and what a deletion takes along.
        inspector = sa.inspect(connection)
        for table in wanted.sorted_tables:
            keys = {str(key["name"]): key for key in inspector.get_foreign_keys(table.name)}
            for key in table.foreign_key_constraints:
                assert keys[str(key.name)]["options"]["ondelete"] == "CASCADE"
            assert inspector.get_pk_constraint(table.name)["name"] == table.primary_key.name


@pytest.mark.parametrize("version", RELEASED.versions)
def test_a_released_sqlite_database_opens(version: str, tmp_path: Path) -> None:
    path = tmp_path / "data" / "playground.db"
    path.parent.mkdir()
    with gzip.open(FIXTURES / f"schema_{version}.sqlite.gz") as packed, path.open("wb") as file:
        shutil.copyfileobj(packed, file)
    _check_known(version, "", tmp_path)


@pytest.mark.parametrize("version", RELEASED.versions)
def test_a_released_postgresql_database_opens(
    version: str, tmp_path: Path, postgres_server: PostgresServer, postgres_url: str
) -> None:
    statements = gzip.decompress((FIXTURES / f"schema_{version}.postgresql.sql.gz").read_bytes())
    postgres_server.execute(statements.decode(), postgres_url)
    _check_known(version, postgres_url, tmp_path)


def _check_known(version: str, url: str, root: Path) -> None:
    store = open_store(url, root)
    for owner, expected in known_conversations(version).items():
        panes = known_panes() if owner == "anna" and known_comparison(version) else ()
        assert plain(tuple(store.everything(owner))) == plain((*expected, *panes))
        assert len(store.find(owner, Wanted(query="strasse")).hits) == 1
        presets = known_presets(version).get(owner, {})
        assert {p.name: p.content for p in store.presets(owner)} == presets
    assert store.comparison("anna", "compared") == known_comparison(version)
    assert store.add("new", exchange("One", "1"))
    made = store.save_comparison("new", Comparison((Pane("m", "c"), Pane("m", "c"))))
    assert made is not None
    assert [summary.panes for summary in store.recent("new", 5)] == [2, 0]
    assert store.save_preset("new", "One", {})
    (share,) = store.shares("anna")
    assert share.revoked_at is None
    assert store.undelete("anna", "deleted") == 1
    running = store.get("anna", "running")
    assert running is not None
    assert running.turns[1].reply is not None
    assert running.turns[1].reply.status is Status.INTERRUPTED
    store.close()


def test_a_copy_is_made_before_the_tables_change(tmp_path: Path) -> None:
    made = exchange("Kept", "x")
    store = open_store("", tmp_path)
    store.add("me", made)
    store.close()
    path = tmp_path / "data" / "playground.db"
    assert not copies_folder(path).exists()
    open_store("", tmp_path, steps=steps_with(tmp_path, STEP)).close()
    (copy,) = copies_folder(path).iterdir()
    shutil.copy(copy, tmp_path / "copy.db")
    old = open_store("sqlite:///copy.db", tmp_path)
    assert plain(old.get("me", made.id)) == plain(made)
    old.close()


def test_only_the_last_copies_are_kept(tmp_path: Path) -> None:
    open_store("", tmp_path).close()
    folder = copies_folder(tmp_path / "data" / "playground.db")
    folder.mkdir()
    for i in range(6):
        (folder / f"playground-0000-2020010{i}T000000.db").touch()
    open_store("", tmp_path, steps=steps_with(tmp_path, STEP)).close()
    left = sorted(p.name for p in folder.iterdir())
    assert len(left) == KEEP_COPIES
    assert left[0] == "playground-0000-20200104T000000.db"


def test_a_step_is_taken_once_and_what_is_there_stays(url: str, tmp_path: Path) -> None:
    made = exchange("Kept", "x")
    store = open_store(url, tmp_path)
    store.add("me", made)
    store.close()
    steps = steps_with(tmp_path, STEP)
    for _ in range(2):
        store = open_store(url, tmp_path, steps=steps)
        assert plain(store.get("me", made.id)) == plain(made)
        with store._database.read() as connection:
            mood = connection.execute(sa.text("SELECT mood FROM conversations")).scalar()
            assert mood == "fine"
        store.close()


def test_a_step_that_fails_leaves_the_version_before(url: str, tmp_path: Path) -> None:
    made = exchange("Kept", "x")
    store = open_store(url, tmp_path)
    store.add("me", made)
    store.close()
    with pytest.raises(StoreError):
        open_store(url, tmp_path, steps=steps_with(tmp_path, BROKEN))
    store = open_store(url, tmp_path)
    assert plain(store.get("me", made.id)) == plain(made)
    store.close()


def test_a_step_that_breaks_what_refers_to_each_other_is_taken_back(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    store.add("me", exchange("Kept", "x"))
    store.close()
    with pytest.raises(StoreError, match="brought up to date"):
        open_store("", tmp_path, steps=steps_with(tmp_path, '    op.execute("DELETE FROM turns")'))
    store = open_store("", tmp_path)
    assert len(store.recent("me", 5)) == 1
    assert store.recent("me", 5)[0].messages == 2
    store.close()


def test_many_that_start_together_make_the_tables_once(url: str, tmp_path: Path) -> None:
    opened: list[object] = []

    def start() -> None:
        store = open_store(url, tmp_path, steps=steps)
        opened.append(store.recent("me", 1))
        store.close()

    steps = steps_with(tmp_path, STEP)
    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == [()] * 6


def test_whoever_waits_too_long_for_anothers_change_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.store.migrate.LOCK_TIMEOUT", 0.01)
    (tmp_path / "data").mkdir()
    lock = FileLock(tmp_path / "data" / "playground.db.lock")
    assert lock.acquire(0)
    with pytest.raises(StoreLocked, match="changing"):
        open_store("", tmp_path)
    lock.release()
    open_store("", tmp_path).close()


def test_an_empty_file_is_an_empty_database(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "playground.db").touch()
    store = open_store("", tmp_path)
    assert store.recent("me", 1) == ()
    store.close()


def test_a_newer_database_is_refused_untouched(url: str, tmp_path: Path) -> None:
    open_store(url, tmp_path, steps=steps_with(tmp_path, STEP)).close()
    path = tmp_path / "data" / "playground.db"
    before = _hash(path) if path.exists() else ""
    with pytest.raises(StoreNewer, match="newer version"):
        open_store(url, tmp_path)
    assert before == (_hash(path) if path.exists() else "")
    open_store(url, tmp_path, steps=steps_with(tmp_path, STEP)).close()


def test_another_programs_file_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = _hash(path)
    with pytest.raises(StoreForeign):
        open_store("sqlite:///other.db", tmp_path)
    assert _hash(path) == before


def test_a_postgresql_database_may_hold_other_tables(
    postgres_url: str, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    postgres_server.execute("CREATE TABLE bookmarks (url TEXT)", postgres_url)
    store = open_store(postgres_url, tmp_path)
    store.add("me", exchange("One", "1"))
    store.close()


def test_a_postgresql_database_with_tables_of_these_names_is_refused(
    postgres_url: str, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    postgres_server.execute("CREATE TABLE turns (url TEXT)", postgres_url)
    with pytest.raises(StoreForeign):
        open_store(postgres_url, tmp_path)


def test_a_start_at_the_newest_version_needs_no_alembic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store("", tmp_path).close()
    monkeypatch.setitem(__import__("sys").modules, "alembic.command", None)
    open_store("", tmp_path).close()


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_steps_know_their_newest() -> None:
    assert Steps(Path(), ("0001", "0002")).newest == "0002"
    assert isinstance(known_conversations()["anna"][0], Conversation)

"""Which database a URL names, and how it is set."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from playground.store import StoreError
from playground.store.engine import Database, Kind, parse_url
from playground.store.errors import StoreForeign, StoreLocked, StoreUnreachable
from playground.store.sql import SqlStore, open_store
from tests.support.conversations import prompt


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("", "{root}/data/playground.db"),
        ("sqlite:///other.db", "{root}/other.db"),
        ("sqlite:///a/b.db", "{root}/a/b.db"),
        ("sqlite:////abs/b.db", "/abs/b.db"),
    ],
)
def test_an_sqlite_url_names_a_file(tmp_path: Path, url: str, database: str) -> None:
    parsed = parse_url(url, tmp_path)
    assert parsed.drivername == "sqlite"
    assert Path(parsed.database or "") == Path(database.format(root=tmp_path))


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_postgresql_url_keeps_all_it_says(tmp_path: Path, scheme: str) -> None:
    parsed = parse_url(f"{scheme}://u:p%40ss@db.example:5433/name?sslmode=require", tmp_path)
    assert parsed.drivername == "postgresql+psycopg"
    assert (parsed.username, parsed.password, parsed.host, parsed.port, parsed.database) == (
        "u", "p@ss", "db.example", 5433, "name",
    )  # fmt: skip
    assert parsed.query["sslmode"] == "require"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://u:canary@h/d",
        "canary",
        "postgresql://u:canary@h:x/d",
    ],
)
def test_another_url_is_refused_without_repeating_it(tmp_path: Path, url: str) -> None:
    with pytest.raises(StoreForeign) as caught:
        open_store(url, tmp_path)
    assert "PLAYGROUND_DATABASE_URL" in caught.value.happened
    assert "canary" not in caught.value.happened + caught.value.advice
    assert "postgresql://" in caught.value.advice


def test_a_server_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable) as caught:
        open_store(f"postgresql://u:canary@/d?host={tmp_path}", tmp_path)
    assert "canary" not in repr(caught.value) + caught.value.happened + caught.value.advice


def test_a_database_that_is_not_there_is_unreachable(postgres_url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable):
        open_store(postgres_url.replace("/test_", "/no_test_"), tmp_path)


def test_sqlite_is_set_as_promised(tmp_path: Path) -> None:
    database = Database("", tmp_path)
    with database.read() as connection:

        def pragma(name: str) -> object:
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2
        assert pragma("foreign_keys") == 1
        assert pragma("busy_timeout") == 5000
        assert pragma("secure_delete") == 1
    database.close()


def test_a_reader_sees_one_moment(sql_store: SqlStore) -> None:
    sql_store.append("me", "c", prompt("One"))
    count = sa.text("SELECT count(*) FROM turns")
    with sql_store._database.read() as connection:
        assert connection.execute(count).scalar() == 1
        sql_store.append("me", "c", prompt("Two"))
        assert connection.execute(count).scalar() == 1
    with sql_store._database.read() as connection:
        assert connection.execute(count).scalar() == 2


def test_a_reader_cannot_write(postgres_store_url: str, tmp_path: Path) -> None:
    database = Database(postgres_store_url, tmp_path)
    with pytest.raises(StoreError), database.read() as connection:
        connection.exec_driver_sql("DELETE FROM turns")
    database.close()


def test_what_fails_in_a_transaction_leaves_nothing(sql_store: SqlStore) -> None:
    sql_store.append("me", "c", prompt("One"))
    with (
        contextlib.suppress(ZeroDivisionError),
        sql_store._database.write() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM conversations")
        raise ZeroDivisionError
    assert sql_store.get("me", "c") is not None


def test_whoever_waits_too_long_for_the_writer_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.store.writer.BUSY_TIMEOUT", 0.05)
    database = Database("", tmp_path)
    raised: list[StoreError] = []

    def write() -> None:
        try:
            with database.write():
                raise AssertionError("two writers")
        except StoreError as error:
            raised.append(error)

    with database.write():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert [type(error) for error in raised] == [StoreLocked]
    database.close()


def test_an_sqlite_that_is_too_old_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 26, 0))
    monkeypatch.setattr("sqlite3.sqlite_version", "3.26.0")
    with pytest.raises(StoreForeign, match=r"SQLite 3\.26\.0") as caught:
        open_store("", tmp_path)
    assert "PLAYGROUND_DATABASE_URL" in caught.value.advice


def test_the_folder_is_its_owners_alone(tmp_path: Path) -> None:
    database = Database("", tmp_path)
    assert database.folder is not None
    assert database.kind is Kind.SQLITE
    assert database.folder.stat().st_mode & 0o077 == 0
    database.close()

"""Whatever a database raises comes out as a StoreError that says what to do."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from playground.store import StoreError
from playground.store.errors import (
    StoreCorrupt,
    StoreForeign,
    StoreFull,
    StoreLocked,
    StoreNewer,
    StoreOverflow,
    StoreReadOnly,
    StoreUnreachable,
)
from playground.store.faults import store_error, told

ALL = [
    StoreError, StoreCorrupt, StoreForeign, StoreFull, StoreLocked, StoreNewer, StoreOverflow,
    StoreReadOnly, StoreUnreachable,
]  # fmt: skip


def sqlite_error(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("canary")
    error.sqlite_errorcode = getattr(sqlite3, name)
    error.sqlite_errorname = name
    return error


def wrapped(original: BaseException) -> sa.exc.DBAPIError:
    return sa.exc.OperationalError("SELECT canary", {"a": "canary"}, original)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("SQLITE_FULL", StoreFull),
        ("SQLITE_READONLY", StoreReadOnly),
        ("SQLITE_READONLY_DBMOVED", StoreReadOnly),
        ("SQLITE_READONLY_DIRECTORY", StoreReadOnly),
        ("SQLITE_CANTOPEN", StoreReadOnly),
        ("SQLITE_BUSY", StoreLocked),
        ("SQLITE_BUSY_SNAPSHOT", StoreLocked),
        ("SQLITE_LOCKED", StoreLocked),
        ("SQLITE_CORRUPT", StoreCorrupt),
        ("SQLITE_CORRUPT_VTAB", StoreCorrupt),
        ("SQLITE_NOTADB", StoreCorrupt),
        ("SQLITE_IOERR_READ", StoreError),
        ("SQLITE_ERROR", StoreError),
        ("SQLITE_TOOBIG", StoreError),
    ],
)
def test_what_sqlite_says(name: str, kind: type[StoreError], tmp_path: Path) -> None:
    for error in (sqlite_error(name), wrapped(sqlite_error(name))):
        found = store_error(error, tmp_path)
        assert type(found) is kind
        assert found.code in {name, None}


def test_an_error_of_a_full_disk_means_that_it_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("shutil.disk_usage", lambda folder: usage)
    assert type(store_error(sqlite_error("SQLITE_IOERR_WRITE"), tmp_path)) is StoreFull
    assert type(store_error(sqlite_error("SQLITE_IOERR_WRITE"), None)) is StoreError


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (psycopg.errors.DiskFull, StoreFull),
        (psycopg.errors.ReadOnlySqlTransaction, StoreReadOnly),
        (psycopg.errors.InsufficientPrivilege, StoreReadOnly),
        (psycopg.errors.LockNotAvailable, StoreLocked),
        (psycopg.errors.DeadlockDetected, StoreLocked),
        (psycopg.errors.SerializationFailure, StoreLocked),
        (psycopg.errors.TooManyConnections, StoreUnreachable),
        (psycopg.errors.AdminShutdown, StoreUnreachable),
        (psycopg.errors.InvalidPassword, StoreUnreachable),
        (psycopg.errors.InvalidCatalogName, StoreUnreachable),
        (psycopg.errors.ConnectionException, StoreUnreachable),
        (psycopg.errors.DataCorrupted, StoreCorrupt),
        (psycopg.errors.UndefinedTable, StoreError),
        (psycopg.OperationalError, StoreUnreachable),
    ],
)
def test_what_postgresql_says(kind: type[psycopg.Error], expected: type[StoreError]) -> None:
    assert type(store_error(wrapped(kind("canary")))) is expected


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "canary"), StoreFull),
        (OSError(errno.EFBIG, "canary"), StoreFull),
        (PermissionError(errno.EACCES, "canary"), StoreReadOnly),
        (OSError(errno.EROFS, "canary"), StoreReadOnly),
        (sa.exc.TimeoutError("canary"), StoreLocked),
        (sa.exc.ResourceClosedError("canary"), StoreError),
        (sqlite3.ProgrammingError("canary"), StoreError),
    ],
)
def test_what_else_there_is(error: Exception, kind: type[StoreError]) -> None:
    assert type(store_error(error)) is kind


@pytest.mark.parametrize(
    "error", [sqlite_error("SQLITE_FULL"), wrapped(psycopg.errors.DiskFull("canary"))]
)
def test_nothing_of_the_data_passes(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(StoreError) as caught, told():
        raise error
    raised = caught.value
    shown = (
        f"{raised!r} {raised.happened} {raised.advice} {raised.detail} {raised.code} {caplog.text}"
    )
    assert "canary" not in shown
    assert raised.__suppress_context__


def test_what_is_no_fault_of_the_database_passes() -> None:
    with pytest.raises(ZeroDivisionError), told():
        raise ZeroDivisionError


@pytest.mark.parametrize("kind", ALL)
def test_every_error_says_what_happened_and_what_to_do(kind: type[StoreError]) -> None:
    error: Any = kind()
    assert error.title
    assert error.happened.endswith(".")
    assert error.advice.endswith(".")
    assert kind is StoreError or error.happened != StoreError().happened

"""Connections to an SQLite file: how they are set, and how writers of several processes take turns."""

from __future__ import annotations

import random
import sqlite3
import time
from typing import Any

import sqlalchemy as sa

#: Seconds to wait for another writer that makes no progress before the database is called locked.
BUSY_TIMEOUT = 5.0
#: Seconds to wait for other writers however much progress they make.
MAX_WAIT = 60.0

#: The execution option that holds the statement with which a transaction begins; empty for none.
BEGIN = "playground_begin"

_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "fullfsync = ON",  # macOS: flush the disk's own cache too
    "foreign_keys = ON",
    "secure_delete = ON",  # what is deleted is overwritten
    "cache_size = -16000",  # KiB
    "journal_size_limit = 67108864",
)


def sqlite_engine(url: sa.URL) -> sa.Engine:
    """Return the engine for a file."""
    engine = sa.create_engine(url, pool_size=8, max_overflow=24, pool_timeout=BUSY_TIMEOUT)

    @sa.event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        # Python's module would begin transactions by itself, but not around a change of tables.
        connection.isolation_level = None
        _set_timeout(connection, BUSY_TIMEOUT)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        begin = connection.get_execution_options().get(BEGIN, "BEGIN")
        if begin == "BEGIN IMMEDIATE":
            _begin_writing(connection.connection.driver_connection)
        elif begin:
            connection.exec_driver_sql(begin)

    return engine


def _begin_writing(connection: Any) -> None:
    """Begin a transaction that may write, after those of other processes.

    SQLite's own way to wait looks ten times a second, and whoever writes without a pause is always
    quicker. Here everyone looks often, and waits on for as long as the others get on.
    """
    start = time.monotonic()
    moved, version = start, None
    _set_timeout(connection, 0)
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE").close()
            except sqlite3.OperationalError as error:
                now = time.monotonic()
                seen = _version(connection)
                if seen != version:
                    moved, version = now, seen
                if not _busy(error) or now - moved > BUSY_TIMEOUT or now - start > MAX_WAIT:
                    raise
                time.sleep(random.uniform(0.001, 0.01))  # noqa: S311 - no secret
            else:
                return
    finally:
        _set_timeout(connection, BUSY_TIMEOUT)


def _version(connection: Any) -> int | None:
    """Return a number that changes with every commit of others; None if that cannot be seen."""
    try:
        (version,) = connection.execute("PRAGMA data_version").fetchone()
    except sqlite3.OperationalError:
        return None
    return int(version)


def _busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def _set_timeout(connection: Any, seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}").close()

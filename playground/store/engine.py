"""A connection to a database: SQLite or PostgreSQL, with the promises that the store builds on.

SQLite: a write-ahead log, so that readers and the writer do not wait for each other; a commit is on
the disk when it returns (`synchronous = FULL`); one writer at a time. PostgreSQL: a reading sees the
database as it is at one moment.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from playground.store.errors import StoreError, StoreForeign
from playground.store.faults import told
from playground.store.sqlite import BEGIN, BUSY_TIMEOUT, sqlite_engine
from playground.store.writer import Writer

#: The first SQLite with `RETURNING`; the system's library may be older than Python.
OLDEST_SQLITE = (3, 35, 0)
#: Seconds to wait for PostgreSQL to answer a new connection.
CONNECT_TIMEOUT = 5

_READ = {BEGIN: "BEGIN", "isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_WRITE = {BEGIN: "BEGIN IMMEDIATE", "isolation_level": "READ COMMITTED"}
_OUTSIDE = {BEGIN: "", "isolation_level": "AUTOCOMMIT"}


class Kind(StrEnum):
    """Which database it is."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Database:
    """Opens connections. Whatever the database raises inside one comes out as a StoreError.

    Attributes:
        path: the file of an SQLite database; None for PostgreSQL.

    Args:
        url: `sqlite:///PATH` or `postgresql://…`; empty for `root/data/playground.db`.
        root: what a relative path is relative to.

    Raises:
        StoreError: the URL is of another kind, or the folder cannot be made.
    """

    def __init__(self, url: str, root: Path) -> None:
        parsed = parse_url(url, root)
        self.kind = Kind(parsed.get_backend_name())
        self.path = Path(parsed.database or "") if self.kind is Kind.SQLITE else None
        self.folder = self.path.parent if self.path else None
        if self.folder is not None:
            _check_library()
            with told(self.folder):
                # What people say to a model is nobody else's business on a shared machine.
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.engine = sqlite_engine(parsed) if self.path else _postgresql(parsed)
        self._writer = Writer(self._writing, self.folder) if self.folder else None

    @contextlib.contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Yield a connection that sees the database as it is at one moment."""
        with told(self.folder), self._begun(_READ) as connection:
            yield connection

    @contextlib.contextmanager
    def write(self, *, alone: bool = False) -> Iterator[sa.Connection]:
        """Yield a connection whose changes are all on the disk afterwards, or none of them.

        Args:
            alone: whether these may be so many that nobody else should wait for them to be made.
        """
        if self._writer is None or alone:
            with self._alone(), told(self.folder), self._begun(_WRITE) as connection:
                yield connection
        else:
            with told(self.folder), self._writer.together() as connection:
                yield connection

    @contextlib.contextmanager
    def outside(self) -> Iterator[sa.Connection]:
        """Yield the writer's connection outside of a transaction, as VACUUM needs it."""
        with self._alone(), told(self.folder), self.engine.connect() as connection:
            yield self._set(connection, _OUTSIDE)

    @contextlib.contextmanager
    def changing(self) -> Iterator[sa.Connection]:
        """Yield a connection on which the tables themselves may be changed, in one transaction."""
        with self._alone(), told(self.folder), self.engine.connect() as connection:
            try:
                if self.kind is Kind.SQLITE:
                    # A step may have to make anew a table that others refer to.
                    self._set(connection, _OUTSIDE)
                    connection.exec_driver_sql("PRAGMA foreign_keys = OFF").close()
                    connection.rollback()
                with self._set(connection, _WRITE).begin():
                    yield connection
            finally:
                # What was set for the change must not reach the next user of the connection.
                connection.invalidate()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextlib.contextmanager
    def _begun(self, options: dict[str, Any]) -> Iterator[sa.Connection]:
        with self.engine.connect() as connection, self._set(connection, options).begin():
            yield connection

    def _set(self, connection: sa.Connection, options: dict[str, Any]) -> sa.Connection:
        if self.kind is Kind.SQLITE:
            options = {BEGIN: options[BEGIN]}
        return connection.execution_options(**options)

    def _writing(self) -> sa.Connection:
        connection = self._set(self.engine.connect(), _WRITE)
        try:
            connection.begin()
        except BaseException:
            connection.close()
            raise
        return connection

    def _alone(self) -> contextlib.AbstractContextManager[None]:
        return self._writer.alone() if self._writer else contextlib.nullcontext()


def parse_url(url: str, root: Path) -> sa.URL:
    """Return what `url` names, with the driver the playground uses. Raises StoreError."""
    if not url:
        return sa.URL.create("sqlite", database=str(root.absolute() / "data" / "playground.db"))
    try:
        parsed = sa.make_url(url)
        backend = parsed.get_backend_name()
    except (sa.exc.ArgumentError, ValueError):
        # The URL may hold a password, so none of it is repeated.
        raise _bad_url("PLAYGROUND_DATABASE_URL is not a URL.") from None
    if backend == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise _bad_url("PLAYGROUND_DATABASE_URL names no file.")
        return sa.URL.create("sqlite", database=str(root.absolute() / parsed.database))
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    raise _bad_url(f"PLAYGROUND_DATABASE_URL names a database of the kind {backend}.")


def _check_library() -> None:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise StoreForeign(
            f"This Python comes with SQLite {sqlite3.sqlite_version}, and the playground needs "
            f"{oldest} or newer to keep conversations.",
            advice="Use a newer Python, or set PLAYGROUND_DATABASE_URL to a PostgreSQL database.",
        )


def _bad_url(happened: str) -> StoreError:
    return StoreForeign(
        happened,
        advice="Write it like postgresql://USER:PASSWORD@HOST/NAME or sqlite:///PATH, or leave "
        "it out.",
    )


def _postgresql(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        url,
        pool_size=8,
        max_overflow=24,
        pool_timeout=BUSY_TIMEOUT,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT,
            # A server that is gone without a word is noticed.
            "tcp_user_timeout": 10_000,
            "application_name": "phi3-playground",
        },
    )

    @sa.event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{int(BUSY_TIMEOUT)}s'")
        connection.commit()

    return engine

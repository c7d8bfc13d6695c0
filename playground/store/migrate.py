"""Bringing a database to the version that this code works with, at the start.

All steps run in one transaction, under a lock, so that a start that is killed leaves the version
before, and two that start together do it once. On SQLite a copy of the file is made first.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from playground.store.engine import Database, Kind
from playground.store.errors import StoreError, StoreForeign, StoreLocked, StoreNewer
from playground.store.faults import told
from playground.store.files import copy_sqlite
from playground.store.lock import FileLock
from playground.store.migrations import RELEASED, VERSION_TABLE, Steps

#: Seconds to wait for another process that is at it.
LOCK_TIMEOUT = 60.0
#: Copies made before a change of tables that are kept; older ones go.
KEEP_COPIES = 3

# Names the lock among all users of the PostgreSQL server: "phi3play" in ASCII.
_ADVISORY_LOCK = 0x70686933706C6179

logger = logging.getLogger(__name__)


def migrate(database: Database, steps: Steps = RELEASED) -> None:
    """Bring `database` to the newest version; does nothing if it is there.

    Raises:
        StoreNewer: a later version of the playground made it; nothing is changed.
        StoreForeign: it is not the playground's; nothing is changed.
        StoreError: it cannot be read or written.
    """
    if _version(database, steps) == steps.newest:
        return
    with locked(database):
        version = _version(database, steps)
        if version == steps.newest:
            return
        if database.path is not None and version is not None:
            _keep_copy(database.path, version)
        _upgrade(database, steps)
        logger.info("the database is at version %s (was %s)", steps.newest, version)


def version_in(connection: sa.Connection, steps: Steps) -> str | None:
    """Return the version of the tables; None where there are none.

    Raises:
        StoreNewer, StoreForeign: as `migrate` does.
    """
    names = set(sa.inspect(connection).get_table_names())
    if VERSION_TABLE not in names:
        if names & {"conversations", "turns"} or (names and connection.dialect.name == "sqlite"):
            raise StoreForeign
        return None
    found = connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 - a constant
    if found is None or found in steps.versions:
        return found
    raise StoreNewer(code=str(found)[:32])


def copies_folder(path: Path) -> Path:
    """Return the folder for copies made before a change of tables."""
    return path.parent / "before-update"


def remove_copies(path: Path) -> None:
    """Delete the copies made before changes of tables."""
    with told(path.parent):
        for copy in copies_folder(path).glob(f"{path.stem}-*"):
            copy.unlink(missing_ok=True)


def _version(database: Database, steps: Steps) -> str | None:
    if database.path is not None:
        return _sqlite_version(database.path, steps)
    with database.read() as connection:
        return version_in(connection, steps)


def _sqlite_version(path: Path, steps: Steps) -> str | None:
    """Look into the file without a right to change it: it may be another program's."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    engine = sa.create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    )
    try:
        with told(path.parent), engine.connect() as connection:
            return version_in(connection, steps)
    finally:
        engine.dispose()


@contextlib.contextmanager
def locked(database: Database) -> Iterator[None]:
    """Let no other process migrate or restore in this context. Raises StoreLocked."""
    if database.path is None:
        # The lock is taken in the transaction itself: see _upgrade.
        yield
        return
    lock = FileLock(database.path.with_name(database.path.name + ".lock"))
    with told(database.folder):
        if not lock.acquire(LOCK_TIMEOUT):
            raise StoreLocked("Another playground is changing the database's tables.")
    try:
        yield
    finally:
        lock.release()


def _keep_copy(path: Path, version: str) -> None:
    folder = copies_folder(path)
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    with told(path.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
        copy_sqlite(path, folder / f"{path.stem}-{version}-{stamp}{path.suffix}")
        for old in sorted(folder.glob(f"{path.stem}-*"))[:-KEEP_COPIES]:
            old.unlink(missing_ok=True)


def _upgrade(database: Database, steps: Steps) -> None:
    # Alembic is slow to import, and most starts need none of it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(steps.folder).replace("%", "%%"))
    with database.changing() as connection:
        if database.kind is Kind.POSTGRESQL:
            connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
            if version_in(connection, steps) == steps.newest:
                return
        config.attributes["connection"] = connection
        command.upgrade(config, steps.newest)
        _check(connection)


def _check(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise StoreError("The database's tables could not be brought up to date.")

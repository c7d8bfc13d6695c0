"""Exceptions of the databases become StoreErrors here, and nowhere else."""

from __future__ import annotations

import contextlib
import errno
import logging
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from playground.store.errors import (
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
    StoreUnreachable,
)

logger = logging.getLogger(__name__)

#: With less than this free (bytes), an error of the disk is taken to mean that it is full.
FULL_BELOW = 256 * 1024

_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}

_SQLITE: dict[int, type[StoreError]] = {
    sqlite3.SQLITE_FULL: StoreFull,
    sqlite3.SQLITE_READONLY: StoreReadOnly,
    sqlite3.SQLITE_PERM: StoreReadOnly,
    sqlite3.SQLITE_CANTOPEN: StoreReadOnly,
    sqlite3.SQLITE_BUSY: StoreLocked,
    sqlite3.SQLITE_LOCKED: StoreLocked,
    sqlite3.SQLITE_PROTOCOL: StoreLocked,
    sqlite3.SQLITE_CORRUPT: StoreCorrupt,
    sqlite3.SQLITE_NOTADB: StoreCorrupt,
}

# The first two or all five characters of PostgreSQL's SQLSTATE.
_POSTGRESQL: dict[str, type[StoreError]] = {
    "53100": StoreFull,
    "53": StoreUnreachable,  # out of memory or connections
    "25006": StoreReadOnly,
    "42501": StoreReadOnly,
    "08": StoreUnreachable,
    "28": StoreUnreachable,
    "3D": StoreUnreachable,  # no such database
    "57": StoreUnreachable,  # shutting down
    "55P03": StoreLocked,
    "40": StoreLocked,  # deadlock, serialization
    "XX001": StoreCorrupt,
    "XX002": StoreCorrupt,
}


@contextlib.contextmanager
def told(folder: Path | None = None) -> Iterator[None]:
    """Raise a StoreError for whatever a database or the disk raises in this context.

    Args:
        folder: where a database on disk lives.
    """
    try:
        yield
    except (sa.exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
        raised = store_error(error, folder)
        logger.warning("%s (%s)", raised.happened, _kind(error), exc_info=raised.code is None)
        raise raised from None


def store_error(error: Exception, folder: Path | None = None) -> StoreError:
    """Return what `error` means. The database's own words stay out: they may hold data."""
    original = getattr(error, "orig", None) or error
    if isinstance(original, sqlite3.Error):
        return _from_sqlite(original, folder)
    if isinstance(original, OSError):
        full = original.errno in _NO_ROOM
        return (StoreFull if full else StoreReadOnly)(code=type(original).__name__)
    if isinstance(error, sa.exc.TimeoutError):
        return StoreLocked(
            "Too many requests wait for the database.",
            advice="Try again in a moment.",
            code="pool",
        )
    state = getattr(original, "sqlstate", None)
    if isinstance(state, str):
        kind = _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2], StoreError)
        return kind(code=state)
    if isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError):
        # The client library has no state to tell where no server answered.
        return StoreUnreachable(code=type(original).__name__)
    return StoreError()


def _from_sqlite(error: sqlite3.Error, folder: Path | None) -> StoreError:
    # Errors that Python's module raises by itself carry no code.
    number = getattr(error, "sqlite_errorcode", None)
    name = getattr(error, "sqlite_errorname", None)
    if number is None:
        return StoreError()
    primary = number & 0xFF
    if primary == sqlite3.SQLITE_IOERR:
        return (StoreFull if _no_room(folder) else StoreError)(code=name)
    return _SQLITE.get(primary, StoreError)(code=name)


def _no_room(folder: Path | None) -> bool:
    if folder is None:
        return False
    try:
        return shutil.disk_usage(folder).free < FULL_BELOW
    except OSError:
        return False


def _kind(error: Exception) -> str:
    original = getattr(error, "orig", None) or error
    code = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None)
    return f"{type(original).__name__} {code or ''}".strip()

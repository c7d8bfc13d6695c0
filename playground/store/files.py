"""Files of SQLite databases: copied while they are in use, checked, and put in place."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from playground.store.errors import StoreCorrupt


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment, also while it is written to.

    `target` is one whole file, or is not there: it appears under its name when it is complete.

    Raises:
        sqlite3.Error, OSError: it cannot be read or written.
    """
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        with (
            contextlib.closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as old,
            contextlib.closing(sqlite3.connect(partial, isolation_level=None)) as new,
        ):
            old.backup(new)
            single_file(new)
        partial.replace(target)
    finally:
        for left in (partial, partial.with_name(partial.name + "-journal")):
            left.unlink(missing_ok=True)


def single_file(connection: sqlite3.Connection) -> None:
    """Make the database one file, without a log beside it."""
    connection.execute("PRAGMA journal_mode = DELETE").fetchall()


def check_sqlite(path: Path) -> None:
    """Read every page of the database.

    Raises:
        StoreCorrupt: it is damaged.
        sqlite3.Error: it is no database, or cannot be read.
    """
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if found != "ok" or broken is not None:
        raise StoreCorrupt(f"The file {path.name} is damaged.", code="integrity_check")

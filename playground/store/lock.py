"""A lock on a file that the system gives back when its holder dies, however it dies.

It is made of SQLite, whose locks work on every system that the playground runs on: the standard
library has no other that does.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path


class FileLock:
    """An exclusive lock on `path`, which is made if it is missing and stays empty."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def acquire(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds for the lock; return whether it is held now.

        Raises:
            sqlite3.Error: the file cannot be made or opened.
        """
        connection = sqlite3.connect(
            self._path, timeout=timeout, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA journal_mode = MEMORY")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            connection.close()
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                return False
            raise
        self._connection = connection
        return True

    def release(self) -> None:
        """Give the lock back. The file stays: to remove it would race with the next holder."""
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.rollback()
            self._connection.close()
            self._connection = None

"""Putting a backup in the place of the database: checked first, and then all of it or nothing."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from playground.conversation import new_id
from playground.store.engine import Database
from playground.store.errors import StoreCorrupt, StoreForeign, StoreLocked
from playground.store.faults import told
from playground.store.files import check_sqlite, copy_sqlite
from playground.store.migrate import copies_folder, locked, migrate
from playground.store.presence import presence_for
from playground.store.schema import conversations, metadata, turns
from playground.store.snapshot import copy_rows
from playground.store.trees import listed


@dataclass(frozen=True, slots=True)
class Contents:
    """How much is in a database, of all owners together; a comparison counts as one."""

    conversations: int
    messages: int


class Backup:
    """A backup file that was checked: whole, the playground's, and of a version that is known.

    Used as a context manager; it works on a copy, and the file itself is only read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Check the file. Raises StoreError with a sentence that says what is wrong with it."""
        with self._stack:
            self._open()
            self._kept = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the copy."""
        self._kept.close()

    @property
    def contents(self) -> Contents:
        """How much is in it."""
        return contents(self._database)

    def restore(self, database: Database) -> Path | None:
        """Replace all that is in `database`, and return where what was there was kept.

        What was in a PostgreSQL database is not kept: `write_snapshot` can, before.

        Raises:
            StoreLocked: a playground is running on it.
            StoreError: it cannot be written; then it is as it was.
        """
        with locked(database):
            _refuse_if_running(database)
            if database.path is None:
                migrate(database)
                self._into_server(database)
                return None
            return self._into_file(database.path)

    def _open(self) -> None:
        if not self._path.is_file():
            raise StoreForeign(
                f"There is no file {self._path}.", advice="Give the path of a backup."
            )
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="restore-")))
        copy = folder / "backup.db"
        with _about(self._path), told(folder):
            check_sqlite(self._path)
            copy_sqlite(self._path, copy)
        self._database = Database(f"sqlite:///{copy}", folder)
        self._stack.callback(self._database.close)
        with _about(self._path):
            migrate(self._database)

    def _into_server(self, database: Database) -> None:
        with self._database.read() as old, database.write() as new:
            new.execute(sa.text("SET LOCAL lock_timeout = 0"))
            for table in reversed(metadata.sorted_tables):
                new.execute(sa.delete(table))
            copy_rows(old, new)

    def _into_file(self, path: Path) -> Path | None:
        source = self._database.path
        if source is None:
            raise AssertionError("a backup is a file")
        with told(path.parent):
            kept = _put_aside(path)
            with (
                contextlib.closing(sqlite3.connect(source)) as old,
                contextlib.closing(sqlite3.connect(path)) as new,
            ):
                # One transaction of the file that is replaced: killed here, it is as it was.
                old.backup(new)
        return kept


def contents(database: Database) -> Contents:
    """Return how much is in a database that is at the newest version."""
    with database.read() as connection:
        count = sa.select(sa.func.count())
        return Contents(
            connection.scalar(count.select_from(conversations).where(listed())) or 0,
            connection.scalar(count.select_from(turns)) or 0,
        )


@contextlib.contextmanager
def _about(path: Path) -> Iterator[None]:
    """Make errors speak of the backup instead of the playground's database."""
    try:
        yield
    except StoreCorrupt as error:
        raise StoreCorrupt(
            f"The file {path.name} is damaged or is no database, so nothing was replaced.",
            advice="Use another backup.",
            code=error.code,
        ) from None
    except StoreForeign as error:
        raise type(error)(
            f"The file {path.name} is not a backup that this version can use, so nothing was "
            "replaced.",
            advice="Use another backup, or the version of the playground that made it.",
            code=error.code,
        ) from None


def _refuse_if_running(database: Database) -> None:
    presence = presence_for(database, new_id())
    try:
        if presence.others():
            raise StoreLocked(
                "The playground is running on this database.",
                advice="Stop it, restore, and start it again.",
            )
    finally:
        presence.close()


def _put_aside(path: Path) -> Path | None:
    """Keep what is at `path`, whole or damaged, under another name."""
    if not path.exists():
        return None
    folder = copies_folder(path)
    folder.mkdir(mode=0o700, exist_ok=True)
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    kept = folder / f"{path.stem}-restore-{stamp}{path.suffix}"
    try:
        with told(path.parent):
            check_sqlite(path)
    except StoreCorrupt:
        for suffix in ("", "-wal", "-shm"):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.replace(kept.with_name(kept.name + suffix))
        return kept
    copy_sqlite(path, kept)
    return kept

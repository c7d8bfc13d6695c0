"""Which processes are alive: a running reply belongs to one, and ends as interrupted without it.

On SQLite all processes are on one machine, and each holds a lock that the system gives back the moment
it dies. On PostgreSQL each says that it is alive every few seconds, by the database's clock.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from playground.store.engine import Database
from playground.store.errors import StoreError
from playground.store.faults import told
from playground.store.lock import FileLock
from playground.store.schema import processes
from playground.store.trees import insert

#: Seconds between two signs of life, and without one until a process is taken for dead.
HEARTBEAT_INTERVAL = 10.0
DEAD_AFTER = 60.0


class Presence(Protocol):
    """Says that this process is alive, and knows which others are."""

    def beat(self) -> None:
        """Give a sign of life."""
        ...

    def dead(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return those of `ids` that are not alive."""
        ...

    def others(self) -> tuple[str, ...]:
        """Return the other processes that are alive."""
        ...

    def close(self) -> None:
        """Say that this process ends."""
        ...


def presence_for(database: Database, process: str) -> Presence:
    """Return how processes see each other at this database, with this one seen from now on."""
    if database.path is None:
        return Heartbeats(database, process)
    return Locks(database.path.with_name(database.path.name + ".running"), process)


class Locks:
    """A lock for each process, in a folder beside the database."""

    def __init__(self, folder: Path, process: str) -> None:
        self._folder = folder
        self._process = process
        with told(folder.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
            self._lock = FileLock(folder / process)
            if not self._lock.acquire(0):
                raise StoreError("Another process has this process's id.")

    def beat(self) -> None:
        """Nothing to do: the lock is the sign."""

    def dead(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return those of `ids` whose lock nobody holds."""
        with told(self._folder.parent):
            return tuple(i for i in ids if i != self._process and not self._held(i))

    def others(self) -> tuple[str, ...]:
        """Return the other processes that hold a lock."""
        with told(self._folder.parent):
            ids = [path.name for path in self._folder.iterdir() if "-journal" not in path.name]
        gone = self.dead(ids)
        return tuple(i for i in ids if i != self._process and i not in gone)

    def close(self) -> None:
        """Give the lock back."""
        self._lock.release()
        self._remove(self._process)

    def _held(self, process: str) -> bool:
        path = self._folder / process
        if not path.exists():
            return False
        lock = FileLock(path)
        if not lock.acquire(0):
            return True
        lock.release()
        self._remove(process)
        return False

    def _remove(self, process: str) -> None:
        # Ids are never used again, so nobody waits for this file; another may remove it first.
        with contextlib.suppress(OSError):
            (self._folder / process).unlink()


class Heartbeats:
    """A row for each process, with the time of its last sign of life."""

    def __init__(self, database: Database, process: str, *, dead_after: float = DEAD_AFTER) -> None:
        self._database = database
        self._process = process
        self._dead_after = dead_after
        self.beat()

    def beat(self) -> None:
        """Write the time."""
        with self._database.write() as connection:
            new = insert(connection.dialect.name, processes).from_select(
                ["id", "heartbeat_at"],
                sa.select(sa.literal(self._process), _now()),
            )
            connection.execute(
                new.on_conflict_do_update(
                    index_elements=["id"], set_={"heartbeat_at": new.excluded.heartbeat_at}
                )
            )

    def dead(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return those of `ids` that gave no sign for too long."""
        alive = self.others()
        return tuple(i for i in ids if i != self._process and i not in alive)

    def others(self) -> tuple[str, ...]:
        """Return the other processes that gave a sign lately, and forget those that did not."""
        p = processes.c
        with self._database.write() as connection:
            connection.execute(
                sa.delete(processes).where(p.heartbeat_at < _now() - self._dead_after)
            )
            return tuple(connection.scalars(sa.select(p.id).where(p.id != self._process)))

    def close(self) -> None:
        """Remove the row, if the database lets us."""
        with contextlib.suppress(StoreError), self._database.write() as connection:
            connection.execute(sa.delete(processes).where(processes.c.id == self._process))


def _now() -> sa.ColumnElement[float]:
    return sa.cast(sa.extract("epoch", sa.func.clock_timestamp()), sa.Double)

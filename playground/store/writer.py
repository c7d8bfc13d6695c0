"""The one writer of an SQLite file: who waits for the disk at the same time, waits for it once.

A commit returns when its changes are on the disk, which takes far longer than making them. So whoever
has made a change leaves the transaction open for the next who waits, and all of them return when the
last has committed it. A change that fails takes back its own part and no other's. Where nobody waits, a
change has its transaction to itself, and waits for nobody.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa

from playground.store.errors import StoreError, StoreLocked
from playground.store.faults import store_error, told
from playground.store.sqlite import BUSY_TIMEOUT
from playground.store.turnstile import Turnstile

#: How long after its beginning others may join a transaction: so many times as long as the last
#: commit took, since those who came first wait for them, and at most so many seconds, since other
#: processes do too.
OPEN_TIMES = 4.0
OPEN_FOR = 0.1


class Writer:
    """Lets threads write to a file one at a time, in the order in which they came.

    Args:
        begin: returns a connection with a transaction that may write.
        folder: where the file is.
    """

    def __init__(self, begin: Callable[[], sa.Connection], folder: Path) -> None:
        self._begin = begin
        self._folder = folder
        self._turnstile = Turnstile()
        #: The transaction that the next may join; only touched by whoever has the turn.
        self._open: _Shared | None = None
        #: Seconds the last commit took.
        self._took = OPEN_FOR

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else write in this context. Raises StoreLocked if the others do not get on."""
        self._enter(joins=False)
        try:
            yield
        finally:
            self._turnstile.leave()

    @contextlib.contextmanager
    def together(self) -> Iterator[sa.Connection]:
        """Yield a connection whose changes are all on the disk afterwards, or none of them.

        Raises:
            StoreLocked: the others do not get on.
            StoreError: the transaction failed that these changes were a part of.
        """
        shared = self._joined()
        try:
            shared.begin_part()
            yield shared.connection
            shared.end_part()
        except BaseException as error:
            if shared.undo_part(error):
                self._go_on(shared)
            else:
                self._end(shared)
            raise
        self._go_on(shared)
        shared.wait()

    def _enter(self, *, joins: bool) -> None:
        if not self._turnstile.enter(BUSY_TIMEOUT, joins=joins):
            raise StoreLocked(code="writer")

    def _joined(self) -> _Shared:
        """Wait for the turn; return the transaction that is open then, or else a new one."""
        self._enter(joins=True)
        if self._open is None:
            try:
                self._open = _Shared(self._begin(), self._folder)
            except BaseException:
                self._turnstile.leave()
                raise
        return self._open

    def _go_on(self, shared: _Shared) -> None:
        """Leave the transaction to the next, or else end it."""
        open_for = min(OPEN_FOR, OPEN_TIMES * self._took)
        if shared.age > open_for or not self._turnstile.pass_on():
            self._end(shared)

    def _end(self, shared: _Shared) -> None:
        began = shared.age
        try:
            shared.end()
            self._took = shared.age - began
        finally:
            self._open = None
            self._turnstile.leave()
            shared.ended.set()


class _Shared:
    """A transaction made of the parts of several threads, one after the other.

    Attributes:
        ended: set when it is known what became of it.
    """

    def __init__(self, connection: sa.Connection, folder: Path) -> None:
        self.connection = connection
        self.ended = threading.Event()
        self._folder = folder
        self._began = time.monotonic()
        self._parts = 0
        self._lost = False
        # Whatever happens before it is known to be on the disk, nobody is told that it is.
        self._failure: StoreError | None = StoreError()

    @property
    def age(self) -> float:
        """Seconds since its beginning."""
        return time.monotonic() - self._began

    def begin_part(self) -> None:
        """Note where a part begins. The first needs no note: it is taken back with the whole."""
        if self._parts:
            self._execute("SAVEPOINT part")

    def end_part(self) -> None:
        """Keep the part."""
        if self._parts:
            self._execute("RELEASE part")
        self._parts += 1

    def undo_part(self, error: BaseException) -> bool:
        """Take back the part that failed with `error`; False if nothing is left to be committed.

        Some errors, such as that of a full disk, take the whole transaction along.
        """
        try:
            if self._parts:
                self._execute("ROLLBACK TO part")
                self._execute("RELEASE part")
                return True
        except BaseException:  # noqa: BLE001 - whatever it was: the caller raises the first error
            failed = error if isinstance(error, Exception) else StoreError()
            self._failure = store_error(failed, self._folder)
        self._lost = True
        return False

    def end(self) -> None:
        """Commit it, unless it is lost."""
        try:
            if not self._lost:
                with told(self._folder):
                    self._commit()
                self._failure = None
        except StoreError as error:
            self._failure = error
        finally:
            try:
                if self._failure is not None:
                    # Closed without this after a commit that failed, it would stay open.
                    self.connection.rollback()
            finally:
                self.connection.close()

    def wait(self) -> None:
        """Wait until it is on the disk; raise StoreError if it is not."""
        self.ended.wait()
        if self._failure is not None:
            raise self._failure.again()

    def _commit(self) -> None:
        # SQLite may have taken it back, and Python's module commits nothing without a word.
        driver = self.connection.connection.driver_connection
        if driver is None or not driver.in_transaction:
            raise StoreError
        self.connection.commit()

    def _execute(self, statement: str) -> None:
        self.connection.exec_driver_sql(statement).close()

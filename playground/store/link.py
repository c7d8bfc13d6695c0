"""The way to a store that may fail: it notices when it does, and gets it back by itself."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from playground.store.errors import StoreError
from playground.store.interface import ConversationStore

#: Seconds between two attempts to get the store back; where waiting alone cannot help, longer.
RETRY_INTERVAL = 5.0
SLOW_RETRY_INTERVAL = 30.0

T = TypeVar("T")

logger = logging.getLogger(__name__)


class CheckedStore(ConversationStore, Protocol):
    """A store that can look whether it is whole."""

    def check(self) -> None:
        """Read everything. Raises StoreCorrupt."""
        ...


class Link:
    """Leads to a store while there is no trouble with it.

    Args:
        open_store: opens the store; raises StoreError. Called again until it succeeds.
        catch_up: writes to the store what waits for it; raises StoreError.
        caught_up: whether nothing waits.
    """

    def __init__(
        self,
        open_store: Callable[[], CheckedStore],
        catch_up: Callable[[CheckedStore], None],
        caught_up: Callable[[], bool],
        *,
        retry_interval: float = RETRY_INTERVAL,
        slow_retry_interval: float = SLOW_RETRY_INTERVAL,
    ) -> None:
        self._open = open_store
        self._catch_up = catch_up
        self._caught_up = caught_up
        self._interval = retry_interval
        self._slow_interval = slow_retry_interval
        self._lock = threading.Lock()
        self._store: CheckedStore | None = None
        self._trouble: StoreError | None = None
        self._readable = True
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        try:
            self._store = open_store()
        except StoreError as error:
            self._note(error, readable=False)

    @property
    def trouble(self) -> StoreError | None:
        """What the store failed with, for as long as it is not back."""
        trouble = self._trouble
        return trouble.again() if trouble else None

    def read(self, action: Callable[[ConversationStore], T]) -> T:
        """Read from the store, also while it cannot be written. Raises StoreError."""
        with self._lock:
            store = self._store if self._readable else None
        if store is None:
            raise self.trouble or StoreError()
        try:
            return action(store)
        except StoreError as error:
            self._note(error, readable=False)
            raise

    def write(self, action: Callable[[ConversationStore], T]) -> T:
        """Write to the store, unless there is trouble. Raises StoreError."""
        store, trouble = self._store, self.trouble
        if trouble is not None or store is None:
            raise trouble or StoreError()
        try:
            return action(store)
        except StoreError as error:
            self._note(error, readable=True)
            raise

    def instead(self, action: Callable[[], object]) -> bool:
        """Do `action` if there is trouble; False, and nothing is done, if there is none (any more).

        What is left to `catch_up` in `action` is not overlooked when the store comes back.
        """
        with self._lock:
            if self._trouble is None:
                return False
            action()
            return True

    def backup(self, path: Path) -> None:
        """Have the store write everything to a file. Raises StoreError."""
        store = self._store
        if store is None:
            raise self.trouble or StoreError()
        store.backup(path)

    def close(self) -> None:
        """Write what waits, if the store takes it, and close it."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()
        if self._trouble is not None and not self._recovered():
            logger.error("conversations were not saved: %s", self._trouble.happened)
        if self._store is not None:
            self._store.close()

    def _note(self, error: StoreError, *, readable: bool) -> None:
        with self._lock:
            if self._trouble is None:
                logger.error("conversations are kept in memory for now: %s", error.happened)
                self._readable = True
            self._trouble = error
            self._readable = self._readable and readable
            alone = self._thread is None or not self._thread.is_alive()
            if alone and not self._closed.is_set():
                self._thread = threading.Thread(
                    target=self._run, name="store-recovery", daemon=True
                )
                self._thread.start()

    def _run(self) -> None:
        while True:
            trouble = self._trouble
            wait = self._interval if trouble is None or trouble.may_pass else self._slow_interval
            if self._closed.wait(wait):
                return
            if self._recovered():
                return

    def _recovered(self) -> bool:
        """Try to get the store back and to write what waits; return whether that is done."""
        try:
            store = self._reached()
            while True:
                self._catch_up(store)
                with self._lock:
                    if self._caught_up():
                        self._trouble = None
                        self._thread = None
                        logger.warning("conversations are saved again")
                        return True
        except StoreError as error:
            with self._lock:
                self._trouble = error
        except Exception:
            # A mistake of ours must not end the attempts.
            logger.exception("the store could not be brought back")
        return False

    def _reached(self) -> CheckedStore:
        """Return the store, opened anew where what is there may be another file now."""
        old, trouble = self._store, self._trouble
        if old is not None and (trouble is None or trouble.may_pass):
            old.health()
            store = old
        else:
            store = self._open()
            with self._lock:
                self._store = store
            if old is not None:
                with contextlib.suppress(StoreError):
                    old.close()
            store.check()
        with self._lock:
            self._readable = True
        return store

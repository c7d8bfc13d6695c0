"""Writes the growing text of running replies behind the back of those who make it.

A thread of its own writes what came last for each reply, all in one transaction every half second:
whoever makes a reply never waits for the disk, and prompts and ends, which do, have it nearly to
themselves however many replies grow.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playground.reply import Reply
from playground.store.errors import StoreError


@dataclass(frozen=True, slots=True)
class Place:
    """Which reply it is."""

    owner: str
    conversation_id: str
    turn_id: str


#: Seconds between two transactions, so that all replies that grow meanwhile share one.
PAUSE = 0.5
#: Seconds until a write that failed is tried again, if nothing new comes before.
RETRY_INTERVAL = 2.0


class Saver:
    """Keeps the newest of each reply until it is written.

    Args:
        write: writes replies, all or none of them; raises StoreError.
    """

    def __init__(self, write: Callable[[Mapping[Place, Reply]], None]) -> None:
        self._write = write
        self._changed = threading.Condition()
        self._waiting: dict[Place, Reply] = {}
        self._closed = False
        self._trouble: StoreError | None = None
        self._thread = threading.Thread(target=self._run, name="store-saver", daemon=True)
        self._thread.start()

    def put(self, place: Place, reply: Reply) -> None:
        """Have `reply` written soon, in place of what waits for the same place.

        Raises:
            StoreError: what the last attempt to write failed with.
        """
        with self._changed:
            if self._closed:
                raise StoreError("The store is closed.")
            trouble, self._trouble = self._trouble, None
            self._waiting[place] = reply
            self._changed.notify_all()
        if trouble is not None:
            raise trouble

    def waiting(self, owner: str, conversation_id: str) -> dict[str, Reply]:
        """Return what waits for this conversation, by turn id."""
        with self._changed:
            return {
                place.turn_id: reply
                for place, reply in self._waiting.items()
                if (place.owner, place.conversation_id) == (owner, conversation_id)
            }

    def close(self) -> None:
        """Write what waits, if it can be written, and end the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                batch = dict(self._waiting)
                closed = self._closed
            saved = not batch or self._saved(batch)
            if closed:
                return
            with self._changed:
                self._changed.wait_for(lambda: self._closed, PAUSE if saved else RETRY_INTERVAL)

    def _saved(self, batch: Mapping[Place, Reply]) -> bool:
        try:
            self._write(batch)
        except StoreError as error:
            with self._changed:
                self._trouble = error
            return False
        with self._changed:
            # What came in the meantime stays.
            for place, reply in batch.items():
                if self._waiting.get(place) is reply:
                    del self._waiting[place]
        return True

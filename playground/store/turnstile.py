"""One at a time, in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque


class Turnstile:
    """A lock that goes to whoever waits longest, and that is waited for while it is moving."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        #: Who waits, and whether they join in what whoever has the turn is at.
        self._waiting: deque[tuple[threading.Event, bool]] = deque()
        self._taken = False
        self._moves = 0

    def enter(self, patience: float, *, joins: bool = False) -> bool:
        """Wait for the turn; False, and it is given up, if nobody leaves for `patience` seconds.

        With `joins` it may come from `pass_on`, else only from `leave`.
        """
        mine = threading.Event()
        waiting = mine, joins
        with self._mutex:
            if not self._taken:
                self._taken = True
                return True
            self._waiting.append(waiting)
            moves = self._moves
        while not mine.wait(patience):
            with self._mutex:
                if mine.is_set():
                    return True
                if self._moves == moves:
                    self._waiting.remove(waiting)
                    return False
                moves = self._moves
        return True

    def pass_on(self) -> bool:
        """Hand the turn to the next if they join in; False, and it is kept, if nobody does."""
        with self._mutex:
            if not self._waiting or not self._waiting[0][1]:
                return False
            self._moves += 1
            self._waiting.popleft()[0].set()
            return True

    def leave(self) -> None:
        """Hand the turn to the next, whoever it is."""
        with self._mutex:
            self._moves += 1
            if self._waiting:
                self._waiting.popleft()[0].set()
            else:
                self._taken = False

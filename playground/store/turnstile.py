"""One at a time, in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque


class Turnstile:
    """A lock that goes to whoever waits longest, and that is waited for while it is moving."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False
        self._moves = 0

    def enter(self, patience: float) -> bool:
        """Wait for the turn; False, and it is given up, if nobody leaves for `patience` seconds."""
        mine = threading.Event()
        with self._mutex:
            if not self._taken:
                self._taken = True
                return True
            self._waiting.append(mine)
            moves = self._moves
        while not mine.wait(patience):
            with self._mutex:
                if mine.is_set():
                    return True
                if self._moves == moves:
                    self._waiting.remove(mine)
                    return False
                moves = self._moves
        return True

    def leave(self) -> None:
        """Hand the turn to the next."""
        with self._mutex:
            self._moves += 1
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False

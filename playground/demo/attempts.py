"""Remembers which request failed how often, for scenarios that succeed when sent again."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from playground.demo.asked import Asked

#: Requests remembered; the oldest is forgotten first.
MOST_REMEMBERED = 256


class Attempts:
    """Counts failures per request, by the model's name and the messages."""

    def __init__(self) -> None:
        self._failures: OrderedDict[bytes, int] = OrderedDict()

    def __len__(self) -> int:
        return len(self._failures)

    def fails(self, asked: Asked, times: int) -> bool:
        """Return whether `asked` is to fail now, which it does `times` times in a row.

        After that it succeeds once and is forgotten.
        """
        key = hashlib.sha256(repr((asked.name, asked.messages)).encode("utf-8", "replace")).digest()
        failed = self._failures.pop(key, 0)
        if failed >= times:
            return False
        self._failures[key] = failed + 1
        if len(self._failures) > MOST_REMEMBERED:
            self._failures.popitem(last=False)
        return True

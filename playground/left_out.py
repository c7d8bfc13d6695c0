"""Turns that were not sent, written as places on the branch instead of by their ids.

A long conversation in a small window leaves out nearly everything, time and again: by their ids, what
a thousand replies left out would take more room than all that was said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


class Branches:
    """Where each turn of a conversation stands on the branch that leads to it, from 0.

    Args:
        turns: the id and the parent of each, in the order of the conversation.
    """

    def __init__(self, turns: Iterable[tuple[str, str | None]] = ()) -> None:
        # The line a turn stands on, and how much of it leads to the turn: a line goes on beyond.
        self._lines: dict[str, tuple[list[str], int]] = {}
        for turn_id, parent in turns:
            self.add(turn_id, parent)

    def add(self, turn_id: str, parent: str | None) -> None:
        """Add a turn, after the one it follows."""
        line, length = self._lines.get(parent or "", ([], 0))
        if length < len(line):
            line = line[:length]
        line.append(turn_id)
        self._lines[turn_id] = line, length + 1

    def places(self, turn_id: str, ids: Iterable[str]) -> list[Any]:
        """Return `ids` as first and last places on the branch to a turn.

        An id that is not on it stands for itself.
        """
        line, length = self._lines[turn_id]
        found: list[Any] = []
        for name in ids:
            place = self._lines.get(name, ((), 0))[1] - 1
            if not 0 <= place < length or line[place] != name:
                found.append(name)
            elif found and isinstance(found[-1], list) and found[-1][1] == place - 1:
                found[-1][1] = place
            else:
                found.append([place, place])
        return found

    def ids(self, turn_id: str, places: Sequence[Any]) -> tuple[str, ...]:
        """Return the ids at `places`. Raises ValueError if the branch to the turn has no such."""
        line, length = self._lines[turn_id]
        found: list[str] = []
        for place in places:
            if isinstance(place, str):
                found.append(place)
                continue
            first, last = place
            if not 0 <= first <= last < length:
                raise ValueError(f"the branch has no places {first} to {last}")
            found += line[first : last + 1]
        return tuple(found)

"""What waits in memory to be written, in the order in which it happened."""

from __future__ import annotations

import logging
import threading
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol

from playground.comparison import Comparison
from playground.conversation import Turn
from playground.reply import Reply
from playground.store.errors import StoreError, StoreOverflow
from playground.store.interface import ConversationStore

#: Characters that may wait.
MAX_WAITING = 64_000_000

logger = logging.getLogger(__name__)


class Entry(Protocol):
    """One thing that happened. An entry with the key of an earlier one takes its place."""

    @property
    def key(self) -> Hashable:
        """What it is about; entries about the same replace each other."""
        ...

    @property
    def conversation(self) -> tuple[str, str]:
        """The owner and the id of the conversation."""
        ...

    @property
    def size(self) -> int:
        """About how many characters it holds."""
        ...

    def write(self, store: ConversationStore) -> bool:
        """Do it; False if the store has no such conversation for this owner (any more)."""
        ...


@dataclass(frozen=True, slots=True)
class Appended:
    """Turns were added."""

    conversation: tuple[str, str]
    turns: tuple[Turn, ...]

    @property
    def key(self) -> Hashable:
        """Each stands for itself."""
        return ("turns", *self.conversation, *(t.id for t in self.turns))

    @property
    def size(self) -> int:
        """The characters of the texts."""
        return sum(200 + len(t.content) for t in self.turns)

    def write(self, store: ConversationStore) -> bool:
        """Add them."""
        return store.append(*self.conversation, *self.turns) is not None


@dataclass(frozen=True, slots=True)
class Replied:
    """A reply grew or ended."""

    conversation: tuple[str, str]
    turn_id: str
    reply: Reply

    @property
    def key(self) -> Hashable:
        """Only the last state counts."""
        return ("reply", *self.conversation, self.turn_id)

    @property
    def size(self) -> int:
        """The characters of the text."""
        return 200 + len(self.reply.text)

    def write(self, store: ConversationStore) -> bool:
        """Save it; where it belongs is gone if the turn is."""
        store.save_reply(*self.conversation, self.turn_id, self.reply)
        return True


@dataclass(frozen=True, slots=True)
class Shown:
    """Another branch was put on the page."""

    conversation: tuple[str, str]
    turn_id: str

    @property
    def key(self) -> Hashable:
        """Only the last counts."""
        return ("leaf", *self.conversation)

    @property
    def size(self) -> int:
        """Little."""
        return 200

    def write(self, store: ConversationStore) -> bool:
        """Show it."""
        store.set_leaf(*self.conversation, self.turn_id)
        return True


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison was made or changed."""

    conversation: tuple[str, str]
    comparison: Comparison

    @property
    def key(self) -> Hashable:
        """Only the last state counts; it is written before what was said in its panes."""
        return ("comparison", *self.conversation)

    @property
    def size(self) -> int:
        """The characters of what may be long."""
        texts = (*self.comparison.prompts, *(p.system_message for p in self.comparison.panes))
        return 1000 + sum(map(len, texts)) + 200 * len(self.comparison.votes)

    def write(self, store: ConversationStore) -> bool:
        """Save it; there is nothing to be kept of one that was deleted meanwhile."""
        store.save_comparison(self.conversation[0], self.comparison)
        return True


class Journal:
    """Entries in order, bounded. May be used from any thread."""

    def __init__(self, max_waiting: int = MAX_WAITING) -> None:
        self._max = max_waiting
        self._lock = threading.Lock()
        self._entries: dict[Hashable, Entry] = {}
        self._size = 0

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, entry: Entry) -> None:
        """Add an entry, or put it in the place of an earlier one; an ended reply stays.

        Raises:
            StoreOverflow: too much waits.
        """
        with self._lock:
            before = self._entries.get(entry.key)
            if _has_ended(before) and not _has_ended(entry):
                return
            size = self._size + entry.size - (before.size if before else 0)
            if size > self._max:
                raise StoreOverflow
            self._entries[entry.key] = entry
            self._size = size

    def first(self) -> Entry | None:
        """Return the entry that is to be written next."""
        with self._lock:
            return next(iter(self._entries.values()), None)

    def done(self, entry: Entry) -> None:
        """Take out an entry that was written, unless a later one has taken its place."""
        with self._lock:
            if self._entries.get(entry.key) is entry:
                del self._entries[entry.key]
                self._size -= entry.size

    def holds(self, owner: str, conversation_id: str) -> bool:
        """Whether anything about this conversation waits."""
        with self._lock:
            return any(e.conversation == (owner, conversation_id) for e in self._entries.values())

    def waiting(self, owner: str) -> set[str]:
        """Return the ids of the owner's conversations about which something waits."""
        with self._lock:
            return {e.conversation[1] for e in self._entries.values() if e.conversation[0] == owner}


def _has_ended(entry: Entry | None) -> bool:
    return isinstance(entry, Replied) and not entry.reply.running


def replay(journal: Journal, store: ConversationStore) -> list[tuple[str, str]]:
    """Write all entries, in order; return the conversations that the store would not take.

    Raises:
        StoreError: the store failed; what is not written stays in the journal.
    """
    refused: list[tuple[str, str]] = []
    while (entry := journal.first()) is not None:
        try:
            if not entry.write(store):
                refused.append(entry.conversation)
        except StoreError:
            raise
        except Exception:
            # A mistake of ours must not keep everything after it from being saved.
            logger.exception("an entry of the journal could not be written")
        journal.done(entry)
    return refused

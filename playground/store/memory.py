"""Conversations in the server's memory: bounded, and gone when the server stops."""

from __future__ import annotations

import threading
from collections import OrderedDict

from playground.conversation import Conversation, Turn
from playground.reply import Reply
from playground.store.interface import Summary

#: Conversations kept for all owners together; the one untouched longest goes first.
MAX_CONVERSATIONS = 1000


class MemoryStore:
    """Implements ConversationStore with a dictionary."""

    def __init__(self, max_conversations: int = MAX_CONVERSATIONS) -> None:
        self._max = max_conversations
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[str, Conversation]] = OrderedDict()

    def get(self, owner: str, conversation_id: str) -> Conversation | None:
        """Return the conversation, or None."""
        with self._lock:
            return self._own(owner, conversation_id)

    def append(self, owner: str, conversation_id: str, *turns: Turn) -> Conversation | None:
        """Add turns; see ConversationStore."""
        with self._lock:
            if conversation_id in self._kept:
                conversation = self._own(owner, conversation_id)
                if conversation is None:
                    return None
            else:
                conversation = Conversation(id=conversation_id)
            for turn in turns:
                if conversation.turn(turn.id) is None:
                    conversation = conversation.with_turn(turn)
            self._put(owner, conversation)
            return conversation

    def save_reply(self, owner: str, conversation_id: str, turn_id: str, reply: Reply) -> None:
        """Replace the reply of one turn."""
        with self._lock:
            conversation = self._own(owner, conversation_id)
            if conversation is not None:
                self._put(owner, conversation.with_reply(turn_id, reply))

    def recent(self, owner: str, limit: int) -> tuple[Summary, ...]:
        """Return the latest conversations, newest first."""
        with self._lock:
            own = [c for who, c in self._kept.values() if who == owner]
        own.sort(key=lambda c: c.updated_at, reverse=True)
        return tuple(Summary(c.id, c.title, c.updated_at) for c in own[:limit])

    def close(self) -> None:
        """Nothing to give back."""

    def _own(self, owner: str, conversation_id: str) -> Conversation | None:
        who, conversation = self._kept.get(conversation_id, (None, None))
        return conversation if who == owner else None

    def _put(self, owner: str, conversation: Conversation) -> None:
        self._kept[conversation.id] = (owner, conversation)
        self._kept.move_to_end(conversation.id)
        while len(self._kept) > self._max:
            self._kept.popitem(last=False)

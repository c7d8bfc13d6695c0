"""Where conversations are kept: one interface, in memory or on disk."""

from playground.store.interface import ConversationStore, Summary
from playground.store.memory import MemoryStore

__all__ = ["ConversationStore", "MemoryStore", "Summary"]

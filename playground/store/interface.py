"""What every store of conversations can do. Each query takes the owner and sees only theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from playground.conversation import Conversation, Turn
from playground.reply import Reply


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation in a list. Times are seconds since the epoch."""

    id: str
    title: str
    updated_at: float


class ConversationStore(Protocol):
    """Keeps conversations. An id that is unknown and one that is another owner's look the same."""

    def get(self, owner: str, conversation_id: str) -> Conversation | None:
        """Return the conversation, or None."""
        ...

    def append(self, owner: str, conversation_id: str, *turns: Turn) -> Conversation | None:
        """Add turns, the last of which becomes the leaf; all or none of them.

        Creates the conversation if no one has the id yet. Returns the conversation as it then is,
        or None if it is another owner's. A turn whose id is there already is not added twice.
        """
        ...

    def save_reply(self, owner: str, conversation_id: str, turn_id: str, reply: Reply) -> None:
        """Replace the reply of one turn."""
        ...

    def recent(self, owner: str, limit: int) -> tuple[Summary, ...]:
        """Return the latest conversations, newest first."""
        ...

    def close(self) -> None:
        """Give back what the store holds."""
        ...

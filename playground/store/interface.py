"""What every store of conversations can do. Each query takes the owner and sees only theirs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from playground.comparison import Comparison
from playground.conversation import Conversation, Turn
from playground.reply import Reply
from playground.store.errors import StoreError
from playground.store.shared import SharedComparison
from playground.store.values import ALL, Found, Share, StoredPreset, Summary, Wanted

#: Conversations on a page of `find`.
PAGE = 50


class ConversationStore(Protocol):
    """Keeps conversations and comparisons, whose panes are conversations.

    An id that is unknown and one that is another owner's look the same. Lists and searches show a
    comparison instead of its panes; what renames, pins, deletes and brings back takes its id, too.

    Every method raises StoreError, and no other exception of a database, when the store fails.
    """

    def get(self, owner: str, conversation_id: str) -> Conversation | None:
        """Return the conversation, or None."""
        ...

    def append(self, owner: str, conversation_id: str, *turns: Turn) -> Conversation | None:
        """Add turns, the last of which becomes the leaf; all or none of them.

        Creates the conversation if no one has the id yet. Returns the conversation as it then is,
        or None if it is another owner's or deleted, or if the turn that one of them follows is not
        there (any more). A turn whose id is there already is not added twice. When this returns,
        what was added is safe.
        """
        ...

    def save_reply(self, owner: str, conversation_id: str, turn_id: str, reply: Reply) -> None:
        """Replace the reply of one turn; a running one never replaces one that has ended.

        An ended reply is safe when this returns. A running one is written soon after, so that
        whoever makes it does not wait for the disk.
        """
        ...

    def add(self, owner: str, *conversations: Conversation) -> tuple[str, ...]:
        """Add whole conversations, all or none of them, and return their ids in the same order.

        A conversation whose id is taken, by anyone, is added as a copy with new ids. Replies that
        are still running become interrupted.

        Raises:
            ValueError: a turn's parent does not stand before it, an id is there twice, or the leaf
                is none of the turns.
        """
        ...

    def set_leaf(self, owner: str, conversation_id: str, turn_id: str) -> Conversation | None:
        """Show the branch that ends with this turn; None if there is no such turn."""
        ...

    def delete_turn(self, owner: str, conversation_id: str, turn_id: str) -> Conversation | None:
        """Delete a turn and all that follows it, for good; see Conversation.without_turn.

        Links to a branch that ends with one of them are closed. Returns the conversation as it
        then is, perhaps without any turn, or None if there is no such turn.
        """
        ...

    def recent(self, owner: str, limit: int) -> tuple[Summary, ...]:
        """Return the latest conversations, newest first."""
        ...

    def find(
        self, owner: str, wanted: Wanted = ALL, *, limit: int = PAGE, after: str | None = None
    ) -> Found:
        """Return a page of conversations, newest first; `after` is `more` of the page before.

        With a query: those in which a message or the title holds it, by the newest such message.
        A reply is found once it has ended.
        """
        ...

    def models(self, owner: str) -> tuple[str, ...]:
        """Return the catalog names of all models that were asked, in alphabetical order."""
        ...

    def everything(self, owner: str) -> Iterator[Conversation]:
        """Yield all conversations, those of panes included, oldest first."""
        ...

    def comparison(self, owner: str, comparison_id: str) -> Comparison | None:
        """Return the comparison, or None."""
        ...

    def comparisons(self, owner: str) -> tuple[Comparison, ...]:
        """Return all comparisons, oldest first."""
        ...

    def save_comparison(self, owner: str, comparison: Comparison) -> Comparison | None:
        """Create the comparison, or change it; each new pane gets an empty conversation.

        What `rename` and `pin` set stays. The conversation of a pane that is not there any more is
        deleted, and comes back if the pane does within a day. Returns the comparison as it then is,
        or None if its id or a pane's is another owner's, deleted, or something else's.
        """
        ...

    def rename(self, owner: str, conversation_id: str, title: str) -> bool:
        """Set the title; False if there is no such conversation."""
        ...

    def pin(self, owner: str, conversation_id: str, *, pinned: bool) -> bool:
        """Pin or unpin; False if there is no such conversation."""
        ...

    def delete(self, owner: str, *conversation_ids: str) -> int:
        """Delete conversations so that `undelete` can bring them back for a day; how many."""
        ...

    def undelete(self, owner: str, *conversation_ids: str) -> int:
        """Bring back what `delete` took; return how many came back."""
        ...

    def delete_all(self, owner: str) -> int:
        """Delete everything of the owner's for good, traces in the files included.

        Presets too. Returns how many conversations there were.
        """
        ...

    def share(
        self, owner: str, conversation_id: str, *, expires_at: float | None = None
    ) -> Share | None:
        """Make a link to the branch on the page as it is now; only this answer has the token.

        Of a comparison, to the branches on the page of all its panes.
        """
        ...

    def shares(self, owner: str, conversation_id: str | None = None) -> tuple[Share, ...]:
        """Return the links that were made (to one conversation), newest first."""
        ...

    def revoke(self, owner: str, share_id: str) -> bool:
        """Stop a link from working; False if there is no such link."""
        ...

    def open_share(self, token: str) -> Conversation | None:
        """Return the branch a link shows, and nothing else of its owner's; None if it is closed.

        Without an owner: whoever has the token may read.
        """
        ...

    def open_shared_comparison(self, token: str) -> SharedComparison | None:
        """Return what a link to a comparison shows; None if it is closed, or one to a conversation.

        Without an owner, too.
        """
        ...

    def presets(self, owner: str) -> tuple[StoredPreset, ...]:
        """Return the presets that were saved, by name."""
        ...

    def save_preset(self, owner: str, name: str, content: dict[str, Any]) -> str:
        """Keep a preset, in the place of one of that name in whatever capitals; return its id.

        The content is what JSON can hold; nothing in it is looked at.

        Raises:
            SettingsError: the name is empty or too long, the content too large, or there are too
                many presets already; nothing is changed. See `playground.store.preset_rules`.
        """
        ...

    def rename_preset(self, owner: str, preset_id: str, name: str) -> bool:
        """Rename a preset; False if there is no such preset.

        Raises:
            SettingsError: the name is empty, too long, or another preset's.
        """
        ...

    def delete_preset(self, owner: str, preset_id: str) -> bool:
        """Delete a preset for good; False if there is no such preset."""
        ...

    def backup(self, path: Path) -> None:
        """Write everything, of all owners, to a new SQLite file, as it is at one moment."""
        ...

    def notice(self) -> StoreError | None:
        """Return what keeps conversations from being saved now, or None if all is well."""
        ...

    def health(self) -> dict[str, Any]:
        """Return what the health check tells: nothing of it is secret."""
        ...

    def close(self) -> None:
        """Save what still waits and give back what the store holds."""
        ...

"""What ResilientStore only passes on: it is refused for as long as the database fails."""

from __future__ import annotations

from typing import Any

from playground.conversation import Conversation
from playground.store.link import Link
from playground.store.shared import SharedComparison
from playground.store.values import Share, StoredPreset


class PassedOn:
    """The part of ResilientStore that keeps nothing in memory. Raises StoreError."""

    _link: Link

    def share(
        self, owner: str, conversation_id: str, *, expires_at: float | None = None
    ) -> Share | None:
        """Make a link to the branch on the page; see ConversationStore."""
        return self._link.write(
            lambda store: store.share(owner, conversation_id, expires_at=expires_at)
        )

    def shares(self, owner: str, conversation_id: str | None = None) -> tuple[Share, ...]:
        """Return the links that were made (to one conversation), newest first."""
        return self._link.read(lambda store: store.shares(owner, conversation_id))

    def revoke(self, owner: str, share_id: str) -> bool:
        """Stop a link from working; False if there is no such link."""
        return self._link.write(lambda store: store.revoke(owner, share_id))

    def open_share(self, token: str) -> Conversation | None:
        """Return the branch a link shows; None if it is closed."""
        return self._link.read(lambda store: store.open_share(token))

    def open_shared_comparison(self, token: str) -> SharedComparison | None:
        """Return what a link to a comparison shows; None if it is closed."""
        return self._link.read(lambda store: store.open_shared_comparison(token))

    def presets(self, owner: str) -> tuple[StoredPreset, ...]:
        """Return the presets that were saved, by name."""
        return self._link.read(lambda store: store.presets(owner))

    def save_preset(self, owner: str, name: str, content: dict[str, Any]) -> str:
        """Keep a preset, in the place of one of that name; see ConversationStore."""
        return self._link.write(lambda store: store.save_preset(owner, name, content))

    def rename_preset(self, owner: str, preset_id: str, name: str) -> bool:
        """Rename a preset; see ConversationStore."""
        return self._link.write(lambda store: store.rename_preset(owner, preset_id, name))

    def delete_preset(self, owner: str, preset_id: str) -> bool:
        """Delete a preset for good; False if there is no such preset."""
        return self._link.write(lambda store: store.delete_preset(owner, preset_id))

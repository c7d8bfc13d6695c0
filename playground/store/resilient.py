"""A store that goes on in memory while the database fails, and catches up when it is back.

What is said in the meantime (turns, replies, the branch on the page) is kept in a journal and written
in the same order as soon as the database takes it; a thread tries every few seconds. All else
(renaming, deleting, sharing, presets) is refused with the database's error until then. Nothing of this outlives
the process, and `notice` says so for as long as it lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playground.comparison import Comparison
from playground.conversation import Conversation, Turn
from playground.reply import Reply
from playground.store.errors import StoreError
from playground.store.interface import PAGE, ConversationStore
from playground.store.journal import Appended, Compared, Entry, Journal, Replied, Shown, replay
from playground.store.link import RETRY_INTERVAL, SLOW_RETRY_INTERVAL, CheckedStore, Link
from playground.store.memory import MemoryStore
from playground.store.passed_on import PassedOn
from playground.store.values import ALL, Found, Summary, Wanted

#: Conversations kept in memory while all is well, so that they can go on without the database.
REMEMBERED = 500


class ResilientStore(PassedOn):
    """Implements ConversationStore over one that may fail.

    Args:
        open_store: opens the store; raises StoreError. Called again until it succeeds.
    """

    def __init__(
        self,
        open_store: Callable[[], CheckedStore],
        *,
        retry_interval: float = RETRY_INTERVAL,
        slow_retry_interval: float = SLOW_RETRY_INTERVAL,
    ) -> None:
        self._memory = MemoryStore(REMEMBERED)
        self._journal = Journal()
        self._link = Link(
            open_store,
            self._catch_up,
            lambda: not self._journal,
            retry_interval=retry_interval,
            slow_retry_interval=slow_retry_interval,
        )

    def get(self, owner: str, conversation_id: str) -> Conversation | None:
        """Return the conversation, or None."""
        if self._journal.holds(owner, conversation_id):
            return self._memory.get(owner, conversation_id)
        try:
            found = self._link.read(lambda store: store.get(owner, conversation_id))
        except StoreError:
            return self._memory.get(owner, conversation_id)
        self._remember(owner, conversation_id, found)
        return found

    def append(self, owner: str, conversation_id: str, *turns: Turn) -> Conversation | None:
        """Add turns; see ConversationStore. In memory while the database fails."""
        try:
            found = self._link.write(lambda store: store.append(owner, conversation_id, *turns))
        except StoreError:
            # Have in memory what the turns are added to.
            self.get(owner, conversation_id)
            entry = Appended((owner, conversation_id), turns)
            if self._link.instead(lambda: self._journal.put(entry)):
                return self._memory.append(owner, conversation_id, *turns)
            return self.append(owner, conversation_id, *turns)
        self._remember(owner, conversation_id, found)
        return found

    def save_reply(self, owner: str, conversation_id: str, turn_id: str, reply: Reply) -> None:
        """Replace the reply of one turn; see ConversationStore."""
        self._memory.save_reply(owner, conversation_id, turn_id, reply)
        self._do_or_keep(
            Replied((owner, conversation_id), turn_id, reply),
            lambda store: store.save_reply(owner, conversation_id, turn_id, reply),
        )

    def set_leaf(self, owner: str, conversation_id: str, turn_id: str) -> Conversation | None:
        """Show the branch that ends with this turn; None if there is no such turn."""
        if self.get(owner, conversation_id) is None:
            return None
        shown = self._memory.set_leaf(owner, conversation_id, turn_id)
        if shown is not None:
            self._do_or_keep(
                Shown((owner, conversation_id), turn_id),
                lambda store: store.set_leaf(owner, conversation_id, turn_id),
            )
        return shown

    def delete_turn(self, owner: str, conversation_id: str, turn_id: str) -> Conversation | None:
        """Delete a turn and all that follows it; None if there is no such turn."""
        left = self._link.write(lambda store: store.delete_turn(owner, conversation_id, turn_id))
        if left is not None:
            self._remember(owner, conversation_id, left)
        return left

    def recent(self, owner: str, limit: int) -> tuple[Summary, ...]:
        """Return the latest conversations, newest first."""
        return tuple(hit.summary for hit in self.find(owner, limit=limit).hits)

    def find(
        self, owner: str, wanted: Wanted = ALL, *, limit: int = PAGE, after: str | None = None
    ) -> Found:
        """Return a page of conversations; see ConversationStore. What waits is on the first."""
        try:
            found = self._link.read(
                lambda store: store.find(owner, wanted, limit=limit, after=after)
            )
        except StoreError:
            return self._memory.find(owner, wanted, limit=limit, after=after)
        waiting = {self._memory.listed_as(i) for i in self._journal.waiting(owner)}
        if not waiting or after is not None:
            return found
        own = [h for h in self._memory.find(owner, wanted).hits if h.summary.id in waiting]
        hits = [*own, *(h for h in found.hits if h.summary.id not in waiting)]
        hits.sort(key=lambda hit: hit.summary.updated_at, reverse=True)
        return Found(tuple(hits[: max(limit, len(own))]), found.more)

    def models(self, owner: str) -> tuple[str, ...]:
        """Return the catalog names of all models that were asked."""
        own = self._memory.models(owner)
        try:
            return tuple(sorted({*own, *self._link.read(lambda store: store.models(owner))}))
        except StoreError:
            return own

    def everything(self, owner: str) -> Iterator[Conversation]:
        """Yield all conversations, oldest first, and then those that only wait in memory.

        Raises:
            StoreError: the database cannot be read, so that this would not be everything.
        """
        waiting = self._journal.waiting(owner)
        for conversation in self._link.read(lambda store: store.everything(owner)):
            if conversation.id in waiting:
                waiting.remove(conversation.id)
                yield self._memory.get(owner, conversation.id) or conversation
            else:
                yield conversation
        for conversation_id in sorted(waiting):
            if kept := self._memory.get(owner, conversation_id):
                yield kept

    def comparison(self, owner: str, comparison_id: str) -> Comparison | None:
        """Return the comparison, or None."""
        if self._journal.holds(owner, comparison_id):
            return self._memory.comparison(owner, comparison_id)
        try:
            found = self._link.read(lambda store: store.comparison(owner, comparison_id))
        except StoreError:
            return self._memory.comparison(owner, comparison_id)
        if found is not None:
            self._memory.remember_comparison(owner, found)
        else:
            self._memory.forget_comparisons(owner, comparison_id)
        return found

    def comparisons(self, owner: str) -> tuple[Comparison, ...]:
        """Return all comparisons, oldest first."""
        return self._link.read(lambda store: store.comparisons(owner))

    def save_comparison(self, owner: str, comparison: Comparison) -> Comparison | None:
        """Create or change a comparison; see ConversationStore. In memory as `append` does."""
        try:
            found = self._link.write(lambda store: store.save_comparison(owner, comparison))
        except StoreError:
            self.comparison(owner, comparison.id)
            entry = Compared((owner, comparison.id), comparison)
            if self._link.instead(lambda: self._journal.put(entry)):
                return self._memory.save_comparison(owner, comparison)
            return self.save_comparison(owner, comparison)
        if found is not None and not self._journal.holds(owner, comparison.id):
            self._memory.remember_comparison(owner, found)
        return found

    def add(self, owner: str, *conversations: Conversation) -> tuple[str, ...]:
        """Add whole conversations; see ConversationStore."""
        return self._link.write(lambda store: store.add(owner, *conversations))

    def rename(self, owner: str, conversation_id: str, title: str) -> bool:
        """Set the title; False if there is no such conversation."""
        done = self._link.write(lambda store: store.rename(owner, conversation_id, title))
        self._forget(owner, conversation_id)
        return done

    def pin(self, owner: str, conversation_id: str, *, pinned: bool) -> bool:
        """Pin or unpin; False if there is no such conversation."""
        done = self._link.write(lambda store: store.pin(owner, conversation_id, pinned=pinned))
        self._forget(owner, conversation_id)
        return done

    def delete(self, owner: str, *conversation_ids: str) -> int:
        """Delete conversations; see ConversationStore."""
        count = self._link.write(lambda store: store.delete(owner, *conversation_ids))
        self._forget(owner, *conversation_ids)
        return count

    def undelete(self, owner: str, *conversation_ids: str) -> int:
        """Bring back what `delete` took; return how many came back."""
        return self._link.write(lambda store: store.undelete(owner, *conversation_ids))

    def delete_all(self, owner: str) -> int:
        """Delete everything of the owner's for good; return how many."""
        count = self._link.write(lambda store: store.delete_all(owner))
        self._memory.delete_all(owner)
        return count

    def backup(self, path: Path) -> None:
        """Write everything to a new SQLite file, as it is at one moment."""
        # What goes wrong here may be the other place's fault: no reason to go on in memory.
        self._link.backup(path)

    def notice(self) -> StoreError | None:
        """Return what keeps conversations from being saved now, or None if all is well."""
        return self._link.trouble

    def health(self) -> dict[str, Any]:
        """Return what the health check tells."""
        try:
            found = self._link.read(lambda store: store.health())
        except StoreError:
            found = {"store": "memory"}
        if trouble := self._link.trouble:
            found |= {"saving": False, "problem": trouble.name, "waiting": len(self._journal)}
        return found

    def close(self) -> None:
        """Save what still waits, if the database takes it, and give back what the store holds."""
        self._link.close()

    def _forget(self, owner: str, *ids: str) -> None:
        self._memory.forget(owner, *ids)
        self._memory.forget_comparisons(owner, *ids)

    def _remember(self, owner: str, conversation_id: str, found: Conversation | None) -> None:
        if self._journal.holds(owner, conversation_id):
            return
        if found is None:
            self._memory.forget(owner, conversation_id)
        else:
            self._memory.remember(owner, found)

    def _do_or_keep(self, entry: Entry, action: Callable[[ConversationStore], object]) -> None:
        try:
            self._link.write(action)
        except StoreError:
            if not self._link.instead(lambda: self._journal.put(entry)):
                self._link.write(action)

    def _catch_up(self, store: ConversationStore) -> None:
        for owner, conversation_id in replay(self._journal, store):
            # Somebody deleted it meanwhile: what was said since is kept in one of its own.
            kept = self._memory.get(owner, conversation_id)
            self._memory.forget(owner, conversation_id)
            if kept is not None:
                store.add(owner, kept)

"""Conversations in the server's memory: bounded, and gone when the server stops."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playground.conversation import Conversation, Turn, new_id
from playground.reply import Reply
from playground.store.copies import branch, checked, empty, outer_parents, with_new_ids
from playground.store.errors import StoreError
from playground.store.interface import PAGE
from playground.store.matching import models_of, passes, places_in, summary_of
from playground.store.memory_comparisons import MemoryComparisons
from playground.store.values import ALL, Found, Hit, Share, Summary, Wanted, offset_of
from playground.store.words import terms_of

#: Conversations kept for all owners together; the one untouched longest goes first.
MAX_CONVERSATIONS = 1000


@dataclass(frozen=True, slots=True)
class _Kept:
    owner: str
    conversation: Conversation
    deleted: bool = False


class MemoryStore(MemoryComparisons):
    """Implements ConversationStore with a dictionary."""

    def __init__(self, max_conversations: int = MAX_CONVERSATIONS) -> None:
        super().__init__()
        self._max = max_conversations
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._shares: dict[str, tuple[str, Share]] = {}

    def get(self, owner: str, conversation_id: str) -> Conversation | None:
        """Return the conversation, or None."""
        with self._lock:
            return self._own(owner, conversation_id)

    def append(self, owner: str, conversation_id: str, *turns: Turn) -> Conversation | None:
        """Add turns; see ConversationStore."""
        with self._lock:
            if self._taken(conversation_id):
                conversation = self._own(owner, conversation_id)
                if conversation is None:
                    return None
            else:
                conversation = empty(conversation_id, turns)
            if not outer_parents(turns) <= {t.id for t in conversation.turns}:
                return None
            for turn in turns:
                if conversation.turn(turn.id) is None:
                    conversation = conversation.with_turn(turn)
            self._grown(conversation_id, turns)
            return self._put(owner, conversation)

    def save_reply(self, owner: str, conversation_id: str, turn_id: str, reply: Reply) -> None:
        """Replace the reply of one turn; see ConversationStore."""
        with self._lock:
            kept = self._kept.get(conversation_id)
            if kept is None or kept.owner != owner:
                return
            turn = kept.conversation.turn(turn_id)
            if turn is None or (reply.running and turn.reply and not turn.reply.running):
                return
            changed = kept.conversation.with_reply(turn_id, reply)
            self._kept[conversation_id] = replace(kept, conversation=changed)

    def add(self, owner: str, *conversations: Conversation) -> tuple[str, ...]:
        """Add whole conversations; see ConversationStore."""
        ready = [checked(c) for c in conversations]
        ids: list[str] = []
        with self._lock:
            for conversation in ready:
                taken = self._taken(conversation.id)
                new = with_new_ids(conversation) if taken else conversation
                self._put(owner, new)
                ids.append(new.id)
        return tuple(ids)

    def remember(self, owner: str, conversation: Conversation) -> None:
        """Put a conversation in the place of what is known of it."""
        with self._lock:
            self._put(owner, conversation)

    def forget(self, owner: str, *conversation_ids: str) -> None:
        """Drop conversations without a trace."""
        with self._lock:
            for conversation_id in conversation_ids:
                if conversation_id in self._kept and self._kept[conversation_id].owner == owner:
                    del self._kept[conversation_id]

    def set_leaf(self, owner: str, conversation_id: str, turn_id: str) -> Conversation | None:
        """Show the branch that ends with this turn; None if there is no such turn."""
        with self._lock:
            found = self._own(owner, conversation_id)
            if found is None or found.turn(turn_id) is None:
                return None
            return self._put(owner, replace(found, leaf=turn_id))

    def delete_turn(self, owner: str, conversation_id: str, turn_id: str) -> Conversation | None:
        """Delete a turn and all that follows it; None if there is no such turn."""
        with self._lock:
            found = self._own(owner, conversation_id)
            if found is None or found.turn(turn_id) is None:
                return None
            left = found.without_turn(turn_id)
            for token, (who, share) in self._shares.items():
                if share.conversation_id == left.id and left.turn(share.leaf) is None:
                    at = share.revoked_at or time.time()
                    self._shares[token] = (who, replace(share, revoked_at=at))
            return self._put(owner, left)

    def recent(self, owner: str, limit: int) -> tuple[Summary, ...]:
        """Return the latest conversations, newest first."""
        return tuple(hit.summary for hit in self.find(owner, limit=limit).hits)

    def find(
        self, owner: str, wanted: Wanted = ALL, *, limit: int = PAGE, after: str | None = None
    ) -> Found:
        """Return a page of conversations; see ConversationStore."""
        terms = terms_of(wanted.query)
        hits: list[Hit] = []
        for summary, conversation in self._listed(owner):
            if not passes(summary, wanted):
                continue
            places = places_in(conversation, terms)
            if places or not wanted.query.strip():
                hits.append(Hit(summary, places))
        start = offset_of(after)
        end = start + limit
        return Found(tuple(hits[start:end]), str(end) if end < len(hits) else None)

    def models(self, owner: str) -> tuple[str, ...]:
        """Return the catalog names of all models that were asked."""
        return tuple(sorted({m for c in self._newest(owner) for m in models_of(c)}))

    def everything(self, owner: str) -> Iterator[Conversation]:
        """Yield all conversations, oldest first."""
        yield from sorted(self._newest(owner), key=lambda c: (c.created_at, c.id))

    def rename(self, owner: str, conversation_id: str, title: str) -> bool:
        """Set the title; False if there is no such conversation."""
        return self._change(owner, conversation_id, title=title, title_edited=True)

    def pin(self, owner: str, conversation_id: str, *, pinned: bool) -> bool:
        """Pin or unpin; False if there is no such conversation."""
        return self._change(owner, conversation_id, pinned=pinned)

    def delete(self, owner: str, *conversation_ids: str) -> int:
        """Delete conversations; see ConversationStore."""
        return self._mark(owner, conversation_ids, deleted=True)

    def undelete(self, owner: str, *conversation_ids: str) -> int:
        """Bring back what `delete` took; return how many came back."""
        return self._mark(owner, conversation_ids, deleted=False)

    def delete_all(self, owner: str) -> int:
        """Delete everything of the owner's for good; return how many."""
        with self._lock:
            own = [i for i, kept in self._kept.items() if kept.owner == owner]
            count = sum(1 for i in own if i not in self._members)
            for conversation_id in own:
                del self._kept[conversation_id]
            count += len(self._forget_comparisons(owner))
            self._shares = {t: s for t, s in self._shares.items() if s[0] != owner}
            self._forget_presets(owner)
            return count

    def share(
        self, owner: str, conversation_id: str, *, expires_at: float | None = None
    ) -> Share | None:
        """Make a link to the branch on the page; see ConversationStore."""
        with self._lock:
            found = self._own(owner, conversation_id)
            leaf = found.leaf if found else self._seen(owner, conversation_id)
            if leaf is None:
                return None
            made = Share(new_id(), conversation_id, time.time(), leaf, expires_at)
            token = secrets.token_urlsafe(32)
            self._shares[token] = (owner, made)
            return replace(made, token=token)

    def shares(self, owner: str, conversation_id: str | None = None) -> tuple[Share, ...]:
        """Return the links that were made (to one conversation), newest first."""
        with self._lock:
            return tuple(
                share
                for who, share in reversed(self._shares.values())
                if who == owner
                and conversation_id in (None, share.conversation_id)
                and self._there(owner, share.conversation_id)
            )

    def revoke(self, owner: str, share_id: str) -> bool:
        """Stop a link from working; False if there is no such link."""
        with self._lock:
            for token, (who, share) in self._shares.items():
                if who == owner and share.id == share_id and share.revoked_at is None:
                    self._shares[token] = (who, replace(share, revoked_at=time.time()))
                    return True
            return False

    def open_share(self, token: str) -> Conversation | None:
        """Return the branch a link shows; None if it is closed."""
        with self._lock:
            owner, share = self._open(token)
            found = self._own(owner, share.conversation_id) if share else None
            if share is None or found is None or found.turn(share.leaf) is None:
                return None
            return branch(found, share.leaf)

    def _open(self, token: str) -> tuple[str, Share | None]:
        owner, share = self._shares.get(token, ("", None))
        if share is None or share.revoked_at is not None:
            return owner, None
        over = share.expires_at is not None and share.expires_at <= time.time()
        return owner, None if over else share

    def backup(self, path: Path) -> None:
        """Refuse: there is nothing on disk that could be copied."""
        raise StoreError(
            f"Nothing was written to {path.name}: conversations are only in memory here.",
            advice="Export them instead.",
        )

    def notice(self) -> StoreError | None:
        """All is well: nothing is promised to be saved."""
        return None

    def health(self) -> dict[str, Any]:
        """Return what the health check tells."""
        return {"store": "memory", "saving": False}

    def close(self) -> None:
        """Nothing to give back."""

    def _own(self, owner: str, conversation_id: str) -> Conversation | None:
        kept = self._kept.get(conversation_id)
        if kept is None or kept.owner != owner or kept.deleted or self._hidden(conversation_id):
            return None
        return kept.conversation

    def _taken(self, conversation_id: str) -> bool:
        return conversation_id in self._kept or conversation_id in self._compared

    def _newest(self, owner: str) -> list[Conversation]:
        with self._lock:
            own = [c for i in self._kept if (c := self._own(owner, i)) is not None]
        return sorted(own, key=lambda c: (c.updated_at, c.id), reverse=True)

    def _listed(self, owner: str) -> list[tuple[Summary, Conversation]]:
        """Return what lists show, newest first: a comparison stands for its panes."""
        with self._lock:
            alone = [c for c in self._newest(owner) if c.id not in self._members]
            found = [(summary_of(c), c) for c in alone] + self._merged(owner)
        return sorted(found, key=lambda pair: (pair[0].updated_at, pair[0].id), reverse=True)

    def _put(self, owner: str, conversation: Conversation) -> Conversation:
        self._kept[conversation.id] = _Kept(owner, conversation)
        self._kept.move_to_end(conversation.id)
        while len(self._kept) > self._max:
            self._kept.popitem(last=False)
        return conversation

    def _change(self, owner: str, conversation_id: str, **changes: Any) -> bool:
        with self._lock:
            found = self._own(owner, conversation_id)
            if found is None:
                return self._change_comparison(owner, conversation_id, **changes)
            self._put(owner, replace(found, **changes))
            return True

    def _mark(self, owner: str, conversation_ids: tuple[str, ...], *, deleted: bool) -> int:
        changed = 0
        with self._lock:
            for conversation_id in set(conversation_ids):
                kept = self._kept.get(conversation_id)
                if kept is not None and kept.owner == owner and kept.deleted is not deleted:
                    self._kept[conversation_id] = replace(kept, deleted=deleted)
                    changed += 1
                else:
                    changed += self._mark_comparison(owner, conversation_id, deleted=deleted)
        return changed

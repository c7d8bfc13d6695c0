"""Comparisons in the server's memory."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Any

from playground.comparison import Comparison
from playground.conversation import Conversation, Turn
from playground.store.matching import models_of, summary_of
from playground.store.memory_presets import MemoryPresets
from playground.store.shared import SharedComparison, as_it_is, as_it_was
from playground.store.values import Share, Summary

#: Comparisons kept for all owners together; the one that is there longest goes first.
MAX_COMPARISONS = 300


@dataclass(frozen=True, slots=True)
class _Compared:
    owner: str
    comparison: Comparison
    deleted: bool = False


class MemoryComparisons(MemoryPresets):
    """The part of MemoryStore that keeps comparisons."""

    def __init__(self) -> None:
        super().__init__()
        self._compared: dict[str, _Compared] = {}
        #: The comparison of each conversation that is a pane, also of one that was removed.
        self._members: dict[str, str] = {}

    def comparison(self, owner: str, comparison_id: str) -> Comparison | None:
        """Return the comparison, or None."""
        with self._lock:
            return self._own_comparison(owner, comparison_id)

    def comparisons(self, owner: str) -> tuple[Comparison, ...]:
        """Return all comparisons, oldest first."""
        with self._lock:
            own = [k.comparison for k in self._compared.values() if self._alive(owner, k)]
        return tuple(sorted(own, key=lambda c: (c.created_at, c.id)))

    def save_comparison(self, owner: str, comparison: Comparison) -> Comparison | None:
        """Create or change a comparison; see ConversationStore."""
        with self._lock:
            kept = self._compared.get(comparison.id)
            if kept is not None and not self._alive(owner, kept):
                return None
            if kept is None and self._taken(comparison.id):
                return None
            for pane in comparison.panes:
                of = self._members.get(pane.id)
                if of != comparison.id and (of is not None or self._taken(pane.id)):
                    return None
            if kept is not None:
                comparison = _after(kept.comparison, comparison)
            self._put_comparison(owner, comparison)
            for pane in comparison.panes:
                if not self._taken(pane.id):
                    at = comparison.updated_at
                    empty = Conversation(id=pane.id, created_at=at, updated_at=at)
                    self._put(owner, empty)
            return comparison

    def open_shared_comparison(self, token: str) -> SharedComparison | None:
        """Return what a link to a comparison shows; None if it is closed."""
        with self._lock:
            owner, share = self._open(token)
            if share is None:
                return None
            comparison = self._own_comparison(owner, share.conversation_id)
            if comparison is None:
                return None
            return as_it_was(comparison, share.leaf, lambda i: self._own(owner, i))

    def _seen(self, owner: str, comparison_id: str) -> str | None:
        comparison = self._own_comparison(owner, comparison_id)
        if comparison is None:
            return None
        panes = [c for p in comparison.panes if (c := self._own(owner, p.id)) is not None]
        return as_it_is(comparison, {pane.id: pane.leaf for pane in panes})

    def _there(self, owner: str, name: str) -> bool:
        """Whether there is a conversation or a comparison of this id."""
        return bool(self._own(owner, name) or self._own_comparison(owner, name))

    def remember_comparison(self, owner: str, comparison: Comparison) -> None:
        """Put a comparison in the place of what is known of it."""
        with self._lock:
            self._put_comparison(owner, comparison)

    def forget_comparisons(self, owner: str, *comparison_ids: str) -> None:
        """Drop comparisons without a trace, what was said in their panes aside."""
        with self._lock:
            for comparison_id in comparison_ids:
                kept = self._compared.get(comparison_id)
                if kept is not None and kept.owner == owner:
                    self._drop(comparison_id)

    def listed_as(self, conversation_id: str) -> str:
        """Return the id under which lists show a conversation: its comparison's, or its own."""
        return self._members.get(conversation_id, conversation_id)

    @abstractmethod
    def _own(self, owner: str, conversation_id: str) -> Conversation | None: ...

    @abstractmethod
    def _open(self, token: str) -> tuple[str, Share | None]:
        """Return the owner of a link, and the link if it works."""

    @abstractmethod
    def _put(self, owner: str, conversation: Conversation) -> Conversation: ...

    @abstractmethod
    def _taken(self, conversation_id: str) -> bool:
        """Whether anybody has a conversation of this id."""

    def _put_comparison(self, owner: str, comparison: Comparison) -> None:
        self._compared[comparison.id] = _Compared(owner, comparison)
        while len(self._compared) > MAX_COMPARISONS:
            self._drop(next(iter(self._compared)))
        for pane in comparison.panes:
            self._members[pane.id] = comparison.id

    def _own_comparison(self, owner: str, comparison_id: str) -> Comparison | None:
        kept = self._compared.get(comparison_id)
        return kept.comparison if kept is not None and self._alive(owner, kept) else None

    def _alive(self, owner: str, kept: _Compared) -> bool:
        return kept.owner == owner and not kept.deleted

    def _hidden(self, conversation_id: str) -> bool:
        """Whether this is a pane that was removed, or one of a comparison that was deleted."""
        kept = self._compared.get(self._members.get(conversation_id, ""))
        return kept is not None and (kept.deleted or kept.comparison.pane(conversation_id) is None)

    def _grown(self, conversation_id: str, turns: tuple[Turn, ...]) -> None:
        """Note in the comparison that turns were added to one of its panes."""
        kept = self._compared.get(self._members.get(conversation_id, ""))
        if kept is not None and turns:
            at = turns[-1].created_at
            changed = replace(kept.comparison, updated_at=at)
            self._compared[changed.id] = replace(kept, comparison=changed)

    def _merged(self, owner: str) -> list[tuple[Summary, Conversation]]:
        """Return each comparison as one conversation, with what a list tells of it."""
        found: list[tuple[Summary, Conversation]] = []
        for comparison in self.comparisons(owner):
            panes = [c for p in comparison.panes if (c := self._own(owner, p.id)) is not None]
            # A prompt that went to all has the same id in all.
            turns = tuple({t.id: t for c in panes for t in c.turns}.values())
            merged = Conversation(
                id=comparison.id,
                title=comparison.title,
                created_at=comparison.created_at,
                updated_at=comparison.updated_at,
                turns=tuple(sorted(turns, key=lambda t: t.created_at)),
                pinned=comparison.pinned,
            )
            summary = replace(
                summary_of(merged),
                models=tuple(sorted({m for c in panes for m in models_of(c)})),
                messages=sum(len(c.turns) for c in panes),
                panes=len(comparison.panes),
            )
            found.append((summary, merged))
        return found

    def _mark_comparison(self, owner: str, comparison_id: str, *, deleted: bool) -> bool:
        kept = self._compared.get(comparison_id)
        if kept is None or kept.owner != owner or kept.deleted is deleted:
            return False
        self._compared[comparison_id] = replace(kept, deleted=deleted)
        return True

    def _change_comparison(self, owner: str, comparison_id: str, **changes: Any) -> bool:
        kept = self._compared.get(comparison_id)
        if kept is None or not self._alive(owner, kept):
            return False
        changed = replace(kept.comparison, **changes)
        self._compared[comparison_id] = replace(kept, comparison=changed)
        return True

    def _forget_comparisons(self, owner: str) -> list[str]:
        own = [i for i, kept in self._compared.items() if kept.owner == owner]
        for comparison_id in own:
            self._drop(comparison_id)
        return own

    def _drop(self, comparison_id: str) -> None:
        del self._compared[comparison_id]
        self._members = {p: c for p, c in self._members.items() if c != comparison_id}


def _after(before: Comparison, saved: Comparison) -> Comparison:
    """Return what is kept where `before` is saved anew: a pin, a time and a name stay."""
    named = before if before.title_edited or not saved.title else saved
    return replace(
        saved,
        title=named.title,
        title_edited=before.title_edited,
        pinned=before.pinned,
        created_at=before.created_at,
        updated_at=before.updated_at,
    )

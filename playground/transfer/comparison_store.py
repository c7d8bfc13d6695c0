"""Comparisons from a file, put into the store."""

from __future__ import annotations

from playground.store import ConversationStore
from playground.transfer.comparison_json import ReadComparison
from playground.transfer.errors import TransferError

_TRIES = 3


def add_comparison(store: ConversationStore, owner: str, read: ReadComparison) -> str:
    """Add a comparison with its conversations, and return its id.

    One whose id is taken, by anyone, is added as a copy with new ids.

    Raises:
        TransferError: the store would not take it.
        StoreError: the store fails.
    """
    for attempt in range(_TRIES):
        taken = attempt > 0 or store.comparison(owner, read.comparison.id) is not None
        candidate = read.renewed() if taken else read
        if store.save_comparison(owner, candidate.comparison) is None:
            continue
        for conversation in candidate.conversations:
            if not conversation.turns:
                continue
            store.append(owner, conversation.id, *conversation.turns)
            if conversation.leaf is not None:
                store.set_leaf(owner, conversation.id, conversation.leaf)
        return candidate.comparison.id
    raise TransferError(
        "The comparison could not be added.", advice="Nothing was changed. Try again."
    )

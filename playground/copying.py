"""Copies: a chat of a pane, a comparison of a chat, and one's own of a comparison that was shared."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

from playground.catalog import Catalog
from playground.chat import Chat
from playground.comparison import Comparison
from playground.connections import Connections
from playground.conversation import Conversation, new_id
from playground.errors import TooManyRunning
from playground.pane_run import connection_for, panes_after
from playground.store import ConversationStore, SharedComparison
from playground.store.copies import checked, with_new_ids


class Copying:
    """The use cases that make a conversation or a comparison of another one, which stays as it is.

    Args:
        store: where all of them are kept.
        chat: what knows how a conversation stands now.
        catalog: the models, for those that a copy asks.
    """

    def __init__(self, store: ConversationStore, chat: Chat, catalog: Catalog) -> None:
        self._store = store
        self._chat = chat
        self._catalog = catalog

    def as_chat(self, owner: str, comparison: Comparison, pane_id: str) -> str | None:
        """Copy what was said in a pane into a chat of its own, to go on there; return its id.

        An answer that is still running ends where it is now in the copy. Returns None if there is
        no such pane, or nothing was said in it.
        """
        if comparison.pane(pane_id) is None:
            return None
        conversation = self._chat.view(owner, pane_id)
        if conversation is None or not conversation.turns:
            return None
        copy = replace(with_new_ids(conversation), updated_at=time.time())
        return self._store.add(owner, copy)[0]

    def as_comparison(
        self, owner: str, conversation_id: str, connections: Connections
    ) -> Comparison | None:
        """Open a chat in compare: the branch on the page goes into two panes, and stays a chat.

        The first pane goes on as the chat would; the second asks another model of the same
        connection, or the same one if there is no other. Returns None if there is no such chat.

        Raises:
            TooManyRunning: its answer is still running.
        """
        # As it stands, not as it is kept: a run that has just ended may not be saved yet.
        conversation = self._chat.view(owner, conversation_id)
        if conversation is None:
            return None
        path = conversation.path()
        if any(turn.reply is not None and turn.reply.running for turn in path):
            raise TooManyRunning(
                "The answer is still running.", advice="Stop it or wait for its end, then compare."
            )
        panes = panes_after(path, connections, self._catalog)
        said = replace(conversation, turns=path)
        made = Comparison(panes, title=conversation.title)
        return self._add(owner, made, (_of_pane(said, pane.id) for pane in panes))

    def as_own(
        self, owner: str, shared: SharedComparison, connections: Connections
    ) -> Comparison | None:
        """Copy a comparison that was shared into one of this owner's, with all its panes.

        A pane asks where it was asked before if this owner may use that too, else at the first
        connection that serves its model. Returns None if the store would not take it.
        """
        panes, conversations = [], []
        for pane in shared.comparison.panes:
            said = shared.conversations.get(pane.id)
            connection = connection_for(pane.model, said.path() if said else (), connections)
            panes.append(replace(pane, id=new_id(), connection=connection.name))
            if said is not None:
                conversations.append(_of_pane(said, panes[-1].id))
        made = replace(shared.comparison, id=new_id(), panes=tuple(panes))
        return self._add(owner, made, conversations)

    def _add(
        self, owner: str, comparison: Comparison, conversations: Iterable[Conversation]
    ) -> Comparison | None:
        made = self._store.save_comparison(owner, comparison)
        if made is None:
            return None
        for conversation in conversations:
            if conversation.turns:
                self._store.append(owner, conversation.id, *conversation.turns)
        return self._store.comparison(owner, made.id)


def _of_pane(conversation: Conversation, pane_id: str) -> Conversation:
    """Return a copy for a pane, in which nothing runs; all panes keep the ids of prompts."""
    return replace(checked(with_new_ids(conversation, keep_prompts=True)), id=pane_id)

"""Conversations that come from elsewhere: checked, and given new ids where needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from playground.conversation import Conversation, Run, Turn, new_id
from playground.errors import ConnectionLost
from playground.messages import Role
from playground.reply import Reply, Status


def empty(conversation_id: str, turns: Sequence[Turn]) -> Conversation:
    """Return a conversation as old as the first of the turns that will be added to it."""
    if not turns:
        return Conversation(id=conversation_id)
    at = turns[0].created_at
    return Conversation(id=conversation_id, created_at=at, updated_at=at)


def checked(conversation: Conversation) -> Conversation:
    """Return the conversation with running replies ended. Raises ValueError if it is no tree."""
    seen: set[str] = set()
    for turn in conversation.turns:
        if turn.id in seen or not turn.id:
            raise ValueError(f"the turn id {turn.id!r} is empty or there twice")
        if turn.parent is not None and turn.parent not in seen:
            raise ValueError(f"the parent of turn {turn.id!r} does not stand before it")
        seen.add(turn.id)
    if not conversation.id or (conversation.leaf is not None and conversation.leaf not in seen):
        raise ValueError("the id is empty, or the leaf is none of the turns")
    return replace(conversation, turns=tuple(_ended(t) for t in conversation.turns))


def with_new_ids(conversation: Conversation, *, keep_prompts: bool = False) -> Conversation:
    """Return the same conversation under ids that nobody has.

    With `keep_prompts` prompts keep theirs: a prompt that went to several panes of a comparison has
    the same in each, while an answer belongs to one.
    """
    ids = {
        turn.id: turn.id if keep_prompts and turn.role is Role.USER else new_id()
        for turn in conversation.turns
    }
    turns = tuple(
        replace(t, id=ids[t.id], parent=ids.get(t.parent or ""), run=_renamed(t.run, ids))
        for t in conversation.turns
    )
    leaf = ids.get(conversation.leaf or "")
    return replace(conversation, id=new_id(), turns=turns, leaf=leaf)


def outer_parents(turns: Iterable[Turn]) -> set[str]:
    """Return the ids that must be there for `turns` to be added, each after its parent."""
    seen: set[str] = set()
    outer: set[str] = set()
    for turn in turns:
        if turn.parent is not None and turn.parent not in seen:
            outer.add(turn.parent)
        seen.add(turn.id)
    return outer


def branch(conversation: Conversation, leaf: str) -> Conversation:
    """Return the conversation with the branch to `leaf` alone, as others may see it."""
    turns = conversation.path(leaf)
    updated = turns[-1].created_at if turns else conversation.created_at
    return replace(conversation, turns=turns, leaf=leaf, updated_at=updated, pinned=False)


def interrupted(reply: Reply) -> Reply:
    """Return a reply whose maker is gone."""
    return replace(
        reply,
        status=Status.INTERRUPTED,
        retry_at=None,
        error=ConnectionLost(
            "The playground was stopped while this answer was being written.",
            advice="What had arrived is kept. Continue from there, or retry.",
        ),
    )


def _renamed(run: Run | None, ids: Mapping[str, str]) -> Run | None:
    if run is None or not run.left_out:
        return run
    return replace(run, left_out=tuple(ids[i] for i in run.left_out if i in ids))


def _ended(turn: Turn) -> Turn:
    if turn.reply is None or not turn.reply.running:
        return turn
    return replace(turn, reply=interrupted(turn.reply))

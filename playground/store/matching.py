"""Which conversations are wanted, decided without a database."""

from __future__ import annotations

from playground.conversation import Conversation, drawn_title
from playground.messages import Role
from playground.store.excerpts import excerpt
from playground.store.values import Excerpt, Summary, Wanted, preview_of
from playground.store.words import Term

#: Places shown for each conversation that was found.
MAX_EXCERPTS = 3


def summary_of(conversation: Conversation) -> Summary:
    """Return what a list tells of the conversation."""
    first = next((t.text for t in conversation.turns if t.role is Role.USER), "")
    return Summary(
        id=conversation.id,
        title=conversation.title,
        updated_at=conversation.updated_at,
        created_at=conversation.created_at,
        pinned=conversation.pinned,
        preview=preview_of(first),
        models=models_of(conversation),
        messages=len(conversation.turns),
    )


def models_of(conversation: Conversation) -> tuple[str, ...]:
    """Return the models that were asked, in alphabetical order."""
    return tuple(sorted({t.run.model for t in conversation.turns if t.run is not None}))


def passes(summary: Summary, wanted: Wanted) -> bool:
    """Whether a conversation is wanted, its text aside."""
    return (
        (wanted.model is None or wanted.model in summary.models)
        and (wanted.since is None or summary.updated_at >= wanted.since)
        and (wanted.until is None or summary.updated_at < wanted.until)
        and (summary.pinned or not wanted.pinned)
    )


def places_in(conversation: Conversation, terms: tuple[Term, ...]) -> tuple[Excerpt, ...]:
    """Return the newest places where all `terms` stand together; () where there is none."""
    if not terms:
        return ()
    texts: list[tuple[str | None, Role | None, str]] = [
        (t.id, t.role, t.content)
        for t in reversed(conversation.turns)
        if t.reply is None or not t.reply.running
    ]
    if conversation.title != drawn_title(conversation.turns):
        texts.insert(0, (None, None, conversation.title))
    found = ((turn_id, role, excerpt(text, terms)) for turn_id, role, text in texts)
    return tuple(Excerpt(i, r, pieces) for i, r, pieces in found if pieces)[:MAX_EXCERPTS]

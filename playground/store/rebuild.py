"""Making the index of words anew from what was said."""

from __future__ import annotations

import sqlalchemy as sa

from playground.store import index
from playground.store.schema import conversations, documents
from playground.store.trees import has_own_title, load

_c = conversations.c


def rebuild(connection: sa.Connection) -> None:
    """Index every conversation of every owner, deleted ones included, in the order of time."""
    connection.execute(sa.delete(documents))
    heads = sa.select(_c.id, _c.owner, _c.title, _c.title_edited, _c.comparison_id)
    everyone = connection.execute(heads.order_by(_c.updated_at, _c.id)).all()
    texts = 0
    for conversation_id, owner, title, edited, comparison_id in everyone:
        if comparison_id == conversation_id and edited:
            index.add(connection, owner, conversation_id, [(index.TITLE, title)])
        found = load(connection, owner, conversation_id, deleted=True)
        if found is None:
            continue
        said = [(t.id, t.content) for t in found.turns if t.reply is None or not t.reply.running]
        if has_own_title(found):
            said.append((index.TITLE, found.title))
        index.add(connection, owner, conversation_id, said)
        texts += len(said)
    index.note_growth(connection, texts)

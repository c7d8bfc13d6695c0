"""Replies as they grow and end, written in a transaction that is there."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from playground.reply import Reply, Status
from playground.store import index
from playground.store.copies import interrupted
from playground.store.rows import REPLY_COLUMNS, Row, reply_from, reply_row
from playground.store.schema import conversations, replies, turns
from playground.store.trees import insert, own

_r = replies.c


def save(
    connection: sa.Connection,
    owner: str,
    conversation_id: str,
    turn_id: str,
    reply: Reply,
    process: str,
) -> None:
    """Replace the reply of a turn, unless it has ended and this one has not.

    Also of a conversation that is deleted: it may come back.
    """
    row = reply_row(reply, process)
    turn = (
        sa.select(
            turns.c.conversation_id,
            turns.c.id,
            *(
                sa.bindparam(f"new_{name}", value, type_=_r[name].type)
                for name, value in row.items()
            ),
        )
        .join(conversations, conversations.c.id == turns.c.conversation_id)
        .where(
            turns.c.conversation_id == conversation_id,
            turns.c.id == turn_id,
            own(owner, deleted=True),
        )
        # It must not go before its reply is there.
        .with_for_update(read=True, key_share=True, of=turns)
    )
    new = insert(connection, replies).from_select(["conversation_id", "turn_id", *row], turn)
    saved = connection.execute(
        new.on_conflict_do_update(
            index_elements=["conversation_id", "turn_id"],
            set_={name: new.excluded[name] for name in row},
            where=sa.or_(
                _r.status == Status.RUNNING.value, new.excluded.status != Status.RUNNING.value
            ),
        ).returning(_r.turn_id)
    )
    if saved.first() is not None and not reply.running:
        index.put(connection, owner, conversation_id, turn_id, reply.text)


def running_processes(connection: sa.Connection) -> tuple[str, ...]:
    """Return the processes that running replies belong to."""
    return tuple(
        connection.scalars(sa.select(_r.process).where(_r.process.is_not(None)).distinct())
    )


def interrupt(connection: sa.Connection, processes: Sequence[str]) -> int:
    """End the running replies of these processes, which are gone; return how many."""
    found = connection.execute(
        sa.select(
            _r.conversation_id,
            _r.turn_id,
            conversations.c.owner,
            *(_r[name].label(f"reply_{name}") for name in REPLY_COLUMNS),
        )
        .join(conversations, conversations.c.id == _r.conversation_id)
        .where(_r.process.in_(processes), _r.status == Status.RUNNING.value)
        .order_by(_r.conversation_id, _r.turn_id)
        .with_for_update(of=replies)
    ).all()
    for row in found:
        reply = interrupted(reply_from(row[3:]))
        changed: Row = reply_row(reply, "")
        connection.execute(
            sa.update(replies)
            .where(_r.conversation_id == row.conversation_id, _r.turn_id == row.turn_id)
            .values(changed)
        )
        index.put(connection, row.owner, row.conversation_id, row.turn_id, reply.text)
    return len(found)

"""Replies as they grow and end, written in a transaction that is there."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from playground.reply import Reply, Status
from playground.store import index
from playground.store.copies import interrupted
from playground.store.rows import REPLY_COLUMNS, Row, reply_from, reply_row
from playground.store.saver import Place
from playground.store.schema import conversations, replies, turns
from playground.store.trees import insert

_r = replies.c


def save(connection: sa.Connection, place: Place, reply: Reply, process: str) -> None:
    """Replace the reply of a turn, unless it has ended and this one has not.

    Also of a conversation that is deleted: it may come back.
    """
    statement = _saving(connection.dialect.name).returning(_r.turn_id)
    saved = connection.execute(statement, _values(place, reply, process))
    if saved.first() is not None and not reply.running:
        index.put(connection, place.owner, place.conversation_id, place.turn_id, reply.text)


def save_growing(
    connection: sa.Connection, growing: Iterable[tuple[Place, Reply]], process: str
) -> None:
    """Do the same for many replies that have not ended."""
    values = [_values(place, reply, process) for place, reply in growing]
    connection.execute(_saving(connection.dialect.name), values)


def _values(place: Place, reply: Reply, process: str) -> Row:
    row = {f"new_{name}": value for name, value in reply_row(reply, process).items()}
    own = {"owner": place.owner, "conversation": place.conversation_id, "turn": place.turn_id}
    return own | row


@functools.cache
def _saving(dialect: str) -> sqlite.Insert | postgresql.Insert:
    """Return the statement that saves the `_values` of a reply; it takes long to make."""
    names = (*REPLY_COLUMNS, "process")
    turn = (
        sa.select(
            turns.c.conversation_id,
            turns.c.id,
            *(sa.bindparam(f"new_{name}", type_=_r[name].type) for name in names),
        )
        .join(conversations, conversations.c.id == turns.c.conversation_id)
        .where(
            turns.c.conversation_id == sa.bindparam("conversation"),
            turns.c.id == sa.bindparam("turn"),
            conversations.c.owner == sa.bindparam("owner"),
        )
        # It must not go before its reply is there.
        .with_for_update(read=True, key_share=True, of=turns)
    )
    new = insert(dialect, replies).from_select(["conversation_id", "turn_id", *names], turn)
    return new.on_conflict_do_update(
        index_elements=["conversation_id", "turn_id"],
        set_={name: new.excluded[name] for name in names},
        where=sa.or_(
            _r.status == Status.RUNNING.value, new.excluded.status != Status.RUNNING.value
        ),
    )


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

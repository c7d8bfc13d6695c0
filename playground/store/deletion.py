"""Deleting: for a day so that it can be undone, then for good."""

from __future__ import annotations

import time
from collections.abc import Sequence

import sqlalchemy as sa

from playground.store import index, shares
from playground.store.engine import Database
from playground.store.matching import models_of
from playground.store.migrate import remove_copies
from playground.store.schema import (
    conversation_models,
    conversations,
    documents,
    metadata,
    presets,
    turns,
)
from playground.store.trees import first_words, has_own_title, hold, listed, load, own

#: Seconds during which a deletion can be undone.
UNDO_SECONDS = 24 * 3600.0

_c = conversations.c


def mark(connection: sa.Connection, owner: str, ids: Sequence[str], *, deleted: bool) -> int:
    """Delete so that it can be undone, or undo that; return how many."""
    wanted = _c.deleted_at.is_(None) if deleted else _c.deleted_at.is_not(None)
    # In one order, so that two who delete the same do not wait for each other in a ring.
    locked = (
        sa.select(_c.id, _c.deleted_at)
        .where(own(owner, deleted=True), wanted, _c.id.in_(ids))
        .order_by(_c.id)
        .with_for_update()
    )
    found = connection.execute(locked).all()
    now = time.time()
    for name, deleted_at in found:
        # Of a comparison all panes go, and those come back that went with it.
        same = _c.deleted_at.is_(None) if deleted else _c.deleted_at == deleted_at
        connection.execute(
            sa.update(conversations)
            .where(sa.or_(_c.id == name, sa.and_(_c.comparison_id == name, same)))
            .values(deleted_at=now if deleted else None)
        )
    return len(found)


def delete_turn(connection: sa.Connection, owner: str, conversation_id: str, turn_id: str) -> bool:
    """Delete a turn and all that follows it, for good; False if there is no such turn."""
    held = hold(connection, owner, conversation_id)
    before = load(connection, owner, conversation_id) if held else None
    if before is None or before.turn(turn_id) is None:
        return False
    after = before.without_turn(turn_id)
    # In the order in which replies are saved, so that nobody waits in a ring.
    gone = sorted({t.id for t in before.turns} - {t.id for t in after.turns})
    _delete_turns(connection, conversation_id, gone)
    shares.close(connection, conversation_id, gone)
    models = set(models_of(before)) - set(models_of(after))
    m = conversation_models.c
    connection.execute(
        sa.delete(conversation_models).where(
            m.conversation_id == conversation_id, m.model.in_(models)
        )
    )
    connection.execute(
        sa.update(conversations)
        .where(_c.id == conversation_id)
        .values(title=after.title, leaf=after.leaf, preview=first_words(after.turns))
    )
    indexed = has_own_title(before), before.title
    if indexed != (has_own_title(after), after.title):
        title = after.title if has_own_title(after) else ""
        index.put(connection, owner, conversation_id, index.TITLE, title)
    return True


def _delete_turns(connection: sa.Connection, conversation_id: str, ids: Sequence[str]) -> None:
    """Delete turns with their runs and replies, and then what was indexed until then."""
    for table, column in ((turns, turns.c.id), (documents, documents.c.turn_id)):
        query = sa.delete(table).where(
            table.c.conversation_id == conversation_id, column == sa.bindparam("gone")
        )
        connection.execute(query, [{"gone": turn_id} for turn_id in ids])


def purge(database: Database, *, now: float) -> int:
    """Delete for good what can no longer be brought back at the time `now`; return how many."""
    old = sa.and_(_c.deleted_at.is_not(None), _c.deleted_at < now - UNDO_SECONDS)
    with database.read() as connection:
        if connection.scalar(sa.select(sa.func.count()).where(old)) == 0:
            return 0
    with database.write(alone=True) as connection:
        return _delete(connection, old)


def delete_all(database: Database, owner: str) -> int:
    """Delete all that is the owner's, and what is left of it in the files.

    On PostgreSQL the space is given free, but what stood there may stay in the server's log of
    changes and in its backups: these are its operator's.
    """
    with database.write(alone=True) as connection:
        mine = own(owner, deleted=True)
        query = sa.select(sa.func.count()).select_from(conversations).where(mine, listed())
        count = connection.scalar(query) or 0
        _delete(connection, mine)
        connection.execute(sa.delete(presets).where(presets.c.owner == owner))
        index.compact(connection)
    if database.path is not None:
        remove_copies(database.path)
    with database.outside() as connection:
        if database.path is not None:
            _empty_log(connection)
            connection.exec_driver_sql("VACUUM")
            _empty_log(connection)
        else:
            names = ", ".join(["search_index", *metadata.tables])
            connection.exec_driver_sql(f"VACUUM {names}")
    return count


def _delete(connection: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    return connection.execute(sa.delete(conversations).where(which)).rowcount


def _empty_log(connection: sa.Connection) -> None:
    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()

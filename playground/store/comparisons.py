"""Comparisons in a database.

An entry in `conversations`, without turns, stands for a comparison in lists; its `comparison_id` is its
own id. The conversations of its panes carry the same, so `comparison_id` or else `id` is what a
conversation is listed as.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence

import sqlalchemy as sa

from playground.comparison import Comparison
from playground.comparison_records import comparison_from, content_record
from playground.conversation import Conversation
from playground.store import index
from playground.store.schema import comparisons, conversations, turns
from playground.store.trees import create_empty, insert, own

_c = conversations.c

_HEAD = sa.select(
    _c.id,
    _c.title,
    _c.title_edited,
    _c.pinned,
    _c.created_at,
    _c.updated_at,
    comparisons.c.content,
).join(comparisons, comparisons.c.conversation_id == _c.id)


def load(connection: sa.Connection, owner: str, comparison_id: str) -> Comparison | None:
    """Return the comparison; None if it is unknown or another owner's."""
    found = connection.execute(_HEAD.where(own(owner), _c.id == comparison_id)).mappings().first()
    return None if found is None else _comparison(found)


def load_all(connection: sa.Connection, owner: str) -> tuple[Comparison, ...]:
    """Return all comparisons, oldest first."""
    query = _HEAD.where(own(owner)).order_by(_c.created_at, _c.id)
    return tuple(map(_comparison, connection.execute(query).mappings()))


def save(connection: sa.Connection, owner: str, comparison: Comparison) -> bool:
    """Create or change a comparison; see ConversationStore.save_comparison."""
    entry = sa.select(_c.owner, _c.deleted_at, _c.comparison_id, _c.title_edited)
    locked = entry.where(_c.id == comparison.id).with_for_update()
    found = connection.execute(locked).first()
    if found is not None and (
        found.owner != owner or found.deleted_at is not None or found.comparison_id != comparison.id
    ):
        return False
    if _taken(connection, owner, comparison):
        return False
    if found is None:
        made = Conversation(
            id=comparison.id,
            title=comparison.title,
            title_edited=comparison.title_edited,
            pinned=comparison.pinned,
            created_at=comparison.created_at,
            updated_at=comparison.updated_at,
        )
        if not create_empty(connection, owner, made, comparison_id=comparison.id):
            return False
        if comparison.title_edited:
            index.put(connection, owner, comparison.id, index.TITLE, comparison.title)
    elif comparison.title and not found.title_edited:
        connection.execute(
            sa.update(conversations).where(_c.id == comparison.id).values(title=comparison.title)
        )
    content = json.dumps(content_record(comparison), ensure_ascii=False)
    row = {"conversation_id": comparison.id, "content": content}
    connection.execute(
        insert(connection.dialect.name, comparisons)
        .values(row)
        .on_conflict_do_update(index_elements=["conversation_id"], set_={"content": content})
    )
    _keep_panes(connection, owner, comparison)
    return True


def _taken(connection: sa.Connection, owner: str, comparison: Comparison) -> bool:
    """Whether the id of a pane is that of something else."""
    ids = [pane.id for pane in comparison.panes]
    query = sa.select(_c.id).where(
        _c.id.in_(ids),
        sa.or_(
            _c.owner != owner,
            _c.comparison_id.is_(None),
            _c.comparison_id != comparison.id,
            _c.id == comparison.id,
        ),
    )
    return connection.execute(query.limit(1)).first() is not None


def _keep_panes(connection: sa.Connection, owner: str, comparison: Comparison) -> None:
    ids = [pane.id for pane in comparison.panes]
    at = comparison.updated_at
    for pane_id in ids:
        empty = Conversation(id=pane_id, created_at=at, updated_at=at)
        create_empty(connection, owner, empty, comparison_id=comparison.id)
    pane = sa.and_(_c.comparison_id == comparison.id, _c.id != comparison.id)
    for which, deleted_at in (
        (sa.and_(_c.id.in_(ids), _c.deleted_at.is_not(None)), None),
        (sa.and_(_c.id.not_in(ids), _c.deleted_at.is_(None)), time.time()),
    ):
        connection.execute(
            sa.update(conversations).where(pane, which).values(deleted_at=deleted_at)
        )


def panes_of(connection: sa.Connection, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return how many panes, and how many messages in them, the comparisons among `ids` have."""
    t = turns.c
    query = (
        sa.select(
            _c.comparison_id, sa.func.count(sa.distinct(_c.id)), sa.func.count(t.conversation_id)
        )
        .outerjoin(turns, t.conversation_id == _c.id)
        .where(_c.comparison_id.in_(ids), _c.id != _c.comparison_id, _c.deleted_at.is_(None))
        .group_by(_c.comparison_id)
    )
    return {row[0]: (row[1], row[2]) for row in connection.execute(query)}


def _comparison(row: sa.RowMapping) -> Comparison:
    head = {name: value for name, value in row.items() if name != "content"}
    return comparison_from(json.loads(row["content"]), **head)

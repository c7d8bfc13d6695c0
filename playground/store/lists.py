"""Lists of conversations: newest first, filtered, a page at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence

import sqlalchemy as sa

from playground.store.comparisons import panes_of
from playground.store.schema import conversation_models, conversations, turns
from playground.store.trees import listed, own
from playground.store.values import Found, Hit, Summary, Wanted

_c = conversations.c
_SUMMARY = sa.select(
    _c.id, _c.title, _c.updated_at, _c.created_at, _c.pinned, _c.preview, _c.comparison_id
)


def newest(
    connection: sa.Connection, owner: str, wanted: Wanted, limit: int, after: str | None
) -> Found:
    """Return a page of the conversations that are wanted, their text aside."""
    query = _SUMMARY.where(own(owner), listed(), *conditions(wanted))
    if place := _place(after):
        query = query.where(sa.tuple_(_c.updated_at, _c.id) < place)
    query = query.order_by(_c.updated_at.desc(), _c.id.desc()).limit(limit + 1)
    rows = connection.execute(query).mappings().all()
    page = rows[:limit]
    more = (
        json.dumps([page[-1]["updated_at"], page[-1]["id"]]) if len(rows) > limit and page else None
    )
    return Found(tuple(Hit(summary) for summary in _summaries(connection, page)), more)


def by_id(connection: sa.Connection, owner: str, ids: Sequence[str]) -> dict[str, Summary]:
    """Return the summaries of these conversations, where they are the owner's."""
    rows = connection.execute(_SUMMARY.where(own(owner), _c.id.in_(ids))).mappings().all()
    return {summary.id: summary for summary in _summaries(connection, rows)}


def models(connection: sa.Connection, owner: str) -> tuple[str, ...]:
    """Return the models the owner asked, in alphabetical order."""
    model = conversation_models.c.model
    query = (
        sa.select(model)
        .join(conversations, _c.id == conversation_models.c.conversation_id)
        .where(own(owner))
        .distinct()
    )
    return tuple(sorted(connection.scalars(query)))


def conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """Return what a row of `conversations` must be like to be wanted."""
    found: list[sa.ColumnElement[bool]] = []
    if wanted.model is not None:
        m = conversation_models.c
        asked = sa.select(m.model).where(m.conversation_id == _c.id, m.model == wanted.model)
        found.append(asked.exists())
    if wanted.since is not None:
        found.append(_c.updated_at >= wanted.since)
    if wanted.until is not None:
        found.append(_c.updated_at < wanted.until)
    if wanted.pinned:
        found.append(_c.pinned)
    return found


def _summaries(connection: sa.Connection, rows: Sequence[sa.RowMapping]) -> list[Summary]:
    ids = [row["id"] for row in rows]
    m, t = conversation_models.c, turns.c
    asked: dict[str, list[str]] = {}
    for conversation_id, model in connection.execute(
        sa.select(m.conversation_id, m.model).where(m.conversation_id.in_(ids)).order_by(m.model)
    ):
        asked.setdefault(conversation_id, []).append(model)
    counted = connection.execute(
        sa.select(t.conversation_id, sa.func.count())
        .where(t.conversation_id.in_(ids))
        .group_by(t.conversation_id)
    )
    messages: dict[str, int] = {row[0]: row[1] for row in counted}
    compared = [row["id"] for row in rows if row["comparison_id"] is not None]
    panes = panes_of(connection, compared) if compared else {}
    found: list[Summary] = []
    for row in rows:
        name = row["id"]
        count, inside = panes.get(name, (0, messages.get(name, 0)))
        head = {key: value for key, value in row.items() if key != "comparison_id"}
        models = tuple(sorted(asked.get(name, ())))
        found.append(Summary(**head, models=models, messages=inside, panes=count))
    return found


def _place(after: str | None) -> tuple[float, str] | None:
    """Read what was given as `more`; what is malformed stands for the beginning."""
    try:
        updated_at, conversation_id = json.loads(after or "null")
        return float(updated_at), str(conversation_id)
    except (ValueError, TypeError):
        return None

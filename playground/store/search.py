"""Search over all messages and titles, newest first."""

from __future__ import annotations

import sqlalchemy as sa

from playground.messages import Role
from playground.store import index, lists
from playground.store.excerpts import excerpt
from playground.store.schema import conversations, documents, replies, turns
from playground.store.trees import own
from playground.store.values import Excerpt, Found, Hit, Wanted, offset_of
from playground.store.words import terms_of

#: Places shown for each conversation.
MAX_EXCERPTS = 3
#: Matching texts that are looked at, newest first; older ones than these are not found.
MAX_MATCHES = 20_000
_BATCH = 250

_d = documents.c
#: The conversation a text stands in; what it is listed as may be the comparison it is a pane of.
_inner = conversations.alias("inner")
_LISTED_AS = sa.func.coalesce(_inner.c.comparison_id, _inner.c.id)


def search(
    connection: sa.Connection, owner: str, wanted: Wanted, limit: int, after: str | None
) -> Found:
    """Return a page of the conversations in which `wanted.query` is found."""
    skip = offset_of(after)
    groups = _groups(connection, owner, wanted, skip + limit + 1)
    ids = list(groups)[skip : skip + limit]
    summaries = lists.by_id(connection, owner, ids)
    places = _excerpts(connection, owner, wanted, [d for i in ids for d in groups[i]])
    hits = tuple(Hit(summaries[i], tuple(places.get(i, ()))) for i in ids if i in summaries)
    return Found(hits, str(skip + limit) if len(groups) > skip + limit else None)


def _groups(
    connection: sa.Connection, owner: str, wanted: Wanted, size: int
) -> dict[str, list[int]]:
    """Return the first `size` conversations found, all but the last with their newest places."""
    found: dict[str, list[int]] = {}
    terms = terms_of(wanted.query)
    if not terms:
        return found
    dialect = connection.dialect.name
    row_id = index.row_id(dialect)
    query = (
        sa.select(row_id.label("id"), conversations.c.id, _d.turn_id, _d.start)
        .select_from(
            sa.table("search_index")
            .join(documents, _d.id == row_id)
            .join(_inner, _inner.c.id == _d.conversation_id)
            .join(conversations, conversations.c.id == _LISTED_AS)
        )
        .where(
            index.matching(dialect, owner, terms),
            _inner.c.deleted_at.is_(None),
            own(owner),
            *lists.conditions(wanted),
        )
        .order_by(row_id.desc())
        .limit(MAX_MATCHES)
        .execution_options(yield_per=_BATCH)
    )
    # Common words match most of what was ever said: no more is read than a page needs.
    seen: set[tuple[str, str, int]] = set()
    with connection.execute(query) as matches:
        for document, listed_as, turn_id, start in matches:
            places = found.setdefault(listed_as, [])
            if len(found) == size:
                break
            # A prompt that went to all panes has the same id in all, and is one place.
            place = (listed_as, turn_id, start)
            if len(places) < MAX_EXCERPTS and place not in seen:
                seen.add(place)
                places.append(document)
    return found


def _excerpts(
    connection: sa.Connection, owner: str, wanted: Wanted, ids: list[int]
) -> dict[str, list[Excerpt]]:
    terms = terms_of(wanted.query)
    text = sa.case(
        (_d.turn_id == index.TITLE, _inner.c.title),
        else_=sa.func.coalesce(replies.c.text, turns.c.text),
    )
    rows = connection.execute(
        sa.select(
            _LISTED_AS.label("listed_as"),
            _d.turn_id,
            turns.c.role,
            sa.func.substr(text, _d.start + 1, _d.end - _d.start).label("text"),
        )
        .join(_inner, _inner.c.id == _d.conversation_id)
        .outerjoin(
            turns,
            sa.and_(turns.c.conversation_id == _d.conversation_id, turns.c.id == _d.turn_id),
        )
        .outerjoin(
            replies,
            sa.and_(
                replies.c.conversation_id == _d.conversation_id, replies.c.turn_id == _d.turn_id
            ),
        )
        .where(_inner.c.owner == owner, _inner.c.deleted_at.is_(None), _d.id.in_(ids))
        .order_by(_d.id.desc())
    )
    found: dict[str, list[Excerpt]] = {}
    for row in rows:
        pieces = excerpt(row.text or "", terms)
        role = Role(row.role) if row.role else None
        if pieces:
            found.setdefault(row.listed_as, []).append(Excerpt(row.turn_id or None, role, pieces))
    return found

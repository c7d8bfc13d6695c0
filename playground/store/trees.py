"""Conversations and their turns, read and written in a transaction that is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from playground.conversation import Conversation, Turn, drawn_title
from playground.left_out import Branches
from playground.messages import Role
from playground.store import index
from playground.store.copies import empty, outer_parents
from playground.store.rows import (
    REPLY_COLUMNS,
    RUN_COLUMNS,
    TURN_COLUMNS,
    Row,
    reply_row,
    run_row,
    turns_from,
)
from playground.store.schema import conversation_models, conversations, replies, runs, turns
from playground.store.values import preview_of

_c = conversations.c


def insert(dialect: str, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that can say what to do ON CONFLICT."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def own(owner: str, *, deleted: bool = False) -> sa.ColumnElement[bool]:
    """Return the condition that a row of `conversations` is the owner's (and is not deleted)."""
    alive = sa.true() if deleted else _c.deleted_at.is_(None)
    return sa.and_(_c.owner == owner, alive)


def listed() -> sa.ColumnElement[bool]:
    """Return the condition that a row of `conversations` is listed: a pane is not, by itself."""
    return sa.or_(_c.comparison_id.is_(None), _c.comparison_id == _c.id)


def said() -> sa.ColumnElement[bool]:
    """Return the condition that a row of `conversations` is one, and no comparison's entry."""
    return sa.or_(_c.comparison_id.is_(None), _c.comparison_id != _c.id)


def load(
    connection: sa.Connection, owner: str, conversation_id: str, *, deleted: bool = False
) -> Conversation | None:
    """Return the conversation; None if it is unknown or another owner's (or `deleted`)."""
    which = sa.and_(_c.id == conversation_id, own(owner, deleted=deleted), said())
    found = connection.execute(_HEAD.where(which)).mappings().first()
    if found is None:
        return None
    rows = connection.execute(_TURNS.where(turns.c.conversation_id == found["id"]))
    return Conversation(**found, turns=turns_from(rows))


def extend(
    connection: sa.Connection,
    owner: str,
    conversation_id: str,
    added: Sequence[Turn],
    process: str,
) -> bool:
    """Add turns to a conversation that is there or is made; False if they cannot belong to it."""
    comparison_id = _hold_comparison(connection, conversation_id)
    found = connection.execute(_locked(conversation_id)).first()
    if found is None:
        if outer_parents(added):
            return False
        # Another may be quicker: then there is one all the same.
        create_empty(connection, owner, empty(conversation_id, added))
        found = connection.execute(_locked(conversation_id)).one()
    if found.owner != owner or found.deleted_at is not None or comparison_id == conversation_id:
        return False
    outer = outer_parents(added)
    there = _there(connection, conversation_id, outer.union(t.id for t in added))
    if not outer <= there:
        return False
    new = tuple({t.id: t for t in reversed(added) if t.id not in there}.values())[::-1]
    if not new:
        return True
    grown = Conversation(id=found.id, title=found.title, leaf=found.leaf)
    for turn in new:
        grown = grown.with_turn(turn)
    _insert_turns(connection, owner, conversation_id, new, process)
    connection.execute(
        sa.update(conversations)
        .where(_c.id == conversation_id)
        .values(
            title=grown.title,
            leaf=grown.leaf,
            updated_at=grown.updated_at,
            preview=found.preview or first_words(new),
        )
    )
    if comparison_id is not None:
        _grow_comparison(connection, comparison_id, new)
    return True


def create(connection: sa.Connection, owner: str, conversation: Conversation, process: str) -> bool:
    """Add a whole conversation; False if its id is taken, by whomever."""
    if not create_empty(connection, owner, conversation):
        return False
    _insert_turns(connection, owner, conversation.id, conversation.turns, process)
    if has_own_title(conversation):
        index.put(connection, owner, conversation.id, index.TITLE, conversation.title)
    return True


def has_own_title(conversation: Conversation) -> bool:
    """Whether the title says more than the first prompt, which is found by its own words."""
    return conversation.title != drawn_title(conversation.turns)


def hold(connection: sa.Connection, owner: str, conversation_id: str) -> bool:
    """Have whoever else changes the conversation wait for the end; False if it is not the owner's.

    Replies can still be saved meanwhile.
    """
    query = sa.select(_c.id).where(_c.id == conversation_id, own(owner))
    return connection.execute(query.with_for_update(key_share=True)).first() is not None


def has_turn(connection: sa.Connection, conversation_id: str, turn_id: str) -> bool:
    """Whether the conversation has this turn; whose it is, is not asked."""
    return bool(_there(connection, conversation_id, [turn_id]))


def _locked(conversation_id: str) -> sa.Select[tuple[str, str, str, str | None, str, float | None]]:
    """Return the query for what an addition must know; the row waits for its end."""
    return (
        sa.select(_c.id, _c.owner, _c.title, _c.leaf, _c.preview, _c.deleted_at)
        .where(_c.id == conversation_id)
        .with_for_update()
    )


def _hold_comparison(connection: sa.Connection, conversation_id: str) -> str | None:
    """Return the id of the comparison a conversation belongs to, if any; its entry waits.

    Before the conversation itself, as everywhere, so that no two wait for each other in a ring.
    """
    query = sa.select(_c.comparison_id).where(_c.id == conversation_id)
    comparison_id = connection.scalar(query)
    if comparison_id is not None:
        connection.execute(sa.select(_c.id).where(_c.id == comparison_id).with_for_update())
    return comparison_id


def _grow_comparison(connection: sa.Connection, comparison_id: str, new: tuple[Turn, ...]) -> None:
    """Note in the entry of a comparison what was added to one of its panes."""
    words = first_words(new)
    connection.execute(
        sa.update(conversations)
        .where(_c.id == comparison_id)
        .values(
            updated_at=new[-1].created_at,
            preview=sa.case((_c.preview == "", words), else_=_c.preview),
        )
    )
    _note_models(connection, comparison_id, new)


def create_empty(
    connection: sa.Connection,
    owner: str,
    conversation: Conversation,
    *,
    comparison_id: str | None = None,
) -> bool:
    """Add a conversation, its turns aside; False if its id is taken, by whomever."""
    row = {
        "id": conversation.id,
        "owner": owner,
        "title": conversation.title,
        "title_edited": conversation.title_edited,
        "pinned": conversation.pinned,
        "preview": first_words(conversation.turns),
        "leaf": conversation.leaf,
        "created_at": conversation.created_at,
        "updated_at": conversation.updated_at,
        "comparison_id": comparison_id,
    }
    made = connection.execute(
        insert(connection.dialect.name, conversations)
        .values(row)
        .on_conflict_do_nothing()
        .returning(_c.id)
    )
    return made.first() is not None


def _there(connection: sa.Connection, conversation_id: str, ids: Iterable[str]) -> set[str]:
    t = turns.c
    query = sa.select(t.id).where(t.conversation_id == conversation_id, t.id.in_(list(ids)))
    return set(connection.scalars(query))


def _insert_turns(
    connection: sa.Connection,
    owner: str,
    conversation_id: str,
    new: tuple[Turn, ...],
    process: str,
) -> None:
    last = connection.scalar(
        sa.select(sa.func.max(turns.c.position)).where(turns.c.conversation_id == conversation_id)
    )
    first = 0 if last is None else last + 1
    key = {"conversation_id": conversation_id}
    _many(
        connection,
        turns,
        [
            key | {"position": place} | {name: getattr(t, name) for name in TURN_COLUMNS}
            for place, t in enumerate(new, start=first)
        ],
    )
    # After the turns: where they stand tells what is kept of those that were left out.
    _many(connection, runs, _run_rows(connection, conversation_id, new))
    _many(
        connection,
        replies,
        [key | {"turn_id": t.id} | reply_row(t.reply, process) for t in new if t.reply],
    )
    _note_models(connection, conversation_id, new)
    texts = [(t.id, t.content) for t in new if t.reply is None or not t.reply.running]
    index.add(connection, owner, conversation_id, texts)


def _note_models(connection: sa.Connection, conversation_id: str, new: tuple[Turn, ...]) -> None:
    new_one = insert(connection.dialect.name, conversation_models)
    for model in sorted({t.run.model for t in new if t.run}):
        row = {"conversation_id": conversation_id, "model": model}
        connection.execute(new_one.values(row).on_conflict_do_nothing())


def _run_rows(connection: sa.Connection, conversation_id: str, new: tuple[Turn, ...]) -> list[Row]:
    branches = Branches()
    if any(turn.run and turn.run.left_out for turn in new):
        t = turns.c
        there = sa.select(t.id, t.parent).where(t.conversation_id == conversation_id)
        for turn_id, parent in connection.execute(there.order_by(t.position)):
            branches.add(turn_id, parent)
    found = []
    for turn in new:
        if turn.run is not None:
            places = branches.places(turn.id, turn.run.left_out) if turn.run.left_out else []
            key = {"conversation_id": conversation_id, "turn_id": turn.id}
            found.append(key | run_row(turn.run, places))
    return found


def _many(connection: sa.Connection, table: sa.Table, rows: list[Row]) -> None:
    if rows:
        connection.execute(sa.insert(table), rows)


def first_words(new: Iterable[Turn]) -> str:
    """Return what a list shows of a conversation that begins with these turns."""
    return preview_of(next((t.text for t in new if t.role is Role.USER), ""))


_HEAD = sa.select(
    _c.id, _c.title, _c.created_at, _c.updated_at, _c.leaf, _c.title_edited, _c.pinned
)
_TURNS = (
    sa.select(
        *(turns.c[name] for name in TURN_COLUMNS),
        *(runs.c[name].label(f"run_{name}") for name in RUN_COLUMNS),
        *(replies.c[name].label(f"reply_{name}") for name in REPLY_COLUMNS),
    )
    .select_from(
        turns.outerjoin(
            runs,
            sa.and_(
                runs.c.conversation_id == turns.c.conversation_id, runs.c.turn_id == turns.c.id
            ),
        ).outerjoin(
            replies,
            sa.and_(
                replies.c.conversation_id == turns.c.conversation_id,
                replies.c.turn_id == turns.c.id,
            ),
        )
    )
    .order_by(turns.c.position)
)

"""Links by which others can read one branch of a conversation."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Collection

import sqlalchemy as sa

from playground.conversation import Conversation, new_id
from playground.store import comparisons
from playground.store.copies import branch
from playground.store.schema import conversations, shares
from playground.store.shared import SharedComparison, as_it_is, as_it_was
from playground.store.trees import load, own
from playground.store.values import Share

_s = shares.c


def make(
    connection: sa.Connection, owner: str, conversation_id: str, expires_at: float | None
) -> Share | None:
    """Make a link to the branch on the page; None if there is no such conversation or branch."""
    c = conversations.c
    query = sa.select(c.leaf, c.comparison_id).where(c.id == conversation_id, own(owner))
    found = connection.execute(query).first()
    leaf = None if found is None else found.leaf
    if found is not None and found.comparison_id == conversation_id:
        leaf = _panes(connection, owner, conversation_id)
    if leaf is None:
        return None
    share = Share(
        id=new_id(),
        conversation_id=conversation_id,
        created_at=time.time(),
        leaf=leaf,
        expires_at=expires_at,
        token=secrets.token_urlsafe(32),
    )
    connection.execute(
        sa.insert(shares).values(
            id=share.id,
            token_hash=_hash(share.token),
            conversation_id=conversation_id,
            owner=owner,
            leaf=leaf,
            created_at=share.created_at,
            expires_at=expires_at,
        )
    )
    return share


def made(connection: sa.Connection, owner: str, conversation_id: str | None) -> tuple[Share, ...]:
    """Return the owner's links (to one conversation), newest first."""
    query = (
        sa.select(_s.id, _s.conversation_id, _s.created_at, _s.leaf, _s.expires_at, _s.revoked_at)
        .join(conversations, conversations.c.id == _s.conversation_id)
        .where(_s.owner == owner, own(owner))
        .order_by(_s.created_at.desc(), _s.id)
    )
    if conversation_id is not None:
        query = query.where(_s.conversation_id == conversation_id)
    return tuple(Share(**row) for row in connection.execute(query).mappings())


def revoke(connection: sa.Connection, owner: str, share_id: str) -> bool:
    """Close a link; False if there is none that is open to being closed."""
    done = connection.execute(
        sa.update(shares)
        .where(_s.id == share_id, _s.owner == owner, _s.revoked_at.is_(None))
        .values(revoked_at=time.time())
    )
    return done.rowcount == 1


def close(connection: sa.Connection, conversation_id: str, leaves: Collection[str]) -> None:
    """Close the links to branches that end with one of these turns."""
    query = sa.select(_s.id, _s.leaf).where(_s.conversation_id == conversation_id)
    ids = [share_id for share_id, leaf in connection.execute(query) if leaf in leaves]
    connection.execute(
        sa.update(shares)
        .where(_s.id.in_(ids), _s.revoked_at.is_(None))
        .values(revoked_at=time.time())
    )


def _panes(connection: sa.Connection, owner: str, comparison_id: str) -> str | None:
    comparison = comparisons.load(connection, owner, comparison_id)
    if comparison is None:
        return None
    c = conversations.c
    ids = [pane.id for pane in comparison.panes]
    rows = connection.execute(sa.select(c.id, c.leaf).where(c.id.in_(ids), own(owner)))
    return as_it_is(comparison, {row.id: row.leaf for row in rows})


def _open(connection: sa.Connection, token: str) -> sa.Row[str, str, str, float | None] | None:
    """Return the row of a link that works; None if it is unknown, revoked or expired."""
    found = connection.execute(
        sa.select(_s.conversation_id, _s.owner, _s.leaf, _s.expires_at).where(
            _s.token_hash == _hash(token), _s.revoked_at.is_(None)
        )
    ).first()
    if found is None or (found.expires_at is not None and found.expires_at <= time.time()):
        return None
    return found


def opened_comparison(connection: sa.Connection, token: str) -> SharedComparison | None:
    """Return what a link to a comparison shows; None if it does not work, or is another's kind."""
    found = _open(connection, token)
    if found is None:
        return None
    comparison = comparisons.load(connection, found.owner, found.conversation_id)
    if comparison is None:
        return None
    return as_it_was(comparison, found.leaf, lambda i: load(connection, found.owner, i))


def opened(connection: sa.Connection, token: str) -> Conversation | None:
    """Return the branch a link shows; None if it is unknown, revoked, expired or deleted."""
    found = _open(connection, token)
    if found is None:
        return None
    conversation = load(connection, found.owner, found.conversation_id)
    if conversation is None or conversation.turn(found.leaf) is None:
        return None
    return branch(conversation, found.leaf)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()

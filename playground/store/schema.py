"""The tables, as the newest migration leaves them. A test compares the two.

The tree of turns stands in `turns`; what was asked of a model for a turn in `runs`, what came of it
in `replies`. A comparison is an entry in `conversations` without turns, with its content in
`comparisons`; it and the conversations of its panes carry its id in `comparison_id`. `conversation_models` and `documents` are drawn from these, to list and to search.
The index of words is a table of its own kind on each database: see `playground.store.index`.
"""

from __future__ import annotations

import sqlalchemy as sa

from playground.store.columns import Count, Words

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _turn_key() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id", "turn_id"], ["turns.conversation_id", "turns.id"], ondelete="CASCADE"
    )


def _conversation_id(*, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(
        "conversation_id",
        Words,
        sa.ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", Words, primary_key=True),
    sa.Column("owner", Words, nullable=False),
    sa.Column("title", Words, nullable=False),
    sa.Column("title_edited", sa.Boolean, nullable=False),
    sa.Column("pinned", sa.Boolean, nullable=False),
    sa.Column("preview", Words, nullable=False),
    sa.Column("leaf", Words),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("updated_at", sa.Double, nullable=False),
    sa.Column("deleted_at", sa.Double),
    sa.Column("comparison_id", Words, comment="of an entry its own id"),
    sa.Index("ix_conversations_comparison_id", "comparison_id"),
    sa.Index("ix_conversations_owner_updated_at_id", "owner", "updated_at", "id"),
    sa.Index("ix_conversations_deleted_at", "deleted_at"),
)

turns = sa.Table(
    "turns",
    metadata,
    _conversation_id(primary_key=True),
    sa.Column("id", Words, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("parent", Words),
    sa.Column("role", Words, nullable=False),
    sa.Column("text", Words, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.UniqueConstraint("conversation_id", "position"),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("conversation_id", Words, primary_key=True),
    sa.Column("turn_id", Words, primary_key=True),
    sa.Column("model", Words, nullable=False),
    sa.Column("deployment", Words, nullable=False),
    sa.Column("connection", Words, nullable=False),
    sa.Column("connection_label", Words, nullable=False),
    sa.Column("parameters", Words, nullable=False, comment="JSON"),
    sa.Column("system_message", Words, nullable=False),
    sa.Column("scripted", sa.Boolean, nullable=False),
    sa.Column("folded", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("left_out", Words, nullable=False, server_default="[]", comment="JSON"),
    _turn_key(),
)

replies = sa.Table(
    "replies",
    metadata,
    sa.Column("conversation_id", Words, primary_key=True),
    sa.Column("turn_id", Words, primary_key=True),
    sa.Column("process", Words, comment="who makes it, while it is running"),
    sa.Column("status", Words, nullable=False),
    sa.Column("phase", Words, nullable=False),
    sa.Column("text", Words, nullable=False),
    sa.Column("started_at", sa.Double, nullable=False),
    sa.Column("first_token_after", sa.Double),
    sa.Column("elapsed", sa.Double, nullable=False),
    sa.Column("pieces", Count, nullable=False),
    sa.Column("prompt_tokens", Count),
    sa.Column("completion_tokens", Count),
    sa.Column("model_reported", Words),
    sa.Column("fingerprint", Words),
    sa.Column("request_id", Words),
    sa.Column("error", Words, comment="JSON"),
    sa.Column("skipped", Count, nullable=False),
    sa.Column("retry_at", sa.Double),
    sa.Column("growth", Words, comment="JSON"),
    _turn_key(),
    # Only the few that are running carry a process.
    sa.Index("ix_replies_process", "process"),
)

conversation_models = sa.Table(
    "conversation_models",
    metadata,
    _conversation_id(primary_key=True),
    sa.Column("model", Words, primary_key=True),
)

documents = sa.Table(
    "documents",
    metadata,
    # Rises with time: a search walks it backwards to find the newest first.
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    _conversation_id(),
    sa.Column("turn_id", Words, nullable=False, comment="empty for the title"),
    sa.Column("start", sa.Integer, nullable=False, comment="characters from the beginning"),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Index("ix_documents_conversation_id_turn_id", "conversation_id", "turn_id"),
)

shares = sa.Table(
    "shares",
    metadata,
    sa.Column("id", Words, primary_key=True),
    sa.Column("token_hash", Words, nullable=False, unique=True, comment="SHA-256, hexadecimal"),
    _conversation_id(),
    sa.Column("owner", Words, nullable=False),
    sa.Column("leaf", Words, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("expires_at", sa.Double),
    sa.Column("revoked_at", sa.Double),
    sa.Index("ix_shares_conversation_id", "conversation_id"),
    sa.Index("ix_shares_owner", "owner"),
)

comparisons = sa.Table(
    "comparisons",
    metadata,
    _conversation_id(primary_key=True),
    sa.Column("content", Words, nullable=False, comment="JSON"),
)

presets = sa.Table(
    "presets",
    metadata,
    sa.Column("id", Words, primary_key=True),
    sa.Column("owner", Words, nullable=False),
    sa.Column("name", Words, nullable=False),
    sa.Column("name_key", Words, nullable=False, comment="the same for whatever capitals"),
    sa.Column("content", Words, nullable=False, comment="JSON"),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("updated_at", sa.Double, nullable=False),
    sa.UniqueConstraint("owner", "name_key"),
)

#: Only PostgreSQL uses it: on SQLite a lock tells who is alive.
processes = sa.Table(
    "processes",
    metadata,
    sa.Column("id", Words, primary_key=True),
    sa.Column("heartbeat_at", sa.Double, nullable=False, comment="by the database's clock"),
)

"""Conversations, their turns, runs and replies, the index of words, and links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Make the first tables."""
    _conversations()
    _turns()
    _runs()
    _replies()
    _drawn()
    _shares()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_index()
    else:
        _postgresql_index()
        op.create_table(
            "processes",
            sa.Column("id", sa.Text, nullable=False),
            sa.Column("heartbeat_at", sa.Double, nullable=False, comment="by the database's clock"),
            sa.PrimaryKeyConstraint("id", name="pk_processes"),
        )


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("title_edited", sa.Boolean, nullable=False),
        sa.Column("pinned", sa.Boolean, nullable=False),
        sa.Column("preview", sa.Text, nullable=False),
        sa.Column("leaf", sa.Text),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("updated_at", sa.Double, nullable=False),
        sa.Column("deleted_at", sa.Double),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_index(
        "ix_conversations_owner_updated_at_id", "conversations", ["owner", "updated_at", "id"]
    )
    op.create_index("ix_conversations_deleted_at", "conversations", ["deleted_at"])


def _turns() -> None:
    op.create_table(
        "turns",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("parent", sa.Text),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "id", name="pk_turns"),
        sa.UniqueConstraint(
            "conversation_id", "position", name="uq_turns_conversation_id_position"
        ),
        _of_conversation("turns"),
    )


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("turn_id", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("deployment", sa.Text, nullable=False),
        sa.Column("connection", sa.Text, nullable=False),
        sa.Column("connection_label", sa.Text, nullable=False),
        sa.Column("parameters", sa.Text, nullable=False, comment="JSON"),
        sa.Column("system_message", sa.Text, nullable=False),
        sa.Column("scripted", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "turn_id", name="pk_runs"),
        _of_turn("runs"),
    )


def _replies() -> None:
    op.create_table(
        "replies",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("turn_id", sa.Text, nullable=False),
        sa.Column("process", sa.Text, comment="who makes it, while it is running"),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("phase", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("started_at", sa.Double, nullable=False),
        sa.Column("first_token_after", sa.Double),
        sa.Column("elapsed", sa.Double, nullable=False),
        sa.Column("pieces", sa.BigInteger, nullable=False),
        sa.Column("prompt_tokens", sa.BigInteger),
        sa.Column("completion_tokens", sa.BigInteger),
        sa.Column("model_reported", sa.Text),
        sa.Column("fingerprint", sa.Text),
        sa.Column("request_id", sa.Text),
        sa.Column("error", sa.Text, comment="JSON"),
        sa.Column("skipped", sa.BigInteger, nullable=False),
        sa.Column("retry_at", sa.Double),
        sa.PrimaryKeyConstraint("conversation_id", "turn_id", name="pk_replies"),
        _of_turn("replies"),
    )
    op.create_index("ix_replies_process", "replies", ["process"])


def _drawn() -> None:
    op.create_table(
        "conversation_models",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "model", name="pk_conversation_models"),
        _of_conversation("conversation_models"),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("turn_id", sa.Text, nullable=False, comment="empty for the title"),
        sa.Column("start", sa.Integer, nullable=False, comment="characters from the beginning"),
        sa.Column("end", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        _of_conversation("documents"),
    )
    op.create_index(
        "ix_documents_conversation_id_turn_id", "documents", ["conversation_id", "turn_id"]
    )


def _shares() -> None:
    op.create_table(
        "shares",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False, comment="SHA-256, hexadecimal"),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("leaf", sa.Text, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double),
        sa.Column("revoked_at", sa.Double),
        sa.PrimaryKeyConstraint("id", name="pk_shares"),
        sa.UniqueConstraint("token_hash", name="uq_shares_token_hash"),
        _of_conversation("shares"),
    )
    op.create_index("ix_shares_conversation_id", "shares", ["conversation_id"])
    op.create_index("ix_shares_owner", "shares", ["owner"])


def _sqlite_index() -> None:
    # Every category but spaces is part of a word: words were cut and folded before, and stand
    # between single spaces.
    op.execute(
        "CREATE VIRTUAL TABLE search_index USING fts5("
        "words, prefix = '1 2', "
        "tokenize = \"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cn'\")"
    )
    op.execute(
        "CREATE TRIGGER documents_deleted AFTER DELETE ON documents BEGIN "
        "DELETE FROM search_index WHERE rowid = old.id; END"
    )


def _postgresql_index() -> None:
    op.execute(
        "CREATE TABLE search_index ("
        "id bigint CONSTRAINT pk_search_index PRIMARY KEY "
        "CONSTRAINT fk_search_index_documents REFERENCES documents ON DELETE CASCADE, "
        "words tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_search_index_words ON search_index USING gin (words)")


def _of_conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"],
        ["conversations.id"],
        name=f"fk_{table}_conversations",
        ondelete="CASCADE",
    )


def _of_turn(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id", "turn_id"],
        ["turns.conversation_id", "turns.id"],
        name=f"fk_{table}_turns",
        ondelete="CASCADE",
    )

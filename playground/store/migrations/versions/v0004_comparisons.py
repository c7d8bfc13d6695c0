"""Comparisons: an entry among the conversations, and conversations that are its panes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    """Let a conversation belong to a comparison, and keep what a comparison consists of."""
    op.add_column(
        "conversations",
        sa.Column("comparison_id", sa.Text, comment="of an entry its own id"),
    )
    op.create_index("ix_conversations_comparison_id", "conversations", ["comparison_id"])
    op.create_table(
        "comparisons",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False, comment="JSON"),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_comparisons"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_comparisons_conversations",
            ondelete="CASCADE",
        ),
    )

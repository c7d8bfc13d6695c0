"""What of a conversation was sent: the system message folded into a prompt, turns left out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """Add to each run what was not sent as it stands; nothing of the kind was, so far."""
    op.add_column(
        "runs", sa.Column("folded", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column(
        "runs",
        sa.Column("left_out", sa.Text, nullable=False, server_default="[]", comment="JSON"),
    )

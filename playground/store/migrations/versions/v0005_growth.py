"""How the text of a reply grew, over time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    """Let a reply keep how its text came; of those there are it was not recorded."""
    op.add_column("replies", sa.Column("growth", sa.Text, comment="JSON"))

"""Alembic runs this for each command; the connection is the store's, in its transaction."""

from __future__ import annotations

from alembic import context

from playground.store.migrations import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    # SQLite changes tables in transactions too, once Python does not begin them by itself.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()

"""Everything in one SQLite file, as it is at one moment: the backup of every database.

A file made from PostgreSQL is the same as one made from SQLite, so that either can be restored into
either.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import sqlalchemy as sa

from playground.store.engine import Database
from playground.store.errors import StoreFull, StoreReadOnly
from playground.store.faults import told
from playground.store.files import check_sqlite, copy_sqlite
from playground.store.migrate import migrate
from playground.store.rebuild import rebuild
from playground.store.schema import documents, metadata, processes

#: Rows copied at a time.
_BATCH = 500


def write_snapshot(database: Database, path: Path) -> None:
    """Write everything to `path`, replacing what is there once it is whole and checked.

    Raises:
        StoreError: it cannot be read or written.
    """
    path = path.absolute()
    try:
        _write(database, path)
    except (StoreFull, StoreReadOnly) as error:
        # What is copied is only read, so it is the copy that has no place.
        raise type(error)(
            f"The backup cannot be written to {path.parent}.",
            advice="Choose another place. What was there before is still there.",
            code=error.code,
        ) from None


def _write(database: Database, path: Path) -> None:
    # Beside the target, so that it can be moved into its place in one step.
    with told(path.parent), tempfile.TemporaryDirectory(dir=path.parent, prefix="backup-") as tmp:
        made = Path(tmp, path.name)
        if database.path is not None:
            copy_sqlite(database.path, made)
        else:
            _copy_from_server(database, made)
        check_sqlite(made)
        made.chmod(0o600)
        made.replace(path)


def _copy_from_server(database: Database, path: Path) -> None:
    target = Database(f"sqlite:///{path}", path.parent)
    try:
        migrate(target)
        with database.read() as old, target.write() as new:
            copy_rows(old, new)
        with target.outside() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = DELETE").close()
    finally:
        target.close()


def copy_rows(old: sa.Connection, new: sa.Connection) -> None:
    """Copy all rows of one database into another that has none, and index their words."""
    # Whoever was alive there is not alive here, and the index is made anew.
    for table in metadata.sorted_tables:
        if table in (processes, documents):
            continue
        rows = old.execution_options(stream_results=True).execute(sa.select(table))
        for batch in rows.mappings().partitions(_BATCH):
            new.execute(sa.insert(table), [dict(row) for row in batch])
    rebuild(new)

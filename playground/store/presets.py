"""Presets in a database: named sets of settings, each its owner's alone."""

from __future__ import annotations

import json
import time
from typing import Any

import sqlalchemy as sa

from playground.conversation import new_id
from playground.store.columns import Words
from playground.store.engine import Database
from playground.store.preset_rules import (
    MAX_PRESETS,
    checked_name,
    name_key,
    name_taken,
    too_many,
    written,
)
from playground.store.schema import presets
from playground.store.values import StoredPreset

_p = presets.c


class SqlPresets:
    """The part of the store that keeps presets; see ConversationStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def presets(self, owner: str) -> tuple[StoredPreset, ...]:
        """Return the presets of the owner, by name."""
        query = sa.select(_p.id, _p.name, _p.content, _p.created_at, _p.updated_at, _p.name_key)
        with self._database.read() as connection:
            rows = connection.execute(query.where(_p.owner == owner)).all()
        # Sorted here, so that it is the same order on every database.
        return tuple(
            StoredPreset(row.id, row.name, json.loads(row.content), row.created_at, row.updated_at)
            for row in sorted(rows, key=lambda row: row.name_key)
        )

    def save_preset(self, owner: str, name: str, content: dict[str, Any]) -> str:
        """Keep a preset, in the place of one of that name; see ConversationStore."""
        name, text, now = checked_name(name), written(content), time.time()
        key = name_key(name)
        with self._database.write() as connection:
            _take_turns(connection, owner)
            found = _named(connection, owner, key)
            if found is not None:
                change = {"name": name, "content": text, "updated_at": now}
                connection.execute(sa.update(presets).where(_p.id == found).values(change))
                return found
            count = sa.select(sa.func.count()).select_from(presets).where(_p.owner == owner)
            if connection.execute(count).scalar_one() >= MAX_PRESETS:
                raise too_many()
            row = {"id": new_id(), "owner": owner, "name": name, "name_key": key, "content": text}
            connection.execute(
                sa.insert(presets).values(row | {"created_at": now, "updated_at": now})
            )
            return row["id"]

    def rename_preset(self, owner: str, preset_id: str, name: str) -> bool:
        """Rename a preset; see ConversationStore."""
        name = checked_name(name)
        key = name_key(name)
        with self._database.write() as connection:
            _take_turns(connection, owner)
            if _named(connection, owner, key) not in (None, preset_id):
                # Only of a preset that is there: others are told nothing of names.
                if not _is_there(connection, owner, preset_id):
                    return False
                raise name_taken(name)
            done = connection.execute(
                sa.update(presets)
                .where(_p.id == preset_id, _p.owner == owner)
                .values(name=name, name_key=key, updated_at=time.time())
            )
            return done.rowcount == 1

    def delete_preset(self, owner: str, preset_id: str) -> bool:
        """Delete a preset for good; False if there is no such preset."""
        query = sa.delete(presets).where(_p.id == preset_id, _p.owner == owner)
        with self._database.write() as connection:
            return connection.execute(query).rowcount == 1


def _take_turns(connection: sa.Connection, owner: str) -> None:
    """Let nobody else add or rename a preset of the owner until the end of the transaction."""
    if connection.dialect.name == "postgresql":
        number = sa.func.hashtextextended(sa.literal(f"presets of {owner}", Words), 0)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def _named(connection: sa.Connection, owner: str, key: str) -> str | None:
    return connection.scalar(sa.select(_p.id).where(_p.owner == owner, _p.name_key == key))


def _is_there(connection: sa.Connection, owner: str, preset_id: str) -> bool:
    query = sa.select(_p.id).where(_p.owner == owner, _p.id == preset_id)
    return connection.execute(query).first() is not None

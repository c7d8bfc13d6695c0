"""The stores under test: each test that asks for one runs on all of its kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.store import ConversationStore, MemoryStore
from playground.store.resilient import ResilientStore
from playground.store.sql import SqlStore, open_store
from tests.support.postgres import (
    migrated_template,
    postgres_server,
    postgres_store_url,
    postgres_url,
    running_server,
)

__all__ = ["postgres_server", "postgres_store_url", "postgres_url"]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """Where an SQL store is kept: in SQLite's default place, or in PostgreSQL."""
    if request.param == "sqlite":
        return ""
    found: str = request.getfixturevalue("postgres_store_url")
    return found


@pytest.fixture
def sql_store(url: str, tmp_path: Path) -> Iterator[SqlStore]:
    """A store in a database, empty."""
    store = open_store(url, tmp_path)
    yield store
    store.close()


@pytest.fixture(params=["memory", "sqlite", "postgresql", "resilient"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ConversationStore]:
    """A store of every kind there is, empty."""
    opened: ConversationStore
    match request.param:
        case "memory":
            opened = MemoryStore()
        case "sqlite":
            opened = open_store("", tmp_path)
        case "postgresql":
            opened = open_store(request.getfixturevalue("postgres_store_url"), tmp_path)
        case _:
            opened = ResilientStore(lambda: open_store("", tmp_path))
    yield opened
    opened.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def every_sql(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ConversationStore]:
    """A store in a database for many small tests, each with an owner of its own."""
    if request.param == "sqlite":
        opened = open_store("", tmp_path_factory.mktemp("store"))
        yield opened
        opened.close()
        return
    server = running_server()
    name = server.database(migrated_template())
    opened = open_store(server.url(name), Path())
    yield opened
    opened.close()
    server.drop(name)

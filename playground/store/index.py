"""The index of words: an FTS5 table on SQLite, a column of tsvector on PostgreSQL.

Both are given the words of `playground.store.words`, and each text's words begin with a mark of its
owner, so that a search never walks through what is others'. No word can look like a mark: words
hold no `=`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import sqlalchemy as sa

from playground.store.columns import storable
from playground.store.schema import documents
from playground.store.words import Chunk, Term, chunks_of

#: The turn id under which a title is indexed.
TITLE = ""

_SQLITE_INSERT = sa.text("INSERT INTO search_index (rowid, words) VALUES (:id, :words)")
_POSTGRESQL_INSERT = sa.text(
    "INSERT INTO search_index (id, words) VALUES (:id, CAST(:words AS tsvector))"
)


def put(
    connection: sa.Connection, owner: str, conversation_id: str, texts: Iterable[tuple[str, str]]
) -> None:
    """Index texts, each with its turn id, in place of what was indexed for these turns."""
    texts = list(texts)
    connection.execute(
        sa.delete(documents).where(
            documents.c.conversation_id == conversation_id,
            documents.c.turn_id.in_([turn_id for turn_id, _ in texts]),
        )
    )
    mark = _mark(owner)
    insert = sa.insert(documents).returning(documents.c.id)
    for turn_id, text in texts:
        for chunk in chunks_of(storable(text)):
            row = {
                "conversation_id": conversation_id,
                "turn_id": turn_id,
                "start": chunk.start,
                "end": chunk.end,
            }
            made = connection.execute(insert, row).scalar_one()
            _put_words(connection, made, mark, chunk)


def matching(dialect: str, owner: str, terms: tuple[Term, ...]) -> sa.ColumnElement[bool]:
    """Return the condition that a row of `search_index` is the owner's and holds all `terms`."""
    if dialect == "sqlite":
        asked = " AND ".join([f'"{_mark(owner)}"', *map(_sqlite_term, terms)])
        return sa.literal_column("search_index").op("MATCH")(asked)
    asked = " & ".join([f"'{_mark(owner)}'", *map(_postgresql_term, terms)])
    vector: sa.ColumnElement[str] = sa.literal_column("search_index.words")
    return vector.op("@@")(sa.text("CAST(:asked AS tsquery)").bindparams(asked=asked))


def row_id(dialect: str) -> sa.ColumnElement[int]:
    """Return the column that joins `search_index` to `documents.id`."""
    name = "search_index.rowid" if dialect == "sqlite" else "search_index.id"
    return sa.literal_column(name, sa.BigInteger)


def compact(connection: sa.Connection) -> None:
    """Drop the words of deleted texts from the index for good."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('optimize')")


def _put_words(connection: sa.Connection, made: int, mark: str, chunk: Chunk) -> None:
    if connection.dialect.name == "sqlite":
        words = " ".join((mark, *chunk.words))
        connection.execute(_SQLITE_INSERT, {"id": made, "words": words})
        return
    places: dict[str, list[str]] = {}
    for place, word in enumerate((mark, *chunk.words), start=1):
        places.setdefault(word, []).append(str(place))
    words = " ".join(f"'{word}':{','.join(at)}" for word, at in places.items())
    connection.execute(_POSTGRESQL_INSERT, {"id": made, "words": words})


def _sqlite_term(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + (" *" if term.prefix else "")


def _postgresql_term(term: Term) -> str:
    *whole, last = term.words
    ends = f"'{last}'" + (":*" if term.prefix else "")
    return "(" + " <-> ".join([*(f"'{word}'" for word in whole), ends]) + ")"


def _mark(owner: str) -> str:
    return "=" + hashlib.sha256(owner.encode("utf-8", "surrogatepass")).hexdigest()[:16]

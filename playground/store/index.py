"""The index of words: an FTS5 table on SQLite, a column of tsvector on PostgreSQL.

Both are given the words of `playground.store.words`, and each text's words begin with a mark of its
owner, so that a search never walks through what is others'. No word can look like a mark: words
hold no `=`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from playground.store.columns import storable
from playground.store.schema import documents
from playground.store.words import Term, chunks_of

#: Texts added at once after which it is worth a second to count the words.
MANY = 1000
#: The turn id under which a title is indexed.
TITLE = ""

_INSERT = sa.insert(documents).returning(documents.c.id, sort_by_parameter_order=True)
_SQLITE_INSERT = sa.text("INSERT INTO search_index (rowid, words) VALUES (:id, :words)")
_POSTGRESQL_INSERT = sa.text(
    "INSERT INTO search_index (id, words) VALUES (:id, CAST(:words AS tsvector))"
)


def put(
    connection: sa.Connection, owner: str, conversation_id: str, turn_id: str, text: str
) -> None:
    """Index the text of a turn, or the TITLE, in place of what was indexed for it."""
    connection.execute(
        sa.delete(documents).where(
            documents.c.conversation_id == conversation_id, documents.c.turn_id == turn_id
        )
    )
    add(connection, owner, conversation_id, [(turn_id, text)])


def add(
    connection: sa.Connection, owner: str, conversation_id: str, texts: Iterable[tuple[str, str]]
) -> None:
    """Index texts, each with its turn id, of which nothing was indexed before."""
    chunks = [(turn_id, chunk) for turn_id, text in texts for chunk in chunks_of(storable(text))]
    if not chunks:
        return
    rows = [
        {
            "conversation_id": conversation_id,
            "turn_id": turn_id,
            "start": chunk.start,
            "end": chunk.end,
        }
        for turn_id, chunk in chunks
    ]
    made = connection.scalars(_INSERT, rows)
    words = _sqlite_words if connection.dialect.name == "sqlite" else _postgresql_words
    insert = _SQLITE_INSERT if connection.dialect.name == "sqlite" else _POSTGRESQL_INSERT
    mark = _mark(owner)
    connection.execute(
        insert,
        [
            {"id": document, "words": words((mark, *chunk.words))}
            for document, (_, chunk) in zip(made, chunks, strict=True)
        ],
    )


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


def note_growth(connection: sa.Connection, texts: int) -> None:
    """Have PostgreSQL count its words anew after many texts were added at once.

    It does so by itself within a minute or two. Until then it takes every word for a rare one, or
    for a common one, and a search may take seconds.
    """
    if texts >= MANY and connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ANALYZE search_index, documents, conversations")


def compact(connection: sa.Connection) -> None:
    """Drop the words of deleted texts from the index for good."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('optimize')")


def _sqlite_words(words: Sequence[str]) -> str:
    return " ".join(words)


def _postgresql_words(words: Sequence[str]) -> str:
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words, start=1):
        places.setdefault(word, []).append(str(place))
    return " ".join(f"'{word}':{','.join(at)}" for word, at in places.items())


def _sqlite_term(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + (" *" if term.prefix else "")


def _postgresql_term(term: Term) -> str:
    *whole, last = term.words
    ends = f"'{last}'" + (":*" if term.prefix else "")
    return "(" + " <-> ".join([*(f"'{word}'" for word in whole), ends]) + ")"


def _mark(owner: str) -> str:
    return "=" + hashlib.sha256(owner.encode("utf-8", "surrogatepass")).hexdigest()[:16]

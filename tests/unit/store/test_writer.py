"""Writers who wait at the same time share a commit, and nothing else: neither errors nor half a change."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from playground.store import trees
from playground.store.engine import Database
from playground.store.errors import StoreError, StoreFull
from playground.store.migrate import migrate
from playground.store.turnstile import Turnstile
from tests.support.conversations import prompt

Part = Callable[[sa.Connection], object]


class Group:
    """A database, and threads that wait for its writer at the same time."""

    def __init__(self, root: Path) -> None:
        self.database = Database("", root)
        migrate(self.database)
        self.commits = 0
        self.statements: list[str] = []
        self.returned: list[int] = []
        self.raised: dict[int, BaseException] = {}

        @sa.event.listens_for(self.database.engine, "commit")
        def _commit(_: sa.Connection) -> None:
            self.commits += 1

        @sa.event.listens_for(self.database.engine, "before_cursor_execute")
        def _execute(*arguments: object) -> None:
            self.statements.append(str(arguments[2]))

    def run(self, *parts: Part, alone: frozenset[int] = frozenset()) -> None:
        """Do the first part; while it lasts the others begin to wait, in their order."""
        threads: list[threading.Thread] = []

        def first(connection: sa.Connection) -> None:
            for number, part in enumerate(parts[1:], 1):
                arguments = (number, part, number in alone)
                threads.append(threading.Thread(target=self._write, args=arguments))
                threads[-1].start()
                self.wait_for(number)
            parts[0](connection)

        self.commits = 0
        self.statements.clear()
        self._write(0, first, 0 in alone)
        for thread in threads:
            thread.join()

    def wait_for(self, count: int) -> None:
        """Wait until so many wait for the writer."""
        assert self.database._writer is not None
        deadline = time.monotonic() + 20
        while len(self.database._writer._turnstile._waiting) < count:
            assert time.monotonic() < deadline
            time.sleep(0.001)

    def written(self) -> list[str]:
        """Return what can be read."""
        with self.database.read() as connection:
            names = connection.exec_driver_sql("SELECT model FROM conversation_models")
            return sorted(names.scalars())

    def _write(self, number: int, part: Part, alone: bool) -> None:  # noqa: FBT001 - a thread's
        try:
            with self.database.write(alone=alone) as connection:
                part(connection)
        except BaseException as error:  # noqa: BLE001 - looked at by the test
            self.raised[number] = error
        else:
            self.returned.append(number)


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Group]:
    # However busy the machine: who waits may join.
    monkeypatch.setattr("playground.store.writer.OPEN_FOR", 60.0)
    monkeypatch.setattr("playground.store.writer.OPEN_TIMES", float("inf"))
    found = Group(tmp_path)
    with found.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO conversations (id, owner, title, title_edited, pinned, preview, "
            "created_at, updated_at) VALUES ('c', 'me', '', 0, 0, '', 0, 0)"
        )
    yield found
    found.database.close()


def adds(*names: str) -> Part:
    def add(connection: sa.Connection) -> None:
        for name in names:
            row = ("c", name)
            connection.exec_driver_sql("INSERT INTO conversation_models VALUES (?, ?)", row)

    return add


def fails(connection: sa.Connection) -> None:
    adds("half")(connection)
    raise ZeroDivisionError


def test_all_who_wait_share_one_commit(group: Group) -> None:
    group.run(*(adds(f"{i}") for i in range(9)))
    assert group.commits == 1
    assert sorted(group.returned) == list(range(9))
    assert group.written() == [f"{i}" for i in range(9)]


def test_whoever_is_alone_does_what_it_did_before(group: Group) -> None:
    group.run(adds("1"))
    assert group.commits == 1
    assert len(group.statements) == 1


def test_nobody_returns_and_nothing_is_seen_before_the_commit(group: Group) -> None:
    def look(connection: sa.Connection) -> None:
        adds("3")(connection)
        time.sleep(0.02)  # the others would use it to return
        assert group.returned == []
        assert group.written() == []

    group.run(adds("1"), adds("2"), look)
    assert group.raised == {}
    assert group.written() == ["1", "2", "3"]


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_what_fails_takes_back_its_own_part_and_no_other(group: Group, place: int) -> None:
    parts = [adds(f"{i}") for i in range(4)]
    parts[place] = fails
    group.run(*parts)
    others = [i for i in range(4) if i != place]
    assert sorted(group.returned) == others
    assert {n: type(e) for n, e in group.raised.items()} == {place: ZeroDivisionError}
    assert group.written() == [f"{i}" for i in others]


def test_an_error_of_the_database_is_its_callers_own(group: Group) -> None:
    group.run(adds("1"), adds("2", "1"), adds("3"), adds("3"))
    assert {n: type(e) for n, e in group.raised.items()} == {1: StoreError, 3: StoreError}
    assert group.written() == ["1", "3"]
    group.run(adds("4"), adds("5"))
    assert group.written() == ["1", "3", "4", "5"]


def test_where_the_commit_fails_all_are_told_and_nothing_is_there(group: Group) -> None:
    full = sqlite3.OperationalError("canary")
    full.sqlite_errorcode, full.sqlite_errorname = sqlite3.SQLITE_FULL, "SQLITE_FULL"

    def no_room(_: sa.Connection) -> None:
        raise full

    sa.event.listen(group.database.engine, "commit", no_room)
    group.run(adds("1"), fails, adds("2"), adds("3"))
    sa.event.remove(group.database.engine, "commit", no_room)
    raised = {n: type(e) for n, e in group.raised.items()}
    assert raised == {0: StoreFull, 1: ZeroDivisionError, 2: StoreFull, 3: StoreFull}
    assert len({id(error) for error in group.raised.values()}) == 4
    assert group.written() == []
    # Whoever comes then is not held up by it.
    group.run(adds("4"))
    assert group.written() == ["4"]


def test_who_was_taken_back_with_anothers_part_is_told(group: Group) -> None:
    """As SQLite does it by itself where the disk is full."""

    def taken_back(connection: sa.Connection) -> None:
        connection.exec_driver_sql("ROLLBACK")
        adds("3")(connection)
        raise sqlite3.OperationalError

    group.run(adds("1"), adds("2"), taken_back, adds("4"), adds("5"))
    assert {n: type(e) for n, e in group.raised.items()} == dict.fromkeys((0, 1, 2), StoreError)
    assert sorted(group.returned) == [3, 4]
    assert group.written()[-2:] == ["4", "5"]
    assert "1" not in group.written()


def test_what_was_taken_back_without_a_word_is_not_called_saved(group: Group) -> None:
    def taken_back(connection: sa.Connection) -> None:
        adds("1")(connection)
        connection.exec_driver_sql("ROLLBACK")

    group.run(taken_back)
    assert group.returned == []
    assert isinstance(group.raised[0], StoreError)
    assert group.written() == []


def test_nobody_waits_for_one_who_writes_alone(group: Group) -> None:
    def long(connection: sa.Connection) -> None:
        adds("long")(connection)
        deadline = time.monotonic() + 20
        while sorted(group.returned) != [0, 1]:
            assert time.monotonic() < deadline
            time.sleep(0.001)

    group.run(adds("1"), adds("2"), long, adds("3"), alone=frozenset({2}))
    assert group.raised == {}
    assert group.commits == 3
    assert group.written() == ["1", "2", "3", "long"]


@pytest.mark.parametrize("limit", ["OPEN_FOR", "OPEN_TIMES"])
def test_nobody_joins_a_transaction_that_is_old(
    group: Group, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """Of itself, or beside the time that a commit takes."""
    monkeypatch.setattr(f"playground.store.writer.{limit}", 0.0)
    group.run(*(adds(f"{i}") for i in range(5)))
    assert group.commits == 5
    assert sorted(group.returned) == list(range(5))


def test_a_transaction_that_cannot_begin_fails_one_and_lets_the_next_try(group: Group) -> None:
    begin = group.database._writer._begin  # type: ignore[union-attr] # there is one
    calls: list[int] = []

    def once_in_vain() -> sa.Connection:
        calls.append(1)
        if len(calls) == 2:
            raise sqlite3.OperationalError
        return begin()

    group.database._writer._begin = once_in_vain  # type: ignore[union-attr] # there is one
    group.run(fails, adds("1"), adds("2"))
    assert {n: type(e) for n, e in group.raised.items()} == {0: ZeroDivisionError, 1: StoreError}
    assert group.written() == ["2"]


def test_the_turn_is_passed_on_only_to_the_next_and_only_if_they_join() -> None:
    turnstile = Turnstile()
    assert turnstile.enter(0)
    assert not turnstile.pass_on()
    entered: list[str] = []

    def enter(name: str) -> None:
        assert turnstile.enter(20, joins=name.startswith("joins"))
        entered.append(name)

    threads = []
    for count, name in enumerate(("joins 1", "alone", "joins 2"), 1):
        threads.append(threading.Thread(target=enter, args=(name,)))
        threads[-1].start()
        while len(turnstile._waiting) < count:
            time.sleep(0.001)
    assert turnstile.pass_on()
    threads[0].join()
    assert not turnstile.pass_on()
    turnstile.leave()
    threads[1].join()
    assert turnstile.pass_on()
    threads[2].join()
    turnstile.leave()
    assert entered == ["joins 1", "alone", "joins 2"]
    assert turnstile.enter(0)


def test_the_index_of_words_is_whole_after_parts_were_taken_back(group: Group) -> None:
    """FTS5 holds words back for a while, and has to forget those of a part that failed."""

    def says(name: str, *, then: Part) -> Part:
        def say(connection: sa.Connection) -> None:
            assert trees.extend(connection, "me", name, (prompt(f"words of {name}"),), "p")
            then(connection)

        return say

    chats = [says(f"{i}", then=fails if i % 2 else adds(f"{i}")) for i in range(6)]
    group.run(*chats)
    assert group.commits == 1
    assert sorted(group.raised) == [1, 3, 5]
    with group.database.write() as connection:
        check = "INSERT INTO search_index (search_index) VALUES ('integrity-check')"
        connection.exec_driver_sql(check)
        found = connection.exec_driver_sql(
            "SELECT conversation_id FROM search_index "
            "JOIN documents ON documents.id = search_index.rowid "
            "WHERE search_index MATCH 'words' ORDER BY 1"
        )
        assert list(found.scalars()) == ["0", "2", "4"]

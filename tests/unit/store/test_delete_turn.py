"""A turn is deleted with all that follows it, and nothing else is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.conversation import Conversation, Turn, new_id
from playground.messages import Role
from playground.reply import Reply, Status
from playground.store import ConversationStore, MemoryStore, Wanted
from playground.store.deletion import delete_turn
from playground.store.rebuild import rebuild
from playground.store.replies import save
from playground.store.saver import Place
from playground.store.schema import documents, replies, turns
from playground.store.sql import SqlStore, open_store
from tests.support.conversations import RUN, answer, exchange, plain, prompt

DONE = Reply(text="giraffe", status=Status.COMPLETED)


def forked() -> Conversation:
    """Return a prompt with two replies, the first of which goes on with another exchange."""
    asked = prompt("Capital of zebra?", at=1000.0)
    first = answer("giraffe", asked.id, at=1001.0, model="Phi-3-mini")
    second = answer("elephant", asked.id, at=1002.0, model="Phi-3-small")
    more = prompt("And lion?", first.id, at=1003.0)
    last = answer("tiger", more.id, at=1004.0, model="Phi-3-medium")
    made = Conversation(id=new_id(), created_at=1000.0)
    for turn in (asked, first, second, more, last):
        made = made.with_turn(turn)
    return made


def found(store: ConversationStore, word: str) -> bool:
    return bool(store.find("me", Wanted(query=word)).hits)


def test_a_turn_goes_with_all_that_follows_it(store: ConversationStore) -> None:
    made = forked()
    store.add("me", made)
    asked, first, second, *_ = made.turns
    left = store.delete_turn("me", made.id, first.id)
    assert left is not None
    assert [t.id for t in left.turns] == [asked.id, second.id]
    assert plain(left) == plain(store.get("me", made.id))
    assert left.updated_at == made.updated_at


def test_the_newest_branch_through_the_parent_takes_the_place(store: ConversationStore) -> None:
    made = forked()
    store.add("me", made)
    _, first, second, more, last = made.turns
    for gone, leaf in ((last, more), (more, first), (first, second)):
        left = store.delete_turn("me", made.id, gone.id)
        assert left is not None
        assert left.leaf == leaf.id


def test_the_branch_on_the_page_stays_if_it_does_not_go(store: ConversationStore) -> None:
    made = forked()
    store.add("me", made)
    left = store.delete_turn("me", made.id, made.turns[2].id)
    assert left is not None
    assert left.leaf == made.leaf


def test_without_its_first_prompt_a_conversation_is_what_the_other_begins(
    store: ConversationStore,
) -> None:
    made = forked()
    edited = prompt("Capital of hippo?", at=1005.0)
    store.add("me", replace(made.with_turn(edited), leaf=made.leaf))
    left = store.delete_turn("me", made.id, made.turns[0].id)
    assert left is not None
    assert (left.turns, left.leaf, left.title) == ((edited,), edited.id, "Capital of hippo?")
    (summary,) = store.recent("me", 9)
    assert (summary.title, summary.preview) == ("Capital of hippo?",) * 2
    assert (summary.messages, summary.models) == (1, ())
    assert store.models("me") == ()


def test_a_conversation_may_become_empty_and_go_on(store: ConversationStore) -> None:
    made = forked()
    store.add("me", made)
    left = store.delete_turn("me", made.id, made.turns[0].id)
    assert left is not None
    assert (left.turns, left.leaf, left.title) == ((), None, "")
    assert left.path() == ()
    assert not any(found(store, t.content.split()[-1].strip("?")) for t in made.turns)
    (summary,) = store.recent("me", 9)
    assert (summary.title, summary.preview, summary.messages) == ("", "", 0)
    again = store.append("me", made.id, prompt("Capital of koala?"))
    assert again is not None
    assert again.title == "Capital of koala?"
    assert store.recent("me", 9)[0].preview == "Capital of koala?"


@pytest.mark.parametrize("title", ["By hand", "Capital of zebra?"])
def test_a_title_given_by_hand_stays_and_is_still_found(
    store: ConversationStore, title: str
) -> None:
    made = forked()
    store.add("me", replace(made, title=title, title_edited=True))
    left = store.delete_turn("me", made.id, made.turns[0].id)
    assert left is not None
    assert left.title == title
    assert found(store, title)


def test_what_went_is_found_no_more_and_what_stayed_is(store: ConversationStore) -> None:
    made = forked()
    store.add("me", made)
    store.delete_turn("me", made.id, made.turns[1].id)
    words = ("zebra", "giraffe", "elephant", "lion", "tiger")
    assert [word for word in words if found(store, word)] == ["zebra", "elephant"]
    assert store.models("me") == ("Phi-3-small",)
    assert store.find("me", Wanted(model="Phi-3-mini")).hits == ()


def test_a_model_that_was_asked_elsewhere_too_stays(store: ConversationStore) -> None:
    made = forked()
    store.add("me", made)
    again = answer("Again", made.turns[0].id, model="Phi-3-mini")
    store.append("me", made.id, again)
    store.delete_turn("me", made.id, made.turns[1].id)
    assert store.models("me") == ("Phi-3-mini", "Phi-3-small")


def test_what_is_not_there_or_is_anothers_is_not_deleted(store: ConversationStore) -> None:
    made = forked()
    store.add("me", made)
    store.add("you", yours := forked())
    assert store.delete_turn("you", made.id, made.turns[0].id) is None
    assert store.delete_turn("me", made.id, yours.turns[0].id) is None
    assert store.delete_turn("me", "unknown", made.turns[0].id) is None
    assert plain(store.get("me", made.id)) == plain(made)
    store.delete("me", made.id)
    assert store.delete_turn("me", made.id, made.turns[0].id) is None
    store.undelete("me", made.id)
    assert plain(store.get("me", made.id)) == plain(made)
    assert plain(store.get("you", yours.id)) == plain(yours)


def test_the_same_ids_in_another_conversation_stay(store: ConversationStore) -> None:
    turn = prompt("zebra")
    store.append("me", "c", turn)
    store.append("me", "d", replace(turn, text="zebra in another"))
    store.delete_turn("me", "c", turn.id)
    kept = store.get("me", "d")
    assert kept is not None
    assert [t.text for t in kept.turns] == ["zebra in another"]
    assert found(store, "zebra")


def test_links_that_end_with_what_went_are_closed_and_others_are_not(
    store: ConversationStore,
) -> None:
    made = forked()
    store.add("me", made)
    to_last = store.share("me", made.id)
    store.set_leaf("me", made.id, made.turns[2].id)
    to_second = store.share("me", made.id)
    assert to_last is not None
    assert to_second is not None
    store.delete_turn("me", made.id, made.turns[3].id)
    assert store.open_share(to_last.token) is None
    opened = store.open_share(to_second.token)
    assert opened is not None
    assert [t.content for t in opened.turns] == ["Capital of zebra?", "elephant"]
    closed = {share.id: share.revoked_at is not None for share in store.shares("me")}
    assert closed == {to_last.id: True, to_second.id: False}
    assert not store.revoke("me", to_last.id)


def test_a_reply_that_comes_after_its_turn_went_does_nothing(store: ConversationStore) -> None:
    asked = prompt("Tell me")
    running = Turn(new_id(), asked.id, Role.ASSISTANT, run=RUN, reply=Reply())
    store.append("me", "c", asked, running)
    store.save_reply("me", "c", running.id, Reply(text="gir"))
    store.delete_turn("me", "c", running.id)
    store.save_reply("me", "c", running.id, Reply(text="giraf"))
    store.save_reply("me", "c", running.id, DONE)
    left = store.get("me", "c")
    assert left is not None
    assert [t.id for t in left.turns] == [asked.id]
    assert not found(store, "giraffe")
    assert store.notice() is None


def test_nothing_is_added_below_what_went(store: ConversationStore) -> None:
    made = forked()
    store.add("me", made)
    store.delete_turn("me", made.id, made.turns[3].id)
    before = plain(store.get("me", made.id))
    asked = prompt("Too late", made.turns[4].id)
    assert store.append("me", made.id, asked, answer("x", asked.id)) is None
    assert store.append("me", "unknown", prompt("From nowhere", "nowhere")) is None
    assert plain(store.get("me", made.id)) == before
    assert store.get("me", "unknown") is None
    assert store.set_leaf("me", made.id, made.turns[4].id) is None
    assert store.append("me", made.id, prompt("In time", made.turns[1].id)) is not None


@st.composite
def trees(draw: st.DrawFn) -> Conversation:
    """Return a conversation in which each turn says a word of its own."""
    made = Conversation(created_at=1.0)
    for number in range(draw(st.integers(1, 10))):
        parent = draw(st.sampled_from([None, *(t.id for t in made.turns)]))
        if parent is None or draw(st.booleans()):
            turn = prompt(draw(st.sampled_from(["", f"word{number}x"])), parent)
        else:
            model = draw(st.sampled_from(["mini", "small", "medium"]))
            turn = answer(f"word{number}x", parent, model=model)
        made = made.with_turn(turn)
    if draw(st.booleans()):
        made = replace(made, title="another", title_edited=draw(st.booleans()))
    return replace(made, leaf=draw(st.sampled_from([t.id for t in made.turns])))


def shown(store: ConversationStore, owner: str) -> object:
    hits = [
        {e.turn_id for h in store.find(owner, Wanted(query=word)).hits for e in h.excerpts}
        for word in ("another", *(f"word{n}x" for n in range(10)))
    ]
    return (plain(tuple(store.everything(owner))), store.recent(owner, 9), hits)


@settings(max_examples=40)
@given(made=trees(), picks=st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_a_database_deletes_what_the_value_does(
    every_sql: ConversationStore, made: Conversation, picks: list[int]
) -> None:
    """All that can be seen afterwards is as if what went had never been there."""
    owner, memory, wanted = new_id(), MemoryStore(), made
    every_sql.add(owner, made)
    memory.add(owner, made)
    for pick in picks:
        gone = made.turns[pick % len(made.turns)].id
        there = wanted.turn(gone) is not None
        wanted = wanted.without_turn(gone)
        for store in (every_sql, memory):
            left = store.delete_turn(owner, made.id, gone)
            assert plain(left) == (plain(wanted) if there else None)
        assert shown(every_sql, owner) == shown(memory, owner)
        assert wanted.turns == tuple(t for t in made.turns if t in wanted.turns)
        assert (wanted.leaf is None) == (not wanted.turns)
        path = wanted.path()
        assert not path or path[0].parent is None


def test_the_index_is_as_if_it_were_made_anew(sql_store: SqlStore) -> None:
    for title, edited in (("", False), ("By hand", True), ("Imported", False)):
        made = forked()
        made = replace(made, title=title or made.title, title_edited=edited)
        sql_store.add("me", made)
        sql_store.delete_turn("me", made.id, made.turns[0 if edited else 1].id)
    before = _indexed(sql_store)
    with sql_store._database.write() as connection:
        rebuild(connection)
    assert before == _indexed(sql_store)


def _indexed(store: SqlStore) -> set[tuple[str, str]]:
    d = documents.c
    with store._database.read() as connection:
        words = connection.execute(sa.text("SELECT count(*) FROM search_index")).scalar_one()
        rows = connection.execute(sa.select(d.conversation_id, d.turn_id)).all()
    assert words == len(rows)
    return {(row[0], row[1]) for row in rows}


# Two at the same time: on PostgreSQL, where writers do not all take turns.


@pytest.fixture
def shared(postgres_store_url: str, tmp_path: Path) -> SqlStore:
    store = open_store(postgres_store_url, tmp_path)
    asked = prompt("Tell me")
    running = Turn("running", asked.id, Role.ASSISTANT, run=RUN, reply=Reply())
    store.append("me", "c", asked, running)
    return store


def test_a_reply_that_is_saved_while_its_turn_goes_is_saved_nowhere(shared: SqlStore) -> None:
    with shared._database.write() as connection:
        assert delete_turn(connection, "me", "c", "running")
        thread = _waiting(shared, lambda: shared.save_reply("me", "c", "running", DONE))
    _ended(thread)
    _nothing_is_left(shared)


def test_a_turn_that_goes_while_its_reply_is_saved_takes_it_along(shared: SqlStore) -> None:
    with shared._database.write() as connection:
        # In the middle of saving: the turn is held, and its words are not indexed yet.
        query = sa.select(turns.c.id).where(turns.c.id == "running")
        connection.execute(query.with_for_update(read=True, key_share=True))
        thread = _waiting(shared, lambda: shared.delete_turn("me", "c", "running"))
        save(connection, Place("me", "c", "running"), DONE, "p")
    _ended(thread)
    _nothing_is_left(shared)


def test_no_branch_is_shown_that_goes_at_the_same_time(shared: SqlStore) -> None:
    with shared._database.write() as connection:
        assert delete_turn(connection, "me", "c", "running")
        thread = _waiting(shared, lambda: shared.set_leaf("me", "c", "running"))
    _ended(thread)
    _nothing_is_left(shared)


def test_nothing_is_added_below_what_goes_at_the_same_time(shared: SqlStore) -> None:
    with shared._database.write() as connection:
        assert delete_turn(connection, "me", "c", "running")
        more = prompt("More", "running")
        thread = _waiting(shared, lambda: shared.append("me", "c", more))
    _ended(thread)
    _nothing_is_left(shared)


class _Thread(threading.Thread):
    """Does something, and keeps what it raises."""

    def __init__(self, action: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._action = action
        self.raised: Exception | None = None

    def run(self) -> None:
        try:
            self._action()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells
            self.raised = error


def _waiting(store: SqlStore, action: Callable[[], object]) -> _Thread:
    """Return a thread that does something, once it waits for another's lock."""
    thread = _Thread(action)
    thread.start()
    query = sa.text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )

    deadline = time.monotonic() + 20
    while True:
        assert thread.is_alive()
        assert time.monotonic() < deadline
        with store._database.read() as connection:
            if connection.execute(query).scalar_one():
                return thread
        time.sleep(0.01)


def _ended(thread: _Thread) -> None:
    thread.join(20)
    assert not thread.is_alive()
    assert thread.raised is None


def _nothing_is_left(store: SqlStore) -> None:
    left = store.get("me", "c")
    assert left is not None
    assert [t.text for t in left.turns] == ["Tell me"]
    assert left.leaf == left.turns[0].id
    with store._database.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(replies)).scalar() == 0
        assert connection.execute(sa.select(sa.func.count()).select_from(turns)).scalar() == 1
    assert not found(store, "giraffe")
    store.close()


def test_a_whole_exchange_is_deleted_by_its_prompt(store: ConversationStore) -> None:
    made = exchange("zebra", "giraffe")
    store.add("me", made)
    left = store.delete_turn("me", made.id, made.turns[0].id)
    assert left is not None
    assert left.turns == ()

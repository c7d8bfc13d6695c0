"""Lists and searches: the same answers from every store."""

# ruff: noqa: RUF001 - letters of other scripts are what is tested here

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from playground.conversation import Conversation, Turn, new_id
from playground.messages import Role
from playground.reply import Reply, Status
from playground.store import ConversationStore, Wanted
from playground.store.sql import open_store
from playground.store.values import PREVIEW_LENGTH
from tests.support.conversations import RUN, answer, exchange, prompt


def test_a_list_tells_what_a_conversation_is(store: ConversationStore) -> None:
    made = exchange("  First\nline  " + "x" * 300, "reply", at=1000.0, model="Phi-3-medium")
    store.add("me", replace(made, pinned=True))
    store.append("me", made.id, answer("again", made.turns[0].id, at=2000.0, model="Phi-3-mini"))
    (summary,) = store.recent("me", 5)
    assert summary.preview == ("First line " + "x" * 300)[:PREVIEW_LENGTH]
    assert summary.models == ("Phi-3-medium", "Phi-3-mini")
    assert (summary.created_at, summary.updated_at) == (1000.0, 2000.0)
    assert (summary.messages, summary.pinned, summary.title) == (3, True, made.title)


def test_pages_follow_each_other_without_gap_or_overlap(store: ConversationStore) -> None:
    # Some of the same moment: the order among them must hold from page to page.
    made = [exchange(f"Number {i} word", "x", at=1000.0 + i // 3) for i in range(20)]
    store.add("me", *made)
    for query in ("", "word"):
        seen: list[str] = []
        after = None
        while True:
            found = store.find("me", Wanted(query=query), limit=6, after=after)
            seen += [hit.summary.id for hit in found.hits]
            after = found.more
            if after is None:
                break
            assert len(found.hits) == 6
        assert len(seen) == 20
        assert set(seen) == {c.id for c in made}
        times = [next(c.updated_at for c in made if c.id == i) for i in seen]
        assert query or times == sorted(times, reverse=True)


@pytest.mark.parametrize("after", ["", "x", "[]", "[1]", "{}", '["a","b"]', "-1", "1e9", "null"])
def test_a_place_nobody_gave_out_is_no_fault(store: ConversationStore, after: str) -> None:
    store.add("me", exchange("One", "1"))
    for query in ("", "one"):
        assert store.find("me", Wanted(query=query), after=after).more is None


def test_filters_hold_together(store: ConversationStore) -> None:
    old = exchange("old word", "x", at=1000.0, model="A")
    new = exchange("new word", "x", at=2000.0, model="A")
    pinned = replace(exchange("pinned word", "x", at=3000.0, model="B"), pinned=True)
    store.add("me", old, new, pinned)

    def titles(wanted: Wanted) -> list[str]:
        with_query = store.find("me", replace(wanted, query="word")).hits
        plain = store.find("me", wanted).hits
        assert [h.summary.title for h in with_query] == [h.summary.title for h in plain]
        return [h.summary.title for h in plain]

    assert titles(Wanted()) == ["pinned word", "new word", "old word"]
    assert titles(Wanted(model="A")) == ["new word", "old word"]
    assert titles(Wanted(since=2001.0)) == ["pinned word", "new word"]
    assert titles(Wanted(until=2001.0)) == ["old word"]
    assert titles(Wanted(since=1001.0, until=2001.0)) == ["old word"]
    assert titles(Wanted(pinned=True)) == ["pinned word"]
    assert titles(Wanted(pinned=True, model="A")) == []


QUERIES = {
    "any case": ("PARIS", "in paris, today"),
    "a beginning": ("capit", "the capital"),
    "all words, in any order": ("today paris", "Paris is nice today"),
    "without the umlaut": ("muller", "Herr Müller"),
    "with an umlaut written in two": ("mu\u0308ller", "Herr Müller"),
    "of text written in two": ("müller", "Herr Mu\u0308ller"),
    "sharp s": ("strasse", "die Straße"),
    "a phrase": ('"nice today"', "Paris is nice today"),
    "a phrase with typographic quotes": ("„nice today“", "Paris is nice today"),
    "a phrase being typed": ('"nice tod', "Paris is nice today"),
    "one Chinese character": ("京", "我住在北京市"),
    "two Chinese characters": ("北京", "我住在北京市"),
    "Japanese": ("東京タワー", "昨日東京タワーへ行った"),
    "Korean, inside a word": ("울역", "서울역에서"),
    "Thai": ("ประเทศ", "เมืองหลวงของประเทศไทย"),
    "Cyrillic, any case": ("МОСКВА", "Москва — столица"),
    "Greek, accents aside": ("αθηνα", "Η Αθήνα"),
    "Arabic, vowel points aside": ("كتاب", "هذا كِتَاب"),
    "Hebrew": ("שלום", "שָׁלוֹם לך"),
    "an identifier": ("get_user", "call get_user_name()"),
    "a dotted name": ("os.path", "import os.path.join"),
    "C++": ("c++", "in C++ and C"),
    "C#": ("C#", "in C#, always"),
    "an emoji": ("🚀", "to the moon 🚀!"),
    "a number": ("2026", "in 2026."),
    "a full-width letter": ("ABC", "ＡＢＣ"),
    "a ligature": ("office", "oﬃce"),
    "a quotation mark inside": ("don't", "I don’t know, I don't"),
    "what looks like a command": ("NEAR(a b) OR *", "near a b or c"),
}


@pytest.mark.parametrize(("query", "text"), QUERIES.values(), ids=QUERIES)
def test_a_search_finds(every_sql: ConversationStore, query: str, text: str) -> None:
    owner = new_id()
    every_sql.add(owner, exchange("Question", text), exchange("Other", "Something else"))
    found = every_sql.find(owner, Wanted(query=query)).hits
    assert [h.excerpts[0].role for h in found] == [Role.ASSISTANT]
    marked = [piece.text for piece in found[0].excerpts[0].pieces if piece.marked]
    assert marked
    assert all(part in text for part in marked)


MISSES = {
    "the middle of a word": ("apital", "the capital"),
    "half a word in a closed phrase": ('"nice tod"', "nice today"),
    "words in another order in a phrase": ('"today nice"', "nice today"),
    "one of two words": ("nice tomorrow", "nice today"),
    "C when C++ is wanted": ("c++", "in C only"),
    "nothing but punctuation": ("++ -- *", "a ++ b -- c *"),
    "an empty phrase": ('""', "anything"),
    "another owner's mark": ("=", "a = b"),
}


@pytest.mark.parametrize(("query", "text"), MISSES.values(), ids=MISSES)
def test_a_search_does_not_find(every_sql: ConversationStore, query: str, text: str) -> None:
    owner = new_id()
    every_sql.add(owner, exchange("Question", text))
    assert every_sql.find(owner, Wanted(query=query)).hits == ()


def test_the_newest_places_are_shown_and_the_title_first(store: ConversationStore) -> None:
    asked = prompt("word zero")
    made = Conversation(id=new_id()).with_turn(asked)
    for i in range(5):
        made = made.with_turn(answer(f"word {i}", asked.id, at=1000.0 + i))
    store.add("me", made)
    (hit,) = store.find("me", Wanted(query="word")).hits
    assert [e.turn_id for e in hit.excerpts] == [t.id for t in reversed(made.turns[-3:])]
    store.rename("me", made.id, "A word to say")
    (hit,) = store.find("me", Wanted(query="word")).hits
    assert (hit.excerpts[0].turn_id, hit.excerpts[0].role) == (None, None)
    assert [p.text for p in hit.excerpts[0].pieces] == ["A ", "word", " to say"]


def test_a_new_title_takes_the_place_of_the_old_in_the_search(store: ConversationStore) -> None:
    store.append("me", "c", prompt("Hello"))
    store.rename("me", "c", "Giraffes")
    store.rename("me", "c", "Elephants")
    assert store.find("me", Wanted(query="giraffes")).hits == ()
    assert len(store.find("me", Wanted(query="elephants")).hits) == 1


def test_a_reply_is_found_once_it_has_ended(store: ConversationStore) -> None:
    asked = prompt("Tell me")
    running = Turn(new_id(), asked.id, Role.ASSISTANT, run=RUN, reply=Reply())
    store.append("me", "c", asked, running)
    store.save_reply("me", "c", running.id, Reply(text="a giraffe"))
    assert store.find("me", Wanted(query="giraffe")).hits == ()
    ended = Reply(text="a giraffe and more", status=Status.COMPLETED)
    store.save_reply("me", "c", running.id, ended)
    store.save_reply("me", "c", running.id, ended)
    (hit,) = store.find("me", Wanted(query="giraffe")).hits
    assert len(hit.excerpts) == 1


def test_deleted_conversations_are_not_found(store: ConversationStore) -> None:
    made = exchange("giraffe", "elephant")
    store.add("me", made)
    store.delete("me", made.id)
    assert store.find("me", Wanted(query="giraffe")).hits == ()
    store.undelete("me", made.id)
    assert len(store.find("me", Wanted(query="giraffe")).hits) == 1


def test_a_very_long_message_is_found_at_both_ends(every_sql: ConversationStore) -> None:
    owner = new_id()
    # More words than PostgreSQL keeps places of, and one of them more often than it keeps places.
    text = "giraffe at the start " + "the filler " * 20_000 + " with an elephant at the end"
    every_sql.add(owner, exchange("Question", text))
    for query in ('"giraffe at the start"', "elephant", '"elephant at the end"'):
        (hit,) = every_sql.find(owner, Wanted(query=query)).hits
        marked = [p.text for p in hit.excerpts[0].pieces if p.marked]
        assert marked == [query.strip('"')]


def test_text_with_words_longer_than_any_index_takes(every_sql: ConversationStore) -> None:
    owner = new_id()
    every_sql.add(owner, exchange("Question", "A" * 5000 + " giraffe " + "日" * 5000))
    assert len(every_sql.find(owner, Wanted(query="giraffe")).hits) == 1
    assert len(every_sql.find(owner, Wanted(query="A" * 300)).hits) == 1


def test_postgresql_counts_its_words_after_many_were_added(
    postgres_store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.store.index.MANY", 20)
    store = open_store(postgres_store_url, tmp_path)
    counted = sa.text("SELECT count(*) FROM pg_stats WHERE tablename = 'search_index'")

    def columns() -> int:
        with store._database.read() as connection:
            return int(connection.execute(counted).scalar_one())

    store.add("me", exchange("few", "words"))
    assert columns() == 0
    store.add("me", *(exchange(f"many {i}", "words") for i in range(10)))
    assert columns() > 0
    store.close()


def test_a_common_word_does_not_hide_a_conversation_with_few(every_sql: ConversationStore) -> None:
    owner = new_id()
    rare = exchange("giraffe", "x", at=1.0)
    asked = prompt("giraffe")
    crowd = Conversation(id=new_id()).with_turn(asked)
    for _ in range(400):
        crowd = crowd.with_turn(answer("giraffe again", asked.id))
    every_sql.add(owner, rare, crowd)
    found = every_sql.find(owner, Wanted(query="giraffe"), limit=5)
    assert [h.summary.id for h in found.hits] == [crowd.id, rare.id]

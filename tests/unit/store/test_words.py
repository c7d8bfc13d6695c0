"""How text becomes words, and what of it is shown for a search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.store.excerpts import BEFORE, LENGTH, excerpt
from playground.store.values import Piece
from playground.store.words import (
    CHUNK,
    MAX_QUERY,
    MAX_TERMS,
    MAX_WORD,
    Term,
    chunks_of,
    terms_of,
    words_of,
)


def test_words_are_folded_and_know_their_place() -> None:
    text = "Die Straße, C++!"
    assert [(w.text, text[w.start : w.end]) for w in words_of(text)] == [
        ("die", "Die"),
        ("strasse", "Straße"),
        ("c++", "C++"),
    ]


def test_what_folds_to_nothing_is_no_word() -> None:
    assert [w.text for w in words_of("\u0640 a\u0640b")] == ["ab"]


def test_places_that_overlap_are_one() -> None:
    found = excerpt("the new york times", terms_of('"new york" york "york times"'))
    assert [p.text for p in found if p.marked] == ["new york times"]


def test_a_query_becomes_terms() -> None:
    assert terms_of('foo.bar "New York" 東京 baz') == (
        Term(("foo", "bar"), prefix=True),
        Term(("new", "york"), prefix=False),
        Term(("東", "京"), prefix=True),
        Term(("baz",), prefix=True),
    )


def test_a_query_is_bounded() -> None:
    assert len(terms_of(" ".join(f"w{i}" for i in range(50)))) == MAX_TERMS
    assert terms_of("x" * (MAX_QUERY * 2)) == (Term(("x" * MAX_WORD,), prefix=True),)


@given(st.text())
def test_no_word_holds_what_means_something_to_a_database(text: str) -> None:
    for word in words_of(text):
        assert word.text
        assert len(word.text) <= MAX_WORD
        assert not set(word.text) & set("'\"\\:*&|!()<>=^-{}, \t\n\0_")


@given(st.text(min_size=1))
def test_every_word_of_a_text_finds_it(text: str) -> None:
    for word in list(words_of(text))[:20]:
        found = excerpt(text, (Term((word.text,), prefix=False),))
        assert any(piece.marked for piece in found)


@given(st.lists(st.sampled_from(["word", "Straße", "東", "\n", "…", " "]), max_size=30))
def test_chunks_make_up_the_whole_text(parts: list[str]) -> None:
    text = " ".join(parts)
    chunks = list(chunks_of(text))
    assert [w for c in chunks for w in c.words] == [w.text for w in words_of(text)]


def test_a_long_text_is_cut_between_words() -> None:
    text = "alpha beta, " * CHUNK
    chunks = list(chunks_of(text))
    assert "".join(text[c.start : c.end] for c in chunks) == text
    assert [len(c.words) for c in chunks] == [CHUNK, CHUNK]
    assert all(text[c.start : c.end].rstrip(" ,").endswith(c.words[-1]) for c in chunks)


def test_an_excerpt_shows_the_place_and_some_text_around_it() -> None:
    text = "start " * 50 + "the needle\nin\t\tthe hay" + " end" * 100
    found = excerpt(text, terms_of("needle"))
    assert found[0].text.startswith("…start")
    assert found[1] == Piece("needle", marked=True)
    assert found[2].text.startswith(" in the hay end")
    assert found[2].text.endswith("…")
    assert sum(len(p.text) for p in found) <= LENGTH + 2
    assert len(found[0].text) <= BEFORE + 1


def test_an_excerpt_begins_with_a_whole_word() -> None:
    found = excerpt("abcdefghij " * 20 + "needle", terms_of("needle"))
    assert found[0].text.startswith("…abcdefghij ")


@pytest.mark.parametrize("text", ["", "nothing here", "needl", "needle"])
def test_an_excerpt_without_one_of_the_terms_is_empty(text: str) -> None:
    assert excerpt(text, terms_of("needle hay")) == ()


def test_a_phrase_longer_than_an_excerpt_is_shown_whole() -> None:
    phrase = "long " * 80 + "phrase"
    (piece,) = [p for p in excerpt(f"a {phrase} b", terms_of(f'"{phrase[:MAX_QUERY]}')) if p.marked]
    assert len(piece.text) >= MAX_QUERY - 5


@given(st.text(), st.text(max_size=20))
def test_an_excerpt_is_text_of_the_message_on_one_line(text: str, query: str) -> None:
    found = excerpt(text, terms_of(query))
    shown = "".join(p.text for p in found).strip("…")
    assert "\n" not in shown
    squeezed = " ".join("".join(" " if c.isspace() else c for c in text).split())
    assert " ".join(shown.split()) in squeezed

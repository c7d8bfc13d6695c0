"""What is read off a comparison: tables, charts, differences and the tally, as they are drawn."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from components.blind_tally import tally_table
from components.compare_diff import marked
from components.compare_results import repeats_table, rows_of, table_of
from playground.connections import Price
from playground.rounds import rounds
from playground.votes import for_none, for_winner, tally
from playground.word_diff import Where, word_diff
from tests.support.comparisons import full, held, said

LABELS = {"pane_a": "Phi-3 mini 4k", "pane_b": "Phi-3 medium 4k · *0.25*"}
PRICES = {"local": Price(1.0, 2.0, "EUR")}


def test_the_table_marks_the_best_and_says_what_is_not_known() -> None:
    first, second = full().rounds
    table = table_of(first, rows_of(first, PRICES), LABELS)
    assert table["Pane"][1].startswith("Phi\\-3 medium 4k")
    assert "\\*0\\.25\\*" in table["Pane"][1], "a name is text"
    assert table["First token"] == ["**0.50 s** :material/star:", "0.80 s"]
    assert table["Tokens out"] == ["40", "80"]
    assert table["Cost"][0].startswith("**")
    assert "EUR" in table["Cost"][0]
    failed = table_of(second, rows_of(second, {}), LABELS)
    assert "Cost" not in failed
    assert failed["First token"][0] == failed["Tokens out"][0] == "\u2014"
    assert failed["Tokens out"][1] == "\\~1"
    assert not any("star" in cell for column in failed.values() for cell in column)


def test_repeated_answers_have_a_likeness_and_a_spread() -> None:
    asked, one = said("pane_a", 1, "the sky is blue")
    same = replace(one, id="second")
    other = replace(said("pane_a", 1, "the sea is blue today")[1], id="third")
    conversation = replace(held("pane_a", asked, one, same, other), leaf=one.id)
    (only,) = rounds(["pane_a"], {"pane_a": conversation})
    table = repeats_table(only, {}, LABELS)
    assert table["Answers"] == ["3"]
    assert table["Likeness of words"] == ["67% (67% to 100%)"]
    assert table["Words"] == ["4 (4 to 5)"]


def test_the_tally_says_when_votes_are_too_few() -> None:
    order = ("pane_b", "pane_a")
    votes = [for_winner(str(n), order, 0) for n in range(9)]
    few = tally_table(tally(votes, ("pane_a", "pane_b")), LABELS)
    assert few["Win rate"] == ["too few to tell"] * 2
    votes.append(for_none("9", order, bad=True))
    table = tally_table(tally(votes, ("pane_a", "pane_b")), LABELS)
    assert table["Win rate"] == ["0% (0% to 28%)", "90% (60% to 98%)"]
    assert (table["Wins"], table["Losses"], table["All bad"]) == (
        ["0", "9"],
        ["9", "0"],
        ["1", "1"],
    )
    assert table["n"] == ["10", "10"]


#: What marks a difference, and what keeps text from being found as an icon or an address.
_MARKS = (":red-background[", ":green-background[", "]", "\u2060", "\u00a0", "*", "~")


def bare(text: str) -> str:
    """Return a text without marks and white space."""
    for mark in _MARKS:
        text = text.replace(mark, "")
    return "".join(text.split())


_HOSTILE = st.text(
    st.sampled_from(list("ab \n*_~`#<>[]()!|$:\\-=+1.&;\t")), max_size=40
) | st.sampled_from(["<script>alert(1)</script>", "![x](http://a/b)", ":material/home:", "$x$"])


@given(_HOSTILE, _HOSTILE)
def test_a_difference_shows_texts_and_nothing_of_them_is_markup(first: str, second: str) -> None:
    diff = word_diff(first, second)
    parser = MarkdownIt("commonmark", {"html": True}).enable("strikethrough")
    for side, text in ((Where.FIRST, first), (Where.SECOND, second)):
        shown = "".join(
            child.content if child.type == "text" else " "
            for token in parser.parse(marked(diff.of(side)))
            for child in token.children or ()
            if child.type in ("text", "softbreak", "hardbreak")
        )
        kinds = {
            kind
            for token in parser.parse(marked(diff.of(side)))
            for kind in (token.type, *(child.type for child in token.children or ()))
        }
        allowed = {"paragraph_open", "paragraph_close", "inline", "text", "softbreak", "hardbreak"}
        assert kinds <= allowed | {"s_open", "s_close", "strong_open", "strong_close"}
        assert bare(shown) == bare(text)

"""Two texts word by word."""

from __future__ import annotations

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from playground.word_diff import MAX_PIECES, Where, word_diff

_TEXTS = st.text("ab \n.,*'é中\t\u200b", max_size=60)


@given(_TEXTS, _TEXTS)
def test_both_texts_can_be_put_together_again(first: str, second: str) -> None:
    diff = word_diff(first, second)
    assert "".join(s.text for s in diff.of(Where.FIRST)) == first
    assert "".join(s.text for s in diff.of(Where.SECOND)) == second
    assert diff.same == (first == second)


def test_changed_words_stand_together() -> None:
    diff = word_diff("The sky is very blue today.", "The sky is dark red today.")
    assert [(s.where.value, s.text) for s in diff.stretches] == [
        ("both", "The sky is "),
        ("first", "very blue"),
        ("second", "dark red"),
        ("both", " today."),
    ]
    assert (diff.words(Where.FIRST), diff.words(Where.SECOND)) == (2, 2)


def test_a_hundred_kilobytes_take_a_second_at_most() -> None:
    """Two texts of the same words in other orders: the worst that answers can be."""
    chance = random.Random(1)  # noqa: S311 - the same texts each time
    words = [f"word{n}" for n in range(700)]

    def text() -> str:
        return " ".join(chance.choice(words) for _ in range(16_000))[:100_000]

    first, second = text(), text()
    took = []
    for _ in range(3):  # the best of three: the machine may be busy
        began = time.process_time()
        assert not word_diff(first, second).cut
        took.append(time.process_time() - began)
    assert min(took) < 1


def test_what_would_take_too_long_is_cut_and_said() -> None:
    diff = word_diff("a," * MAX_PIECES, "b")
    assert diff.cut
    assert not diff.same

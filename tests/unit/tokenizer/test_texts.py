"""How many tokens a text is for each model: counted for mini and medium, converted for small."""

from __future__ import annotations

import time

import pytest

from playground.catalog import load_catalog
from playground.tokenizer import Tokenizer, count_text, texts, tokenizer_of

MINI, SMALL = Tokenizer.MINI_AND_MEDIUM, Tokenizer.SMALL

# Texts with the tokens that cl100k_base itself (tiktoken 0.14) makes of them.
CL100K = {
    "The quick brown fox jumps over the lazy dog, and nobody minds. It was a bright cold day.": 21,
    "Alle Menschen sind frei und gleich an Würde und Rechten geboren und mit Vernunft begabt.": 23,
    "Все люди рождаются свободными и равными в своем достоинстве и правах.": 35,  # noqa: RUF001 - Russian
    "人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。": 52,
    "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.": 41,
    "def mean(values):\n    if not values:\n        return None\n    return sum(values)\n": 18,
    "1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072\n3.14159, 2.71828, 1.41421, 0.57721": 53,
}


def test_mini_and_medium_share_a_vocabulary_and_small_has_another() -> None:
    assert [tokenizer_of(model) for model in load_catalog()] == [MINI] * 2 + [SMALL] * 2 + [
        MINI
    ] * 2
    assert (MINI.shipped, SMALL.shipped) == (True, False)


@pytest.mark.parametrize(("text", "tokens"), CL100K.items())
def test_small_is_estimated_within_a_fifth_even_for_a_sentence(text: str, tokens: int) -> None:
    assert abs(count_text(text, SMALL) - tokens) <= 0.2 * tokens


def test_small_is_estimated_within_a_twentieth_for_a_mixture() -> None:
    total = sum(CL100K.values())
    assert abs(sum(count_text(text, SMALL) for text in CL100K) - total) <= 0.05 * total


def test_an_empty_text_is_no_token() -> None:
    assert [count_text("", tokenizer) for tokenizer in Tokenizer] == [0, 0]


def test_a_text_counted_once_is_not_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a text that no other test has"
    count = count_text(text, MINI)
    monkeypatch.setattr(texts, "_sum", lambda *_: 0)
    assert count_text(text, MINI) == count
    assert count_text(text, SMALL) == 0  # the other tokenizer's count is another


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_counted", {})
    monkeypatch.setattr(texts, "_MAX_COUNTED", 3)
    for number in range(10):
        count_text(f"number {number}", MINI)
    assert len(texts._counted) <= 3


@pytest.mark.parametrize("tokenizer", Tokenizer)
@pytest.mark.parametrize(
    "unit", ["abcXYZ09+/" * 8, "我想在工作", " ", "word ", "x" * 30 + " "], ids=repr
)
def test_a_text_of_a_megabyte_is_counted_in_part_and_still_about_right(
    unit: str, tokenizer: Tokenizer
) -> None:
    some = unit * (20_000 // len(unit))
    megabyte = some * (1_000_000 // len(some))
    began = time.perf_counter()
    count = count_text(megabyte, tokenizer)
    took = time.perf_counter() - began
    expected = count_text(some, tokenizer) * (len(megabyte) / len(some))
    assert abs(count - expected) <= 0.02 * expected
    assert took < 10  # some 0.1 to 0.5 s; all of it would take many times as long

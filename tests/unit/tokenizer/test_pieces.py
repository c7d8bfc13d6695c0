"""Counting with Phi-3's own vocabulary, against what llama.cpp and SentencePiece count."""

from __future__ import annotations

import hashlib

import pytest

from playground.tokenizer.pieces import VOCABULARY_FILE, count_word, vocabulary, words


def count(text: str) -> int:
    return sum(count_word(word) for word in words(text))


# Texts and counts of llama.cpp's own test of this vocabulary (models/ggml-vocab-phi-3.gguf.out).
LLAMA_CPP = [
    ("", 0),
    (" ", 1),
    ("   ", 1),
    ("\t", 2),
    ("\n\n\n", 4),
    ("Hello world", 2),
    (" Hello World!", 4),
    ("    Hello\n    Hello", 5),
    ("3333", 5),
    ("333333333", 10),
    ("Cửa Việt", 8),
    ("\n =", 3),
    ("' era", 2),
    (" this is 🦙.cpp", 10),
    ("нещо на Български", 6),
    ("w048 7tuijk dsdfhu", 11),
    ("Hello, y'all! How are you 😁 ?我想在apple工作1314151天～", 30),  # noqa: RUF001 - theirs
    ("ied 4 ½ months", 7),
]


@pytest.mark.parametrize(("text", "tokens"), LLAMA_CPP)
def test_a_text_has_as_many_tokens_as_llama_cpp_makes_of_it(text: str, tokens: int) -> None:
    assert count(text) == tokens


def test_each_piece_of_the_vocabulary_is_one_token() -> None:
    ranks = vocabulary()
    assert len(ranks) == 31_741
    assert [piece for piece in ranks if count_word(piece) != 1] == []


def test_the_vocabulary_is_the_one_that_was_published() -> None:
    ranks = list(vocabulary())
    assert (ranks[0], ranks[1], ranks[-1]) == ("▁▁", "▁t", "给")
    digest = hashlib.sha256("".join(f"{piece}\n" for piece in ranks).encode()).hexdigest()
    assert digest == "0f05abe45bb36146883aaf60c8d7299ee0a81e92d9eca10422f1165d4cffe7a0"


def test_the_vocabulary_comes_with_its_licence() -> None:
    licence = VOCABULARY_FILE.with_name("LICENSE").read_text(encoding="utf-8")
    assert "MIT License" in licence
    assert "Microsoft Corporation" in licence


def test_a_character_without_a_piece_is_as_many_tokens_as_it_has_bytes() -> None:
    # The space that is put in front is one of them.
    assert [count(c) for c in "ឥ\U0001f9a4\ud800"] == [4, 5, 4]


@pytest.mark.parametrize("text", ["a b", "  a\n b  ", "▁ ▁", "12 34", "a" * 40])
def test_the_parts_are_the_text(text: str) -> None:
    assert "".join(words(text)) == "▁" + text.replace(" ", "▁")

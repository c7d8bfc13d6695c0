"""The splitter that stands in for a tokenizer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playground.demo.tokens import count, count_messages, split
from playground.messages import Message, Role


@given(st.text())
def test_tokens_joined_are_the_text_again(text: str) -> None:
    assert "".join(split(text)) == text


@given(st.text())
def test_counting_agrees_with_splitting(text: str) -> None:
    assert count(text) == len(split(text))


def test_tokens_are_about_words() -> None:
    assert split("The capital of France is **Paris**.") == [
        "The", " capital", " of", " France", " is", " **", "Paris", "**", ".",
    ]  # fmt: skip


def test_a_long_word_is_several_tokens_and_so_is_a_long_number() -> None:
    assert split(" internationalisation") == [" internat", "ionalisa", "tion"]
    assert split("1234567") == ["123", "456", "7"]


def test_other_scripts_count_one_token_a_letter() -> None:
    assert split("你好") == ["你", "好"]


def test_a_prompt_counts_the_markers_of_its_template() -> None:
    message = Message(Role.USER, "Hello there")
    assert count_messages((message, message)) == 2 * (2 + 3)

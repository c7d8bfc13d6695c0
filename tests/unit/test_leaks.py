"""Leaked template markers are cut from the view, counted, and left alone in code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.leaks import MARKERS, without_markers


@pytest.mark.parametrize("marker", MARKERS)
def test_each_marker_is_cut_and_counted(marker: str) -> None:
    cleaned = without_markers(f"Paris.{marker}{marker} Really.")
    assert (cleaned.text, cleaned.markers) == ("Paris. Really.", 2)


@pytest.mark.parametrize(
    "text",
    [
        "The marker `<|end|>` ends a turn.",
        "``a <|end|> ` b``",
        "```\n<|user|>\nHi<|end|>\n```\nafter",
        "~~~text\n<|end|>",
        "a < b | c > d",
        "<|other|>",
    ],
)
def test_code_and_other_text_stay(text: str) -> None:
    cleaned = without_markers(text)
    assert (cleaned.text, cleaned.markers) == (text, 0)


def test_a_marker_after_code_is_cut() -> None:
    assert without_markers("```\nx<|end|>\n```\nDone.<|end|>").text == "```\nx<|end|>\n```\nDone."


@given(st.text("ab<|end>` \n", max_size=60), st.sampled_from(MARKERS), st.integers(1, 12))
def test_a_growing_text_never_shows_a_piece_of_a_marker(
    before: str, marker: str, length: int
) -> None:
    shown = without_markers(before + marker[:length], growing=True).text
    if length < len(marker):
        assert not any(shown.endswith(m[:n]) for m in MARKERS for n in range(1, len(m)))


@given(st.text("ab<|end>` \n", max_size=80))
def test_nothing_but_markers_is_taken(text: str) -> None:
    cleaned = without_markers(text)
    assert len(text) - len(cleaned.text) == cleaned.markers * len("<|end|>")

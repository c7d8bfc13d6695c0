"""Splitting a growing reply: nothing lost, nothing redrawn."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.markdown import Blocks, BlockSplitter, split_blocks

LINES = (
    "a", "- x", "1. y", "2. k", "12) q", "* ", "  - n", "```", "  ```", "~~~", "$$", "$$ x", "x $$",
    "\\[", "\\]", "\\[ a", "b \\]", "b \\] c", "- $$", "> q", "> ```", "# h", "---", "===",
    "| a | b |", "|--|--|", "", "  ", "\t", "    code", "   z", "[a]: http://x", "'ti", "tle'",
)  # fmt: skip
ENDINGS = ("\n", "\n", "\n\n", "\r\n", "\r", "")
texts = st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(ENDINGS)), max_size=12).map(
    lambda lines: "".join(line + ending for line, ending in lines)
)


@given(texts | st.text())
def test_parts_joined_are_the_text(text: str) -> None:
    whole = split_blocks(text)
    assert "".join(whole.finished) + whole.tail == text
    assert not whole.tail.strip(" \t\r\n")


@given(texts, st.data())
def test_finished_blocks_never_change(text: str, data: st.DataObject) -> None:
    """However the text arrives, what was finished on the way begins the final split."""
    stops = data.draw(st.lists(st.integers(0, len(text)), max_size=20).map(sorted))
    splitter, final = BlockSplitter(), split_blocks(text)
    for stop in stops:
        parts = splitter.feed(text[:stop])
        assert "".join(parts.finished) + parts.tail == text[:stop]
        assert parts.finished == final.finished[: len(parts.finished)]
    assert splitter.feed(text, final=True) == final


def test_a_run_that_starts_over_is_split_from_its_beginning() -> None:
    splitter = BlockSplitter()
    assert splitter.feed("a\n\nb") == Blocks(("a\n\n",), "b")
    assert splitter.feed("c\n\nd") == Blocks(("c\n\n",), "d")


@pytest.mark.parametrize(
    ("text", "finished"),
    [
        ("a", ()),
        ("a\n", ()),
        ("a\n\n", ("a\n\n",)),
        ("a\n# b\n", ("a\n", "# b\n")),
        ("a\n# b", ()),
        ("# a\r", ()),
        ("# a\r\n", ("# a\r\n",)),
        ("```\na\n\n", ()),
        ("```\na\n```\n", ("```\na\n```\n",)),
        ("````\n```\n\n", ()),
        ("$$\na\n\n", ()),
        ("$$\na\n$$\n", ("$$\na\n$$\n",)),
        ("\\[\na\n\\]\n", ("\\[\na\n\\]\n",)),
        ("- a\n\n", ()),
        ("- a\n\n- b\n\n  c\n\nd\n", ("- a\n\n- b\n\n  c\n\n",)),
        ("3. a\n\n```\nx\n```\n4. b\n", ("3. a\n\n", "```\nx\n```\n")),
        ("> a\n\n", ("> a\n\n",)),
        ("| a |\n|-|\n| 1 |\n", ()),
        ("| a |\n|-|\n| 1 |\n\n", ("| a |\n|-|\n| 1 |\n\n",)),
        ("a\n===\n", ("a\n===\n",)),
        ("---\n", ("---\n",)),
        ("    a\n\n", ()),
        ("[a]: b\n", ()),
    ],
)
def test_what_is_finished(text: str, finished: tuple[str, ...]) -> None:
    """A block is, as soon as a complete line shows that it ended, and not before."""
    assert BlockSplitter().feed(text).finished == finished


@pytest.mark.parametrize(
    "line",
    ["a word or two\n", "- item\n", "1. item\n", "> quote\n", "| a | b |\n", "\n"],
)
def test_a_long_block_is_not_read_again_at_each_line(line: str) -> None:
    """Fifty thousand characters in a thousand calls: read again each time, it takes minutes."""
    text = ("| a | b |\n|-|-|\n" if line[0] == "|" else "") + line * (50_000 // len(line))
    splitter = BlockSplitter()
    began = time.process_time()
    for end in range(0, len(text), 50):
        splitter.feed(text[:end])
    assert time.process_time() - began < 50

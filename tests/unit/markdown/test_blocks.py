"""Splitting a growing reply: nothing lost, nothing redrawn."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playground.markdown import BlockSplitter, split_blocks

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

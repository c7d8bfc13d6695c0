"""One line for lists and titles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.markdown import plain_preview


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# Title\n\n**Bold** and `code`", "Title Bold and code"),
        ("- a\n- [b](https://x.example)\n1. ![c](d)", "a b c"),
        ("> quote\n```py\nx = 1\n```", "quote x = 1"),
        ("snake_case __init__ 2*3", "snake_case init 23"),
        ("costs $5 \\* &amp; a\u202eb\u200bc\ud800", "costs $5 * & a[U+202E]bc\ufffd"),
        ("", ""),
    ],
)
def test_marks_are_left_out(text: str, line: str) -> None:
    assert plain_preview(text, 80) == line


def test_what_is_too_long_ends_with_an_ellipsis() -> None:
    assert plain_preview("one two three", 8) == "one two…"
    assert plain_preview("one", 3) == "one"
    assert plain_preview("one", 0) == ""


@given(st.text(), st.integers(0, 40))
def test_never_longer_than_asked(text: str, limit: int) -> None:
    line = plain_preview(text, limit)
    assert len(line) <= limit
    assert "\n" not in line

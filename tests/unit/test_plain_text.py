"""Which text from outside is taken as it is."""

from __future__ import annotations

import pytest

from playground.plain_text import is_honest, is_line, is_text


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Grüße, 你好, 👩‍👩‍👧", (True, True, True)),
        ("مرحبا\u200f", (True, True, True)),
        ("two\nlines\tand\r\n", (True, True, False)),
        ("a\u202eb", (True, False, False)),
        ("a\u2066b", (True, False, False)),
        ("a\u200bb", (True, True, False)),
        ("a\U000e0041b", (True, True, False)),
        ("a\x00b", (False, False, False)),
        ("a\x1bb", (False, False, False)),
        ("a\x85b", (False, False, False)),
        ("a\ud800b", (False, False, False)),
    ],
)
def test_text_is_told_apart_by_what_it_holds(text: str, taken: tuple[bool, bool, bool]) -> None:
    assert (is_text(text), is_honest(text), is_line(text)) == taken

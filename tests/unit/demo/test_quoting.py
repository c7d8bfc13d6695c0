"""What people wrote is quoted so that nothing in it is taken for Markdown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playground.demo.quoting import LONGEST_QUOTE, fenced, quoted


@given(st.text(alphabet="ab` \n", min_size=1))
def test_no_backtick_in_a_quote_can_end_it(text: str) -> None:
    quote = quoted(text)
    marks = len(quote) - len(quote.lstrip("`"))
    inner = quote[marks : len(quote) - marks]
    assert "`" * marks not in inner
    assert "\n" not in quote


def test_a_quote_is_shortened() -> None:
    assert quoted("x" * 500) == f"`{'x' * LONGEST_QUOTE}…`"


def test_backticks_at_the_ends_have_room() -> None:
    assert quoted("`a`") == "`` `a` ``"


@given(st.text(alphabet="ab`~\n"))
def test_no_line_of_a_fenced_text_can_end_it(text: str) -> None:
    opening, *lines, closing = fenced(text, "md").split("\n")
    assert opening == f"{closing}md"
    assert all(closing not in line for line in lines)

"""Names and messages are drawn as the characters they are, whatever Markdown would make of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from components.notices import escaped, sentence

#: As Streamlit's parser, which also takes addresses for links, and tables and strikethrough.
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

#: What Streamlit makes something of after Markdown was parsed, in the text that is then there.
LATER = re.compile(
    r":[a-z0-9_+-]+(/[a-z0-9_]+)?:"  # emoji and icons
    r"|:[a-z-]+\["  # colours and badges
    r"|https?://|www\.|[\w.+-]@[\w-]"  # addresses
    r"|(?:^|\s)(?:<->|->|<-|--|>=|<=|~=)(?:\s|$)",  # arrows and dashes
    re.IGNORECASE,
)

#: Pieces of which Markdown is made, and plain ones between.
PIECES = st.sampled_from(
    [
        *"\\`*_{}[]()<>#+-.!|~$^=&:;\"'/@% \t\n\r0123456789abw",
        *("```", "**", "~~", "$$", "---", "===", "1. ", "- ", "# ", "> ", "    ", "| - |", "\n\n"),
        *("![", "](", "http://", "https://", "www.", "a@b.org", "<b>", "<!--", "&amp;", "&#58;"),
        *(":red[", ":material/x:", ":smile:", ":streamlit:", "->", "<->", ">=", "[^1]", "[x]: "),
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=20).map("".join))


def parsed(markdown: str) -> tuple[list[str], str]:
    """Return the kinds of elements in `markdown`, and its text."""
    tokens = PARSER.parse(markdown)
    leaves = [leaf for token in tokens for leaf in (token.children or [])]
    kinds = [t.type for t in (*tokens, *leaves) if t.type not in ("inline", "text")]
    return kinds, "".join(texts(leaves))


def texts(leaves: Iterable[Token]) -> list[str]:
    return [leaf.content for leaf in leaves if leaf.type == "text"]


def visible(text: str) -> str:
    """Return `text` as a browser shows it: blanks are one, and a joiner has no width."""
    return " ".join(text.replace("\u2060", "").replace("\0", "\ufffd").split())


@given(TEXTS)
@example("1. a list")
@example("12) a list")
@example("    code")
@example("\r\r# heading")
@example("a\n---")
@example("<->")
@example("www.example.com and me@example.com")
@example("a &amp; b &#x58;")
@example("| a | b |\n|---|---|\n| c | d |")
def test_no_construct_of_markdown_survives(text: str) -> None:
    kinds, shown = parsed(escaped(text))
    assert kinds in (["paragraph_open", "paragraph_close"], [])
    assert visible(shown) == visible(text)


@given(TEXTS)
def test_none_survives_within_a_sentence(text: str) -> None:
    """As names are used: in bold, between words."""
    kinds, shown = parsed(f"before **x{escaped(text)}x** after")
    assert kinds == ["paragraph_open", "paragraph_close", "strong_open", "strong_close"]
    assert visible(shown) == visible(f"before x{' '.join(text.split())}x after")


@given(TEXTS)
@example(":material/delete: :smile: :red-badge[ADMIN] :streamlit:")
@example("a -> b <- c -- d >= e <= f ~= g <-> h")
@example("HTTPS://EXAMPLE.ORG WWW.example.org a.b+c@example.org")
def test_nothing_is_left_that_streamlit_looks_for_in_plain_text(text: str) -> None:
    _, shown = parsed(escaped(text))
    assert LATER.search(shown) is None


@pytest.mark.parametrize("text", ["Phi-3 mini 4k", "naïve 日本語 🎉", "a  b"])
def test_ordinary_text_stays_readable(text: str) -> None:
    assert visible(parsed(escaped(text))[1]) == visible(text)


@given(TEXTS)
def test_a_sentence_of_ours_shows_commands_as_code_and_nothing_else(text: str) -> None:
    """What a server said may be filled in, with backticks of its own."""
    kinds, shown = parsed(f"**{sentence(f'Run `ollama pull x` for {text}.')}**")
    assert set(kinds) <= {
        "paragraph_open",
        "paragraph_close",
        "strong_open",
        "strong_close",
        "code_inline",
    }
    if "`" not in text:
        assert kinds.count("code_inline") == 1
        assert visible(shown) == visible(f"Run  for {text}.")


def test_blanks_around_commands_are_kept() -> None:
    assert sentence("Call `a b`, `c` or `d` now.") == "Call `a b`\\, `c` or `d` now\\."
    assert sentence("An odd ` is a character.") == "An odd \\` is a character\\."

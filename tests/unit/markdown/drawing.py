"""Drawing Markdown with a parser that is not the one under test, to see what is left of it."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from playground.markdown.output import BREAK

# Punctuation like what it stands for, so that emphasis beside it is read alike.
_BREAK = "\N{REVERSED QUESTION MARK}"
_PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def tokens(markdown: str) -> Iterator[Token]:
    """Yield all tokens of `markdown`, inline ones among them."""
    for token in _PARSER.parse(markdown.replace(BREAK, _BREAK)):
        yield token
        yield from token.children or ()


def shown(markdown: str) -> str:
    """Return the text that a reader of `markdown` sees, with single spaces."""
    text = ("text", "code_inline", "fence", "code_block", "html_inline", "html_block")
    parts = [
        token.content if token.type in text else "" if token.nesting else " "
        for token in tokens(markdown)
        if token.type != "inline"
    ]
    return " ".join("".join(parts).replace(_BREAK, "").split())


def links(markdown: str) -> list[str]:
    """Return where the links of `markdown` lead."""
    return [str(token.attrGet("href")) for token in tokens(markdown) if token.type == "link_open"]


def code(markdown: str) -> list[str]:
    """Return the contents of the blocks of code in `markdown`."""
    return [token.content for token in tokens(markdown) if token.type in ("fence", "code_block")]

"""Untrusted Markdown made safe for `st.markdown`, or shown as it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from playground.markdown.characters import encodable
from playground.markdown.code import fenced
from playground.markdown.grammar import normalize_newlines, parse_blocks, too_deep
from playground.markdown.writer import write

#: Beyond these a block is shown as plain text, since a browser needs seconds for it: characters
#: outside code in all and in one paragraph, and tokens (a list item has five, a table cell three).
MAX_BLOCK = 100_000
MAX_PARAGRAPH = 20_000
MAX_TOKENS = 15_000
#: Characters that are looked at for structure at all, unless they begin as code.
MAX_PARSED = 200_000

_FENCE = re.compile(r"\s* {0,3}(?:`{3}|~{3})")


def safe_markdown(block: str) -> str:
    """Return Markdown that draws `block` as a reader expects, for `unsafe_allow_html=False`.

    Any text is accepted. What is nested too deep or too long for a browser is shown as it stands.
    The result is blank where there is nothing to draw.
    """
    text = normalize_newlines(encodable(block))
    if len(text) > MAX_PARSED and not _FENCE.match(text):
        return "\n".join(fenced(text))
    tokens = parse_blocks(text)
    if too_deep(tokens) or _too_much(tokens):
        return "\n".join(fenced(text))
    return write(tokens)


def _too_much(tokens: Sequence[Token]) -> bool:
    lengths = [len(token.content) for token in tokens if token.type == "inline"]
    return (
        len(tokens) > MAX_TOKENS
        or sum(lengths) > MAX_BLOCK
        or max(lengths, default=0) > MAX_PARAGRAPH
    )

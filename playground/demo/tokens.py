"""Tokens as the demo counts them: a word, a few digits or a few signs each.

The splitter stands in for a tokenizer. English comes out at about 1.3 tokens a word, which is what
the tokenizer of Phi-3 does; the counts are consistent with themselves and no more than that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from playground.messages import Message

#: The markers a chat template puts around a message: role, line break, end.
MARKERS_PER_MESSAGE = 3

_TOKEN = re.compile(
    r" ?[A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff]{1,8}"
    r"| ?[0-9]{1,3}"
    r"| ?[!-/:-@\[-`{-~]{1,2}"
    r"|\n+"
    r"| {2,}"
    r"|.",
    re.DOTALL,
)


def split(text: str) -> list[str]:
    """Return the tokens of `text`; joined, they are `text` again."""
    return _TOKEN.findall(text)


def count(text: str) -> int:
    """Return how many tokens `text` is."""
    return sum(1 for _ in _TOKEN.finditer(text))


def count_messages(messages: Iterable[Message]) -> int:
    """Return how many tokens a prompt of these messages is, template markers included."""
    return sum(count(m.content) + MARKERS_PER_MESSAGE for m in messages)

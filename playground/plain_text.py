"""Text from outside that is taken as it is, or not at all."""

from __future__ import annotations

import re

from playground.markdown.characters import UNSEEN

# Line breaks and tabs are text; lone surrogates cannot be sent as UTF-8.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# What makes a line read otherwise than it is written.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNSEEN = re.compile(f"[{UNSEEN}\x00\ud800-\udfff\n\r\t]")


def is_text(text: str) -> bool:
    """Whether `text` is free of control characters; line breaks and tabs may be in it."""
    return not _CONTROL.search(text)


def is_honest(text: str) -> bool:
    """Whether `text` is free of control characters and of those that reorder what is read."""
    return is_text(text) and not _REORDERING.search(text)


def is_line(text: str) -> bool:
    """Whether `text` is one line in which everything can be seen."""
    return not _UNSEEN.search(text)

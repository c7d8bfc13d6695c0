"""Quotes what someone wrote, so that nothing in it is taken for Markdown."""

from __future__ import annotations

import re

#: Characters of a prompt that are quoted back.
LONGEST_QUOTE = 160


def quoted(text: str) -> str:
    """Return `text` as one line of inline code, shortened to LONGEST_QUOTE characters."""
    line = " ".join(text.split())
    if len(line) > LONGEST_QUOTE:
        line = line[:LONGEST_QUOTE].rstrip() + "…"
    marks = "`" * (_longest_run(line) + 1)
    # Markdown takes one space off each side where there is one on both.
    room = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{marks}{room}{line}{room}{marks}"


def fenced(text: str, language: str = "") -> str:
    """Return `text` as a code block, whatever backticks are in it."""
    marks = "`" * max(3, _longest_run(text) + 1)
    return f"{marks}{language}\n{text}\n{marks}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)

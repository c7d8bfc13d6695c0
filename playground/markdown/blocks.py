"""A growing reply as finished blocks, which never change again, and a tail.

The split depends on the text alone, not on how it arrived: it is decided line by line, from
complete lines only, and a decision once made is never taken back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from markdown_it.token import Token

from playground.markdown.grammar import normalize_newlines, parse_blocks

_LINE_END = re.compile(r"\r\n?|\n")
_FENCE_CLOSE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*\Z")

#: Blocks whose last line tells that they end there.
_SELF_CLOSING = frozenset({"heading_open", "hr", "maths"})
#: Blocks that a blank line ends; of the others only a next block tells that they ended.
_BLANK_CLOSED = frozenset({"paragraph_open", "table_open", "blockquote_open", "definition"})

# Lines that do not end a block of a kind, so that a long one is not read again at each of them.
# Reading again too late costs a longer tail for a moment, and never another split.
_GOES_ON = {
    "": re.compile(r"[ \t]*\Z"),
    "paragraph_open": re.compile(r"[ \t]*[^\W\d_]"),
    "blockquote_open": re.compile(r" {0,3}>"),
    "fence": re.compile(r"(?![ \t]*(?:`{3}|~{3}))"),
    "maths_open": re.compile(r"(?!.*(?:\$\$|\\\]))"),
    "bullet_list_open": re.compile(r"[ \t]|\Z|[-+*][ \t]"),
    "ordered_list_open": re.compile(r"[ \t]|\Z|\d{1,9}[.)][ \t]"),
    "table_open": re.compile(r"[ \t]*\|"),
}


@dataclass(frozen=True, slots=True)
class Blocks:
    """A text in parts: `finished` and `tail` joined are the text, to the character."""

    finished: tuple[str, ...]
    tail: str


def split_blocks(text: str) -> Blocks:
    """Split a text that is complete. The tail is blank: what comes after the last block."""
    return BlockSplitter().feed(text, final=True)


class BlockSplitter:
    """Splits a text that grows; each call costs time in the length of the tail only."""

    def __init__(self) -> None:
        self._text = ""
        self._finished: tuple[str, ...] = ()
        self._start = 0  # of the tail
        self._seen = 0  # up to where complete lines have been looked at
        self._open = ""  # kind of the block that was not finished when they were

    def feed(self, text_so_far: str, *, final: bool = False) -> Blocks:
        """Return the parts of `text_so_far`, which begins with the text of the call before.

        A text that does not (a run that starts over) is split from its beginning. `final` says
        that no more comes: then every block is finished.
        """
        if not text_so_far.startswith(self._text):
            self._finished, self._start, self._seen, self._open = (), 0, 0, ""
        self._text = text_so_far
        end = len(text_so_far) if final else _complete_lines(text_so_far, self._seen)
        if final or self._may_end_before(end):
            split = _split(text_so_far[self._start : end], final=final)
            if split.blocks:
                self._finished += split.blocks
                self._start += sum(map(len, split.blocks))
            self._open = split.open_kind
        self._seen = end
        return Blocks(self._finished, text_so_far[self._start :])

    def _may_end_before(self, end: int) -> bool:
        if end == self._seen:
            return False
        goes_on = _GOES_ON.get(self._open)
        if goes_on is None:
            return True
        new = normalize_newlines(self._text[self._seen : end]).removesuffix("\n")
        return not all(goes_on.match(line) for line in new.split("\n"))


@dataclass(frozen=True, slots=True)
class _Split:
    blocks: tuple[str, ...]
    open_kind: str  # of the block after them that may go on; "" if there is none


def _complete_lines(text: str, start: int) -> int:
    """Return where the last complete line of text[start:] ends; `start` if there is none."""
    # A carriage return at the very end may be half of a line ending.
    end = len(text) - 1 if text.endswith("\r") else len(text)
    return max(text.rfind("\n", start, end), text.rfind("\r", start, end), start - 1) + 1


def _split(text: str, *, final: bool) -> _Split:
    starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
    if starts[-1] != len(text):
        starts.append(len(text))
    count = len(starts) - 1
    normal = normalize_newlines(text)
    lines = normal.split("\n")[:count]
    tokens = [token for token in parse_blocks(normal) if token.level == 0 and token.nesting >= 0]
    cuts, open_kind = [0], ""
    for token, following in zip_longest(tokens, tokens[1:]):
        line = _cut(token, following, lines)
        if line is None and not final:
            open_kind = token.type
            break
        cuts.append(starts[count if line is None else line])
    return _Split(tuple(text[a:b] for a, b in pairwise(cuts)), open_kind)


def _cut(token: Token, following: Token | None, lines: list[str]) -> int | None:
    """Return the line before which the block of `token` ends; None while it may go on."""
    start, end = token.map or (0, 0)
    while end > start and not lines[end - 1].strip(" \t"):
        end -= 1
    if token.type in _SELF_CLOSING or (token.type == "fence" and _closed(token, lines[start:end])):
        return end
    if token.type in _BLANK_CLOSED and end < len(lines) and not lines[end].strip(" \t"):
        return end + 1
    return None if following is None or following.map is None else following.map[0]


def _closed(fence: Token, lines: list[str]) -> bool:
    found = _FENCE_CLOSE.match(lines[-1])
    return len(lines) > 1 and found is not None and found[1].startswith(fence.markup)

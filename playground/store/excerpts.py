"""The text around what was found."""

from __future__ import annotations

from playground.store.values import Piece
from playground.store.words import Term, places, words_of

#: Characters shown before the first place, and in all.
BEFORE = 40
LENGTH = 200


def excerpt(text: str, terms: tuple[Term, ...]) -> tuple[Piece, ...]:
    """Return the text around the first places of `terms`, on one line; () if one is missing."""
    spans = places(list(words_of(text)), terms)
    if not spans:
        return ()
    start = _word_start(text, spans[0][0])
    end = min(len(text), max(start + LENGTH, spans[0][1]))
    pieces = [Piece("…")] if start else []
    at = start
    for left, right in spans:
        if right > end:
            break
        pieces += [Piece(text[at:left]), Piece(text[left:right], marked=True)]
        at = right
    pieces.append(Piece(text[at:end]))
    if end < len(text):
        pieces.append(Piece("…"))
    return _tidy(pieces)


def _word_start(text: str, first: int) -> int:
    start = max(0, first - BEFORE)
    if start == 0:
        return 0
    space = text.find(" ", start, first)
    return start if space < 0 else space + 1


def _tidy(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Put everything on one line, and join neighbours of the same kind."""
    found: list[Piece] = []
    for piece in pieces:
        text = "".join(" " if c.isspace() else c for c in piece.text)
        while "  " in text:
            text = text.replace("  ", " ")
        if found and found[-1].marked == piece.marked:
            found[-1] = Piece(found[-1].text + text, piece.marked)
        elif text:
            found.append(Piece(text, piece.marked))
    return tuple(found)

"""Two texts word by word: what stands in both, what only in the one or the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Indel

#: Words, spaces and marks of each text that are compared, some 150 kB of prose; the time it takes
#: grows with the square of it, to half a second for two texts that have nothing in common.
MAX_PIECES = 50_000

# A word with what follows it up to the next, a line break by itself, or white space at a beginning.
_PIECES = re.compile(r"\n|[^\S\n]+|[\w'’-]+|[^\w\s]", re.UNICODE)  # noqa: RUF001 - an apostrophe


class Where(StrEnum):
    """In which of the two texts something stands."""

    BOTH = "both"
    FIRST = "first"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text that stands in both, or in one of them only."""

    where: Where
    text: str


@dataclass(frozen=True, slots=True)
class WordDiff:
    """The stretches in the order in which they are read.

    Attributes:
        cut: whether only the beginning of a text was compared.
    """

    stretches: tuple[Stretch, ...]
    cut: bool = False

    def of(self, side: Where) -> tuple[Stretch, ...]:
        """Return what makes up one of the texts (FIRST or SECOND), in order."""
        return tuple(s for s in self.stretches if s.where in (Where.BOTH, side))

    @property
    def same(self) -> bool:
        """Whether the texts are the same."""
        return not self.cut and all(s.where is Where.BOTH for s in self.stretches)

    def words(self, where: Where) -> int:
        """Return how many words stand there."""
        return sum(len(s.text.split()) for s in self.stretches if s.where is where)


def word_diff(first: str, second: str) -> WordDiff:
    """Return what differs; each text can be put together again from the stretches.

    It is a longest common subsequence of words, spaces and marks (Indel, rapidfuzz).
    """
    before, after = _PIECES.findall(first), _PIECES.findall(second)
    cut = max(len(before), len(after)) > MAX_PIECES
    stretches = tuple(_smoothed(_joined(before[:MAX_PIECES], after[:MAX_PIECES])))
    return WordDiff(stretches, cut)


def _joined(before: list[str], after: list[str]) -> Iterator[Stretch]:
    for code in Indel.opcodes(before, after):
        match code.tag:
            case "equal":
                yield Stretch(Where.BOTH, "".join(before[code.src_start : code.src_end]))
            case "delete":
                yield Stretch(Where.FIRST, "".join(before[code.src_start : code.src_end]))
            case _:
                yield Stretch(Where.SECOND, "".join(after[code.dest_start : code.dest_end]))


def _smoothed(stretches: Iterator[Stretch]) -> Iterator[Stretch]:
    """Yield the stretches with spaces between two changes made part of them.

    Else a passage that was written anew would be read as many words with the same spaces between.
    """
    first = second = ""
    for stretch in stretches:
        if stretch.where is Where.FIRST:
            first += stretch.text
        elif stretch.where is Where.SECOND:
            second += stretch.text
        elif (first or second) and stretch.text.isspace() and "\n" not in stretch.text:
            first += stretch.text
            second += stretch.text
        else:
            yield from _change(first, second)
            first = second = ""
            yield stretch
    yield from _change(first, second)


def _change(first: str, second: str) -> Iterator[Stretch]:
    if first == second:
        if first:
            yield Stretch(Where.BOTH, first)
        return
    if first:
        yield Stretch(Where.FIRST, first)
    if second:
        yield Stretch(Where.SECOND, second)

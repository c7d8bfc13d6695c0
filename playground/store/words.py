"""Search: how text becomes words, and when a query is found in it.

The same on every database, because both are given words that were cut and folded here:

- case and accents do not matter: `muller` finds Müller, `STRASSE` finds Straße;
- a word is found by its beginning: `donau` finds Donaudampfschiff, `dampf` does not;
- "in quotes", words must stand next to each other and be whole;
- Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese are found by any part, from one character;
- `get_user` and `foo.bar` are found as written, and so are `C++`, `C#` and emoji;
- all words of a query must stand in the same message, in any order; in a very long message, within
  the same CHUNK words.

Other punctuation is not searched.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

#: Words that are indexed together. PostgreSQL knows 16,383 places in a text, and 256 of each word.
CHUNK = 4000
#: Longer words (encoded data, mostly) are cut; PostgreSQL takes 2,046 bytes at most.
MAX_WORD = 64
MAX_TERMS = 12
MAX_QUERY = 400

# Scripts that put no spaces between words, and emoji: each character is a word.
_SINGLE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u3005-\u3007\u3041-\u309f\u30a1-\u30ff\u3105-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
    "\u2600-\u27bf\U0001f300-\U0001faff"
)
# Accents and vowel points written as characters of their own: part of a word, and ignored.
_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
_WORD = re.compile(rf"[{_SINGLE}]|(?:[^\W_{_SINGLE}][{_MARKS}]*)+(?:[+#]{{1,2}}(?!\w))?")
_IGNORED = re.compile(f"[{_MARKS}\u0640]")
_FOREIGN = re.compile(rf"[^\w+#{_SINGLE}]|_")
_QUOTED = re.compile(r'["“”„«»]([^"“”„«»]*)(["“”„«»]|$)|([^\s"“”„«»]+)')


class Word(NamedTuple):
    """A folded word, and where it stands in the text it was cut from."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must follow each other; `prefix` if the last may be the beginning of one."""

    words: tuple[str, ...]
    prefix: bool


@dataclass(frozen=True, slots=True)
class Chunk:
    """The words between two places of a text; the chunks of a text make up the whole."""

    start: int
    end: int
    words: tuple[str, ...]


def words_of(text: str) -> Iterator[Word]:
    """Cut `text` into words."""
    for match in _WORD.finditer(text):
        if folded := _folded(match.group()):
            yield Word(folded, match.start(), match.end())


def chunks_of(text: str) -> Iterator[Chunk]:
    """Cut `text` into pieces of at most CHUNK words; none if there is no word in it."""
    start = 0
    found: list[str] = []
    # Most texts are one chunk: where its words stand is only needed for the others.
    if len(plain := _WORD.findall(text)) <= CHUNK:
        found = [folded for word in plain if (folded := _folded(word))]
        if found:
            yield Chunk(0, len(text), tuple(found))
        return
    end = 0
    for word in words_of(text):
        if len(found) == CHUNK:
            yield Chunk(start, end, tuple(found))
            start, found = end, []
        found.append(word.text)
        end = word.end
    yield Chunk(start, len(text), tuple(found))


def terms_of(query: str) -> tuple[Term, ...]:
    """Return what must be found for `query`; nothing if there is no word in it."""
    found: list[Term] = []
    for quoted, close, plain in _QUOTED.findall(query[:MAX_QUERY]):
        words = tuple(w.text for w in words_of(quoted or plain))
        # A quotation that is still being typed may end in half a word.
        term = Term(words, prefix=not (quoted and close))
        if words and term not in found:
            found.append(term)
    return tuple(found[:MAX_TERMS])


def places(words: list[Word], terms: tuple[Term, ...]) -> list[tuple[int, int]]:
    """Return where in the text `terms` stand, in order and without overlaps.

    Empty if one of the terms is missing.
    """
    found: list[tuple[int, int]] = []
    for term in terms:
        own = _places_of(words, term)
        if not own:
            return []
        found += own
    return _merged(sorted(found))


def _places_of(words: list[Word], term: Term) -> list[tuple[int, int]]:
    *whole, last = term.words
    before = len(whole)
    return [
        (words[i - before].start, word.end)
        for i, word in enumerate(words)
        if (word.text.startswith(last) if term.prefix else word.text == last)
        and i >= before
        and all(words[i - before + j].text == text for j, text in enumerate(whole))
    ]


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@functools.lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()[:MAX_WORD]
    plain = _IGNORED.sub("", unicodedata.normalize("NFKD", word.casefold()))
    folded = unicodedata.normalize("NFKC", plain).casefold()
    return _FOREIGN.sub("", folded)[:MAX_WORD]

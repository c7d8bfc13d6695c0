"""How alike answers are: a similarity of their words, which says nothing of what they mean."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

#: Words of a text that are looked at: two texts of so many take about a tenth of a second.
MAX_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Spread:
    """Some figures as one: the lowest, the middle one and the highest.

    Attributes:
        deviation: the standard deviation of the sample; 0 for one figure alone.
        n: how many figures there are.
    """

    low: float
    median: float
    high: float
    mean: float
    deviation: float
    n: int


def spread(values: Iterable[float | None]) -> Spread | None:
    """Return the spread of the values that are known; None if none is."""
    known = sorted(v for v in values if v is not None)
    if not known:
        return None
    deviation = statistics.stdev(known) if len(known) > 1 else 0.0
    middle, mean = statistics.median(known), statistics.fmean(known)
    return Spread(known[0], middle, known[-1], mean, deviation, len(known))


def likeness(first: str, second: str) -> float:
    """Return the share of words that two texts have in common in the same order, from 0 to 1.

    It is twice the number of common words by the number of all words (Indel similarity, rapidfuzz);
    1 for texts of the same words, and for two empty ones.
    """
    words = first.split()[:MAX_WORDS], second.split()[:MAX_WORDS]
    return float(Indel.normalized_similarity(*words))


def likeness_of_all(texts: Sequence[str]) -> Spread | None:
    """Return how alike each two of the texts are; None for fewer than two."""
    return spread(likeness(a, b) for a, b in itertools.combinations(texts, 2))

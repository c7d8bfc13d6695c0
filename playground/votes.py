"""The blind test: which answer stands where, what was voted, and what the votes come to."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist

from playground.conversation import new_id

#: The names that answers have while nobody may know whose they are.
LETTERS = "ABCDEF"

#: Fewer votes than this say nothing yet.
ENOUGH = 10

_CONFIDENCE = 0.95
_Z = NormalDist().inv_cdf((1 + _CONFIDENCE) / 2)


@dataclass(frozen=True, slots=True)
class Blind:
    """That a comparison is a blind test, and how.

    Attributes:
        seed: what the orders come from; never leaves the server while the test goes on.
        wait: whether answers are shown only when all are complete, so that no speed tells whose
            they are.
    """

    seed: str = field(default_factory=new_id)
    wait: bool = True

    def order(self, number: int, pane_ids: Iterable[str]) -> tuple[str, ...]:
        """Return the panes in the order in which the answers to the prompt `number` are shown.

        It is random, another one for each prompt, and the same each time it is asked for.
        """
        shown = sorted(pane_ids)
        random.Random(f"{self.seed}/{number}").shuffle(shown)  # noqa: S311 - no secret hangs on it
        return tuple(shown)


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person thought of the answers to one prompt.

    Attributes:
        prompt_id: id of the round of answers that was judged (`playground.rounds`).
        order: ids of the panes as they were shown, A first.
        ranks: the place of each in that order; 1 is the best, equal places are a tie.
        bad: whether all were bad.
        voter: the name the person gave; may be empty.
        at: seconds since the epoch.
    """

    prompt_id: str
    order: tuple[str, ...]
    ranks: tuple[int, ...]
    bad: bool = False
    voter: str = ""
    at: float = field(default_factory=time.time)

    def __post_init__(self) -> None:
        if len(self.order) != len(self.ranks) or not self.order or min(self.ranks) != 1:
            raise ValueError("a vote has a place for each answer, and a first")

    @property
    def winner(self) -> str | None:
        """The pane that stands first alone; None for a tie."""
        if self.bad or self.ranks.count(1) != 1:
            return None
        return self.order[self.ranks.index(1)]


def for_winner(prompt_id: str, order: Sequence[str], winner: int, *, voter: str = "") -> Vote:
    """Return the vote for the answer at the place `winner` of those shown, from 0."""
    ranks = tuple(1 if place == winner else 2 for place in range(len(order)))
    return Vote(prompt_id, tuple(order), ranks, voter=voter)


def for_none(prompt_id: str, order: Sequence[str], *, bad: bool = False, voter: str = "") -> Vote:
    """Return the vote that all are as good as each other, or that all are bad."""
    return Vote(prompt_id, tuple(order), (1,) * len(order), bad, voter)


def by_rank(
    prompt_id: str, order: Sequence[str], best_first: Sequence[int], *, voter: str = ""
) -> Vote:
    """Return the vote that ranks answers: `best_first` has their places in `order`, from 0.

    Those that are not in it share the place after the last.
    """
    rank = {place: number for number, place in enumerate(best_first, 1)}
    last = len(rank) + 1
    ranks = tuple(rank.get(place, last) for place in range(len(order)))
    return Vote(prompt_id, tuple(order), ranks, voter=voter)


def vote_on(votes: Iterable[Vote], prompt_id: str, voter: str) -> Vote | None:
    """Return what this person thought of the answers, or None."""
    return next((v for v in votes if v.prompt_id == prompt_id and v.voter == voter), None)


def with_vote(votes: Sequence[Vote], vote: Vote) -> tuple[Vote, ...]:
    """Return the votes with this one in the place of the person's earlier one on the same."""
    kept = (v for v in votes if (v.prompt_id, v.voter) != (vote.prompt_id, vote.voter))
    return (*kept, vote)


def voters(votes: Iterable[Vote]) -> tuple[str, ...]:
    """Return who voted, in the order in which they began."""
    return tuple(dict.fromkeys(v.voter for v in sorted(votes, key=lambda v: v.at)))


@dataclass(frozen=True, slots=True)
class Standing:
    """How one pane fares.

    Attributes:
        wins: votes in which it stands first alone.
        ties: votes in which it shares the first place; not those in which all are bad.
        losses: votes in which another stands before it.
        bad: votes in which all are bad.
    """

    pane_id: str
    wins: int = 0
    ties: int = 0
    losses: int = 0
    bad: int = 0

    @property
    def n(self) -> int:
        """How many votes it was in."""
        return self.wins + self.ties + self.losses + self.bad

    @property
    def enough(self) -> bool:
        """Whether there are votes enough to say something."""
        return self.n >= ENOUGH

    @property
    def win_rate(self) -> float | None:
        """The share of votes it won alone, from 0 to 1; None without votes."""
        return self.wins / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        """Between what win rates the true one lies with 95 % confidence."""
        return wilson(self.wins, self.n)


def tally(
    votes: Iterable[Vote], pane_ids: Sequence[str], voter: str | None = None
) -> tuple[Standing, ...]:
    """Return how the panes fare, in their order; with `voter`, by this person's votes alone."""
    counted = [v for v in votes if voter is None or v.voter == voter]
    return tuple(_standing(pane_id, counted) for pane_id in pane_ids)


def wilson(wins: int, n: int) -> tuple[float, float]:
    """Return Wilson's score interval for a share, with 95 % confidence; (0, 1) without votes.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of
    the American Statistical Association 22 (1927), 209-212. It holds for few votes, too.
    """
    if not n:
        return 0.0, 1.0
    share, square = wins / n, _Z**2
    middle = share + square / (2 * n)
    spread = _Z * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    whole = 1 + square / n
    # At the ends it is exact, which sums of fractions are not.
    low = (middle - spread) / whole if wins else 0.0
    return low, (middle + spread) / whole if wins < n else 1.0


def _standing(pane_id: str, votes: Collection[Vote]) -> Standing:
    wins = ties = losses = bad = 0
    for vote in votes:
        if pane_id not in vote.order:
            continue
        place = vote.ranks[vote.order.index(pane_id)]
        if vote.bad:
            bad += 1
        elif place > 1:
            losses += 1
        elif vote.winner == pane_id:
            wins += 1
        else:
            ties += 1
    return Standing(pane_id, wins, ties, losses, bad)

"""The blind test: orders, votes, and what they come to."""

from __future__ import annotations

import itertools

import pytest

from playground.votes import (
    Blind,
    by_rank,
    for_none,
    for_winner,
    tally,
    vote_on,
    voters,
    wilson,
    with_vote,
)

ORDER = ("y", "x")


def test_orders_are_random_per_prompt_and_stay() -> None:
    """Else a reader would know after one prompt whose answers stand first."""
    blind = Blind()
    panes = ("a", "b", "c")
    orders = [blind.order(number, panes) for number in range(60)]
    assert len(set(orders)) == 6
    assert orders == [blind.order(number, reversed(panes)) for number in range(60)]
    assert orders != [Blind().order(number, panes) for number in range(60)]


def test_votes_are_tallied_per_person_and_pooled() -> None:
    votes = [
        for_winner("1", ORDER, 0, voter="Ann"),
        for_winner("2", ORDER, 1, voter="Ann"),
        for_none("3", ORDER, voter="Bob"),
        for_none("4", ORDER, bad=True, voter="Bob"),
    ]
    x, y = tally(votes, ("x", "y"))
    assert (x.wins, x.ties, x.losses, x.bad, x.n) == (1, 1, 1, 1, 4)
    assert (y.wins, y.ties, y.losses, y.bad) == (1, 1, 1, 1)
    x, y = tally(votes, ("x", "y"), "Ann")
    assert (x.n, y.n) == (2, 2)
    assert voters(votes) == ("Ann", "Bob")


def test_a_ranking_counts_the_first_as_the_winner() -> None:
    vote = by_rank("1", ("a", "b", "c"), [2, 0])
    assert vote.ranks == (2, 3, 1)
    assert vote.winner == "c"
    assert [s.wins for s in tally([vote], ("a", "b", "c"))] == [0, 0, 1]


def test_a_second_vote_takes_the_place_of_the_first_of_the_same_person() -> None:
    first, other = for_winner("1", ORDER, 0, voter="Ann"), for_winner("1", ORDER, 0, voter="Bob")
    second = for_none("1", ORDER, voter="Ann")
    votes = with_vote(with_vote((first,), other), second)
    assert set(votes) == {other, second}
    assert vote_on(votes, "1", "Ann") == second
    assert vote_on(votes, "2", "Ann") is None


def test_below_ten_votes_it_is_too_few_to_tell() -> None:
    votes = [for_winner(str(n), ORDER, 0) for n in range(10)]
    assert tally(votes[:9], ("y",))[0].enough is False
    assert tally(votes, ("y",))[0].enough is True


@pytest.mark.parametrize(
    ("wins", "n", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_is_that_of_the_literature(
    wins: int, n: int, low: float, high: float
) -> None:
    found = wilson(wins, n)
    assert found == pytest.approx((low, high), abs=5e-5)


def test_the_interval_holds_the_rate_for_all_small_numbers() -> None:
    for n, wins in itertools.product(range(1, 40), range(40)):
        if wins <= n:
            low, high = wilson(wins, n)
            assert 0 <= low <= wins / n <= high <= 1
    assert wilson(0, 0) == (0.0, 1.0)

"""Places on a branch stand for ids, without loss, and take little room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.left_out import Branches

# Two branches from b: a b c d and a b e.
TREE = Branches([("a", None), ("b", "a"), ("c", "b"), ("d", "c"), ("e", "b"), ("f", None)])


@pytest.mark.parametrize(
    ("turn", "ids", "places"),
    [
        ("d", (), []),
        ("d", ("a", "b", "c"), [[0, 2]]),
        ("d", ("a", "c"), [[0, 0], [2, 2]]),
        ("e", ("a", "b", "e"), [[0, 2]]),
        ("e", ("b", "c"), [[1, 1], "c"]),
        ("b", ("a", "d", "f", "?"), [[0, 0], "d", "f", "?"]),
        ("f", ("f", "a"), [[0, 0], "a"]),
    ],
)
def test_ids_on_the_branch_are_places(
    turn: str, ids: tuple[str, ...], places: list[object]
) -> None:
    assert TREE.places(turn, ids) == places
    assert TREE.ids(turn, places) == ids


@pytest.mark.parametrize("places", [[[0, 4]], [[-1, 0]], [[2, 1]], [[0, 0], [4, 4]]])
def test_places_that_the_branch_has_not_are_refused(places: list[object]) -> None:
    with pytest.raises(ValueError, match="no places"):
        TREE.ids("d", places)


@given(st.data())
def test_any_ids_come_back_as_they_were(data: st.DataObject) -> None:
    turns: list[tuple[str, str | None]] = []
    for number in range(data.draw(st.integers(1, 12))):
        turns.append((f"{number}", data.draw(st.sampled_from([None, *(t for t, _ in turns)]))))
    branches = Branches(turns)
    for turn, parent in turns:
        ids = tuple(data.draw(st.lists(st.sampled_from(["?", *(t for t, _ in turns)]))))
        assert branches.ids(turn, branches.places(turn, ids)) == ids
        whole, here = [turn], parent
        while here is not None:
            whole.insert(0, here)
            here = dict(turns)[here]
        assert branches.places(turn, whole) == [[0, len(whole) - 1]]

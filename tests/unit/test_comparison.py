"""Panes are added, taken away, moved and changed without touching the others, within bounds."""

from __future__ import annotations

import pytest

from playground.comparison import MAX_PANES, Comparison, Pane
from playground.errors import SettingsError
from playground.parameters import Parameters

MINI = "Phi-3-mini-4k-instruct"


def panes(count: int) -> tuple[Pane, ...]:
    return tuple(Pane(MINI, "here", id=f"p{i}") for i in range(count))


def ids(comparison: Comparison) -> list[str]:
    return [pane.id for pane in comparison.panes]


def test_a_pane_is_added_up_to_the_limit_and_not_beyond() -> None:
    comparison = Comparison(panes(MAX_PANES - 1)).with_pane(Pane(MINI, "here", id="new"))
    assert ids(comparison)[-1] == "new"
    with pytest.raises(SettingsError, match="at most 6 panes"):
        comparison.with_pane(Pane(MINI, "here"))
    with pytest.raises(SettingsError, match="at most 6 panes"):
        comparison.duplicate("new")


def test_a_pane_is_removed_but_two_stay() -> None:
    comparison = Comparison(panes(3)).without_pane("p1")
    assert ids(comparison) == ["p0", "p2"]
    with pytest.raises(SettingsError, match="at least 2 panes"):
        comparison.without_pane("p0")
    assert comparison.without_pane("unknown") == comparison


def test_a_duplicate_has_the_same_settings_another_id_and_stands_beside() -> None:
    original = Pane(MINI, "here", "p9", Parameters(temperature=0.2), "Rhyme.", own_prompt=True)
    comparison = Comparison((original, *panes(1))).duplicate("p9")
    first, copy, last = comparison.panes
    assert (first, last.id) == (original, "p0")
    assert copy.id not in ("p9", "p0")
    assert (copy.parameters, copy.system_message, copy.own_prompt) == (
        original.parameters,
        original.system_message,
        True,
    )


@pytest.mark.parametrize(
    ("pane", "by", "order"),
    [
        ("p0", 1, ["p1", "p0", "p2"]),
        ("p2", -1, ["p0", "p2", "p1"]),
        ("p0", -1, ["p0", "p1", "p2"]),
        ("p2", 1, ["p0", "p1", "p2"]),
        ("unknown", 1, ["p0", "p1", "p2"]),
    ],
)
def test_a_pane_moves_and_stops_at_the_ends(pane: str, by: int, order: list[str]) -> None:
    assert ids(Comparison(panes(3)).moved(pane, by)) == order


def test_a_change_touches_its_pane_only() -> None:
    before = Comparison(panes(3))
    after = before.changed(Pane(MINI, "there", id="p1"))
    assert [pane.connection for pane in after.panes] == ["here", "there", "here"]
    assert (after.panes[0], after.panes[2]) == (before.panes[0], before.panes[2])
    assert after.pane("p1") == after.panes[1]
    assert after.pane("unknown") is None


def test_what_cannot_be_is_refused() -> None:
    for repeat in (0, 11):
        with pytest.raises(SettingsError, match="from 1 to 10"):
            Comparison(panes(2), repeat=repeat)
    with pytest.raises(SettingsError, match="twice"):
        Comparison(panes(1) * 2)

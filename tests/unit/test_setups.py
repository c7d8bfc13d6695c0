"""Quick set-ups are what they say, with what the connection serves, and no two panes share an id."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.catalog import load_catalog
from playground.comparison import Pane, differences
from playground.connections import Connection
from playground.errors import SettingsError
from playground.parameters import Parameters
from playground.setups import (
    QUICK_SETUPS,
    QuickSetup,
    all_six,
    mini_against_medium,
    shared,
    short_against_long,
    sweep,
    system_messages,
    temperatures,
)

CATALOG = load_catalog()
ALL = Connection("here", "Here", "http://127.0.0.1:1/v1")
MINI = Connection(
    "mini",
    "Mini",
    "http://127.0.0.1:1/v1",
    deployments={"Phi-3-mini-128k-instruct": "a", "Phi-3-mini-4k-instruct": "b"},
)
BASE = Pane(CATALOG.names()[0], "here", "base", Parameters(seed=7), "Rhyme.")


def models(panes: tuple[Pane, ...]) -> list[str]:
    return [pane.model for pane in panes]


def test_all_six_are_the_catalog() -> None:
    assert models(all_six(CATALOG, ALL)) == list(CATALOG.names())


def test_mini_stands_against_medium_and_4k_against_128k() -> None:
    assert models(mini_against_medium(CATALOG, ALL)) == [
        "Phi-3-mini-4k-instruct",
        "Phi-3-medium-4k-instruct",
    ]
    assert models(short_against_long(CATALOG, ALL)) == [
        "Phi-3-mini-4k-instruct",
        "Phi-3-mini-128k-instruct",
    ]


def test_one_model_stands_at_three_temperatures_and_under_two_system_messages() -> None:
    hot = temperatures(CATALOG, ALL)
    assert [pane.parameters.temperature for pane in hot] == [0.0, 0.5, 1.0]
    assert len(set(models(hot))) == 1
    first, second = system_messages(CATALOG, ALL)
    assert first.model == second.model
    assert first.system_message != second.system_message


@pytest.mark.parametrize("setup", QUICK_SETUPS, ids=lambda s: s.name)
def test_each_has_panes_that_differ_and_new_ones_each_time(setup: QuickSetup) -> None:
    panes = setup.panes(CATALOG, ALL)
    assert len(panes) >= 2
    told = differences(panes, CATALOG, [ALL])
    assert not any(" of " in words for pane in told for words in pane), "none is a number only"
    ids = {pane.id for pane in (*panes, *setup.panes(CATALOG, ALL))}
    assert len(ids) == 2 * len(panes)
    assert {pane.connection for pane in panes} == {"here"}


def test_only_what_the_connection_serves_is_taken() -> None:
    assert models(all_six(CATALOG, MINI)) == [
        "Phi-3-mini-4k-instruct",
        "Phi-3-mini-128k-instruct",
    ]
    assert len(mini_against_medium(CATALOG, MINI)) == 1
    assert set(models(temperatures(CATALOG, MINI))) == {"Phi-3-mini-4k-instruct"}


def test_a_sweep_changes_one_parameter_and_nothing_else() -> None:
    panes = sweep(BASE, "max_tokens", [10, 100.0, 1000])
    assert [pane.parameters.max_tokens for pane in panes] == [10, 100, 1000]
    assert all(isinstance(pane.parameters.max_tokens, int) for pane in panes)
    for pane in panes:
        assert replace(pane.parameters, max_tokens=1000) == BASE.parameters
        assert (pane.model, pane.system_message, pane.linked) == (BASE.model, "Rhyme.", False)
    assert len({pane.id for pane in panes}) == 3


@pytest.mark.parametrize(
    ("parameter", "values", "why"),
    [
        ("mood", [1, 2], "no parameter"),
        ("stop", [1, 2], "no parameter"),
        ("temperature", [0.5], "given: 1"),
        ("temperature", [0.1] * 7, "given: 7"),
        ("temperature", [0.5, 2.5], "Temperature must be"),
        ("top_p", [0.5, -1], "Top P must be"),
        ("max_tokens", [10, 10.5], "whole numbers"),
        ("seed", [1, float("inf")], "whole numbers"),
        ("seed", [1, float("nan")], "whole numbers"),
        ("temperature", [0, float("nan")], "Temperature must be"),
    ],
)
def test_a_sweep_that_cannot_be_is_refused(parameter: str, values: list[float], why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        sweep(BASE, parameter, values)


def test_a_shared_change_reaches_the_panes_that_follow_and_only_what_changed() -> None:
    linked = replace(BASE, parameters=Parameters(seed=7, top_p=0.5))
    free = replace(linked, id="free", linked=False)
    before, after = Parameters(), Parameters(temperature=0.2)
    first, second = shared((linked, free), after, before)
    assert first.parameters == Parameters(temperature=0.2, seed=7, top_p=0.5)
    assert second == free

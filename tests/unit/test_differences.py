"""Headers say what differs and only that; no two of them are ever alike."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from playground.catalog import load_catalog
from playground.comparison import MAX_PANES, Pane, differences
from playground.connections import Connection
from playground.parameters import Parameters

MINI, MEDIUM = "Phi-3-mini-4k-instruct", "Phi-3-medium-4k-instruct"
BASE = Pane(MINI, "here")
CONNECTIONS = (
    Connection("here", "This machine", "http://127.0.0.1:1/v1"),
    Connection("lab", "Lab", "http://127.0.0.1:2/v1"),
    Connection("lab2", "Lab", "http://127.0.0.1:3/v1"),
)


def told(*panes: Pane) -> tuple[tuple[str, ...], ...]:
    return differences(panes, load_catalog(), CONNECTIONS)


def test_only_what_differs_is_named() -> None:
    cool = replace(BASE, id="b", parameters=Parameters(temperature=0.2))
    assert told(BASE, cool) == (("temperature 1",), ("temperature 0.2",))
    other = replace(BASE, id="b", model=MEDIUM)
    assert told(BASE, other) == (("Phi-3 mini 4k",), ("Phi-3 medium 4k",))


def test_several_differences_stand_together_in_one_order() -> None:
    other = replace(
        BASE,
        id="b",
        connection="lab",
        parameters=Parameters(max_tokens=50, stop=("END",), seed=7),
        system_message="Rhyme.",
    )
    assert told(BASE, other) == (
        ("This machine", "max tokens 1000", "no seed", "no stop strings", "system message 1"),
        ("Lab", "max tokens 50", "seed 7", "stop at 'END'", "system message 2"),
    )


def test_no_system_message_is_called_so() -> None:
    assert told(BASE, replace(BASE, id="b", system_message=" ")) == (
        ("system message 1",),
        ("no system message",),
    )


def test_connections_of_the_same_label_are_told_apart() -> None:
    assert told(replace(BASE, connection="lab"), replace(BASE, id="b", connection="lab2")) == (
        ("Lab (lab)",),
        ("Lab (lab2)",),
    )


def test_identical_panes_are_numbered() -> None:
    assert told(BASE, replace(BASE, id="b")) == (("first of two",), ("second of two",))
    third = replace(BASE, id="c", parameters=Parameters(temperature=0.0))
    assert told(BASE, replace(BASE, id="b"), third) == (
        ("temperature 1", "first of two"),
        ("temperature 1", "second of two"),
        ("temperature 0",),
    )


PANES = st.builds(
    Pane,
    model=st.sampled_from([MINI, MEDIUM, "unknown"]),
    connection=st.sampled_from(["here", "lab", "lab2", "gone"]),
    parameters=st.builds(
        Parameters,
        temperature=st.sampled_from([0.0, 0.5, 0.5000001, 1.0]),
        stop=st.sampled_from([(), ("a",), ("a", "b"), ("a, b",)]),
        seed=st.sampled_from([None, 0, 2**31 - 1]),
    ),
    system_message=st.sampled_from(["", " ", "A", "B"]),
    own_prompt=st.booleans(),
)


@given(st.lists(PANES, min_size=2, max_size=MAX_PANES))
def test_no_two_panes_ever_get_the_same_words(panes: list[Pane]) -> None:
    found = told(*panes)
    assert len(found) == len(panes)
    assert len(set(found)) == len(panes)

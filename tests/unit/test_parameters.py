"""Ranges, defaults, and what is sent of the sampling parameters."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.parameters import (
    DEFAULT_SYSTEM_MESSAGE,
    MAX_STOP_STRINGS,
    NUMERIC_PARAMETERS,
    PARAMETER_NAMES,
    Parameters,
)

RANGES: list[tuple[str, float, float]] = [
    ("temperature", 0, 1),
    ("max_tokens", 1, 4096),
    ("top_p", 0, 1),
    ("presence_penalty", -2, 2),
    ("frequency_penalty", -2, 2),
    ("seed", 0, 2147483647),
]
CHANGES: list[tuple[str, Any]] = [
    ("temperature", 0.3),
    ("max_tokens", 7),
    ("top_p", 0.5),
    ("presence_penalty", -0.5),
    ("frequency_penalty", 0.5),
    ("stop", ("END",)),
    ("seed", 0),
]


def test_the_defaults_are_those_of_the_playground_this_one_follows() -> None:
    assert Parameters() == Parameters(1.0, 1000, 1.0, 0.0, 0.0, (), None)
    assert DEFAULT_SYSTEM_MESSAGE == "You are a helpful assistant."


def test_the_defaults_can_be_sent_and_are_no_change() -> None:
    assert Parameters().problems() == {}
    assert Parameters().changed() == ()


def test_every_parameter_has_a_range_but_the_stop_strings() -> None:
    assert [(p.name, p.minimum, p.maximum) for p in NUMERIC_PARAMETERS] == RANGES
    assert {name for name, _, _ in RANGES} | {"stop"} == PARAMETER_NAMES
    assert {name for name, _ in CHANGES} == PARAMETER_NAMES


@pytest.mark.parametrize("spec", NUMERIC_PARAMETERS, ids=lambda spec: spec.name)
def test_every_parameter_has_words_for_people(spec: Any) -> None:
    assert spec.label
    assert spec.hint.endswith(".")
    assert spec.step > 0
    assert spec.optional == (getattr(Parameters(), spec.name) is None)


@pytest.mark.parametrize(("name", "value"), CHANGES)
def test_a_change_is_told_by_name(name: str, value: Any) -> None:
    assert Parameters(**{name: value}).changed() == (name,)


@pytest.mark.parametrize(("name", "low", "high"), RANGES)
def test_both_bounds_can_be_sent(name: str, low: float, high: float) -> None:
    assert Parameters(**{name: low}).problems() == {}  # type: ignore[arg-type]  # one of several
    assert Parameters(**{name: high}).problems() == {}  # type: ignore[arg-type]  # one of several


@pytest.mark.parametrize("beyond", ["below", "above", "nan", "infinite"])
@pytest.mark.parametrize(("name", "low", "high"), RANGES)
def test_what_is_out_of_range_cannot_be_sent_and_says_why(
    name: str, low: float, high: float, beyond: str
) -> None:
    value = {"below": low - 0.01, "above": high + 0.01, "nan": math.nan, "infinite": math.inf}
    problems = Parameters(**{name: value[beyond]}).problems()  # type: ignore[arg-type]  # as above
    assert list(problems) == [name]
    assert problems[name].endswith(f" must be from {low} to {high}.")


def test_a_parameter_that_is_needed_cannot_be_empty() -> None:
    assert list(Parameters(temperature=None).problems()) == ["temperature"]  # type: ignore[arg-type]  # what a form may hold


def test_the_range_of_the_temperature_is_the_connections() -> None:
    hot = Parameters(temperature=1.5)
    assert hot.problems() == {"temperature": "Temperature must be from 0 to 1."}
    assert hot.problems(temperature_max=2.0) == {}
    assert Parameters(temperature=2.5).problems(temperature_max=2.0) == {
        "temperature": "Temperature must be from 0 to 2."
    }


def test_four_stop_strings_can_be_sent_and_five_cannot() -> None:
    four = tuple("abcd")
    assert len(four) == MAX_STOP_STRINGS
    assert Parameters(stop=four).problems() == {}
    assert Parameters(stop=(*four, "e")).problems() == {
        "stop": "At most 4 stop strings can be sent."
    }


def test_an_empty_stop_string_cannot_be_sent() -> None:
    """It would end every answer before its first letter."""
    assert Parameters(stop=("a", "")).problems() == {"stop": "A stop string cannot be empty."}


def test_every_problem_is_told_at_once() -> None:
    assert set(Parameters(temperature=-1, top_p=2, stop=("",)).problems()) == {
        "temperature",
        "top_p",
        "stop",
    }


def test_neutral_values_are_not_sent() -> None:
    assert Parameters().to_wire() == {"temperature": 1.0, "max_tokens": 1000, "top_p": 1.0}


def test_everything_that_is_set_is_sent() -> None:
    assert Parameters(0.0, 5, 0.0, -1.5, 0.1, ("a", "b"), 0).to_wire() == {
        "temperature": 0.0,
        "max_tokens": 5,
        "top_p": 0.0,
        "presence_penalty": -1.5,
        "frequency_penalty": 0.1,
        "stop": ["a", "b"],
        "seed": 0,
    }


@given(
    st.builds(
        Parameters,
        temperature=st.floats(0, 1),
        max_tokens=st.integers(1, 4096),
        top_p=st.floats(0, 1),
        presence_penalty=st.floats(-2, 2),
        frequency_penalty=st.floats(-2, 2),
        stop=st.lists(st.text(min_size=1), max_size=4).map(tuple),
        seed=st.none() | st.integers(0, 2**31 - 1),
    )
)
def test_what_is_in_range_can_be_sent_and_every_change_of_it_is(parameters: Parameters) -> None:
    assert parameters.problems() == {}
    assert set(parameters.changed()) <= parameters.to_wire().keys()

"""What goes over the wire."""

from __future__ import annotations

import dataclasses

import pytest

from playground.messages import Message, Role
from playground.parameters import Parameters
from playground.request import ChatRequest

HELLO = (Message(Role.USER, "Hello"),)


def test_a_request_has_the_playgrounds_parameters_unless_told_otherwise() -> None:
    assert ChatRequest("phi3:mini", HELLO).parameters == Parameters()


def test_requests_are_equal_by_what_they_hold_and_can_be_kept_in_a_set() -> None:
    assert {ChatRequest("a", HELLO), ChatRequest("a", HELLO), ChatRequest("b", HELLO)} == {
        ChatRequest("a", HELLO),
        ChatRequest("b", HELLO),
    }


def test_a_request_cannot_be_changed() -> None:
    request = ChatRequest("a", HELLO)
    with pytest.raises(dataclasses.FrozenInstanceError):
        request.deployment = "b"  # type: ignore[misc]  # it must fail, for mypy as well

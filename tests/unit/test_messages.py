"""What is said, and by whom."""

from __future__ import annotations

import dataclasses

import pytest

from playground.messages import Message, Role


def test_roles_have_the_names_of_the_protocol() -> None:
    assert [str(role) for role in Role] == ["system", "user", "assistant"]


def test_a_message_cannot_be_changed() -> None:
    message = Message(Role.USER, "Hi")
    with pytest.raises(dataclasses.FrozenInstanceError):
        message.content = "Bye"  # type: ignore[misc]  # it must fail, for mypy as well

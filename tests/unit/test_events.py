"""The union of what an endpoint reports."""

from __future__ import annotations

import dataclasses
import typing

import pytest

from playground import events
from playground.events import FINISH_REASONS, FinishReason, StreamEvent

MEMBERS = typing.get_args(StreamEvent)


def test_the_union_holds_every_event_there_is() -> None:
    """A class that is an event but no member of the union would be forgotten where it is folded."""
    parts = {events.Usage, events.FinishReason}
    classes = {
        value
        for value in vars(events).values()
        if isinstance(value, type) and value.__module__ == events.__name__
    }
    assert classes - parts == set(MEMBERS)


@pytest.mark.parametrize("event", MEMBERS)
def test_events_cannot_be_changed(event: type) -> None:
    assert dataclasses.is_dataclass(event)
    assert event.__dataclass_params__.frozen  # type: ignore[attr-defined]  # only at run time
    assert "__dict__" not in dir(event)


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("stop", FinishReason.STOP),
        ("stopped", FinishReason.STOP),
        ("eos", FinishReason.STOP),
        ("tool_calls", FinishReason.STOP),
        ("length", FinishReason.LENGTH),
        ("max_tokens", FinishReason.LENGTH),
        ("content_filter", FinishReason.CONTENT_FILTER),
    ],
)
def test_what_servers_send_as_a_finish_reason(sent: str, meant: FinishReason) -> None:
    assert FINISH_REASONS[sent] is meant


def test_every_finish_reason_of_the_protocol_means_itself() -> None:
    assert {reason: FINISH_REASONS[reason] for reason in FinishReason} == {
        reason: reason for reason in FinishReason
    }

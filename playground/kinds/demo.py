"""The demo endpoint: a real server with scripted replies, and no model."""

from __future__ import annotations

from playground.connections import Kind
from playground.kinds.facts import KindFacts

FACTS = KindFacts(
    kind=Kind.DEMO,
    label="Demo",
    summary="Scripted replies that show everything the playground does, without a model.",
    endpoint="http://127.0.0.1:PORT/v1",
    guide="",
    temperature_max=1.0,
    filtering="Nothing is filtered: the replies are scripted.",
)

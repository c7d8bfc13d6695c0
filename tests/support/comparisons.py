"""Comparisons to read, judge and export."""

from __future__ import annotations

from dataclasses import replace

from playground.catalog import load_catalog
from playground.comparison import Comparison, Pane
from playground.connections import Connection, Price
from playground.conversation import Conversation, Turn
from playground.differences import differences
from playground.errors import RateLimited
from playground.events import Usage
from playground.growth import Growth
from playground.messages import Role
from playground.pane_labels import pane_labels
from playground.parameters import Parameters
from playground.reply import Phase, Reply, Status
from playground.transfer.comparison_view import ComparisonView
from playground.votes import Blind, Vote
from tests.support.conversations import RUN

#: 2026-11-24 08:05 UTC.
AT = 1_795_507_500.0
SECRET = "sk-this-is-a-key"
LOCAL = Connection("local", "My machine", "https://secret-host.example/v1")
MINI, MEDIUM = "Phi-3-mini-4k-instruct", "Phi-3-medium-4k-instruct"

PANES = (
    Pane(MINI, "local", "pane_a", system_message="=Be brief"),
    Pane(MEDIUM, "local", "pane_b", Parameters(temperature=0.25), system_message="=Be brief"),
)


def said(
    pane_id: str,
    number: int,
    text: str,
    *,
    prompt: str = "Why is the sky blue?",
    parent: str | None = None,
    status: Status = Status.COMPLETED,
    first: float = 0.5,
    total: float = 2.5,
    usage: Usage | None = None,
    model: str = MINI,
) -> tuple[Turn, Turn]:
    """Return a prompt and the answer of a pane."""
    asked = Turn(f"{pane_id}_q{number}", parent, Role.USER, prompt, AT)
    reply = Reply(
        status,
        Phase.STREAMING,
        text,
        AT,
        first if text else None,
        total,
        pieces=len(text.split()),
        usage=usage,
        error=None if text else RateLimited(status=429),
    )
    run = replace(RUN, model=model, connection="local", connection_label="My machine")
    return asked, Turn(f"{pane_id}_a{number}", asked.id, Role.ASSISTANT, "", AT, run, reply)


def held(pane_id: str, *turns: Turn) -> Conversation:
    """Return the conversation of a pane."""
    return Conversation(pane_id, "", AT, AT, turns, turns[-1].id if turns else None)


def full() -> ComparisonView:
    """Return a comparison with everything in it: two rounds, a failure, votes, hostile texts."""
    asked, answered = said("pane_a", 1, "=1+1 because of *scattering*.", usage=Usage(12, 40))
    grown = replace(answered.reply or Reply(), growth=Growth((0.5, 2.25), (5, 29)))
    first = asked, replace(answered, reply=grown)
    again = replace(
        first[1],
        id="pane_a_a1b",
        reply=replace(answered.reply or Reply(), text="@Because <script>alert(1)</script>"),
    )
    second = said("pane_a", 2, "", prompt="+And at night?", parent=again.id, status=Status.FAILED)
    other = said(
        "pane_b", 1, "Light | scatters.", usage=Usage(12, 80), first=0.8, total=4.8, model=MEDIUM
    )
    night = said("pane_b", 2, "Dark.", prompt="+And at night?", parent=other[1].id, model=MEDIUM)
    conversations = {
        "pane_a": held("pane_a", first[0], first[1], again, *second),
        "pane_b": held("pane_b", *other, *night),
    }
    comparison = Comparison(
        PANES,
        "comparison_1",
        "Sky: <blue> & *why*",
        AT,
        AT + 60,
        repeat=2,
        blind=Blind("seed", wait=False),
        votes=(Vote("f" * 22, ("pane_b", "pane_a"), (1, 2), voter="Ann", at=AT),),
        prompts=("Why is the sky blue?", "+And at night?"),
    )
    catalog = load_catalog()
    return ComparisonView(
        comparison,
        conversations,
        pane_labels(PANES, catalog, [LOCAL]),
        differences(PANES, catalog, [LOCAL]),
        {"local": Price(1.0, 2.0, "EUR")},
    )

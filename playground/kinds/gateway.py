"""LiteLLM, or another gateway in front of several servers (see docs/servers.md)."""

from __future__ import annotations

from playground.connections import Kind
from playground.kinds.facts import KeyUse, KindFacts

FACTS = KindFacts(
    kind=Kind.GATEWAY,
    label="LiteLLM or another gateway",
    summary="One address for a team, in front of any number of servers.",
    endpoint="http://127.0.0.1:4000/v1",
    guide="any-other-server",
    key=KeyUse.OPTIONAL,
    port=4000,
    hints=("The names of models are the aliases in the gateway's own configuration.",),
    quirks=(
        (
            "LiteLLM without a database takes its master key only, and answers any other key with 400 "
            '"No connected db.".'
        ),
        "Without a key it answers a plain 500.",
        (
            "Limits and prices are the gateway's own, and may be other than those of the server "
            "behind it."
        ),
    ),
)

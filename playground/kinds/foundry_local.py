"""Foundry Local (https://learn.microsoft.com/azure/ai-foundry/foundry-local, copies of 2026)."""

from __future__ import annotations

from playground.connections import Kind
from playground.kinds.facts import NO_FILTER, KindFacts

FACTS = KindFacts(
    kind=Kind.FOUNDRY_LOCAL,
    label="Foundry Local",
    summary="Microsoft's engine for this machine, which picks a build for its processor.",
    endpoint="http://127.0.0.1:5273/v1",
    guide="foundry-local",
    port=5273,
    first_token_timeout=180.0,
    serves=frozenset({"Phi-3-mini-4k-instruct", "Phi-3-mini-128k-instruct"}),
    usual_names={
        "Phi-3-mini-4k-instruct": "Phi-3-mini-4k-instruct-generic-cpu",
        "Phi-3-mini-128k-instruct": "Phi-3-mini-128k-instruct-generic-cpu",
    },
    filtering=NO_FILTER,
    hints=(
        (
            "It takes another port at each start unless it is told one: "
            "`foundry server start --port 5273` (`foundry service` before version 0.10)."
        ),
        "The names it serves say the hardware, such as `Phi-3-mini-4k-instruct-generic-cpu`.",
    ),
    quirks=(
        "Aliases such as `phi-3-mini-4k` are for its command line; requests need the full id.",
    ),
)

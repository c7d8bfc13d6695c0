"""What is known of each kind of server: its defaults, its hints, its quirks; one module each.

`facts(kind)` gives what is known; `KINDS` all of it, in the order in which people are offered them.
"""

from __future__ import annotations

from playground.connections import Kind
from playground.kinds import (
    azure_ai,
    azure_ml,
    chat_completions,
    demo,
    foundry_local,
    gateway,
    github_models,
    llama_cpp,
    lm_studio,
    ollama,
    vllm,
)
from playground.kinds.facts import KeyUse, KindFacts

__all__ = ["KINDS", "KeyUse", "KindFacts", "facts"]

KINDS: tuple[KindFacts, ...] = (
    ollama.FACTS,
    lm_studio.FACTS,
    llama_cpp.FACTS,
    vllm.FACTS,
    foundry_local.FACTS,
    azure_ml.FACTS,
    azure_ai.FACTS,
    gateway.FACTS,
    chat_completions.FACTS,
    demo.FACTS,
    github_models.FACTS,
)

_BY_KIND = {known.kind: known for known in KINDS}


def facts(kind: Kind) -> KindFacts:
    """Return what is known of `kind`."""
    return _BY_KIND[kind]

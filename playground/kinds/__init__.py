"""What is known of each kind of server: its defaults, its hints, its quirks; one module each.

`facts(kind)` gives what is known; `KINDS` all of it, in the order in which people are offered them;
`guess_kind(endpoint)` tells a kind from an address that gives it away.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from playground.connections import RETIRED_HOSTS, Kind
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

__all__ = ["KINDS", "KeyUse", "KindFacts", "facts", "guess_kind"]

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


#: Ends of host names that give a kind away.
_DOMAINS = {
    ".services.ai.azure.com": Kind.AZURE_AI,
    ".models.ai.azure.com": Kind.AZURE_AI,
    ".inference.ml.azure.com": Kind.AZURE_ML,
}
#: Ports that nothing else is known for.
_PORTS = {known.port: known.kind for known in (ollama.FACTS, lm_studio.FACTS, foundry_local.FACTS)}


def guess_kind(endpoint: str) -> Kind:
    """Return the kind that the address of a server gives away; else any chat-completions server."""
    parts = urlsplit(endpoint)
    host = (parts.hostname or "").casefold()
    if host in RETIRED_HOSTS:
        return Kind.GITHUB_MODELS
    told = next((kind for end, kind in _DOMAINS.items() if host.endswith(end)), None)
    return told or _PORTS.get(parts.port) or Kind.CHAT_COMPLETIONS

"""The shape of what is known of a kind of server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from playground.connections import FIRST_TOKEN_TIMEOUT, Kind
from playground.parameters import PARAMETER_NAMES

#: The catalog names of the models that llama.cpp, and what is built on it, can run: it never
#: supported Phi-3-small (ggml-org/llama.cpp#7922, #8241).
WITHOUT_SMALL = frozenset(
    {
        "Phi-3-mini-4k-instruct",
        "Phi-3-mini-128k-instruct",
        "Phi-3-medium-4k-instruct",
        "Phi-3-medium-128k-instruct",
    }
)
ALL_SIX = WITHOUT_SMALL | {"Phi-3-small-8k-instruct", "Phi-3-small-128k-instruct"}

NO_FILTER = "This server filters nothing: neither prompts nor answers."
PERHAPS_FILTERED = "Whether prompts and answers are filtered is up to whoever runs this server."


class KeyUse(StrEnum):
    """Whether a kind of server wants a key."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What is known of a kind of server. Sentences are for people.

    Attributes:
        kind: whose facts these are.
        label: its name, such as "LM Studio".
        summary: what it is and for whom, one sentence.
        endpoint: its usual base URL, or the pattern of one; parts in capitals are to be replaced.
        guide: the anchor of its section in docs/connections.md.
        key: whether it wants a key.
        entra: whether it takes tokens of Entra ID in place of a key.
        entra_scope: the scope to ask these for; empty where there are none.
        port: where it listens on this machine if nobody says otherwise; None if nowhere.
        parameters: the sampling parameters it takes.
        temperature_max: the highest temperature it takes.
        first_token_timeout: seconds; longer where a model is loaded on the first request.
        serves: catalog names of the models that it can serve at all.
        usual_names: the names models usually go by there, keyed by catalog name, where these are
            not the catalog's own.
        filtering: what becomes of prompts and answers on the way.
        hints: what helps to set it up, most important first.
        quirks: what it does that nobody expects, most important first.
    """

    kind: Kind
    label: str
    summary: str
    endpoint: str
    guide: str
    key: KeyUse = KeyUse.NONE
    entra: bool = False
    entra_scope: str = ""
    port: int | None = None
    parameters: frozenset[str] = PARAMETER_NAMES
    temperature_max: float = 2.0
    first_token_timeout: float = FIRST_TOKEN_TIMEOUT
    serves: frozenset[str] = ALL_SIX
    usual_names: Mapping[str, str] = field(default_factory=dict)
    filtering: str = PERHAPS_FILTERED
    hints: tuple[str, ...] = ()
    quirks: tuple[str, ...] = ()

    @property
    def typed(self) -> bool:
        """Whether it is offered in the form where a connection is typed."""
        return self.kind is not Kind.DEMO

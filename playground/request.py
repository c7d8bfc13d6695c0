"""One question to a model: everything that goes over the wire, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

from playground.messages import Message
from playground.parameters import Parameters


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A chat-completions request.

    `deployment` is the name the model is served under at the connection: exactly this string is
    sent as `model`.
    """

    deployment: str
    messages: tuple[Message, ...]
    parameters: Parameters = field(default_factory=Parameters)

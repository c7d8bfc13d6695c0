"""What Phi-3 models do that nobody expects, and the sentences that say so."""

from __future__ import annotations

from playground.catalog import Model

#: Beside the first prompt of a request whose system message was folded into it.
FOLDED = (
    "The system message was put at the head of your first message, because the chat template of "
    "{model} drops system messages without a word."
)
#: Beside the system message, where folding is switched off.
DROPPED = (
    "The chat template of {model} drops system messages without a word, so it will most likely "
    "not see this one."
)


def needs_folding(model: Model, system_message: str) -> bool:
    """Whether `model` would not see the system message unless it is part of a prompt."""
    return bool(system_message.strip()) and not model.takes_system_message


def system_message_note(model: Model, system_message: str, *, folded: bool) -> str:
    """Return the sentence to show beside the message; empty where nothing needs saying."""
    if not needs_folding(model, system_message):
        return ""
    return (FOLDED if folded else DROPPED).format(model=model.label)

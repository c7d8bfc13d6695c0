"""Any other server of the chat-completions protocol."""

from __future__ import annotations

from playground.connections import Kind
from playground.kinds.facts import KeyUse, KindFacts

FACTS = KindFacts(
    kind=Kind.CHAT_COMPLETIONS,
    label="Any chat-completions server",
    summary="Whatever answers POST /chat/completions as this protocol says.",
    endpoint="https://HOST/v1",
    guide="any-other-server",
    key=KeyUse.OPTIONAL,
    hints=("The base URL is what stands before /chat/completions, and often ends in /v1.",),
)

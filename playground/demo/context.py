"""Whether a request fits the model's context window."""

from __future__ import annotations

from playground.demo.answers import Refusal
from playground.demo.asked import Asked
from playground.demo.tokens import count_messages


def over_the_window(asked: Asked) -> Refusal | None:
    """Return the refusal of a request that does not fit its model, or None if it does."""
    prompt = count_messages(asked.messages)
    reply = asked.sampling.max_tokens or 1
    if prompt + reply <= asked.model.context_tokens:
        return None
    return window_exceeded(asked, prompt=prompt, reply=reply)


def window_exceeded(asked: Asked, *, prompt: int, reply: int) -> Refusal:
    """Return the refusal in the words of the servers that send it. Counts are in tokens."""
    return Refusal(
        400,
        "context_length_exceeded",
        f"This model's maximum context length is {asked.model.context_tokens} tokens. However, "
        f"you requested {prompt + reply} tokens ({prompt} in the messages, {reply} in the "
        "completion). Please reduce the length of the messages or completion.",
    )

"""How much people may write and keep in one conversation, and the words for more than that.

Each is above what the largest model can use: 200 kB of English are about 50,000 tokens, and 2,000
messages fill a window of 128,000 tokens with 64 tokens each. They are there so that one paste cannot
stop the page or the server for everybody. The cap of a reply is `chunks.MAX_REPLY`.
"""

from __future__ import annotations

import math

from playground.errors import BadRequest

#: Bytes of UTF-8.
MAX_PROMPT = 200_000
#: Bytes of UTF-8.
MAX_SYSTEM_MESSAGE = 20_000
#: Prompts and replies of one conversation, all its branches together.
MAX_MESSAGES = 2_000


def check_prompt(prompt: str) -> None:
    """Raise BadRequest if the prompt is too long."""
    if _bytes(prompt) > MAX_PROMPT:
        size = _kilobytes(prompt)
        raise BadRequest(
            f"This prompt has {size:,} kB, where {MAX_PROMPT // 1000} kB fit.",
            advice="Shorten it, or send it in parts; your text is kept in the box.",
        )


def system_message_problem(text: str) -> str | None:
    """Return what is wrong with a system message, or None."""
    if _bytes(text) <= MAX_SYSTEM_MESSAGE:
        return None
    size = _kilobytes(text)
    return (
        f"The system message has {size:,} kB, "
        f"where {MAX_SYSTEM_MESSAGE // 1000} kB fit: shorten it."
    )


def check_system_message(text: str) -> None:
    """Raise BadRequest if the system message is too long."""
    problem = system_message_problem(text)
    if problem is not None:
        raise BadRequest(problem, advice="Your prompt is kept in the box.")


def check_room(messages: int, more: int) -> None:
    """Raise BadRequest if `more` messages do not fit beside those that there are."""
    if messages + more > MAX_MESSAGES:
        raise BadRequest(
            f"This conversation has {messages:,} messages, and no more than "
            f"{MAX_MESSAGES:,} are kept in one.",
            advice="Go on in a new chat; everything said here stays.",
        )


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _kilobytes(text: str) -> int:
    return math.ceil(_bytes(text) / 1000)

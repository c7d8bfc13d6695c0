"""What the demo can do with a request: an answer is data, and something else sends it.

A `Script` is played step by step, as a stream or as one JSON body. The others are whole answers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from playground.demo.tokens import split
from playground.events import FinishReason

FOREVER = math.inf


@dataclass(frozen=True, slots=True)
class Tempo:
    """How fast a script is played.

    Attributes:
        first_token: seconds before the first token.
        rate: tokens a second; infinite for as fast as the connection takes them.
        scaled: whether the server's pace stretches it.
    """

    first_token: float = 0.0
    rate: float = math.inf
    scaled: bool = True


@dataclass(frozen=True, slots=True)
class Say:
    """Send these tokens, one chunk each, in the script's tempo."""

    tokens: Sequence[str]


@dataclass(frozen=True, slots=True)
class Pause:
    """Send nothing for `seconds`, or only a comment every `keep_alive` seconds."""

    seconds: float
    keep_alive: float | None = None


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """Send one comment line, as gateways do to keep a connection open."""


@dataclass(frozen=True, slots=True)
class Garbage:
    """Send a `data:` line with this text, which is no chunk."""

    data: str


@dataclass(frozen=True, slots=True)
class Fail:
    """Send an error inside the stream, or as status 500 where there is no stream."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Drop:
    """Close the connection, whatever has been sent."""


@dataclass(frozen=True, slots=True)
class Finish:
    """Send the finish reason."""

    reason: FinishReason = FinishReason.STOP


Step = Say | Pause | KeepAlive | Garbage | Fail | Drop | Finish


class Dialect(StrEnum):
    """How a stream is written."""

    PLAIN = "plain"
    #: As unusual as the format allows: BOM, CRLF, comments, event names, data in two lines.
    ORNATE = "ornate"
    #: Without `[DONE]`, and without the last line break.
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class Script:
    """An answer that is played step by step.

    Attributes:
        model: the name to report instead of the asked one.
        tempo: the model's own where None.
    """

    steps: Iterable[Step]
    tempo: Tempo | None = None
    model: str = ""
    dialect: Dialect = Dialect.PLAIN


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error answer: `{"error": {"code": …, "message": …}}` with whatever `extra` adds."""

    status: int
    code: str | None
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """A body that is no chat completion at all, with status 200."""

    body: str
    content_type: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """Close the connection without an answer."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Take the request and answer nothing, not even a status line."""


Answer = Script | Refusal | Page | HangUp | Silence


#: For what is looked up rather than read along.
BRISK = Tempo(first_token=0.1, rate=300)


def script(text: str, tempo: Tempo | None = None) -> Script:
    """Return the script that says `text` and ends."""
    return Script((Say(split(text)), Finish()), tempo)

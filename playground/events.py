"""What an endpoint reports while a reply arrives, as one union of small values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from playground.rate_limits import RateLimit

if TYPE_CHECKING:
    from playground.errors import ChatError


class FinishReason(StrEnum):
    """Why the model ended, in the protocol's words."""

    STOP = "stop"
    LENGTH = "length"
    CONTENT_FILTER = "content_filter"


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts as the server states them."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Opened:
    """The server accepted the request and began its answer; no text has come yet.

    `limits` are those that its headers tell of.
    """

    request_id: str | None = None
    limits: tuple[RateLimit, ...] = ()


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """The server is there but has nothing to say yet. Never counts as a token."""


@dataclass(frozen=True, slots=True)
class Queued:
    """The request waits in line, with so many others ahead of it; None: its turn has come."""

    ahead: int | None


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More text of the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class ModelReported:
    """What the server says answers: its name for the model, and its fingerprint if it has one."""

    name: str
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class UsageReported:
    """The server's own token counts."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class Finished:
    """The server said why it ended. A stream without this event was cut off.

    `filters` is what a content filter found, such as "violence (medium)".
    """

    reason: FinishReason
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChunkSkipped:
    """A piece of the stream could not be read and was left out."""

    why: str


@dataclass(frozen=True, slots=True)
class RetryScheduled:
    """Nothing had arrived, and the request will be sent once more after `wait` seconds."""

    error: ChatError
    wait: float
    attempt: int


StreamEvent = (
    Opened
    | KeepAlive
    | Queued
    | TextDelta
    | ModelReported
    | UsageReported
    | Finished
    | ChunkSkipped
    | RetryScheduled
)

#: Finish reasons that servers send, and what each of them means here.
FINISH_REASONS: dict[str, FinishReason] = {
    "stop": FinishReason.STOP,
    "stopped": FinishReason.STOP,
    "eos": FinishReason.STOP,
    "tool_calls": FinishReason.STOP,
    "length": FinishReason.LENGTH,
    "max_tokens": FinishReason.LENGTH,
    "content_filter": FinishReason.CONTENT_FILTER,
}

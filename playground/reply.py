"""A reply: the events of one run folded into text, figures and an honest ending."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, assert_never

from playground.errors import ChatError, ConnectionLost, ContentFiltered, ProtocolError
from playground.events import (
    ChunkSkipped,
    Finished,
    FinishReason,
    KeepAlive,
    ModelReported,
    Opened,
    Queued,
    RetryScheduled,
    StreamEvent,
    TextDelta,
    Usage,
    UsageReported,
)
from playground.growth import Growth, GrowthRecorder

#: More unreadable pieces than this, and the reply cannot be called whole.
MAX_SKIPPED_CHUNKS = 3


class Status(StrEnum):
    """How a reply stands. All but RUNNING are endings."""

    RUNNING = "running"
    COMPLETED = "completed"
    TRUNCATED = "truncated"
    FILTERED = "filtered"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FAILED = "failed"

    @property
    def unfinished(self) -> bool:
        """Whether this is an ending after which the text, if there is any, can go on."""
        return self in (Status.TRUNCATED, Status.STOPPED, Status.INTERRUPTED, Status.FAILED)


class Phase(StrEnum):
    """What a running reply is doing."""

    QUEUED = "queued"
    CONNECTING = "connecting"
    WAITING = "waiting"
    RETRYING = "retrying"
    STREAMING = "streaming"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it stands at one moment. Times are in seconds.

    Attributes:
        started_at: wall-clock time of the request, seconds since the epoch.
        first_token_after: from sending the request to the first text.
        elapsed: from sending the request to the end, or until now while running.
        pieces: how many pieces of text came; about one a token.
        usage: the server's token counts; None until it states them.
        skipped: pieces of the stream that could not be read.
        retry_at: while RETRYING, `elapsed` at which the next attempt starts.
        ahead: while QUEUED, how many are served before; not kept. All times count from the moment
            when the turn came, so that waiting in line makes no server look slow.
        growth: how the text came; None where there is none, or where it was not recorded.
    """

    status: Status = Status.RUNNING
    phase: Phase = Phase.CONNECTING
    text: str = ""
    started_at: float = 0.0
    first_token_after: float | None = None
    elapsed: float = 0.0
    pieces: int = 0
    usage: Usage | None = None
    model_reported: str | None = None
    fingerprint: str | None = None
    request_id: str | None = None
    error: ChatError | None = None
    skipped: int = 0
    retry_at: float | None = None
    ahead: int | None = None
    growth: Growth | None = None

    @property
    def running(self) -> bool:
        """Whether more may come."""
        return self.status is Status.RUNNING

    @property
    def completion_tokens(self) -> tuple[int, bool]:
        """Tokens of the answer, and whether the server counted them (else pieces, an estimate)."""
        if self.usage is not None:
            return self.usage.completion_tokens, True
        return self.pieces, False

    @property
    def tokens_per_second(self) -> float | None:
        """Speed after the first token, in tokens per second; None when too short to tell."""
        tokens, _ = self.completion_tokens
        if self.first_token_after is None or tokens < 2:
            return None
        seconds = self.elapsed - self.first_token_after
        return (tokens - 1) / seconds if seconds > 0 else None


class ReplyFold:
    """Folds the events of one run. One thread writes; `snapshot` may be called from any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._start = time.monotonic()
        self._pieces: list[str] = []
        self._growth = GrowthRecorder()
        self._joined = ""
        self._joined_count = 0
        self._finish: FinishReason | None = None
        self._filters: tuple[str, ...] = ()
        self._end: float | None = None
        self._tried = False
        self._reply = Reply(started_at=time.time())

    def apply(self, event: StreamEvent) -> None:
        """Take in one event. Events after the end are dropped."""
        # Under the lock as a whole: an end from another thread comes before the event or after it.
        with self._lock:
            if self._end is None:
                self._take(event)

    def _take(self, event: StreamEvent) -> None:
        match event:
            case TextDelta(text):
                if not text:
                    return
                now = self._now()
                if self._reply.first_token_after is None:
                    self._set(first_token_after=now, phase=Phase.STREAMING)
                self._pieces.append(text)
                self._growth.add(now, len(text))
            case Opened(request_id):
                self._set(phase=Phase.WAITING, request_id=request_id, retry_at=None)
            case ModelReported(name, fingerprint):
                self._set(model_reported=name, fingerprint=fingerprint)
            case UsageReported(usage):
                self._set(usage=usage)
            case Finished(reason, filters):
                self._finish, self._filters = reason, filters
            case ChunkSkipped():
                self._set(skipped=self._reply.skipped + 1)
            case RetryScheduled(error, wait):
                self._tried = True
                self._set(phase=Phase.RETRYING, error=error, retry_at=self._now() + wait)
            case Queued(ahead):
                self._queue(ahead)
            case KeepAlive():
                pass
            case never:
                assert_never(never)

    def _queue(self, ahead: int | None) -> None:
        if ahead is not None:
            self._set(phase=Phase.QUEUED, ahead=ahead, error=None, retry_at=None)
            return
        if not self._tried:
            self._start = time.monotonic()
            self._set(started_at=time.time())
        self._set(phase=Phase.CONNECTING, ahead=None)

    def sent_again(self) -> None:
        """Note that a scheduled retry starts now."""
        with self._lock:
            if self._end is None:
                self._set(phase=Phase.CONNECTING, error=None, retry_at=None)

    def end(self, *, stopped: bool = False, error: ChatError | None = None) -> bool:
        """Note that no more events come and say how it ended; False if it had ended before."""
        with self._lock:
            if self._end is not None:
                return False
            status, error = self._ending(stopped=stopped, error=error)
            self._end = self._now()
            self._reply = replace(
                self._reply, status=status, error=error, retry_at=None, ahead=None
            )
            return True

    def snapshot(self) -> Reply:
        """Return the reply as it stands now."""
        with self._lock:
            count = len(self._pieces)
            if count > self._joined_count:
                self._joined += "".join(self._pieces[self._joined_count : count])
                self._joined_count = count
            return replace(
                self._reply,
                text=self._joined,
                pieces=count,
                elapsed=self._now() if self._end is None else self._end,
                growth=self._growth.growth(),
            )

    def _ending(self, *, stopped: bool, error: ChatError | None) -> tuple[Status, ChatError | None]:
        if stopped:
            return Status.STOPPED, None
        if error is not None:
            return self._broken_off(error)
        if self._reply.skipped > MAX_SKIPPED_CHUNKS:
            return Status.INTERRUPTED, ProtocolError(
                f"{self._reply.skipped} pieces of the answer could not be read.",
                advice="What could be read is kept. Retry, or use another connection.",
            )
        match self._finish:
            case FinishReason.STOP:
                return Status.COMPLETED, None
            case FinishReason.LENGTH:
                return Status.TRUNCATED, None
            case FinishReason.CONTENT_FILTER:
                return Status.FILTERED, self._filtered()
            case None:
                lost = ConnectionLost("The server closed the stream without saying it was done.")
                return self._broken_off(lost)
            case never:
                assert_never(never)

    def _broken_off(self, error: ChatError) -> tuple[Status, ChatError]:
        if self._pieces:
            return Status.INTERRUPTED, error
        if isinstance(error, ConnectionLost) and error.advice == error.default_advice:
            error.advice = error.advice_without_text
        return Status.FAILED, error

    def _filtered(self) -> ContentFiltered | None:
        if not self._filters:
            return None
        return ContentFiltered(
            f"The host's content filter ended the answer: {', '.join(self._filters)}."
        )

    def _now(self) -> float:
        return time.monotonic() - self._start

    def _set(self, **changes: Any) -> None:
        self._reply = replace(self._reply, **changes)

"""The steps of a test of a connection, what comes of each, and how it is judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from playground.errors import ChatError
from playground.model_names import ServedModel

#: A stream that was whole this soon (milliseconds) cannot be told from one that was held back.
TOO_QUICK = 250
#: Reads from the socket from which on an answer did not come in one piece.
APART = 3


class Step(StrEnum):
    """What is tested, in this order. `words` is for people."""

    HOST = "host"
    TLS = "tls"
    AUTHENTICATED = "authenticated"
    MODELS = "models"
    ANSWER = "answer"
    STREAMS = "streams"
    USAGE = "usage"
    PARAMETERS = "parameters"

    @property
    def words(self) -> str:
        """The step as people say it."""
        return _WORDS[self]


_WORDS = {
    Step.HOST: "Host reached",
    Step.TLS: "Secure connection",
    Step.AUTHENTICATED: "Key accepted",
    Step.MODELS: "Models served",
    Step.ANSWER: "Answers",
    Step.STREAMS: "Streams",
    Step.USAGE: "Reports usage",
    Step.PARAMETERS: "Parameters taken",
}


class Mark(StrEnum):
    """How a step ended."""

    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class StepResult:
    """What came of one step.

    Attributes:
        step: which.
        mark: how it ended; SKIPPED also where it does not apply or could not be found out.
        milliseconds: how long it took; None where nothing was done.
        said: what was found, one sentence.
        advice: what to do where it failed; empty otherwise.
        error: the error that ended it, if one did.
        models: for MODELS, what is served.
        taken: for PARAMETERS, the parameters that were not refused.
    """

    step: Step
    mark: Mark
    milliseconds: float | None = None
    said: str = ""
    advice: str = ""
    error: ChatError | None = None
    models: tuple[ServedModel, ...] = ()
    taken: frozenset[str] = frozenset()


def judged(
    pieces: int, reads: int, first: float | None, whole: float, *, ended: bool
) -> StepResult:
    """Return whether an answer streamed.

    Args:
        pieces: how many pieces of text came.
        reads: how many reads from the socket brought something.
        first: milliseconds until the first text; None if none came.
        whole: milliseconds until the end.
        ended: whether a finish reason came.
    """
    if first is None or not pieces:
        return StepResult(
            Step.STREAMS,
            Mark.FAILED,
            whole,
            "No text came.",
            "Try a chat: if it stays empty, the model or its template is at fault.",
        )
    if not ended:
        return StepResult(
            Step.STREAMS,
            Mark.FAILED,
            whole,
            "The stream ended without a finish reason.",
            "Look for a time limit of the server or of a gateway in between.",
        )
    if reads >= APART:
        said = f"Yes: {pieces} pieces, the first after {first:.0f} ms."
        return StepResult(Step.STREAMS, Mark.OK, whole, said)
    if whole < TOO_QUICK:
        said = f"It was whole after {whole:.0f} ms, too quick to tell apart."
        return StepResult(Step.STREAMS, Mark.OK, whole, said)
    return StepResult(
        Step.STREAMS,
        Mark.FAILED,
        whole,
        f"No: the whole answer came at once, after {whole:.0f} ms.",
        "Something on the way holds it back. Switch off the buffering of responses in the proxy or "
        "gateway (proxy_buffering off in nginx).",
    )


def failed(step: Step, error: ChatError, milliseconds: float | None) -> StepResult:
    """Return the result of a step that `error` ended."""
    return StepResult(step, Mark.FAILED, milliseconds, error.happened, error.advice, error)


def skipped(steps: Sequence[Step]) -> Iterator[StepResult]:
    """Yield the results of steps that an earlier one made pointless."""
    for step in steps:
        yield StepResult(step, Mark.SKIPPED, said="Not tried, because of what is above.")


def phrase(names: list[str], most: int = 6) -> str:
    """Return `names` as one phrase, `most` of them."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")

"""Whether a request fits the model's window before it is sent, and what to do where it does not.

All of it rests on counts with a margin (see token_count), so there are three answers and not two:
it fits, it does not, or it is too close to tell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from playground.catalog import Catalog, Model
from playground.conversation import Turn
from playground.messages import Message, Role
from playground.token_count import (
    NOTHING_KNOWN,
    Calibration,
    Count,
    count_message,
    count_messages,
)

#: Tokens. An answer with less room than this is not worth asking for.
LEAST_ANSWER = 64


class Verdict(StrEnum):
    """Whether a request fits."""

    FITS = "fits"
    CLOSE = "close"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Fit:
    """A request measured against a window. All figures are tokens.

    Attributes:
        prompt: the system message, the history and the prompt, template and all.
        answer: the room that is kept for the answer, max_tokens.
        window: what prompt and answer must fit together.
        limited_by_connection: whether the window is the connection's own limit, and not the model's.
    """

    prompt: Count
    answer: int
    window: int
    limited_by_connection: bool = False

    @property
    def needed(self) -> int:
        """What the request takes, about."""
        return self.prompt.tokens + self.answer

    @property
    def free(self) -> int:
        """What is left, about; 0 where nothing is."""
        return max(self.window - self.needed, 0)

    @property
    def over_by(self) -> int:
        """By how much it does not fit, about; 0 where it fits."""
        return max(self.needed - self.window, 0)

    @property
    def share(self) -> float:
        """How full the window is, from 0; above 1 where it does not fit."""
        return self.needed / self.window

    @property
    def verdict(self) -> Verdict:
        """Whether it fits: CLOSE wherever the margin could turn the answer around."""
        if self.prompt.high + self.answer <= self.window:
            return Verdict.FITS
        return Verdict.OVER if self.prompt.low + self.answer > self.window else Verdict.CLOSE

    @property
    def to_bring(self) -> int:
        """What a remedy must bring for the request to fit whatever the margin hides; 0 if it does."""
        return max(self.prompt.high + self.answer - self.window, 0)


@dataclass(frozen=True, slots=True)
class LowerMaxTokens:
    """Keep less room for the answer. `brings` is in tokens, as with each remedy."""

    max_tokens: int
    brings: int
    enough: bool = True


@dataclass(frozen=True, slots=True)
class UseLargerModel:
    """Ask the model of the same size with a larger window."""

    model: str
    label: str
    window: int
    brings: int
    enough: bool = True


@dataclass(frozen=True, slots=True)
class LeaveOutOldest:
    """Do not send the oldest exchanges, which stay in the conversation.

    Attributes:
        turns: ids of the turns to leave out, oldest first.
        exchanges: how many prompts these are, with their replies.
        brings: about how many tokens that is.
        enough: whether the request fits then; False where even the last prompt alone is too long.
    """

    turns: tuple[str, ...]
    exchanges: int
    brings: int
    enough: bool


Remedy = LowerMaxTokens | UseLargerModel | LeaveOutOldest


def fit(
    messages: Sequence[Message],
    model: Model,
    max_tokens: int,
    *,
    limit: int | None = None,
    calibration: Calibration = NOTHING_KNOWN,
) -> Fit:
    """Return how `messages` and an answer of `max_tokens` fit the window of `model`.

    Args:
        messages: all that would be sent, as `Conversation.messages` gives it.
        model: whose window and tokenizer count.
        max_tokens: the room for the answer.
        limit: tokens the connection takes, prompt and answer together, if it says so.
        calibration: what the server's counts taught so far.
    """
    limited = limit is not None and limit < model.context_tokens
    window = limit if limited and limit is not None else model.context_tokens
    return Fit(count_messages(messages, model, calibration), max_tokens, window, limited)


def remedies(
    measured: Fit,
    model: Model,
    catalog: Catalog,
    history: Iterable[Turn],
    *,
    left_out: Collection[str] = (),
    keep_last: bool = False,
    calibration: Calibration = NOTHING_KNOWN,
) -> tuple[Remedy, ...]:
    """Return what makes the request fit, the smallest change first; nothing where it fits.

    Args:
        measured: the request as it would be sent now.
        model: the model it is for.
        catalog: where a model with a larger window may be.
        history: the branch so far, without a prompt that is still being written.
        left_out: ids of turns that are not sent already.
        keep_last: whether the last exchange of the history is what is asked now (an answer is made
            anew or continued), so that it cannot be left out.
        calibration: as for `fit`.
    """
    if not measured.to_bring:
        return ()
    found: list[Remedy | None] = [
        _lower_max_tokens(measured),
        _larger_model(measured, model, catalog),
        _leave_out(
            measured, model, _exchanges(history, left_out), keep_last=keep_last, known=calibration
        ),
    ]
    return tuple(remedy for remedy in found if remedy is not None)


def _lower_max_tokens(measured: Fit) -> LowerMaxTokens | None:
    room = measured.window - measured.prompt.high
    return LowerMaxTokens(room, measured.answer - room) if room >= LEAST_ANSWER else None


def _larger_model(measured: Fit, model: Model, catalog: Catalog) -> UseLargerModel | None:
    if measured.limited_by_connection:
        return None
    for other in catalog:
        same_size = other.parameters_billions == model.parameters_billions
        if same_size and other.context_tokens > measured.window:
            brings = other.context_tokens - measured.window
            return UseLargerModel(
                other.name, other.label, other.context_tokens, brings, brings >= measured.to_bring
            )
    return None


def _exchanges(history: Iterable[Turn], left_out: Collection[str]) -> list[list[Turn]]:
    """Return the turns that are sent, a prompt and what answers it together, oldest first."""
    exchanges: list[list[Turn]] = []
    for turn in history:
        if turn.id in left_out:
            continue
        if turn.role is Role.USER or not exchanges:
            exchanges.append([])
        exchanges[-1].append(turn)
    return exchanges


def _leave_out(
    measured: Fit,
    model: Model,
    exchanges: Sequence[Sequence[Turn]],
    *,
    keep_last: bool,
    known: Calibration,
) -> LeaveOutOldest | None:
    turns: list[str] = []
    count = brings = 0
    for exchange in exchanges[:-1] if keep_last else exchanges:
        if brings >= measured.to_bring:
            break
        turns += [turn.id for turn in exchange]
        count += 1
        # A reply without text was not sent, so leaving it out brings nothing.
        brings += sum(count_message(t.content, model, known) for t in exchange if t.content)
    if not brings:
        return None
    return LeaveOutOldest(tuple(turns), count, brings, brings >= measured.to_bring)

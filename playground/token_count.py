"""How many tokens a request is before it is sent, and how far off that may be.

No count made here is exact. Text is counted with the model's own vocabulary where that is here
(mini, medium) and estimated where it is not (small); what the server puts around each message is
its own affair, and whether it serves that model at all is not for us to know. So each count has a
margin, and the counts that the server reports correct those that follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from playground.catalog import Model
from playground.messages import Message
from playground.tokenizer import Tokenizer, count_text, tokenizer_of

#: Tokens of the published templates: the marker of the role and the one of the end for each
#: message; the start of the text, and the marker that asks for the answer. Small's tokenizer keeps
#: the line break after each marker, the other one drops it.
_TEMPLATE = {Tokenizer.MINI_AND_MEDIUM: (2, 2), Tokenizer.SMALL: (4, 3)}
#: Tokens by which servers differ from these: they keep or drop the line breaks and the start.
_SLACK_PER_MESSAGE, _SLACK = 2, 2

#: How far off an estimate may be: nine in ten of those measured were within it (see tokenizer.texts).
ESTIMATE_ERROR = 0.15
#: The same once the server's counts have corrected it (measured: 4 % at most).
CORRECTED_ERROR = 0.05
#: A correction larger than this says that the vocabulary is not the one the server uses.
_OWN_VOCABULARY = 0.03

#: Tokens at which the server's count weighs as much as the assumption that there is nothing to
#: correct: the template alone makes a short prompt half as long again, which says nothing of text.
_PRIOR = 200
_LOWEST, _HIGHEST = 0.5, 2.0
#: A count further off than this is of something else: only what was not cached, or all turns so far.
_ABSURD = 4
#: What an earlier count is worth beside a later one, which has more of the conversation in it.
_FADING = 0.5


@dataclass(frozen=True, slots=True)
class Count:
    """A number of tokens, never exact.

    Attributes:
        margin: tokens by which it may be off either way.
        counted: whether text was counted with the vocabulary that fits, not estimated.
        corrected: whether counts of the server have a part in it.
    """

    tokens: int
    margin: int
    counted: bool
    corrected: bool = False

    @property
    def low(self) -> int:
        """The fewest tokens it may be."""
        return max(self.tokens - self.margin, 0)

    @property
    def high(self) -> int:
        """The most tokens it may be."""
        return self.tokens + self.margin

    def words(self) -> str:
        """Return it for people, for example "about 1,240 tokens (± 8)"."""
        return f"about {self.tokens:,} tokens (± {self.margin:,})"


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the counts of one server teach about one conversation with one model.

    Attributes:
        estimated: tokens in sum of the requests that the server counted, as counted here.
        reported: tokens in sum as the server counted them. Earlier requests weigh less in both.
    """

    estimated: float = 0.0
    reported: float = 0.0

    @property
    def factor(self) -> float:
        """By which a count is multiplied, from 0.5 to 2. Short requests move it little."""
        factor = (self.reported + _PRIOR) / (self.estimated + _PRIOR)
        return min(max(factor, _LOWEST), _HIGHEST)

    @property
    def known(self) -> bool:
        """Whether the server has counted anything yet."""
        return self.estimated > 0

    def after(self, estimated: int, reported: int) -> Calibration:
        """Return what is known once the server counted `reported` where we count `estimated`.

        Args:
            estimated: tokens of the messages sent, as `count_messages` has them without correction.
            reported: the server's `prompt_tokens`. One that cannot be of these messages is ignored.
        """
        few, many = sorted((estimated, reported))
        if few <= 0 or (many > few * _ABSURD and many - few > _PRIOR):
            return self
        return Calibration(self.estimated * _FADING + estimated, self.reported * _FADING + reported)

    def error(self) -> float:
        """Return the share by which an estimate may be off: less, the more was counted."""
        doubt = _PRIOR / (_PRIOR + self.estimated)
        return CORRECTED_ERROR + (ESTIMATE_ERROR - CORRECTED_ERROR) * doubt


NOTHING_KNOWN = Calibration()


def count_message(text: str, model: Model, calibration: Calibration = NOTHING_KNOWN) -> int:
    """Return how many tokens one message of `text` adds to a request to `model`."""
    tokenizer = tokenizer_of(model)
    per_message, _ = _TEMPLATE[tokenizer]
    return round((count_text(text, tokenizer) + per_message) * calibration.factor)


def count_messages(
    messages: Sequence[Message], model: Model, calibration: Calibration = NOTHING_KNOWN
) -> Count:
    """Return how many tokens these messages are for `model`, template and all.

    A system message counts also where a template drops it: whether a server does, it does not say.
    """
    tokenizer = tokenizer_of(model)
    per_message, once = _TEMPLATE[tokenizer]
    plain = once + sum(count_text(m.content, tokenizer) + per_message for m in messages)
    tokens = round(plain * calibration.factor)
    margin = _SLACK + _SLACK_PER_MESSAGE * len(messages)
    counted = tokenizer.shipped and abs(calibration.factor - 1) <= _OWN_VOCABULARY
    if not counted:
        margin += round(tokens * calibration.error())
    return Count(tokens, margin, counted, calibration.known)


def calibrated(counted: Iterable[tuple[Sequence[Message], int]], model: Model) -> Calibration:
    """Return what is learnt from requests, oldest first: what was sent, and the server's count."""
    calibration = NOTHING_KNOWN
    for messages, reported in counted:
        calibration = calibration.after(count_messages(messages, model).tokens, reported)
    return calibration

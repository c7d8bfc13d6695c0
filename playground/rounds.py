"""Rounds of a comparison: one prompt, and what each pane answered to it."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from playground.conversation import Conversation, Turn
from playground.messages import Role
from playground.reply import Status


@dataclass(frozen=True, slots=True)
class Answer:
    """What one pane answered to one prompt.

    Attributes:
        prompt: the turn that was answered.
        parts: the reply and what continues it, at least one; they are read as one text.
        versions: all replies to the prompt that are on no continued branch, this one included,
            oldest first: the prompt was run as often.
    """

    pane_id: str
    prompt: Turn
    parts: tuple[Turn, ...]
    versions: tuple[Turn, ...]

    @property
    def text(self) -> str:
        """What was answered."""
        return "".join(part.content for part in self.parts)

    @property
    def last(self) -> Turn:
        """The part that ends it."""
        return self.parts[-1]

    @property
    def running(self) -> bool:
        """Whether more of it, or of another version, may come."""
        return any(t.reply is not None and t.reply.running for t in (*self.parts, *self.versions))

    @property
    def complete(self) -> bool:
        """Whether it ended as it should."""
        return self.last.reply is not None and self.last.reply.status is Status.COMPLETED


@dataclass(frozen=True, slots=True)
class Round:
    """One prompt, and what the panes answered.

    Attributes:
        number: its place among the rounds, from 1.
        answers: in the order of the panes; those that were not asked are not in it.
    """

    number: int
    answers: tuple[Answer, ...]

    @property
    def id(self) -> str:
        """Stands for these very answers, whatever their order: another answer makes another id."""
        said = "\n".join(sorted(a.parts[0].id for a in self.answers))
        return hashlib.sha256(said.encode()).hexdigest()[:22]

    @property
    def same_prompt(self) -> bool:
        """Whether all were asked the same."""
        return len({a.prompt.text for a in self.answers}) < 2

    @property
    def running(self) -> bool:
        """Whether an answer is still being written."""
        return any(a.running for a in self.answers)

    @property
    def prompt(self) -> str:
        """What was asked; of the first pane, where each was asked its own."""
        return self.answers[0].prompt.text if self.answers else ""

    def answer(self, pane_id: str) -> Answer | None:
        """Return what this pane answered, or None."""
        return next((a for a in self.answers if a.pane_id == pane_id), None)


def rounds(pane_ids: Sequence[str], conversations: Mapping[str, Conversation]) -> tuple[Round, ...]:
    """Return the rounds, the first first.

    A prompt that went to several panes has the same id in each, and is one round wherever it stands
    in them: a pane may have been added later, or have been asked something alone. Prompts that
    went to one pane each are a round by their place.

    Args:
        pane_ids: in the order in which the panes stand.
        conversations: those of the panes by their ids; the branch on the page counts.
    """
    panes = [
        deque(_answers(pane_id, conversations[pane_id]))
        for pane_id in pane_ids
        if pane_id in conversations
    ]
    found: list[Round] = []
    while any(panes):
        row = [pane.popleft() for pane in _next(panes)]
        answers = tuple(answer for _, answer in row if answer is not None)
        if answers:
            found.append(Round(len(found) + 1, answers))
    return tuple(found)


#: A prompt's id and the answer to it; None where none has begun.
_Asked = tuple[str, Answer | None]


def _next(panes: Sequence[deque[_Asked]]) -> list[deque[_Asked]]:
    """Return the panes of which the first that is left belongs to the next round."""
    left = [pane for pane in panes if pane]
    places = Counter(prompt_id for pane in left for prompt_id, _ in pane)
    firsts = Counter(pane[0][0] for pane in left)
    alone = [pane for pane in left if places[pane[0][0]] == 1]
    if alone:
        return alone
    # All that were asked it have come to it; where no prompt is like that, the first pane leads.
    together = (i for i, count in firsts.items() if count == places[i])
    prompt_id = next(together, left[0][0][0])
    return [pane for pane in left if pane[0][0] == prompt_id]


def _answers(pane_id: str, conversation: Conversation) -> Iterable[_Asked]:
    """Yield the id of each prompt on the branch with its answer."""
    prompt: Turn | None = None
    parts: list[Turn] = []
    for turn in (*conversation.path(), None):
        if turn is not None and turn.role is Role.ASSISTANT:
            parts.append(turn)
            continue
        if prompt is not None:
            answer = _answer(pane_id, prompt, parts, conversation) if parts else None
            yield prompt.id, answer
        prompt, parts = turn, []


def _answer(pane_id: str, prompt: Turn, parts: list[Turn], conversation: Conversation) -> Answer:
    versions = conversation.alternatives(parts[0].id)
    return Answer(pane_id, prompt, tuple(parts), versions)

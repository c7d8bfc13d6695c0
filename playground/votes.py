"""A blind test: which order hides the names, and what was voted."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Blind:
    """That names are hidden, and in which order the answers stand.

    Attributes:
        orders: for each prompt (its turn id) the ids of the panes, in the order they are shown.
        revealed: the prompts whose names are shown, because they were voted on.
        together: whether answers are shown only when all of a prompt are there, so that the pace
            tells nothing.
    """

    orders: tuple[tuple[str, tuple[str, ...]], ...] = ()
    revealed: tuple[str, ...] = ()
    together: bool = True

    def order(self, prompt_id: str) -> tuple[str, ...]:
        """Return the panes in the order of this prompt; empty where none is drawn yet."""
        return dict(self.orders).get(prompt_id, ())


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person thought of the answers to one prompt.

    Attributes:
        prompt_id: the turn id that the prompt has in every pane.
        panes: ids of the panes whose answers were seen.
        ranking: groups of panes, the best first; panes of a group tie. Empty: all are bad.
        voter: whoever voted, as the store knows owners.
        at: seconds since the epoch.
    """

    prompt_id: str
    panes: tuple[str, ...]
    ranking: tuple[tuple[str, ...], ...]
    voter: str = ""
    at: float = field(default_factory=time.time)

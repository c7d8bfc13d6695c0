"""A comparison: two to six panes beside each other, each with a conversation of its own.

The conversation of a pane has the pane's id. Everything here is a value; a change returns a new one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from playground.conversation import new_id
from playground.differences import differences
from playground.errors import SettingsError
from playground.parameters import DEFAULT_SYSTEM_MESSAGE, Parameters
from playground.votes import Blind, Vote

__all__ = ["MAX_PANES", "MAX_REPEAT", "MIN_PANES", "Comparison", "Pane", "differences"]

MIN_PANES = 2
MAX_PANES = 6
#: Answers of one pane to one prompt.
MAX_REPEAT = 10


@dataclass(frozen=True, slots=True)
class Pane:
    """One column: whom it asks, and how.

    Attributes:
        model: the catalog name.
        connection: the connection's name.
        id: also the id of the conversation that the pane holds.
        linked: whether a change of the shared parameters changes its own.
        own_prompt: whether it gets a prompt of its own instead of the one for all.
        collapsed: whether only its header is shown.
    """

    model: str
    connection: str
    id: str = field(default_factory=new_id)
    parameters: Parameters = field(default_factory=Parameters)
    system_message: str = DEFAULT_SYSTEM_MESSAGE
    linked: bool = True
    own_prompt: bool = False
    collapsed: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Panes in the order they are shown, and what was voted on them.

    Attributes:
        title: empty until the first prompt gives it one.
        title_edited: whether a person gave it its title, so that nothing else may change it.
        created_at, updated_at: seconds since the epoch.
        repeat: how many answers each pane gives to each prompt, 1 to MAX_REPEAT.
        blind: how names are hidden; None where they are shown.
        prompts: a prepared set of prompts, to be asked one after the other.

    Raises:
        SettingsError: more than MAX_PANES panes, the same one twice, or `repeat` out of range.
    """

    panes: tuple[Pane, ...]
    id: str = field(default_factory=new_id)
    title: str = ""
    created_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)
    pinned: bool = False
    title_edited: bool = False
    repeat: int = 1
    blind: Blind | None = None
    votes: tuple[Vote, ...] = ()
    prompts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.panes) > MAX_PANES:
            raise SettingsError(
                f"A comparison has at most {MAX_PANES} panes.",
                advice="Remove a pane before you add another.",
            )
        if len({pane.id for pane in self.panes}) != len(self.panes):
            raise SettingsError("A comparison holds the same pane twice.")
        if not 1 <= self.repeat <= MAX_REPEAT:
            raise SettingsError(f"A prompt can be repeated from 1 to {MAX_REPEAT} times.")

    def pane(self, pane_id: str) -> Pane | None:
        """Return the pane with this id, or None."""
        return next((pane for pane in self.panes if pane.id == pane_id), None)

    def with_pane(self, pane: Pane) -> Comparison:
        """Return the comparison with `pane` at its end. Raises SettingsError if it is full."""
        return replace(self, panes=(*self.panes, pane))

    def without_pane(self, pane_id: str) -> Comparison:
        """Return the comparison without this pane. Raises SettingsError if too few would stay."""
        left = tuple(pane for pane in self.panes if pane.id != pane_id)
        if len(left) < min(MIN_PANES, len(self.panes)):
            raise SettingsError(
                f"A comparison has at least {MIN_PANES} panes.",
                advice="Add a pane before you remove this one.",
            )
        return replace(self, panes=left)

    def duplicate(self, pane_id: str) -> Comparison:
        """Return the comparison with a copy of this pane right behind it, without its history.

        Raises:
            SettingsError: it is full.
        """
        panes: list[Pane] = []
        for pane in self.panes:
            panes.append(pane)
            if pane.id == pane_id:
                panes.append(replace(pane, id=new_id()))
        return replace(self, panes=tuple(panes))

    def moved(self, pane_id: str, by: int) -> Comparison:
        """Return the comparison with this pane `by` places further right (left if negative)."""
        pane = self.pane(pane_id)
        if pane is None:
            return self
        others = [other for other in self.panes if other.id != pane_id]
        place = max(0, min(len(others), self.panes.index(pane) + by))
        return replace(self, panes=(*others[:place], pane, *others[place:]))

    def changed(self, pane: Pane) -> Comparison:
        """Return the comparison with `pane` in the place of the one that has its id."""
        return replace(self, panes=tuple(pane if p.id == pane.id else p for p in self.panes))

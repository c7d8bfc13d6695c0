"""What one tab holds of the comparison on the page."""

from __future__ import annotations

from dataclasses import dataclass, field

from components.judging import Judging
from playground.comparison import Comparison
from playground.errors import ChatError
from playground.parameters import DEFAULT_SYSTEM_MESSAGE, Parameters


@dataclass(frozen=True, slots=True)
class Shared:
    """The settings of the sidebar, as they were last given to the panes that follow them."""

    parameters: Parameters = field(default_factory=Parameters)
    system_message: str = DEFAULT_SYSTEM_MESSAGE


@dataclass(slots=True)
class Compared:
    """The comparison that a tab shows, and how it is looked at.

    Attributes:
        comparison: as last seen; the store holds the truth of one that is kept. None before the
            page was first opened.
        kept: whether the store has it; one is kept from its first prompt on.
        expanded: id of the pane that is shown alone, the others folded; None for all.
        together: whether the panes scroll together.
        shared: what the panes that follow the sidebar were last given.
        raw: ids of the pane and of the turn in it that is looked at as it was sent and received.
        whole: ids of panes of which every message is drawn.
        notices: why the last thing done to a pane had no effect, by the pane's id, shown once.
        notice: the same for the whole page.
        told: sentences to show once.
        unswept: why a sweep could not be made.
        judging: how it is read, judged and presented.
    """

    comparison: Comparison | None = None
    kept: bool = False
    expanded: str | None = None
    together: bool = False
    shared: Shared = field(default_factory=Shared)
    raw: tuple[str, str] | None = None
    whole: set[str] = field(default_factory=set)
    notices: dict[str, ChatError] = field(default_factory=dict)
    notice: ChatError | None = None
    told: tuple[str, ...] = ()
    unswept: str = ""
    judging: Judging = field(default_factory=Judging)

    def show(self, comparison: Comparison, *, kept: bool) -> None:
        """Put this comparison on the page."""
        self.comparison, self.kept = comparison, kept
        self.expanded = self.notice = self.raw = None
        self.whole.clear()
        self.notices.clear()
        self.judging = Judging(voter=self.judging.voter, presenting=self.judging.presenting)

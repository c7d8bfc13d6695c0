"""What one tab holds of how a comparison is read, judged and presented."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Judging:
    """How a comparison is looked at here.

    Attributes:
        number: of the round whose figures are shown; None for the latest.
        voter: the name under which is voted.
        voted: id of the round just voted on, whose names are shown until the next.
        picked: places of the answers ranked so far, the best first.
        presenting: whether the presenter view is on.
        step: the place of the prompt that is presented, from 0.
        refused: why a prompt set could not be taken; empty if it could.
        files: how many files with prompts were read.
        coming: prompts of the set that are asked by themselves, each once the one before is answered.
        endpoints: whether exports name the addresses of servers.
        drawn: what stands in each place of the page, and in which half of it, by its key.
    """

    number: int | None = None
    voter: str = ""
    voted: str = ""
    picked: list[int] = field(default_factory=list)
    presenting: bool = False
    step: int = 0
    refused: str = ""
    files: int = 0
    coming: list[str] = field(default_factory=list)
    endpoints: bool = False
    drawn: dict[str, tuple[str, int]] = field(default_factory=dict)

    def vote_as(self, name: str | None) -> None:
        """Vote under this name from now on."""
        self.voter = " ".join((name or "").split())[:60]
        self.next()

    def next(self) -> None:
        """Go on to the next round that is not voted on."""
        self.voted = ""
        self.picked.clear()

    def present(self, *, on: bool) -> None:
        """Enter or leave the presenter view."""
        self.presenting = on
        self.coming.clear()

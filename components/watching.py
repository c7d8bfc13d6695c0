"""The one loop that draws running replies, a single one or several side by side, frame by frame.

Whatever the user does meanwhile ends this loop, not the generations: the next run of the script
draws on from where they are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from components.live_reply import TICK
from playground.generation import Generation
from playground.reply import Reply

#: Shortest time between two frames of one reply, in seconds: 20 a second look fluent.
FRAME = 0.05
#: One more frame length for each so many runs at once, so that they share the processor.
RUNS_PER_FRAME = 8
#: The first frames follow each other faster, so that the first words are seen at once.
FIRST_FRAME = 0.01
#: Seconds between two looks at several runs, of which none can be waited for alone.
LOOK = 0.01
#: Seconds that the rest of a page waits for the first words, at most: it still stands there as it
#: was before.
PATIENCE = 0.15
#: Seconds that it waits after them. What a browser gets within 10 ms it draws at one time, and the
#: settings alone take it longer than the first words should.
HEAD_START = 0.03
#: Who has run for so many seconds has waited for its first word already, or shown it.
YOUNG = 1.0


class Place(Protocol):
    """Where a reply is drawn."""

    def draw(self, reply: Reply, *, quiet: float) -> None:
        """Draw what is new; `quiet` says for how many seconds no text has come."""


class Watched:
    """One running reply, the place where it is drawn, and what is drawn when it ends."""

    def __init__(
        self,
        generation: Generation,
        place: Place,
        ended: Callable[[Reply], None] = lambda _: None,
    ) -> None:
        self.generation = generation
        self.reply = Reply()
        self._place = place
        self._ended = ended
        self._pace = FIRST_FRAME
        self._version = self._pieces = 0
        self._heard = time.monotonic()
        self._not_before = self._at_last = 0.0

    def look(self, frame: float) -> None:
        """Draw the reply as it stands, and set when it has to be looked at next."""
        began = time.monotonic()
        # Read first: what comes while it is drawn counts as new.
        self._version = self.generation.wait(-1, 0)
        reply = self.reply = self.generation.snapshot()
        if reply.pieces != self._pieces:
            self._pieces, self._heard = reply.pieces, began
        self._place.draw(reply, quiet=began - self._heard)
        self._at_last = began + TICK
        if self.has_word:
            # The first word is drawn at once; only what follows it is paced.
            self._not_before = began + self._pace
            self._pace = min(frame, self._pace * 1.5)
        if not reply.running:
            self._ended(reply)

    @property
    def has_word(self) -> bool:
        """Whether there is something to read: the marks before a heading's words show nothing."""
        return any(map(str.isalnum, self.reply.text))

    @property
    def due(self) -> bool:
        """Whether there is something to draw now."""
        now = time.monotonic()
        if now < self._not_before:
            return False
        return now >= self._at_last or self.generation.wait(-1, 0) > self._version

    def wait(self) -> None:
        """Block until there is something to draw."""
        self.generation.wait(self._version, TICK)
        time.sleep(max(0.0, self._not_before - time.monotonic()))


def first_words(watched: Sequence[Watched]) -> None:
    """Draw the first words of young replies, if they come soon, and let the browser show them.

    To be called before the rest of the page is drawn, which can wait where the words should not.
    """
    young = [one for one in watched if one.generation.snapshot().elapsed < YOUNG]
    if not young:
        return
    until = time.monotonic() + PATIENCE
    for one in young:
        one.look(FRAME)
    while (left := [one for one in young if one.reply.running and not one.has_word]) and (
        time.monotonic() < until
    ):
        time.sleep(FIRST_FRAME / 2)
        for one in left:
            if one.due:
                one.look(FRAME)
    if any(one.has_word for one in young):
        time.sleep(HEAD_START)


def watch_all(watched: Sequence[Watched], *, running: int) -> None:
    """Draw these replies until each has ended; `running` runs share this processor."""
    frame = FRAME * (1 + running // RUNS_PER_FRAME)
    left = [one for one in watched if one.reply.running]
    for one in left:
        one.look(frame)
    while left := [one for one in left if one.reply.running]:
        if len(left) == 1:
            left[0].wait()
            left[0].look(frame)
            continue
        due = [one for one in left if one.due]
        for one in due:
            one.look(frame)
        if not due:
            time.sleep(LOOK)

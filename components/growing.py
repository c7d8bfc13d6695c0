"""A running reply on the chat page: its first word comes before the rest of the page."""

from __future__ import annotations

import time
from collections.abc import Callable

from streamlit.delta_generator import DeltaGenerator

from components.live_reply import LiveReply
from components.resources import resources
from components.watching import Watched, first_words, watch_all
from playground.generation import SAVE_INTERVAL, Generation
from playground.reply import Reply


class Growing:
    """What is left to draw of a reply that runs.

    Args:
        message: where on the page it stands.
        place: where in it the text grows; what there was of it is drawn.
        generation: what makes it; None if another process does.
        ended: draws what stands below it in the end.
    """

    def __init__(
        self,
        message: DeltaGenerator,
        place: LiveReply,
        generation: Generation | None,
        ended: Callable[[Reply], None],
    ) -> None:
        self._message = message
        self._watched = Watched(generation, place) if generation else None
        self._ended = ended
        #: Draws the messages above it.
        self.draw_above: Callable[[], None] = lambda: None

    def first_word(self) -> None:
        """Draw the first word, if it comes soon, and let the browser show it."""
        if self._watched is not None:
            with self._message:
                first_words([self._watched])

    def rest(self) -> bool:
        """Draw the reply until it ends; return whether the page has to be drawn anew."""
        if self._watched is None:
            # Another process makes it and saves it now and then: look again in a moment.
            time.sleep(SAVE_INTERVAL)
            return True
        with self._message:
            watch_all([self._watched], running=resources().generations.running)
            self._ended(self._watched.reply)
        return False

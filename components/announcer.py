"""What a screen reader is told: that an answer starts and how it ended, none of the words between."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.texts import _
from playground.conversation import new_id


@dataclass(slots=True)
class Announcer:
    """Tells what changed since this tab drew the page last; assets/page.js has it spoken, once.

    Attributes:
        about: id of the conversation or comparison that was drawn.
        running: whether an answer ran there.
        told: what was told last about it, behind an id of its own; empty for nothing.
    """

    about: str = ""
    running: bool = False
    told: str = ""

    def begin(self, about: str) -> None:
        """Note that an answer was asked for, which may be over before the page is drawn."""
        self.about, self.running = about, True
        started = _("Answer started")
        self.told = f"{new_id()} {started}"

    def draw(self, place: DeltaGenerator, about: str, *, running: bool, ending: str) -> None:
        """Draw what there is to tell, where nobody sees it.

        It stays there: the browser may draw what comes quickly in one go, and would miss it.

        Args:
            place: what `announcement_place` returned.
            about: id of what is on the page.
            running: whether an answer runs there.
            ending: how the last one ended, in words; empty if that is not to be told.
        """
        if about != self.about:
            self.about, self.running, self.told = about, False, ""
        if running and not self.running:
            self.begin(about)
        elif self.running and not running:
            self.running = False
            self.told = f"{new_id()} {_ended(ending)}"
        if self.told:
            place.text(self.told)


def announcement_place() -> DeltaGenerator:
    """Return the place on the page where nobody sees what is drawn."""
    return st.container(key="announcement").empty()


def _ended(ending: str) -> str:
    return _("Answer ended: {ending}").format(ending=ending) if ending else _("Answer ended")

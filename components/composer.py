"""The chat box at the bottom, and Stop where sending was."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.session import prompt_key, widget_value
from components.texts import _


def composer(
    *, running: bool, on_send: Callable[[str], None], on_stop: Callable[[], None], hint: str
) -> DeltaGenerator:
    """Draw the box; while a reply runs, "Stop generating" stands where sending was.

    Returns the place of that button, to be emptied when the reply ends.
    """
    # In st.bottom, since Streamlit's own way of following a reply does not let go of the reader
    # (see assets/scrolling.js); it is switched off where the box is put somewhere by hand.
    st.bottom.chat_input(
        hint,
        key=prompt_key(),
        on_submit=lambda: on_send(str(widget_value(prompt_key()) or "")),
    )
    place = st.bottom.empty()
    if running:
        place.button(
            _("Stop generating"),
            key="stop",
            icon=":material/stop_circle:",
            on_click=on_stop,
        )
    return place

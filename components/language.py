"""The switch between the languages; what was picked is kept by assets/page.js in a cookie."""

from __future__ import annotations

import streamlit as st

from components.session import language_picked, pick_language, widget_value
from components.texts import LANGUAGES, _, language

_KEY = "language"


def language_switch() -> None:
    """Draw the menu of languages. The page's script reads from its place what the page speaks."""
    spoken = language()
    place = "picked" if language_picked() else "speaks"
    with st.container(key=f"{place}_{spoken}", width="content"):
        st.menu_button(
            spoken.upper(),
            list(LANGUAGES),
            key=_KEY,
            icon=":material/language:",
            type="tertiary",
            help=_("Language"),
            format_func=LANGUAGES.__getitem__,
            on_click=_pick,
        )


def _pick() -> None:
    picked = widget_value(_KEY)
    if picked in LANGUAGES:
        pick_language(str(picked))

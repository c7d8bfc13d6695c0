"""The list of keys; what they do is in assets/page.js."""

from __future__ import annotations

import streamlit as st

from components.texts import _, later

KEYS: tuple[tuple[str, str], ...] = (
    ("Enter", later("Send")),
    ("Shift + Enter", later("Begin a new line")),
    ("/", later("Go to the box")),
    ("Escape", later("Stop generating, or stop editing a message")),
    ("n", later("New chat")),
    ("y", later("Copy the last reply")),
    ("[", later("Previous version of the last reply")),
    ("]", later("Next version of the last reply")),
    ("?", later("This list")),
)


def shortcuts_button() -> None:
    """Draw the button that opens the list."""
    if st.button(_("Keyboard"), key="shortcuts", icon=":material/keyboard:", type="tertiary"):
        shortcuts_dialog()


def shortcuts_dialog() -> None:
    """Show what each key does."""
    st.dialog(_("Keyboard"), icon=":material/keyboard:")(_list)()


def _list() -> None:
    st.table({_("Keys"): [key for key, does in KEYS], _("Does"): [_(does) for key, does in KEYS]})
    st.caption(_("The single letters work while the box is not being written in."))

"""The list of keys; what they do is in assets/page.js."""

from __future__ import annotations

import streamlit as st

KEYS: tuple[tuple[str, str], ...] = (
    ("Enter", "Send"),
    ("Shift + Enter", "Begin a new line"),
    ("/", "Go to the box"),
    ("Escape", "Stop generating"),
    ("n", "New chat"),
    ("y", "Copy the last reply"),
    ("[", "Previous version of the last reply"),
    ("]", "Next version of the last reply"),
    ("?", "This list"),
)


def shortcuts_button() -> None:
    """Draw the button that opens the list."""
    if st.button("Keyboard", key="shortcuts", icon=":material/keyboard:", type="tertiary"):
        shortcuts_dialog()


@st.dialog("Keyboard", icon=":material/keyboard:")
def shortcuts_dialog() -> None:
    """Show what each key does."""
    st.table({"Key": [key for key, _ in KEYS], "Does": [what for _, what in KEYS]})
    st.caption("The single letters work while the box is not being written in.")

"""The empty chat: what this is, and four prompts to begin with."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.session import session

STARTERS: tuple[tuple[str, str, str], ...] = (
    ("public", "A fact", "What is the capital of France?"),
    ("table_chart", "Formats", "Show me a table, some code and a formula."),
    ("psychology", "Reasoning", "Explain step by step why the sky is blue."),
    ("auto_stories", "A long one", "Tell me a long story."),
)


def starters(*, on_send: Callable[[str], None]) -> None:
    """Draw the welcome and the starters; a click sends the prompt."""
    connection = session().connections.get(session().connection)
    st.title("What shall we try?", anchor=False)
    if connection is not None and connection.scripted:
        st.markdown(
            "Nothing is connected yet, so **replies here are scripted**: they show how the "
            "playground works, and no model writes them."
        )
    else:
        st.markdown("Pick a Phi-3 model on the left, and ask.")
    columns = st.columns(2, gap="small")
    for number, (icon, title, prompt) in enumerate(STARTERS):
        columns[number % 2].button(
            f"**{title}**  \n{prompt}",
            key=f"starter_{number}",
            icon=f":material/{icon}:",
            width="stretch",
            on_click=on_send,
            args=(prompt,),
        )

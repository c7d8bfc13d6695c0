"""The empty chat: what this is, and four prompts to begin with."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.cautions import cautions
from components.found_servers import offered_servers
from components.session import session
from components.texts import _, later

STARTERS: tuple[tuple[str, str, str], ...] = (
    ("public", later("A fact"), later("What is the capital of France?")),
    ("table_chart", later("Formats"), later("Show me a table, some code and a formula.")),
    ("psychology", later("Reasoning"), later("Explain step by step why the sky is blue.")),
    ("auto_stories", later("A long one"), later("Tell me a long story.")),
)


def starters(*, on_send: Callable[[str], None]) -> None:
    """Draw the welcome and the starters; a click sends the prompt."""
    connection = session().connections.get(session().connection)
    scripted = connection is not None and connection.scripted
    st.title(_("What shall we try?"), anchor=False)
    if scripted:
        st.markdown(
            _(
                "Nothing is connected yet, so **replies here are scripted**: they show how the "
                "playground works, and no model writes them."
            )
        )
        offered_servers()
    else:
        st.markdown(_("Pick a Phi-3 model on the left, and ask."))
    columns = st.columns(2, gap="small")
    for number, (icon, title, text) in enumerate(STARTERS):
        prompt = text if scripted else _(text)  # the script knows English
        columns[number % 2].button(
            f"**{_(title)}**  \n{prompt}",
            key=f"starter_{number}",
            icon=f":material/{icon}:",
            width="stretch",
            on_click=on_send,
            args=(prompt,),
        )
    if connection is not None:
        cautions(connection)

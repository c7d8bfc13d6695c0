"""The empty comparison: what it is for, and ways to begin."""

from __future__ import annotations

import streamlit as st

from components import compare_actions as act
from components import compare_asking as asking
from components.compare_controls import SETUP_ICONS
from components.session import session
from components.texts import _, later, translated
from playground.setups import QUICK_SETUPS

#: What each quick set-up shows, by its name.
PURPOSES = {
    "all_six": later("The whole family at one glance."),
    "mini_medium": later("What four times the size buys."),
    "short_long": later("Does a long window cost anything?"),
    "temperatures": later("How much chance changes."),
    "system_messages": later("What the instructions do."),
}

STARTERS: tuple[tuple[str, str], ...] = (
    ("psychology", later("Explain step by step why the sky is blue.")),
    ("code", later("How do I reverse a list in Python?")),
    ("table_chart", later("Show me a table, some code and a formula.")),
)


def welcome() -> None:
    """Say what one can do here, and offer the quick set-ups."""
    st.title(_("Compare models side by side"), anchor=False)
    st.markdown(
        _(
            "Ask once, and every pane answers for itself: another model, another temperature, "
            "another system message."
        )
    )
    if _scripted():
        st.badge(
            _("Demo: scripted replies, no model"), icon=":material/theater_comedy:", color="violet"
        )
    with st.container(key="setup_cards"):
        for setup in QUICK_SETUPS:
            st.button(
                f"**{translated(setup.label)}**  \n{_(PURPOSES[setup.name])}",
                key=f"setup_{setup.name}",
                icon=f":material/{SETUP_ICONS[setup.name]}:",
                width="stretch",
                on_click=act.set_up,
                args=(setup.name,),
            )


def prompt_starters() -> None:
    """Offer prompts to begin with; a click sends one to every pane."""
    with st.container(horizontal=True, gap="xsmall", key="compare_starters"):
        for number, (icon, text) in enumerate(STARTERS):
            prompt = text if _scripted() else _(text)  # the script knows English
            st.button(
                prompt,
                key=f"starter_{number}",
                icon=f":material/{icon}:",
                on_click=asking.ask,
                args=(prompt,),
            )


def _scripted() -> bool:
    found = (session().connections.get(pane.connection) for pane in act.current().panes)
    return any(connection is not None and connection.scripted for connection in found)

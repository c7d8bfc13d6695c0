"""Earlier conversations of this browser, newest first."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from components.notices import escaped
from components.resources import ROOT, resources
from components.session import session

LIMIT = 100


def recent_list() -> None:
    """Draw the list; a click opens the conversation."""
    here, store = session(), resources().store
    summaries = store.recent(here.owner, LIMIT)
    st.caption(
        "Conversations of this browser. They live in the server's memory and are gone when it stops."
    )
    if not summaries:
        st.info("Nothing here yet: what you chat about is listed here.", icon=":material/history:")
        return
    day = None
    for summary in summaries:
        when = dt.datetime.fromtimestamp(summary.updated_at).astimezone()
        if when.date() != day:
            day = when.date()
            st.subheader(f"{day:%A, %d %B %Y}", anchor=False)
        if st.button(
            f"{escaped(summary.title)} :gray[{when:%H:%M}]",
            key=f"open_{summary.id}",
            type="tertiary",
            icon=":material/chat_bubble:",
        ):
            conversation = store.get(here.owner, summary.id)
            if conversation is not None:
                here.show(conversation)
                st.switch_page(ROOT / "pages" / "chat.py")

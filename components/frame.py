"""The script that st.App runs for every page: page settings, navigation, then the page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).resolve().parent / "assets"
PAGES = Path(__file__).resolve().parent.parent / "pages"

st.set_page_config(
    page_title="Phi-3 playground",
    page_icon=str(ASSETS / "icon.svg"),
    initial_sidebar_state=320,  # pixels: a model's name and figures fit on one line
)
# Our own stylesheet, a file: no text of people or models comes near it.
st.html(ASSETS / "style.css")  # noqa: TID251
st.logo(str(ASSETS / "logo.svg"), icon_image=str(ASSETS / "icon.svg"), size="large")

page = st.navigation(
    [
        st.Page(PAGES / "chat.py", title="Chat", icon=":material/chat:", default=True),
        st.Page(PAGES / "models.py", title="Models", icon=":material/deployed_code:"),
        st.Page(PAGES / "history.py", title="History", icon=":material/history:"),
        st.Page(PAGES / "connections.py", title="Connections", icon=":material/dns:"),
    ],
    position="top",
)
page.run()

"""The script that st.App runs for every page: page settings, navigation, then the page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from components.language import language_switch
from components.names import (
    CHAT_PAGE,
    COMPARE_PAGE,
    CONNECTIONS_PAGE,
    HISTORY_PAGE,
    MODELS_PAGE,
    SHARED_PAGE,
    SHARED_PATH,
)
from components.notices import not_saved_notice
from components.owner import owner_of_visitor, sign_in_configured
from components.session import language_of_visitor, session
from components.sidebar import new_chat_button, recent_chats
from components.sign_in import account_line, sign_in
from components.texts import _, speak

#: Paths of the pages that have settings in the sidebar, and the list of conversations below them.
WITH_SETTINGS = ("", COMPARE_PAGE.stem)

ASSETS = Path(__file__).resolve().parent / "assets"

st.set_page_config(
    page_title="Phi-3 playground",
    page_icon=str(ASSETS / "icon.svg"),
    initial_sidebar_state=320,  # pixels: a model's name and figures fit on one line
)
st.logo(str(ASSETS / "logo.svg"), icon_image=str(ASSETS / "icon.svg"), size="large")

speak(language_of_visitor())
stranger = owner_of_visitor() is None
page = st.navigation(
    [
        st.Page(CHAT_PAGE, title=_("Chat"), icon=":material/chat:", default=True),
        st.Page(COMPARE_PAGE, title=_("Compare"), icon=":material/compare_arrows:"),
        st.Page(MODELS_PAGE, title=_("Models"), icon=":material/deployed_code:"),
        st.Page(HISTORY_PAGE, title=_("History"), icon=":material/history:"),
        st.Page(CONNECTIONS_PAGE, title=_("Connections"), icon=":material/dns:"),
        st.Page(SHARED_PAGE, title=_("Shared"), url_path=SHARED_PATH, visibility="hidden"),
    ],
    position="hidden" if stranger else "top",
)
if stranger:
    with st.container(horizontal=True, horizontal_alignment="right", key="languages"):
        language_switch()
    if page.url_path == SHARED_PATH:
        page.run()  # who has the link need not sign in to read
    else:
        sign_in()
else:
    session().visit(page.url_path)
    with st.sidebar:
        if sign_in_configured():
            account_line()
        with st.container(horizontal=True, wrap=False, gap="xsmall", key="first_row"):
            new_chat_button()
            language_switch()
        if page.url_path not in WITH_SETTINGS:
            recent_chats()
    not_saved_notice()
    page.run()

"""The page for who has to sign in first."""

from __future__ import annotations

import streamlit as st

from components.notices import escaped
from components.texts import _


def sign_in() -> None:
    """Draw what a visitor sees before they have signed in."""
    with st.container(key="stranger", horizontal_alignment="center"):
        st.title(_("Phi-3 playground"), anchor=False, width="content")
        st.markdown(
            _("Sign in to chat. What you say is kept for you and shown to no one else."),
            width="content",
        )
        st.button(
            _("Sign in"), key="sign_in", icon=":material/login:", type="primary", on_click=st.login
        )


def account_line() -> None:
    """Draw who is signed in, with the way out."""
    name = str(st.user.get("name") or st.user.get("email") or _("Signed in"))
    with st.container(horizontal=True, vertical_alignment="center", key="account"):
        st.caption(f":material/account_circle: {escaped(name)}", width="stretch")
        st.button(_("Sign out"), key="sign_out", type="tertiary", on_click=st.logout)

"""The key of a connection that was added on the page, to be changed there."""

from __future__ import annotations

import streamlit as st

from components.connection_actions import change_key
from components.notices import show_error
from components.session import close, session, widget_value
from components.texts import _
from playground.connections import Connection


def key_popover(connection: Connection) -> None:
    """Draw the button that opens the field, where the key was typed on the page."""
    if not connection.typed or connection.entra_scope:
        return
    panel = f"key_{connection.name}"
    opened = st.popover(_("Key"), icon=":material/key:", key=panel, on_change="rerun")
    if not opened.open:
        return
    field = f"new_{panel}"

    def take() -> None:
        if change_key(connection, widget_value(field)):
            close(panel)

    with opened, st.form(panel + "_form", border=False):  # see connection_form
        st.text_input(
            _("New key"),
            key=field,
            type="password",
            autocomplete="off",
            help=_("Kept in memory for this session, and shown nowhere."),
        )
        st.caption(_("If it is left empty, the server is asked without a key."))
        problem = session().connecting.key_problems.get(connection.name)
        if problem is not None:
            show_error(problem, key="key_problem")
        st.form_submit_button(_("Use this key"), key=f"use_{panel}", type="primary", on_click=take)

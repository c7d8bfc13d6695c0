"""What a shared link opens: one conversation to read, and nothing else of its owner's."""

from __future__ import annotations

import streamlit as st

from components.names import CHAT_PAGE, CONVERSATION, TOKEN
from components.notices import escaped, show_error
from components.owner import owner_of_visitor
from components.resources import resources
from components.session import session
from components.texts import _
from components.transcript import read_only
from playground.conversation import Conversation
from playground.errors import ChatError


def shared_page() -> None:
    """Draw the page."""
    token = st.query_params.get(TOKEN, "")
    try:
        conversation = resources().store.open_share(token) if token else None
    except ChatError as error:
        show_error(error, key="shared_error")
        return
    if conversation is None:
        st.title(_("This link does not work"), anchor=False)
        st.markdown(
            _(
                "It was taken back, it has expired, or it is not complete. Ask whoever sent it for "
                "another one."
            )
        )
        return
    st.title(escaped(conversation.title or _("Shared conversation")), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", key="shared_bar"):
        st.badge(_("Shared with you, to read"), icon=":material/visibility:")
        if owner_of_visitor() is not None and st.button(
            _("Continue from here"),
            key="continue_shared",
            icon=":material/fork_right:",
            help=_("Copies it to your own conversations; the original stays as it is."),
        ):
            _copy(conversation)
    read_only(conversation)


def _copy(conversation: Conversation) -> None:
    try:
        (copied,) = resources().store.add(session().owner, conversation)
    except ChatError as error:
        show_error(error, key="copy_error")
        return
    st.switch_page(CHAT_PAGE, query_params={CONVERSATION: copied})

"""Giving a conversation another title: from the head of the chat, and from the history."""

from __future__ import annotations

import streamlit as st

from components.notices import escaped, show_error
from components.resources import resources
from components.session import session
from components.texts import _
from playground.conversation import Conversation
from playground.errors import ChatError

#: Characters.
MAX_TITLE = 200


def title_button(conversation: Conversation) -> None:
    """Draw the title above what was said; a click lets one change it."""
    title = conversation.title or _("Untitled")
    if st.button(
        escaped(title),
        key="title",
        icon=":material/edit:",
        icon_position="right",
        type="tertiary",
        help=_("Change the title"),
    ):
        rename_dialog(conversation.id, title)


def rename_dialog(conversation_id: str, title: str) -> None:
    """Ask for a new title."""
    st.dialog(_("Rename"))(_rename)(conversation_id, title)


def _rename(conversation_id: str, title: str) -> None:
    # A form, so that Enter saves. A longer title is cut: the field's own limit swallows a paste whole.
    with st.form("rename", border=False):
        new = st.text_input(_("Title"), value=title[:MAX_TITLE], key="new_title").strip()
        saved = st.form_submit_button(_("Save"), key="save_title", type="primary")
    if not saved:
        return
    if not new:
        st.caption(_("A title needs a word."))
        return
    try:
        resources().store.rename(session().owner, conversation_id, new[:MAX_TITLE].rstrip())
    except ChatError as error:
        show_error(error, key="rename_error")
        return
    st.rerun()

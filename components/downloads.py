"""Conversations as files to take along."""

from __future__ import annotations

import datetime as dt
import time

import streamlit as st

from playground.conversation import Conversation
from playground.transfer import Format, export, file_name

#: The formats as people call them, in the order in which they are offered.
LABELS = {Format.HTML: "HTML", Format.MARKDOWN: "Markdown", Format.JSON: "JSON"}
_TYPES = {
    Format.HTML: "text/html",
    Format.MARKDOWN: "text/markdown",
    Format.JSON: "application/json",
}


def download_button(conversation: Conversation, form: Format, *, key: str) -> None:
    """Draw the button that downloads the conversation; the file is made when it is clicked."""
    zone = dt.datetime.now().astimezone().tzinfo or dt.UTC

    def data() -> bytes:
        return export([conversation], form, at=time.time(), zone=zone).data

    st.download_button(
        LABELS[form],
        data,
        file_name=f"{file_name(conversation.title, conversation.created_at, zone)}.{form}",
        mime=_TYPES[form],
        key=key,
        icon=":material/download:",
        on_click="ignore",
    )


def download_buttons(conversation: Conversation, *, key: str) -> None:
    """Draw a button for each kind of file."""
    with st.container(horizontal=True, key=key):
        for form in LABELS:
            download_button(conversation, form, key=f"{key}_{form}")

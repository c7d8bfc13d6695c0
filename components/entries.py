"""What lists of conversations have in common: a comparison looks another way and opens elsewhere."""

from __future__ import annotations

import streamlit as st

from components.names import CHAT_PAGE, COMPARE_PAGE, COMPARISON, CONVERSATION
from playground.store import Summary

COMPARISON_ICON = ":material/view_column_2:"


def open_entry(summary: Summary) -> None:
    """Go to the page that shows it."""
    if summary.panes:
        st.switch_page(COMPARE_PAGE, query_params={COMPARISON: summary.id})
    st.switch_page(CHAT_PAGE, query_params={CONVERSATION: summary.id})


def entry_icon(summary: Summary, conversation: str | None = None) -> str | None:
    """Return the icon beside its title; `conversation` is that of one that is not pinned."""
    if summary.panes:
        return COMPARISON_ICON
    return ":material/keep:" if summary.pinned else conversation

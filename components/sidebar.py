"""What stands in the sidebar of every page: a new chat, and the latest conversations."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from components.dates import short_month
from components.entries import entry_icon, open_entry
from components.names import CHAT_PAGE, COMPARISON, HISTORY_PAGE
from components.notices import escaped
from components.resources import resources
from components.session import session
from components.texts import _
from playground.store import StoreError, Summary, Wanted

#: How many of the latest conversations are listed.
RECENT = 6
#: How many of them may be pinned ones that stand at the top.
PINNED = 3
#: Characters of a title that fit on a line.
_TITLE = 34


def new_chat_button() -> None:
    """Draw the button that begins an empty conversation, from any page."""
    if st.button(
        _("New chat"),
        key="new_chat",
        icon=":material/edit_square:",
        width="stretch",
        on_click=_new_chat,
    ):
        st.switch_page(CHAT_PAGE)


def _new_chat() -> None:
    session().new_chat()
    st.query_params.clear()


def recent_chats() -> None:
    """Draw the pinned and the latest conversations, each a click away, and the way to all of them."""
    here = session()
    try:
        summaries = _latest(here.owner)
    except StoreError:
        return  # the page says what is wrong with the store
    if not summaries:
        return
    chosen: Summary | None = None
    shown = st.query_params.get(COMPARISON, here.conversation.id)
    with st.container(key="recent", gap=None):
        st.caption(_("Recent"))
        for summary in summaries:
            if st.button(
                _label(summary, shown=summary.id == shown),
                key=f"recent_{summary.id}",
                icon=entry_icon(summary, ":material/chat_bubble:"),
                type="tertiary",
                width="stretch",
            ):
                chosen = summary
        with st.container(key="all_conversations"):
            st.page_link(HISTORY_PAGE, label=_("All conversations"), icon=":material/history:")
    if chosen is not None:
        open_entry(chosen)


def _latest(owner: str) -> list[Summary]:
    """Return what is listed: a few pinned ones, however old, above the latest."""
    store = resources().store
    pinned = [hit.summary for hit in store.find(owner, Wanted(pinned=True), limit=PINNED).hits]
    there = {summary.id for summary in pinned}
    latest = [summary for summary in store.recent(owner, RECENT) if summary.id not in there]
    return [*pinned, *latest][:RECENT]


def _label(summary: Summary, *, shown: bool) -> str:
    when = dt.datetime.fromtimestamp(summary.updated_at).astimezone()
    title = summary.title or _("Untitled, {day} {month}").format(
        day=f"{when:%d}", month=short_month(when)
    )
    short = title if len(title) <= _TITLE else title[: _TITLE - 1].rstrip() + "…"
    return f"**{escaped(short)}**" if shown else escaped(short)

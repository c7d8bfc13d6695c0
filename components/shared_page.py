"""What a shared link opens: one conversation to read, and nothing else of its owner's."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.names import CHAT_PAGE, COMPARE_PAGE, COMPARISON, CONVERSATION, TOKEN
from components.notices import escaped, show_error
from components.owner import owner_of_visitor
from components.resources import resources
from components.session import session
from components.texts import _
from components.transcript import read_only
from playground.conversation import Conversation
from playground.differences import differences
from playground.errors import ChatError
from playground.store import SharedComparison

#: Panes of a comparison beside each other: more would be too narrow to read.
PANES_PER_ROW = 2


def shared_page() -> None:
    """Draw the page."""
    token = st.query_params.get(TOKEN, "")
    try:
        conversation = resources().store.open_share(token) if token else None
        shown = token and conversation is None
        comparison = resources().store.open_shared_comparison(token) if shown else None
    except ChatError as error:
        show_error(error, key="shared_error")
        return
    if comparison is not None:
        _comparison(comparison)
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
    _head(conversation.title or _("Shared conversation"), lambda: _copy(conversation))
    read_only(conversation)


def _head(title: str, go_on: Callable[[], None]) -> None:
    """Draw the title, and the button that lets those who have a place of their own go on."""
    st.title(escaped(title), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", key="shared_bar"):
        st.badge(_("Shared with you, to read"), icon=":material/visibility:")
        if owner_of_visitor() is not None and st.button(
            _("Continue from here"),
            key="continue_shared",
            icon=":material/fork_right:",
            help=_("Copies it to your own conversations; the original stays as it is."),
        ):
            try:
                go_on()
            except ChatError as error:
                show_error(error, key="copy_error")


def _comparison(shared: SharedComparison) -> None:
    st.set_page_config(layout="wide")
    panes = shared.comparison.panes
    title = shared.comparison.title or _("Shared comparison")
    _head(title, lambda: _copy_comparison(shared))
    catalog = resources().catalog
    told = differences(panes, catalog, ())
    for start in range(0, len(panes), PANES_PER_ROW):
        row = list(zip(panes, told, strict=True))[start : start + PANES_PER_ROW]
        for column, (pane, words) in zip(st.columns(PANES_PER_ROW), row, strict=False):
            with column.container(border=True, key=f"shared_{pane.id}"):
                model = catalog.get(pane.model)
                name = model.label if model else pane.model
                st.subheader(escaped(name), anchor=False)
                st.caption(escaped(" · ".join(w for w in words if w != name)))
                conversation = shared.conversations.get(pane.id)
                if conversation is None:
                    st.caption(_("Nothing was said here, or it was deleted."))
                else:
                    read_only(conversation)


def _copy(conversation: Conversation) -> None:
    (copied,) = resources().store.add(session().owner, conversation)
    st.switch_page(CHAT_PAGE, query_params={CONVERSATION: copied})


def _copy_comparison(shared: SharedComparison) -> None:
    here = session()
    copied = resources().copying.as_own(here.owner, shared, here.connections)
    if copied is not None:
        st.switch_page(COMPARE_PAGE, query_params={COMPARISON: copied.id})

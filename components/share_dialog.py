"""Sharing one conversation: a link that can be taken back, or a file to send."""

from __future__ import annotations

import datetime as dt
import time
from urllib.parse import urlencode, urljoin

import streamlit as st

from components.dates import month
from components.downloads import download_buttons
from components.names import SHARED_PATH, TOKEN
from components.notices import show_error
from components.owner import local_only
from components.resources import resources
from components.session import session
from components.texts import _, in_language, later
from playground.errors import ChatError
from playground.store import Share

#: How long a link can be made to work, in days; None is for good.
LIFETIMES: dict[str, int | None] = {
    later("7 days"): 7,
    later("1 day"): 1,
    later("30 days"): 30,
    later("Until I take it back"): None,
}
_DAY = 24 * 3600


def share_dialog(conversation_id: str) -> None:
    """Make a link to the branch on the page, list the links there are, and take them back."""
    _dialog(_("Share this conversation"), conversation_id)


def share_comparison_dialog(comparison_id: str) -> None:
    """Make a link to a comparison, list the links there are, and take them back."""
    _dialog(_("Share this comparison"), comparison_id)


def _dialog(title: str, shared_id: str) -> None:
    st.dialog(title, icon=":material/share:")(_share)(shared_id)


def _share(conversation_id: str) -> None:
    if local_only():
        st.info(
            _(
                "This playground only listens on this machine, so **colleagues cannot open a link** "
                "to it. Send them the file instead: it opens in any browser."
            ),
            icon=":material/lan:",
        )
    store, owner = resources().store, session().owner
    conversation = store.get(owner, conversation_id)
    if conversation is not None:
        st.markdown(_("**As a file**"))
        download_buttons(conversation, key="share_files")
        st.divider()
        st.markdown(_("**As a link**"))
        st.caption(
            _("Whoever has the link can read this conversation as it is now, and nothing else.")
        )
    elif store.comparison(owner, conversation_id) is not None:
        st.caption(
            _(
                "Whoever has the link can read all panes as they are now, with the names of the "
                "models, and nothing else. On its page a comparison can be taken along as a file."
            )
        )
    else:
        st.warning(_("This conversation is not here any more."))
        return
    with st.container(horizontal=True, wrap=False, vertical_alignment="bottom", key="link_row"):
        lifetime = st.selectbox(
            _("The link works for"),
            list(LIFETIMES),
            key=in_language("share_lifetime"),
            format_func=_,
        )
        make = st.button(_("Make a link"), key="make_link", icon=":material/link:")
    refused = session().take_notice()
    if refused is not None:
        show_error(refused, key="revoke_error")
    try:
        if make:
            _make(conversation_id, LIFETIMES[lifetime])
        for share in resources().store.shares(session().owner, conversation_id):
            _line(share)
    except ChatError as error:
        show_error(error, key="share_error")


def _make(conversation_id: str, days: int | None) -> None:
    expires_at = time.time() + days * _DAY if days else None
    share = resources().store.share(session().owner, conversation_id, expires_at=expires_at)
    if share is not None:
        st.markdown(_("Copy it now: it is not kept here, and cannot be shown again."))
        st.code(share_address(share.token), language=None, wrap_lines=True)


def share_address(token: str) -> str:
    """Return the address of the page that shows what `token` opens."""
    base = urljoin(st.context.url or "", "./")
    return urljoin(base, f"{SHARED_PATH}?{urlencode({TOKEN: token})}")


def _line(share: Share) -> None:
    if share.revoked_at is not None:
        return
    made = dt.datetime.fromtimestamp(share.created_at).astimezone()
    until = _("until taken back")
    if share.expires_at is not None:
        ends = dt.datetime.fromtimestamp(share.expires_at).astimezone()
        until = _("until {day} {month} {year}, {time}").format(
            day=ends.day, month=month(ends), year=ends.year, time=f"{ends:%H\\:%M}"
        )
        if share.expires_at < time.time():
            until = _("expired")
    with st.container(
        horizontal=True, wrap=False, vertical_alignment="center", key=f"share_{share.id}"
    ):
        st.caption(
            _(":material/link: Made {day} {month}, {time}, {until}").format(
                day=made.day, month=month(made), time=f"{made:%H\\:%M}", until=until
            ),
            width="stretch",
        )
        st.button(
            _("Take back"),
            key=f"revoke_{share.id}",
            on_click=_revoke,
            args=(share.id,),
        )


def _revoke(share_id: str) -> None:
    here = session()
    try:
        resources().store.revoke(here.owner, share_id)
    except ChatError as error:
        here.notice = error

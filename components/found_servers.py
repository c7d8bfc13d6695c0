"""Servers that were found on this machine, each a click away."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.connection_actions import connect
from components.notices import escaped
from components.resources import resources
from components.session import session
from components.texts import _, _n, translated
from playground.discovery import FoundServer, not_connected
from playground.kinds import facts

#: Names of other models that are shown.
SHOWN = 3


def found_servers() -> None:
    """Draw what was found and is not connected yet, and the button that looks again."""
    here, finder = session(), resources().finder
    if not finder.enabled:
        return
    found = not_connected(finder.found(), here.connections)
    with st.container(horizontal=True, vertical_alignment="center", key="found_head"):
        st.header(_("Found on this machine"), anchor=False, width="stretch")
        st.button(
            _("Look again"), key="look_again", icon=":material/refresh:", on_click=finder.look
        )
    if not found:
        st.caption(
            _n(
                "No other model server answers here, at port {ports}.",
                "No other model server answers here, at the ports {ports}.",
                len(finder.ports),
            ).format(ports=", ".join(map(str, finder.ports)))
        )
    for server in found:
        _server(server)


def offered_servers() -> None:
    """Draw what was found so far, for the empty chat; the search is not waited for."""
    here, finder = session(), resources().finder
    found = not_connected(finder.found(patience=0), here.connections) if finder.enabled else ()
    if found:
        st.markdown("**" + _("Found on this machine") + "**")
    for server in found:
        _server(server)


def _server(server: FoundServer) -> None:
    with (
        st.container(border=True, key=f"found_{server.name}"),
        st.container(horizontal=True, vertical_alignment="center"),
    ):
        with st.container(gap="xsmall"):
            st.markdown(f"**{escaped(translated(facts(server.kind).label))}** `{server.endpoint}`")
            st.caption(described(server))
        if server.wants_key:
            st.button(
                _("Enter its key"),
                key=f"key_{server.name}",
                icon=":material/key:",
                on_click=session().connecting.begin,
                args=(server.kind, server.endpoint),
            )
        else:
            st.button(
                _("Connect"),
                key=f"connect_{server.name}",
                icon=":material/add_link:",
                type="primary",
                on_click=connect,
                args=(server.connection(),),
            )


def others_said(names: Sequence[str]) -> str:
    """Return which models are none of the six, the first of them by name, as Markdown."""
    shown = ", ".join(f"`{name.replace('`', '')}`" for name in names[:SHOWN])
    more = f" (+{len(names) - SHOWN})" if len(names) > SHOWN else ""
    return _("Not one of the six: {names}.").format(names=shown + more)


def described(server: FoundServer) -> str:
    """Return what a server serves, as Markdown."""
    if server.wants_key:
        return _("Wants a key.")
    catalog = resources().catalog
    six = [model for one in server.models if one.model and (model := catalog.get(one.model))]
    others = [one.name for one in server.models if one.model is None]
    parts = []
    if six:
        names = ", ".join(dict.fromkeys(model.label for model in six))
        parts.append(_("Serves {models}.").format(models=names))
    if others:
        parts.append(others_said(others))
    return " ".join(parts) or _("Does not tell what it serves.")

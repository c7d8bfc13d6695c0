"""A connection on the page: what and where it is, which of the six it serves, and how it stands."""

from __future__ import annotations

from typing import Literal, cast

import streamlit as st

from components.connection_actions import forget
from components.connection_key import key_popover
from components.connection_names import names_popover
from components.connection_test import (
    Watch,
    last_test,
    state_of,
    test_button,
    test_table,
    testing,
)
from components.error_help import limits_said
from components.found_servers import others_said
from components.guides import guide_link
from components.names import CHAT_PAGE
from components.notices import escaped
from components.resources import resources
from components.session import session
from components.texts import _, _n, number, translated
from playground.connections import Connection
from playground.kinds import facts
from playground.typed_connections import secrets_lines

_Colour = Literal["red", "orange", "blue", "green", "violet", "gray"]


def connection_card(connection: Connection, *, first: bool) -> Watch | None:
    """Draw the card; returns what draws on while a test of it runs.

    `first` says that it is what a new tab uses.
    """
    known, running = facts(connection.kind), testing(connection)
    with st.container(border=True, key=f"connection_{connection.name}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.subheader(escaped(translated(connection.label)), anchor=False, width="content")
            words, icon, colour = state_of(connection, running=running)
            st.badge(words, icon=icon, color=cast("_Colour", colour))
            if connection.typed:
                st.badge(_("This session only"), icon=":material/timer:", color="gray")
            if first:
                st.badge(_("Preferred"), icon=":material/star:", color="gray")
        st.caption(_where(connection))
        if connection.retired:
            st.markdown(escaped(translated(connection.retired)))
            return None
        _models(connection)
        st.caption("  \n".join(lines_of(connection)))
        with st.container(horizontal=True, gap="small", key=f"do_{connection.name}"):
            test_button(connection, running=running)
            if st.button(
                _("Chat"),
                key=f"use_{connection.name}",
                icon=":material/chat:",
                on_click=session().use,
                args=(connection,),
            ):
                st.switch_page(CHAT_PAGE)
            names_popover(connection)
            key_popover(connection)
            if connection.typed:
                _keep_or_remove(connection)
        watch = test_table(connection, running=running)
        run = last_test(connection)
        if run is not None and not running and run.failures and known.guide:
            st.markdown(
                _("[The guide for {kind}]({link}) goes through it step by step.").format(
                    kind=escaped(translated(known.label)), link=guide_link(known.guide)
                )
            )
    return watch


def _where(connection: Connection) -> str:
    """Return what sort of server it is, unless its name says so, and its address."""
    kind, address = facts(connection.kind).label, f"`{connection.endpoint}`"
    return address if kind in connection.label else f"{escaped(translated(kind))} · {address}"


def _models(connection: Connection) -> None:
    catalog = resources().catalog
    if connection.scripted:
        return
    if not connection.named:
        st.caption(_("Asked for each of the six by its catalog name."))
        return
    named = [
        f":violet-badge[{model.label}] `{_code(connection.deployment(model.name))}`"
        for model in catalog
        if model.name in connection.deployments
    ]
    others = [
        f":gray-badge[{escaped(name)}] `{_code(served)}`"
        for name, served in connection.deployments.items()
        if catalog.get(name) is None
    ]
    rest = [others_said(connection.others)] if connection.others else []
    st.markdown("  \n".join([*named, *others, *rest]))


def lines_of(connection: Connection) -> list[str]:
    """Return what else is known of a connection, a line of Markdown each: key, limits, filter."""
    if connection.entra_scope:
        key = _("Asked with tokens of Entra ID.")
    elif connection.credential is not None:
        key = _("Asked with a key.")
    else:
        key = _("Asked without a key.")
    found = [f":material/key: {key}"]
    limits = _limits(connection)
    if limits:
        found.append(f":material/speed: {', '.join(limits)}")
    left = limits_said(connection)
    if left:
        found.append(f":material/data_usage: {escaped(', '.join(left))}")
    if connection.price is not None:
        price = connection.price
        found.append(
            ":material/payments: "
            + _("{prompt} {currency} for a million tokens in, {completion} out").format(
                prompt=number(price.prompt, "g"),
                completion=number(price.completion, "g"),
                currency=escaped(price.currency),
            )
        )
    filtering = translated(facts(connection.kind).filtering)
    return [*found, f":material/filter_alt: {escaped(filtering)}"]


def _limits(connection: Connection) -> list[str]:
    found = []
    if (most := connection.requests_per_minute) is not None:
        found.append((most, _n("{n} request a minute", "{n} requests a minute", most)))
    if (most := connection.requests_per_day) is not None:
        found.append((most, _n("{n} request a day", "{n} requests a day", most)))
    if (most := connection.max_concurrent) is not None:
        found.append((most, _("{n} at once")))
    if (most := connection.context_limit) is not None:
        found.append((most, _("window {n} tokens")))
    return [words.format(n=number(most)) for most, words in found]


def _keep_or_remove(connection: Connection) -> None:
    with st.popover(_("Keep it"), icon=":material/save:", key=f"keep_{connection.name}"):
        st.markdown(
            _(
                "It is gone with this browser tab. To keep it, add these lines to "
                "`.streamlit/secrets.toml` and start the playground again."
            )
        )
        if connection.credential is not None:
            st.markdown(_("Your key is not among them: put it in yourself."))
        kind = facts(connection.kind).label
        name = "" if kind in connection.label else connection.label
        st.code(secrets_lines(connection, name), language="toml", wrap_lines=True)
    st.button(
        _("Remove"),
        key=f"remove_{connection.name}",
        icon=":material/delete:",
        type="tertiary",
        on_click=forget,
        args=(connection.name,),
    )


def _code(text: str) -> str:
    return " ".join(text.replace("`", "").split())

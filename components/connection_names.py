"""The names by which a connection asks for the six models, to be changed on the page."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from components.connection_actions import allowed, rename
from components.resources import resources
from components.session import session, widget_value
from components.texts import _
from playground.connections import Connection
from playground.kinds import facts
from playground.model_names import ServedModel


def names_popover(connection: Connection) -> None:
    """Draw the button that opens the names, where this visitor may change them."""
    if connection.scripted or not allowed():
        return
    with st.popover(_("Names"), icon=":material/edit:", key=f"names_{connection.name}"):
        served = served_at(connection)
        if not served:
            st.caption(_("Test the connection first, and the names it serves are suggested here."))
        wanted = [m for m in resources().catalog if m.name in facts(connection.kind).serves]
        for model in wanted:
            now = connection.deployments.get(model.name)
            st.selectbox(
                model.label,
                suggestions(now, model.name, served),
                index=0 if now else None,
                key=_key(connection, model.name),
                accept_new_options=True,
                placeholder=_("Name at the server"),
            )

        def save() -> None:
            rename(
                connection,
                {model.name: widget_value(_key(connection, model.name)) for model in wanted},
            )

        if not connection.typed:
            st.caption(_("A copy of the connection takes these names, for this session only."))
        st.button(
            _("Use these names"),
            key=f"rename_{connection.name}",
            type="primary",
            on_click=save,
        )


def served_at(connection: Connection) -> tuple[ServedModel, ...]:
    """Return what the last test found to be served."""
    run = session().connecting.checks.get(connection.name)
    results = run.results if run is not None else ()
    return next((result.models for result in results if result.models), ())


def suggestions(now: str | None, model: str, served: Iterable[ServedModel]) -> list[str]:
    """Return names to offer for `model`: the present one, those that are it, then the others."""
    ranked = sorted(served, key=lambda one: one.model != model)
    return list(dict.fromkeys(filter(None, [now, *(one.name for one in ranked)])))


def _key(connection: Connection, model: str) -> str:
    return f"name_{connection.name}_{model}"

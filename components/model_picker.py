"""Picking one of the six models, and where it is served."""

from __future__ import annotations

import streamlit as st

from components.notices import escaped
from components.resources import resources
from components.session import bound_key, on_change, session
from playground.catalog import Model
from playground.connections import Connection


def model_picker() -> None:
    """Draw the pickers of model and connection."""
    here, parts = session(), resources()
    catalog = parts.catalog

    def pick(name: str) -> None:
        here.model = name

    models = {model.name: model for model in catalog}
    st.selectbox(
        "Model",
        list(models),
        key=bound_key("model", here.model),
        format_func=lambda name: _option(models.get(name)),
        on_change=on_change("model", pick),
    )
    model = catalog.get(here.model)
    if model is not None:
        st.caption(model.purpose)
    _connection_picker()


def _option(model: Model | None) -> str:
    if model is None:
        return ""
    return f"{model.label} · {model.size_label}, {model.context_label} context"


def _connection_picker() -> None:
    here = session()
    connections = here.connections
    usable = {c.name: c for c in connections.usable}
    if len(usable) > 1:

        def pick(name: str) -> None:
            here.use(usable[name])

        st.selectbox(
            "Connection",
            list(usable),
            key=bound_key("connection", here.connection),
            format_func=lambda name: usable[name].label,
            on_change=on_change("connection", pick),
        )
    connection_line(usable[here.connection])


def connection_line(connection: Connection) -> None:
    """Draw one line that says where the answers come from."""
    if connection.scripted:
        st.badge(
            "Demo: scripted replies, no model", icon=":material/theater_comedy:", color="violet"
        )
    else:
        st.caption(f":material/dns: {escaped(connection.label)} at {escaped(connection.host)}")

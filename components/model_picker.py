"""Picking one of the six models, and where it is served."""

from __future__ import annotations

import streamlit as st

from components.notices import escaped
from components.resources import resources
from components.session import bound_key, on_change, session
from components.texts import _, in_language, translated
from playground.catalog import Model
from playground.connections import Connection


def model_picker() -> None:
    """Draw the pickers of model and connection."""
    here, parts = session(), resources()
    catalog = parts.catalog

    def pick(name: str) -> None:
        here.model = name

    connection = here.connections.get(here.connection)
    # What a server serves besides can be used too, marked as what it is.
    others = connection.others if connection is not None else ()
    if catalog.get(here.model) is None and here.model not in others:
        others = (here.model, *others)
    key = in_language("model")
    st.selectbox(
        _("Model"),
        [*catalog.names(), *others],
        key=bound_key(key, here.model),
        format_func=lambda name: _option(catalog.get(name), name),
        on_change=on_change(key, pick),
    )
    model = catalog.get(here.model)
    if model is not None:
        st.caption(translated(model.purpose))
    else:
        st.caption(
            ":material/help: "
            + _("Not one of the six: nothing is known here of its size, window or template.")
        )
    _connection_picker()


def _option(model: Model | None, name: str) -> str:
    if model is None:
        return _("{name} · not one of the six").format(name=name)
    return _("{model} · {size}, {context} context").format(
        model=model.label,
        size=translated(model.size_label),
        context=model.context_label,
    )


def _connection_picker() -> None:
    here = session()
    connections = here.connections
    usable = {c.name: c for c in connections.usable}
    if here.connection not in usable:  # one that was typed, in another tab or before a restart
        here.use(connections.default)
    if len(usable) > 1:

        def pick(name: str) -> None:
            here.use(usable[name])

        st.selectbox(
            _("Connection"),
            list(usable),
            key=bound_key("connection", here.connection),
            format_func=lambda name: usable[name].label,
            on_change=on_change("connection", pick),
        )
    picked = usable[here.connection]
    connection_line(picked)
    if not picked.states(here.model):
        st.caption(
            ":orange[:material/warning:] "
            + _("This connection is not said to serve the model; it is asked by this name.")
        )


def connection_line(connection: Connection) -> None:
    """Draw one line that says where the answers come from."""
    if connection.scripted:
        st.badge(
            _("Demo: scripted replies, no model"), icon=":material/theater_comedy:", color="violet"
        )
    else:
        st.caption(
            _(":material/dns: {label} at {host}").format(
                label=escaped(translated(connection.label)), host=escaped(connection.host)
            )
        )

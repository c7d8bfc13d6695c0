"""What is done with connections on the page; each is called from a widget's callback."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from components.resources import resources
from components.session import session
from playground.azure_endpoint import AzureEndpoint
from playground.check_run import CheckRun
from playground.connections import Connection, Kind, checked_credential
from playground.errors import ChatError
from playground.exchange import Stopped
from playground.limits import LimitedEndpoint
from playground.model_names import deployments
from playground.served import list_models
from playground.stop import StopSignal
from playground.typed_connections import MAX_TYPED, may_type, typed_connection

#: Seconds that the question what is served may take.
PATIENCE = 8.0


def allowed() -> bool:
    """Whether this visitor may add connections of their own."""
    return may_type(str(st.get_option("server.address") or ""), st.context.headers.to_dict())


def test(connection: Connection) -> None:
    """Begin the test of a connection; one that still runs is ended."""
    checks = session().connecting.checks
    if (old := checks.get(connection.name)) is not None:
        old.stop()
    checks[connection.name] = CheckRun(connection)


def connect(connection: Connection) -> None:
    """Add a connection that was found, for this session, and use it from now on."""
    if allowed():
        _add(replace(connection, name=_new_name(), typed=True))


def ask_what_is_served(fields: Mapping[str, Any]) -> None:
    """Ask the server in the form for its models, and keep them as suggestions."""
    state = session().connecting
    state.endpoint, state.problem = str(fields.get("endpoint", "")), None
    try:
        asked = typed_connection(fields, allowed=allowed())
        state.served = list_models(asked, StopSignal(), seconds=PATIENCE).models
    except ChatError as error:
        state.problem = error
    except Stopped:
        pass


def add(fields: Mapping[str, Any]) -> None:
    """Add the connection in the form, or keep what is wrong with it."""
    state = session().connecting
    state.endpoint, state.problem = str(fields.get("endpoint", "")), None
    try:
        made = typed_connection(fields, allowed=allowed())
    except ChatError as error:
        state.problem = error
        return
    if state.served and not made.deployments:
        made = replace(made, deployments=deployments(state.served))
    _add(made)
    state.begin(Kind.OLLAMA, "")
    state.open = False


def rename(connection: Connection, names: Mapping[str, str]) -> None:
    """Ask `connection` for models by these names from now on, keyed by catalog name.

    One that was configured stays as it is: a copy of it, for this session, takes the names.
    """
    if not allowed():
        return
    named = {model: name for model, name in names.items() if name}
    changed = replace(connection, deployments=named, typed=True)
    if connection.typed:
        _hold(changed)
    else:
        _add(replace(changed, name=_new_name()))


def change_key(connection: Connection, key: str) -> bool:
    """Ask `connection`, which was added on the page, with `key` from now on; without one if empty.

    Returns whether it can be a key; if not, what is wrong is kept.
    """
    problems = session().connecting.key_problems
    problems.pop(connection.name, None)
    try:
        credential = checked_credential(key.strip(), setting="The key")
    except ChatError as error:
        problems[connection.name] = error
        return False
    if allowed() and connection.typed:
        _hold(replace(connection, credential=credential))
    return True


def forget(name: str) -> None:
    """Forget a connection that was added, its key included."""
    here = session()
    here.connecting.typed = tuple(n for n in here.connecting.typed if n != name)
    if (run := here.connecting.checks.pop(name, None)) is not None:
        run.stop()
    resources().typed.remove(name)
    if here.connection == name:
        here.use(here.connections.default)


def _add(connection: Connection) -> None:
    here = session()
    connection = replace(connection, label=_distinct(connection.label))
    _hold(connection)
    here.connecting.typed += (connection.name,)
    for old in here.connecting.typed[:-MAX_TYPED]:
        forget(old)
    here.use(connection)
    here.connecting.added = connection.label


def _hold(connection: Connection) -> None:
    parts = resources()
    endpoint = LimitedEndpoint(AzureEndpoint(connection), connection, parts.limits)
    parts.typed.add(connection, endpoint)


def _distinct(label: str) -> str:
    """Return `label` with a number behind it if another connection has it: people pick by it."""
    taken = {connection.label for connection in session().connections}
    names = (label, *(f"{label} ({n})" for n in range(2, len(taken) + 2)))
    return next(name for name in names if name not in taken)


def _new_name() -> str:
    # Nobody can guess it, so nobody else's link or conversation leads there.
    return f"typed-{secrets.token_urlsafe(9)}"

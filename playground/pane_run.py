"""What is sent for a pane of a comparison, and of whom a copy of what was said asks more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from playground.catalog import Catalog
from playground.chat import run_for
from playground.comparison import Pane
from playground.connections import Connection, Connections
from playground.conversation import Run, Turn, new_id
from playground.errors import BadRequest, SettingsError
from playground.quirks import needs_folding


def pane_run(pane: Pane, connections: Connections, catalog: Catalog) -> Run:
    """Return the run of a pane.

    Raises:
        SettingsError: its connection is gone.
        BadRequest: the connection does not take a parameter as it is set.
    """
    connection = connections.get(pane.connection)
    if connection is None:
        raise SettingsError(
            "The connection of this pane is gone.",
            advice="Pick another one in the pane's settings, then retry.",
        )
    found = pane.parameters.problems(temperature_max=connection.temperature_max)
    problems = [why for name, why in found.items() if name in connection.parameters]
    if problems:
        raise BadRequest(
            " ".join(problems), advice="Correct it in the pane's settings, then retry."
        )
    model = catalog.get(pane.model)
    folded = model is not None and needs_folding(model, pane.system_message)
    return run_for(connection, pane.model, pane.parameters, pane.system_message, folded=folded)


def unsent_run(pane: Pane, connections: Connections) -> Run:
    """Return the run that tells what would have been asked of whom, where nothing was."""
    connection = connections.get(pane.connection)
    if connection is not None:
        return run_for(connection, pane.model, pane.parameters, pane.system_message)
    name = pane.connection
    return Run(pane.model, pane.model, name, name, pane.parameters, pane.system_message)


def panes_after(
    turns: Iterable[Turn], connections: Connections, catalog: Catalog
) -> tuple[Pane, Pane]:
    """Return two panes in which a chat can go on: as it was, and with another model.

    The same model stands in both where the connection serves no other.
    """
    run = _last_run(turns)
    connection = connections.get(run.connection if run else None) or connections.default
    names = catalog.names()
    first = Pane(run.model if run else names[0], connection.name)
    if run is not None:
        first = replace(first, parameters=run.parameters, system_message=run.system_message)
    others = (name for name in names if name != first.model and connection.states(name))
    return first, replace(first, id=new_id(), model=next(others, first.model))


def connection_for(model: str, turns: Iterable[Turn], connections: Connections) -> Connection:
    """Return where a conversation of these turns can go on with `model`.

    Where it was asked last, if that can be used and says that it serves the model; else the first
    that does; else the default.
    """
    run = _last_run(turns)
    before = run.connection if run else None
    likely = sorted(connections.usable, key=lambda connection: connection.name != before)
    return next((c for c in likely if c.states(model)), connections.default)


def _last_run(turns: Iterable[Turn]) -> Run | None:
    return next((turn.run for turn in reversed(tuple(turns)) if turn.run is not None), None)

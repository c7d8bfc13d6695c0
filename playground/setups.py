"""Ready sets of panes: what people compare most, and one parameter over a list of values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from playground.catalog import Catalog, Model
from playground.comparison import MAX_PANES, MIN_PANES, Pane
from playground.connections import Connection
from playground.conversation import new_id
from playground.errors import SettingsError
from playground.parameters import DEFAULT_SYSTEM_MESSAGE, NUMERIC_PARAMETERS, Parameters

#: The system message that stands against the usual one.
OTHER_SYSTEM_MESSAGE = "You are a terse expert. Answer in one or two sentences, without lists."

TEMPERATURES = (0.0, 0.5, 1.0)

#: Whole numbers, whatever a list of values says.
_WHOLE = {"max_tokens", "seed"}


@dataclass(frozen=True, slots=True)
class QuickSetup:
    """A ready set of panes under a name.

    Attributes:
        name: a stable name, for keys and links.
        panes: makes the panes, new ones with each call. It takes no model that the connection does
            not say it serves, so there may be fewer than MIN_PANES.
    """

    name: str
    label: str
    panes: Callable[[Catalog, Connection], tuple[Pane, ...]]


def all_six(catalog: Catalog, connection: Connection) -> tuple[Pane, ...]:
    """Return a pane for each model of the catalog."""
    return _of(catalog, connection, lambda _: True)[:MAX_PANES]


def mini_against_medium(catalog: Catalog, connection: Connection) -> tuple[Pane, ...]:
    """Return the smallest and the largest, both with the window they share."""
    return _of(
        catalog, connection, lambda m: m.size in ("mini", "medium") and m.context_label == "4k"
    )


def short_against_long(catalog: Catalog, connection: Connection) -> tuple[Pane, ...]:
    """Return the smallest model with the window of 4k and that of 128k."""
    return _of(
        catalog, connection, lambda m: m.size == "mini" and m.context_label in ("4k", "128k")
    )


def temperatures(catalog: Catalog, connection: Connection) -> tuple[Pane, ...]:
    """Return one model at the temperatures 0, 0.5 and 1."""
    return sweep(_first(catalog, connection), "temperature", TEMPERATURES)


def system_messages(catalog: Catalog, connection: Connection) -> tuple[Pane, ...]:
    """Return one model with two system messages, which a pane can then change."""
    pane = _first(catalog, connection)
    return (
        replace(pane, system_message=DEFAULT_SYSTEM_MESSAGE),
        replace(pane, id=new_id(), system_message=OTHER_SYSTEM_MESSAGE),
    )


QUICK_SETUPS: tuple[QuickSetup, ...] = (
    QuickSetup("all_six", "All six models", all_six),
    QuickSetup("mini_medium", "Mini against medium", mini_against_medium),
    QuickSetup("short_long", "4k against 128k", short_against_long),
    QuickSetup("temperatures", "Temperatures 0, 0.5 and 1", temperatures),
    QuickSetup("system_messages", "Two system messages", system_messages),
)


def sweep(pane: Pane, parameter: str, values: Iterable[float]) -> tuple[Pane, ...]:
    """Return a pane for each value of a numeric parameter, otherwise like `pane`.

    A value that is there twice makes two panes. The first keeps the id of `pane`. They do not
    follow the shared parameters, since their own is what they are for.

    Raises:
        SettingsError: no parameter of this name, a value that is out of its range or, where whole
            numbers are needed, none; or not from MIN_PANES to MAX_PANES values.
    """
    spec = next((spec for spec in NUMERIC_PARAMETERS if spec.name == parameter), None)
    if spec is None:
        raise SettingsError(f"{parameter} is no parameter that a row of panes can go through.")
    wanted = list(values)
    if not MIN_PANES <= len(wanted) <= MAX_PANES:
        raise SettingsError(
            f"Values that were given: {len(wanted)}.",
            advice=f"Give from {MIN_PANES} to {MAX_PANES} values, separated by commas.",
        )
    made: list[Pane] = []
    for value in wanted:
        if parameter in _WHOLE and not float(value).is_integer():
            raise SettingsError(
                f"{spec.label} takes whole numbers, and {value:g} is none.",
                advice=f"Change or remove the value {value:g}.",
            )
        new: dict[str, Any] = {parameter: int(value) if parameter in _WHOLE else float(value)}
        changed = replace(pane.parameters, **new)
        # A server may take a higher temperature than the protocol documents: the pane's may.
        problem = changed.problems(temperature_max=2.0).get(parameter)
        if problem:
            raise SettingsError(problem, advice=f"Change or remove the value {value:g}.")
        made.append(
            replace(pane, id=pane.id if not made else new_id(), parameters=changed, linked=False)
        )
    return tuple(made)


def shared(panes: Iterable[Pane], changed: Parameters, before: Parameters) -> tuple[Pane, ...]:
    """Return the panes with what differs between `before` and `changed` set in all linked ones."""
    names = [
        field.name
        for field in fields(Parameters)
        if getattr(changed, field.name) != getattr(before, field.name)
    ]
    new = {name: getattr(changed, name) for name in names}
    return tuple(
        replace(pane, parameters=replace(pane.parameters, **new)) if pane.linked else pane
        for pane in panes
    )


def _of(
    catalog: Catalog, connection: Connection, wanted: Callable[[Model], bool]
) -> tuple[Pane, ...]:
    return tuple(
        Pane(model.name, connection.name)
        for model in catalog
        if wanted(model) and connection.states(model.name)
    )


def _first(catalog: Catalog, connection: Connection) -> Pane:
    served = (model.name for model in catalog if connection.states(model.name))
    return Pane(next(served, catalog.models[0].name), connection.name)

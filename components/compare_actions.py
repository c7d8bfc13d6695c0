"""What is done to the comparison on the page; each is called from a widget's callback."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from components.compare_state import Compared, Shared
from components.resources import resources
from components.session import session
from components.texts import _, translated
from playground.comparison import MIN_PANES, Comparison, Pane
from playground.conversation import new_id
from playground.errors import ChatError
from playground.setups import QUICK_SETUPS, mini_against_medium, shared, sweep

#: Key of the box whose prompt goes to all panes.
PROMPT_KEY = "compare_prompt"


def state() -> Compared:
    """Return what this tab holds of its comparison."""
    return session().compared


def current() -> Comparison:
    """Return the comparison on the page; a new one stands there at first."""
    here = state()
    return here.comparison or begin(())


def begin(panes: Iterable[Pane]) -> Comparison:
    """Put a new comparison of these panes on the page, or of the usual ones if there are none."""
    made = tuple(replace(pane, id=new_id()) for pane in panes) or usual_panes()
    comparison = Comparison(made)
    state().show(comparison, kept=False)
    return comparison


def begin_again() -> None:
    """Begin a new comparison of the same panes."""
    begin(current().panes)


def usual_panes(first: str | None = None) -> tuple[Pane, ...]:
    """Return the panes to begin with: mini against medium, or `first` and another model."""
    here, parts = session(), resources()
    connection = here.connections.get(here.connection) or here.connections.default
    panes = mini_against_medium(parts.catalog, connection) if first is None else ()
    if len(panes) < MIN_PANES:
        served = [name for name in parts.catalog.names() if connection.states(name)]
        names = [*filter(None, [first]), *(name for name in served if name != first)]
        names = (names or list(parts.catalog.names()))[:MIN_PANES]
        names += names[-1:] * (MIN_PANES - len(names))
        panes = tuple(Pane(name, connection.name) for name in names)
    shared_now = Shared(here.parameters, here.system_message)
    state().shared = shared_now
    return tuple(
        replace(pane, parameters=shared_now.parameters, system_message=shared_now.system_message)
        for pane in panes
    )


def change(comparison: Comparison) -> None:
    """Take a changed comparison, and keep it if the one before is kept."""
    here = state()
    here.comparison = comparison
    if not here.kept:
        return
    try:
        resources().comparing.save(session().owner, comparison)
    except ChatError as error:
        here.notice = error


def own_key(pane_id: str) -> str:
    """Return the key of the box of a pane that gets its own prompts."""
    return f"own_{pane_id}"


def set_up(name: str) -> None:
    """Begin a comparison with one of the quick set-ups."""
    here, parts = session(), resources()
    connection = here.connections.get(here.connection) or here.connections.default
    setup = next(setup for setup in QUICK_SETUPS if setup.name == name)
    panes = setup.panes(parts.catalog, connection)
    if len(panes) < MIN_PANES:
        why = _(
            "{connection} does not say that it serves the models of “{name}”. Pick another "
            "connection on the chat page, or add panes by hand."
        ).format(connection=connection.label, name=translated(setup.label))
        state().told = (why,)
        return
    fresh = state().comparison
    begin(panes)
    if fresh is not None:
        change(replace(current(), repeat=fresh.repeat))


def sweep_over(pane_id: str, parameter: str, values: str) -> None:
    """Begin a comparison of one pane's model over the values of one parameter."""
    here = state()
    pane = current().pane(pane_id) or current().panes[0]
    try:
        numbers = [float(part) for part in values.replace(";", ",").split(",") if part.strip()]
    except ValueError:
        here.unswept = _("Write numbers with commas between them, like 0, 0.5, 1.")
        return
    try:
        panes = sweep(pane, parameter, numbers)
    except ChatError as error:
        here.unswept = f"{translated(error.happened)} {translated(error.advice)}"
        return
    here.unswept = ""
    begin(panes)


def add() -> None:
    """Add a pane with a model that no other has yet."""
    comparison, parts = current(), resources()
    last = comparison.panes[-1]
    connection = session().connections.get(last.connection)
    asked = {pane.model for pane in comparison.panes}
    free = (
        name
        for name in parts.catalog.names()
        if name not in asked and (connection is None or connection.states(name))
    )
    pane = replace(last, id=new_id(), model=next(free, last.model), collapsed=False)
    change(comparison.with_pane(pane))


def duplicate(pane_id: str) -> None:
    """Add a pane like this one beside it."""
    change(current().duplicate(pane_id))


def move(pane_id: str, by: int) -> None:
    """Move a pane to the right, or to the left if `by` is negative."""
    change(current().moved(pane_id, by))


def fold(pane_id: str, *, folded: bool) -> None:
    """Show only the head of a pane, or all of it."""
    pane = current().pane(pane_id)
    state().expanded = None
    if pane is not None:
        change(current().changed(replace(pane, collapsed=folded)))


def show_alone(pane_id: str | None) -> None:
    """Show one pane over the whole width and only the heads of the others, or all again."""
    state().expanded = pane_id


def repeat(times: int) -> None:
    """Let each pane answer each prompt so many times."""
    change(replace(current(), repeat=times))


def follow_shared() -> None:
    """Give what was changed in the sidebar to the panes that follow it."""
    here, compared = session(), state()
    now, before = Shared(here.parameters, here.system_message), compared.shared
    if now == before:
        return
    compared.shared = now
    panes = shared(current().panes, now.parameters, before.parameters)
    if now.system_message != before.system_message:
        panes = tuple(
            replace(pane, system_message=now.system_message) if pane.linked else pane
            for pane in panes
        )
    if panes != current().panes:
        change(replace(current(), panes=panes))

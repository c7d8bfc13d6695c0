"""What one pane asks, of whom and how: the settings behind the button at its head."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from components import compare_actions as act
from components.notices import escaped
from components.resources import resources
from components.session import bound_key, on_change, session
from components.texts import _, translated
from playground.comparison import Pane
from playground.connections import Connection
from playground.parameters import NUMERIC_PARAMETERS, NumericParameter
from playground.quirks import system_message_note


def pane_settings(pane: Pane) -> None:
    """Draw the button, and what is behind it once it is open."""
    panel = st.popover(
        _("Settings of this pane"),
        icon=":material/tune:",
        key=f"settings_{pane.id}",
        type="tertiary",
        on_change="rerun",  # so that what is in it is made only when it is opened
    )
    if not panel.open:
        return
    with panel, st.container(key=f"panel_{pane.id}", gap="small"):
        _whom(pane)
        connection = session().connections.get(pane.connection)
        if connection is not None:
            _how(pane, connection)
        _switch(
            pane,
            "own_prompt",
            _("Gets its own prompts"),
            _("The prompt for all does not go to this pane; it has a box of its own."),
        )


def _set(pane: Pane, **changes: Any) -> None:
    # By its id, since the pane may have changed after the widget was drawn.
    comparison = act.current()
    now = comparison.pane(pane.id)
    if now is not None:
        act.change(comparison.changed(replace(now, **changes)))


def _setter(pane: Pane, name: str) -> Callable[[Any], None]:
    return lambda value: _set(pane, **{name: value})


def _parameter_setter(pane: Pane, name: str) -> Callable[[Any], None]:
    def take(value: Any) -> None:
        now = act.current().pane(pane.id) or pane
        # A setting of its own: what is set for all leaves this pane alone from now on.
        _set(pane, parameters=replace(now.parameters, **{name: value}), linked=False)

    return take


def _whom(pane: Pane) -> None:
    catalog = resources().catalog
    usable = {c.name: c for c in session().connections.usable}
    key = f"model_{pane.id}"
    names = list(catalog.names())
    st.selectbox(
        _("Model"),
        names if pane.model in names else [pane.model, *names],
        key=bound_key(key, pane.model),
        format_func=lambda name: getattr(catalog.get(name), "label", name),
        on_change=on_change(key, _setter(pane, "model")),
    )
    if len(usable) > 1 or pane.connection not in usable:
        key = f"connection_{pane.id}"
        options = [*usable] if pane.connection in usable else [pane.connection, *usable]
        st.selectbox(
            _("Connection"),
            options,
            key=bound_key(key, pane.connection),
            format_func=lambda name: (
                usable[name].label if name in usable else _("{name} (gone)").format(name=name)
            ),
            on_change=on_change(key, _setter(pane, "connection")),
        )


def _how(pane: Pane, connection: Connection) -> None:
    _switch(
        pane,
        "linked",
        _("Follows the shared settings"),
        _("What is changed in the sidebar is changed here too. A setting made here ends that."),
    )
    problems = pane.parameters.problems(temperature_max=connection.temperature_max)
    specs = [spec for spec in NUMERIC_PARAMETERS if spec.name in connection.parameters]
    columns = st.columns(2, gap="small")
    for number, spec in enumerate(specs):
        with columns[number % 2]:
            _number(pane, spec)
    for spec in specs:
        if spec.name in problems:
            st.error(translated(problems[spec.name]), icon=":material/error:")
    left_out = [
        translated(spec.label)
        for spec in NUMERIC_PARAMETERS
        if spec.name not in connection.parameters
    ]
    if left_out:
        told = _("Not taken by this connection: {names}.").format(names=", ".join(left_out))
        st.caption(f":material/block: {told}")
    if "stop" in connection.parameters:
        _stop_strings(pane, problems.get("stop"))
    _system_message(pane)


def _number(pane: Pane, spec: NumericParameter) -> None:
    whole = isinstance(spec.minimum, int)
    value = getattr(pane.parameters, spec.name)
    key = f"{spec.name}_{pane.id}"
    # No bounds on the widget: it would throw away what was typed instead of telling why.
    st.number_input(
        translated(spec.label),
        step=int(spec.step) if whole else spec.step,
        format=None if whole else "%.2f",
        key=bound_key(key, value if value is None or whole else float(value)),
        help=_("{hint} Range: {low} to {high}.").format(
            hint=translated(spec.hint), low=f"{spec.minimum:.10g}", high=f"{spec.maximum:.10g}"
        ),
        placeholder=_("Random") if spec.optional else None,
        on_change=on_change(key, _parameter_setter(pane, spec.name)),
    )


def _stop_strings(pane: Pane, problem: str | None) -> None:
    def take(text: str) -> None:
        lines = (line.replace("\\n", "\n") for line in text.split("\n"))
        _parameter_setter(pane, "stop")(tuple(line for line in lines if line))

    key = f"stop_strings_{pane.id}"
    st.text_area(
        _("Stop strings"),
        key=bound_key(key, "\n".join(s.replace("\n", "\\n") for s in pane.parameters.stop)),
        height=68,
        placeholder=_("One on each line"),
        help=_("The answer ends before any of these. At most four; \\n stands for a line break."),
        on_change=on_change(key, take),
    )
    if problem is not None:
        st.error(translated(problem), icon=":material/error:")


def _system_message(pane: Pane) -> None:
    key = f"system_message_{pane.id}"
    st.text_area(
        _("System message"),
        key=bound_key(key, pane.system_message),
        height=90,
        help=_("Tells the model who it is and how to answer. Empty: none is sent."),
        on_change=on_change(key, lambda text: _set(pane, system_message=text, linked=False)),
    )
    model = resources().catalog.get(pane.model)
    note = model and system_message_note(model, pane.system_message, folded=True)
    if note:
        st.caption(f":material/info: {escaped(translated(note))}")


def _switch(pane: Pane, name: str, label: str, hint: str) -> None:
    key = f"{name}_{pane.id}"
    st.toggle(
        label,
        key=bound_key(key, getattr(pane, name)),
        help=hint,
        on_change=on_change(key, _setter(pane, name)),
    )

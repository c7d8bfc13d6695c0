"""The sampling parameters and the system message: hint, range, a sign when changed, reset."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.resources import resources
from components.session import bound_key, on_change, session
from components.texts import _, number, translated
from playground.bounds import system_message_problem
from playground.catalog import Model
from playground.connections import Connection
from playground.parameters import (
    DEFAULT_SYSTEM_MESSAGE,
    NUMERIC_PARAMETERS,
    NumericParameter,
    Parameters,
)
from playground.quirks import needs_folding, system_message_note

#: Typed rather than pulled: their range is too wide for a slider.
_TYPED = {"max_tokens", "seed"}
#: Those that most people change; the others are one click away.
_MAIN = ("temperature", "max_tokens", "top_p")


def parameter_form() -> None:
    """Draw the form. What is entered is kept in the session at once."""
    here = session()
    connection = here.connections.get(here.connection)
    if connection is None:
        return
    changed = here.parameters.changed()
    problems = here.parameters.problems(temperature_max=connection.temperature_max)

    def numbers(names: tuple[str, ...]) -> None:
        for spec in NUMERIC_PARAMETERS:
            if spec.name not in names:
                continue
            if spec.name not in connection.parameters:
                _not_taken(translated(spec.label))
                continue
            _number(spec, connection, changed=spec.name in changed)
            _problem(problems.get(spec.name))

    numbers(_MAIN)
    _system_message()
    hidden = [name for name in (*changed, *problems) if name not in _MAIN]
    with st.expander(
        _label(_("More parameters"), changed=bool(hidden)),
        key="more_parameters",
        icon=":material/tune:",
    ):
        numbers(tuple(s.name for s in NUMERIC_PARAMETERS if s.name not in _MAIN))
        if "stop" in connection.parameters:
            _stop_strings(changed="stop" in changed)
            _problem(problems.get("stop"))
        else:
            _not_taken(_("Stop strings"))
    if changed or here.system_message != DEFAULT_SYSTEM_MESSAGE:
        st.button(
            _("Reset all"), key="reset_all", icon=":material/restart_alt:", on_click=_reset_all
        )


def _problem(text: str | None) -> None:
    if text is not None:
        st.error(translated(text), icon=":material/error:")


def _set(name: str, value: Any) -> None:
    session().set_parameter(name, value)


def _reset_all() -> None:
    here = session()
    here.parameters = Parameters()
    here.system_message = DEFAULT_SYSTEM_MESSAGE
    here.fit()


def _not_taken(label: str) -> None:
    st.caption(
        _(":material/block: {label}: not taken by this connection, not sent.").format(label=label)
    )


def _label(text: str, *, changed: bool) -> str:
    # A character, since colour alone says nothing to some; without Markdown, since it is read out.
    return f"{text} ●" if changed else text


def _reset_button(name: str) -> None:
    st.button(
        _("Reset"),
        key=f"reset_{name}",
        type="tertiary",
        on_click=_set,
        args=(name, getattr(Parameters(), name)),
    )


def _number(spec: NumericParameter, connection: Connection, *, changed: bool) -> None:
    high = connection.temperature_max if spec.name == "temperature" else spec.maximum
    value = getattr(session().parameters, spec.name)
    key = f"parameter_{spec.name}"
    label = _label(translated(spec.label), changed=changed)
    span = _("{hint} Range: {low} to {high}.").format(
        hint=translated(spec.hint), low=number(spec.minimum, ".10g"), high=number(high, ".10g")
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        if spec.name in _TYPED:
            # No bounds on the widget: it would throw away what was typed instead of telling why.
            st.number_input(
                label,
                step=int(spec.step),
                key=bound_key(key, value),
                help=span,
                placeholder=_("Random"),
                on_change=on_change(key, lambda v: _set(spec.name, v)),
            )
        else:
            # With another range a slider is another widget, which would begin at its minimum.
            key = f"{key}_{high:g}"
            st.slider(
                label,
                min_value=float(spec.minimum),
                max_value=float(high),
                step=spec.step,
                key=bound_key(key, min(float(value), float(high))),
                help=span,
                on_change=on_change(key, lambda v: _set(spec.name, v)),
            )
        if changed:
            _reset_button(spec.name)


def _stop_strings(*, changed: bool) -> None:
    def take(text: str) -> None:
        # A line break cannot be typed into a line, so it is written as in Python.
        lines = (line.replace("\\n", "\n") for line in text.split("\n"))
        _set("stop", tuple(line for line in lines if line))

    shown = "\n".join(line.replace("\n", "\\n") for line in session().parameters.stop)
    st.text_area(
        _label(_("Stop strings"), changed=changed),
        key=bound_key("parameter_stop", shown),
        height=68,
        placeholder=_("One on each line"),
        help=_("The answer ends before any of these. At most four; \\n stands for a line break."),
        on_change=on_change("parameter_stop", take),
    )
    if changed:
        _reset_button("stop")


def _system_message() -> None:
    here = session()

    def take(text: str) -> None:
        here.system_message = text

    changed = here.system_message != DEFAULT_SYSTEM_MESSAGE
    st.text_area(
        _label(_("System message"), changed=changed),
        key=bound_key("system_message", here.system_message),
        height=90,
        help=_("Tells the model who it is and how to answer. Empty: none is sent."),
        on_change=on_change("system_message", take),
    )
    _problem(system_message_problem(here.system_message))
    if changed:
        st.button(
            _("Reset"),
            key="reset_system_message",
            type="tertiary",
            on_click=take,
            args=(DEFAULT_SYSTEM_MESSAGE,),
        )
    model = resources().catalog.get(here.model)
    if model is not None and needs_folding(model, here.system_message):
        _fold_switch(model)


def _fold_switch(model: Model) -> None:
    here = session()

    def take(fold: bool) -> None:  # noqa: FBT001 - a widget's value, given by position
        here.fold = fold

    st.toggle(
        _("Put it into the first prompt"),
        key=bound_key("fold", here.fold),
        on_change=on_change("fold", take),
    )
    note = system_message_note(model, here.system_message, folded=here.fold)
    st.caption(f":material/info: {translated(note)}")

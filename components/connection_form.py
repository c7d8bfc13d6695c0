"""The form that adds a connection for this browser session."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import connection_actions as actions
from components.connection_extras import extra_fields, extras
from components.notices import escaped, sentence, show_error
from components.resources import resources
from components.session import session, widget_value
from components.texts import _, in_language, translated
from playground.connections import Kind
from playground.kinds import KINDS, KeyUse, facts


def connection_form() -> None:
    """Draw the form, or why there is none."""
    if not actions.allowed():
        with st.container(border=True, key="no_form"):
            st.markdown(
                ":material/lock: "
                + _(
                    "Servers cannot be added here, because this playground is reached from other "
                    "machines: it would be the playground that goes there, with all that it can "
                    "reach. Whoever runs it can add them in `.streamlit/secrets.toml`."
                )
            )
        return
    state = session().connecting
    with st.expander(
        _("Add a server"),
        icon=":material/add_link:",
        expanded=state.open,
        key=f"add_server_{state.round}",
    ):
        _form()


def _form() -> None:
    state = session().connecting
    kinds = [known.kind for known in KINDS if known.typed]
    kind = st.selectbox(
        _("Kind of server"),
        kinds,
        index=kinds.index(state.kind),
        key=in_language(_key("kind")),
        format_func=lambda kind: translated(facts(kind).label),
    )
    known = facts(kind)
    st.caption(escaped(translated(known.summary)))
    # In a form what is typed counts as it is typed. Else the browser would not tell a key from which one
    # goes on with Tab: its field has a button of its own, and only leaving both counts.
    with st.form(f"server_{state.round}", border=False):
        _fields_of(kind)
        with st.container(horizontal=True, key="form_buttons"):
            st.form_submit_button(
                _("See what it serves"),
                key="ask_served",
                icon=":material/list:",
                on_click=lambda: actions.ask_what_is_served(_fields(kind)),
            )
            st.form_submit_button(
                _("Add"),
                key="add_connection",
                icon=":material/add:",
                type="primary",
                on_click=lambda: actions.add(_fields(kind)),
            )


def _fields_of(kind: Kind) -> None:
    state, known = session().connecting, facts(kind)
    st.text_input(
        _("Address"),
        # A pattern with parts to replace is shown, and only a whole address filled in.
        value=state.endpoint or ("" if any(map(str.isupper, known.endpoint)) else known.endpoint),
        placeholder=known.endpoint,
        key=_key("endpoint", kind),
        autocomplete="off",
    )
    if known.key is not KeyUse.NONE:
        st.text_input(
            _("Key") if known.key is KeyUse.REQUIRED else _("Key, if it wants one"),
            key=_key("credential"),
            type="password",
            autocomplete="off",
            help=_("Kept in memory for this session, and shown nowhere."),
        )
    if known.entra:
        st.checkbox(_("Use Entra ID in place of a key"), key=_key("entra"))
    for hint in known.hints:
        st.caption(f":material/lightbulb: {sentence(translated(hint))}")
    _names(kind)
    extras(_key, translated(known.label))
    if state.problem is not None:
        show_error(state.problem, key="form_problem")


def _names(kind: Kind) -> None:
    """Draw a field for the name of each of the six, with what is served as suggestions."""
    state, known = session().connecting, facts(kind)
    served = state.served or ()
    if state.served is not None:
        st.success(
            _("It serves {count} models; the Phi-3 models among them are filled in.").format(
                count=len(served)
            )
            if served
            else _("It answers, and serves no model yet."),
            icon=":material/check_circle:",
        )
    with st.expander(_("Names of the models there"), expanded=state.served is not None):
        st.caption(
            _(
                "Where a field is empty, the model is not offered; all empty, each is asked for by "
                "its catalog name."
            )
        )
        for model in resources().catalog:
            if model.name not in known.serves:
                continue
            mine = next((one.name for one in served if one.model == model.name), None)
            options = list(dict.fromkeys(filter(None, [mine, *(one.name for one in served)])))
            if state.served is None and (usual := known.usual_names.get(model.name)):
                options.append(usual)
            st.selectbox(
                model.label,
                options,
                index=0 if mine else None,
                key=_key(model.name, kind, len(served)),
                accept_new_options=True,
                placeholder=_("Name at the server"),
            )


def _fields(kind: Kind) -> dict[str, Any]:
    """Return what stands in the form, as a table of secrets.toml."""
    known, served = facts(kind), session().connecting.served or ()
    fields: dict[str, Any] = {
        "kind": kind.value,
        "endpoint": widget_value(_key("endpoint", kind)) or "",
        "deployments": {
            name: chosen
            for name in resources().catalog.names()
            if name in known.serves and (chosen := widget_value(_key(name, kind, len(served))))
        },
        "other_models": [one.name for one in served if one.model is None],
        **extra_fields(_key),
    }
    if known.entra and widget_value(_key("entra")):
        fields["auth"] = "entra"
    elif known.key is not KeyUse.NONE:
        fields["credential"] = (widget_value(_key("credential")) or "").strip()
    return fields


def _key(name: str, *what: Any) -> str:
    """Return a key that is another one for each form, and wherever the widget's own default is."""
    return "_".join(["form", name, str(session().connecting.round), *map(str, what)])

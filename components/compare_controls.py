"""The bar over the panes: ready sets of panes, a sweep, one more pane, how often, how to scroll."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components import compare_actions as act
from components.compare_links import copy_comparison_link
from components.compare_reading import reading_bar
from components.resources import resources
from components.session import bound_key, close, on_change, widget_value
from components.share_dialog import share_comparison_dialog
from components.texts import _, _n, in_language, translated
from playground.comparison import MAX_PANES, MAX_REPEAT
from playground.conversation import Conversation
from playground.parameters import NUMERIC_PARAMETERS
from playground.setups import QUICK_SETUPS

#: An icon for each quick set-up, by its name.
SETUP_ICONS = {
    "all_six": "apps",
    "mini_medium": "compare_arrows",
    "short_long": "width",
    "temperatures": "thermostat",
    "system_messages": "psychology",
}

#: Values to go through, by the name of the parameter, where fractions would be refused.
SWEEP_EXAMPLES = {"max_tokens": "50, 200, 1000", "seed": "1, 2, 3"}


def compare_bar(*, asked: bool, conversations: Mapping[str, Conversation]) -> None:
    """Draw the bar."""
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", key="compare_bar"
    ):
        if asked:
            st.button(
                _("New"),
                key="new_comparison",
                icon=":material/add_box:",
                help=_("Begin again with these panes; this comparison stays in the history."),
                on_click=act.begin_again,
            )
            _setups()
        _sweep()
        st.button(
            _("Add a pane"),
            key="add_pane",
            icon=":material/add_column_right:",
            help=_("With a model that no other pane asks yet, where there is one."),
            disabled=len(act.current().panes) >= MAX_PANES,
            on_click=act.add,
        )
        _repeat()
        _together()
        copy_comparison_link()
        if asked:
            _share(conversations)
        reading_bar(act.current(), conversations)


def _share(conversations: Mapping[str, Conversation]) -> None:
    turns = (turn for conversation in conversations.values() for turn in conversation.turns)
    if st.button(
        _("Share"),
        key="share_comparison",
        icon=":material/share:",
        help=_("A link to read all panes as they are now."),
        # A link shows what was said when it was made; and the end of a run would close the dialog.
        disabled=any(turn.reply is not None and turn.reply.running for turn in turns),
    ):
        share_comparison_dialog(act.current().id)


def _setups() -> None:
    labels = {setup.name: translated(setup.label) for setup in QUICK_SETUPS}
    st.menu_button(
        _("Set-ups"),
        list(labels),
        key="setups",
        icon=":material/dashboard:",
        format_func=lambda name: f":material/{SETUP_ICONS[name]}: {labels[name]}",
        on_click=lambda: act.set_up(str(widget_value("setups"))),
        help=_("Begins a new comparison; this one stays in the history."),
    )


def _sweep() -> None:
    panel = st.popover(_("Sweep"), icon=":material/linear_scale:", key="sweep", on_change="rerun")
    if not panel.open:
        return
    panes = act.current().panes
    catalog = resources().catalog
    labels = {spec.name: translated(spec.label) for spec in NUMERIC_PARAMETERS}
    models = list(dict.fromkeys(pane.model for pane in panes))
    first = {model: next(p.id for p in panes if p.model == model) for model in models}

    def make() -> None:
        act.sweep_over(
            first[widget_value("sweep_model")],
            str(widget_value("sweep_parameter")),
            str(widget_value("sweep_values")),
        )
        if not act.state().unswept:
            close("sweep")  # else it would cover the panes it made

    with panel, st.container(key="sweep_panel"):
        st.markdown(_("**One model, one parameter, a pane for each value**"))
        st.selectbox(
            _("Model"),
            models,
            key="sweep_model",
            format_func=lambda name: getattr(catalog.get(name), "label", name),
        )
        parameter = st.selectbox(
            _("Parameter"), list(labels), key="sweep_parameter", format_func=labels.__getitem__
        )
        st.text_input(
            _("Values"),
            key="sweep_values",
            placeholder=SWEEP_EXAMPLES.get(parameter, "0, 0.5, 1"),
            help=_("With commas between them."),
        )
        if act.state().unswept:
            st.error(act.state().unswept, icon=":material/error:")
        st.button(_("Make the panes"), key="make_sweep", type="primary", on_click=make)


def _repeat() -> None:
    key = in_language("repeat")
    st.selectbox(
        _("Answers to each prompt"),
        list(range(1, MAX_REPEAT + 1)),
        key=bound_key(key, act.current().repeat),
        format_func=lambda n: _n("{n} answer", "{n} answers", n).format(n=n),
        label_visibility="collapsed",
        width=125,
        on_change=on_change(key, act.repeat),
    )


def _together() -> None:
    def take(together: bool) -> None:  # noqa: FBT001 - a widget's value, given by position
        act.state().together = together

    st.toggle(
        _("Scroll together"),
        key=bound_key("scroll_together", act.state().together),
        on_change=on_change("scroll_together", take),
    )

"""What the address of the compare page says, and a link to the panes as they are set up here."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin

import streamlit as st

from components import compare_actions as act
from components import compare_asking as asking
from components.names import COMPARISON
from components.resources import resources
from components.session import give_back_prompt, session
from components.texts import _, translated
from playground.comparison import Pane
from playground.comparison_link import PANE, comparison_link, read_comparison_link
from playground.messages import Role
from playground.setup_link import PROMPT

#: The query parameter of a link on the models page: a model to begin with.
WITH_MODEL = "model"


def follow_address() -> bool:
    """Show what the address names; return whether it was found."""
    query, tab, here = st.query_params, session(), act.state()
    wanted = query.get(COMPARISON)
    shown = act.current().id if here.kept else None
    found = True
    if PANE in query:
        _set_up(query.get_all(PANE), query.to_dict())
    elif WITH_MODEL in query:
        model = resources().catalog.get(query[WITH_MODEL])
        act.begin(act.usual_panes(model.name if model else None))
    elif wanted is not None and (wanted == shown or wanted != tab.addressed):
        found = asking.show(wanted)
    elif wanted is None and shown is not None and shown == tab.addressed:
        act.begin(())  # the browser went back to where nothing was said yet
    for key in (PANE, PROMPT, WITH_MODEL):
        if key in query:
            del query[key]
    return found


def name_in_address() -> None:
    """Let the address name what is shown: after the first words, since it stops the browser."""
    query, tab = st.query_params, session()
    tab.addressed = act.current().id if act.state().kept else None
    if tab.addressed is None:
        if COMPARISON in query:
            del query[COMPARISON]
    elif query.get(COMPARISON) != tab.addressed:
        query[COMPARISON] = tab.addressed


def _set_up(values: list[str], query: dict[str, str]) -> None:
    """Set the page up as a link says. The prompt is put into the box, and never sent by itself."""
    here = session()
    setups, prompt, problems = read_comparison_link(values, query)
    connection = here.connections.get(here.connection) or here.connections.default
    act.begin(
        Pane(
            setup.model or here.model,
            connection.name,
            parameters=replace(
                setup.parameters,
                temperature=min(setup.parameters.temperature, connection.temperature_max),
            ),
            system_message=setup.system_message,
        )
        for setup in setups
    )
    act.state().told = (
        _("This page was set up by a link. Nothing is sent until you send it."),
        *map(translated, problems),
    )
    if prompt:
        give_back_prompt(prompt, act.PROMPT_KEY)


def copy_comparison_link() -> None:
    """Draw the button that copies a link to these panes, with the last prompt."""
    st.button(
        _("Copy a link"),
        key="copy_comparison_link",
        icon=":material/link:",
        on_click=_copy,
        help=_(
            "Models, parameters, system messages and the last prompt; never a key. Opening it "
            "sends nothing."
        ),
    )


def _copy() -> None:
    comparison = act.current()
    asked = ""
    for conversation in asking.conversations().values():
        for turn in conversation.path():
            asked = turn.text if turn.role is Role.USER else asked
    base = urljoin(st.context.url or "", "./compare") + "?"
    link = comparison_link(comparison.panes, asked, base_length=len(base))
    session().copied = base + link.query
    act.state().told = tuple(map(translated, link.problems))

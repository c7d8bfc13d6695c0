"""The page of the connections: what is connected, what was found, and how to set a server up."""

from __future__ import annotations

import streamlit as st

from components.cautions import models_make_mistakes
from components.connection_card import connection_card
from components.connection_form import connection_form
from components.found_servers import found_servers
from components.guides import guides
from components.notices import escaped, show_problem
from components.resources import resources
from components.session import session
from components.texts import _, translated
from playground.checkup import COST
from playground.connections import GITHUB_MODELS_RETIRED, GITHUB_MODELS_SOURCE


def connections_page() -> None:
    """Draw the page."""
    here, parts = session(), resources()
    st.title(_("Connections"), anchor=False)
    for problem in parts.settings.problems:
        show_problem(problem)
    added = here.connecting.take_added()
    if added:
        st.success(
            _("{label} is connected, and used from now on.").format(
                label=escaped(translated(added))
            ),
            icon=":material/check_circle:",
        )
    st.header(_("Your connections"), anchor="connections")
    st.caption(
        _("In order of preference. A test {cost}").format(
            cost=translated(COST)[:1].lower() + translated(COST)[1:]
        )
    )
    default = here.connections.default
    watching = [
        watch
        for connection in here.connections
        if (watch := connection_card(connection, first=connection.name == default.name))
    ]
    found_servers()
    connection_form()
    _notices()
    guides()
    for watch in watching:
        watch()


def _notices() -> None:
    with st.container(border=True, key="good_to_know"):
        st.caption(models_make_mistakes())
        st.caption(
            _(
                ":material/filter_alt: **Content filters belong to the host.** Servers on your own "
                "machine filter nothing; Azure judges prompts and answers and says which category "
                "it refused."
            )
        )
        st.caption(
            _(
                ":material/block: **GitHub Models is gone.** It was retired on {date} for everyone "
                "([announcement]({source})). A token for it reaches no model any more; its protocol "
                "lives on in the servers below."
            ).format(date=translated(GITHUB_MODELS_RETIRED), source=GITHUB_MODELS_SOURCE)
        )

"""A link to the page as it is set up here, and what happens when one is opened."""

from __future__ import annotations

from urllib.parse import urljoin

import streamlit as st

from components.notices import escaped
from components.session import give_back_prompt, session
from components.texts import _, number, translated
from playground.setup_link import KEYS, MODEL, PROMPT, SYSTEM, Setup, read_setup, setup_link

_OURS = frozenset({MODEL, PROMPT, SYSTEM, *KEYS.values()})


def open_link() -> None:
    """Set the page up as a link says. The prompt is put into the box, and never sent by itself."""
    query = st.query_params.to_dict()
    if not _OURS & query.keys():
        return
    here, setup = session(), read_setup(query)
    for key in _OURS & query.keys():
        del st.query_params[key]
    here.new_chat()
    here.addressed = None
    here.model = setup.model or here.model
    here.parameters = setup.parameters
    here.system_message = setup.system_message
    here.fit()
    here.told = (_("This page was set up by a link. Nothing is sent until you send it."),)
    here.told += setup.problems
    if here.parameters.temperature != setup.parameters.temperature:
        here.told += (
            _("The temperature in this link was lowered to {value}: no more is taken here.").format(
                value=number(here.parameters.temperature, ".10g")
            ),
        )
    if setup.prompt:
        give_back_prompt(setup.prompt)


def told() -> None:
    """Draw what a link left to say, once."""
    here = session()
    sentences, here.told = here.told, ()
    if sentences:
        st.info(
            "  \n".join(escaped(translated(sentence)) for sentence in sentences),
            icon=":material/link:",
        )


def copy_link_button() -> None:
    """Draw the button that copies a link to the page as it is set up now."""
    st.button(
        _("Copy a link to this set-up"),
        key="copy_setup",
        icon=":material/link:",
        width="stretch",
        on_click=_copy,
        help=_("Model, parameters and system message; never a key. Opening it sends nothing."),
    )


def _copy() -> None:
    here = session()
    base = urljoin(st.context.url or "", "./") + "?"
    link = setup_link(
        Setup(here.model, here.parameters, here.system_message), base_length=len(base)
    )
    here.copied = base + link.query
    here.told = link.problems

"""What everybody should know who reads a model's answer."""

from __future__ import annotations

import streamlit as st

from components.notices import escaped
from components.texts import _, translated
from playground.connections import Connection
from playground.kinds import facts


def cautions(connection: Connection) -> None:
    """Draw, quietly, what an answer of `connection` is worth, and whether anybody filters it."""
    filtering = escaped(translated(facts(connection.kind).filtering))
    with st.container(key="cautions"):
        st.caption(f"{models_make_mistakes()}  \n:material/filter_alt: {filtering}")


def models_make_mistakes() -> str:
    """Return the sentence, as Markdown."""
    return _(
        ":material/gavel: **Models make mistakes.** A playground is for trying, not for "
        "production: check what matters."
    )

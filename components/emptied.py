"""A place on the page that is emptied before something else is drawn in it."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.judging import Judging


def place_for(what: str, judging: Judging, *, key: str) -> DeltaGenerator:
    """Return the container `key` to draw `what` in.

    Streamlit takes away what is not drawn again only once the script has ended, which it does not
    before the last answer has. So names would stay on the page beside answers without names. What
    is drawn again stays as it is, with the places to which it was scrolled.
    """
    before, side = judging.drawn.get(key, ("", 0))
    if what != before:
        side = 1 - side
    judging.drawn[key] = what, side
    # Two places, one of them empty: a single one that is emptied and then filled is sent as filled,
    # and a container keeps what is in it.
    first, second = st.empty(), st.empty()
    return (second if side else first).container(key=key)

"""Where messages stand on the page: in groups that stay in one place, whatever comes or goes.

Streamlit knows what it draws by its place: what moves up by one, because something above it is gone,
the browser makes anew, which takes it most of a second for some dozens of messages. So an earlier group
that is not drawn leaves an empty place, and many of them leave one.
"""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

#: Messages in a group.
GROUP = 10
#: Messages in what leaves one empty place.
SHELF = 10 * GROUP


def groups(count: int, earlier: int, before: int) -> Iterator[tuple[int, DeltaGenerator]]:
    """Yield the number of the first message of each group that is drawn, and its place.

    Args:
        count: how many messages there are.
        earlier: how many of the first are not drawn; whole groups.
        before: how many there were when the page was drawn last. Of those that are gone nothing is
            left, greyed, until the page has been drawn.
    """
    for shelf in range(0, max(count, before), SHELF):
        if shelf + SHELF <= earlier or shelf >= count:
            st.empty()
            continue
        place = st.container()
        for start in range(shelf, min(shelf + SHELF, max(count, before)), GROUP):
            if earlier <= start < count:
                group = place.container(key=f"messages_{start}")
                yield start, group
                for _gone in range(max(start, count), min(start + GROUP, before)):
                    group.empty()
            else:
                place.empty()

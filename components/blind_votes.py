"""The ways to vote in a blind test, by buttons and by keys."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.judging import Judging
from components.texts import _
from playground.votes import LETTERS, Vote, by_rank, for_none, for_winner

Cast = Callable[[Vote], None]


def judging_bar() -> DeltaGenerator:
    """Return the place of what is to be done next: in view, however long the answers are."""
    return st.bottom.container(
        horizontal=True,
        horizontal_alignment="center",
        vertical_alignment="center",
        gap="xsmall",
        key="blind_votes",
    )


def vote_buttons(round_id: str, order: tuple[str, ...], judging: Judging, cast: Cast) -> None:
    """Draw the buttons for the answers in `order`; `cast` gets the vote."""
    with judging_bar():
        if len(order) == 2:
            _pair(round_id, order, judging, cast)
        else:
            _ranking(round_id, order, judging, cast)


def _pair(round_id: str, order: tuple[str, ...], judging: Judging, cast: Cast) -> None:
    voter = judging.voter
    choices = (
        ("a", _("A is better"), "A", for_winner(round_id, order, 0, voter=voter)),
        ("tie", _("Tie"), "T", for_none(round_id, order, voter=voter)),
        ("bad", _("Both are bad"), "X", for_none(round_id, order, bad=True, voter=voter)),
        ("b", _("B is better"), "B", for_winner(round_id, order, 1, voter=voter)),
    )
    for name, label, shortcut, vote in choices:
        st.button(
            label,
            key=f"vote_{name}",
            shortcut=shortcut,
            type="primary" if name in "ab" else "secondary",
            on_click=cast,
            args=(vote,),
        )


def _ranking(round_id: str, order: tuple[str, ...], judging: Judging, cast: Cast) -> None:
    def pick(where: int) -> None:
        judging.picked.append(where)
        if len(judging.picked) >= len(order) - 1:
            cast(by_rank(round_id, order, list(judging.picked), voter=judging.voter))

    st.caption(
        _("The best first, then the next: {count} to go.").format(
            count=len(order) - 1 - len(judging.picked)
        )
    )
    for where in range(len(order)):
        letter = LETTERS[where]
        st.button(
            letter,
            key=f"rank_{letter}",
            # C is a key of Streamlit's own: the numbers work for all.
            shortcut=str(where + 1),
            type="primary",
            disabled=where in judging.picked,
            on_click=pick,
            args=(where,),
        )
    st.button(
        _("Tie"),
        key="vote_tie",
        shortcut="T",
        disabled=bool(judging.picked),
        on_click=cast,
        args=(for_none(round_id, order, voter=judging.voter),),
    )
    st.button(
        _("All are bad"),
        key="vote_bad",
        shortcut="X",
        disabled=bool(judging.picked),
        on_click=cast,
        args=(for_none(round_id, order, bad=True, voter=judging.voter),),
    )
    st.button(
        _("Undo"),
        key="rank_undo",
        shortcut="Backspace",
        type="tertiary",
        disabled=not judging.picked,
        on_click=judging.picked.clear,
    )

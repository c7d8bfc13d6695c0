"""What the votes of a blind test come to, for all and for each person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from components.notices import escaped
from components.texts import _, in_language, number
from playground.comparison import Comparison
from playground.votes import ENOUGH, Standing, tally, voters

_EVERYBODY = ""


def tally_panel(comparison: Comparison, labels: Mapping[str, str]) -> None:
    """Draw how the panes fare so far. It names them, so it stands where no round is open."""
    if not comparison.votes:
        return
    people = voters(comparison.votes)
    with st.container(key="blind_tally"):
        st.markdown(_("**The votes so far**"))
        voter = None
        if len(people) > 1:
            options = [_EVERYBODY, *(f"={name}" for name in people)]
            picked = st.segmented_control(
                _("Votes of"),
                options,
                default=_EVERYBODY,
                required=True,
                format_func=lambda o: _("Everybody") if o == _EVERYBODY else o[1:] or _("no name"),
                key=in_language("tally_voter"),
            )
            voter = picked[1:] if picked else None
        standings = tally(comparison.votes, [p.id for p in comparison.panes], voter)
        st.table(tally_table(standings, labels), hide_index=True)
        st.caption(
            _(
                "A win is a first place held alone; ties and votes that all are bad count in n, and "
                "as no win. The interval holds the true rate with 95 % confidence (Wilson). Below "
                "{enough} votes it is too few to tell."
            ).format(enough=ENOUGH)
        )


def tally_table(standings: Sequence[Standing], labels: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the columns of the table of votes."""
    return {
        _("Pane"): [escaped(labels.get(s.pane_id, s.pane_id)) for s in standings],
        _("Wins"): [number(s.wins) for s in standings],
        _("Ties"): [number(s.ties) for s in standings],
        _("Losses"): [number(s.losses) for s in standings],
        _("All bad"): [number(s.bad) for s in standings],
        _("Win rate"): [_rate(s) for s in standings],
        "n": [number(s.n) for s in standings],
    }


def _rate(standing: Standing) -> str:
    if not standing.enough:
        return _("too few to tell")
    low, high = standing.interval
    return _("{rate} ({low} to {high})").format(
        rate=number(standing.win_rate or 0.0, ".0%"),
        low=number(low, ".0%"),
        high=number(high, ".0%"),
    )

"""The blind test: answers without names in an order of their own, votes, and what they come to.

While a round is not voted on, nothing that goes to the browser tells whose answer is whose: the
elements are keyed by letters, and there are no names, figures or words of a server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from components.answer_board import Board, Column, answer_board
from components.blind_tally import tally_panel
from components.blind_votes import judging_bar, vote_buttons
from components.emptied import place_for
from components.judging import Judging
from components.notices import escaped
from components.reply_footer import figures
from components.session import bound_key, on_change
from components.texts import _, _n, number
from playground.comparison import Comparison
from playground.rounds import Round
from playground.votes import LETTERS, Vote, vote_on


def blind_panel(
    comparison: Comparison,
    found: Sequence[Round],
    labels: Mapping[str, str],
    judging: Judging,
    *,
    on_vote: Callable[[Vote], None],
    on_ask: Callable[[str], None],
    on_wait: Callable[[bool], None],
    on_end: Callable[[], None],
) -> Board:
    """Draw the round that is to be voted on, or the one just voted on with its names.

    Args:
        comparison: one that is blind.
        found: its rounds.
        labels: the names of the panes, by their ids; drawn only once a round is voted on.
        judging: who votes, and how far the vote is.
        on_vote: keeps a vote.
        on_ask: sends a prompt to all panes.
        on_wait: sets whether answers are shown only when all are complete.
        on_end: ends the blind test.
    """
    fair = [r for r in found if len(r.answers) > 1 and r.same_prompt]
    shown = _shown(comparison, fair, judging)
    left = [p for p in comparison.prompts if p not in {r.prompt for r in found}]
    with st.container(key="blind"):
        _head(comparison, fair, judging, left, on_wait, on_end)
        vote = vote_on(comparison.votes, shown.id, judging.voter) if shown is not None else None
        what = f"{shown.id}/{vote is not None}" if shown is not None else ""
        with place_for(what, judging, key="blind_round"):
            if shown is None:
                board = Board()
                for answer in (a for one in found for a in one.answers):
                    board.follow_unseen(answer.versions)
                board.judged = bool(board.watched) or board.elsewhere
                if board.judged:
                    st.caption(_(":material/hourglass_top: An earlier prompt is still answered…"))
                else:
                    _next_prompt(left, on_ask, begun=bool(fair))
                tally_panel(comparison, labels)
                return board
            with st.container(key="blind_prompt"):
                st.text(shown.prompt)
            if vote is None:
                return _open(comparison, shown, judging, on_vote)
            board = _revealed(shown, vote, labels)
            more = bool(left) or any(_open_for(comparison, r, judging) for r in fair)
            with judging_bar():
                st.caption(_who(vote, labels))
                st.button(
                    _("Next prompt") if more else _("Done"),
                    key="blind_next",
                    type="primary",
                    icon=":material/arrow_forward:",
                    shortcut="Right",
                    on_click=_go_on,
                    args=(judging, comparison, fair, left, on_ask),
                )
            tally_panel(comparison, labels)
            return board


def _open_for(comparison: Comparison, one: Round, judging: Judging) -> bool:
    return vote_on(comparison.votes, one.id, judging.voter) is None


def _shown(comparison: Comparison, fair: Sequence[Round], judging: Judging) -> Round | None:
    """Return the round on the page: the one just voted on, or the first that is not."""
    for one in fair:
        if one.id == judging.voted:
            return one
    return next((one for one in fair if _open_for(comparison, one, judging)), None)


def _go_on(
    judging: Judging,
    comparison: Comparison,
    fair: Sequence[Round],
    left: Sequence[str],
    on_ask: Callable[[str], None],
) -> None:
    judging.next()
    if left and not any(_open_for(comparison, one, judging) for one in fair):
        on_ask(left[0])


def _head(
    comparison: Comparison,
    fair: Sequence[Round],
    judging: Judging,
    left: Sequence[str],
    on_wait: Callable[[bool], None],
    on_end: Callable[[], None],
) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="blind_head"):
        with st.container(gap=None, key="blind_title"):
            st.subheader(_("Blind test"), anchor=False)
            voted = sum(not _open_for(comparison, one, judging) for one in fair)
            st.caption(
                _("{voted} of {count} prompts voted on").format(
                    voted=number(voted), count=number(len(fair) + len(left))
                )
            )
        st.toggle(
            _("Wait for all"),
            key=bound_key("blind_wait", comparison.blind is not None and comparison.blind.wait),
            help=_(
                "Answers are shown when all are complete, so that no speed tells whose they are."
            ),
            on_change=on_change("blind_wait", on_wait),
        )
        st.text_input(
            _("Voting as"),
            key=bound_key("blind_voter", judging.voter),
            placeholder=_("your name, if others vote too"),
            max_chars=60,
            width=260,
            # What is shown of a round that another voted on would tell this one the names.
            on_change=on_change("blind_voter", judging.vote_as),
        )
        st.button(
            _("End the test"),
            key="blind_end",
            icon=":material/visibility:",
            help=_("Shows all names and figures. The votes are kept."),
            on_click=on_end,
        )


def _next_prompt(left: Sequence[str], on_ask: Callable[[str], None], *, begun: bool) -> None:
    with st.container(key="blind_ask", border=True):
        if not left:
            st.markdown(
                _("Every prompt is voted on. Ask another in the box below.")
                if begun
                else _("Ask the first prompt in the box below. The answers come without names.")
            )
            return
        st.caption(
            _n(
                "{count} prompt of the set is left.",
                "{count} prompts of the set are left.",
                len(left),
            ).format(count=number(len(left)))
        )
        st.text(left[0])
        st.button(
            _("Ask it"),
            key="blind_ask_next",
            type="primary",
            icon=":material/send:",
            shortcut="Right",
            on_click=on_ask,
            args=(left[0],),
        )


def _open(
    comparison: Comparison, shown: Round, judging: Judging, on_vote: Callable[[Vote], None]
) -> Board:
    """Draw the answers without names, and when all are complete the ways to vote."""
    blind = comparison.blind
    order = blind.order(shown.number, [a.pane_id for a in shown.answers]) if blind else ()
    covered = shown.running and blind is not None and blind.wait
    place = {where: judging.picked.index(where) + 1 for where in judging.picked}
    columns = [
        Column(
            LETTERS[where],
            f"#### {LETTERS[where]}"
            + (f" :violet-badge[{place[where]}]" if where in place else ""),
            shown.answer(pane_id),
        )
        for where, pane_id in enumerate(order)
    ]
    board = answer_board(columns, key="blind_board", covered=covered, silent=True)
    board.judged = True
    if shown.running:
        st.caption(
            _(":material/hourglass_top: Shown when all answers are complete…")
            if covered
            else _("You can vote when all answers are complete.")
        )
        return board

    def cast(vote: Vote) -> None:
        judging.voted = shown.id
        judging.picked.clear()
        on_vote(vote)

    vote_buttons(shown.id, order, judging, cast)
    return board


def _who(vote: Vote, labels: Mapping[str, str]) -> str:
    """Return on one line whose answers were judged: their heads may be out of view by now."""
    return " · ".join(
        f"**{LETTERS[where]}** {escaped(labels.get(pane_id, pane_id))}"
        for where, pane_id in enumerate(vote.order)
    )


def _revealed(shown: Round, vote: Vote, labels: Mapping[str, str]) -> Board:
    """Draw the answers as they were voted on, with their names and figures."""
    columns = []
    for where, pane_id in enumerate(vote.order):
        answer = shown.answer(pane_id)
        won = vote.winner == pane_id
        choice = _("your choice")
        badge = f" :green-badge[:material/trophy: {choice}]" if won else ""
        if len(vote.order) > 2 and vote.winner is not None and not won:
            badge = f" :gray-badge[{vote.ranks[where]}]"
        name = escaped(labels.get(pane_id, pane_id))
        last = answer.last if answer is not None else None
        foot = ""
        if last is not None and last.run is not None and last.reply is not None:
            foot = " · ".join(figures(last.run, last.reply))
        columns.append(
            Column(
                f"{LETTERS[where]}_named", f"#### {LETTERS[where]} · {name}{badge}", answer, foot
            )
        )
    board = answer_board(columns, key="blind_board")
    board.judged = True
    return board

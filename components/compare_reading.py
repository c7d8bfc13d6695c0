"""The parts of the compare page that read, judge, present and export, joined to the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

import streamlit as st

from components import compare_actions as act
from components import compare_asking as asking
from components.answer_board import Board
from components.blind_tally import tally_panel
from components.compare_blind import blind_panel
from components.compare_diff import diff_panel
from components.compare_export import compare_downloads
from components.compare_results import results
from components.presenter import presenter, presenter_button
from components.prompt_set_panel import prompt_set_panel
from components.resources import resources
from components.session import close, session
from components.texts import _
from playground.comparison import Comparison
from playground.connections import Price
from playground.conversation import Conversation
from playground.errors import ChatError
from playground.pane_labels import pane_labels
from playground.rounds import Round, rounds
from playground.votes import Blind, Vote, with_vote


class View(StrEnum):
    """What stands on the page."""

    PANES = "panes"
    BLIND = "blind"
    PRESENTER = "presenter"


def view_of_page(comparison: Comparison) -> View:
    """Return what is to stand on the page; a blind test comes first, since nothing may tell."""
    if comparison.blind is not None:
        return View.BLIND
    return View.PRESENTER if act.state().judging.presenting else View.PANES


def other_view(comparison: Comparison, conversations: Mapping[str, Conversation]) -> Board | None:
    """Draw what takes the place of the panes: the presenter view, or the blind test.

    Returns what of it goes on; None if the panes are to be drawn.
    """
    here = act.state()
    judging, view = here.judging, view_of_page(comparison)
    if view is View.PRESENTER:
        return presenter(
            comparison,
            _rounds(comparison, conversations),
            _labels(comparison),
            judging,
            on_ask=asking.ask,
            on_stop=asking.stop_all,
        )
    if comparison.blind is None:
        return None
    if here.notices:
        # Why nothing was asked is told without the pane that it was not asked of.
        here.notice = here.notice or next(iter(here.notices.values()))
        here.notices.clear()

    def vote(one: Vote) -> None:
        try:
            # As it is kept: others vote in other tabs.
            now = resources().comparing.open(session().owner, comparison.id) or act.current()
        except ChatError as error:
            judging.voted = ""
            here.notice = error
        else:
            act.change(replace(now, votes=with_vote(now.votes, one)))

    def wait(together: bool) -> None:  # noqa: FBT001 - a widget's value, given by position
        now = act.current()
        if now.blind is not None:
            act.change(replace(now, blind=replace(now.blind, wait=together)))

    def end() -> None:
        judging.next()
        act.change(replace(act.current(), blind=None))

    return blind_panel(
        comparison,
        _rounds(comparison, conversations),
        _labels(comparison),
        judging,
        on_vote=vote,
        on_ask=asking.ask,
        on_wait=wait,
        on_end=end,
    )


def reading_bar(comparison: Comparison, conversations: Mapping[str, Conversation]) -> None:
    """Draw the buttons for the blind test, the prompt set, presenting and files."""
    judging = act.state().judging

    def begin() -> None:
        judging.next()
        now = act.current()
        judging.coming.clear()
        # All get the same prompt: there is nothing else to judge.
        panes = tuple(replace(pane, own_prompt=False) for pane in now.panes)
        act.change(replace(now, blind=Blind(), panes=panes))

    def take(prompts: tuple[str, ...]) -> None:
        judging.coming.clear()
        act.change(replace(act.current(), prompts=prompts))

    with st.container(horizontal=True, gap="xsmall", key="reading_bar"):
        panel = st.popover(
            _("Prompt set"), icon=":material/checklist:", key="prompts", on_change="rerun"
        )
        if panel.open:
            with panel:
                asked = {one.prompt for one in _rounds(comparison, conversations)}
                left = [prompt for prompt in comparison.prompts if prompt not in asked]

                def ask() -> None:
                    close("prompts")
                    asking.ask_all(left or comparison.prompts)

                prompt_set_panel(comparison.prompts, judging, take, ask, left=left)
        st.button(
            _("Blind test"),
            key="blind_begin",
            icon=":material/visibility_off:",
            help=_("Hides names, figures and order until you have voted."),
            on_click=begin,
        )
        presenter_button(judging)
        files = st.popover(
            _("Files"), icon=":material/download:", key="compare_export", on_change="rerun"
        )
        if files.open:
            with files:
                compare_downloads(comparison, conversations, judging)


def reading(comparison: Comparison, conversations: Mapping[str, Conversation]) -> None:
    """Draw what can be read off the answers, under the panes."""
    found = _rounds(comparison, conversations)
    if all(answer.running for one in found for answer in one.answers):
        # Nothing can be read off yet, and drawing that would keep the first words waiting.
        return
    labels = _labels(comparison)
    with st.container(key="reading"):
        shown = results(found, labels, _prices(), act.state().judging)
        tally_panel(comparison, labels)
        if shown is None or len(shown.answers) < 2:
            return
        panel = st.expander(
            _("Differences, word by word"),
            icon=":material/difference:",
            key="differences",
            on_change="rerun",
        )
        if panel.open and not shown.running:
            with panel:
                diff_panel(shown, labels)


def _rounds(comparison: Comparison, conversations: Mapping[str, Conversation]) -> Sequence[Round]:
    return rounds([pane.id for pane in comparison.panes], conversations)


def _labels(comparison: Comparison) -> dict[str, str]:
    told = pane_labels(comparison.panes, resources().catalog, session().connections)
    return {pane.id: name for pane, name in zip(comparison.panes, told, strict=True)}


def _prices() -> dict[str, Price]:
    return {c.name: c.price for c in session().connections if c.price is not None}

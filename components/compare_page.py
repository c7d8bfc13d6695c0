"""The compare page: one prompt, two to six panes, every pane on its own feet."""

from __future__ import annotations

import time
from collections.abc import Mapping

import streamlit as st

from components import compare_actions as act
from components import compare_asking as asking
from components.announcer import announcement_place
from components.answer_board import Board
from components.compare_controls import compare_bar
from components.compare_header import Look
from components.compare_links import follow_address, name_in_address
from components.compare_pane import compare_pane
from components.compare_reading import View, other_view, reading, view_of_page
from components.compare_welcome import prompt_starters, welcome
from components.emptied import place_for
from components.message_actions import clipboard, raw_dialog
from components.notices import escaped, show_error, show_problems
from components.parameter_form import parameter_form
from components.reply_footer import last_ending
from components.resources import resources
from components.session import session, widget_value
from components.shortcuts import shortcuts_button
from components.sidebar import recent_chats
from components.texts import _, number
from components.watching import first_words, watch_all
from playground.comparison import Comparison, differences
from playground.conversation import Conversation
from playground.generation import SAVE_INTERVAL


def compare_page() -> None:
    """Draw the page."""
    st.set_page_config(layout="wide")
    found = follow_address()
    act.follow_shared()
    comparison = act.current()
    conversations = asking.conversations()
    if asking.ask_next(conversations):
        comparison, conversations = act.current(), asking.conversations()
    _told(found=found)
    view = view_of_page(comparison)
    with place_for(view, act.state().judging, key="compare_view"):
        going_on = other_view(comparison, conversations)
        if going_on is None:
            going_on = _panes_view(comparison, conversations)
    name_in_address()
    running = bool(going_on.watched) or going_on.elsewhere
    if view is not View.PRESENTER:
        _box(comparison, running=running, judged=going_on.judged)
        _sidebar(settings=view is View.PANES)
    clipboard()
    if view is View.PANES:
        _raw(conversations)
    # In a blind test it is not told how a pane's answer ended.
    ending = "" if comparison.blind is not None else _endings(comparison, conversations)
    announcer, place = session().announcer, announcement_place()
    announcer.draw(place, comparison.id, running=running, ending=ending)
    if going_on.watched:
        watch_all(going_on.watched, running=resources().generations.running)
        st.rerun()
    if going_on.elsewhere:
        # Another process makes it and saves it now and then: look again in a moment.
        time.sleep(SAVE_INTERVAL)
        st.rerun()
    if act.state().judging.coming:
        st.rerun()  # all were answered before they could be watched


def _endings(comparison: Comparison, conversations: dict[str, Conversation]) -> str:
    ended = [last_ending(conversations[pane.id]) for pane in comparison.panes]
    return ", ".join(dict.fromkeys(filter(None, ended)))


def _panes_view(comparison: Comparison, conversations: dict[str, Conversation]) -> Board:
    """Draw the panes with the bar over them, and what can be read off their answers below."""
    asked = any(conversation.turns for conversation in conversations.values())
    # Places that are always there: what is not drawn again goes at once, not when the last answer
    # has ended, and the panes stay where they are instead of being made anew.
    above = st.empty()
    if not asked:
        with above.container():
            welcome()
    bar = st.container(key="bar_place")
    board = _panes(comparison, conversations)
    first_words(board.watched)
    with bar:
        compare_bar(asked=asked, conversations=conversations)
    for draw in board.later:
        draw()
    below = st.empty()
    if asked:
        reading(comparison, conversations)
    else:
        with below.container():
            prompt_starters()
    return board


def _told(*, found: bool) -> None:
    here = act.state()
    show_problems(resources().settings.problems)
    if not found:
        st.warning(
            _(
                "This comparison is not here: the link is wrong, or it was deleted, or it is "
                "somebody else's. Below is a new one."
            ),
            icon=":material/search_off:",
        )
    sentences, here.told = here.told, ()
    place = st.empty()  # also without a sentence, so that what follows stays where it is
    if sentences:
        place.info("  \n".join(map(escaped, sentences)), icon=":material/info:")


def _panes(comparison: Comparison, conversations: dict[str, Conversation]) -> Board:
    """Draw the panes: the folded ones as a row of heads over those that are open."""
    expanded = act.state().expanded
    if comparison.pane(expanded or "") is None:
        expanded = None
    looks = _looks(comparison, expanded)
    board = Board()
    asked = asking.last_prompt(conversations)
    is_open = [pane for pane in comparison.panes if not looks[pane.id].folded]
    folded = [pane for pane in comparison.panes if looks[pane.id].folded]
    with st.container(key="panes_area"):
        if len(is_open) > 1:
            names = {pane.id: _tab(looks[pane.id]) for pane in is_open}
            st.segmented_control(
                _("Pane"),
                list(names),
                default=is_open[0].id,
                required=True,
                format_func=names.__getitem__,
                key="pane_tabs",
                label_visibility="collapsed",
                wrap=False,
                on_change="ignore",  # which one is seen on a phone is the browser's business
            )
        if folded:
            with st.container(key="panes_folded"):
                for p in folded:
                    compare_pane(p, conversations[p.id], looks[p.id], board, asked=asked)
        with st.container(key="panes"):
            for p in is_open:
                compare_pane(p, conversations[p.id], looks[p.id], board, asked=asked)
    return board


def _tab(look: Look) -> str:
    return " · ".join(filter(None, [look.name, *look.badges[:1]]))


def _looks(comparison: Comparison, expanded: str | None) -> dict[str, Look]:
    catalog = resources().catalog
    told = differences(comparison.panes, catalog, session().connections)
    looks = {}
    for pane, differing in zip(comparison.panes, told, strict=True):
        model = catalog.get(pane.model)
        name = model.label if model else pane.model
        looks[pane.id] = Look(
            name=name,
            badges=tuple(words for words in differing if words != name),
            folded=pane.id != expanded if expanded else pane.collapsed,
        )
    return looks


def _box(comparison: Comparison, *, running: bool, judged: bool) -> None:
    """Draw the box whose prompt goes to all, and "Stop all" where sending was.

    Where answers are `judged` there is no box: the keys are for the vote.
    """
    mirrored = [pane for pane in comparison.panes if not pane.own_prompt]
    notice, act.state().notice = act.state().notice, None
    if notice is not None:
        with st.bottom:
            show_error(notice, key="notice")
    hint = _hint(len(mirrored), len(comparison.panes))
    if not judged:
        st.bottom.chat_input(
            hint if mirrored else _("Each pane has a box of its own"),
            key=act.PROMPT_KEY,
            disabled=not mirrored,
            on_submit=lambda: asking.ask(str(widget_value(act.PROMPT_KEY) or "")),
        )
    if running:
        coming = len(act.state().judging.coming)
        st.bottom.button(
            _("Stop all, {count} to come").format(count=number(coming))
            if coming
            else _("Stop all"),
            key="stop",
            icon=":material/stop_circle:",
            on_click=asking.stop_all,
        )


def _hint(some: int, count: int) -> str:
    if some < count:
        return _("Ask {some} of {count} panes").format(some=some, count=count)
    return _("Ask both panes") if count == 2 else _("Ask all {count} panes").format(count=count)


def _raw(conversations: Mapping[str, Conversation]) -> None:
    """Draw the answer that is looked at as it was sent and received, until that is closed."""
    here = act.state()
    pane_id, turn_id = here.raw or ("", "")
    conversation = conversations.get(pane_id)
    turn = conversation.turn(turn_id) if conversation is not None else None

    def close() -> None:
        here.raw = None

    if conversation is not None and turn is not None:
        raw_dialog(turn, conversation, on_close=close)


def _sidebar(*, settings: bool) -> None:
    """Draw what stands beside the panes; in a blind test without settings, which stay as they are."""
    what = "settings" if settings else "none"
    with st.sidebar, place_for(what, act.state().judging, key="shared_settings"):
        if settings:
            st.caption(_("**Shared settings**  \nThey go to every pane that has none of its own."))
            parameter_form()
        recent_chats()
        shortcuts_button()

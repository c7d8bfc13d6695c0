"""The chat page, and how what is on it follows the address and the conversation."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.announcer import announcement_place
from components.chat_actions import (
    ask_again,
    carry_on,
    delete,
    edit,
    send,
    send_anyway,
    stop,
)
from components.compare_asking import compare_chat
from components.composer import composer
from components.context_gauge import context_gauge, depends_on
from components.message_actions import Actions, clipboard
from components.model_picker import model_picker
from components.names import CONVERSATION
from components.notices import show_error, show_problems
from components.parameter_form import parameter_form
from components.presets_panel import presets_panel
from components.rename import title_button
from components.reply_footer import last_ending
from components.resources import resources
from components.session import give_back_prompt, session
from components.setup_links import open_link, told
from components.share_dialog import share_dialog
from components.shortcuts import shortcuts_button
from components.sidebar import recent_chats
from components.starters import starters
from components.texts import _, translated
from components.transcript import transcript
from playground.conversation import Conversation
from playground.errors import TooManyRunning


def chat_page() -> None:
    """Draw the page."""
    open_link()
    found = _follow_url()
    here, chat = session(), resources().chat
    conversation = chat.view(here.owner, here.conversation.id) or here.conversation
    here.conversation = conversation
    run = chat.run_of(conversation)
    _told(found=found)
    # In a place of its own: what is not drawn again stays, greyed, until the script ends.
    welcome = st.empty()
    growing = None
    if conversation.turns:
        title_button(conversation)
        shown = conversation.id
        leave = partial(share_dialog, shown), partial(compare_chat, shown)
        growing = transcript(conversation, Actions(ask_again, carry_on, edit, delete, *leave))
    else:
        with welcome.container():
            starters(on_send=send)
    above_box = st.bottom.container(key="above_box")
    stop_place = composer(running=run is not None, on_send=send, on_stop=stop, hint=_hint())
    told_aloud = announcement_place()
    _announce(told_aloud, conversation, running=growing is not None)
    if growing is not None:
        growing.first_word()
        growing.draw_above()
    if conversation.turns:
        _address(conversation.id)
    _sidebar(running=run is not None)
    # Places of their own here as well: the gauge would stand twice, once greyed, where what is over
    # it went away.
    notice_place, editing_place, gauge = above_box.empty(), above_box.empty(), above_box.empty()
    notice = here.take_notice()
    if notice is not None:
        with notice_place.container():
            show_error(notice, key="notice")
    if here.editing is not None:
        with editing_place.container():
            _editing_bar()
    clipboard()
    with gauge.container():
        context_gauge(on_send=send_anyway, running=run is not None)
    if growing is None:
        return
    if growing.rest():
        st.rerun()
    # The page is finished where it stands: drawn anew, it would flicker and cost as much again.
    stop_place.empty()
    if isinstance(notice, TooManyRunning):
        notice_place.empty()  # what had to be waited for has ended
    here.conversation = chat.view(here.owner, conversation.id) or conversation
    _announce(told_aloud, here.conversation, running=False)
    with gauge.container():
        context_gauge(on_send=send_anyway)


def _told(*, found: bool) -> None:
    """Draw what is to be known before anything is said."""
    show_problems(resources().settings.problems)
    _retired_notice()
    told()
    if not found:
        st.warning(
            _(
                "This conversation is not here: the link is wrong, or it was deleted, or it is "
                "somebody else's. Below is a new chat."
            ),
            icon=":material/search_off:",
        )


def _announce(place: DeltaGenerator, conversation: Conversation, *, running: bool) -> None:
    session().announcer.draw(
        place, conversation.id, running=running, ending=last_ending(conversation)
    )


def _editing_bar() -> None:
    here = session()

    def cancel() -> None:
        here.editing = None
        give_back_prompt("")  # else the next Enter would say it a second time

    with st.container(horizontal=True, vertical_alignment="center", key="editing_bar"):
        st.caption(
            _(":material/edit: Editing an earlier message. Both versions are kept."),
            width="stretch",
        )
        st.button(_("Cancel"), key="cancel_edit", type="tertiary", on_click=cancel)


def _hint() -> str:
    here, parts = session(), resources()
    model = parts.catalog.get(here.model)
    connection = here.connections.get(here.connection)
    name = model.label if model else here.model
    return (
        _("Ask the scripted demo of {model}").format(model=name)
        if connection and connection.scripted
        else _("Ask {model}").format(model=name)
    )


def _follow_url() -> bool:
    """Show the conversation that the address names; return whether it was found."""
    wanted = st.query_params.get(CONVERSATION)
    here = session()
    if wanted is None:
        if here.addressed == here.conversation.id:
            here.new_chat()  # the browser went back to where nothing was said yet
            here.addressed = None
        return True
    here.addressed = wanted
    if wanted == here.conversation.id:
        return True
    found = resources().chat.view(here.owner, wanted)
    if found is None:
        del st.query_params[CONVERSATION]
        here.new_chat()
        here.addressed = None
        return False
    here.show(found)
    if found.latest_run is not None:
        here.set_up_as(found.latest_run)  # else what follows would go to another model, unsaid
    return True


def _address(conversation_id: str) -> None:
    """Name the conversation in the address: after the first words, since it stops the browser."""
    session().addressed = conversation_id
    if st.query_params.get(CONVERSATION) != conversation_id:
        st.query_params[CONVERSATION] = conversation_id


def _sidebar(*, running: bool) -> None:
    drawn_with = depends_on()

    def settings() -> None:
        if depends_on() != drawn_with:
            st.rerun()  # the gauge counts with them, and the box names the model
        model_picker()
        parameter_form()

    with st.sidebar:
        presets_panel()
        # In a fragment a pulled slider does not draw the transcript again. A fragment has to wait
        # for a running script, though, so while a reply is drawn the settings stand outside one.
        # In both cases in one container: in other places the browser would build them anew.
        if running:
            with st.container():
                settings()
        else:
            st.fragment(settings)()
        recent_chats()
        shortcuts_button()


def _retired_notice() -> None:
    for connection in resources().connections:
        if connection.retired:
            st.info(
                _("{retired} The Connections page shows where to go now.").format(
                    retired=translated(connection.retired)
                ),
                icon=":material/info:",
            )

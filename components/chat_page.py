"""The chat page: what happens when something is sent, stopped or asked again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from components.compare_asking import compare_chat
from components.composer import composer
from components.context_gauge import context_gauge, measure
from components.message_actions import Actions, clipboard
from components.model_picker import model_picker
from components.names import CONVERSATION
from components.notices import show_error, show_problem
from components.parameter_form import parameter_form
from components.presets_panel import presets_panel
from components.rename import title_button
from components.resources import resources
from components.session import give_back_prompt, session
from components.setup_links import open_link, told
from components.share_dialog import share_dialog
from components.shortcuts import shortcuts_button
from components.sidebar import recent_chats
from components.starters import starters
from components.texts import _, translated
from components.transcript import transcript
from playground.bounds import check_prompt, system_message_problem
from playground.chat import run_for
from playground.context_fit import Verdict
from playground.conversation import Conversation, Run
from playground.errors import BadRequest, ChatError, TooManyRunning
from playground.quirks import needs_folding


def chat_page() -> None:
    """Draw the page."""
    open_link()
    found = _follow_url()
    here, chat = session(), resources().chat
    conversation = chat.view(here.owner, here.conversation.id) or here.conversation
    here.conversation = conversation
    if conversation.turns:
        here.addressed = conversation.id
        if st.query_params.get(CONVERSATION) != conversation.id:
            st.query_params[CONVERSATION] = conversation.id
    run = chat.run_of(conversation)
    for problem in resources().settings.problems:
        show_problem(problem)
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
    # In a place of its own: what is not drawn again stays, greyed, until the script ends.
    welcome = st.empty()
    watch_reply = None
    if conversation.turns:
        # First of all, so that the first word of a running reply is not kept waiting.
        title_button(conversation)
        shown = conversation.id
        leave = partial(share_dialog, shown), partial(compare_chat, shown)
        watch_reply = transcript(conversation, Actions(ask_again, carry_on, edit, delete, *leave))
    else:
        with welcome.container():
            starters(on_send=send)
    _sidebar(running=run is not None)
    notice = here.take_notice()
    if notice is not None:
        with st.bottom:
            show_error(notice, key="notice")
    _editing_bar()
    clipboard()
    gauge = st.bottom.empty()
    with gauge.container():
        context_gauge(on_send=send_anyway, running=run is not None)
    stop_place = composer(running=run is not None, on_send=send, on_stop=stop, hint=_hint())
    if watch_reply is None:
        return
    if watch_reply():
        st.rerun()
    # The page is finished where it stands: drawn anew, it would flicker and cost as much again.
    stop_place.empty()
    here.conversation = chat.view(here.owner, conversation.id) or conversation
    with gauge.container():
        context_gauge(on_send=send_anyway)


def send(prompt: str) -> None:
    """Send what was typed, unless it does not fit: then the gauge offers what helps."""
    here = session()
    if not prompt.strip():
        return
    try:
        # What cannot be sent at all is told before what would not fit.
        check_prompt(prompt)
        _run()
    except ChatError as error:
        here.notice = error
        give_back_prompt(prompt)
        return
    measured = measure(prompt)
    if measured is not None and measured.verdict is Verdict.OVER:
        here.blocked = prompt
        give_back_prompt(prompt)
        return
    send_anyway(prompt)


def send_anyway(prompt: str) -> None:
    """Send what was typed; if that cannot be, say why and put it back into the box."""
    here, chat = session(), resources().chat
    if here.blocked:
        here.blocked = ""
        give_back_prompt("")  # it is still in the box when a button sends it
    try:
        if chat.run_of(chat.view(here.owner, here.conversation.id) or here.conversation):
            raise TooManyRunning(_("The answer above is still running."))
        conversation = chat.ask(
            here.owner, here.conversation.id, prompt, _run(), instead_of=here.editing
        )
    except ChatError as error:
        here.notice = error
        give_back_prompt(prompt)
        return
    if conversation is None:
        give_back_prompt(prompt)
        here.new_chat()
        return
    here.conversation = conversation
    here.editing = None


def edit(turn_id: str) -> None:
    """Put an earlier prompt into the box, to be sent anew in its place."""
    here = session()
    turn = here.conversation.turn(turn_id)
    if turn is not None:
        here.editing = turn_id
        give_back_prompt(turn.text)


def delete(turn_id: str) -> None:
    """Delete a message and all that follows it."""
    here = session()
    try:
        resources().chat.delete(here.owner, here.conversation.id, turn_id)
    except ChatError as error:
        here.notice = error


def _editing_bar() -> None:
    here = session()
    if here.editing is None:
        return

    def cancel() -> None:
        here.editing = None

    with (
        st.bottom,
        st.container(horizontal=True, vertical_alignment="center", key="editing_bar"),
    ):
        st.caption(
            _(":material/edit: Editing an earlier message. Both versions are kept."),
            width="stretch",
        )
        st.button(_("Cancel"), key="cancel_edit", type="tertiary", on_click=cancel)


def ask_again(turn_id: str, model: str | None = None) -> None:
    """Regenerate or retry a reply, with the parameters (and the model) that are picked now."""
    _more(resources().chat.ask_again, turn_id, model)


def carry_on(turn_id: str) -> None:
    """Go on with a reply where it broke off, with the model and parameters picked now."""
    _more(resources().chat.carry_on, turn_id)


def _more(
    start: Callable[[str, str, str, Run], Conversation | None],
    turn_id: str,
    model: str | None = None,
) -> None:
    here, chat = session(), resources().chat
    if chat.run_of(chat.view(here.owner, here.conversation.id) or here.conversation):
        return  # a second click, or another tab was quicker: that run is on the page
    try:
        start(here.owner, here.conversation.id, turn_id, _run(model))
    except ChatError as error:
        here.notice = error


def stop() -> None:
    """Stop the running reply of this conversation."""
    here = session()
    resources().chat.stop(here.conversation)


def _run(model: str | None = None) -> Run:
    here = session()
    connection = here.connections.get(here.connection)
    if connection is None:
        raise BadRequest(_("The picked connection is gone."), advice=_("Pick another connection."))
    found = here.parameters.problems(temperature_max=connection.temperature_max)
    problems = [why for name, why in found.items() if name in connection.parameters]
    too_long = system_message_problem(here.system_message)
    problems += [too_long] if too_long else []
    if problems:
        raise BadRequest(
            " ".join(problems),
            advice=_("Correct it in the sidebar, or reset it; your text is kept in the box."),
        )
    name = model or here.model
    asked = resources().catalog.get(name)
    return run_for(
        connection,
        name,
        here.parameters,
        here.system_message,
        folded=asked is not None and here.fold and needs_folding(asked, here.system_message),
        left_out=here.left_out,
    )


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
    return True


def _sidebar(*, running: bool) -> None:
    here = session()
    picked = here.model, here.connection

    def settings() -> None:
        if (here.model, here.connection) != picked:
            st.rerun()  # the rest of the page names them too
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

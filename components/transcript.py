"""The conversation on the page: what was said, each reply with its ending and its figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from components.live_reply import LiveReply, watch
from components.notices import show_error
from components.reply_footer import reply_footer
from components.resources import resources
from components.session import WINDOW, session
from playground.conversation import Conversation, Turn
from playground.messages import Role
from playground.reply import Reply, Status

#: The user's messages stand at the right and need no face; None is Streamlit's own.
AVATARS = {
    Role.USER: None,
    Role.ASSISTANT: str(Path(__file__).with_name("assets") / "icon.svg"),
}


def transcript(conversation: Conversation, *, on_ask_again: Callable[[str], None]) -> bool:
    """Draw the branch on the page, and the running reply until it ends.

    Returns whether a reply was running, so that the page has to be drawn anew.
    """
    turns = conversation.path()
    window = session().window
    if len(turns) > window:
        st.button(
            f"Show earlier messages ({len(turns) - window})",
            key="show_earlier",
            icon=":material/expand_less:",
            type="tertiary",
            on_click=_show_earlier,
        )
    shown = turns[-window:]
    for turn in shown:
        last = turn is shown[-1]
        with st.chat_message(turn.role.value, avatar=AVATARS[turn.role]):
            if turn.reply is None:
                st.text(turn.text)
            elif _reply(turn, last=last, on_ask_again=on_ask_again):
                return True
    return False


def _show_earlier() -> None:
    session().window += WINDOW


def _reply(turn: Turn, *, last: bool, on_ask_again: Callable[[str], None]) -> bool:
    """Draw a reply; return whether it was running."""
    reply, run = turn.reply, turn.run
    if reply is None or run is None:
        return False
    place = LiveReply()
    generations = resources().generations
    generation = generations.get(turn.id)
    if reply.running and generation is not None:
        watch(generation, place, running=generations.running)
        return True
    place.draw(reply)
    if not reply.text.strip() and reply.status is Status.COMPLETED:
        st.caption("The answer is empty: the model ended without a word.")
    if reply.error is not None:
        show_error(reply.error, key=f"error_{turn.id}")
    reply_footer(run, reply, key=f"footer_{turn.id}")
    if last:
        _actions(turn, reply, on_ask_again)
    return False


def _actions(turn: Turn, reply: Reply, on_ask_again: Callable[[str], None]) -> None:
    failed = reply.status in (Status.FAILED, Status.INTERRUPTED)
    st.button(
        "Retry" if failed else "Regenerate",
        key="retry" if failed else "regenerate",
        icon=":material/refresh:",
        type="secondary" if failed else "tertiary",
        on_click=on_ask_again,
        args=(turn.id,),
    )

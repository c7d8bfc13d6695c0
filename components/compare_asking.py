"""Asking the panes of the comparison on the page, and what becomes of their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import streamlit as st

from components.compare_actions import PROMPT_KEY, begin, change, current, own_key, state
from components.names import CHAT_PAGE, COMPARE_PAGE, COMPARISON, CONVERSATION
from components.resources import resources
from components.session import give_back_prompt, session
from playground.comparison import Comparison
from playground.connections import Connections
from playground.conversation import Conversation, Turn
from playground.errors import ChatError
from playground.messages import Role
from playground.reply import Status


def conversations() -> dict[str, Conversation]:
    """Return the conversation of each pane as it stands now, by the pane's id."""
    return resources().comparing.view(session().owner, current())


def show(comparison_id: str) -> bool:
    """Put the comparison with this id on the page as it is kept; return whether it was found."""
    here = state()
    found = resources().comparing.open(session().owner, comparison_id)
    if found is None:
        begin(())
        return False
    if here.comparison is not None and here.comparison.id == found.id:
        here.comparison, here.kept = found, True
    else:
        here.show(found, kept=True)
    return True


def ask(prompt: str) -> None:
    """Send a prompt to every pane that does not get its own."""
    asked = {pane.id: prompt for pane in current().panes if not pane.own_prompt}
    _ask(asked, PROMPT_KEY)


def ask_all(prompts: Iterable[str]) -> None:
    """Ask these one after another: the first now, each other by `ask_next`."""
    first, *coming = prompts
    here = state()
    here.judging.coming = coming
    ask(first)
    if here.notice or here.notices:
        here.judging.coming.clear()


def ask_next(found: Mapping[str, Conversation]) -> bool:
    """Ask the next of those that are to be asked by themselves; return whether one was.

    Args:
        found: the conversations of the panes. Nothing is asked while one of them goes on.
    """
    coming = state().judging.coming
    if not coming:
        return False
    asked = [found[pane.id].path() for pane in current().panes if not pane.own_prompt]
    replies = [path[-1].reply for path in asked if path]
    running = any(resources().comparing.running(one) for one in found.values())
    if running or any(reply is not None and reply.running for reply in replies):
        return False
    if all(reply is not None and reply.status is Status.FAILED for reply in replies):
        coming.clear()  # what is down now will not answer the others either
        return False
    ask_all(coming)
    return True


def ask_one(pane_id: str, prompt: str) -> None:
    """Send a prompt to one pane."""
    _ask({pane_id: prompt}, own_key(pane_id))


def last_prompt(found: Mapping[str, Conversation]) -> Turn | None:
    """Return the prompt that panes were asked last, or None if none was asked yet."""
    asked = [t for one in found.values() for t in one.path() if t.role is Role.USER]
    return max(asked, key=lambda turn: turn.created_at, default=None)


def catch_up(pane_id: str, prompt: Turn) -> None:
    """Ask a pane that came later what the others were asked, to be compared with them."""
    _ask({pane_id: prompt.text}, own_key(pane_id), round_id=prompt.id)


def _ask(prompts: Mapping[str, str], box: str, round_id: str | None = None) -> None:
    """Ask; what no pane could even keep goes back into the box that it came from."""
    prompt = next(iter(prompts.values()), "")
    if not prompt.strip():
        return
    here, tab = state(), session()
    try:
        asked = resources().comparing.ask(tab.owner, current(), tab.connections, prompts, round_id)
    except ChatError as error:
        here.notice = error
        give_back_prompt(prompt, box)
        return
    if asked is None:
        # Deleted elsewhere, or another owner's: the same panes begin anew, with the text kept.
        begin(current().panes)
        give_back_prompt(prompt, box)
        return
    here.comparison, here.kept = asked.comparison, True
    here.notices.update(asked.errors)
    if len(asked.errors) < len(prompts):
        tab.announcer.begin(asked.comparison.id)
    if len(asked.errors) == len(prompts):
        give_back_prompt(prompt, box)


def retry(pane_id: str) -> None:
    """Ask a pane for another answer to its last prompt, with its settings as they are now."""
    _more(resources().comparing.retry, pane_id)


def carry_on(pane_id: str) -> None:
    """Go on with the last answer of a pane where it broke off."""
    _more(resources().comparing.carry_on, pane_id)


def _more(
    start: Callable[[str, Comparison, Connections, str], Conversation | None], pane_id: str
) -> None:
    tab = session()
    try:
        asked = start(tab.owner, current(), tab.connections, pane_id)
    except ChatError as error:
        state().notices[pane_id] = error
        return
    if asked is not None:
        tab.announcer.begin(current().id)


def stop(pane_id: str) -> None:
    """Stop everything that runs for one pane."""
    resources().comparing.stop(session().owner, current(), pane_id)


def stop_all() -> None:
    """Stop everything that runs here, and what was to be asked after it."""
    state().judging.coming.clear()
    resources().comparing.stop_all(session().owner, current())


def remove(pane_id: str) -> None:
    """Remove a pane with its conversation, and stop what runs there."""
    if state().expanded == pane_id:
        state().expanded = None
    change(current().without_pane(pane_id))


def copy(pane_id: str) -> None:
    """Put the last answer of a pane into the clipboard."""
    answer = ""
    for turn in conversations()[pane_id].path():
        answer = answer + turn.content if turn.role is Role.ASSISTANT else ""
    session().copied = answer or None


def look_at_raw(pane_id: str) -> None:
    """Show the last answer of a pane as it was sent and received."""
    leaf = conversations()[pane_id].leaf
    state().raw = (pane_id, leaf) if leaf else None


def go_on(pane_id: str) -> None:
    """Make a chat of a pane's conversation, set up as the pane is, and go to it."""
    tab, pane = session(), current().pane(pane_id)
    try:
        chat_id = resources().copying.as_chat(tab.owner, current(), pane_id)
    except ChatError as error:
        state().notice = error
        return
    if pane is None or chat_id is None:
        return
    made = resources().chat.view(tab.owner, chat_id)
    if made is not None:
        tab.show(
            made
        )  # else the chat page, finding it by its address, sets itself up as it was asked
    tab.model, tab.connection = pane.model, pane.connection
    tab.parameters, tab.system_message = pane.parameters, pane.system_message
    # What the chat is set to is no change of what the panes share.
    state().shared = replace(
        state().shared, parameters=tab.parameters, system_message=tab.system_message
    )
    st.switch_page(CHAT_PAGE, query_params={CONVERSATION: chat_id})


def compare_chat(conversation_id: str) -> None:
    """Open a chat in two panes, and go there."""
    tab = session()
    try:
        made = resources().copying.as_comparison(tab.owner, conversation_id, tab.connections)
    except ChatError as error:
        tab.notice = error
        return
    if made is not None:
        st.switch_page(COMPARE_PAGE, query_params={COMPARISON: made.id})

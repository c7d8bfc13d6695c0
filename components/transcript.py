"""The conversation on the page: what was said, each reply with its ending and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.error_help import error_help
from components.growing import Growing
from components.live_reply import LiveReply
from components.message_actions import Actions, alternatives, prompt_actions, reply_actions
from components.message_groups import GROUP, groups
from components.notices import escaped, show_error
from components.reply_footer import reply_footer
from components.resources import resources
from components.session import WINDOW, session
from components.texts import _
from playground.conversation import Conversation, Turn
from playground.messages import Role
from playground.reply import Reply, Status

#: The user's messages stand at the right and need no face; None is Streamlit's own.
AVATARS = {
    Role.USER: None,
    Role.ASSISTANT: str(Path(__file__).with_name("assets") / "icon.svg"),
}


def transcript(conversation: Conversation, actions: Actions) -> Growing | None:
    """Draw the branch on the page; of one with a running reply only that and its prompt.

    Returns what draws the rest of that reply, and the messages above it, whenever the page has time
    for them; None if nothing runs.
    """
    said = messages(conversation.path())
    earlier = max(0, len(said) - session().window) // GROUP * GROUP
    _earlier_button(st.empty(), earlier)
    # Of a conversation in which nothing runs nothing has to wait.
    first = max(0, len(said) - 2) if _is_running(said[-1]) else 0
    boxes: list[tuple[DeltaGenerator, list[list[Turn]]]] = []
    above: list[tuple[DeltaGenerator, list[Turn]]] = []
    growing = None

    def draw(place: DeltaGenerator, turns: list[Turn]) -> Growing | None:
        return _message(place, turns, conversation, actions, last=turns is said[-1])

    def draw_above() -> None:
        for box, group in boxes:
            above.extend(_places(box, group))
        for place, turns in above:
            draw(place, turns)

    for start, box in groups(len(said), earlier, session().places):
        group = said[start : start + GROUP]
        if start + len(group) <= first:
            boxes.append((box, group))
            continue
        for number, (place, turns) in enumerate(_places(box, group), start):
            if number < first:
                above.append((place, turns))
            else:
                growing = draw(place, turns)
    session().places = len(said)
    if growing is not None:
        growing.draw_above = draw_above
    return growing


def _places(
    box: DeltaGenerator, group: Sequence[list[Turn]]
) -> list[tuple[DeltaGenerator, list[Turn]]]:
    """Return the messages of a group, each with its place: what is drawn later stands there too."""
    return [
        (box.chat_message(turns[0].role.value, avatar=AVATARS[turns[0].role]), turns)
        for turns in group
    ]


def _earlier_button(place: DeltaGenerator, earlier: int) -> None:
    if earlier:
        place.button(
            _("Show earlier messages ({earlier})").format(earlier=earlier),
            key="show_earlier",
            icon=":material/expand_less:",
            type="tertiary",
            on_click=_show_earlier,
        )


def _is_running(turns: Sequence[Turn]) -> bool:
    reply = turns[-1].reply
    return reply is not None and reply.running


def _message(
    place: DeltaGenerator,
    turns: Sequence[Turn],
    conversation: Conversation,
    actions: Actions,
    *,
    last: bool,
) -> Growing | None:
    with place:
        if turns[0].id in session().left_out:
            _not_sent(turns)
        elif turns[0].role is Role.USER:
            st.text(turns[0].text)
            alternatives(conversation, turns[0])
            prompt_actions(turns[0], actions)
        else:
            return _reply(place, turns, conversation, actions, last=last)
    return None


def _not_sent(turns: Sequence[Turn]) -> None:
    """Draw a message that is left out of what is sent: greyed, and named."""
    with st.container(key=f"left_out_{turns[0].id}"):
        st.caption(_(":material/visibility_off: Not sent any more, to fit the context window"))
        st.caption(escaped("".join(turn.content for turn in turns)))


def read_only(conversation: Conversation) -> None:
    """Draw the branch on the page for somebody who may only read it."""
    for turns in messages(conversation.path()):
        role = turns[0].role
        with st.chat_message(role.value, avatar=AVATARS[role]):
            if role is Role.USER:
                st.text(turns[0].text)
            else:
                LiveReply("".join(part.content for part in turns[:-1])).draw(
                    replace(turns[-1].reply or Reply(), status=Status.COMPLETED)
                )
                for part in turns:
                    _told(part)


def _told(part: Turn) -> None:
    if part.run is not None and part.reply is not None:
        reply_footer(part.run, part.reply, key=f"footer_{part.id}")


def messages(turns: Sequence[Turn]) -> list[list[Turn]]:
    """Return the turns by message: a reply and what continues it are one."""
    found: list[list[Turn]] = []
    for turn in turns:
        if found and turn.role is Role.ASSISTANT and found[-1][0].role is Role.ASSISTANT:
            found[-1].append(turn)
        else:
            found.append([turn])
    return found


def _show_earlier() -> None:
    session().window += WINDOW


def _reply(
    message: DeltaGenerator,
    parts: Sequence[Turn],
    conversation: Conversation,
    actions: Actions,
    *,
    last: bool,
) -> Growing | None:
    """Draw a reply, in as many parts as it came; return what draws the rest if it is running."""
    turn = parts[-1]
    reply = turn.reply or Reply()
    before = "".join(part.content for part in parts[:-1])
    place = LiveReply(before)

    def told(reply: Reply) -> None:
        ended = replace(turn, reply=reply)
        if not (before + reply.text).strip() and reply.status is Status.COMPLETED:
            st.caption(_("The answer is empty: the model ended without a word."))
        if reply.error is not None:
            show_error(reply.error, key=f"error_{turn.id}")
            error_help(ended, reply, actions, last=last)
        for part in (*parts[:-1], ended):
            _told(part)
        alternatives(conversation, parts[0])
        reply_actions(ended, reply, actions, text=before + reply.text, last=last)

    if not reply.running:
        place.draw(reply)
        with st.container():
            told(reply)
        return None
    end = st.empty()  # what stood under an earlier part is gone as soon as the next is written

    def ending(reply: Reply) -> None:
        with end.container():
            told(reply)

    generation = resources().generations.get(turn.id)
    place.draw(generation.snapshot() if generation else reply)
    return Growing(message, place, generation, ending)

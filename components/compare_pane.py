"""One pane: a head that stays in view, and below it the pane's own conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from components import compare_actions as act
from components import compare_asking as asking
from components.answer_board import Board
from components.compare_header import Look, PaneHead
from components.live_reply import LiveReply, StatusLine
from components.message_actions import alternatives
from components.notices import escaped, show_error
from components.reply_footer import reply_footer
from components.resources import resources
from components.session import session, widget_value
from components.texts import _, translated
from components.transcript import messages
from playground.comparison import Pane
from playground.conversation import Conversation, Turn
from playground.messages import Role
from playground.reply import Reply, Status

#: Messages of a pane that are drawn at first; the earlier ones on request, since each costs time.
SHOWN = 20
#: Characters of a prompt that are told where one points at the button that asks it.
PROMPT_SHOWN = 200


def compare_pane(
    pane: Pane, conversation: Conversation, look: Look, board: Board, *, asked: Turn | None = None
) -> None:
    """Draw the pane with the beginning of what runs; note on the board what goes on.

    An empty pane offers what the others were `asked` last.
    """
    with st.container(key=f"pane_{pane.id}", gap=None):
        head = PaneHead(pane, conversation, look)
        board.later.append(head.tools)
        _Pane(pane, conversation, look, head, board, asked).draw()


@dataclass(slots=True)
class _Pane:
    pane: Pane
    conversation: Conversation
    look: Look
    head: PaneHead
    board: Board
    asked: Turn | None

    def draw(self) -> None:
        last = self.conversation.turn(self.conversation.leaf)
        if last is None or last.reply is None:
            self.head.ready()
        elif last.reply.running:
            self.head.running()
        else:
            self.head.ended(last, last.reply)
        if self.look.folded:
            if last is not None and last.reply is not None and last.reply.running:
                status = StatusLine(self.head.status)
                self.board.follow(last.id, status, lambda reply: self.head.ended(last, reply))
        else:
            with st.container(key=f"body_{self.pane.id}"):
                self._body()
            if self.pane.own_prompt:
                self._own_box()
        # The page tells when all are there, the other answers to the same prompt too.
        self.board.follow_unseen(turn for turn in self.conversation.turns if turn is not last)

    def _body(self) -> None:
        said = messages(self.conversation.path())
        if not said:
            with st.container(key=f"nothing_{self.pane.id}"):
                st.caption(_summary(self.pane))
                if self.asked is not None and not self.pane.own_prompt:
                    self._catch_up(self.asked)
        earlier = 0 if self.pane.id in act.state().whole else max(0, len(said) - SHOWN)
        if earlier:
            st.button(
                _("Show earlier messages ({count})").format(count=earlier),
                key=f"earlier_{self.pane.id}",
                icon=":material/expand_less:",
                type="tertiary",
                on_click=act.state().whole.add,
                args=(self.pane.id,),
            )
        for turns in said[earlier:]:
            if turns[0].role is Role.USER:
                with st.container(key=f"said_{self.pane.id}_{turns[0].id}"):
                    st.text(turns[0].text)
            else:
                self._answer(turns, last=turns is said[-1])
        notice = act.state().notices.pop(self.pane.id, None)
        if notice is not None:
            show_error(notice, key=f"notice_{self.pane.id}")

    def _catch_up(self, asked: Turn) -> None:
        st.button(
            _("Ask what the others were asked"),
            key=f"catch_up_{self.pane.id}",
            icon=":material/playlist_play:",
            on_click=asking.catch_up,
            args=(self.pane.id, asked),
            help=escaped(asked.text[:PROMPT_SHOWN]),
        )

    def _answer(self, parts: Sequence[Turn], *, last: bool) -> None:
        turn = parts[-1]
        reply = turn.reply or Reply()
        before = "".join(part.content for part in parts[:-1])
        status = StatusLine(self.head.status) if last else None
        place = LiveReply(before, status)
        end = st.empty()  # so that what stood under a part is gone as soon as the next is written

        def ending(reply: Reply) -> None:
            with end.container(gap="xsmall"):
                self._ending((*parts[:-1], replace(turn, reply=reply)), before, reply, last=last)

        def ended_now(reply: Reply) -> None:
            ending(reply)
            if last:
                self.head.ended(turn, reply)

        place.draw(reply)
        if reply.running:
            self.board.follow(turn.id, place, ended_now)
        else:
            ending(reply)

    def _ending(self, parts: Sequence[Turn], before: str, reply: Reply, *, last: bool) -> None:
        turn = parts[-1]
        said = bool((before + reply.text).strip())
        if not said and reply.status is Status.COMPLETED:
            st.caption(_("The answer is empty: the model ended without a word."))
        if reply.error is not None:
            show_error(reply.error, key=f"error_{self.pane.id}_{turn.id}")
        for part in parts:
            if part.run is not None and part.reply is not None:
                reply_footer(part.run, part.reply, key=f"footer_{self.pane.id}_{part.id}")
        alternatives(self.conversation, parts[0])
        if last and said and reply.status.unfinished:
            st.button(
                _("Continue"),
                key=f"continue_{self.pane.id}",
                icon=":material/arrow_forward:",
                on_click=asking.carry_on,
                args=(self.pane.id,),
            )

    def _own_box(self) -> None:
        key = act.own_key(self.pane.id)
        with st.container(key=f"own_box_{self.pane.id}"):
            st.chat_input(
                _("Ask {name} alone").format(name=self.look.name),
                key=key,
                on_submit=lambda: asking.ask_one(self.pane.id, str(widget_value(key) or "")),
            )


def _summary(pane: Pane) -> str:
    """Return in a line what would be asked, of whom."""
    model = resources().catalog.get(pane.model)
    connection = session().connections.get(pane.connection)
    facts = [translated(model.purpose)] if model else []
    if connection is not None:
        facts.append(f":material/dns: {escaped(translated(connection.label))}")
    return "  \n".join(facts)

"""The answers to one prompt beside each other, without anything around them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import streamlit as st

from components.live_reply import LiveReply, StatusLine
from components.resources import resources
from components.texts import _
from components.watching import Place, Watched
from playground.conversation import Turn
from playground.reply import Reply, Status
from playground.rounds import Answer


@dataclass(frozen=True, slots=True)
class Column:
    """One answer on the board.

    Attributes:
        key: what its elements are keyed by.
        head: what stands over it, in Markdown.
        foot: what stands under it when it has ended, in Markdown; empty for nothing.
    """

    key: str
    head: str
    answer: Answer | None
    foot: str = ""


class _Unseen:
    """The place of a reply that is not shown."""

    def draw(self, reply: Reply, *, quiet: float) -> None:
        """Draw nothing."""


def _nothing(_: Reply) -> None:
    """Draw nothing at the end."""


@dataclass(slots=True)
class Board:
    """What of a board goes on: what is watched here, whether another process makes more.

    Attributes:
        judged: whether a vote on these answers is waited for, so that nothing else is asked now.
        later: draws what can wait until the first words are on the page.
    """

    watched: list[Watched] = field(default_factory=list)
    elsewhere: bool = False
    judged: bool = False
    later: list[Callable[[], None]] = field(default_factory=list)

    def follow(self, turn_id: str, place: Place, ended: Callable[[Reply], None] = _nothing) -> None:
        """Note a running reply, where it is drawn, and what draws its end."""
        generation = resources().generations.get(turn_id)
        if generation is None:
            self.elsewhere = True
        else:
            self.watched.append(Watched(generation, place, ended))

    def follow_unseen(self, turns: Iterable[Turn]) -> None:
        """Note what of these runs but is not drawn, so that it can be stopped and its end told."""
        for turn in turns:
            if turn.reply is not None and turn.reply.running:
                self.follow(turn.id, _Unseen())


class _Silent(StatusLine):
    """A status line that says nothing: a speed would tell whose answer it is."""

    def draw(self, reply: Reply, *, quiet: float = 0.0) -> None:
        """Draw nothing."""


def answer_board(
    columns: Sequence[Column], *, key: str, covered: bool = False, silent: bool = False
) -> Board:
    """Draw the answers with the beginning of what runs; what goes on is returned.

    Args:
        columns: the answers.
        key: of the container.
        covered: whether nothing of an answer is shown, neither how far it is nor how it ends.
        silent: whether it is not told what a running answer is doing.
    """
    board = Board()
    with st.container(key=key):
        for column in columns:
            with st.container(key=f"board_{column.key}"):
                st.markdown(column.head)
                if column.answer is not None:
                    _answer(column, column.answer, board, covered=covered, silent=silent)
    return board


def _answer(column: Column, answer: Answer, board: Board, *, covered: bool, silent: bool) -> None:
    last = answer.last
    reply = last.reply or Reply()
    board.follow_unseen(turn for turn in answer.versions if turn.id != last.id)
    if covered:
        board.follow_unseen([last])
        return
    with st.container(key=f"answer_{column.key}"):
        place = LiveReply(
            "".join(part.content for part in answer.parts[:-1]), _Silent() if silent else None
        )
        foot = st.empty()

    def ended(reply: Reply) -> None:
        words = _ended_words(reply, answer.text or reply.text)
        told = "  \n".join(filter(None, [words, column.foot]))
        if told:
            foot.caption(told)

    place.draw(reply)
    if reply.running:
        board.follow(last.id, place, ended)
    else:
        ended(reply)


def _ended_words(reply: Reply, text: str) -> str:
    """Return what an ending leaves to be desired, without what a server said about it."""
    if reply.status is Status.COMPLETED:
        return "" if text.strip() else _("The answer is empty.")
    if not text.strip():
        none = _("No answer came.")
        return f":orange[:material/error: {none}]"
    cut = _("The answer is not complete.")
    return f":orange[:material/content_cut: {cut}]"

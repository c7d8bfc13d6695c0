"""The answers to one prompt beside each other, without anything around them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import streamlit as st

from components.live_reply import LiveReply, StatusLine
from components.resources import resources
from components.texts import _
from components.watching import Place, Watched
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


class _Unseen:
    """The place of a reply that is not shown."""

    def draw(self, reply: Reply, *, quiet: float) -> None:
        """Draw nothing."""


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


def unseen(answer: Answer, board: Board) -> None:
    """Follow what runs of an answer that is not drawn, so that it can be stopped and its end told."""
    for turn in answer.versions:
        if turn.reply is not None and turn.reply.running:
            _follow(turn.id, _Unseen(), board)


def _answer(column: Column, answer: Answer, board: Board, *, covered: bool, silent: bool) -> None:
    last = answer.last
    reply = last.reply or Reply()
    others = [turn for turn in answer.versions if turn.id != last.id]
    for turn in others:
        if turn.reply is not None and turn.reply.running:
            _follow(turn.id, _Unseen(), board)
    if covered:
        if reply.running:
            _follow(last.id, _Unseen(), board)
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
        _follow(last.id, place, board, ended)
    else:
        ended(reply)


def _nothing(_: Reply) -> None:
    """Draw nothing at the end."""


def _follow(
    turn_id: str, place: Place, board: Board, ended: Callable[[Reply], None] = _nothing
) -> None:
    generation = resources().generations.get(turn_id)
    if generation is None:
        board.elsewhere = True
    else:
        board.watched.append(Watched(generation, place, ended))


def _ended_words(reply: Reply, text: str) -> str:
    """Return what an ending leaves to be desired, without what a server said about it."""
    if reply.status is Status.COMPLETED:
        return "" if text.strip() else _("The answer is empty.")
    if not text.strip():
        none = _("No answer came.")
        return f":orange[:material/error: {none}]"
    cut = _("The answer is not complete.")
    return f":orange[:material/content_cut: {cut}]"

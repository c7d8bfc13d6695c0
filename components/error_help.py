"""What helps after an error: a countdown, the other connections that serve the model, the guide."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import streamlit as st

from components.guides import guide_link
from components.message_actions import Actions
from components.notices import escaped
from components.resources import resources
from components.session import session
from components.texts import _, translated
from playground.connections import Connection
from playground.conversation import Turn
from playground.error_guide import guide_section
from playground.errors import BadRequest, ChatError, ContextTooLong, Refused, Unreachable
from playground.kinds import facts
from playground.limits import free_at, other_connections
from playground.rate_limits import WINDOWS, RateLimit
from playground.reply import Reply
from playground.waits import spell_seconds

#: Seconds between two looks at the clock.
TICK = 1.0


def error_help(turn: Turn, reply: Reply, actions: Actions, *, last: bool) -> None:
    """Draw what helps after the error that ended `reply`; asking elsewhere only for the `last`."""
    error, run = reply.error, turn.run
    if error is None or run is None:
        return
    until = free_at(error, reply.started_at + reply.elapsed)
    if until is not None and last:
        st.fragment(_countdown, run_every=TICK if until > _now() else None)(until)
    connections = session().connections
    others = other_connections(connections, run.model, run.connection)
    others = tuple(other for other in others if not other.scripted)
    if last and elsewhere(error) and others:
        with st.container(key=f"elsewhere_{turn.id}", gap="xsmall"):
            st.caption(_("The same prompt, to the same model, at another connection:"))
            with st.container(horizontal=True, gap="xsmall"):
                for other in others:
                    _ask_there(turn, other, actions)
    section = guide_section(error, connections.get(run.connection))
    if section:
        st.caption(
            ":material/menu_book: "
            + _("[The guide]({link}) shows how such a server is set up.").format(
                link=guide_link(section)
            )
        )


def elsewhere(error: ChatError) -> bool:
    """Whether another server may answer what this one did not."""
    return isinstance(error, Refused | Unreachable) and not isinstance(
        error, ContextTooLong | BadRequest
    )


def _ask_there(turn: Turn, connection: Connection, actions: Actions) -> None:
    model = turn.run.model if turn.run else session().model

    def ask() -> None:
        session().use(connection)
        session().model = model
        actions.ask_again(turn.id, model)

    st.button(
        escaped(translated(connection.label)),
        key=f"ask_{connection.name}",
        icon=":material/alt_route:",
        on_click=ask,
        help=_("{kind} at {host}").format(
            kind=escaped(translated(facts(connection.kind).label)), host=escaped(connection.host)
        ),
    )


def _countdown(until: dt.datetime) -> None:
    left = math.ceil((until - _now()).total_seconds())
    with st.container(key="countdown"):
        if left <= 0:
            st.caption(":material/check: " + _("The limit should be over: retry."))
            return
        # By the clock of the machine that runs the playground; of another only the rest is sure.
        at = f"{until:%H:%M}" if until.date() == _now().date() else f"{until:%Y-%m-%d %H:%M}"
        st.caption(
            ":material/timer: "
            + _("Free again at {time}, in {left}.").format(
                time=at, left=translated(spell_seconds(left))
            )
        )


def _now() -> dt.datetime:
    return dt.datetime.now().astimezone()


def limits_said(connection: Connection) -> list[str]:
    """Return what is left of the limits of a connection, as counted here and as its server said."""
    keeper = resources().limits
    told = [_limit(limit, limit.reset) for limit in keeper.left(connection)]
    said = keeper.said(connection.name)
    if said is not None:
        ago = _now().timestamp() - said.at
        told += [_heard(limit, ago) for limit in said.limits]
    return [words for words in told if words]


def _heard(limit: RateLimit, ago: float) -> str:
    """Return what a server said so many seconds ago, without what is left where that is over."""
    window = limit.reset if limit.reset is not None else WINDOWS.get(limit.per)
    if window is not None and ago > window:
        return _limit(replace(limit, remaining=None), None)
    return _limit(limit, None if limit.reset is None else limit.reset - ago)


def _limit(limit: RateLimit, reset: float | None) -> str:
    words = translated(limit.words)
    if not words or reset is None or reset <= 0:
        return words
    return _("{limit}, more in {left}").format(limit=words, left=translated(spell_seconds(reset)))

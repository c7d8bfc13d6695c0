"""How full the model's window is before something is sent, and what helps where it does not fit."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.resources import resources
from components.session import session
from components.texts import _, _n, number, translated
from playground.catalog import Model
from playground.context_fit import (
    Fit,
    LeaveOutOldest,
    LowerMaxTokens,
    Remedy,
    UseLargerModel,
    Verdict,
    fit,
    remedies,
)
from playground.conversation import Conversation, Turn, new_id
from playground.messages import Role
from playground.quirks import needs_folding
from playground.token_count import Calibration, calibrated

#: How many of the server's own counts correct ours: the latest say most.
_COUNTS = 3


def depends_on() -> tuple[object, ...]:
    """Return what the gauge depends on of all that is set in the sidebar."""
    here = session()
    return (
        here.model,
        here.connection,
        here.parameters.max_tokens,
        here.system_message,
        here.fold,
    )


def measure(prompt: str = "") -> Fit | None:
    """Return how what would be sent fits the picked model: the conversation, and `prompt` if any.

    While an earlier prompt is edited, that is the branch up to it.
    """
    here = session()
    model = resources().catalog.get(here.model)
    if model is None:
        return None
    conversation = here.conversation
    if prompt:
        asked = Turn(id=new_id(), parent=_before(conversation), role=Role.USER, text=prompt)
        conversation = conversation.with_turn(asked)
    upto = conversation.leaf
    if not prompt and here.editing is not None and conversation.turn(here.editing):
        upto = here.editing
    if upto is None:
        return None
    said = conversation.messages(
        upto,
        here.system_message,
        fold_system=here.fold and needs_folding(model, here.system_message),
        leave_out=_left_out(conversation),
    )
    connection = here.connections.get(here.connection)
    taken = connection is None or "max_tokens" in connection.parameters
    # Where it is not sent, how long an answer may get is the server's affair.
    answer = here.parameters.max_tokens if taken else 0
    limit = connection.context_limit if connection else None
    return fit(said, model, answer, limit=limit, calibration=_calibration(model))


def _before(conversation: Conversation) -> str | None:
    editing = conversation.turn(session().editing)
    return editing.parent if editing else conversation.leaf


def _left_out(conversation: Conversation) -> tuple[str, ...]:
    """Return what is left out of this branch; what another branch leaves out is not its affair."""
    chosen = frozenset(session().left_out)
    return tuple(turn.id for turn in conversation.path() if turn.id in chosen)


def context_gauge(*, on_send: Callable[[str], None], running: bool = False) -> None:
    """Draw the gauge above the box; where it does not fit and nothing runs, what to do as well."""
    here = session()
    measured = measure(here.blocked)
    if measured is None:
        return
    words = _("{prompt} and room for {answer} in the answer, of {window}").format(
        prompt=translated(measured.prompt.words()),
        answer=number(measured.answer),
        window=number(measured.window),
    )
    if measured.verdict is Verdict.OVER and not running:
        _over(measured, words, on_send)
    elif here.conversation.turns:
        close = measured.verdict is Verdict.CLOSE
        icon = "warning" if close else "straighten"
        note = _(": may just not fit") if close else ""
        st.progress(
            min(measured.share, 1.0),
            text=f":small[:gray[:material/{icon}: {words}{note}]]",
        )


def _over(measured: Fit, words: str, on_send: Callable[[str], None]) -> None:
    here, parts = session(), resources()
    model = parts.catalog.get(here.model)
    if model is None:
        return
    before = _before(here.conversation)
    history = here.conversation.path(before) if before is not None else ()
    with st.container(key="context_over", border=True, gap="xsmall"):
        st.markdown(
            _(
                ":orange[:material/warning: **Over by about {tokens} tokens** for {model}]: {words}."
            ).format(tokens=number(measured.over_by), model=model.label, words=words)
        )
        with st.container(horizontal=True, gap="xsmall"):
            for place, remedy in enumerate(
                remedies(
                    measured,
                    model,
                    parts.catalog,
                    history,
                    left_out=here.left_out,
                    calibration=_calibration(model),
                )
            ):
                st.button(_label(remedy), key=f"remedy_{place}", on_click=_apply, args=(remedy,))
            if here.blocked:
                st.button(
                    _("Send anyway"),
                    key="send_anyway",
                    type="tertiary",
                    on_click=on_send,
                    args=(here.blocked,),
                )


def _label(remedy: Remedy) -> str:
    match remedy:
        case LowerMaxTokens(tokens):
            return _("Max tokens {tokens}").format(tokens=number(tokens))
        case UseLargerModel(_, label):
            return _("Use {model}").format(model=label)
        case LeaveOutOldest(_, exchanges):
            return _n(
                "Leave out the oldest {count} question",
                "Leave out the oldest {count} questions",
                exchanges,
            ).format(count=exchanges)


def _apply(remedy: Remedy) -> None:
    here = session()
    match remedy:
        case LowerMaxTokens(tokens):
            here.set_parameter("max_tokens", tokens)
        case UseLargerModel(name):
            here.model = name
        case LeaveOutOldest(turns):
            here.left_out = (*here.left_out, *turns)


def _calibration(model: Model) -> Calibration:
    here = session()
    conversation = here.conversation
    counted = []
    for turn in reversed(conversation.path()):
        run, reply = turn.run, turn.reply
        if run is None or reply is None or reply.usage is None or turn.parent is None:
            continue
        if run.model != model.name or run.connection != here.connection or run.scripted:
            continue
        said = conversation.messages(
            turn.parent, run.system_message, fold_system=run.folded, leave_out=run.left_out
        )
        counted.append((said, reply.usage.prompt_tokens))
        if len(counted) == _COUNTS:
            break
    return calibrated(reversed(counted), model)

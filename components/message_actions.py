"""What can be done with one message: copy, edit, ask again, look at it raw, switch alternatives."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from components.notices import escaped
from components.resources import resources
from components.session import session, widget_value
from components.texts import _, later
from playground.conversation import Conversation, Turn
from playground.records import readable, reply_record, run_record
from playground.reply import Reply, Status

COPY, EDIT, AGAIN = later("Copy"), later("Edit"), later("Regenerate")
RAW, DELETE = later("Raw"), later("Delete")
SHARE, COMPARE = later("Share"), later("Compare")
_ICONS = {
    COPY: "content_copy",
    EDIT: "edit",
    AGAIN: "refresh",
    RAW: "code",
    DELETE: "delete",
    SHARE: "share",
    COMPARE: "compare_arrows",
}


@dataclass(frozen=True, slots=True)
class Actions:
    """What the page does when something is chosen. Each gets the id of a turn, `share` and `compare` nothing.

    Attributes:
        ask_again: also gets the catalog name of another model, or None for the picked one.
    """

    ask_again: Callable[[str, str | None], None]
    carry_on: Callable[[str], None]
    edit: Callable[[str], None]
    delete: Callable[[str], None]
    share: Callable[[], None]
    compare: Callable[[], None]


def prompt_actions(turn: Turn, actions: Actions) -> None:
    """Draw the menu of a prompt."""
    _menu(turn, [COPY, EDIT, DELETE], actions, text=turn.text)


def reply_actions(turn: Turn, reply: Reply, actions: Actions, *, text: str, last: bool) -> None:
    """Draw what can be done with a reply: as buttons under the last one, in a menu elsewhere."""
    if not last:
        _menu(turn, [COPY, AGAIN, RAW, DELETE], actions, text=text)
        return
    failed = reply.status in (Status.FAILED, Status.INTERRUPTED)
    with st.container(horizontal=True, gap="xsmall", key="actions"):
        if text.strip() and reply.status.unfinished:
            st.button(
                _("Continue"),
                key="continue",
                icon=":material/arrow_forward:",
                on_click=actions.carry_on,
                args=(turn.id,),
            )
        st.button(
            _("Retry") if failed else _(AGAIN),
            key="retry" if failed else "regenerate",
            icon=":material/refresh:",
            type="secondary" if failed else "tertiary",
            on_click=actions.ask_again,
            args=(turn.id, None),
        )
        _other_model(turn, actions)
        if text:
            _icon(COPY, "copy_last", partial(_copy, text))
        if _icon(RAW, "raw_last"):
            raw_dialog(turn, session().conversation)
        if _icon(SHARE, "share"):
            actions.share()
        if _icon(COMPARE, "compare"):
            actions.compare()
        _icon(DELETE, "delete_last", partial(actions.delete, turn.id))


def _icon(name: str, key: str, on_click: Callable[[], None] | None = None) -> bool:
    """Draw a button that the page's style shows as an icon, with its word when one points at it."""
    return st.button(
        _(name),
        key=key,
        icon=f":material/{_ICONS[name]}:",
        type="tertiary",
        on_click=on_click,
    )


def alternatives(conversation: Conversation, turn: Turn) -> None:
    """Draw which of how many, with arrows, where there are several answers to a prompt, or several of a prompt.

    The keys name the conversation as well, since panes that began as one chat share its turns.
    """
    place_of = f"{conversation.id}_{turn.id}"
    found = conversation.alternatives(turn.id)
    if len(found) < 2:
        return
    place = [t.id for t in found].index(turn.id)
    with st.container(
        horizontal=True, gap="xsmall", vertical_alignment="center", key=f"alternatives_{place_of}"
    ):
        for name, label, icon, step, off in (
            ("previous", _("Previous version"), "chevron_left", -1, place == 0),
            ("next", _("Next version"), "chevron_right", 1, place == len(found) - 1),
        ):
            if step > 0:
                st.caption(f"{place + 1}/{len(found)}{_of(turn)}", width="content")
            st.button(
                label,
                key=f"{name}_{place_of}",
                help=label,
                icon=f":material/{icon}:",
                type="tertiary",
                disabled=off,
                on_click=_show,
                args=(conversation.id, found[(place + step) % len(found)].id),
            )


def _of(turn: Turn) -> str:
    model = resources().catalog.get(turn.run.model) if turn.run else None
    return f" · {escaped(model.label)}" if model else ""


def _show(conversation_id: str, turn_id: str) -> None:
    here, store = session(), resources().store
    conversation = store.get(here.owner, conversation_id)
    if conversation is not None:
        store.set_leaf(here.owner, conversation_id, conversation.leaf_below(turn_id))


def _menu(turn: Turn, options: list[str], actions: Actions, *, text: str) -> None:
    key = f"message_{turn.id}"

    def act() -> None:
        match widget_value(key):
            case "Copy":
                _copy(text)
            case "Edit":
                actions.edit(turn.id)
            case "Regenerate":
                actions.ask_again(turn.id, None)
            case "Delete":
                actions.delete(turn.id)

    chosen = st.menu_button(
        _("What to do with this message"),
        options,
        key=key,
        icon=":material/more_horiz:",
        type="tertiary",
        help=_("What to do with this message"),
        format_func=lambda name: f":material/{_ICONS[name]}: {_(name)}",
        on_click=act,
    )
    if chosen == RAW:
        raw_dialog(turn, session().conversation)


def _other_model(turn: Turn, actions: Actions) -> None:
    catalog = resources().catalog
    key = "regenerate_with"

    def act() -> None:
        actions.ask_again(turn.id, widget_value(key))

    st.menu_button(
        _("Another model"),
        catalog.names(),
        key=key,
        icon=":material/deployed_code:",
        type="tertiary",
        format_func=lambda name: getattr(catalog.get(name), "label", name),
        on_click=act,
    )


def _copy(text: str) -> None:
    session().copied = text


def clipboard() -> None:
    """Hand the text that was copied to the browser; see assets/page.js."""
    here = session()
    text, here.copied = here.copied, None
    if text is not None:
        with st.container(key="clipboard"):
            st.code(text, language=None, wrap_lines=True)
        st.toast(_("Copied"), icon=":material/content_copy:")


def raw_dialog(
    turn: Turn, conversation: Conversation, *, on_close: Callable[[], None] | None = None
) -> None:
    """Show a reply's text as received, and its request and answer as JSON; no key is in either.

    With `on_close`, which is called when it is closed, it can be drawn by run after run until then.
    """
    title = _("As it was sent and received")
    st.dialog(title, width="large", on_dismiss=on_close or "ignore")(_raw)(turn, conversation)


def _raw(turn: Turn, conversation: Conversation) -> None:
    reply, run = turn.reply, turn.run
    if reply is None or run is None:
        return
    text, request, answer = st.tabs([_("Text"), _("Request"), _("Answer")])
    text.code(reply.text or " ", language=None, wrap_lines=True)
    request.code(request_json(conversation, turn), language="json", wrap_lines=True)
    answer.code(
        readable(reply_record(reply) | {"run": run_record(run)}),
        language="json",
        wrap_lines=True,
    )


def request_json(conversation: Conversation, turn: Turn) -> str:
    """Return the body that was sent to get this reply."""
    run = turn.run
    if run is None or turn.parent is None:
        return ""
    said = conversation.messages(
        turn.parent, run.system_message, fold_system=run.folded, leave_out=run.left_out
    )
    connection = session().connections.get(run.connection)
    wire = run.parameters.to_wire()
    if connection is not None:
        wire = {name: value for name, value in wire.items() if name in connection.parameters}
    body = {
        "model": run.deployment,
        "messages": [{"role": m.role.value, "content": m.content} for m in said],
        "stream": True,
        **wire,
    }
    return json.dumps(body, indent=2, ensure_ascii=False)

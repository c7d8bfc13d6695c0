"""One conversation in the history: what it is about, where a search found it, what to do with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import streamlit as st

from components.entries import entry_icon, open_entry
from components.notices import escaped
from components.rename import rename_dialog
from components.resources import resources
from components.session import History, bound_key, on_change, session, widget_value
from components.share_dialog import share_comparison_dialog, share_dialog
from components.texts import _, _n, later
from playground.errors import ChatError
from playground.store import Excerpt, Hit, Summary

RENAME, PIN, UNPIN = later("Rename"), later("Pin"), later("Unpin")
SHARE, DELETE = later("Share"), later("Delete")
_ICONS = {
    RENAME: "edit",
    PIN: "keep",
    UNPIN: "keep_off",
    SHARE: "share",
    DELETE: "delete",
}


def history_row(hit: Hit, history: History, *, day: str = "") -> None:
    """Draw the row; a click on the title opens the conversation. `day` is told if given."""
    summary = hit.summary
    with st.container(border=True, key=f"row_{summary.id}", gap=None):
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall"):
            if history.selecting:
                _checkbox(summary, history)
            if st.button(
                f"**{escaped(title_of(summary))}**",
                key=f"open_{summary.id}",
                icon=entry_icon(summary),
                type="tertiary",
                width="stretch",
            ):
                open_entry(summary)
            _menu(summary)
        st.caption(_facts(summary, day))
        if hit.excerpts:
            for excerpt in hit.excerpts:
                st.markdown(excerpt_line(excerpt))
        elif rest := _rest(summary):
            st.caption(escaped(rest))


def _rest(summary: Summary) -> str:
    """Return what the first prompt says beyond the title."""
    begun = summary.title.removesuffix("…")
    if begun and summary.preview.startswith(begun):
        rest = summary.preview[len(begun) :].lstrip(" ,.;:")
        return f"…{rest}" if rest else ""
    return summary.preview


def title_of(summary: Summary) -> str:
    """Return the title, or words for a conversation that has none."""
    return summary.title or _("Untitled")


def excerpt_line(excerpt: Excerpt) -> str:
    """Return an excerpt as Markdown, with what was searched for marked."""
    pieces = (
        f":orange-background[{escaped(piece.text)}]" if piece.marked else _around(piece.text)
        for piece in excerpt.pieces
    )
    return f":small[{''.join(pieces)}]"


def _around(text: str) -> str:
    """Return text beside a mark, with the space between them."""
    before = " " * text.startswith(" ")
    return f"{before}{escaped(text)}{' ' * (text.endswith(' ') and not text.isspace())}"


def _facts(summary: Summary, day: str) -> str:
    when = dt.datetime.fromtimestamp(summary.updated_at).astimezone()
    catalog = resources().catalog
    names = []
    for name in summary.models:
        model = catalog.get(name)
        names.append(escaped(model.label if model else name))
    count = _n("{count} message", "{count} messages", summary.messages).format(
        count=summary.messages
    )
    facts = [f"{when:%H\\:%M}", *names, count]
    if summary.panes:
        panes = _n("Comparison of {count} pane", "Comparison of {count} panes", summary.panes)
        facts.insert(1, panes.format(count=summary.panes))
        if summary.pinned:
            facts[0] = f":material/keep: {facts[0]}"  # the icon of the row tells what it is
    if day:
        facts.insert(0, day)
    return " · ".join(facts)


def _checkbox(summary: Summary, history: History) -> None:
    key = f"selected_{summary.id}"

    def take(chosen: bool) -> None:  # noqa: FBT001 - a widget's value, given by position
        history.choose(summary.id, chosen=chosen)

    st.checkbox(
        _("Select {title}").format(title=escaped(title_of(summary))),
        key=bound_key(key, summary.id in history.selected),
        label_visibility="collapsed",
        on_change=on_change(key, take),
    )


def _menu(summary: Summary) -> None:
    pin = UNPIN if summary.pinned else PIN
    action = st.menu_button(
        _("Actions for {title}").format(title=escaped(title_of(summary))),
        [RENAME, pin, SHARE, DELETE],
        key=f"menu_{summary.id}",
        icon=":material/more_horiz:",
        type="tertiary",
        format_func=lambda name: f":material/{_ICONS[name]}: {_(name)}",
        on_click=_act,
        args=(summary,),
    )
    if action == RENAME:
        rename_dialog(summary.id, title_of(summary))
    elif action == SHARE and summary.panes:
        share_comparison_dialog(summary.id)
    elif action == SHARE:
        share_dialog(summary.id)


def _act(summary: Summary) -> None:
    here, store = session(), resources().store
    match widget_value(f"menu_{summary.id}"):
        case "Pin" | "Unpin":
            attempt(lambda: store.pin(here.owner, summary.id, pinned=not summary.pinned))
        case "Delete":
            delete([summary.id])


def delete(ids: list[str]) -> None:
    """Delete conversations, and offer to bring them back."""
    here = session()
    if not attempt(lambda: resources().store.delete(here.owner, *ids)):
        return
    here.history.deleted = tuple(ids)
    here.history.selected -= set(ids)
    if here.conversation.id in ids:
        here.new_chat()
    compared = here.compared.comparison
    if compared is not None and compared.id in ids:
        here.compared.comparison, here.compared.kept = None, False


def attempt(change: Callable[[], object]) -> bool:
    """Make a change; if the store refuses it, leave word for the page and return False."""
    try:
        change()
    except ChatError as error:
        session().notice = error
        return False
    return True

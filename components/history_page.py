"""Every conversation: found, filtered, grouped by day, and put in order."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import streamlit as st

from components.dates import long_day
from components.history_row import attempt, delete, history_row
from components.notices import show_error
from components.resources import resources
from components.session import History, bound_key, on_change, session
from components.texts import _, _n
from components.transfer_panel import TRANSFER, transfer_panel
from playground.store import Hit, StoreError, Wanted

#: Conversations shown at first, and added by "Show more".
PAGE = 50


def history_page() -> None:
    """Draw the page."""
    history = session().history
    _title_row(history)
    notice = session().take_notice()
    if notice is not None:
        show_error(notice, key="notice")
    _undo_bar()
    _search_row(history)
    try:
        hits, more = _found(history)
        first = _pinned(history)
    except StoreError as error:
        show_error(error, key="history_error")
        return
    pinned = {hit.summary.id for hit in first}
    hits = [*first, *(hit for hit in hits if hit.summary.id not in pinned)]
    if not hits:
        _nothing(history)
        return
    _bulk_row(history, hits)
    heading: str | None = None
    for hit in hits:
        on_top = hit.summary.id in pinned
        above = _("Pinned") if on_top else _day(hit)
        if above != heading:
            heading = above
            with st.container(key=f"day_{hit.summary.id}"):
                st.header(heading, anchor=False)
        history_row(hit, history, day=_day(hit) if on_top else "")
    if more:
        st.button(
            _("Show more"), key="show_more", icon=":material/expand_more:", on_click=_show_more
        )


def _title_row(history: History) -> None:
    with st.container(
        horizontal=True, wrap=False, vertical_alignment="center", key="history_title"
    ):
        st.title(_("History"), anchor=False, width="stretch")
        with st.popover(
            _("Import and export"),
            icon=":material/import_export:",
            key=TRANSFER,
            on_change="rerun",  # so that a dialog can close it
        ):
            transfer_panel()
        st.button(
            _("Done") if history.selecting else _("Select"),
            key="select_mode",
            icon=":material/checklist:",
            on_click=history.toggle_selecting,
        )


def _search_row(history: History) -> None:
    with st.container(
        horizontal=True, wrap=False, vertical_alignment="bottom", key="history_search"
    ):
        st.text_input(
            _("Search"),
            key=bound_key("history_query", history.query),
            type="search",
            live=True,
            icon=":material/search:",
            placeholder=_('Words, or "a phrase"'),
            label_visibility="collapsed",
            on_change=on_change("history_query", history.search),
        )
        label = _("Filter") + (" :primary[●]" if history.filtered else "")
        with st.popover(label, icon=":material/filter_list:", key="filter"):
            _filters(history)


def _filters(history: History) -> None:
    catalog = resources().catalog
    asked = resources().store.models(session().owner)

    def pick_model(name: str | None) -> None:
        history.narrow(model=name)

    def pick_days(days: tuple[dt.date, ...]) -> None:
        history.narrow(days=days)

    def pick_pinned(pinned: bool) -> None:  # noqa: FBT001 - a widget's value, given by position
        history.narrow(pinned=pinned)

    st.selectbox(
        _("Model"),
        asked,
        index=None,
        placeholder=_("Any model"),
        key=bound_key("history_model", history.model),
        format_func=lambda name: getattr(catalog.get(name), "label", name),
        on_change=on_change("history_model", pick_model),
    )
    st.date_input(
        _("Between"),
        key=bound_key("history_days", history.days),
        on_change=on_change("history_days", pick_days),
    )
    st.toggle(
        _("Pinned only"),
        key=bound_key("history_pinned", history.pinned),
        on_change=on_change("history_pinned", pick_pinned),
    )
    st.button(_("Clear"), key="clear_filter", on_click=history.clear, disabled=not history.filtered)


def _found(history: History) -> tuple[list[Hit], bool]:
    store, owner = resources().store, session().owner
    hits: list[Hit] = []
    after: str | None = None
    for __ in range(history.pages):
        found = store.find(owner, _wanted(history), limit=PAGE, after=after)
        hits += found.hits
        after = found.more
        if after is None:
            break
    if history.query.strip():
        # They come by when their texts were written down, which for imported ones was the import.
        hits.sort(key=lambda hit: hit.summary.updated_at, reverse=True)
    return hits, after is not None


def _pinned(history: History) -> list[Hit]:
    """Return what stands above the days: the pinned ones, unless something is looked for."""
    if history.query.strip() or history.filtered:
        return []
    return list(resources().store.find(session().owner, Wanted(pinned=True), limit=PAGE).hits)


def _wanted(history: History) -> Wanted:
    wanted = Wanted(query=history.query, model=history.model, pinned=history.pinned)
    if history.days:
        first, last = history.days[0], history.days[-1]
        return replace(wanted, since=_midnight(first), until=_midnight(last + dt.timedelta(days=1)))
    return wanted


def _midnight(day: dt.date) -> float:
    return dt.datetime.combine(day, dt.time()).astimezone().timestamp()


def _day(hit: Hit) -> str:
    when = dt.datetime.fromtimestamp(hit.summary.updated_at).astimezone().date()
    today = dt.datetime.now().astimezone().date()
    names = {today: _("Today"), today - dt.timedelta(days=1): _("Yesterday")}
    return names.get(when) or long_day(when)


def _nothing(history: History) -> None:
    if history.query or history.filtered:
        st.info(
            _("Nothing was found. Try fewer words, or clear the filter."), icon=":material/search:"
        )
    else:
        st.info(
            _("Nothing here yet: what you chat about is listed here."), icon=":material/history:"
        )


def _bulk_row(history: History, hits: list[Hit]) -> None:
    if not history.selecting:
        return
    chosen = [hit.summary.id for hit in hits if hit.summary.id in history.selected]
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", key="bulk"):
        st.caption(_("{count} selected").format(count=len(chosen)), width="stretch")
        st.button(
            _("Select all"),
            key="select_all",
            on_click=history.select,
            args=([hit.summary.id for hit in hits],),
        )
        st.button(
            _("Delete"),
            key="delete_selected",
            icon=":material/delete:",
            disabled=not chosen,
            on_click=delete,
            args=(chosen,),
        )


def _undo_bar() -> None:
    history = session().history
    if not history.deleted:
        return
    count = len(history.deleted)
    with st.container(
        horizontal=True, wrap=False, vertical_alignment="center", border=True, key="undo_bar"
    ):
        st.markdown(
            _n(
                ":material/delete: {count} conversation deleted.",
                ":material/delete: {count} conversations deleted.",
                count,
            ).format(count=count),
            width="stretch",
        )
        st.button(_("Undo"), key="undo", icon=":material/undo:", on_click=_undo)
        st.button(
            _("Dismiss"),
            key="dismiss_undo",
            icon=":material/close:",
            type="tertiary",
            on_click=_forget_deleted,
        )


def _undo() -> None:
    here = session()
    if attempt(lambda: resources().store.undelete(here.owner, *here.history.deleted)):
        _forget_deleted()


def _forget_deleted() -> None:
    session().history.deleted = ()


def _show_more() -> None:
    session().history.pages += 1
